/* Data types, one table of good and bad values for each. */
#include "codecs/fix/value.h"
#include "kit/kit.h"

struct example {
    enum fix_type type;
    const char *good[8], *bad[16];
};

static const struct example examples[] = {
    { FIX_TYPE_STRING, { "x", " ", "two words" }, { "" } },
    { FIX_TYPE_CHAR, { "1", "N", " " }, { "", "12" } },
    { FIX_TYPE_INT,
      { "0", "-5", "0007", "123456789012345678" },
      { "", "-", "1.0", "+1", "1e3", " 1", "1 ", "--1", "1234567890123456789" } },
    { FIX_TYPE_LENGTH, { "0", "12", "0012" }, { "", "-1", "1x" } },
    { FIX_TYPE_SEQNUM, { "1", "0", "999999999" }, { "", "-1", "1." } },
    { FIX_TYPE_NUMINGROUP, { "0", "2" }, { "", "two", "-1" } },
    { FIX_TYPE_DAY_OF_MONTH, { "1", "31", "09" }, { "0", "32", "00", "001", "" } },
    { FIX_TYPE_FLOAT,
      { "1", "00100.", "-12.50", "0.00001", ".5", "123456789012345678901234567890" },
      { "", ".", "-", "+5", "1e5", "1,000", "1.2.3", "0x1", " 1", "NaN" } },
    { FIX_TYPE_BOOLEAN, { "Y", "N" }, { "", "y", "YES", "1", "true" } },
    { FIX_TYPE_CURRENCY, { "EUR", "CNY" }, { "", "eur", "EU", "EURO", "E1R" } },
    { FIX_TYPE_COUNTRY, { "CN", "DE" }, { "", "de", "DEU", "1A" } },
    { FIX_TYPE_EXCHANGE, { "XSHG", "N" }, { "" } },
    { FIX_TYPE_MULTIPLE_VALUE, { "A", "A B", "1 G 6" }, { "", " A", "A ", "A  B", " " } },
    { FIX_TYPE_MONTH_YEAR,
      { "202503", "20250331", "202503w1", "202503w5" },
      { "", "2025", "202513", "20250332", "202503w6", "202503w0", "2025031", "202503x1" } },
    { FIX_TYPE_UTC_TIMESTAMP,
      { "20250314-09:30:00", "20250314-09:30:00.123", "20250314-09:30:00.123456789",
        "20161231-23:59:60", "20240229-00:00:00" },
      { "", "20250314", "20250314-24:00:00", "20250314-23:60:00", "20250314-23:59:61",
        "20250229-00:00:00", "20250314 09:30:00", "2025-03-14-09:30:00", "20250314-9:30:00",
        "20250314-09:30:00.", "20250314-09:30:00.1234567890", "20250314-09:30:00Z",
        "20250314-09:30" } },
    { FIX_TYPE_UTC_DATE, { "20250314" }, { "", "20250230", "2025-03-14", "250314" } },
    { FIX_TYPE_LOCAL_DATE, { "20250314", "20240229" }, { "", "20230229", "20251301", "2025031" } },
    { FIX_TYPE_UTC_TIME,
      { "09:30:00", "23:59:60", "09:30:00.000001" },
      { "", "9:30:00", "24:00:00", "09:30", "09:30:00.1234567890" } },
    { FIX_TYPE_TZ_TIME,
      { "07:39Z", "02:39-05", "15:39+08", "13:09+05:30", "09:30:00Z", "09:30:00.123" },
      { "", "Z", "7:39Z", "25:00Z", "07:60", "15:39+8", "15:39+08:3", "15:39+15", "15:39+08:60",
        "15:39+08:30x" } },
    { FIX_TYPE_TZ_TIMESTAMP,
      { "20060901-07:39Z", "20060901-02:39-05", "20060901-13:09:00.123+05:30" },
      { "", "20060901", "20060931-07:39Z", "20060901-", "20060901T07:39Z" } },
    { FIX_TYPE_DATA, { "\001", "any=thing\001" }, { "" } },
};

