/* The rule in the footer of a TZif file: a POSIX TZ string, as
   "CET-1CEST,M3.5.0,M10.5.0/3". */
#ifndef PENSTOCK_CODECS_BASE_ZONE_RULE_H
#define PENSTOCK_CODECS_BASE_ZONE_RULE_H

#include "codecs/base/slice.h"

enum zone_day_kind {
    ZONE_DAY_MONTH,   /* M: month, week (5: the last), day of the week, Sunday is 0 */
    ZONE_DAY_JULIAN,  /* J: 1 to 365, without February 29 */
    ZONE_DAY_OF_YEAR, /* 0 to 365 */
};

struct zone_day {
    enum zone_day_kind kind;
    unsigned month, week, day;
    int64_t time_s; /* on the wall, before the change; may be below 0 and above a day */
};

struct zone_rule {
    int64_t offset_s; /* east of Greenwich, in winter */
    int64_t summer_offset_s;
    bool has_summer;
    struct zone_day from, to; /* summer */
};

/* A change of the clock: from then on it has this offset. */
struct zone_change {
    int64_t utc_s, offset_s;
};

bool zone_rule_parse(struct slice text, struct zone_rule *rule);

/* The last change at or before utc_s (false: there is none, or never one), and
   the first one after it. */
bool zone_rule_last(const struct zone_rule *rule, int64_t utc_s, struct zone_change *change);
bool zone_rule_next(const struct zone_rule *rule, int64_t utc_s, struct zone_change *change);

#endif
