#include "codecs/base/calendar.h"

#include "kit/kit.h"

static int64_t day(int year, unsigned month, unsigned of_month)
{
    return date_to_days((struct date){ year, month, of_month });
}

static void a_week_begins_on_monday(void **state)
{
    unsigned weekday;
    (void)state;
    assert_int_equal(weekday_of(day(2026, 3, 2)), 0);
    assert_int_equal(weekday_of(day(2026, 3, 8)), 6);
    assert_int_equal(weekday_of(day(1970, 1, 1)), 3);
    assert_int_equal(weekday_of(day(1969, 12, 31)), 2);
    for (unsigned i = 0; i < 7; i++) {
        assert_true(weekday_named(slice_of(weekday_name(i)), &weekday));
        assert_int_equal(weekday, i);
    }
    assert_false(weekday_named(SLICE("Monday"), &weekday));
}

static void without_a_calendar_days_of_the_week_decide(void **state)
{
    (void)state;
    assert_true(calendar_works(NULL, WEEKDAYS_WORKING, day(2026, 3, 6)));
    assert_false(calendar_works(NULL, WEEKDAYS_WORKING, day(2026, 3, 7)));
    assert_true(calendar_works(NULL, WEEKDAYS_ALL, day(2026, 3, 7)));
    assert_false(calendar_works(NULL, 0, day(2026, 3, 6)));
}

/* A week off, with a Saturday before it and a Sunday behind it that make up. */
static void holidays_are_free_and_days_that_make_up_are_worked(void **state)
{
    const int64_t holidays[] = { day(2026, 10, 1), day(2026, 10, 2), day(2026, 10, 5) };
    const int64_t working[] = { day(2026, 9, 26), day(2026, 10, 11) };
    const struct calendar calendar = { WEEKDAYS_WORKING, holidays, working, 3, 2 };
    (void)state;
    assert_true(calendar_works(&calendar, calendar.weekdays, day(2026, 9, 26)));
    assert_false(calendar_works(&calendar, calendar.weekdays, day(2026, 9, 27)));
    assert_true(calendar_works(&calendar, calendar.weekdays, day(2026, 9, 30)));
    for (size_t i = 0; i < 3; i++)
        assert_false(calendar_works(&calendar, calendar.weekdays, holidays[i]));
    assert_true(calendar_works(&calendar, calendar.weekdays, day(2026, 10, 6)));
    assert_true(calendar_works(&calendar, calendar.weekdays, day(2026, 10, 11)));
    assert_false(calendar_works(&calendar, calendar.weekdays, day(2026, 10, 10)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_begins_on_monday),
        cmocka_unit_test(without_a_calendar_days_of_the_week_decide),
        cmocka_unit_test(holidays_are_free_and_days_that_make_up_are_worked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
