/* The facets of simple types, and values checked against them with the lexical
   rules of XML Schema. */
#ifndef PENSTOCK_CODECS_ISO20022_VALUE_H
#define PENSTOCK_CODECS_ISO20022_VALUE_H

#include "codecs/base/error.h"
#include "codecs/iso20022/pattern.h"

enum iso_base {
    ISO_STRING,
    ISO_DECIMAL,
    ISO_BOOLEAN,
    ISO_DATE,
    ISO_DATE_TIME,
    ISO_TIME,
    ISO_YEAR,
    ISO_YEAR_MONTH,
    ISO_MONTH,
    ISO_BASE64,
    ISO_BASE_COUNT,
};

#define ISO_NO_LIMIT SIZE_MAX

struct iso_facets {
    enum iso_base base;
    size_t length_min, length_max; /* characters; of base64Binary octets */
    size_t digits_max, fraction_max;
    struct slice minimum, maximum; /* absent: none */
    bool minimum_excluded, maximum_excluded;
    struct slice pattern_text; /* absent: none */
    const struct iso_pattern *pattern;
    const struct slice *codes; /* the enumeration, in the order of slice_compare() */
    size_t code_count;
    struct slice fixed; /* the only value; absent: any */
    bool only_length;   /* of a string, there is nothing but its length to check */
};

extern const struct iso_facets iso_no_facets; /* of a string */

/* "string", "decimal", ... as XML Schema names them. */
const char *iso_base_name(enum iso_base base);
bool iso_base_named(struct slice name, enum iso_base *base);

enum iso_verdict {
    ISO_VALUE_FINE,
    ISO_VALUE_NOT_OF_TYPE,
    ISO_VALUE_TOO_SHORT,
    ISO_VALUE_TOO_LONG,
    ISO_VALUE_NOT_IN_PATTERN,
    ISO_VALUE_NOT_IN_LIST,
    ISO_VALUE_NOT_FIXED,
    ISO_VALUE_DIGITS,
    ISO_VALUE_FRACTION,
    ISO_VALUE_TOO_SMALL,
    ISO_VALUE_TOO_LARGE,
};

/* iso_value_check(), all of it. */
enum iso_verdict iso_value_check_all(const struct iso_facets *facets, struct slice *value);

/* Is it within the facets' length, whatever its characters are?  One has at least one byte
   and at most four. */
static inline bool iso_value_length_fits(const struct iso_facets *facets, struct slice value)
{
    return value.size <= facets->length_max && (value.size + 3) / 4 >= facets->length_min;
}

/* *value is valid UTF-8; white space around it is cut off when its type says
   that it does not count. */
static inline enum iso_verdict iso_value_check(const struct iso_facets *facets, struct slice *value)
{
    return facets->only_length && iso_value_length_fits(facets, *value)
               ? ISO_VALUE_FINE
               : iso_value_check_all(facets, value);
}

/* Is every value of the type printable ASCII that XML needs no escape for?  Then
   iso_value_check() refuses whatever else there is, even what is no UTF-8. */
bool iso_facets_are_plain(const struct iso_facets *facets);

/* The kind of the error that a verdict is; not for ISO_VALUE_FINE. */
const struct error_kind *iso_value_error(enum iso_verdict verdict);

/* The rule of XML Schema that a verdict says is broken: "cvc-pattern-valid". */
const char *iso_value_rule(const struct iso_facets *facets, enum iso_verdict verdict);

/* A value as it is shown in an error: in quotes, its beginning when it is long, and
   control characters as \n, \t, \u0085. */
void iso_value_show(struct slice value, struct writer *writer);

/* At most size bytes of text, whole characters of it. */
struct slice iso_value_cut(struct slice text, size_t size);
/* As much of a text that may be long as is shown in an error. */
struct slice iso_value_excerpt(struct slice text);

/* What is wrong and what would have been right: "abc", expected at most 2 characters. */
void iso_value_tell(const struct iso_facets *facets, enum iso_verdict verdict, struct slice value,
                    struct writer *writer);

#endif
