/* Decimal numbers as mantissa and exponent, exactly. */
#include "codecs/base/decimal.h"

enum {
    DIGITS_MAX = 18, /* ISO 20022 amounts; they fit a 64-bit integer */
};

__extension__ typedef __int128 wide;

static const int64_t powers[DIGITS_MAX + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

static struct slice skip_sign(struct slice text, enum decimal_form form, bool *negative)
{
    *negative = text.size > 0 && text.at[0] == '-';
    if (*negative || (form == DECIMAL_XML && text.size > 0 && text.at[0] == '+'))
        return slice_after(text, 1);
    return text;
}

static size_t digits_in_front(struct slice text)
{
    size_t count = 0;
    while (count < text.size && (unsigned char)text.at[count] - (unsigned)'0' <= 9)
        count++;
    return count;
}

/* Counts the digits before and behind the point; false: something else is there. */
static bool count_digits(struct slice text, size_t *whole, size_t *fraction)
{
    *whole = digits_in_front(text);
    text = slice_after(text, *whole);
    if (text.size > 0 && text.at[0] == '.')
        text = slice_after(text, 1);
    *fraction = digits_in_front(text);
    return *fraction == text.size && *whole + *fraction > 0;
}

enum decimal_verdict decimal_parse(struct slice text, enum decimal_form form,
                                   struct decimal *decimal)
{
    bool negative;
    size_t whole, fraction;
    text = skip_sign(text, form, &negative);
    if (!count_digits(text, &whole, &fraction))
        return DECIMAL_MALFORMED;
    if (fraction > 0) {
        while (fraction > 0 && text.at[text.size - 1] == '0') {
            text.size--;
            fraction--;
        }
    }
    while (text.size > 0 && text.at[0] == '0')
        text = slice_after(text, 1);
    int64_t mantissa = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '.')
            continue;
        if (mantissa >= powers[DIGITS_MAX - 1])
            return DECIMAL_TOO_LONG;
        mantissa = mantissa * 10 + (text.at[i] - '0');
    }
    /* Fractions of only zeros in front ("0.000...01") count no digits but need a scale. */
    if (fraction > DIGITS_MAX)
        return DECIMAL_TOO_LONG;
    *decimal = (struct decimal){ negative ? -mantissa : mantissa, -(int)fraction };
    return DECIMAL_OK;
}

bool decimal_formed(struct slice text, enum decimal_form form)
{
    bool negative;
    size_t whole, fraction;
    return count_digits(skip_sign(text, form, &negative), &whole, &fraction);
}

int decimal_compare(struct decimal one, struct decimal other)
{
    wide a = one.mantissa, b = other.mantissa;
    if (one.exponent > other.exponent)
        a *= powers[one.exponent - other.exponent];
    else
        b *= powers[other.exponent - one.exponent];
    return (a > b) - (a < b);
}

bool decimal_to_minor(struct decimal decimal, unsigned scale, int64_t *minor)
{
    unsigned fraction = (unsigned)-decimal.exponent;
    if (fraction > scale || scale - fraction > DIGITS_MAX)
        return false;
    wide scaled = (wide)decimal.mantissa * powers[scale - fraction];
    if (scaled > INT64_MAX || scaled < -INT64_MAX)
        return false;
    *minor = (int64_t)scaled;
    return true;
}

struct decimal decimal_from_minor(int64_t minor, unsigned scale)
{
    struct decimal decimal = { minor, -(int)scale };
    while (decimal.exponent < 0 && decimal.mantissa % 10 == 0) {
        decimal.mantissa /= 10;
        decimal.exponent++;
    }
    return decimal;
}

void decimal_write(struct decimal decimal, unsigned decimals, struct writer *writer)
{
    unsigned fraction = (unsigned)-decimal.exponent;
    uint64_t magnitude =
        decimal.mantissa < 0 ? 0 - (uint64_t)decimal.mantissa : (uint64_t)decimal.mantissa;
    if (decimal.mantissa < 0)
        writer_char(writer, '-');
    writer_u64(writer, magnitude / (uint64_t)powers[fraction]);
    if (fraction == 0 && decimals == 0)
        return;
    writer_char(writer, '.');
    if (fraction > 0)
        writer_digits(writer, magnitude % (uint64_t)powers[fraction], fraction);
    for (; fraction < decimals; fraction++)
        writer_char(writer, '0');
}

/* Brings a part that over- or underflowed by less than its size back, into the one above. */
static void carry(int64_t *part, int64_t *above)
{
    const int64_t size = powers[DIGITS_MAX];
    if (*part >= size) {
        *part -= size;
        *above += 1;
    } else if (*part < 0) {
        *part += size;
        *above -= 1;
    }
}

static void add_scaled(struct decimal_sum *sum, struct decimal decimal, int sign)
{
    int64_t unit = powers[-decimal.exponent];
    sum->low += sign * (decimal.mantissa % unit) * powers[DIGITS_MAX + decimal.exponent];
    sum->middle += sign * (decimal.mantissa / unit);
    carry(&sum->low, &sum->middle);
    carry(&sum->middle, &sum->high);
}

void decimal_sum_add(struct decimal_sum *sum, struct decimal decimal)
{
    add_scaled(sum, decimal, 1);
}

void decimal_sum_subtract(struct decimal_sum *sum, struct decimal decimal)
{
    add_scaled(sum, decimal, -1);
}

void decimal_sum_add_sum(struct decimal_sum *sum, const struct decimal_sum *other)
{
    sum->high += other->high;
    sum->middle += other->middle;
    sum->low += other->low;
    carry(&sum->low, &sum->middle);
    carry(&sum->middle, &sum->high);
}

int decimal_sum_compare(const struct decimal_sum *one, const struct decimal_sum *other)
{
    if (one->high != other->high)
        return one->high < other->high ? -1 : 1;
    if (one->middle != other->middle)
        return one->middle < other->middle ? -1 : 1;
    return (one->low > other->low) - (one->low < other->low);
}

void decimal_sum_negate(struct decimal_sum *sum)
{
    *sum = (struct decimal_sum){ -sum->high, -sum->middle, -sum->low };
    carry(&sum->low, &sum->middle);
    carry(&sum->middle, &sum->high);
}

void decimal_sum_write(struct decimal_sum sum, struct writer *writer)
{
    unsigned fraction = DIGITS_MAX;
    if (sum.high < 0) {
        writer_char(writer, '-');
        decimal_sum_negate(&sum);
    }
    if (sum.high > 0) {
        writer_u64(writer, (uint64_t)sum.high);
        writer_digits(writer, (uint64_t)sum.middle, DIGITS_MAX);
    } else {
        writer_u64(writer, (uint64_t)sum.middle);
    }
    if (sum.low == 0)
        return;
    for (; sum.low % 10 == 0; sum.low /= 10)
        fraction--;
    writer_char(writer, '.');
    writer_digits(writer, (uint64_t)sum.low, fraction);
}
