/* Facets: each value goes by the same few checks, in the order of the verdicts. */
#include "codecs/iso20022/value.h"

#include "codecs/base/charset.h"
#include "codecs/base/xml.h"
#include "codecs/iso20022/lexical.h"
#include "codecs/iso20022/parse.h"

#include <assert.h>

enum { EXCERPT_SIZE_MAX = 60 };

const struct error_kind iso_value_type = { "iso.value-type", "the value is not of its type" };
const struct error_kind iso_value_facet = { "iso.value-facet", "the value is not allowed" };
const struct error_kind iso_value_code = { "iso.value-code", "the value is not in the list" };

const struct iso_facets iso_no_facets = {
    .base = ISO_STRING,
    .length_max = ISO_NO_LIMIT,
    .digits_max = ISO_NO_LIMIT,
    .fraction_max = ISO_NO_LIMIT,
};

/* What is known of each built-in type; those without a check are looked at in
   more detail by check_string(), check_decimal() and check_base64(). */
static const struct {
    const char *name, *expected;
    bool (*check)(struct slice text);
} bases[ISO_BASE_COUNT] = {
    [ISO_STRING] = { "string", "text", NULL },
    [ISO_DECIMAL] = { "decimal", "a decimal number", NULL },
    [ISO_BOOLEAN] = { "boolean", "true or false", iso_lexical_boolean },
    [ISO_DATE] = { "date", "a date, as 2024-02-29", iso_lexical_date },
    [ISO_DATE_TIME] = { "dateTime", "date and time, as 2024-02-29T13:05:00Z",
                        iso_lexical_date_time },
    [ISO_TIME] = { "time", "a time, as 13:05:00", iso_lexical_time },
    [ISO_YEAR] = { "gYear", "a year, as 2024", iso_lexical_year },
    [ISO_YEAR_MONTH] = { "gYearMonth", "year and month, as 2024-02", iso_lexical_year_month },
    [ISO_MONTH] = { "gMonth", "a month, as --02", iso_lexical_month },
    [ISO_BASE64] = { "base64Binary", "base64", NULL },
};

const char *iso_base_name(enum iso_base base)
{
    return bases[base].name;
}

bool iso_base_named(struct slice name, enum iso_base *base)
{
    for (unsigned i = 0; i < ISO_BASE_COUNT; i++) {
        if (slice_is(name, bases[i].name)) {
            *base = (enum iso_base)i;
            return true;
        }
    }
    return false;
}

static enum iso_verdict check_length(const struct iso_facets *facets, size_t length)
{
    if (length < facets->length_min)
        return ISO_VALUE_TOO_SHORT;
    return length > facets->length_max ? ISO_VALUE_TOO_LONG : ISO_VALUE_FINE;
}

static enum iso_verdict check_string(const struct iso_facets *facets, struct slice value)
{
    return iso_value_length_fits(facets, value) ? ISO_VALUE_FINE
                                                : check_length(facets, utf8_length(value));
}

static enum iso_verdict check_base64(const struct iso_facets *facets, struct slice value)
{
    size_t octets;
    if (!iso_lexical_base64(value, &octets))
        return ISO_VALUE_NOT_OF_TYPE;
    return check_length(facets, octets);
}

/* limit is a decimal that was checked when it was compiled; absent: no limit. */
static int compare_to_limit(struct iso_lexical_decimal decimal, struct slice limit)
{
    struct iso_lexical_decimal other;
    if (limit.at == NULL)
        return 0;
    bool fine = iso_lexical_decimal(limit, &other);
    assert(fine);
    (void)fine;
    return iso_lexical_decimal_compare(decimal, other);
}

static enum iso_verdict check_decimal(const struct iso_facets *facets, struct slice value)
{
    struct iso_lexical_decimal decimal;
    if (!iso_lexical_decimal(value, &decimal))
        return ISO_VALUE_NOT_OF_TYPE;
    if (decimal.whole.size + decimal.fraction.size > facets->digits_max)
        return ISO_VALUE_DIGITS;
    if (decimal.fraction.size > facets->fraction_max)
        return ISO_VALUE_FRACTION;
    int above = compare_to_limit(decimal, facets->minimum);
    int below = -compare_to_limit(decimal, facets->maximum);
    if (above < 0 || (above == 0 && facets->minimum_excluded))
        return ISO_VALUE_TOO_SMALL;
    return below < 0 || (below == 0 && facets->maximum_excluded) ? ISO_VALUE_TOO_LARGE
                                                                 : ISO_VALUE_FINE;
}

