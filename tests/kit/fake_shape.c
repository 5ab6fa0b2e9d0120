/* Shapes whose fields are a table of the test. */
#include "kit/fake_shape.h"

#include "codecs/base/arena.h"

#include <stdlib.h>

struct paths {
    struct slice *at;
    size_t count;
};

struct shape_reader {
    struct paths paths;
};

struct shape_composer {
    struct paths paths;
};

static struct paths copy_paths(const struct slice *paths, size_t count)
{
    struct paths copy = { memory_take(count * sizeof *paths), count };
    for (size_t i = 0; i < count; i++) {
        char *text = memory_take(paths[i].size);
        memcpy(text, paths[i].at, paths[i].size);
        copy.at[i] = (struct slice){ text, paths[i].size };
    }
    return copy;
}

static void free_paths(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free((char *)paths->at[i].at);
    free(paths->at);
}

static const struct fake_field *field_at(const struct shape *shape, struct slice path)
{
    const struct fake_message *message = shape->message;
    for (size_t i = 0; i < message->count; i++) {
        if (slice_is(path, message->fields[i].path))
            return &message->fields[i];
    }
    return NULL;
}

static bool find(const struct shape *shape, struct slice path, struct slice each,
                 struct place place, struct shape_field *field, struct error *error)
{
    const struct fake_field *found = field_at(shape, path);
    if (found == NULL)
        return error_at(error, &shape_unknown_path, place, "%s has no %.*s", shape->name,
                        SLICE_ARG(path));
    *field = found->field;
    field->handle = found;
    if (each.at != NULL && slice_starts(path, each))
        field->repeats = false;
    return true;
}

/* Is text one of the words? */
static bool listed(const char *words, struct slice text)
{
    while (*words != '\0') {
        size_t size = strcspn(words, " ");
        if (slice_equal((struct slice){ words, size }, text))
            return true;
        words += size + (words[size] == ' ');
    }
    return false;
}

static bool accepts(const struct shape *shape, const struct shape_field *field,
                    struct slice constant, struct place place, struct error *error)
{
    const struct fake_field *fake = field->handle;
    bool fits = field->length_max == 0 || constant.size <= field->length_max;
    (void)shape;
    if (fits && (fake->codes == NULL || listed(fake->codes, constant)))
        return true;
    return error_at(error, &shape_bad_constant, place, "%s can't be %.*s", fake->path,
                    SLICE_ARG(constant));
}

static struct shape_reader *reader(const struct shape *shape, const struct slice *paths,
                                   size_t count, struct slice each, struct error_list *errors)
{
    struct shape_reader *made = memory_take(sizeof *made);
    (void)shape;
    (void)each;
    (void)errors;
    made->paths = copy_paths(paths, count);
    return made;
}

static void reader_free(struct shape_reader *made)
{
    free_paths(&made->paths);
    free(made);
}

static bool written(const struct fake_field *field, const struct slice *paths, const bool *optional,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(paths[i], field->path) && !optional[i])
            return true;
    }
    return false;
}

static struct shape_composer *composer(const struct shape *shape, const struct slice *paths,
                                       const struct place *places, const bool *optional,
                                       size_t count, struct place whole, struct error_list *errors)
{
    const struct fake_message *message = shape->message;
    struct shape_composer *made = memory_take(sizeof *made);
    (void)places;
    for (size_t i = 0; i < message->count; i++) {
        const struct fake_field *field = &message->fields[i];
        if (field->mandatory && !written(field, paths, optional, count))
            error_list_at(errors, &shape_missing, whole, "%s", field->path);
    }
    made->paths = copy_paths(paths, count);
    return made;
}

static void composer_free(struct shape_composer *made)
{
    free_paths(&made->paths);
    free(made);
}

static bool compose(const struct shape_composer *made, const struct record *record,
                    struct writer *writer, struct error *error)
{
    for (size_t i = 0; i < record->count; i++) {
        for (const struct value *value = &record->values[i];
             value != NULL && value->text.at != NULL; value = value->next) {
            if (slice_is(value->text, "unwritable"))
                return error_at(error, &shape_bad_constant, PLACE_NONE, "%.*s",
                                SLICE_ARG(made->paths.at[i]));
            writer_format(writer, "%.*s=%.*s\n", SLICE_ARG(made->paths.at[i]),
                          SLICE_ARG(value->text));
        }
    }
    return true;
}

static const struct shape_operations operations = {
    .find = find,
    .accepts = accepts,
    .reader = reader,
    .composer = composer,
    .reader_free = reader_free,
    .composer_free = composer_free,
    .compose = compose,
};

struct fake_message *fake_message(const char *name, const struct fake_field *fields, size_t count)
{
    struct fake_message *message = memory_take(sizeof *message);
    *message = (struct fake_message){ { &operations, name, message }, fields, count };
    return message;
}

void fake_message_free(struct fake_message *message)
{
    free(message);
}

size_t fake_reader_count(const struct shape_reader *made)
{
    return made->paths.count;
}

struct slice fake_reader_path(const struct shape_reader *made, size_t slot)
{
    return made->paths.at[slot];
}
