/* Facets of simple types as an XSD gives them, one row of a table each. */
#include "codecs/iso20022/draft.h"
#include "codecs/iso20022/lexical.h"

#include <stdlib.h>

/* The facets of one restriction while they are read. */
struct restricting {
    unsigned seen; /* one bit for each row of the table of facets */
    struct slice *codes;
    size_t code_count, code_room;
    struct arena *arena;
};

enum {
    NUMBER_MAX = 1 << 30,
    STRING = 1 << ISO_STRING,
    DECIMAL = 1 << ISO_DECIMAL,
    BASE64 = 1 << ISO_BASE64,
    EVERY_BASE = (1 << ISO_BASE_COUNT) - 1,
};

/* false: the value is not one that this facet can have. */
typedef bool setter(struct restricting *restricting, struct iso_facets *facets, struct slice value);

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
    if (!iso_lexical_decimal(value, &decimal))
        return false;
    *limit = value;
    return true;
}

static bool set_length(struct restricting *restricting, struct iso_facets *facets,
                       struct slice value)
{
    (void)restricting;
    bool fine = number_of(value, &facets->length_min);
    facets->length_max = facets->length_min;
    return fine;
}

static bool set_length_min(struct restricting *restricting, struct iso_facets *facets,
                           struct slice value)
{
    (void)restricting;
    return number_of(value, &facets->length_min);
}

static bool set_length_max(struct restricting *restricting, struct iso_facets *facets,
                           struct slice value)
{
    (void)restricting;
    return number_of(value, &facets->length_max);
}

static bool set_digits(struct restricting *restricting, struct iso_facets *facets,
                       struct slice value)
{
    (void)restricting;
    return number_of(value, &facets->digits_max) && facets->digits_max > 0;
}

static bool set_fraction(struct restricting *restricting, struct iso_facets *facets,
                         struct slice value)
{
    (void)restricting;
    return number_of(value, &facets->fraction_max);
}

static bool set_minimum(struct restricting *restricting, struct iso_facets *facets,
                        struct slice value)
{
    (void)restricting;
    facets->minimum_excluded = false;
    return decimal_of(value, &facets->minimum);
}

static bool set_maximum(struct restricting *restricting, struct iso_facets *facets,
                        struct slice value)
{
    (void)restricting;
    facets->maximum_excluded = false;
    return decimal_of(value, &facets->maximum);
}

static bool set_minimum_excluded(struct restricting *restricting, struct iso_facets *facets,
                                 struct slice value)
{
    (void)restricting;
    facets->minimum_excluded = true;
    return decimal_of(value, &facets->minimum);
}

static bool set_maximum_excluded(struct restricting *restricting, struct iso_facets *facets,
                                 struct slice value)
{
    (void)restricting;
    facets->maximum_excluded = true;
    return decimal_of(value, &facets->maximum);
}

enum {
    ENUMERATION,
    PATTERN,
    LENGTH,
    LENGTH_MIN,
    LENGTH_MAX,
    MINIMUM,
    MAXIMUM,
    MINIMUM_X,
    MAXIMUM_X
};

#define SEEN(row) (1u << (row))

/* Several patterns in one restriction are alternatives. */
static bool add_pattern(struct restricting *restricting, struct iso_facets *facets,
                        struct slice value)
{
    bool is_first = (restricting->seen & SEEN(PATTERN)) == 0;
    facets->pattern_text = is_first
                               ? value
                               : arena_format(restricting->arena, "%.*s|%.*s",
                                              SLICE_ARG(facets->pattern_text), SLICE_ARG(value));
    return true;
}

static bool add_code(struct restricting *restricting, struct iso_facets *facets, struct slice value)
{
    struct iso_lexical_decimal decimal;
    if (facets->base == ISO_DECIMAL && !iso_lexical_decimal(value, &decimal))
        return false;
    restricting->codes = memory_room(restricting->codes, restricting->code_count,
                                     &restricting->code_room, sizeof *restricting->codes);
    restricting->codes[restricting->code_count++] = value;
    return true;
}

static const struct {
    const char *name;
    setter *set;
    unsigned bases;
    unsigned excludes; /* rows that may not be there, too */
} facet_rows[] = {
    [ENUMERATION] = { "enumeration", add_code, STRING | DECIMAL, 0 },
    [PATTERN] = { "pattern", add_pattern, EVERY_BASE & ~BASE64, 0 },
    [LENGTH] = { "length", set_length, STRING | BASE64, SEEN(LENGTH_MIN) | SEEN(LENGTH_MAX) },
    [LENGTH_MIN] = { "minLength", set_length_min, STRING | BASE64, SEEN(LENGTH) },
    [LENGTH_MAX] = { "maxLength", set_length_max, STRING | BASE64, SEEN(LENGTH) },
    [MINIMUM] = { "minInclusive", set_minimum, DECIMAL, SEEN(MINIMUM_X) },
    [MAXIMUM] = { "maxInclusive", set_maximum, DECIMAL, SEEN(MAXIMUM_X) },
    [MINIMUM_X] = { "minExclusive", set_minimum_excluded, DECIMAL, SEEN(MINIMUM) },
    [MAXIMUM_X] = { "maxExclusive", set_maximum_excluded, DECIMAL, SEEN(MAXIMUM) },
    { "totalDigits", set_digits, DECIMAL, 0 },
    { "fractionDigits", set_fraction, DECIMAL, 0 },
};

enum {
    FACET_COUNT = sizeof facet_rows / sizeof *facet_rows,
    REPEATABLE = SEEN(ENUMERATION) | SEEN(PATTERN),
};

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

