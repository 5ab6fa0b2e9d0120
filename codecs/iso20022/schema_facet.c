/* Facets of simple types as an XSD gives them, one row of a table each. */
#include "codecs/iso20022/draft.h"
#include "codecs/iso20022/lexical.h"

#include <stdlib.h>

enum {
    NUMBER_MAX = 1 << 30,
    STRING = 1 << ISO_STRING,
    DECIMAL = 1 << ISO_DECIMAL,
    BASE64 = 1 << ISO_BASE64,
    EVERY_BASE = (1 << ISO_BASE_COUNT) - 1,
};

/* false: the value is not one that this facet can have. */
typedef bool setter(struct iso_draft_facets *reading, struct iso_facets *facets,
                    struct slice value);

static bool number_of(struct slice value, size_t *number)
{
    uint64_t wide = 0;
    bool fine = slice_to_u64(value, NUMBER_MAX, &wide);
    *number = (size_t)wide;
    return fine;
}

static bool decimal_of(struct slice value, struct slice *limit)
{
    struct iso_lexical_decimal decimal;
    *limit = value;
    return iso_lexical_decimal(value, &decimal);
}

static bool set_length(struct iso_draft_facets *reading, struct iso_facets *facets,
                       struct slice value)
{
    (void)reading;
    bool fine = number_of(value, &facets->length_min);
    facets->length_max = facets->length_min;
    return fine;
}

static bool set_length_min(struct iso_draft_facets *reading, struct iso_facets *facets,
                           struct slice value)
{
    (void)reading;
    return number_of(value, &facets->length_min);
}

static bool set_length_max(struct iso_draft_facets *reading, struct iso_facets *facets,
                           struct slice value)
{
    (void)reading;
    return number_of(value, &facets->length_max);
}

static bool set_digits(struct iso_draft_facets *reading, struct iso_facets *facets,
                       struct slice value)
{
    (void)reading;
    return number_of(value, &facets->digits_max) && facets->digits_max > 0;
}

static bool set_fraction(struct iso_draft_facets *reading, struct iso_facets *facets,
                         struct slice value)
{
    (void)reading;
    return number_of(value, &facets->fraction_max);
}

static bool set_minimum(struct iso_draft_facets *reading, struct iso_facets *facets,
                        struct slice value)
{
    (void)reading;
    return decimal_of(value, &facets->minimum);
}

static bool set_maximum(struct iso_draft_facets *reading, struct iso_facets *facets,
                        struct slice value)
{
    (void)reading;
    return decimal_of(value, &facets->maximum);
}

static bool set_pattern(struct iso_draft_facets *reading, struct iso_facets *facets,
                        struct slice value)
{
    (void)reading;
    facets->pattern_text = value;
    return true;
}

static bool add_code(struct iso_draft_facets *reading, struct iso_facets *facets,
                     struct slice value)
{
    (void)facets;
    reading->codes = memory_room(reading->codes, reading->code_count, &reading->code_room,
                                 sizeof *reading->codes);
    reading->codes[reading->code_count++] = value;
    return true;
}

enum { ENUMERATION };

static const struct {
    const char *name;
    unsigned bases;
    setter *set;
} facet_rows[] = {
    [ENUMERATION] = { "enumeration", STRING, add_code },
    { "pattern", EVERY_BASE & ~BASE64, set_pattern },
    { "length", STRING | BASE64, set_length },
    { "minLength", STRING | BASE64, set_length_min },
    { "maxLength", STRING | BASE64, set_length_max },
    { "totalDigits", DECIMAL, set_digits },
    { "fractionDigits", DECIMAL, set_fraction },
    { "minInclusive", DECIMAL, set_minimum },
    { "maxInclusive", DECIMAL, set_maximum },
};

enum { FACET_COUNT = sizeof facet_rows / sizeof *facet_rows };

static size_t facet_row(struct slice name)
{
    size_t row = 0;
    while (row < FACET_COUNT && !slice_is(name, facet_rows[row].name))
        row++;
    return row;
}

bool iso_draft_facet_known(struct slice name)
{
    return facet_row(name) < FACET_COUNT;
}

void iso_draft_facet_set(struct iso_draft *draft, struct iso_draft_facets *reading,
                         struct iso_facets *facets, struct slice name, struct slice value,
                         struct place place)
{
    size_t row = facet_row(name);
    if ((facet_rows[row].bases >> facets->base & 1) == 0)
        error_list_at(draft->errors, &iso_xsd_unsupported, place, "%.*s of xs:%s", SLICE_ARG(name),
                      iso_base_name(facets->base));
    else if (row != ENUMERATION && (reading->seen >> row & 1) != 0)
        error_list_at(draft->errors, &iso_xsd_unsupported, place, "%.*s twice in one type",
                      SLICE_ARG(name));
    else if (!facet_rows[row].set(reading, facets, arena_copy(&draft->arena, value)))
        error_list_at(draft->errors, &iso_xsd_invalid, place, "%.*s \"%.*s\"", SLICE_ARG(name),
                      SLICE_ARG(value));
    reading->seen |= 1u << row;
}

static int compare_codes(const void *one, const void *other)
{
    return slice_compare(*(const struct slice *)one, *(const struct slice *)other);
}

static void end_codes(struct iso_draft *draft, struct iso_draft_facets *reading,
                      struct iso_facets *facets, struct place place)
{
    if (reading->code_count == 0)
        return;
    qsort(reading->codes, reading->code_count, sizeof *reading->codes, compare_codes);
    for (size_t i = 1; i < reading->code_count; i++) {
        if (slice_equal(reading->codes[i - 1], reading->codes[i]))
            error_list_at(draft->errors, &iso_xsd_repeated, place, "value %.*s",
                          SLICE_ARG(reading->codes[i]));
    }
    size_t size = reading->code_count * sizeof *reading->codes;
    struct slice *codes = arena_take(&draft->arena, size);
    memcpy(codes, reading->codes, size);
    facets->codes = codes;
    facets->code_count = reading->code_count;
}

static void end_pattern(struct iso_draft *draft, struct iso_facets *facets, struct place place)
{
    const char *fault;
    if (facets->pattern_text.at == NULL)
        return;
    facets->pattern = iso_pool_pattern(draft->pool, facets->pattern_text, &fault);
    if (facets->pattern == NULL)
        error_list_at(draft->errors, &iso_xsd_pattern, place, "%s: %.*s", fault,
                      SLICE_ARG(facets->pattern_text));
}

void iso_draft_facets_end(struct iso_draft *draft, struct iso_draft_facets *reading,
                          struct iso_facets *facets, struct place place)
{
    end_codes(draft, reading, facets, place);
    end_pattern(draft, facets, place);
    if (facets->length_min > facets->length_max)
        error_list_at(draft->errors, &iso_xsd_invalid, place, "minLength is above maxLength");
    if (facets->fraction_max != ISO_NO_LIMIT && facets->fraction_max > facets->digits_max)
        error_list_at(draft->errors, &iso_xsd_invalid, place,
                      "fractionDigits is above totalDigits");
    free(reading->codes);
    *reading = (struct iso_draft_facets){ .seen = 0 };
}
