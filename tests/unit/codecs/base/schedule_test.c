#include "codecs/base/schedule.h"

#include "kit/kit.h"
#include "kit/zone_bytes.h"

#define AT(hour, minute) ((hour)*3600u + (minute)*60u)

static struct arena arena;
static const struct zone *berlin, *shanghai;

static const struct zone *zone_of(const char *footer)
{
    struct writer bytes;
    struct error error;
    writer_init(&bytes, 0);
    zone_bytes_write(0, NULL, 0, footer, &bytes);
    const struct zone *zone = zone_read(writer_slice(&bytes), PLACE_NONE, &arena, &error);
    assert_non_null(zone);
    writer_fini(&bytes);
    return zone;
}

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    berlin = zone_of("CET-1CEST,M3.5.0,M10.5.0/3");
    shanghai = zone_of("CST-8");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static int64_t moment(const char *text)
{
    int64_t utc_ns;
    bool has_zone;
    assert_true(iso_timestamp_parse(slice_of(text), &utc_ns, &has_zone));
    return utc_ns;
}

/* The period at a moment, or behind it; all in UTC. */
static void assert_period(const struct schedule *schedule, const char *at, const char *from,
                          const char *to)
{
    struct period period;
    assert_true(schedule_period(schedule, moment(at), &period));
    assert_int_equal(period.start_ns, moment(from));
    assert_int_equal(period.end_ns, moment(to));
}

static void a_period_has_its_start_and_not_its_end(void **state)
{
    const struct schedule day = { .start_s = AT(8, 0),
                                  .end_s = AT(17, 0),
                                  .weekdays = WEEKDAYS_ALL };
    (void)state;
    assert_period(&day, "2026-03-02T07:59:59.999", "2026-03-02T08:00:00", "2026-03-02T17:00:00");
    assert_period(&day, "2026-03-02T08:00:00", "2026-03-02T08:00:00", "2026-03-02T17:00:00");
    assert_period(&day, "2026-03-02T16:59:59.999", "2026-03-02T08:00:00", "2026-03-02T17:00:00");
    assert_period(&day, "2026-03-02T17:00:00", "2026-03-03T08:00:00", "2026-03-03T17:00:00");
    assert_period(&day, "1969-12-31T23:00:00", "1970-01-01T08:00:00", "1970-01-01T17:00:00");
}

static void a_night_belongs_to_the_day_on_which_it_begins(void **state)
{
    const struct schedule night = { .start_s = AT(22, 0),
                                    .end_s = AT(6, 0),
                                    .weekdays = WEEKDAYS_WORKING };
    (void)state;
    assert_period(&night, "2026-03-03T01:00:00", "2026-03-02T22:00:00", "2026-03-03T06:00:00");
    /* Friday's goes on until Saturday; then it is Monday's. */
    assert_period(&night, "2026-03-07T05:59:59", "2026-03-06T22:00:00", "2026-03-07T06:00:00");
    assert_period(&night, "2026-03-07T06:00:00", "2026-03-09T22:00:00", "2026-03-10T06:00:00");
}

static void a_day_that_ends_as_it_begins_is_whole(void **state)
{
    const struct schedule whole = { .start_s = AT(17, 0),
                                    .end_s = AT(17, 0),
                                    .weekdays = WEEKDAYS_ALL };
    (void)state;
    assert_period(&whole, "2026-03-02T16:59:59", "2026-03-01T17:00:00", "2026-03-02T17:00:00");
    assert_period(&whole, "2026-03-02T17:00:00", "2026-03-02T17:00:00", "2026-03-03T17:00:00");
}

static void a_week_goes_from_day_to_day(void **state)
{
    const struct schedule week = {
        .weekly = true, .start_day = 6, .start_s = AT(22, 0), .end_day = 4, .end_s = AT(21, 0)
    };
    const struct schedule same_day = {
        .weekly = true, .start_day = 2, .start_s = AT(9, 0), .end_day = 2, .end_s = AT(17, 0)
    };
    const struct schedule whole = {
        .weekly = true, .start_day = 0, .start_s = AT(9, 0), .end_day = 0, .end_s = AT(9, 0)
    };
    (void)state;
    assert_period(&week, "2026-03-04T12:00:00", "2026-03-01T22:00:00", "2026-03-06T21:00:00");
    assert_period(&week, "2026-03-06T21:00:00", "2026-03-08T22:00:00", "2026-03-13T21:00:00");
    assert_period(&same_day, "2026-03-02T00:00:00", "2026-03-04T09:00:00", "2026-03-04T17:00:00");
    assert_period(&whole, "2026-03-09T08:59:59", "2026-03-02T09:00:00", "2026-03-09T09:00:00");
    assert_period(&whole, "2026-03-09T09:00:00", "2026-03-09T09:00:00", "2026-03-16T09:00:00");
}

