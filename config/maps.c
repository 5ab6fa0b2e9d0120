/* Maps as their editors write them to struct map_definition: the tree of a
   message becomes a list of paths. */
#include "config/loader.h"

#include <assert.h>
#include <stdlib.h>

/* What a map reads from or writes to. */
enum end_kind {
    END_NONE, /* facts only */
    END_FIX,
    END_ISO,
    END_FACTS, /* a group of facts */
};

struct end {
    enum end_kind kind;
    const struct shape *shape;
    struct slice root; /* ISO: the element that the tree starts with */
};

/* What each use writes; READ uses have a group of facts. */
static const struct {
    enum end_kind target;
    const char *group;
} uses[MAP_USE_COUNT] = {
    [MAP_USE_REQUEST] = { END_FACTS, "instruction" },
    [MAP_USE_STATUS] = { END_FACTS, "status" },
    [MAP_USE_ANSWER] = { END_FACTS, "answer" },
    [MAP_USE_READ_HEADER] = { END_FACTS, "header" },
    [MAP_USE_ORDER] = { END_ISO, NULL },
    [MAP_USE_REPLY] = { END_ISO, NULL },
    [MAP_USE_REFUSE] = { END_ISO, NULL },
    [MAP_USE_REJECT] = { END_ISO, NULL },
    [MAP_USE_HEADER] = { END_ISO, NULL },
    [MAP_USE_ACKNOWLEDGE] = { END_FIX, NULL },
    [MAP_USE_REPORT] = { END_FIX, NULL },
    [MAP_USE_ANNOUNCE] = { END_FIX, NULL },
};

/* The fields of one map as they are collected. */
struct fields {
    struct loader *loader;
    struct map_field *at;
    size_t count, room;
    bool good;
};

static bool refuse(struct loader *loader, struct place place, const char *what, struct slice which)
{
    return error_list_at(loader->errors, &config_bad_value, place, "%s%.*s", what,
                         SLICE_ARG(which));
}

static void add_field(struct fields *fields, struct slice path, struct place path_place,
                      const struct yaml_value *value)
{
    if (value->text.size == 0) {
        fields->good = refuse(fields->loader, value->place, "nothing is written to ", path);
        return;
    }
    fields->at = memory_room(fields->at, fields->count, &fields->room, sizeof *fields->at);
    fields->at[fields->count++] = (struct map_field){ path, value->text, value->place, path_place };
}

static void flatten(struct fields *fields, struct slice path, struct place path_place,
                    const struct yaml_value *value);

static void flatten_list(struct fields *fields, struct slice path, const struct yaml_value *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct slice item =
            arena_format(&fields->loader->config->arena, "%.*s[%zu]", SLICE_ARG(path), i);
        flatten(fields, item, list->items[i]->place, list->items[i]);
    }
}

static void flatten_mapping(struct fields *fields, struct slice path,
                            const struct yaml_value *mapping)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const struct yaml_entry *entry = &mapping->entries[i];
        struct slice inner = entry->key;
        if (path.size > 0)
            inner = arena_format(&fields->loader->config->arena, "%.*s.%.*s", SLICE_ARG(path),
                                 SLICE_ARG(entry->key));
        flatten(fields, inner, entry->place, entry->value);
    }
}

static void flatten(struct fields *fields, struct slice path, struct place path_place,
                    const struct yaml_value *value)
{
    if (value->kind == YAML_TEXT)
        add_field(fields, path, path_place, value);
    else if (value->kind == YAML_LIST)
        flatten_list(fields, path, value);
    else if (value->kind == YAML_MAPPING)
        flatten_mapping(fields, path, value);
    else
        fields->good = false;
}

/* The tree of an ISO message starts with its element, which paths leave out. */
static const struct yaml_value *strip_root(struct loader *loader, const struct yaml_value *tree,
                                           struct slice root)
{
    if (tree->count != 1 || !slice_equal(tree->entries[0].key, root)) {
        refuse(loader, tree->count == 0 ? tree->place : tree->entries[0].place,
               "the tree starts with one key, ", root);
        return NULL;
    }
    const struct yaml_value *inner = tree->entries[0].value;
    if (inner->kind == YAML_MAPPING)
        return inner;
    if (inner->kind != YAML_FAULT)
        refuse(loader, inner->place, "the elements are a mapping below ", root);
    return NULL;
}