void iso_draft_facet_add(struct iso_draft *draft, struct iso_draft_type *type, struct slice name,
                         struct slice value, struct place place)
{
    draft->facets =
        memory_room(draft->facets, draft->facet_count, &draft->facet_room, sizeof *draft->facets);
    draft->facets[draft->facet_count++] =
        (struct iso_draft_facet){ slice_of(facet_rows[facet_row(name)].name), value, place };
    type->facet_count++;
}

static void restrict_by(struct iso_draft *draft, struct restricting *restricting,
                        struct iso_facets *facets, const struct iso_draft_facet *facet)
{
    size_t row = facet_row(facet->name);
    if ((facet_rows[row].bases >> facets->base & 1) == 0)
        error_list_at(draft->errors, &iso_xsd_unsupported, facet->place, "%.*s of xs:%s",
                      SLICE_ARG(facet->name), iso_base_name(facets->base));
    else if ((restricting->seen & SEEN(row) & ~(unsigned)REPEATABLE) != 0)
        error_list_at(draft->errors, &iso_xsd_repeated, facet->place, "%.*s",
                      SLICE_ARG(facet->name));
    else if ((restricting->seen & facet_rows[row].excludes) != 0)
        error_list_at(draft->errors, &iso_xsd_invalid, facet->place,
                      "%.*s beside a facet that it excludes", SLICE_ARG(facet->name));
    else if (!facet_rows[row].set(restricting, facets, facet->value))
        error_list_at(draft->errors, &iso_xsd_invalid, facet->place, "%.*s \"%.*s\"",
                      SLICE_ARG(facet->name), SLICE_ARG(facet->value));
    restricting->seen |= SEEN(row);
}

static int compare_codes(const void *one, const void *other)
{
    return slice_compare(*(const struct slice *)one, *(const struct slice *)other);
}

/* In order, each once. */
static void end_codes(struct iso_draft *draft, struct restricting *restricting,
                      struct iso_facets *facets)
{
    if (restricting->code_count == 0)
        return;
    qsort(restricting->codes, restricting->code_count, sizeof *restricting->codes, compare_codes);
    struct slice *codes = arena_take_array(&draft->arena, restricting->code_count, sizeof *codes);
    size_t count = 0;
    for (size_t i = 0; i < restricting->code_count; i++) {
        if (count == 0 || !slice_equal(codes[count - 1], restricting->codes[i]))
            codes[count++] = restricting->codes[i];
    }
    facets->codes = codes;
    facets->code_count = count;
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

/* absent: no limit */
static int compare_limits(struct slice one, struct slice other)
{
    struct iso_lexical_decimal first, second;
    if (one.at == NULL || other.at == NULL || !iso_lexical_decimal(one, &first) ||
        !iso_lexical_decimal(other, &second))
        return 0;
    return iso_lexical_decimal_compare(first, second);
}

static void check_sense(struct iso_draft *draft, const struct iso_facets *facets,
                        struct place place)
{
    int order = compare_limits(facets->minimum, facets->maximum);
    if (facets->length_min > facets->length_max)
        error_list_at(draft->errors, &iso_xsd_invalid, place, "minLength is above maxLength");
    if (facets->fraction_max != ISO_NO_LIMIT && facets->fraction_max > facets->digits_max)
        error_list_at(draft->errors, &iso_xsd_invalid, place,
                      "fractionDigits is above totalDigits");
    if (order > 0 || (order == 0 && facets->minimum.at != NULL && facets->maximum.at != NULL &&
                      (facets->minimum_excluded || facets->maximum_excluded)))
        error_list_at(draft->errors, &iso_xsd_invalid, place,
                      "there is no value between minimum and maximum");
}

static bool allows_codes(const struct iso_facets *base, const struct iso_facets *facets)
{
    bool fine = true;
    for (size_t i = 0; fine && facets->codes != base->codes && i < facets->code_count; i++) {
        struct slice code = facets->codes[i];
        fine = iso_value_check(base, &code) == ISO_VALUE_FINE;
    }
    return fine;
}

/* Is there no value that the facets take and those of the base do not? */
static bool is_narrower(const struct iso_facets *base, const struct iso_facets *facets)
{
    int least = compare_limits(facets->minimum, base->minimum);
    int most = compare_limits(facets->maximum, base->maximum);
    return facets->length_min >= base->length_min && facets->length_max <= base->length_max &&
           facets->digits_max <= base->digits_max && facets->fraction_max <= base->fraction_max &&
           least >= 0 && (least > 0 || facets->minimum_excluded >= base->minimum_excluded) &&
           most <= 0 && (most < 0 || facets->maximum_excluded >= base->maximum_excluded) &&
           allows_codes(base, facets);
}

static void check_base(struct iso_draft *draft, const struct iso_facets *base,
                       const struct iso_facets *facets, struct place place)
{
    if (base->pattern_text.at != NULL && !slice_equal(base->pattern_text, facets->pattern_text))
        error_list_at(draft->errors, &iso_xsd_unsupported, place,
                      "a pattern beside that of the type that it restricts");
    if (!is_narrower(base, facets))
        error_list_at(draft->errors, &iso_xsd_invalid, place,
                      "it takes what the type that it restricts does not");
}

void iso_draft_facets_apply(struct iso_draft *draft, struct iso_draft_type *type)
{
    struct iso_facets *facets = &type->type.facets, base = *facets;
    struct restricting restricting = { .arena = &draft->arena };
    size_t error_count = draft->errors->count + draft->errors->dropped;
    for (size_t i = 0; i < type->facet_count; i++)
        restrict_by(draft, &restricting, facets, &draft->facets[type->first_facet + i]);
    end_codes(draft, &restricting, facets);
    end_pattern(draft, facets, type->place);
    free(restricting.codes);
    if (draft->errors->count + draft->errors->dropped > error_count)
        return;
    check_sense(draft, facets, type->place);
    check_base(draft, &base, facets, type->place);
}
