/* The table of a TZif file, and what the clock on the wall shows by it. */
#include "codecs/base/zone.h"

#include "codecs/base/zone_rule.h"

const struct error_kind zone_fault = { "base.zone", "no time zone" };

enum {
    HEADER_SIZE = 44,
    TYPE_SIZE = 6,
    OFFSET_MAX_S = 26 * 3600,
    LOOK_BACK_S = 2 * DAY_S, /* no clock on a wall is further from UTC, before or behind */
};

struct zone {
    struct zone_change *changes; /* ascending */
    size_t count;
    int64_t first_offset_s; /* before all of them */
    struct zone_rule rule;  /* behind them */
    bool has_rule;
};

struct reader {
    struct slice left;
    struct place place;
    struct error *error;
};

/* What a header counts. */
struct counts {
    char version;
    uint32_t of_utc, of_standard, leaps, changes, types, letters;
};

static bool refuse(const struct reader *reader, const char *why)
{
    error_at(reader->error, &zone_fault, reader->place, "%s", why);
    return false;
}

static uint64_t number_at(const char *at, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number = number << 8 | (unsigned char)at[i];
    return number;
}

static int64_t signed_at(const char *at, size_t size)
{
    uint64_t number = number_at(at, size);

    return size == 4 ? (int64_t)(int32_t)(uint32_t)number : (int64_t)number;
}

static bool take(struct reader *reader, uint64_t size, struct slice *taken)
{
    *taken = SLICE_NONE;
    if (size > reader->left.size)
        return refuse(reader, "the file is cut short");
    *taken = (struct slice){ reader->left.at, (size_t)size };
    reader->left = slice_after(reader->left, (size_t)size);
    return true;
}

static bool take_header(struct reader *reader, struct counts *counts)
{
    struct slice header;

    if (!take(reader, HEADER_SIZE, &header))
        return false;
    if (!slice_starts(header, SLICE("TZif")))
        return refuse(reader, "it is no TZif file");
    const char *at = header.at + 20;
    *counts = (struct counts){ .version = header.at[4],
                               .of_utc = (uint32_t)number_at(at, 4),
                               .of_standard = (uint32_t)number_at(at + 4, 4),
                               .leaps = (uint32_t)number_at(at + 8, 4),
                               .changes = (uint32_t)number_at(at + 12, 4),
                               .types = (uint32_t)number_at(at + 16, 4),
                               .letters = (uint32_t)number_at(at + 20, 4) };
    return true;
}

/* The tables for programs that know version 1 only. */
static bool skip_first(struct reader *reader)
{
    struct counts counts;
    struct slice skipped;

    if (!take_header(reader, &counts))
        return false;
    if (counts.version < '2')
        return refuse(reader, "it is of version 1, which ends in 2037: version 2 or later is read");
    return take(reader,
                (uint64_t)counts.changes * 5 + (uint64_t)counts.types * TYPE_SIZE + counts.letters +
                    (uint64_t)counts.leaps * 8 + counts.of_standard + counts.of_utc,
                &skipped);
}

static bool take_type(const struct reader *reader, struct slice types, size_t index,
                      int64_t *offset_s)
{
    if (index >= types.size / TYPE_SIZE)
        return refuse(reader, "a change leads to an offset that is not there");
    *offset_s = signed_at(types.at + index * TYPE_SIZE, 4);
    if (*offset_s > OFFSET_MAX_S || *offset_s < -OFFSET_MAX_S)
        return refuse(reader, "an offset is more than 26 hours");
    return true;
}

static bool take_changes(struct reader *reader, const struct counts *counts, struct arena *arena,
                         struct zone *zone)
{
    struct slice times, indexes, types;

    if (!take(reader, (uint64_t)counts->changes * 8, &times) ||
        !take(reader, counts->changes, &indexes) ||
        !take(reader, (uint64_t)counts->types * TYPE_SIZE, &types) ||
        !take_type(reader, types, 0, &zone->first_offset_s))
        return false;
    zone->count = counts->changes;
    zone->changes = arena_take_array(arena, zone->count, sizeof *zone->changes);
    for (size_t i = 0; i < zone->count; i++) {
        struct zone_change *change = &zone->changes[i];

        change->utc_s = signed_at(times.at + 8 * i, 8);
        if (!take_type(reader, types, (unsigned char)indexes.at[i], &change->offset_s))
            return false;
        if (i > 0 && change->utc_s <= change[-1].utc_s)
            return refuse(reader, "its changes are not in order");
    }
    return true;
}