static void each_type_takes_its_values_and_no_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const struct example *example = &examples[i];
        for (size_t j = 0; j < 8 && example->good[j] != NULL; j++) {
            if (!fix_value_formed(example->type, guarded(slice_of(example->good[j]))))
                fail_msg("type %d refuses \"%s\"", (int)example->type, example->good[j]);
        }
        for (size_t j = 0; j < 16 && example->bad[j] != NULL; j++) {
            if (fix_value_formed(example->type, guarded(slice_of(example->bad[j]))))
                fail_msg("type %d takes \"%s\"", (int)example->type, example->bad[j]);
        }
    }
}

static void every_type_has_examples(void **state)
{
    (void)state;
    for (int type = FIX_TYPE_STRING; type <= FIX_TYPE_DATA; type++) {
        size_t i = 0;
        while (i < sizeof examples / sizeof examples[0] && (int)examples[i].type != type)
            i++;
        assert_true(i < sizeof examples / sizeof examples[0]);
    }
}

static const struct fix_enumeration_value some[] = { { { "1", 1 }, { "ONE", 3 } },
                                                     { { "10", 2 }, { "TEN", 3 } },
                                                     { { "A", 1 }, { "ANY", 3 } } };

static struct fix_field_type field_with(enum fix_type type)
{
    return (struct fix_field_type){ .tag = 1, .type = type, .values = some, .value_count = 3 };
}

static void a_list_binds_unless_it_is_open(void **state)
{
    struct fix_field_type field = field_with(FIX_TYPE_STRING);
    (void)state;
    assert_true(fix_value_listed(&field, SLICE("10")));
    assert_false(fix_value_listed(&field, SLICE("0")));
    assert_false(fix_value_listed(&field, SLICE("B")));
    field.open = true;
    assert_true(fix_value_listed(&field, SLICE("B")));
    field = (struct fix_field_type){ .tag = 1, .type = FIX_TYPE_STRING };
    assert_true(fix_value_listed(&field, SLICE("B")));
}

static void each_of_several_values_is_listed(void **state)
{
    struct fix_field_type field = field_with(FIX_TYPE_MULTIPLE_VALUE);
    (void)state;
    assert_true(fix_value_listed(&field, SLICE("A 1 10")));
    assert_false(fix_value_listed(&field, SLICE("A 1 2")));
    assert_false(fix_value_listed(&field, SLICE("2 A")));
}

static void zeros_in_front_of_an_int_do_not_count(void **state)
{
    struct fix_field_type field = field_with(FIX_TYPE_INT);
    struct fix_field_type text = field_with(FIX_TYPE_STRING);
    (void)state;
    assert_true(fix_value_listed(&field, SLICE("0010")));
    assert_false(fix_value_listed(&text, SLICE("0010")));
    assert_true(fix_value_equal(&field, SLICE("007"), SLICE("7")));
    assert_true(fix_value_equal(&field, SLICE("0"), SLICE("000")));
    assert_false(fix_value_equal(&text, SLICE("007"), SLICE("7")));
}

static void only_data_may_hold_a_delimiter(void **state)
{
    struct fix_field_type text = { .tag = 58, .type = FIX_TYPE_STRING };
    struct fix_field_type data = { .tag = 96, .type = FIX_TYPE_DATA };
    (void)state;
    assert_true(fix_value_fits(&data, SLICE("a\001b")));
    assert_false(fix_value_fits(&text, SLICE("a\001b")));
    assert_false(fix_value_fits(&text, SLICE("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_takes_its_values_and_no_others),
        cmocka_unit_test(every_type_has_examples),
        cmocka_unit_test(a_list_binds_unless_it_is_open),
        cmocka_unit_test(each_of_several_values_is_listed),
        cmocka_unit_test(zeros_in_front_of_an_int_do_not_count),
        cmocka_unit_test(only_data_may_hold_a_delimiter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