static void times_are_those_on_the_wall(void **state)
{
    const struct schedule day = {
        .zone = berlin, .start_s = AT(8, 0), .end_s = AT(17, 0), .weekdays = WEEKDAYS_ALL
    };
    (void)state;
    assert_period(&day, "2026-03-28T08:00:00", "2026-03-28T07:00:00", "2026-03-28T16:00:00");
    assert_period(&day, "2026-03-29T08:00:00", "2026-03-29T06:00:00", "2026-03-29T15:00:00");
    assert_period(&day, "2026-10-25T08:00:00", "2026-10-25T07:00:00", "2026-10-25T16:00:00");
}

static void a_start_that_is_left_out_is_the_moment_of_the_jump(void **state)
{
    const struct schedule early = {
        .zone = berlin, .start_s = AT(2, 30), .end_s = AT(5, 0), .weekdays = WEEKDAYS_ALL
    };
    const struct schedule inside = {
        .zone = berlin, .start_s = AT(2, 10), .end_s = AT(2, 50), .weekdays = WEEKDAYS_ALL
    };
    (void)state;
    assert_period(&early, "2026-03-29T00:00:00", "2026-03-29T01:00:00", "2026-03-29T03:00:00");
    assert_period(&early, "2026-03-30T00:00:00", "2026-03-30T00:30:00", "2026-03-30T03:00:00");
    /* One that is left out whole does not take place. */
    assert_period(&inside, "2026-03-29T00:00:00", "2026-03-30T00:10:00", "2026-03-30T00:50:00");
}

static void of_a_start_that_comes_twice_the_first_counts(void **state)
{
    const struct schedule early = {
        .zone = berlin, .start_s = AT(2, 30), .end_s = AT(5, 0), .weekdays = WEEKDAYS_ALL
    };
    const struct schedule whole = {
        .zone = berlin, .start_s = AT(2, 30), .end_s = AT(2, 30), .weekdays = WEEKDAYS_ALL
    };
    (void)state;
    assert_period(&early, "2026-10-25T01:30:00", "2026-10-25T00:30:00", "2026-10-25T04:00:00");
    assert_period(&early, "2026-10-25T04:00:00", "2026-10-26T01:30:00", "2026-10-26T04:00:00");
    /* One ends where the next begins, in a day of 25 hours too. */
    assert_period(&whole, "2026-10-25T00:29:59", "2026-10-24T00:30:00", "2026-10-25T00:30:00");
    assert_period(&whole, "2026-10-25T00:30:00", "2026-10-25T00:30:00", "2026-10-26T01:30:00");
}

/* The first week of October 2026 is free; the Saturday before it makes up. */
static void a_calendar_takes_days_away_and_adds_some(void **state)
{
    int64_t holidays[7], saturday = date_to_days((struct date){ 2026, 9, 26 });
    const struct calendar calendar = { WEEKDAYS_WORKING, holidays, &saturday, 7, 1 };
    const struct schedule day = { .zone = shanghai,
                                  .start_s = AT(9, 0),
                                  .end_s = AT(16, 0),
                                  .weekdays = WEEKDAYS_WORKING,
                                  .calendar = &calendar };
    (void)state;
    for (unsigned i = 0; i < 7; i++)
        holidays[i] = date_to_days((struct date){ 2026, 10, 1 + i });
    assert_period(&day, "2026-09-25T08:00:00", "2026-09-26T01:00:00", "2026-09-26T08:00:00");
    assert_period(&day, "2026-09-26T08:00:00", "2026-09-28T01:00:00", "2026-09-28T08:00:00");
    assert_period(&day, "2026-09-30T08:00:00", "2026-10-08T01:00:00", "2026-10-08T08:00:00");
}

static void a_schedule_without_days_has_no_period(void **state)
{
    const struct schedule never = { .start_s = AT(8, 0), .end_s = AT(17, 0) };
    struct period period;
    (void)state;
    assert_false(schedule_period(&never, moment("2026-03-02T08:00:00"), &period));
}

static void the_last_days_that_a_clock_can_tell_have_periods(void **state)
{
    const struct schedule day = {
        .zone = berlin, .start_s = AT(8, 0), .end_s = AT(7, 0), .weekdays = WEEKDAYS_ALL
    };
    struct period period;
    (void)state;
    assert_true(schedule_period(&day, INT64_MAX - 1, &period));
    assert_int_equal(period.end_ns, INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_has_its_start_and_not_its_end),
        cmocka_unit_test(a_night_belongs_to_the_day_on_which_it_begins),
        cmocka_unit_test(a_day_that_ends_as_it_begins_is_whole),
        cmocka_unit_test(a_week_goes_from_day_to_day),
        cmocka_unit_test(times_are_those_on_the_wall),
        cmocka_unit_test(a_start_that_is_left_out_is_the_moment_of_the_jump),
        cmocka_unit_test(of_a_start_that_comes_twice_the_first_counts),
        cmocka_unit_test(a_calendar_takes_days_away_and_adds_some),
        cmocka_unit_test(a_schedule_without_days_has_no_period),
        cmocka_unit_test(the_last_days_that_a_clock_can_tell_have_periods),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
