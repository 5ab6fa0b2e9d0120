#include "codecs/base/decimal.h"

#include "kit/kit.h"

static void assert_parses(const char *text, int64_t mantissa, int exponent)
{
    struct decimal decimal;
    if (decimal_parse(guarded(slice_of(text)), DECIMAL_FIX, &decimal) != DECIMAL_OK)
        fail_msg("not parsed: %s", text);
    assert_int_equal(decimal.mantissa, mantissa);
    assert_int_equal(decimal.exponent, exponent);
}

static void equal_values_have_one_form(void **state)
{
    (void)state;
    assert_parses("0", 0, 0);
    assert_parses("-0.00", 0, 0);
    assert_parses("00023.230", 2323, -2);
    assert_parses("23.", 23, 0);
    assert_parses(".5", 5, -1);
    assert_parses("-12.50", -125, -1);
    assert_parses("100", 100, 0);
    assert_parses("999999999999999999", 999999999999999999, 0);
    assert_parses("0000999999999999.99999900", 999999999999999999, -6);
    assert_parses("0.000000000000000001", 1, -18);
}

static void what_is_no_number_is_malformed(void **state)
{
    static const char *const wrong[] = { "",      ".",   "-",     "+1",          "1e3", "1,000",
                                         "1 000", " 1",  "1 ",    "1..2",        "--1", "0x1",
                                         "NaN",   "INF", "1.2.3", "\xef\xbc\x91" };
    struct decimal decimal;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(decimal_parse(slice_of(wrong[i]), DECIMAL_FIX, &decimal),
                         DECIMAL_MALFORMED);
}

static void only_xml_takes_a_plus(void **state)
{
    struct decimal decimal;
    (void)state;
    assert_int_equal(decimal_parse(SLICE("+1.00"), DECIMAL_XML, &decimal), DECIMAL_OK);
    assert_int_equal(decimal_parse(SLICE("+-1"), DECIMAL_XML, &decimal), DECIMAL_MALFORMED);
}

static void nineteen_digits_are_too_long(void **state)
{
    struct decimal decimal;
    (void)state;
    assert_int_equal(decimal_parse(SLICE("1000000000000000000"), DECIMAL_FIX, &decimal),
                     DECIMAL_TOO_LONG);
    assert_int_equal(decimal_parse(SLICE("0.0000000000000000001"), DECIMAL_FIX, &decimal),
                     DECIMAL_TOO_LONG);
}

static void comparing_is_exact_across_scales(void **state)
{
    struct decimal large = { 999999999999999999, 0 }, small = { 999999999999999999, -18 };
    (void)state;
    assert_true(decimal_compare(large, small) > 0);
    assert_true(decimal_compare((struct decimal){ 1, -1 }, (struct decimal){ 10, -2 }) == 0);
    assert_true(decimal_compare((struct decimal){ -1, 0 }, (struct decimal){ 0, 0 }) < 0);
}

static void minor_units_neither_round_nor_overflow(void **state)
{
    int64_t minor;
    (void)state;
    assert_true(decimal_to_minor((struct decimal){ 125, -1 }, 2, &minor));
    assert_int_equal(minor, 1250);
    assert_false(decimal_to_minor((struct decimal){ 1, -3 }, 2, &minor));
    assert_false(decimal_to_minor((struct decimal){ 999999999999999999, 0 }, 2, &minor));
    assert_false(decimal_to_minor((struct decimal){ 999999999999999999, 0 }, 5, &minor));
    assert_true(decimal_to_minor((struct decimal){ 92233720368547758, 0 }, 2, &minor));
}

static void assert_written(int64_t minor, unsigned scale, const char *expected)
{
    struct writer writer;
    writer_init(&writer, 0);
    decimal_write(decimal_from_minor(minor, scale), scale, &writer);
    assert_slice_equal(writer_slice(&writer), expected);
    writer_fini(&writer);
}

static void amounts_are_written_with_the_currencys_decimals(void **state)
{
    (void)state;
    assert_written(1250, 2, "12.50");
    assert_written(300, 0, "300");
    assert_written(5, 2, "0.05");
    assert_written(-5, 3, "-0.005");
    assert_written(0, 2, "0.00");
    assert_written(INT64_MAX, 2, "92233720368547758.07");
}