static enum iso_verdict check_base(const struct iso_facets *facets, struct slice value)
{
    switch (facets->base) {
    case ISO_DECIMAL:
        return check_decimal(facets, value);
    case ISO_BASE64:
        return check_base64(facets, value);
    default:
        return bases[facets->base].check(value) ? ISO_VALUE_FINE : ISO_VALUE_NOT_OF_TYPE;
    }
}

static bool is_same_decimal(struct slice one, struct slice other)
{
    struct iso_lexical_decimal first, second;
    return iso_lexical_decimal(one, &first) && iso_lexical_decimal(other, &second) &&
           iso_lexical_decimal_compare(first, second) == 0;
}

/* Of two values of the base: 1 is 1.0, and true. */
static APART bool is_same(enum iso_base base, struct slice one, struct slice other)
{
    if (base == ISO_DECIMAL)
        return is_same_decimal(one, other);
    if (base == ISO_BOOLEAN)
        return (one.at[0] == 't' || one.at[0] == '1') == (other.at[0] == 't' || other.at[0] == '1');
    return slice_equal(one, other);
}

static bool is_listed_decimal(const struct iso_facets *facets, struct slice value)
{
    size_t row = 0;
    while (row < facets->code_count && !is_same_decimal(facets->codes[row], value))
        row++;
    return row < facets->code_count;
}

