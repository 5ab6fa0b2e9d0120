/* Builds the tree of wanted elements, and fills records by it. */
#include "codecs/iso20022/reader.h"

#include "codecs/iso20022/batch_gather.h"
#include "codecs/iso20022/path.h"

#include <stdlib.h>

const struct iso_reader_node *iso_reader_child(const struct iso_reader_node *node,
                                               const struct iso_element *element)
{
    if (node == NULL)
        return NULL;
    const struct iso_reader_node *child = node->children;
    while (child != NULL && child->element != element)
        child = child->next;
    return child;
}

static struct iso_reader_node *add_child(struct shape_reader *reader, struct iso_reader_node *node,
                                         const struct iso_element *element)
{
    struct iso_reader_node *child = node->children;
    while (child != NULL && child->element != element)
        child = child->next;
    if (child != NULL)
        return child;
    child = arena_take(&reader->arena, sizeof *child);
    child->element = element;
    child->next = node->children;
    node->children = child;
    return child;
}

static void add_slot(struct shape_reader *reader, struct iso_reader_slot **list, size_t slot)
{
    struct iso_reader_slot *added = arena_take(&reader->arena, sizeof *added);
    *added = (struct iso_reader_slot){ slot, *list };
    *list = added;
}

static bool check_instances(const struct iso_path *path, struct slice text,
                            struct error_list *errors)
{
    for (size_t i = 0; i < path->count; i++) {
        if (path->steps[i].instance != NAMES_NONE)
            return error_list_at(errors, &shape_bad_path, PLACE_NONE,
                                 "%.*s: a number in brackets is for writing", SLICE_ARG(text));
    }
    return true;
}

/* Does the schema have the path's element behind `each`, so that it is not yet read
   when an `each` ends? */
static bool is_behind(const struct iso_path *path, const struct iso_path *each)
{
    size_t i = 0;
    while (i < path->count && i < each->count && path->steps[i].row == each->steps[i].row)
        i++;
    return i < path->count && i < each->count && path->steps[i].row > each->steps[i].row;
}

static void add_path(struct shape_reader *reader, struct slice text, size_t slot,
                     const struct iso_path *each, struct error_list *errors)
{
    struct iso_path path;
    struct error error;
    if (!iso_path_resolve(reader->schema, text, PLACE_NONE, &path, &error) ||
        iso_path_facets(&path, text, PLACE_NONE, &error) == NULL) {
        error_list_add(errors, &error);
        return;
    }
    if (!check_instances(&path, text, errors))
        return;
    struct iso_reader_node *node = reader->message, *scope = node;
    for (size_t i = 0; i < path.count; i++) {
        node = add_child(reader, node, path.steps[i].element);
        if (node->is_scope)
            scope = node;
    }
    add_slot(reader, path.end == ISO_PATH_ATTRIBUTE ? &node->attributes : &node->texts, slot);
    add_slot(reader, &scope->scope_slots, slot);
    if (is_behind(&path, each))
        reader->behind = arena_copy(&reader->arena, text);
}

/* Every repeating element on the way to `each`, and each itself, is a scope. */
static void add_each(struct shape_reader *reader, struct slice each, struct iso_path *path,
                     struct error_list *errors)
{
    struct error error;
    struct iso_reader_node *node = reader->message;
    if (!iso_path_resolve(reader->schema, each, PLACE_NONE, path, &error)) {
        error_list_add(errors, &error);
        return;
    }
    if (!check_instances(path, each, errors))
        return;
    for (size_t i = 0; i < path->count; i++) {
        node = add_child(reader, node, path->steps[i].element);
        node->is_scope = node->element->max > 1;
        reader->scope_count += node->is_scope;
    }
    if (!node->is_scope)
        error_list_at(errors, &shape_bad_path, PLACE_NONE, "%.*s: it does not repeat",
                      SLICE_ARG(each));
}

