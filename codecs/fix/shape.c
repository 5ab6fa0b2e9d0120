/* A message type as a shape: what routing proves maps and rules against. */
#include "codecs/fix/shape_operations.h"
#include "codecs/fix/value.h"

static enum shape_kind kind_of(const struct fix_field_type *field)
{
    static const enum shape_kind kinds[] = {
        [FIX_TYPE_STRING] = SHAPE_TEXT,
        [FIX_TYPE_CHAR] = SHAPE_TEXT,
        [FIX_TYPE_INT] = SHAPE_INTEGER,
        [FIX_TYPE_LENGTH] = SHAPE_INTEGER,
        [FIX_TYPE_SEQNUM] = SHAPE_INTEGER,
        [FIX_TYPE_NUMINGROUP] = SHAPE_INTEGER,
        [FIX_TYPE_DAY_OF_MONTH] = SHAPE_INTEGER,
        [FIX_TYPE_FLOAT] = SHAPE_DECIMAL,
        [FIX_TYPE_BOOLEAN] = SHAPE_BOOLEAN,
        [FIX_TYPE_CURRENCY] = SHAPE_TEXT,
        [FIX_TYPE_COUNTRY] = SHAPE_TEXT,
        [FIX_TYPE_EXCHANGE] = SHAPE_TEXT,
        [FIX_TYPE_MULTIPLE_VALUE] = SHAPE_TEXT,
        [FIX_TYPE_MONTH_YEAR] = SHAPE_TEXT,
        [FIX_TYPE_UTC_TIMESTAMP] = SHAPE_TIMESTAMP,
        [FIX_TYPE_UTC_DATE] = SHAPE_DATE,
        [FIX_TYPE_UTC_TIME] = SHAPE_TEXT,
        [FIX_TYPE_LOCAL_DATE] = SHAPE_DATE,
        [FIX_TYPE_TZ_TIME] = SHAPE_TEXT,
        [FIX_TYPE_TZ_TIMESTAMP] = SHAPE_TEXT,
        [FIX_TYPE_DATA] = SHAPE_DATA,
    };
    bool closed = field->value_count > 0 && !field->open;
    if (closed && (field->type == FIX_TYPE_STRING || field->type == FIX_TYPE_CHAR))
        return SHAPE_CODE;
    return kinds[field->type];
}

static size_t length_max_of(const struct fix_field_type *field)
{
    switch (field->type) {
    case FIX_TYPE_CHAR:
        return 1;
    case FIX_TYPE_COUNTRY:
        return 2;
    case FIX_TYPE_CURRENCY:
        return 3;
    default:
        return 0;
    }
}

/* A FIX message is one record: no path reads it group by group. */
static bool find(const struct shape *shape, struct slice text, struct slice each,
                 struct place place, struct shape_field *field, struct error *error)
{
    struct fix_path path;
    (void)each;
    if (!fix_path_resolve(shape->message, text, place, &path, error))
        return false;
    const struct fix_member *member = &path.members->at[path.row];
    *field = (struct shape_field){ .kind = kind_of(member->field),
                                   .length_max = length_max_of(member->field),
                                   .required = member->required && path.depth == 0,
                                   .handle = member->field };
    return true;
}

static bool accepts(const struct shape *shape, const struct shape_field *field,
                    struct slice constant, struct place place, struct error *error)
{
    const struct fix_field_type *type = field->handle;
    (void)shape;
    return fix_value_fits(type, constant) ||
           error_at(error, &shape_bad_constant, place, "%s (%u) is \"%.*s\"", type->name.at,
                    type->tag, SLICE_ARG(constant));
}

const struct shape_operations fix_shape_operations = {
    .find = find,
    .accepts = accepts,
    .reader = fix_reader_new,
    .composer = fix_composer_new,
    .reader_free = fix_reader_free,
    .composer_free = fix_composer_free,
    .compose = fix_compose_body,
};
