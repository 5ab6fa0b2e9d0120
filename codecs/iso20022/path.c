/* One segment after another, down the types. */
#include "codecs/iso20022/path.h"

#include <stdlib.h>

enum { INSTANCE_MAX = 1 << 20 };

/* A path while it is resolved; wrong ends where the trouble is. */
struct walk {
    struct slice text, rest;
    struct place place;
    const struct iso_type *type; /* of the element reached; that of the message at first */
    struct iso_path *path;
    struct error *error;
};

/* What was read so far, up to and with segment. */
static struct slice read_to(const struct walk *walk, struct slice segment)
{
    return (struct slice){ walk->text.at, (size_t)(segment.at + segment.size - walk->text.at) };
}

static bool fail(struct walk *walk, struct slice segment, const char *why)
{
    return error_at(walk->error, &shape_bad_path, walk->place, "%.*s: %s",
                    SLICE_ARG(read_to(walk, segment)), why);
}

static bool fail_unknown(struct walk *walk, struct slice segment)
{
    const struct iso_type *type = walk->type;
    const char **names = memory_take((type->element_count + 1) * sizeof *names);
    for (size_t i = 0; i < type->element_count; i++)
        names[i] = type->elements[i].name.at;
    error_at(walk->error, &shape_unknown_path, walk->place, "%.*s%s",
             SLICE_ARG(read_to(walk, segment)),
             error_suggestion(segment, names, type->element_count));
    free(names);
    return false;
}

/* The text up to the next point or bracket, taken off the rest. */
static struct slice take_name(struct walk *walk)
{
    struct slice name = { walk->rest.at, 0 };
    while (name.size < walk->rest.size && walk->rest.at[name.size] != '.' &&
           walk->rest.at[name.size] != '[')
        name.size++;
    walk->rest = slice_after(walk->rest, name.size);
    return name;
}

static bool take_instance(struct walk *walk, struct slice name, struct iso_path_step *step)
{
    step->instance = NAMES_NONE;
    if (walk->rest.size == 0 || walk->rest.at[0] != '[')
        return true;
    const char *end = memchr(walk->rest.at, ']', walk->rest.size);
    if (end == NULL)
        return fail(walk, name, "a bracket is not closed");
    struct slice number = { walk->rest.at + 1, (size_t)(end - walk->rest.at) - 1 };
    uint64_t instance = 0;
    if (!slice_to_u64(number, INSTANCE_MAX, &instance))
        return fail(walk, name, "in brackets stands a number, as [0]");
    if (instance >= step->element->max)
        return fail(walk, name, "it does not occur that often");
    step->instance = (size_t)instance;
    walk->rest = slice_after(walk->rest, number.size + 2);
    return true;
}

/* true: the segment names a part of an element with an attribute. */
static bool ends_in_part(struct walk *walk, struct slice name)
{
    if (walk->type->content != ISO_AMOUNT)
        return false;
    if (slice_is(name, "value"))
        walk->path->end = ISO_PATH_VALUE;
    else if (slice_equal(name, walk->type->attribute.name))
        walk->path->end = ISO_PATH_ATTRIBUTE;
    return walk->path->end != ISO_PATH_ELEMENT;
}

static bool take_step(struct walk *walk)
{
    struct slice name = take_name(walk);
    struct iso_path *path = walk->path;
    if (name.size == 0)
        return fail(walk, name, "a name is missing");
    if (ends_in_part(walk, name))
        return walk->rest.size == 0 || fail(walk, name, "nothing is below it");
    if (walk->type->content == ISO_WILDCARD)
        return fail(walk, name, "what is in it is free XML");
    size_t row = iso_type_find(walk->type, name, 0);
    if (row == NAMES_NONE)
        return fail_unknown(walk, name);
    if (path->count == ISO_PATH_DEPTH_MAX)
        return fail(walk, name, "the path is too deep");
    struct iso_path_step *step = &path->steps[path->count++];
    *step = (struct iso_path_step){ .element = &walk->type->elements[row], .row = row };
    walk->type = step->element->type;
    if (!take_instance(walk, name, step))
        return false;
    if (walk->rest.size == 0)
        return true;
    if (walk->rest.at[0] != '.')
        return fail(walk, name, "behind a bracket stands a point");
    walk->rest = slice_after(walk->rest, 1);
    return walk->rest.size > 0 || fail(walk, name, "a name is missing behind the point");
}

static bool resolve(const struct iso_schema *schema, struct walk walk, size_t from)
{
    walk.rest = slice_after(walk.text, from);
    walk.type = schema->message->type;
    *walk.path = (struct iso_path){ .count = 0 };
    do {
        if (!take_step(&walk))
            return false;
    } while (walk.rest.size > 0);
    return true;
}

bool iso_path_resolve(const struct iso_schema *schema, struct slice text, struct place place,
                      struct iso_path *path, struct error *error)
{
    struct walk walk = { .text = text, .place = place, .path = path, .error = error };
    struct slice message = schema->message->name;
    bool in_front =
        slice_starts(text, message) && text.size > message.size && text.at[message.size] == '.';
    /* A message may have an element of its own name. */
    bool twice = iso_type_find(schema->message->type, message, 0) != NAMES_NONE;
    if (!in_front)
        return resolve(schema, walk, 0);
    return (twice && resolve(schema, walk, 0)) || resolve(schema, walk, message.size + 1);
}

const struct iso_facets *iso_path_facets(const struct iso_path *path, struct slice text,
                                         struct place place, struct error *error)
{
    const struct iso_type *type = path->steps[path->count - 1].element->type;
    if (path->end == ISO_PATH_VALUE)
        return &type->base->facets;
    if (path->end == ISO_PATH_ATTRIBUTE)
        return &type->attribute.type->facets;
    if (type->content == ISO_TEXT)
        return &type->facets;
    const char *instead = type->content == ISO_AMOUNT     ? "say .value or its attribute"
                          : type->content == ISO_WILDCARD ? "what is in it is free XML"
                                                          : "it has no text, only elements";
    error_at(error, &shape_bad_path, place, "%.*s: %s", SLICE_ARG(text), instead);
    return NULL;
}
