/* So many a second, and so many at once. */
#include "gateway/engine/rate.h"
#include "kit/kit.h"

#include "codecs/base/moment.h"

static unsigned taken(struct rate *rate, const struct rate_terms *terms, unsigned count,
                      int64_t now_ns)
{
    unsigned good = 0;

    for (unsigned i = 0; i < count; i++)
        good += rate_take(rate, terms, now_ns);
    return good;
}

static void a_burst_and_then_as_time_goes_by(void **state)
{
    const struct rate_terms terms = { .per_second = 10, .burst = 25 };
    struct rate rate = { 0 };
    (void)state;
    assert_int_equal(taken(&rate, &terms, 100, SECONDS_NS(5)), 25);
    assert_int_equal(taken(&rate, &terms, 100, SECONDS_NS(5) + MILLIS_NS(99)), 0);
    assert_int_equal(taken(&rate, &terms, 100, SECONDS_NS(5) + MILLIS_NS(100)), 1);
    assert_int_equal(taken(&rate, &terms, 100, SECONDS_NS(6)), 9);
    assert_int_equal(taken(&rate, &terms, 100, SECONDS_NS(3600)), 25);
}

static void one_at_once_is_one_at_a_time(void **state)
{
    const struct rate_terms terms = { .per_second = 1, .burst = 1 };
    struct rate rate = { 0 };
    (void)state;
    for (int i = 1; i < 100; i++)
        assert_int_equal(taken(&rate, &terms, 2, SECONDS_NS(i)), 1);
}

static void without_a_rate_all_are_taken(void **state)
{
    const struct rate_terms terms = { .per_second = 0, .burst = 0 };
    struct rate rate = { 0 };
    (void)state;
    assert_int_equal(taken(&rate, &terms, 100000, SECONDS_NS(1)), 100000);
}

static void no_more_than_the_rate_in_the_long_run(void **state)
{
    const struct rate_terms terms = { .per_second = 1000, .burst = 1000 };
    struct rate rate = { 0 };
    unsigned good = 0;
    (void)state;
    for (int64_t ms = 0; ms < 10000; ms++)
        good += taken(&rate, &terms, 3, MILLIS_NS(ms));
    assert_in_range(good, 10000, 11000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_and_then_as_time_goes_by),
        cmocka_unit_test(one_at_once_is_one_at_a_time),
        cmocka_unit_test(without_a_rate_all_are_taken),
        cmocka_unit_test(no_more_than_the_rate_in_the_long_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
