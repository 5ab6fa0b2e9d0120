/* What a POSIX TZ string says of the clock, for any year. */
#include "codecs/base/zone_rule.h"

#include "codecs/base/moment.h"

enum {
    DAY_S = 86400,
    HOURS_MAX = 167,  /* of the time of a change: RFC 9636 allows a week less an hour */
    YEARS_BEFORE = 2, /* a change may be said of the year before or after the one that it is in */
    YEARS_AROUND = 5,
    DAYS_MAX = 5000000, /* from 1970: dates have four digits of a year */
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool take_number(struct slice *text, unsigned least, unsigned most, unsigned *number)
{
    size_t size = 0;
    uint64_t value;

    while (size < text->size && is_digit(text->at[size]))
        size++;
    if (!slice_to_u64((struct slice){ text->at, size }, most, &value) || value < least)
        return false;
    *number = (unsigned)value;
    *text = slice_after(*text, size);
    return true;
}

/* "CET", or "<+03>". */
static bool take_name(struct slice *text)
{
    bool quoted = slice_take_char(text, '<');
    size_t size = 0;

    while (size < text->size && (is_letter(text->at[size]) ||
                                 (quoted && (is_digit(text->at[size]) || text->at[size] == '+' ||
                                             text->at[size] == '-'))))
        size++;
    *text = slice_after(*text, size);
    return size >= 3 && (!quoted || slice_take_char(text, '>'));
}

/* [+-]hours[:minutes[:seconds]] */
static bool take_time(struct slice *text, unsigned hours_max, int64_t *time_s)
{
    bool minus = slice_take_char(text, '-');
    unsigned hours, minutes = 0, seconds = 0;

    if (!minus)
        slice_take_char(text, '+');
    if (!take_number(text, 0, hours_max, &hours))
        return false;
    if (slice_take_char(text, ':') && !take_number(text, 0, 59, &minutes))
        return false;
    if (slice_take_char(text, ':') && !take_number(text, 0, 59, &seconds))
        return false;
    *time_s = (int64_t)hours * 3600 + (int64_t)minutes * 60 + (int64_t)seconds;
    *time_s = minus ? -*time_s : *time_s;
    return true;
}

/* POSIX counts what is west of Greenwich. */
static bool take_offset(struct slice *text, int64_t *offset_s)
{
    if (!take_time(text, 24, offset_s))
        return false;
    *offset_s = -*offset_s;
    return true;
}

static bool take_month_day(struct slice *text, struct zone_day *day)
{
    return take_number(text, 1, 12, &day->month) && slice_take_char(text, '.') &&
           take_number(text, 1, 5, &day->week) && slice_take_char(text, '.') &&
           take_number(text, 0, 6, &day->day);
}

static bool take_day(struct slice *text, struct zone_day *day)
{
    bool taken;

    *day = (struct zone_day){ .time_s = INT64_C(2) * 3600 };
    if (slice_take_char(text, 'M')) {
        day->kind = ZONE_DAY_MONTH;
        taken = take_month_day(text, day);
    } else if (slice_take_char(text, 'J')) {
        day->kind = ZONE_DAY_JULIAN;
        taken = take_number(text, 1, 365, &day->day);
    } else {
        day->kind = ZONE_DAY_OF_YEAR;
        taken = take_number(text, 0, 365, &day->day);
    }
    return taken && (!slice_take_char(text, '/') || take_time(text, HOURS_MAX, &day->time_s));
}

bool zone_rule_parse(struct slice text, struct zone_rule *rule)
{
    *rule = (struct zone_rule){ .has_summer = false };
    if (!take_name(&text) || !take_offset(&text, &rule->offset_s))
        return false;
    if (text.size == 0)
        return true;
    rule->has_summer = true;
    rule->summer_offset_s = rule->offset_s + 3600;
    if (!take_name(&text))
        return false;
    if (text.size > 0 && text.at[0] != ',' && !take_offset(&text, &rule->summer_offset_s))
        return false;
    return slice_take_char(&text, ',') && take_day(&text, &rule->from) &&
           slice_take_char(&text, ',') && take_day(&text, &rule->to) && text.size == 0;
}

static bool is_leap(int year)
{
    return date_valid((struct date){ year, 2, 29 });
}

static int64_t month_day(const struct zone_day *day, int year)
{
    struct date first = { year, day->month, 1 };
    int64_t begin = date_to_days(first);
    struct date after = day->month == 12 ? (struct date){ year + 1, 1, 1 }
                                         : (struct date){ year, day->month + 1, 1 };
    /* 1970-01-01 was a Thursday */
    int64_t begins_on = ((begin + 4) % 7 + 7) % 7;
    int64_t at = begin + ((int64_t)day->day - begins_on + 7) % 7 + 7 * ((int64_t)day->week - 1);

    return at < date_to_days(after) ? at : at - 7;
}

/* Days since 1970-01-01. */
static int64_t day_in(const struct zone_day *day, int year)
{
    int64_t begin = date_to_days((struct date){ year, 1, 1 });

    switch (day->kind) {
    case ZONE_DAY_MONTH:
        return month_day(day, year);
    case ZONE_DAY_JULIAN:
        return begin + day->day - 1 + (day->day >= 60 && is_leap(year));
    case ZONE_DAY_OF_YEAR:
        break;
    }
    return begin + day->day;
}

static struct zone_change change_in(const struct zone_rule *rule, int year, bool summer)
{
    const struct zone_day *day = summer ? &rule->from : &rule->to;
    int64_t before_s = summer ? rule->offset_s : rule->summer_offset_s;

    return (struct zone_change){ day_in(day, year) * DAY_S + day->time_s - before_s,
                                 summer ? rule->summer_offset_s : rule->offset_s };
}

static int year_of(int64_t utc_s)
{
    int64_t days = utc_s / DAY_S - (utc_s % DAY_S < 0);

    if (days > DAYS_MAX || days < -DAYS_MAX)
        days = days > 0 ? DAYS_MAX : -DAYS_MAX;
    return date_from_days(days).year;
}

/* A summer that begins as the one before it ends goes on. */
static bool is_later(const struct zone_change *one, const struct zone_change *other,
                     const struct zone_rule *rule)
{
    return one->utc_s > other->utc_s ||
           (one->utc_s == other->utc_s && one->offset_s == rule->summer_offset_s);
}

bool zone_rule_last(const struct zone_rule *rule, int64_t utc_s, struct zone_change *change)
{
    bool found = false;
    int year = year_of(utc_s);

    for (int i = 0; rule->has_summer && i < 2 * YEARS_AROUND; i++) {
        struct zone_change at = change_in(rule, year - YEARS_BEFORE + i / 2, i % 2 == 0);
        if (at.utc_s > utc_s || (found && !is_later(&at, change, rule)))
            continue;
        *change = at;
        found = true;
    }
    return found;
}

bool zone_rule_next(const struct zone_rule *rule, int64_t utc_s, struct zone_change *change)
{
    bool found = false;
    int year = year_of(utc_s);

    for (int i = 0; rule->has_summer && i < 2 * YEARS_AROUND; i++) {
        struct zone_change at = change_in(rule, year - YEARS_BEFORE + i / 2, i % 2 == 0);
        if (at.utc_s <= utc_s || (found && at.utc_s > change->utc_s))
            continue;
        if (!found || at.utc_s < change->utc_s || is_later(&at, change, rule))
            *change = at;
        found = true;
    }
    return found;
}
