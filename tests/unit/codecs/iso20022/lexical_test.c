#include "kit/kit.h"

#include "codecs/iso20022/lexical.h"

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void assert_cases(bool (*check)(struct slice text), const char *const *good,
                         const char *const *bad)
{
    for (; *good != NULL; good++) {
        if (!check(guarded(slice_of(*good))))
            fail_msg("%s is refused", *good);
    }
    for (; *bad != NULL; bad++) {
        if (check(guarded(slice_of(*bad))))
            fail_msg("%s is taken", *bad);
    }
}

static void white_space_is_that_of_xml(void **state)
{
    (void)state;
    assert_true(iso_lexical_blank(SLICE("")));
    assert_true(iso_lexical_blank(guarded(SLICE(" \t\r\n"))));
    assert_false(iso_lexical_blank(guarded(SLICE(" x"))));
    assert_true(iso_lexical_blank(guarded(SLICE("\n            "))));
    assert_false(iso_lexical_blank(guarded(SLICE("\n           x"))));
    for (size_t size = 1; size < 100; size++) {
        char text[100] = "\n";
        memset(text + 1, ' ', sizeof text - 1);
        assert_true(iso_lexical_blank(guarded((struct slice){ text, size })));
        text[size - 1] = 'x';
        assert_false(iso_lexical_blank(guarded((struct slice){ text, size })));
    }
    assert_false(iso_lexical_blank(SLICE("\v")));
    assert_false(iso_lexical_blank(SLICE("\xc2\xa0")));
}

static void dates(void **state)
{
    (void)state;
    assert_cases(iso_lexical_date,
                 LIST("2024-02-29", "2000-02-29", "-0001-01-01", "12024-01-01", "2024-01-01Z",
                      "2024-12-31+14:00", "2024-12-31-14:00", "2024-12-31-00:00",
                      "99999999999999999996-02-29"),
                 LIST("", "2023-02-29", "1900-02-29", "0000-01-01", "02024-01-01", "+2024-01-01",
                      "24-01-01", "2024-1-01", "2024-13-01", "2024-00-01", "2024-04-31",
                      "2024-01-00", "2024-01-01+14:01", "2024-01-01+15:00", "2024-01-01+01",
                      "2024-01-01+0100", "2024-01-01z", "2024-01-01 ", "20240101",
                      "2024-01-01T00:00:00", "2024-01"));
}

static void times_and_date_times(void **state)
{
    (void)state;
    assert_cases(iso_lexical_time,
                 LIST("00:00:00", "23:59:59.99999999999999999999", "24:00:00", "24:00:00.000",
                      "13:05:00Z", "13:05:00-13:59"),
                 LIST("24:00:01", "24:01:00", "24:00:00.1", "25:00:00", "23:60:00", "23:59:60",
                      "1:00:00", "13:05", "13:05:00.", "13:05:00,5", "13:05:00+1:00"));
    assert_cases(iso_lexical_date_time,
                 LIST("2024-02-29T13:05:00", "2024-02-29T13:05:00.5+08:00", "2024-02-29T24:00:00Z"),
                 LIST("2024-02-29", "2024-02-29 13:05:00", "2024-02-29t13:05:00",
                      "2024-02-30T00:00:00", "2024-02-29T", "T13:05:00"));
}

static void years_and_months(void **state)
{
    (void)state;
    assert_cases(iso_lexical_year, LIST("2024", "-2024", "20240", "2024Z"),
                 LIST("0000", "024", "02024", "2024-01"));
    assert_cases(iso_lexical_year_month, LIST("2024-02", "2024-12+01:00"), LIST("2024", "2024-13"));
    assert_cases(iso_lexical_month, LIST("--01", "--12Z"), LIST("--13", "-01", "--1", "01"));
}

static void booleans(void **state)
{
    (void)state;
    assert_cases(iso_lexical_boolean, LIST("true", "false", "1", "0"),
                 LIST("", "TRUE", "yes", "01", "True"));
}

static void base64_with_its_padding(void **state)
{
    static const struct {
        const char *text;
        int octets; /* -1: refused */
    } cases[] = {
        { "", 0 },          { "QUJD", 3 },       { "QU JD", 3 }, { "QUI=", 2 },  { "QQ==", 1 },
        { "QUJDRA= =", 4 }, { "QUJD\nQUI=", 5 }, { "QR==", -1 }, { "QUJ=", -1 }, { "QUJ", -1 },
        { "QUJDR", -1 },    { "Q===", -1 },      { "QQ=", -1 },  { "=QQ=", -1 }, { "QQ==QQ==", -1 },
        { "QU*D", -1 },     { "====", -1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t octets = 0;
        bool fine = iso_lexical_base64(guarded(slice_of(cases[i].text)), &octets);
        if (fine != (cases[i].octets >= 0) || (fine && (int)octets != cases[i].octets))
            fail_msg("\"%s\": %d, %zu octets", cases[i].text, fine, octets);
    }
}

static struct iso_lexical_decimal decimal(const char *text)
{
    struct iso_lexical_decimal result;
    if (!iso_lexical_decimal(slice_of(text), &result))
        fail_msg("%s is refused", text);
    return result;
}

static void decimals_lose_the_zeros_that_do_not_count(void **state)
{
    (void)state;
    assert_slice_equal(decimal("00012.500").whole, "12");
    assert_slice_equal(decimal("00012.500").fraction, "5");
    assert_slice_equal(decimal("+.5").whole, "");
    assert_slice_equal(decimal("5.").fraction, "");
    assert_slice_equal(decimal("0.05").fraction, "05");
    assert_true(decimal("-1").negative);
    assert_false(decimal("-0.0").negative);
}

static void decimals_that_are_none(void **state)
{
    static const char *const refused[] = { "",      ".",   "-",   "+",   "1e3",
                                           "INF",   "NaN", "1,0", "1 0", "--1",
                                           "1.2.3", "0x1", "- 1", "1-",  "\xef\xbc\x91" };
    struct iso_lexical_decimal result;
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(iso_lexical_decimal(guarded(slice_of(refused[i])), &result));
}

static void decimals_compare_by_value(void **state)
{
    static const char *const rising[] = { "-100", "-99.5", "-1",  "-0.10",
                                          "0",    "0.099", "0.1", "0.11",
                                          "1",    "9.9",   "10",  "123456789012345678901" };
    size_t count = sizeof rising / sizeof *rising;
    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            int order = iso_lexical_decimal_compare(decimal(rising[i]), decimal(rising[j]));
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
    assert_int_equal(iso_lexical_decimal_compare(decimal("+1.50"), decimal("01.5")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_space_is_that_of_xml),
        cmocka_unit_test(dates),
        cmocka_unit_test(times_and_date_times),
        cmocka_unit_test(years_and_months),
        cmocka_unit_test(booleans),
        cmocka_unit_test(base64_with_its_padding),
        cmocka_unit_test(decimals_lose_the_zeros_that_do_not_count),
        cmocka_unit_test(decimals_that_are_none),
        cmocka_unit_test(decimals_compare_by_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
