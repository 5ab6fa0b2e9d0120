/* Time zones with daylight saving, out of the bytes of a TZif file (RFC 9636),
   version 2 or later: its table, and behind it the rule in its footer, for ever.

   From a moment to the clock on the wall is simple.  The way back is by one
   rule: a time on the wall is the first moment at which the clock there shows
   this time or a later one.  So a time that comes twice is the first of the two,
   and one that is left out is the moment of the jump; and no later time is ever
   an earlier moment. */
#ifndef PENSTOCK_CODECS_BASE_ZONE_H
#define PENSTOCK_CODECS_BASE_ZONE_H

#include "codecs/base/arena.h"
#include "codecs/base/error.h"
#include "codecs/base/moment.h"

enum {
    ZONE_SIZE_MAX = 64 << 10, /* of a file */
    DAY_S = 86400,
};

struct zone;

extern const struct error_kind zone_fault;

/* The zone, in the arena; place is what errors are about.  NULL: *error says why. */
struct zone *zone_read(struct slice bytes, struct place place, struct arena *arena,
                       struct error *error);

/* All times are seconds since 1970-01-01, on the wall or in UTC; zone NULL is UTC. */
int64_t zone_wall(const struct zone *zone, int64_t utc_s);
int64_t zone_utc(const struct zone *zone, int64_t wall_s);

/* The date and the seconds since midnight there. */
struct date zone_date(const struct zone *zone, int64_t utc_ns, unsigned *second_of_day);

#endif
