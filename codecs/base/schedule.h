/* Periods that come again, by the clock on a wall: each working day from one time
   to another, or each week from one day and time to another.

   A period of days belongs to the day on which it begins: one that goes past
   midnight begins on working days only, and ends when it ends.  Times on the
   wall that do not exist, or exist twice, are moments as zone.h says. */
#ifndef PENSTOCK_CODECS_BASE_SCHEDULE_H
#define PENSTOCK_CODECS_BASE_SCHEDULE_H

#include "codecs/base/calendar.h"
#include "codecs/base/zone.h"

struct schedule {
    const struct zone *zone; /* NULL: UTC */
    unsigned start_s, end_s; /* since midnight; end not after start: on the day after */
    bool weekly;
    unsigned start_day, end_day;     /* weekly; Monday is 0 */
    unsigned weekdays;               /* else: on which a period begins */
    const struct calendar *calendar; /* NULL: none */
};

/* From start to end, without the moment of the end itself. */
struct period {
    int64_t start_ns, end_ns;
};

/* The period that the moment is in, or else the next one; false: there is none
   within two years. */
bool schedule_period(const struct schedule *schedule, int64_t utc_ns, struct period *period);

bool period_has(const struct period *period, int64_t utc_ns);

#endif
