/* Messages as the maps see them. */
#include "codecs/iso20022/composer.h"
#include "codecs/iso20022/path.h"
#include "codecs/iso20022/reader.h"

static const enum shape_kind kinds[ISO_BASE_COUNT] = {
    [ISO_STRING] = SHAPE_TEXT, [ISO_DECIMAL] = SHAPE_DECIMAL,     [ISO_BOOLEAN] = SHAPE_BOOLEAN,
    [ISO_DATE] = SHAPE_DATE,   [ISO_DATE_TIME] = SHAPE_TIMESTAMP, [ISO_TIME] = SHAPE_TEXT,
    [ISO_YEAR] = SHAPE_TEXT,   [ISO_YEAR_MONTH] = SHAPE_TEXT,     [ISO_MONTH] = SHAPE_TEXT,
    [ISO_BASE64] = SHAPE_DATA,
};

static size_t limit_of(size_t most)
{
    return most == ISO_NO_LIMIT ? 0 : most;
}

/* The pattern of a value may say how long it can be where no facet does. */
static size_t length_max(const struct iso_facets *facets)
{
    if (facets->base != ISO_STRING)
        return 0;
    if (facets->length_max == ISO_NO_LIMIT && facets->pattern != NULL)
        return iso_pattern_length_max(facets->pattern);
    return limit_of(facets->length_max);
}

/* How many first steps a path shares with `each`: within one occurrence of that
   there is one of each of them. */
static size_t count_shared(const struct iso_path *path, const struct iso_path *each)
{
    size_t count = 0;
    while (count < path->count && count < each->count &&
           path->steps[count].element == each->steps[count].element)
        count++;
    return count;
}

static bool repeats(const struct iso_path *path, size_t from)
{
    for (size_t i = from; i < path->count; i++) {
        if (path->steps[i].element->max > 1 && path->steps[i].instance == NAMES_NONE)
            return true;
    }
    return false;
}

static bool is_required(const struct iso_path *path, size_t from)
{
    for (size_t i = from; i < path->count; i++) {
        const struct iso_element *element = path->steps[i].element;
        if (element->min == 0 || element->is_branch ||
            (path->steps[i].instance != NAMES_NONE && path->steps[i].instance >= element->min))
            return false;
    }
    const struct iso_type *type = path->steps[path->count - 1].element->type;
    return path->end != ISO_PATH_ATTRIBUTE || type->attribute.required;
}

static bool find(const struct shape *shape, struct slice text, struct slice each,
                 struct place place, struct shape_field *field, struct error *error)
{
    struct iso_path path, each_path = { .count = 0 };
    if (!iso_path_resolve(shape->message, text, place, &path, error))
        return false;
    if (each.at != NULL && !iso_path_resolve(shape->message, each, place, &each_path, error))
        return false;
    const struct iso_facets *facets = iso_path_facets(&path, text, place, error);
    if (facets == NULL)
        return false;
    size_t shared = count_shared(&path, &each_path);
    *field = (struct shape_field){
        .kind = facets->code_count > 0 ? SHAPE_CODE : kinds[facets->base],
        .length_max = length_max(facets),
        .digits_max = (unsigned)limit_of(facets->digits_max),
        .fraction_max = (unsigned)limit_of(facets->fraction_max),
        .repeats = repeats(&path, shared),
        .required = is_required(&path, shared),
        .iso_form = true,
        .handle = facets,
    };
    return true;
}

static bool accepts(const struct shape *shape, const struct shape_field *field,
                    struct slice constant, struct place place, struct error *error)
{
    const struct iso_facets *facets = field->handle;
    struct slice value = constant;
    (void)shape;
    enum iso_verdict verdict = iso_value_check(facets, &value);
    if (verdict == ISO_VALUE_FINE)
        return true;
    struct writer text;
    writer_init(&text, 0);
    iso_value_tell(facets, verdict, constant, &text);
    error_at(error, &shape_bad_constant, place, "%.*s", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
    return false;
}

const struct shape_operations iso_shape_operations = {
    .find = find,
    .accepts = accepts,
    .reader = iso_reader_new,
    .composer = iso_composer_new,
    .reader_free = iso_reader_free,
    .composer_free = iso_composer_free,
    .compose = iso_composer_write,
};
