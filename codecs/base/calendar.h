/* Days on which work is done: days of the week, holidays, and days that are
   worked although their day of the week is free (a Saturday that makes up for a
   long holiday). */
#ifndef PENSTOCK_CODECS_BASE_CALENDAR_H
#define PENSTOCK_CODECS_BASE_CALENDAR_H

#include "codecs/base/moment.h"

/* Days of the week are a bit each, Monday's is the lowest. */
#define WEEKDAYS_ALL     0x7fu
#define WEEKDAYS_WORKING 0x1fu /* Monday to Friday */

struct calendar {
    unsigned weekdays;
    /* Days since 1970-01-01, ascending; none is in both. */
    const int64_t *holidays, *working_days;
    size_t holiday_count, working_day_count;
};

/* Monday is 0. */
unsigned weekday_of(int64_t days);
/* "monday"; false: no day of the week. */
bool weekday_named(struct slice name, unsigned *weekday);
const char *weekday_name(unsigned weekday);

/* Is work done on this day (since 1970-01-01)?  weekdays stands in place of the
   calendar's own; calendar NULL has neither holidays nor other days. */
bool calendar_works(const struct calendar *calendar, unsigned weekdays, int64_t days);

#endif