static APART bool is_listed(const struct iso_facets *facets, struct slice value)
{
    if (facets->base == ISO_DECIMAL)
        return is_listed_decimal(facets, value);
    size_t low = 0, high = facets->code_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = slice_compare(value, facets->codes[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

/* White space counts only in strings. */
static APART enum iso_verdict check_trimmed(const struct iso_facets *facets, struct slice *value)
{
    *value = iso_lexical_trim(*value);
    return check_base(facets, *value);
}

enum iso_verdict iso_value_check_all(const struct iso_facets *facets, struct slice *value)
{
    enum iso_verdict verdict =
        facets->base == ISO_STRING ? check_string(facets, *value) : check_trimmed(facets, value);
    if (verdict != ISO_VALUE_FINE)
        return verdict;
    if (facets->pattern != NULL && !iso_pattern_matches(facets->pattern, *value))
        return ISO_VALUE_NOT_IN_PATTERN;
    if (facets->code_count > 0 && !is_listed(facets, *value))
        return ISO_VALUE_NOT_IN_LIST;
    if (facets->fixed.at != NULL && !is_same(facets->base, facets->fixed, *value))
        return ISO_VALUE_NOT_FIXED;
    return ISO_VALUE_FINE;
}

bool iso_facets_are_plain(const struct iso_facets *facets)
{
    bool plain = facets->code_count > 0;
    if (facets->base != ISO_STRING)
        return facets->base != ISO_BASE64; /* which may have line ends in it */
    for (size_t i = 0; i < facets->code_count; i++)
        plain = plain && xml_is_plain(facets->codes[i]);
    return plain || (facets->pattern != NULL && iso_pattern_is_plain(facets->pattern));
}

const struct error_kind *iso_value_error(enum iso_verdict verdict)
{
    assert(verdict != ISO_VALUE_FINE);
    if (verdict == ISO_VALUE_NOT_OF_TYPE)
        return &iso_value_type;
    return verdict == ISO_VALUE_NOT_IN_LIST ? &iso_value_code : &iso_value_facet;
}

const char *iso_value_rule(const struct iso_facets *facets, enum iso_verdict verdict)
{
    static const char *const rules[] = {
        [ISO_VALUE_NOT_OF_TYPE] = "cvc-datatype-valid",
        [ISO_VALUE_TOO_SHORT] = "cvc-minLength-valid",
        [ISO_VALUE_TOO_LONG] = "cvc-maxLength-valid",
        [ISO_VALUE_NOT_IN_PATTERN] = "cvc-pattern-valid",
        [ISO_VALUE_NOT_IN_LIST] = "cvc-enumeration-valid",
        [ISO_VALUE_NOT_FIXED] = "cvc-elt.5.2.2.2",
        [ISO_VALUE_DIGITS] = "cvc-totalDigits-valid",
        [ISO_VALUE_FRACTION] = "cvc-fractionDigits-valid",
        [ISO_VALUE_TOO_SMALL] = "cvc-minInclusive-valid",
        [ISO_VALUE_TOO_LARGE] = "cvc-maxInclusive-valid",
    };
    if (verdict == ISO_VALUE_TOO_SMALL && facets->minimum_excluded)
        return "cvc-minExclusive-valid";
    if (verdict == ISO_VALUE_TOO_LARGE && facets->maximum_excluded)
        return "cvc-maxExclusive-valid";
    return rules[verdict];
}

static void write_codes(const struct iso_facets *facets, struct writer *writer)
{
    writer_text(writer, "one of ");
    for (size_t i = 0; i < facets->code_count; i++) {
        writer_text(writer, i == 0 ? "" : ", ");
        writer_bytes(writer, facets->codes[i]);
    }
}

static void write_length(const struct iso_facets *facets, const char *which, size_t length,
                         struct writer *writer)
{
    const char *unit = facets->base == ISO_BASE64 ? "octet" : "character";
    writer_format(writer, "at %s %zu %s%s", which, length, unit, length == 1 ? "" : "s");
}

struct slice iso_value_cut(struct slice text, size_t size)
{
    if (text.size <= size)
        return text;
    while (size > 0 && (text.at[size] & 0xc0) == 0x80)
        size--;
    return (struct slice){ text.at, size };
}

struct slice iso_value_excerpt(struct slice text)
{
    return iso_value_cut(text.at == NULL ? SLICE("") : text, EXCERPT_SIZE_MAX);
}

/* Of the control characters only these are in XML: C0's white space, DEL and C1. */
static void show_control(unsigned code, struct writer *writer)
{
    if (code == '\n' || code == '\t' || code == '\r')
        writer_text(writer, code == '\n' ? "\\n" : code == '\t' ? "\\t" : "\\r");
    else
        writer_format(writer, "\\u%04X", code);
}

void iso_value_show(struct slice value, struct writer *writer)
{
    struct slice shown = iso_value_excerpt(value);
    writer_char(writer, '"');
    for (size_t i = 0; i < shown.size; i++) {
        unsigned char byte = (unsigned char)shown.at[i];
        unsigned char next = i + 1 < shown.size ? (unsigned char)shown.at[i + 1] : 0;
        if (byte < ' ' || byte == 0x7f)
            show_control(byte, writer);
        else if (byte == 0xc2 && next < 0xa0)
            show_control((unsigned char)shown.at[++i], writer);
        else
            writer_char(writer, (char)byte);
    }
    writer_text(writer, shown.size < value.size ? "...\"" : "\"");
}

static void write_expected(const struct iso_facets *facets, enum iso_verdict verdict,
                           struct writer *writer)
{
    switch (verdict) {
    case ISO_VALUE_TOO_SHORT:
        write_length(facets, "least", facets->length_min, writer);
        break;
    case ISO_VALUE_TOO_LONG:
        write_length(facets, "most", facets->length_max, writer);
        break;
    case ISO_VALUE_NOT_IN_PATTERN:
        writer_format(writer, "the form %.*s", SLICE_ARG(facets->pattern_text));
        break;
    case ISO_VALUE_NOT_IN_LIST:
        write_codes(facets, writer);
        break;
    case ISO_VALUE_NOT_FIXED:
        writer_format(writer, "always %.*s", SLICE_ARG(facets->fixed));
        break;
    case ISO_VALUE_DIGITS:
        writer_format(writer, "at most %zu digits", facets->digits_max);
        break;
    case ISO_VALUE_FRACTION:
        writer_format(writer, "at most %zu decimals", facets->fraction_max);
        break;
    case ISO_VALUE_TOO_SMALL:
        writer_format(writer, "%s %.*s", facets->minimum_excluded ? "more than" : "at least",
                      SLICE_ARG(facets->minimum));
        break;
    case ISO_VALUE_TOO_LARGE:
        writer_format(writer, "%s %.*s", facets->maximum_excluded ? "less than" : "at most",
                      SLICE_ARG(facets->maximum));
        break;
    default:
        writer_text(writer, bases[facets->base].expected);
    }
}

void iso_value_tell(const struct iso_facets *facets, enum iso_verdict verdict, struct slice value,
                    struct writer *writer)
{
    iso_value_show(value, writer);
    writer_text(writer, ", expected ");
    write_expected(facets, verdict, writer);
}
