/* What the schemas of a catalogue share: each text, each pattern and each type is
   kept once, whoever has it. */
#include "codecs/iso20022/schema.h"

#include <stdlib.h>

void iso_pool_init(struct iso_pool *pool)
{
    *pool = (struct iso_pool){ .type_count = 0 };
    arena_init(&pool->arena, ARENA_UNLIMITED);
    names_init(&pool->text_rows);
    names_init(&pool->pattern_rows);
    names_init(&pool->type_rows);
}

void iso_pool_fini(struct iso_pool *pool)
{
    names_fini(&pool->text_rows);
    names_fini(&pool->pattern_rows);
    names_fini(&pool->type_rows);
    free(pool->texts);
    free(pool->patterns);
    free(pool->types);
    arena_fini(&pool->arena);
}

struct slice iso_pool_text(struct iso_pool *pool, struct slice text)
{
    if (text.at == NULL)
        return text;
    size_t row = names_find(&pool->text_rows, text);
    if (row != NAMES_NONE)
        return pool->texts[row];
    row = pool->text_count++;
    pool->texts = memory_room(pool->texts, row, &pool->text_room, sizeof *pool->texts);
    pool->texts[row] = arena_copy(&pool->arena, text);
    names_add(&pool->text_rows, pool->texts[row], row);
    return pool->texts[row];
}

const struct iso_pattern *iso_pool_pattern(struct iso_pool *pool, struct slice text,
                                           const char **fault)
{
    size_t row = names_find(&pool->pattern_rows, text);
    if (row != NAMES_NONE)
        return pool->patterns[row];
    const struct iso_pattern *pattern = iso_pattern_compile(text, &pool->arena, fault);
    if (pattern == NULL)
        return NULL;
    row = pool->pattern_count++;
    pool->patterns =
        memory_room(pool->patterns, row, &pool->pattern_room, sizeof(const struct iso_pattern *));
    pool->patterns[row] = pattern;
    names_add(&pool->pattern_rows, iso_pool_text(pool, text), row);
    return pattern;
}

/* Two that are absent are the same. */
static bool same_text(struct slice one, struct slice other)
{
    if (one.at == NULL || other.at == NULL)
        return one.at == other.at;
    return slice_equal(one, other);
}

static bool same_facets(const struct iso_facets *one, const struct iso_facets *other)
{
    bool same =
        one->base == other->base && one->length_min == other->length_min &&
        one->length_max == other->length_max && one->digits_max == other->digits_max &&
        one->fraction_max == other->fraction_max &&
        one->minimum_excluded == other->minimum_excluded &&
        one->maximum_excluded == other->maximum_excluded && same_text(one->fixed, other->fixed) &&
        one->pattern == other->pattern && same_text(one->minimum, other->minimum) &&
        same_text(one->maximum, other->maximum) &&
        same_text(one->pattern_text, other->pattern_text) && one->code_count == other->code_count;
    for (size_t i = 0; same && i < one->code_count; i++)
        same = slice_equal(one->codes[i], other->codes[i]);
    return same;
}

static bool same_element(const struct iso_element *one, const struct iso_element *other)
{
    return one->type == other->type && one->min == other->min && one->max == other->max &&
           one->place == other->place && one->is_branch == other->is_branch &&
           slice_equal(one->name, other->name);
}

static bool same_elements(const struct iso_type *one, const struct iso_type *other)
{
    bool same = one->element_count == other->element_count;
    for (size_t i = 0; same && i < one->element_count; i++)
        same = same_element(&one->elements[i], &other->elements[i]);
    return same;
}

static bool same_attribute(const struct iso_attribute *one, const struct iso_attribute *other)
{
    return one->type == other->type && one->required == other->required &&
           same_text(one->name, other->name);
}

/* What they refer to is shared already: the same types are the same pointers. */
static bool same_type(const struct iso_type *one, const struct iso_type *other)
{
    return one->content == other->content && one->base == other->base &&
           one->wildcard.process == other->wildcard.process &&
           same_text(one->wildcard.namespace, other->wildcard.namespace) &&
           same_attribute(&one->attribute, &other->attribute) &&
           same_facets(&one->facets, &other->facets) && same_elements(one, other);
}

static void keep_facets(struct iso_pool *pool, struct iso_facets *facets)
{
    struct slice *codes = arena_take_array(&pool->arena, facets->code_count, sizeof *codes);
    for (size_t i = 0; i < facets->code_count; i++)
        codes[i] = iso_pool_text(pool, facets->codes[i]);
    facets->codes = codes;
    facets->pattern_text = iso_pool_text(pool, facets->pattern_text);
    facets->minimum = iso_pool_text(pool, facets->minimum);
    facets->maximum = iso_pool_text(pool, facets->maximum);
    facets->fixed = iso_pool_text(pool, facets->fixed);
    facets->only_length = facets->base == ISO_STRING && facets->pattern == NULL &&
                          facets->code_count == 0 && facets->fixed.at == NULL;
}

static void keep_elements(struct iso_pool *pool, struct iso_type *type)
{
    struct iso_element *elements =
        arena_take_array(&pool->arena, type->element_count, sizeof *elements);
    for (size_t i = 0; i < type->element_count; i++) {
        elements[i] = type->elements[i];
        elements[i].name = iso_pool_text(pool, elements[i].name);
    }
    type->elements = elements;
}

static const struct iso_type *keep_type(struct iso_pool *pool, const struct iso_type *type,
                                        size_t row)
{
    struct iso_type *kept = arena_take(&pool->arena, sizeof *kept);
    *kept = *type;
    kept->row = row;
    kept->name = iso_pool_text(pool, type->name);
    kept->attribute.name = iso_pool_text(pool, type->attribute.name);
    kept->wildcard.namespace = iso_pool_text(pool, type->wildcard.namespace);
    keep_facets(pool, &kept->facets);
    keep_elements(pool, kept);
    return kept;
}

const struct iso_type *iso_pool_type(struct iso_pool *pool, const struct iso_type *type)
{
    size_t first = names_find(&pool->type_rows, type->name);
    for (size_t row = first; row != NAMES_NONE; row = pool->types[row].next) {
        if (same_type(pool->types[row].type, type))
            return pool->types[row].type;
    }
    size_t row = pool->type_count++;
    pool->types = memory_room(pool->types, row, &pool->type_room, sizeof *pool->types);
    pool->types[row] = (struct iso_pool_row){ keep_type(pool, type, row), NAMES_NONE };
    if (first == NAMES_NONE) {
        names_add(&pool->type_rows, pool->types[row].type->name, row);
    } else {
        pool->types[row].next = pool->types[first].next;
        pool->types[first].next = row;
    }
    return pool->types[row].type;
}

size_t iso_pool_size(const struct iso_pool *pool)
{
    return pool->arena.used + pool->text_room * sizeof *pool->texts +
           pool->pattern_room * sizeof(const struct iso_pattern *) +
           pool->type_room * sizeof *pool->types + names_size(&pool->text_rows) +
           names_size(&pool->pattern_rows) + names_size(&pool->type_rows);
}