struct shape_reader *iso_reader_new(const struct shape *shape, const struct slice *paths,
                                    size_t count, struct slice each, struct error_list *errors)
{
    struct shape_reader *reader = memory_take(sizeof *reader);
    size_t error_count = errors->count + errors->dropped;
    struct iso_path each_path = { .count = 0 };
    *reader =
        (struct shape_reader){ .schema = shape->message, .slot_count = count, .scope_count = 1 };
    arena_init(&reader->arena, ARENA_UNLIMITED);
    reader->message = arena_take(&reader->arena, sizeof *reader->message);
    reader->message->element = reader->schema->message;
    reader->message->is_scope = true;
    if (each.at != NULL)
        add_each(reader, each, &each_path, errors);
    for (size_t i = 0; i < count; i++)
        add_path(reader, paths[i], i, &each_path, errors);
    if (errors->count + errors->dropped == error_count)
        return reader;
    iso_reader_free(reader);
    return NULL;
}

void iso_reader_free(struct shape_reader *reader)
{
    if (reader == NULL)
        return;
    arena_fini(&reader->arena);
    free(reader);
}

void iso_fill_init(struct iso_fill *fill, const struct shape_reader *reader, struct arena *arena,
                   struct iso_gather *gather)
{
    *fill = (struct iso_fill){ .reader = reader, .arena = arena, .gather = gather };
    if (reader == NULL)
        return;
    fill->values = memory_take(reader->slot_count * sizeof *fill->values);
    fill->ends = memory_take(reader->slot_count * sizeof(struct value *));
}

void iso_fill_fini(struct iso_fill *fill)
{
    free(fill->values);
    free(fill->ends);
}

void iso_fill_open(struct iso_fill *fill, const struct iso_reader_node *node)
{
    if (fill->gather != NULL)
        iso_gather_open(fill->gather, fill, node);
    for (const struct iso_reader_slot *slot = node->scope_slots; slot != NULL; slot = slot->next) {
        fill->values[slot->slot] = (struct value){ SLICE_NONE, NULL };
        fill->ends[slot->slot] = NULL;
    }
}

static void add_value(struct iso_fill *fill, size_t slot, struct slice text)
{
    struct value *value = &fill->values[slot];
    if (fill->ends[slot] != NULL) {
        value = arena_take(fill->arena, sizeof *value);
        if (value == NULL)
            return;
        fill->ends[slot]->next = value;
    }
    value->text = text;
    fill->ends[slot] = value;
}

void iso_fill_add(struct iso_fill *fill, const struct iso_reader_slot *slots, struct slice text)
{
    if (fill->gather != NULL && iso_gather_skips(fill->gather, fill))
        return;
    struct slice kept = arena_copy(fill->arena, text);
    for (; slots != NULL && kept.at != NULL; slots = slots->next)
        add_value(fill, slots->slot, kept);
}

/* The list of records is taken from the arena, too: it counts as their memory. */
static void add_record(struct iso_fill *fill)
{
    if (fill->record_count == fill->record_room) {
        size_t room = fill->record_room == 0 ? 8 : fill->record_room * 2;
        struct record *grown = arena_take_array(fill->arena, room, sizeof *grown);
        if (grown == NULL)
            return;
        if (fill->record_count > 0)
            memcpy(grown, fill->records, fill->record_count * sizeof *grown);
        fill->records = grown;
        fill->record_room = room;
    }
    fill->records[fill->record_count++] = record_take(fill->arena, fill->reader->slot_count);
}

void iso_fill_close(struct iso_fill *fill, const struct iso_reader_node *node, size_t first_record)
{
    if (fill->gather != NULL) {
        if (fill->record_count == first_record)
            iso_gather_add(fill->gather, fill, ++fill->record_count);
        iso_gather_close(fill->gather, fill);
        return;
    }
    if (fill->record_count == first_record)
        add_record(fill);
    if (!arena_ok(fill->arena))
        return;
    for (const struct iso_reader_slot *slot = node->scope_slots; slot != NULL; slot = slot->next) {
        for (size_t i = first_record; i < fill->record_count; i++)
            fill->records[i].values[slot->slot] = fill->values[slot->slot];
    }
}
