/* Two times, passed in and never read here: the steady clock drives timers,
   the UTC clock makes SendingTime and dates.

   Sources: FIX UTCTimestamp (YYYYMMDD-HH:MM:SS[.fraction], second 60 legal)
   and LocalMktDate (YYYYMMDD); XML Schema dateTime and date. */
#ifndef PENSTOCK_CODECS_BASE_MOMENT_H
#define PENSTOCK_CODECS_BASE_MOMENT_H

#include "codecs/base/slice.h"
#include "codecs/base/writer.h"

struct moment {
    int64_t steady_ns; /* never goes back; only differences mean anything */
    int64_t utc_ns;    /* since 1970-01-01T00:00:00Z */
};

#define SECONDS_NS(count) ((int64_t)(count)*1000000000)
#define MILLIS_NS(count)  ((int64_t)(count)*1000000)

/* The smallest part that a time is written to. */
enum moment_precision {
    MOMENT_SECONDS,
    MOMENT_MILLISECONDS,
    MOMENT_MICROSECONDS,
    MOMENT_NANOSECONDS,
    MOMENT_PRECISION_COUNT,
};

const char *moment_precision_name(enum moment_precision precision);

/* A date of the proleptic Gregorian calendar, checked when it was made. */
struct date {
    int year;
    unsigned month, day;
};

int64_t date_to_days(struct date date); /* since 1970-01-01 */
struct date date_from_days(int64_t days);
bool date_valid(struct date date);

bool fix_date_parse(struct slice text, struct date *date);    /* YYYYMMDD */
bool iso_date_parse(struct slice text, struct date *date);    /* YYYY-MM-DD[zone] */
bool fix_timestamp_parse(struct slice text, int64_t *utc_ns); /* second 60 becomes 59.999999999 */
bool fix_timestamp_formed(struct slice text);                 /* it can be parsed */
/* has_zone false: the text names no zone and utc_ns takes it for UTC. */
bool iso_timestamp_parse(struct slice text, int64_t *utc_ns, bool *has_zone);

void fix_date_write(struct date date, struct writer *writer);
void iso_date_write(struct date date, struct writer *writer);
void fix_timestamp_write(int64_t utc_ns, struct writer *writer); /* milliseconds */
void iso_timestamp_write(int64_t utc_ns, struct writer *writer); /* milliseconds, Z */

/* Into room for FIX_TIMESTAMP_SIZE_MAX; returns its size. */
size_t fix_timestamp_put(char *to, int64_t utc_ns, enum moment_precision precision);
#define FIX_TIMESTAMP_SIZE_MAX (sizeof "YYYYMMDD-HH:MM:SS.123456789" - 1)

#endif
