/* Takes paths apart, name by name. */
#include "codecs/fix/field_path.h"

#include "codecs/fix/value.h"

#include <stdlib.h>

enum {
    INDEX_MAX = 999,
};

/* "Name" or "Name[inside]". */
struct segment {
    struct slice name, inside; /* inside absent: no brackets */
};

static size_t find_byte(struct slice text, char byte)
{
    const char *found = text.size == 0 ? NULL : memchr(text.at, byte, text.size);
    return found == NULL ? text.size : (size_t)(found - text.at);
}

/* Takes a segment and the point behind it from the front; false: malformed. */
static bool take_segment(struct slice *rest, struct segment *segment, bool *last)
{
    size_t point = find_byte(*rest, '.'), open = find_byte(*rest, '[');
    size_t end = point < open ? point : open;
    segment->name = (struct slice){ rest->at, end };
    segment->inside = SLICE_NONE;
    *rest = slice_after(*rest, end);
    if (rest->size > 0 && rest->at[0] == '[') {
        size_t close = find_byte(*rest, ']');
        if (close == rest->size)
            return false;
        segment->inside = (struct slice){ rest->at + 1, close - 1 };
        *rest = slice_after(*rest, close + 1);
    }
    *last = rest->size == 0;
    if (!*last && (rest->at[0] != '.' || rest->size == 1))
        return false;
    if (!*last)
        *rest = slice_after(*rest, 1);
    return segment->name.size > 0;
}

static const struct fix_member *find_named(const struct fix_message_shape *shape,
                                           const struct fix_members *members, struct slice name)
{
    const struct fix_field_type *field = fix_dictionary_field_named(shape->dictionary, name);
    return field == NULL ? NULL : fix_members_find(members, field->tag);
}

static bool unknown(const struct fix_members *members, struct slice name, struct place place,
                    struct error *error)
{
    const char **names = memory_take(members->count * sizeof *names);
    for (size_t i = 0; i < members->count; i++)
        names[i] = members->at[i].field->name.at;
    error_at(error, &shape_unknown_path, place, "%.*s%s", SLICE_ARG(name),
             error_suggestion(name, names, members->count));
    free(names);
    return false;
}

/* "PartyRole=28" or "0". */
static bool read_selection(const struct fix_message_shape *shape, struct slice inside,
                           struct place place, struct fix_path_step *step, struct error *error)
{
    uint64_t index;
    size_t equals = find_byte(inside, '=');
    if (slice_to_u64(inside, INDEX_MAX, &index)) {
        step->index = (size_t)index;
        return true;
    }
    if (equals == inside.size)
        return error_at(error, &shape_bad_path, place, "[%.*s] is neither FIELD=VALUE nor an index",
                        SLICE_ARG(inside));
    struct slice name = { inside.at, equals };
    const struct fix_member *member = find_named(shape, step->group, name);
    if (member == NULL)
        return unknown(step->group, name, place, error);
    step->selector = member->field;
    step->selected = slice_after(inside, equals + 1);
    return fix_value_fits(member->field, step->selected) ||
           error_at(error, &shape_bad_constant, place, "%.*s", SLICE_ARG(inside));
}

/* Goes into one instance of the group that member counts. */
static bool enter(const struct fix_message_shape *shape, const struct fix_member *member,
                  const struct segment *segment, struct place place, struct fix_path *path,
                  struct error *error)
{
    const char *name = member->field->name.at;
    if (member->group == NULL)
        return error_at(error, &shape_bad_path, place, "%s is not a group", name);
    if (segment->inside.at == NULL)
        return error_at(error, &shape_unselective, place, "%s", name);
    if (path->depth == FIX_PATH_DEPTH_MAX)
        return error_at(error, &shape_bad_path, place, "%s is too deep", name);
    struct fix_path_step *step = &path->steps[path->depth++];
    *step = (struct fix_path_step){ .row = (size_t)(member - path->members->at),
                                    .group = member->group };
    path->members = member->group;
    return read_selection(shape, segment->inside, place, step, error);
}

/* The member with this name: of the body, else, in front only, of the header. */
static const struct fix_member *find_member(const struct fix_message_shape *shape,
                                            struct slice name, struct fix_path *path)
{
    const struct fix_member *member = find_named(shape, path->members, name);
    const struct fix_members *header = fix_dictionary_header(shape->dictionary);
    if (member != NULL || path->depth > 0 || find_named(shape, header, name) == NULL)
        return member;
    path->members = header;
    path->in_header = true;
    return find_named(shape, header, name);
}

bool fix_path_resolve(const struct fix_message_shape *shape, struct slice text, struct place place,
                      struct fix_path *path, struct error *error)
{
    struct segment segment;
    bool last = false;
    *path = (struct fix_path){ .members = &shape->type->body };
    while (!last) {
        if (!take_segment(&text, &segment, &last))
            return error_at(error, &shape_bad_path, place, "near \"%.*s\"",
                            SLICE_ARG(segment.name));
        const struct fix_member *member = find_member(shape, segment.name, path);
        if (member == NULL)
            return unknown(path->members, segment.name, place, error);
        path->row = (size_t)(member - path->members->at);
        if (last && segment.inside.at != NULL)
            return error_at(error, &shape_bad_path, place, "%s[%.*s] is not a field",
                            member->field->name.at, SLICE_ARG(segment.inside));
        if (!last && !enter(shape, member, &segment, place, path, error))
            return false;
    }
    return true;
}
