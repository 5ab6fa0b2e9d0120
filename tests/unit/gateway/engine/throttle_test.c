/* Attempts that fail, and the pause behind too many of them. */
#include "gateway/engine/throttle.h"
#include "kit/kit.h"

#include "codecs/base/moment.h"

#include <stdio.h>

static const struct throttle_terms terms = { .failures_max = 3, .pause_ns = SECONDS_NS(30) };
static struct throttle throttle;

static int clear(void **state)
{
    (void)state;
    memset(&throttle, 0, sizeof throttle);
    return 0;
}

static bool fail_at(const char *name, int64_t seconds)
{
    return throttle_fail(&throttle, &terms, THROTTLE_ADDRESS, slice_of(name), SECONDS_NS(seconds));
}

static bool closed_at(const char *name, int64_t seconds)
{
    return throttle_closed(&throttle, &terms, THROTTLE_ADDRESS, slice_of(name),
                           SECONDS_NS(seconds));
}

static void too_many_failures_begin_a_pause_which_ends(void **state)
{
    (void)state;
    assert_false(fail_at("10.0.0.1", 1));
    assert_false(fail_at("10.0.0.1", 2));
    assert_false(closed_at("10.0.0.1", 2));
    assert_true(fail_at("10.0.0.1", 3));
    assert_true(closed_at("10.0.0.1", 3));
    assert_true(closed_at("10.0.0.1", 32));
    assert_false(closed_at("10.0.0.1", 33));
    assert_false(fail_at("10.0.0.1", 33));
    assert_false(closed_at("10.0.0.1", 33));
}

static void others_are_not_touched(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        fail_at("10.0.0.1", 1);
    assert_true(closed_at("10.0.0.1", 1));
    assert_false(closed_at("10.0.0.2", 1));
    assert_false(
        throttle_closed(&throttle, &terms, THROTTLE_SESSION, SLICE("10.0.0.1"), SECONDS_NS(1)));
}

static void failures_long_ago_do_not_count(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_false(fail_at("10.0.0.1", INT64_C(30) * i));
}

static void who_gets_in_is_forgiven(void **state)
{
    (void)state;
    fail_at("10.0.0.1", 1);
    fail_at("10.0.0.1", 1);
    throttle_forgive(&throttle, THROTTLE_ADDRESS, SLICE("10.0.0.1"));
    assert_false(fail_at("10.0.0.1", 1));
    assert_false(fail_at("10.0.0.1", 1));
    assert_true(fail_at("10.0.0.1", 1));
}

static void without_a_most_there_is_no_pause(void **state)
{
    const struct throttle_terms any = { .failures_max = 0, .pause_ns = SECONDS_NS(30) };
    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_false(throttle_fail(&throttle, &any, THROTTLE_ADDRESS, SLICE("10.0.0.1"), 1));
    assert_false(throttle_closed(&throttle, &any, THROTTLE_ADDRESS, SLICE("10.0.0.1"), 1));
}

/* The oldest make room: who has failed last is never forgotten for those before. */
static void a_flood_of_addresses_takes_no_more_room(void **state)
{
    char name[32];
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(name, sizeof name, "2001:db8::%x", i);
        fail_at(name, i / 100);
        fail_at(name, i / 100);
        assert_true(fail_at(name, i / 100));
        assert_true(closed_at(name, i / 100));
    }
}

#define TEST(name) cmocka_unit_test_setup(name, clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(too_many_failures_begin_a_pause_which_ends),
        TEST(others_are_not_touched),
        TEST(failures_long_ago_do_not_count),
        TEST(who_gets_in_is_forgiven),
        TEST(without_a_most_there_is_no_pause),
        TEST(a_flood_of_addresses_takes_no_more_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
