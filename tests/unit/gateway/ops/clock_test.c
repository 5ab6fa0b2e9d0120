#include "gateway/ops/clock.h"

#include "kit/kit.h"

static void the_steady_clock_never_goes_back(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct moment before = clock_now(), after = clock_now();

        assert_true(after.steady_ns >= before.steady_ns);
    }
}

static void the_utc_clock_counts_from_1970(void **state)
{
    struct moment now = clock_now();

    (void)state;
    assert_true(now.utc_ns > INT64_C(1740000000000000000)); /* February 2025 */
    assert_true(now.utc_ns < INT64_C(4102444800000000000)); /* January 2100 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_steady_clock_never_goes_back),
        cmocka_unit_test(the_utc_clock_counts_from_1970),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
