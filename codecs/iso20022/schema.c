/* From XSD to tables, and looking things up in them. */
#include "codecs/iso20022/schema.h"

#include "codecs/iso20022/draft.h"

#include <stdlib.h>

void iso_pool_init(struct iso_pool *pool)
{
    *pool = (struct iso_pool){ .type_count = 0 };
    arena_init(&pool->arena, ARENA_UNLIMITED);
    names_init(&pool->type_keys);
    names_init(&pool->pattern_texts);
}

void iso_pool_fini(struct iso_pool *pool)
{
    names_fini(&pool->type_keys);
    names_fini(&pool->pattern_texts);
    free(pool->types);
    free(pool->patterns);
    arena_fini(&pool->arena);
}

struct iso_schema *iso_schema_compile(struct iso_pool *pool, struct slice xsd, const char *source,
                                      struct error_list *errors)
{
    struct iso_draft draft = { .pool = pool, .errors = errors, .place = { .source = source } };
    struct iso_schema *schema = NULL;
    size_t error_count = errors->count + errors->dropped;
    arena_init(&draft.arena, ARENA_UNLIMITED);
    iso_draft_read(&draft, xsd, source);
    if (errors->count + errors->dropped == error_count)
        schema = iso_draft_link(&draft);
    free(draft.types);
    free(draft.elements);
    arena_fini(&draft.arena);
    return schema;
}

void iso_schema_fini(struct iso_schema *schema)
{
    names_fini(&schema->type_names);
}

const struct iso_facets *iso_type_facets(const struct iso_type *type)
{
    if (type->content == ISO_TEXT)
        return &type->facets;
    return type->content == ISO_AMOUNT ? &type->base->facets : NULL;
}

size_t iso_type_find(const struct iso_type *type, struct slice name, size_t from)
{
    for (size_t i = from; i < type->element_count; i++) {
        if (slice_equal(type->elements[i].name, name))
            return i;
    }
    for (size_t i = 0; i < from && i < type->element_count; i++) {
        if (slice_equal(type->elements[i].name, name))
            return i;
    }
    return NAMES_NONE;
}

const struct iso_type *iso_schema_type(const struct iso_schema *schema, struct slice name)
{
    size_t row = names_find(&schema->type_names, name);
    return row == NAMES_NONE ? NULL : schema->types[row];
}
