/* From XSD to tables, and looking things up in them. */
#include "codecs/iso20022/schema.h"

#include "codecs/iso20022/draft.h"

#include <stdlib.h>

struct iso_schema *iso_schema_compile(struct iso_pool *pool, struct slice xsd, const char *source,
                                      struct error_list *errors)
{
    struct iso_draft draft = { .pool = pool, .errors = errors, .place = { .source = source } };
    struct iso_schema *schema = NULL;
    size_t error_count = errors->count + errors->dropped, used = pool->arena.used;
    arena_init(&draft.arena, ARENA_UNLIMITED);
    iso_draft_read(&draft, xsd, source);
    if (errors->count + errors->dropped == error_count)
        schema = iso_draft_link(&draft);
    if (schema != NULL)
        schema->size = pool->arena.used - used;
    free(draft.types);
    free(draft.elements);
    free(draft.facets);
    arena_fini(&draft.arena);
    return schema;
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
    size_t low = 0, high = schema->type_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = slice_compare(name, schema->types[middle]->name);
        if (order == 0)
            return schema->types[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
