/* Numbers of every count of digits, beside what printf() makes of them. */
#include "codecs/base/digits.h"
#include "kit/kit.h"

#include <inttypes.h>
#include <stdio.h>

static void assert_written(uint64_t number)
{
    char expected[U64_DIGITS_MAX + 1], digits[U64_DIGITS_MAX + 1];
    size_t count = (size_t)snprintf(expected, sizeof expected, "%" PRIu64, number);
    assert_int_equal(digits_count(number), count);
    *digits_put(digits, number) = '\0';
    assert_string_equal(digits, expected);
}

static void every_short_number_is_written(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 12000; number++)
        assert_written(number);
}

static void numbers_of_every_count_of_digits_are_written(void **state)
{
    (void)state;
    for (uint64_t power = 1; power <= UINT64_MAX / 10; power *= 10) {
        assert_written(power * 10 - 1);
        assert_written(power * 10);
        assert_written(power * 10 + power);
    }
    assert_written(UINT64_MAX);
}

static void zeros_stand_in_front_of_what_is_narrow(void **state)
{
    char digits[8] = "";
    (void)state;
    for (size_t count = 1; count <= 6; count++) {
        *digits_put_last(digits, 12, count) = '\0';
        assert_string_equal(digits, "000012" + 6 - count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_short_number_is_written),
        cmocka_unit_test(numbers_of_every_count_of_digits_are_written),
        cmocka_unit_test(zeros_stand_in_front_of_what_is_narrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
