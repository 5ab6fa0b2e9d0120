/* Every valid sample that paths can express (no free XML, no element without
   anything in it) is taken apart into paths and values, composed again from them,
   and judged by libxml2 with the official schema; taken apart once more it must
   be the same. */
#include "oracle.h"
#include "reference.h"

#include "codecs/iso20022/schema.h"

static struct iso_catalogue *catalogue;
static const char *shared;

static int set_up(void **state)
{
    (void)state;
    shared = kit_shared("roundtrip_test");
    catalogue = shared == NULL ? NULL : reference_catalogue();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    return 0;
}

enum { LEVEL_MAX = 32 };

/* The leaves of a document: path i has values[i]. */
struct leaves {
    struct arena arena;
    struct slice *paths, *values;
    size_t count, path_room, value_room;
};

struct level {
    const struct iso_type *type;
    size_t row;    /* of the last child */
    unsigned seen; /* how many of it before */
    size_t path_size;
    bool had_text;
};

struct walk {
    struct leaves *leaves;
    const struct iso_schema *schema;
    struct level levels[LEVEL_MAX];
    size_t depth; /* 1: the message element is open */
    struct writer path;
    bool unusable; /* there is free XML or an element without anything in it */
};

static void add_leaf(struct walk *walk, const char *part, struct slice value)
{
    struct leaves *leaves = walk->leaves;
    leaves->paths =
        memory_room(leaves->paths, leaves->count, &leaves->path_room, sizeof *leaves->paths);
    leaves->values =
        memory_room(leaves->values, leaves->count, &leaves->value_room, sizeof *leaves->values);
    leaves->paths[leaves->count] =
        arena_format(&leaves->arena, "%.*s%s", SLICE_ARG(writer_slice(&walk->path)), part);
    leaves->values[leaves->count++] = arena_copy(&leaves->arena, value);
}

static void open_level(struct walk *walk, const struct xml_event *event)
{
    struct level *above = &walk->levels[walk->depth - 1];
    size_t row = iso_type_find(above->type, event->name, 0);
    if (above->type->content != ISO_ELEMENTS) {
        walk->unusable = true;
        return;
    }
    const struct iso_element *element = &above->type->elements[row];
    above->seen = above->row == row ? above->seen + 1 : 0;
    above->row = row;
    struct level *level = &walk->levels[walk->depth++];
    *level =
        (struct level){ .type = element->type, .row = NAMES_NONE, .path_size = walk->path.used };
    writer_format(&walk->path, "%s%.*s", walk->path.used == 0 ? "" : ".", SLICE_ARG(element->name));
    if (element->max > 1)
        writer_format(&walk->path, "[%u]", above->seen);
    for (size_t i = 0; i < event->attribute_count && level->type->content == ISO_AMOUNT; i++) {
        if (event->attributes[i].namespace.at == NULL)
            add_leaf(walk, ".Ccy", event->attributes[i].value);
    }
}

static void take_text(struct walk *walk, struct slice text)
{
    struct level *level = &walk->levels[walk->depth - 1];
    if (iso_type_facets(level->type) != NULL && !level->had_text)
        add_leaf(walk, level->type->content == ISO_AMOUNT ? ".value" : "", text);
    level->had_text = true;
}

static void take_event(struct walk *walk, const struct xml_event *event)
{
    if (event->kind == XML_EVENT_START) {
        if (walk->depth > 0)
            open_level(walk, event);
        else if (slice_equal(event->name, walk->schema->message->name))
            walk->levels[walk->depth++] =
                (struct level){ .type = walk->schema->message->type, .row = NAMES_NONE };
    } else if (walk->depth > 0 && event->kind == XML_EVENT_TEXT) {
        take_text(walk, event->text);
    } else if (walk->depth > 0) {
        take_text(walk, SLICE("")); /* when there was none */
        const struct level *level = &walk->levels[walk->depth - 1];
        if (level->type->content == ISO_ELEMENTS && level->row == NAMES_NONE)
            walk->unusable = true;
        walk->path.used = walk->levels[--walk->depth].path_size;
    }
}

/* false: paths can't express the document. */
static bool take_apart(const struct iso_schema *schema, struct slice xml, struct leaves *leaves)
{
    struct walk walk = { .leaves = leaves, .schema = schema };
    struct xml_reader *reader = xml_reader_new(NULL, &xml_limits_default);
    struct error error;
    struct xml_event event;
    arena_init(&leaves->arena, ARENA_UNLIMITED);
    writer_init(&walk.path, 0);
    assert_true(xml_reader_feed(reader, xml, true, &error));
    while (!walk.unusable && xml_reader_next(reader, &event))
        take_event(&walk, &event);
    xml_reader_free(reader);
    writer_fini(&walk.path);
    return !walk.unusable;
}