/* The table that one entry of `tables` describes; empty when it is at fault. */
static bool read_table(struct loader *loader, const struct yaml_entry *entry,
                       struct lookup_table *table)
{
    const struct yaml_value *value = entry->value;
    size_t size = value->count * sizeof(struct slice);
    struct slice *keys = arena_take(&loader->config->arena, size);
    struct slice *values = arena_take(&loader->config->arena, size);
    *table = (struct lookup_table){ entry->key, keys, values, 0 };
    if (value->kind != YAML_MAPPING && value->kind != YAML_LIST)
        return value->kind != YAML_FAULT &&
               refuse(loader, value->place, "a table is a mapping or a list: ", entry->key);
    for (size_t i = 0; i < value->count; i++) {
        bool mapping = value->kind == YAML_MAPPING;
        const struct yaml_value *item = mapping ? value->entries[i].value : value->items[i];
        if (item->kind != YAML_TEXT)
            return item->kind != YAML_FAULT &&
                   refuse(loader, item->place, "a table holds texts: ", entry->key);
        keys[i] = mapping ? value->entries[i].key : item->text;
        values[i] = item->text;
    }
    table->count = value->count;
    return true;
}

static bool read_tables(struct loader *loader, const struct yaml_value *tables,
                        struct map_definition *definition)
{
    bool good = true;
    size_t count = yaml_count(tables);
    struct lookup_table *at = arena_take_array(&loader->config->arena, count, sizeof *at);
    for (size_t i = 0; i < count; i++) {
        if (!read_table(loader, &tables->entries[i], &at[i]))
            good = false;
    }
    definition->tables = at;
    definition->table_count = count;
    return good;
}

static bool find_iso(const struct loader *loader, struct slice name, struct end *end)
{
    const struct iso_schema *schema = iso_catalogue_find(loader->config->catalogue, name);
    if (schema == NULL)
        return false;
    *end = (struct end){ END_ISO, iso_schema_shape(schema), iso_schema_message_element(schema) };
    if (end->root.at == NULL)
        end->root = SLICE("AppHdr");
    return true;
}

/* In the first dictionary that knows the message. */
static bool find_fix(const struct loader *loader, struct slice name, struct end *end)
{
    for (size_t i = 0; i < loader->config->dictionary_count; i++) {
        const struct shape *shape = fix_dictionary_shape(loader->config->dictionaries[i], name);
        if (shape == NULL)
            continue;
        *end = (struct end){ END_FIX, shape, SLICE_NONE };
        return true;
    }
    return false;
}

static bool find_facts(const struct loader *loader, struct slice name, struct end *end)
{
    (void)loader;
    *end = (struct end){ END_FACTS, facts_shape(name), SLICE_NONE };
    return end->shape != NULL;
}

static const struct {
    const char *key, *what;
    bool (*find)(const struct loader *loader, struct slice name, struct end *end);
} finders[] = { { "iso20022", "schema", find_iso },
                { "fix", "FIX message", find_fix },
                { "facts", "group of facts", find_facts } };

enum { FINDER_COUNT = sizeof finders / sizeof finders[0] };

/* What could not be found may be in a file that could not be read. */
static bool tell_unknown(struct loader *loader, struct place place, const char *what,
                         struct slice name)
{
    if (loader->dictionaries_whole && loader->schemas_whole)
        error_list_at(loader->errors, &config_unknown_name, place, "no %s is named %.*s", what,
                      SLICE_ARG(name));
    return false;
}

/* A plain name is looked for everywhere. */
static bool find_plain(struct loader *loader, const struct yaml_value *value, struct end *end)
{
    if (slice_is(value->text, "facts"))
        return true;
    for (size_t i = 0; i < FINDER_COUNT; i++) {
        if (finders[i].find(loader, value->text, end))
            return true;
    }
    return tell_unknown(loader, value->place, "message or group of facts", value->text);
}

