/* When a period begins and ends. */
#include "codecs/base/schedule.h"

enum {
    DAYS_BACK = 8,    /* the longest period is a week */
    DAYS_AHEAD = 732, /* two years */
};

static int64_t moment_of(const struct schedule *schedule, int64_t day, unsigned second)
{
    int64_t utc_s = zone_utc(schedule->zone, day * DAY_S + (int64_t)second);

    /* the years that nanoseconds reach */
    return utc_s > INT64_MAX / SECONDS_NS(1) ? INT64_MAX : SECONDS_NS(utc_s);
}

static bool begins_on(const struct schedule *schedule, int64_t day)
{
    if (schedule->weekly)
        return weekday_of(day) == schedule->start_day;
    return calendar_works(schedule->calendar, schedule->weekdays, day);
}

/* How many days after its beginning it ends. */
static int64_t days_of(const struct schedule *schedule)
{
    bool past = schedule->end_s <= schedule->start_s;
    unsigned days;

    if (!schedule->weekly)
        return past;
    days = (schedule->end_day + 7 - schedule->start_day) % 7;
    return days == 0 && past ? 7 : days;
}

bool period_has(const struct period *period, int64_t utc_ns)
{
    return utc_ns >= period->start_ns && utc_ns < period->end_ns;
}

bool schedule_period(const struct schedule *schedule, int64_t utc_ns, struct period *period)
{
    unsigned second;
    int64_t today = date_to_days(zone_date(schedule->zone, utc_ns, &second));

    for (int64_t day = today - DAYS_BACK; day < today + DAYS_AHEAD; day++) {
        if (!begins_on(schedule, day))
            continue;
        *period = (struct period){ moment_of(schedule, day, schedule->start_s),
                                   moment_of(schedule, day + days_of(schedule), schedule->end_s) };
        if (period->end_ns > utc_ns && period->end_ns > period->start_ns)
            return true;
    }
    return false;
}
