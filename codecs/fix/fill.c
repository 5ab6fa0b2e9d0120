/* Fills slots from a message in one walk over its fields: what is wanted is a
   tree beside the groups of the dictionary. */
#include "codecs/fix/message.h"
#include "codecs/fix/shape_operations.h"
#include "codecs/fix/value.h"

#include <assert.h>
#include <stdlib.h>

#define SLOT_NONE SIZE_MAX

struct selection;

/* What is wanted of one message or group instance. */
struct wants {
    const struct fix_members *members;
    size_t *first_slot;           /* by row; SLOT_NONE: the field is not wanted */
    struct selection *selections; /* instances of its groups */
};

struct selection {
    struct fix_path_step step;
    struct wants wants;
    struct selection *next;
};

struct shape_reader {
    struct arena arena;
    const struct fix_message_type *type;
    size_t slot_count;
    size_t *next_slot; /* by slot: another one for the same field */
    struct wants header, body;
};

static void wants_init(struct wants *wants, const struct fix_members *members, struct arena *arena)
{
    *wants = (struct wants){ .members = members };
    wants->first_slot = arena_take_array(arena, members->count, sizeof *wants->first_slot);
    for (size_t i = 0; i < members->count; i++)
        wants->first_slot[i] = SLOT_NONE;
}

static bool same_step(const struct fix_path_step *one, const struct fix_path_step *other)
{
    return one->row == other->row && one->selector == other->selector &&
           one->index == other->index && slice_equal(one->selected, other->selected);
}

/* The selection of this instance, made when it is not there. */
static struct wants *select_instance(struct wants *wants, const struct fix_path_step *step,
                                     struct arena *arena)
{
    struct selection **at = &wants->selections;
    while (*at != NULL && !same_step(&(*at)->step, step))
        at = &(*at)->next;
    if (*at == NULL) {
        *at = arena_take(arena, sizeof **at);
        (*at)->step = *step;
        (*at)->step.selected = arena_copy(arena, step->selected);
        wants_init(&(*at)->wants, step->group, arena);
    }
    return &(*at)->wants;
}

static void want(struct shape_reader *reader, const struct fix_path *path, size_t slot)
{
    struct wants *wants = path->in_header ? &reader->header : &reader->body;
    for (size_t i = 0; i < path->depth; i++)
        wants = select_instance(wants, &path->steps[i], &reader->arena);
    reader->next_slot[slot] = wants->first_slot[path->row];
    wants->first_slot[path->row] = slot;
}

struct shape_reader *fix_reader_new(const struct shape *shape, const struct slice *paths,
                                    size_t count, struct slice each, struct error_list *errors)
{
    const struct fix_message_shape *message = shape->message;
    struct shape_reader *reader = memory_take(sizeof *reader);
    struct fix_path path;
    struct error error;
    bool good = true;
    *reader = (struct shape_reader){ .type = message->type, .slot_count = count };
    arena_init(&reader->arena, ARENA_UNLIMITED);
    wants_init(&reader->header, fix_dictionary_header(message->dictionary), &reader->arena);
    wants_init(&reader->body, &message->type->body, &reader->arena);
    reader->next_slot = arena_take_array(&reader->arena, count, sizeof *reader->next_slot);
    if (each.at != NULL)
        good = error_list_at(errors, &shape_bad_path, PLACE_NONE,
                             "%.*s: a FIX message is one record", SLICE_ARG(each));
    for (size_t i = 0; i < count; i++) {
        if (fix_path_resolve(message, paths[i], PLACE_NONE, &path, &error)) {
            want(reader, &path, i);
        } else {
            error_list_add(errors, &error);
            good = false;
        }
    }
    if (good)
        return reader;
    fix_reader_free(reader);
    return NULL;
}

void fix_reader_free(struct shape_reader *reader)
{
    if (reader == NULL)
        return;
    arena_fini(&reader->arena);
    free(reader);
}

/* One walk. */
struct filling {
    const struct shape_reader *reader;
    const struct fix_message *message;
    struct record *record;
    struct arena *arena;
};

static void fill(const struct filling *filling, const struct wants *wants, size_t at, size_t end);

/* The selector, itself and not one in a group further in, has its value. */
static bool selected(const struct fix_message *message, const struct fix_path_step *step, size_t at,
                     size_t end)
{
    while (at < end) {
        const struct fix_field *field = &message->fields[at++];
        if (field->tag == step->selector->tag)
            return fix_value_equal(step->selector, field->value, step->selected);
        const struct fix_member *member = fix_members_find(step->group, field->tag);
        if (member != NULL && member->group != NULL)
            at = fix_message_group_end(message, member->group, at, end);
    }
    return false;
}

/* The first instance that is selected, of those in fields [at, end). */
static void fill_selection(const struct filling *filling, const struct selection *selection,
                           size_t at, size_t end)
{
    const struct fix_path_step *step = &selection->step;
    for (size_t index = 0; at < end; index++) {
        size_t behind = fix_message_instance_end(filling->message, step->group, at, end);
        if (step->selector == NULL ? index == step->index
                                   : selected(filling->message, step, at, behind)) {
            fill(filling, &selection->wants, at, behind);
            return;
        }
        at = behind;
    }
}

static void fill(const struct filling *filling, const struct wants *wants, size_t at, size_t end)
{
    while (at < end) {
        const struct fix_field *field = &filling->message->fields[at++];
        const struct fix_member *member = fix_members_find(wants->members, field->tag);
        if (member == NULL)
            continue; /* kept since before the dictionary was changed */
        size_t row = (size_t)(member - wants->members->at);
        for (size_t slot = wants->first_slot[row]; slot != SLOT_NONE;
             slot = filling->reader->next_slot[slot])
            record_add(filling->record, slot, field->value, filling->arena);
        if (member->group == NULL)
            continue;
        size_t behind = fix_message_group_end(filling->message, member->group, at, end);
        for (const struct selection *selection = wants->selections; selection != NULL;
             selection = selection->next) {
            if (selection->step.row == row)
                fill_selection(filling, selection, at, behind);
        }
        at = behind;
    }
}

void fix_message_fill(const struct shape_reader *reader, const struct fix_message *message,
                      struct record *record, struct arena *arena)
{
    struct filling filling = { reader, message, record, arena };
    assert(message->type == reader->type && record->count == reader->slot_count);
    fill(&filling, &reader->header, 0, message->body_first);
    fill(&filling, &reader->body, message->body_first, message->body_end);
}
