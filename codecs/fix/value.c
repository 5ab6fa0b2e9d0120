/* One function for each data type, in a table. */
#include "codecs/fix/value.h"

#include "codecs/base/decimal.h"
#include "codecs/base/moment.h"
#include "codecs/fix/soh.h"

enum {
    INT_DIGITS_MAX = 18, /* fits a 64-bit integer */
    FRACTION_DIGITS_MAX = 9,
};

static bool digits(struct slice text, size_t most)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.at[i] - (unsigned)'0' > 9)
            return false;
    }
    return text.size > 0 && text.size <= most;
}

/* A number of exactly two digits, at most `most`. */
static bool two_digits(struct slice text, size_t at, unsigned most)
{
    uint64_t number;
    return text.size >= at + 2 && slice_to_u64((struct slice){ text.at + at, 2 }, most, &number);
}

static bool letters(struct slice text, size_t count)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] < 'A' || text.at[i] > 'Z')
            return false;
    }
    return text.size == count;
}

static bool is_text(struct slice value)
{
    return value.size > 0;
}

static bool is_char(struct slice value)
{
    return value.size == 1;
}

static bool is_int(struct slice value)
{
    if (value.size > 0 && value.at[0] == '-')
        value = slice_after(value, 1);
    return digits(value, INT_DIGITS_MAX);
}

static bool is_count(struct slice value)
{
    return digits(value, INT_DIGITS_MAX);
}

static bool is_day_of_month(struct slice value)
{
    uint64_t day;
    return value.size <= 2 && slice_to_u64(value, 31, &day) && day >= 1;
}

static bool is_float(struct slice value)
{
    return decimal_formed(value, DECIMAL_FIX);
}

static bool is_boolean(struct slice value)
{
    return value.size == 1 && (value.at[0] == 'Y' || value.at[0] == 'N');
}

static bool is_currency(struct slice value)
{
    return letters(value, 3);
}

static bool is_country(struct slice value)
{
    return letters(value, 2);
}

/* Blanks stand between values only, one each. */
static bool is_multiple_value(struct slice value)
{
    for (size_t i = 0; i < value.size; i++) {
        if (value.at[i] == ' ' && (i == 0 || i + 1 == value.size || value.at[i - 1] == ' '))
            return false;
    }
    return value.size > 0;
}

/* YYYYMM, YYYYMMDD, or YYYYMM and a week w1 to w5. */
static bool is_month_year(struct slice value)
{
    struct date date;
    uint64_t month;
    if (value.size < 6 || !slice_to_u64((struct slice){ value.at, 6 }, UINT64_MAX, &month) ||
        month % 100 < 1 || month % 100 > 12)
        return false;
    if (value.size == 8 && value.at[6] == 'w')
        return value.at[7] >= '1' && value.at[7] <= '5';
    return value.size == 6 || fix_date_parse(value, &date);
}

static bool is_date(struct slice value)
{
    struct date date;
    return fix_date_parse(value, &date);
}

static bool is_timestamp(struct slice value)
{
    static const size_t whole = sizeof "YYYYMMDD-HH:MM:SS" - 1;
    return value.size <= whole + 1 + FRACTION_DIGITS_MAX && fix_timestamp_formed(value);
}

/* HH:MM:SS with or without a fraction: what a timestamp has behind its date. */
static bool is_time(struct slice value)
{
    char timestamp[sizeof "19700101-HH:MM:SS.123456789" - 1] = "19700101-";
    size_t date_size = strlen(timestamp);
    if (value.size > sizeof timestamp - date_size)
        return false;
    memcpy(timestamp + date_size, value.at, value.size);
    return is_timestamp((struct slice){ timestamp, date_size + value.size });
}

/* Nothing, Z, or an offset +hh or +hh:mm. */
static bool is_zone(struct slice zone)
{
    if (zone.size == 0 || slice_is(zone, "Z"))
        return true;
    if (zone.at[0] != '+' && zone.at[0] != '-')
        return false;
    return two_digits(zone, 1, 14) &&
           (zone.size == 3 || (zone.size == 6 && zone.at[3] == ':' && two_digits(zone, 4, 59)));
}

