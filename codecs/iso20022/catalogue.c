/* All schemas that are loaded, and the types that they share. */
#include "codecs/iso20022/catalogue.h"

#include "codecs/iso20022/schema.h"

#include <stdlib.h>

struct iso_catalogue {
    struct iso_pool pool;
    struct iso_schema **schemas;
    size_t count, room;
    struct names ids;
};

struct iso_catalogue *iso_catalogue_new(void)
{
    struct iso_catalogue *catalogue = memory_take(sizeof *catalogue);
    *catalogue = (struct iso_catalogue){ .count = 0 };
    iso_pool_init(&catalogue->pool);
    names_init(&catalogue->ids);
    return catalogue;
}

void iso_catalogue_free(struct iso_catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    free(catalogue->schemas);
    names_fini(&catalogue->ids);
    iso_pool_fini(&catalogue->pool);
    free(catalogue);
}

bool iso_catalogue_add(struct iso_catalogue *catalogue, struct slice xsd, const char *source,
                       struct error_list *errors)
{
    struct iso_schema *schema = iso_schema_compile(&catalogue->pool, xsd, source, errors);
    if (schema == NULL)
        return false;
    if (!names_add(&catalogue->ids, schema->id, catalogue->count)) {
        struct place place = { .source = source };
        error_list_at(errors, &iso_xsd_repeated, place, "the schema of %.*s",
                      SLICE_ARG(schema->id));
        return false;
    }
    catalogue->schemas = memory_room(catalogue->schemas, catalogue->count, &catalogue->room,
                                     sizeof(struct iso_schema *));
    schema->row = catalogue->count;
    catalogue->schemas[catalogue->count++] = schema;
    return true;
}

size_t iso_catalogue_count(const struct iso_catalogue *catalogue)
{
    return catalogue->count;
}

const struct iso_schema *iso_catalogue_at(const struct iso_catalogue *catalogue, size_t index)
{
    return catalogue->schemas[index];
}

const struct iso_schema *iso_catalogue_find(const struct iso_catalogue *catalogue,
                                            struct slice message_id)
{
    size_t row = names_find(&catalogue->ids, message_id);
    return row == NAMES_NONE ? NULL : catalogue->schemas[row];
}

size_t iso_catalogue_type_count(const struct iso_catalogue *catalogue)
{
    return catalogue->pool.type_count;
}

size_t iso_catalogue_size(const struct iso_catalogue *catalogue)
{
    return iso_pool_size(&catalogue->pool) + names_size(&catalogue->ids) +
           catalogue->room * sizeof(struct iso_schema *);
}

const struct iso_pool *iso_catalogue_pool(const struct iso_catalogue *catalogue)
{
    return &catalogue->pool;
}

struct slice iso_schema_id(const struct iso_schema *schema)
{
    return schema->id;
}

struct slice iso_schema_namespace(const struct iso_schema *schema)
{
    return schema->namespace;
}

struct slice iso_schema_message_element(const struct iso_schema *schema)
{
    return schema->message == &schema->root ? SLICE_NONE : schema->message->name;
}

const char *iso_schema_source(const struct iso_schema *schema)
{
    return schema->source;
}

size_t iso_schema_type_count(const struct iso_schema *schema)
{
    return schema->type_count;
}

size_t iso_schema_size(const struct iso_schema *schema)
{
    return schema->size;
}

const struct shape *iso_schema_shape(const struct iso_schema *schema)
{
    return &schema->shape;
}