/* Else the clock would be changed twice at the end of the table. */
static bool rule_goes_on(const struct zone *zone)
{
    struct zone_change change = { .offset_s = zone->rule.offset_s };
    const struct zone_change *last = zone->changes + zone->count - 1;

    if (!zone->has_rule || zone->count == 0)
        return true;
    zone_rule_last(&zone->rule, last->utc_s, &change);
    return change.offset_s == last->offset_s;
}

static bool take_footer(struct reader *reader, struct zone *zone)
{
    struct slice text = reader->left;

    if (text.size < 2 || text.at[0] != '\n' || text.at[text.size - 1] != '\n')
        return refuse(reader, "its footer is not there");
    text = (struct slice){ text.at + 1, text.size - 2 };
    zone->has_rule = text.size > 0;
    if (zone->has_rule && !zone_rule_parse(text, &zone->rule))
        return refuse(reader, "the rule in its footer cannot be read");
    return rule_goes_on(zone) || refuse(reader, "its footer contradicts the end of its table");
}

static bool take_zone(struct reader *reader, struct arena *arena, struct zone *zone)
{
    struct counts counts;
    struct slice skipped;

    if (reader->left.size > ZONE_SIZE_MAX)
        return refuse(reader, "it is larger than 64 KiB");
    if (!skip_first(reader) || !take_header(reader, &counts))
        return false;
    if (counts.leaps > 0)
        return refuse(reader, "it counts leap seconds");
    return take_changes(reader, &counts, arena, zone) &&
           take(reader, (uint64_t)counts.letters + counts.of_standard + counts.of_utc, &skipped) &&
           take_footer(reader, zone);
}

struct zone *zone_read(struct slice bytes, struct place place, struct arena *arena,
                       struct error *error)
{
    struct reader reader = { .left = bytes, .place = place, .error = error };
    struct zone *zone = arena_take(arena, sizeof *zone);

    *zone = (struct zone){ .count = 0 };
    return take_zone(&reader, arena, zone) ? zone : NULL;
}

/* How many changes of the table are at or before. */
static size_t count_until(const struct zone *zone, int64_t utc_s)
{
    size_t least = 0, most = zone->count;

    while (least < most) {
        size_t middle = least + (most - least) / 2;
        if (zone->changes[middle].utc_s <= utc_s)
            least = middle + 1;
        else
            most = middle;
    }
    return least;
}

static bool is_behind_table(const struct zone *zone, int64_t utc_s)
{
    return zone->has_rule && count_until(zone, utc_s) == zone->count;
}

static int64_t offset_at(const struct zone *zone, int64_t utc_s)
{
    struct zone_change change;

    if (zone == NULL)
        return 0;
    size_t count = count_until(zone, utc_s);
    if (is_behind_table(zone, utc_s))
        return zone_rule_last(&zone->rule, utc_s, &change) ? change.offset_s : zone->rule.offset_s;
    return count == 0 ? zone->first_offset_s : zone->changes[count - 1].offset_s;
}

/* false: the clock is never changed again. */
static bool find_change_after(const struct zone *zone, int64_t utc_s, struct zone_change *change)
{
    if (zone == NULL)
        return false;
    if (is_behind_table(zone, utc_s))
        return zone_rule_next(&zone->rule, utc_s, change);
    size_t count = count_until(zone, utc_s);
    if (count < zone->count)
        *change = zone->changes[count];
    return count < zone->count;
}

int64_t zone_wall(const struct zone *zone, int64_t utc_s)
{
    return utc_s + offset_at(zone, utc_s);
}

int64_t zone_utc(const struct zone *zone, int64_t wall_s)
{
    int64_t begin_s = wall_s - LOOK_BACK_S, offset_s = offset_at(zone, begin_s);
    struct zone_change change;

    while (find_change_after(zone, begin_s, &change) && change.utc_s <= wall_s - offset_s) {
        begin_s = change.utc_s;
        offset_s = change.offset_s;
    }
    return begin_s > wall_s - offset_s ? begin_s : wall_s - offset_s;
}

struct date zone_date(const struct zone *zone, int64_t utc_ns, unsigned *second_of_day)
{
    int64_t utc_s = utc_ns / SECONDS_NS(1) - (utc_ns % SECONDS_NS(1) < 0);
    int64_t wall_s = zone_wall(zone, utc_s);
    int64_t days = wall_s / DAY_S - (wall_s % DAY_S < 0);

    *second_of_day = (unsigned)(wall_s - days * DAY_S);
    return date_from_days(days);
}
