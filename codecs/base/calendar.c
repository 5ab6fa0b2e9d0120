/* Which days are worked. */
#include "codecs/base/calendar.h"

static const char *const names[] = { "monday", "tuesday",  "wednesday", "thursday",
                                     "friday", "saturday", "sunday" };

/* 1970-01-01 was a Thursday. */
unsigned weekday_of(int64_t days)
{
    return (unsigned)(((days + 3) % 7 + 7) % 7);
}

bool weekday_named(struct slice name, unsigned *weekday)
{
    for (*weekday = 0; *weekday < 7; (*weekday)++)
        if (slice_is(name, names[*weekday]))
            return true;
    return false;
}

const char *weekday_name(unsigned weekday)
{
    return names[weekday];
}

static bool has(const int64_t *days, size_t count, int64_t day)
{
    size_t least = 0, most = count;

    while (least < most) {
        size_t middle = least + (most - least) / 2;
        if (days[middle] < day)
            least = middle + 1;
        else
            most = middle;
    }
    return least < count && days[least] == day;
}

bool calendar_works(const struct calendar *calendar, unsigned weekdays, int64_t days)
{
    if (calendar != NULL && has(calendar->working_days, calendar->working_day_count, days))
        return true;
    if (calendar != NULL && has(calendar->holidays, calendar->holiday_count, days))
        return false;
    return (weekdays >> weekday_of(days) & 1) != 0;
}
