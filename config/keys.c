/* Walks a key table over a mapping. */
#include "config/keys.h"

#include "config/config.h"

#include <assert.h>

enum { KEY_COUNT_MAX = 64 };

static const struct key *find_key(const struct key_table *table, struct slice name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (slice_is(name, table->keys[i].name))
            return &table->keys[i];
    }
    return NULL;
}

static bool refuse_unknown(const struct key_table *table, const struct yaml_entry *entry,
                           struct error_list *errors)
{
    const char *names[KEY_COUNT_MAX];
    assert(table->count <= KEY_COUNT_MAX);
    for (size_t i = 0; i < table->count; i++)
        names[i] = table->keys[i].name;
    return error_list_at(errors, &config_unknown_key, entry->place, "%.*s%s", SLICE_ARG(entry->key),
                         error_suggestion(entry->key, names, table->count));
}

static bool set_default(const struct key *key, const struct key_scope *scope, struct place place,
                        void *field)
{
    struct yaml_value value = { .kind = YAML_TEXT,
                                .place = place,
                                .text = slice_of(key->if_absent) };
    return key->if_absent[0] == '\0' || key_parse(key, &value, scope, field);
}

static bool read_key(const struct key_table *table, const struct key *key,
                     const struct yaml_value *mapping, const struct key_scope *scope, void *field)
{
    const struct yaml_value *value = yaml_get(mapping, key->name);
    assert(key->size == key_kind_size(key->kind));
    if (value != NULL)
        return value->kind != YAML_FAULT && key_parse(key, value, scope, field);
    if (key->if_absent != NULL)
        return set_default(key, scope, mapping->place, field);
    return error_list_at(scope->errors, &config_missing_key, mapping->place, "%s of %s (%s)",
                         key->name, table->name, key->what);
}

bool keys_read(const struct key_table *table, const struct yaml_value *mapping,
               const struct key_scope *scope, void *values)
{
    bool good = true;
    if (mapping->kind == YAML_FAULT)
        return false;
    if (mapping->kind != YAML_MAPPING)
        return error_list_at(scope->errors, &config_bad_value, mapping->place,
                             "%s is a mapping, not %s", table->name, yaml_kind_name(mapping->kind));
    for (size_t i = 0; i < mapping->count; i++) {
        if (find_key(table, mapping->entries[i].key) == NULL)
            good = refuse_unknown(table, &mapping->entries[i], scope->errors);
    }
    for (size_t i = 0; i < table->count; i++) {
        const struct key *key = &table->keys[i];
        if (!read_key(table, key, mapping, scope, (char *)values + key->offset))
            good = false;
    }
    return good;
}