static void leaves_fini(struct leaves *leaves)
{
    free(leaves->paths);
    free(leaves->values);
    arena_fini(&leaves->arena);
    *leaves = (struct leaves){ .count = 0 };
}

static void put_together(const struct iso_schema *schema, const struct leaves *leaves,
                         struct writer *writer)
{
    const struct shape *shape = iso_schema_shape(schema);
    struct error_list errors;
    struct error error;
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    error_list_init(&errors, 0);
    struct place *places = arena_take_array(&arena, leaves->count, sizeof *places);
    bool *optional = arena_take_array(&arena, leaves->count, sizeof *optional);
    struct record record = record_take(&arena, leaves->count);
    for (size_t i = 0; i < leaves->count; i++)
        record.values[i].text = leaves->values[i];
    struct shape_composer *composer = shape->operations->composer(
        shape, leaves->paths, places, optional, leaves->count, PLACE_NONE, &errors);
    if (composer == NULL)
        fail_msg("%s: %s", errors.at[0].kind->text, errors.at[0].detail);
    if (!shape->operations->compose(composer, &record, writer, &error))
        fail_msg("%s: %s", error.kind->text, error.detail);
    shape->operations->composer_free(composer);
    arena_fini(&arena);
}

static void assert_same_leaves(const struct leaves *one, const struct leaves *other)
{
    assert_int_equal(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        assert_slice_equal(other->paths[i], one->paths[i].at);
        assert_true(other->values[i].size <= one->values[i].size); /* white space may go */
    }
}

/* false: paths can't express it. */
static bool check_roundtrip(const struct iso_schema *schema, xmlSchemaPtr official,
                            struct slice xml)
{
    struct leaves leaves = { .count = 0 }, again = { .count = 0 };
    bool usable = take_apart(schema, xml, &leaves);
    if (usable) {
        struct writer composed, twice;
        writer_init(&composed, 0);
        writer_init(&twice, 0);
        put_together(schema, &leaves, &composed);
        assert_true(oracle_accepts(official, writer_slice(&composed)));
        reference_findings(catalogue, NULL, writer_slice(&composed), &twice);
        assert_slice_equal(writer_slice(&twice), "");
        assert_true(take_apart(schema, writer_slice(&composed), &again));
        assert_same_leaves(&leaves, &again);
        put_together(schema, &again, &twice);
        assert_slice_equal(writer_slice(&twice), writer_slice(&composed).at);
        writer_fini(&composed);
        writer_fini(&twice);
        leaves_fini(&again);
    }
    leaves_fini(&leaves);
    return usable;
}

/* How many documents of a folder that begin with prefix could be used. */
static size_t check_folder(const struct iso_schema *schema, xmlSchemaPtr official,
                           const char *folder, const char *prefix)
{
    char path[REFERENCE_PATH_MAX + 300];
    size_t used = 0;
    struct reference_names names = reference_list(folder, ".xml");
    for (size_t i = 0; i < names.count; i++) {
        if (strncmp(names.at[i], prefix, strlen(prefix)) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, names.at[i]);
        struct slice xml = kit_read_file(path);
        used += check_roundtrip(schema, official, xml);
        kit_free_file(xml);
    }
    free(names.at);
    return used;
}

static void samples_survive_being_taken_apart_and_composed(void **state)
{
    char folder[REFERENCE_PATH_MAX];
    size_t used = 0;
    (void)state;
    if (shared == NULL)
        skip();
    for (size_t i = 0; i < iso_catalogue_count(catalogue); i++) {
        const struct iso_schema *schema = iso_catalogue_at(catalogue, i);
        xmlSchemaPtr official = oracle_schema(shared, iso_schema_id(schema).at);
        snprintf(folder, sizeof folder, "%s/iso20022/samples/coverage", shared);
        used += check_folder(schema, official, folder, iso_schema_id(schema).at);
        snprintf(folder, sizeof folder, "%s/iso20022/samples/valid/%s", shared,
                 iso_schema_id(schema).at);
        used += check_folder(schema, official, folder, "");
        xmlSchemaFree(official);
    }
    xmlSchemaCleanupTypes();
    print_message("%zu documents composed again\n", used);
    assert_true(used > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_survive_being_taken_apart_and_composed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
