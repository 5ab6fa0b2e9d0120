/* Dates and times from and to text, by the calendar and without a clock. */
#include "codecs/base/moment.h"

#include "codecs/base/digits.h"

#include <assert.h>
#include <endian.h>

#define SECOND_NS SECONDS_NS(1)
#define DAY_NS    SECONDS_NS(86400)

/* Days from civil: counts from 0000-03-01, so that leap days end a year. */
int64_t date_to_days(struct date date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year =
        (153 * ((int64_t)date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    unsigned month = (unsigned)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return (struct date){ .year = (int)(year_of_era + era * 400 + (month <= 2)),
                          .month = month,
                          .day = (unsigned)(day_of_year - (153 * shifted_month + 2) / 5 + 1) };
}

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool date_valid(struct date date)
{
    static const unsigned char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    return date.day <= lengths[date.month - 1] + (date.month == 2 && leap(date.year) ? 1u : 0u);
}

/* Takes count digits from the front of text. */
static inline bool take_digits(struct slice *text, size_t count, unsigned *number)
{
    unsigned taken = 0, digit;
    if (text->size < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        digit = (unsigned char)text->at[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        taken = taken * 10 + digit;
    }
    *number = taken;
    *text = slice_after(*text, count);
    return true;
}

/* Eight bytes, the first the lowest: digits become their numbers where form has a
   zero, and what else form has becomes 0. */
static inline uint64_t take_word(struct slice *text, uint64_t form)
{
    uint64_t word;
    memcpy(&word, text->at, sizeof word);
    *text = slice_after(*text, sizeof word);
    return le64toh(word) ^ form;
}

/* No byte of word is above its limit; missing has 0x7F less the limit in each byte. */
static inline bool within(uint64_t word, uint64_t missing)
{
    return (((word + missing) | word) & UINT64_C(0x8080808080808080)) == 0;
}

/* The number of the two digits that start at this byte of the word. */
static inline unsigned pair(uint64_t digits, unsigned at)
{
    return (unsigned)((digits * 10 + (digits >> 8)) >> 8 * at & 0xFF);
}

/* YYYYMMDD. */
static bool take_fix_date(struct slice *text, struct date *date)
{
    if (text->size < 8)
        return false;
    uint64_t digits = take_word(text, UINT64_C(0x3030303030303030));
    *date = (struct date){ .year = (int)(pair(digits, 0) * 100 + pair(digits, 2)),
                           .month = pair(digits, 4),
                           .day = pair(digits, 6) };
    return within(digits, UINT64_C(0x7676767676767676)) && date_valid(*date);
}

/* YYYY-MM-DD. */
static bool take_iso_date(struct slice *text, struct date *date)
{
    unsigned year;
    bool taken = take_digits(text, 4, &year) && slice_take_char(text, '-') &&
                 take_digits(text, 2, &date->month) && slice_take_char(text, '-') &&
                 take_digits(text, 2, &date->day);
    if (taken)
        date->year = (int)year;
    return taken && date_valid(*date);
}

/* A fraction of any length; digits behind the ninth are cut. */
static bool take_fraction(struct slice *text, unsigned *ns)
{
    static const unsigned units_ns[] = { 1000000000, 100000000, 10000000, 1000000, 100000,
                                         10000,      1000,      100,      10,      1 };
    enum { DIGITS_MAX = sizeof units_ns / sizeof *units_ns - 1 };
    unsigned number = 0, digit;
    size_t size = 1;
    *ns = 0;
    if (text->size == 0 || text->at[0] != '.')
        return true;
    for (; size < text->size && (digit = (unsigned char)text->at[size] - (unsigned)'0') <= 9;
         size++)
        if (size <= DIGITS_MAX)
            number = number * 10 + digit;
    *ns = number * units_ns[size <= DIGITS_MAX ? size - 1 : DIGITS_MAX];
    *text = slice_after(*text, size);
    return size > 1;
}

struct clock_time {
    unsigned hour, minute, second, ns;
};

/* HH:MM:SS with or without a fraction. */
static bool take_clock_time(struct slice *text, struct clock_time *time)
{
    if (text->size < 8)
        return false;
    uint64_t digits = take_word(text, UINT64_C(0x30303A30303A3030));
    time->hour = pair(digits, 0);
    time->minute = pair(digits, 3);
    time->second = pair(digits, 6);
    return within(digits, UINT64_C(0x76767F76767F7676)) && take_fraction(text, &time->ns);
}

/* Dates that nanoseconds in 64 bits can't reach are moved to the end of what they can. */
static int64_t to_utc_ns(struct date date, struct clock_time time, int offset_minutes)
{
    int64_t seconds = date_to_days(date) * 86400 + (int64_t)time.hour * 3600 +
                      (int64_t)time.minute * 60 + (int64_t)time.second -
                      (int64_t)offset_minutes * 60;
    int64_t most = INT64_MAX / SECONDS_NS(1) - 1;
    if (seconds > most || seconds < -most)
        return seconds > 0 ? INT64_MAX : INT64_MIN;
    return seconds * SECONDS_NS(1) + (int64_t)time.ns;
}

bool fix_date_parse(struct slice text, struct date *date)
{
    return take_fix_date(&text, date) && text.size == 0;
}

static inline bool take_fix_timestamp(struct slice text, struct date *date, struct clock_time *time)
{
    return take_fix_date(&text, date) && slice_take_char(&text, '-') &&
           take_clock_time(&text, time) && text.size == 0 && time->hour <= 23 &&
           time->minute <= 59 && time->second <= 60;
}

bool fix_timestamp_formed(struct slice text)
{
    struct date date;
    struct clock_time time;
    return take_fix_timestamp(text, &date, &time);
}

bool fix_timestamp_parse(struct slice text, int64_t *utc_ns)
{
    struct date date;
    struct clock_time time;
    if (!take_fix_timestamp(text, &date, &time))
        return false;
    if (time.second == 60) {
        time.second = 59;
        time.ns = 999999999;
    }
    *utc_ns = to_utc_ns(date, time, 0);
    return true;
}

/* Z, +hh:mm or -hh:mm, up to 14:00; or nothing. */
static bool take_zone(struct slice *text, bool *has_zone, int *offset_minutes)
{
    unsigned hours, minutes;
    *offset_minutes = 0;
    *has_zone = text->size > 0;
    if (!*has_zone || slice_take_char(text, 'Z'))
        return true;
    bool west = text->at[0] == '-';
    if (!slice_take_char(text, west ? '-' : '+') || !take_digits(text, 2, &hours) ||
        !slice_take_char(text, ':') || !take_digits(text, 2, &minutes))
        return false;
    *offset_minutes = (int)(hours * 60 + minutes) * (west ? -1 : 1);
    return minutes <= 59 && hours * 60 + minutes <= 14 * 60;
}

bool iso_date_parse(struct slice text, struct date *date)
{
    bool has_zone;
    int offset_minutes;
    return take_iso_date(&text, date) && take_zone(&text, &has_zone, &offset_minutes) &&
           text.size == 0;
}

static bool clock_time_valid(struct clock_time time)
{
    bool midnight = time.minute == 0 && time.second == 0 && time.ns == 0;
    return (time.hour <= 23 || (time.hour == 24 && midnight)) && time.minute <= 59 &&
           time.second <= 59;
}

bool iso_timestamp_parse(struct slice text, int64_t *utc_ns, bool *has_zone)
{
    struct date date;
    struct clock_time time;
    int offset_minutes;
    if (!take_iso_date(&text, &date) || !slice_take_char(&text, 'T') ||
        !take_clock_time(&text, &time) || !take_zone(&text, has_zone, &offset_minutes) ||
        text.size != 0 || !clock_time_valid(time))
        return false;
    *utc_ns = to_utc_ns(date, time, offset_minutes);
    return true;
}

/* What stands in dates and timestamps. */
struct moment_form {
    char between; /* year, month and day; 0: nothing */
    char divider; /* date and time */
};

static const struct moment_form fix_form = { 0, '-' }, iso_form = { '-', 'T' };

static char *put_date(char *to, struct date date, const struct moment_form *form)
{
    assert(date.year >= 0 && date.year <= 9999); /* what can be read, or is in 64 bits of ns */
    to = digits_put_last(to, (uint64_t)date.year, 4);
    if (form->between != 0)
        *to++ = form->between;
    to = digits_put_two(to, date.month);
    if (form->between != 0)
        *to++ = form->between;
    return digits_put_two(to, date.day);
}

static char *put_fraction(char *to, unsigned ns, enum moment_precision precision)
{
    static const unsigned units_ns[] = { 1000000000, 1000000, 1000, 1 };
    if (precision == MOMENT_SECONDS)
        return to;
    *to = '.';
    return digits_put_last(to + 1, ns / units_ns[precision], (size_t)3 * precision);
}

static char *put_clock_time(char *to, unsigned s)
{
    to = digits_put_two(to, s / 3600);
    *to++ = ':';
    to = digits_put_two(to, s / 60 % 60);
    *to++ = ':';
    return digits_put_two(to, s % 60);
}

static char *put_timestamp(char *to, int64_t utc_ns, const struct moment_form *form,
                           enum moment_precision precision)
{
    int64_t days = utc_ns / DAY_NS - (utc_ns % DAY_NS < 0);
    uint64_t ns = (uint64_t)(utc_ns - days * DAY_NS);
    to = put_date(to, date_from_days(days), form);
    *to++ = form->divider;
    to = put_clock_time(to, (unsigned)(ns / SECOND_NS));
    return put_fraction(to, (unsigned)(ns % SECOND_NS), precision);
}

static void write_date(struct date date, const struct moment_form *form, struct writer *writer)
{
    char text[sizeof "YYYY-MM-DD"];
    writer_bytes(writer, (struct slice){ text, (size_t)(put_date(text, date, form) - text) });
}

void fix_date_write(struct date date, struct writer *writer)
{
    write_date(date, &fix_form, writer);
}

void iso_date_write(struct date date, struct writer *writer)
{
    write_date(date, &iso_form, writer);
}

const char *moment_precision_name(enum moment_precision precision)
{
    static const char *const names[] = { "seconds", "milliseconds", "microseconds", "nanoseconds" };
    return names[precision];
}

size_t fix_timestamp_put(char *to, int64_t utc_ns, enum moment_precision precision)
{
    return (size_t)(put_timestamp(to, utc_ns, &fix_form, precision) - to);
}

void fix_timestamp_write(int64_t utc_ns, struct writer *writer)
{
    char text[FIX_TIMESTAMP_SIZE_MAX];
    writer_bytes(writer,
                 (struct slice){ text, fix_timestamp_put(text, utc_ns, MOMENT_MILLISECONDS) });
}

void iso_timestamp_write(int64_t utc_ns, struct writer *writer)
{
    char text[sizeof "YYYY-MM-DDTHH:MM:SS.123Z"];
    char *end = put_timestamp(text, utc_ns, &iso_form, MOMENT_MILLISECONDS);
    *end++ = 'Z';
    writer_bytes(writer, (struct slice){ text, (size_t)(end - text) });
}