/* Where the zone of a time starts. */
static size_t zone_at(struct slice time)
{
    size_t at = 0;
    while (at < time.size && time.at[at] != 'Z' && time.at[at] != '+' && time.at[at] != '-')
        at++;
    return at;
}

/* HH:MM or HH:MM:SS with or without a fraction, and a zone. */
static bool is_tz_time(struct slice value)
{
    size_t at = zone_at(value);
    struct slice time = { value.at, at };
    bool short_form =
        at == 5 && two_digits(time, 0, 23) && time.at[2] == ':' && two_digits(time, 3, 59);
    return (short_form || is_time(time)) && is_zone(slice_after(value, at));
}

static bool is_tz_timestamp(struct slice value)
{
    static const size_t date_size = sizeof "YYYYMMDD" - 1;
    return value.size > date_size + 1 && value.at[date_size] == '-' &&
           is_date((struct slice){ value.at, date_size }) &&
           is_tz_time(slice_after(value, date_size + 1));
}

bool fix_value_formed(enum fix_type type, struct slice value)
{
    static bool (*const formed[])(struct slice) = {
        [FIX_TYPE_STRING] = is_text,
        [FIX_TYPE_CHAR] = is_char,
        [FIX_TYPE_INT] = is_int,
        [FIX_TYPE_LENGTH] = is_count,
        [FIX_TYPE_SEQNUM] = is_count,
        [FIX_TYPE_NUMINGROUP] = is_count,
        [FIX_TYPE_DAY_OF_MONTH] = is_day_of_month,
        [FIX_TYPE_FLOAT] = is_float,
        [FIX_TYPE_BOOLEAN] = is_boolean,
        [FIX_TYPE_CURRENCY] = is_currency,
        [FIX_TYPE_COUNTRY] = is_country,
        [FIX_TYPE_EXCHANGE] = is_text,
        [FIX_TYPE_MULTIPLE_VALUE] = is_multiple_value,
        [FIX_TYPE_MONTH_YEAR] = is_month_year,
        [FIX_TYPE_UTC_TIMESTAMP] = is_timestamp,
        [FIX_TYPE_UTC_DATE] = is_date,
        [FIX_TYPE_UTC_TIME] = is_time,
        [FIX_TYPE_LOCAL_DATE] = is_date,
        [FIX_TYPE_TZ_TIME] = is_tz_time,
        [FIX_TYPE_TZ_TIMESTAMP] = is_tz_timestamp,
        [FIX_TYPE_DATA] = is_text,
    };
    return formed[type](value);
}

/* Each of several values separated by blanks. */
static bool all_listed(const struct fix_field_type *field, struct slice values)
{
    while (values.size > 0) {
        const char *blank = memchr(values.at, ' ', values.size);
        size_t size = blank == NULL ? values.size : (size_t)(blank - values.at);
        if (fix_field_type_value(field, (struct slice){ values.at, size }) == NULL)
            return false;
        values = slice_after(values, blank == NULL ? size : size + 1);
    }
    return true;
}

/* An int may have zeros in front. */
static struct slice plain(const struct fix_field_type *field, struct slice value)
{
    while (field->type == FIX_TYPE_INT && value.size > 1 && value.at[0] == '0')
        value = slice_after(value, 1);
    return value;
}

bool fix_value_listed(const struct fix_field_type *field, struct slice value)
{
    if (field->value_count == 0 || field->open)
        return true;
    if (field->type == FIX_TYPE_MULTIPLE_VALUE)
        return all_listed(field, value);
    return fix_field_type_value(field, plain(field, value)) != NULL;
}

bool fix_value_fits(const struct fix_field_type *field, struct slice value)
{
    return value.size > 0 &&
           (field->type == FIX_TYPE_DATA || memchr(value.at, FIX_SOH, value.size) == NULL) &&
           fix_value_formed(field->type, value) && fix_value_listed(field, value);
}

bool fix_value_equal(const struct fix_field_type *field, struct slice one, struct slice other)
{
    return slice_equal(plain(field, one), plain(field, other));
}