/* {fix: NAME}, {iso20022: ID}, {facts: GROUP}. */
static bool find_named(struct loader *loader, const struct yaml_entry *entry, struct end *end)
{
    size_t finder = 0;
    while (finder < FINDER_COUNT && !slice_is(entry->key, finders[finder].key))
        finder++;
    if (finder == FINDER_COUNT)
        return error_list_at(loader->errors, &config_unknown_key, entry->place,
                             "%.*s (fix, iso20022 or facts)", SLICE_ARG(entry->key));
    if (entry->value->kind == YAML_FAULT)
        return false;
    if (entry->value->kind != YAML_TEXT)
        return refuse(loader, entry->value->place, "a name belongs to ", entry->key);
    return finders[finder].find(loader, entry->value->text, end) ||
           tell_unknown(loader, entry->value->place, finders[finder].what, entry->value->text);
}

/* false: the errors say why. */
static bool find_end(struct loader *loader, const struct yaml_value *value, struct end *end)
{
    *end = (struct end){ .kind = END_NONE };
    if (value->kind == YAML_TEXT)
        return find_plain(loader, value, end);
    if (value->kind == YAML_MAPPING && value->count == 1)
        return find_named(loader, &value->entries[0], end);
    if (value->kind != YAML_FAULT)
        refuse(loader, value->place, "NAME, {fix: NAME}, {iso20022: ID} or {facts: GROUP}",
               SLICE_NONE);
    return false;
}

/* Does the target fit the use? */
static bool check_use(struct loader *loader, const struct map_values *values,
                      const struct end *target)
{
    static const char *const kinds[] = { [END_NONE] = "facts",
                                         [END_FIX] = "a FIX message",
                                         [END_ISO] = "an ISO 20022 message",
                                         [END_FACTS] = "the facts" };
    const char *group = uses[values->use].group;
    bool same = target->shape != NULL && target->kind == uses[values->use].target;
    if (same && (group == NULL || slice_equal(slice_of(target->shape->name), slice_of(group))))
        return true;
    return error_list_at(loader->errors, &config_bad_value, values->to->place,
                         "a map of this use writes to %s%s%s", kinds[uses[values->use].target],
                         group == NULL ? "" : " of group ", group == NULL ? "" : group);
}

/* `write` for messages, `read` for facts. */
static const struct yaml_value *choose_tree(struct loader *loader, const struct map_values *values,
                                            const struct end *target, struct place place)
{
    bool reads = target->kind == END_FACTS;
    const struct yaml_value *tree = reads ? values->read : values->write;
    const struct yaml_value *other = reads ? values->write : values->read;
    if (other != NULL) {
        refuse(loader, other->place,
               reads ? "facts are read: the key is read" : "a message is written: the key is write",
               SLICE_NONE);
        return NULL;
    }
    if (tree == NULL) {
        error_list_at(loader->errors, &config_missing_key, place, "%s", reads ? "read" : "write");
        return NULL;
    }
    return target->kind == END_ISO ? strip_root(loader, tree, target->root) : tree;
}

/* What is said of `each` comes without a place. */
static struct map *make_map(struct loader *loader, const struct map_definition *definition,
                            struct place each_place)
{
    struct error_list errors;
    error_list_init(&errors, 0);
    struct map *map = map_new(definition, &errors);
    for (size_t i = 0; i < errors.count; i++) {
        if (errors.at[i].place.source == NULL)
            errors.at[i].place = each_place;
        error_list_add(loader->errors, &errors.at[i]);
    }
    error_list_fini(&errors);
    return map;
}

/* Proves the map, even when something of it is at fault already, so that all
   errors show. */
static bool prove_map(struct loader *loader, const struct map_values *values,
                      const struct yaml_value *tree, struct map_definition *definition,
                      struct place each_place)
{
    struct fields fields = { .loader = loader, .good = true };
    bool good = read_tables(loader, values->tables, definition);
    flatten(&fields, SLICE_NONE, tree->place, tree);
    definition->fields = fields.at;
    definition->field_count = fields.count;
    struct map *map = make_map(loader, definition, each_place);
    free(fields.at);
    if (map != NULL)
        map_set_add(&loader->config->maps, map);
    return map != NULL && good && fields.good;
}

