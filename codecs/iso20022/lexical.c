/* XML Schema part 2, section 3.2: the lexical forms of the types that ISO 20022
   uses.  Dates are those of XML Schema 1.0: there is no year 0. */
#include "codecs/iso20022/lexical.h"

bool iso_lexical_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

struct slice iso_lexical_trim(struct slice text)
{
    while (text.size > 0 && iso_lexical_space(text.at[0]))
        text = slice_after(text, 1);
    while (text.size > 0 && iso_lexical_space(text.at[text.size - 1]))
        text.size--;
    return text;
}

/* What most documents have between their elements. */
static inline bool is_indentation(struct slice text)
{
    static const char spaces[] = "                                                ";
    return text.size > 0 && text.size <= sizeof spaces && text.at[0] == '\n' &&
           memcmp(text.at + 1, spaces, text.size - 1) == 0;
}

bool iso_lexical_blank(struct slice text)
{
    static const char spaces[8] = "        ";
    size_t size = 0;
    if (is_indentation(text))
        return true;
    while (size < text.size) {
        if (text.size - size >= sizeof spaces && memcmp(text.at + size, spaces, sizeof spaces) == 0)
            size += sizeof spaces;
        else if (iso_lexical_space(text.at[size]))
            size++;
        else
            return false;
    }
    return true;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool take_char(struct slice *rest, char byte)
{
    if (rest->size == 0 || rest->at[0] != byte)
        return false;
    *rest = slice_after(*rest, 1);
    return true;
}

static inline bool take_two_digits(struct slice *rest, unsigned least, unsigned most,
                                   unsigned *number)
{
    if (rest->size < 2 || !is_digit(rest->at[0]) || !is_digit(rest->at[1]))
        return false;
    *number = (unsigned)(rest->at[0] - '0') * 10 + (unsigned)(rest->at[1] - '0');
    *rest = slice_after(*rest, 2);
    return *number >= least && *number <= most;
}

static inline size_t count_digits(struct slice text)
{
    size_t count = 0;
    while (count < text.size && is_digit(text.at[count]))
        count++;
    return count;
}

/* Years may have any length: *cycle is what counts for leap years. */
static inline bool take_year(struct slice *rest, unsigned *cycle)
{
    take_char(rest, '-');
    size_t size = 0;
    unsigned digits = 0; /* all of them, one over the other */
    *cycle = 0;
    for (; size < rest->size && is_digit(rest->at[size]); size++) {
        unsigned digit = (unsigned)(rest->at[size] - '0');
        digits |= digit;
        *cycle = (*cycle * 10 + digit) % 400;
    }
    if (size < 4 || (size > 4 && rest->at[0] == '0'))
        return false;
    *rest = slice_after(*rest, size);
    return digits != 0;
}

static inline unsigned days_of(unsigned month, unsigned cycle)
{
    static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = cycle % 4 == 0 && (cycle % 100 != 0 || cycle == 0);
    return days[month - 1] + (month == 2 && leap);
}

static inline bool take_date(struct slice *rest)
{
    unsigned cycle, month, day;
    return take_year(rest, &cycle) && take_char(rest, '-') &&
           take_two_digits(rest, 1, 12, &month) && take_char(rest, '-') &&
           take_two_digits(rest, 1, days_of(month, cycle), &day);
}

/* A point needs a digit behind it.  *zero: the fraction is none. */
static inline bool take_fraction(struct slice *rest, bool *zero)
{
    *zero = true;
    if (!take_char(rest, '.'))
        return true;
    size_t size = count_digits(*rest);
    for (size_t i = 0; i < size; i++)
        *zero = *zero && rest->at[i] == '0';
    *rest = slice_after(*rest, size);
    return size > 0;
}

/* 24:00:00 is the end of a day; there are no leap seconds. */
static inline bool take_time(struct slice *rest)
{
    unsigned hour, minute, second;
    bool zero;
    if (!take_two_digits(rest, 0, 24, &hour) || !take_char(rest, ':') ||
        !take_two_digits(rest, 0, 59, &minute) || !take_char(rest, ':') ||
        !take_two_digits(rest, 0, 59, &second) || !take_fraction(rest, &zero))
        return false;
    return hour < 24 || (minute == 0 && second == 0 && zero);
}

/* Nothing, Z, or up to 14:00 either way; nothing may follow. */
static inline bool ends_in_zone(struct slice rest)
{
    unsigned hour, minute;
    if (rest.size == 0 || slice_is(rest, "Z"))
        return true;
    if (!take_char(&rest, '+') && !take_char(&rest, '-'))
        return false;
    return take_two_digits(&rest, 0, 14, &hour) && take_char(&rest, ':') &&
           take_two_digits(&rest, 0, hour == 14 ? 0 : 59, &minute) && rest.size == 0;
}

bool iso_lexical_boolean(struct slice text)
{
    return slice_is(text, "true") || slice_is(text, "false") || slice_is(text, "1") ||
           slice_is(text, "0");
}

bool iso_lexical_date(struct slice text)
{
    return take_date(&text) && ends_in_zone(text);
}

bool iso_lexical_date_time(struct slice text)
{
    return take_date(&text) && take_char(&text, 'T') && take_time(&text) && ends_in_zone(text);
}

bool iso_lexical_time(struct slice text)
{
    return take_time(&text) && ends_in_zone(text);
}

bool iso_lexical_year(struct slice text)
{
    unsigned cycle;
    return take_year(&text, &cycle) && ends_in_zone(text);
}

bool iso_lexical_year_month(struct slice text)
{
    unsigned cycle, month;
    return take_year(&text, &cycle) && take_char(&text, '-') &&
           take_two_digits(&text, 1, 12, &month) && ends_in_zone(text);
}

bool iso_lexical_month(struct slice text)
{
    unsigned month;
    if (!slice_starts(text, SLICE("--")))
        return false;
    text = slice_after(text, 2);
    return take_two_digits(&text, 1, 12, &month) && ends_in_zone(text);
}

/* -1: not a base64 digit. */
static int base64_digit(char byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (is_digit(byte))
        return byte - '0' + 52;
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

/* White space may stand between any two characters; what the padding leaves
   unused must be zero. */
bool iso_lexical_base64(struct slice text, size_t *octets)
{
    size_t digits = 0, padding = 0;
    int last = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.at[i];
        if (iso_lexical_space(byte))
            continue;
        int digit = base64_digit(byte);
        if (byte == '=') {
            padding++;
        } else if (digit < 0 || padding > 0) {
            return false;
        } else {
            digits++;
            last = digit;
        }
    }
    *octets = digits / 4 * 3 + (digits % 4 == 0 ? 0 : digits % 4 - 1);
    if ((digits + padding) % 4 != 0 || padding > 2)
        return false;
    return padding == 0 || (last & (padding == 1 ? 0x03 : 0x0f)) == 0;
}

bool iso_lexical_decimal(struct slice text, struct iso_lexical_decimal *decimal)
{
    *decimal = (struct iso_lexical_decimal){ .negative = take_char(&text, '-') };
    if (!decimal->negative)
        take_char(&text, '+');
    decimal->whole = (struct slice){ text.at, count_digits(text) };
    text = slice_after(text, decimal->whole.size);
    bool point = take_char(&text, '.');
    decimal->fraction = (struct slice){ text.at, point ? count_digits(text) : 0 };
    text = slice_after(text, decimal->fraction.size);
    if (text.size > 0 || decimal->whole.size + decimal->fraction.size == 0)
        return false;
    while (decimal->whole.size > 0 && decimal->whole.at[0] == '0')
        decimal->whole = slice_after(decimal->whole, 1);
    while (decimal->fraction.size > 0 && decimal->fraction.at[decimal->fraction.size - 1] == '0')
        decimal->fraction.size--;
    if (decimal->whole.size + decimal->fraction.size == 0)
        decimal->negative = false;
    return true;
}

/* Of two that are not negative. */
static int compare_sizes(struct iso_lexical_decimal one, struct iso_lexical_decimal other)
{
    if (one.whole.size != other.whole.size)
        return one.whole.size < other.whole.size ? -1 : 1;
    int order = slice_compare(one.whole, other.whole);
    return order != 0 ? order : slice_compare(one.fraction, other.fraction);
}

int iso_lexical_decimal_compare(struct iso_lexical_decimal one, struct iso_lexical_decimal other)
{
    if (one.negative != other.negative)
        return one.negative ? -1 : 1;
    return one.negative ? compare_sizes(other, one) : compare_sizes(one, other);
}
