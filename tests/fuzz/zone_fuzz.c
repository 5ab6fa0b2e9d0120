/* Any bytes as a TZif file: what is taken keeps the clock's promises, above all at
   the moments that the file itself names. */
#include "codecs/base/zone.h"
#include "fuzz/fuzz.h"

enum {
    NUMBER_SIZE = 8,
    SAMPLES = 64, /* of the moments in a file */
};

static const int64_t year_1_s = -62135596800, year_10000_s = 253402300800, day_s = DAY_S;

/* A time on the wall is the first moment at which the clock shows it or a later one. */
static void check_wall(const struct zone *zone, int64_t wall_s)
{
    static const int64_t before_s[] = { 1, 3600, 86400, 172800, 31622400 };
    int64_t utc_s = zone_utc(zone, wall_s);

    CHECK(zone_wall(zone, utc_s) >= wall_s);
    for (size_t i = 0; i < sizeof before_s / sizeof *before_s; i++)
        CHECK(zone_wall(zone, utc_s - before_s[i]) < wall_s);
    CHECK(zone_utc(zone, wall_s + 1) >= utc_s);
}

static void check_date(const struct zone *zone, int64_t utc_s)
{
    unsigned second;
    struct date date = zone_date(zone, utc_s * SECONDS_NS(1), &second);

    CHECK(second < DAY_S);
    CHECK(date_to_days(date) * DAY_S + second == zone_wall(zone, utc_s));
}

static void check_moment(const struct zone *zone, int64_t utc_s)
{
    int64_t wall_s = zone_wall(zone, utc_s);

    CHECK(zone_utc(zone, wall_s) <= utc_s);
    check_wall(zone, wall_s);
    if (utc_s > INT64_MIN / SECONDS_NS(1) && utc_s < INT64_MAX / SECONDS_NS(1))
        check_date(zone, utc_s);
}

static int64_t number_at(const uint8_t *at)
{
    uint64_t number = 0;

    for (size_t i = 0; i < NUMBER_SIZE; i++)
        number = number << 8 | at[i];
    return (int64_t)number;
}

static void check_zone(const struct zone *zone, const uint8_t *data, size_t size)
{
    size_t step = size / SAMPLES + 1;

    for (int64_t utc_s = year_1_s; utc_s < year_10000_s; utc_s += 1009 * day_s + 3601)
        check_date(zone, utc_s / 1000); /* those near 1970 are in the range of nanoseconds */
    check_moment(zone, year_1_s + 3 * day_s);
    check_moment(zone, year_10000_s - 3 * day_s);
    for (size_t at = 0; at + NUMBER_SIZE <= size; at += step) {
        int64_t utc_s = number_at(data + at);
        if (utc_s <= year_1_s || utc_s >= year_10000_s)
            continue;
        check_moment(zone, utc_s - 1);
        check_moment(zone, utc_s);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = { (const char *)data, size };
    struct error error = { .kind = NULL };
    struct arena arena;

    arena_init(&arena, ARENA_UNLIMITED);
    const struct zone *zone = zone_read(bytes, PLACE_NONE, &arena, &error);
    if (zone != NULL)
        check_zone(zone, data, size);
    else
        CHECK(error.kind == &zone_fault);
    arena_fini(&arena);
    return 0;
}