static struct decimal_sum sum_of(const char *const *numbers, size_t count)
{
    struct decimal_sum sum = { 0, 0, 0 };
    struct decimal decimal;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(decimal_parse(slice_of(numbers[i]), DECIMAL_XML, &decimal), DECIMAL_OK);
        decimal_sum_add(&sum, decimal);
    }
    return sum;
}

#define assert_sum(expected, ...)                                                                  \
    do {                                                                                           \
        const char *const numbers_[] = { __VA_ARGS__ };                                            \
        struct writer text_;                                                                       \
        writer_init(&text_, 0);                                                                    \
        decimal_sum_write(sum_of(numbers_, sizeof numbers_ / sizeof *numbers_), &text_);           \
        assert_slice_equal(writer_slice(&text_), expected);                                        \
        writer_fini(&text_);                                                                       \
    } while (0)

static void a_sum_is_exact_at_any_scale(void **state)
{
    (void)state;
    assert_sum("0", "0");
    assert_sum("30.75", "10.5", "20.25");
    assert_sum("1", "0.999999999999999999", "0.000000000000000001");
    assert_sum("1000000000000000000", "999999999999999999", "1");
    assert_sum("1999999999999999998.1", "999999999999999999", "999999999999999999", "0.1");
    assert_sum("999999999999999999.000000000000000001", "999999999999999999",
               "0.000000000000000001");
}

static void a_sum_goes_below_zero_and_back(void **state)
{
    (void)state;
    assert_sum("-0.01", "1", "-1.01");
    assert_sum("-1000000000000000000.5", "-999999999999999999", "-1.5");
    assert_sum("0", "0.5", "-1", "0.5");
    assert_sum("-999999999999999998.999999999999999999", "-999999999999999999",
               "0.000000000000000001");
    assert_sum("7", "-999999999999999999", "-1", "1000000000000000", "999000000000000000", "7");
}

static void a_million_of_the_largest_are_summed(void **state)
{
    const struct decimal largest = { 999999999999999999, 0 },
                         smallest = { 999999999999999999, -18 };
    struct decimal_sum sum = { 0, 0, 0 };
    struct writer text;
    (void)state;
    writer_init(&text, 0);
    for (int i = 0; i < 1000000; i++) {
        decimal_sum_add(&sum, largest);
        decimal_sum_add(&sum, smallest);
    }
    decimal_sum_write(sum, &text);
    assert_slice_equal(writer_slice(&text), "999999999999999999999999.999999999999");
    for (int i = 0; i < 1000000; i++) {
        decimal_sum_subtract(&sum, smallest);
        decimal_sum_subtract(&sum, largest);
    }
    assert_int_equal(decimal_sum_compare(&sum, &(struct decimal_sum){ 0, 0, 0 }), 0);
    writer_fini(&text);
}

static void sums_are_in_the_order_of_their_values(void **state)
{
    static const char *const rising[] = {
        "-999999999999999999", "-1.5", "-1", "-0.000000000000000001", "0", "0.1", "0.11",
        "999999999999999999"
    };
    const size_t count = sizeof rising / sizeof *rising;
    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            struct decimal_sum one = sum_of(&rising[i], 1), other = sum_of(&rising[j], 1);
            assert_int_equal(decimal_sum_compare(&one, &other), (i > j) - (i < j));
            decimal_sum_negate(&one);
            decimal_sum_negate(&other);
            assert_int_equal(decimal_sum_compare(&one, &other), (i < j) - (i > j));
            decimal_sum_add_sum(&one, &other);
            decimal_sum_negate(&one);
            const char *both[] = { rising[i], rising[j] };
            other = sum_of(both, 2);
            assert_int_equal(decimal_sum_compare(&one, &other), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_values_have_one_form),
        cmocka_unit_test(what_is_no_number_is_malformed),
        cmocka_unit_test(only_xml_takes_a_plus),
        cmocka_unit_test(nineteen_digits_are_too_long),
        cmocka_unit_test(comparing_is_exact_across_scales),
        cmocka_unit_test(minor_units_neither_round_nor_overflow),
        cmocka_unit_test(amounts_are_written_with_the_currencys_decimals),
        cmocka_unit_test(a_sum_is_exact_at_any_scale),
        cmocka_unit_test(a_sum_goes_below_zero_and_back),
        cmocka_unit_test(a_million_of_the_largest_are_summed),
        cmocka_unit_test(sums_are_in_the_order_of_their_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