/* The same message in another dictionary, when the shape is one of FIX; NULL: it
   has none. */
static const struct shape *form_of(const struct loader *loader, const struct shape *shape,
                                   const struct fix_dictionary *dictionary)
{
    const struct config *config = loader->config;
    for (size_t i = 0; shape != NULL && i < config->dictionary_count; i++)
        if (fix_dictionary_shape(config->dictionaries[i], slice_of(shape->name)) == shape)
            return fix_dictionary_shape(dictionary, slice_of(shape->name));
    return shape;
}

/* Once more for every other dictionary that has its messages. */
static bool prove_forms(struct loader *loader, const struct map_values *values,
                        const struct yaml_value *tree, struct map_definition *definition,
                        struct place each_place)
{
    const struct shape *source = definition->source, *target = definition->target;
    bool good = true;
    for (size_t i = 0; i < loader->config->dictionary_count; i++) {
        const struct fix_dictionary *dictionary = loader->config->dictionaries[i];
        definition->source = form_of(loader, source, dictionary);
        definition->target = form_of(loader, target, dictionary);
        bool has_both =
            definition->target != NULL && (source == NULL) == (definition->source == NULL);
        bool is_new = map_set_form(&loader->config->maps, definition->name, definition->source,
                                   definition->target) == NULL;
        if (has_both && is_new)
            good = prove_map(loader, values, tree, definition, each_place) && good;
    }
    return good;
}

/* good: nothing of its keys is at fault. */
static bool build_map(struct loader *loader, const struct map_values *values,
                      struct map_definition *definition, struct place each_place, bool good)
{
    struct end source, target;
    bool found = find_end(loader, values->from, &source);
    if (!find_end(loader, values->to, &target) || !found)
        return false;
    const struct yaml_value *tree = choose_tree(loader, values, &target, definition->place);
    definition->source = source.shape;
    definition->target = target.shape;
    good = good && check_use(loader, values, &target);
    return tree != NULL && prove_map(loader, values, tree, definition, each_place) && good &&
           prove_forms(loader, values, tree, definition, each_place);
}

bool loader_map(struct loader *loader, const struct yaml_value *file, struct taken *taken)
{
    struct map_values values = { 0 };
    bool good = keys_read(&map_table, file, &loader->scope, &values);
    if (values.name.at == NULL || values.from == NULL || values.to == NULL)
        return false;
    struct map_definition definition = {
        .name = values.name,
        .place = yaml_get(file, "map")->place,
        .use = values.use,
        .flow = values.flow,
        .each = values.each,
    };
    if (values.when != NULL) {
        definition.when = values.when->text;
        definition.when_place = values.when->place;
    }
    const struct yaml_value *each = yaml_get(file, "each");
    bool unique = loader_take_name(loader, taken, values.name, definition.place, "map");
    return build_map(loader, &values, &definition, each != NULL ? each->place : definition.place,
                     good) &&
           unique;
}

void loader_maps(struct loader *loader, struct place asked_at)
{
    struct slice folder = loader->files.maps, *files;
    struct taken taken;
    size_t count;
    loader->maps_whole = folder.at == NULL ||
                         source_list(&loader->sources, folder, ".yaml", asked_at, &files, &count);
    if (folder.at == NULL || !loader->maps_whole)
        return;
    taken_init(&taken);
    for (size_t i = 0; i < count; i++) {
        struct slice path = arena_format(&loader->config->arena, "%.*s/%.*s", SLICE_ARG(folder),
                                         SLICE_ARG(files[i]));
        const struct yaml_value *file = loader_yaml(loader, path, files[i], asked_at);
        if (file == NULL || !loader_map(loader, file, &taken))
            loader->maps_whole = false;
    }
    taken_fini(&taken);
    free(files);
}
