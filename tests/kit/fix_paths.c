/* Walks the body of a message beside the dictionary. */
#include "kit/fix_paths.h"

#include "kit/kit.h"

/* The length of the data field that comes next. */
static bool is_length(const struct fix_members *members, const struct fix_member *member)
{
    return member + 1 < members->at + members->count &&
           member[1].field->length_tag == member->field->tag;
}

static void walk(struct fix_paths *paths, const struct fix_message *message,
                 const struct fix_members *members, struct slice prefix, size_t at, size_t end);

static size_t walk_group(struct fix_paths *paths, const struct fix_message *message,
                         const struct fix_member *member, struct slice prefix, size_t at)
{
    size_t end = fix_message_group_end(message, member->group, at, message->body_end);
    for (size_t index = 0; at < end; index++) {
        size_t next = fix_message_instance_end(message, member->group, at, end);
        walk(paths, message, member->group,
             arena_format(paths->arena, "%.*s%s[%zu].", SLICE_ARG(prefix), member->field->name.at,
                          index),
             at, next);
        at = next;
    }
    return end;
}

static void walk(struct fix_paths *paths, const struct fix_message *message,
                 const struct fix_members *members, struct slice prefix, size_t at, size_t end)
{
    while (at < end) {
        const struct fix_field *field = &message->fields[at++];
        const struct fix_member *member = fix_members_find(members, field->tag);
        assert_non_null(member);
        if (member->group != NULL) {
            at = walk_group(paths, message, member, prefix, at);
        } else if (!is_length(members, member)) {
            paths->paths[paths->count] =
                arena_format(paths->arena, "%.*s%s", SLICE_ARG(prefix), member->field->name.at);
            paths->record.values[paths->count++].text = field->value;
        }
    }
}

struct fix_paths fix_paths_of(const struct fix_message *message, struct arena *arena)
{
    size_t room = message->body_end - message->body_first;
    struct fix_paths paths = { .arena = arena,
                               .paths = arena_take_array(arena, room, sizeof *paths.paths),
                               .record = record_take(arena, room) };
    walk(&paths, message, &message->type->body, SLICE(""), message->body_first, message->body_end);
    return paths;
}

struct shape_composer *fix_paths_composer(const struct fix_paths *paths, const struct shape *shape)
{
    struct place *places = arena_take_array(paths->arena, paths->count, sizeof *places);
    bool *optional = arena_take_array(paths->arena, paths->count, sizeof *optional);
    struct error_list errors;
    struct writer text;
    error_list_init(&errors, 0);
    writer_init(&text, 0);
    struct shape_composer *composer = shape->operations->composer(
        shape, paths->paths, places, optional, paths->count, PLACE_NONE, &errors);
    error_list_write(&errors, &text);
    assert_slice_equal(writer_slice(&text), "");
    writer_fini(&text);
    error_list_fini(&errors);
    return composer;
}
