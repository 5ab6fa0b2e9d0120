/* Declared fields into the table of fields: tags, types, lists of values. */
#include "codecs/fix/dictionary_tables.h"
#include "codecs/fix/value.h"

#include <stdlib.h>

enum {
    TAG_DIGITS_MAX = 9,
};

static const struct {
    const char *name;
    enum fix_type type;
} types[] = {
#define TYPE(name, type) { name, FIX_TYPE_##type },
#include "codecs/fix/types.def"
#undef TYPE
};

enum {
    TYPE_COUNT = sizeof types / sizeof types[0],
};

static bool find_type(struct slice name, enum fix_type *type)
{
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        if (slice_is(name, types[i].name)) {
            *type = types[i].type;
            return true;
        }
    }
    return false;
}

static const char *suggest_type(struct slice wrong)
{
    const char *names[TYPE_COUNT];
    for (size_t i = 0; i < TYPE_COUNT; i++)
        names[i] = types[i].name;
    return error_suggestion(wrong, names, TYPE_COUNT);
}

static int order_values(const void *one, const void *other)
{
    return slice_compare(((const struct fix_enumeration_value *)one)->value,
                         ((const struct fix_enumeration_value *)other)->value);
}

/* A value with a blank in it, where a field has one value only, is words for a
   class of values ("ISO Country Code"). */
static void read_values(struct arena *arena, const struct declaration *declared,
                        struct fix_field_type *field)
{
    struct fix_enumeration_value *values =
        arena_take_array(arena, dictionary_source_count(declared), sizeof *values);
    for (const struct declaration *child = declared->first; child != NULL; child = child->next) {
        struct slice value = child->attributes[DECLARED_NAME];
        values[field->value_count++] =
            (struct fix_enumeration_value){ value, child->attributes[VALUE_DESCRIPTION] };
        if (memchr(value.at, ' ', value.size) != NULL)
            field->open = true;
        if (field->type == FIX_TYPE_CHAR && value.size > 1)
            field->type = FIX_TYPE_STRING;
    }
    if (field->value_count > 0)
        qsort(values, field->value_count, sizeof *values, order_values);
    field->values = values;
}

static bool read_type(const struct fix_dictionary *dictionary, const struct declaration *declared,
                      struct fix_field_type *field, struct error_list *errors)
{
    struct slice name = declared->attributes[FIELD_TYPE];
    if (!find_type(name, &field->type))
        return error_list_at(errors, &fix_dictionary_attribute, declared->place,
                             "%s has the unknown type %.*s%s", field->name.at, SLICE_ARG(name),
                             suggest_type(name));
    if (field->type == FIX_TYPE_CHAR && dictionary->standard->plain)
        field->type = FIX_TYPE_STRING;
    return true;
}

static bool read_open(const struct declaration *declared, struct fix_field_type *field,
                      struct error_list *errors)
{
    struct slice open = declared->attributes[FIELD_OPEN];
    /* Which MsgTypes there are is said by the messages. */
    field->open = slice_is(open, "true") || field->tag == 35;
    if (!slice_is(open, "true") && !slice_is(open, "false"))
        return error_list_at(errors, &fix_dictionary_attribute, declared->place,
                             "%s: allowOtherValues is true or false, not %.*s", field->name.at,
                             SLICE_ARG(open));
    return true;
}

static bool read_field(struct fix_dictionary *dictionary, const struct declaration *declared,
                       struct fix_field_type *field, struct error_list *errors)
{
    struct slice number = declared->attributes[FIELD_NUMBER];
    uint64_t tag;
    *field = (struct fix_field_type){ .tag = 0 };
    field->name = declared->attributes[DECLARED_NAME];
    if (number.size > TAG_DIGITS_MAX || !slice_to_u64(number, UINT32_MAX, &tag) || tag == 0)
        return error_list_at(errors, &fix_dictionary_attribute, declared->place,
                             "%s: %.*s is not a tag", field->name.at, SLICE_ARG(number));
    field->tag = (uint32_t)tag;
    field->tag_text = fix_tag_text_of(field->tag);
    if (!read_type(dictionary, declared, field, errors) || !read_open(declared, field, errors))
        return false;
    read_values(&dictionary->arena, declared, field);
    return true;
}

static bool add_field(struct fix_dictionary *dictionary, const struct declaration *fields,
                      const struct declaration *declared, struct error_list *errors)
{
    struct fix_field_type *field = &dictionary->fields[dictionary->field_count];
    if (!read_field(dictionary, declared, field, errors))
        return false;
    uint32_t row = (uint32_t)dictionary->field_count;
    if (!fix_tag_index_add(&dictionary->fields_by_tag, field->tag, row)) {
        const struct declaration *other =
            dictionary_source_find(&dictionary->source, fields, DECLARED_FIELD,
                                   fix_dictionary_field(dictionary, field->tag)->name);
        return error_list_at(errors, &fix_dictionary_redefined, declared->place,
                             "tag %u is %s here and %s at %s:%u:%u", field->tag, field->name.at,
                             other->attributes[DECLARED_NAME].at, other->place.source,
                             other->place.line, other->place.column);
    }
    names_add(&dictionary->fields_by_name, field->name, row);
    dictionary->field_count++;
    return true;
}

/* valuesOf: the list of another field, which has one of its own. */
static bool share_values(struct fix_dictionary *dictionary, const struct declaration *fields,
                         const struct declaration *declared, struct error_list *errors)
{
    struct slice of = declared->attributes[FIELD_VALUES_OF];
    struct fix_field_type *field =
        fix_dictionary_field_row(dictionary, declared->attributes[DECLARED_NAME]);
    if (of.size == 0)
        return true;
    const struct declaration *owner =
        dictionary_source_find(&dictionary->source, fields, DECLARED_FIELD, of);
    if (owner == NULL || owner->first == NULL || declared->first != NULL)
        return error_list_at(
            errors, &fix_dictionary_unknown, declared->place, "%s: %s %s", field->name.at, of.at,
            declared->first != NULL ? "would replace its own values" : "has no values to share");
    const struct fix_field_type *shared = fix_dictionary_field_named(dictionary, of);
    field->values = shared->values;
    field->value_count = shared->value_count;
    field->open = field->open || shared->open;
    if (field->type == FIX_TYPE_CHAR)
        field->type = shared->type;
    return true;
}

static void index_value(struct fix_field_type *field, struct slice value, uint32_t row)
{
    unsigned char letter = (unsigned char)value.at[0];
    if (!fix_value_formed(field->type, value))
        return;
    if (value.size == 1 && letter < 128)
        field->letters[letter / 64] |= UINT64_C(1) << letter % 64;
    else if (value.size <= FIX_WORD_SIZE)
        fix_tag_index_add(&field->words, fix_word(value), row);
}

/* Data has its length in front, so that all is looked at. */
static enum fix_check check_of(const struct fix_field_type *field)
{
    if (field->type == FIX_TYPE_DATA)
        return FIX_CHECK_ALL;
    if (field->value_count > 0 && !field->open)
        return FIX_CHECK_LISTED;
    return field->type == FIX_TYPE_STRING || field->type == FIX_TYPE_EXCHANGE ? FIX_CHECK_NONE
                                                                              : FIX_CHECK_FORM;
}

/* When type and list are complete. */
static void prepare_check(struct fix_dictionary *dictionary, struct fix_field_type *field)
{
    field->check = check_of(field);
    if (field->check != FIX_CHECK_LISTED)
        return;
    fix_tag_index_init(&field->words, field->value_count, &dictionary->arena);
    for (size_t i = 0; i < field->value_count; i++)
        index_value(field, field->values[i].value, (uint32_t)i);
}

static void read_version(struct fix_dictionary *dictionary, const struct declaration *root)
{
    struct slice pack = root->attributes[ROOT_SERVICE_PACK];
    bool is_packed = !slice_is(pack, "0");
    dictionary->version = dictionary->begin_string =
        arena_format(&dictionary->arena, "%s.%s.%s%s%s", root->attributes[ROOT_TYPE].at,
                     root->attributes[ROOT_MAJOR].at, root->attributes[ROOT_MINOR].at,
                     is_packed ? "SP" : "", is_packed ? pack.at : "");
    dictionary->standard = fix_version_named(dictionary->version);
}

bool fix_dictionary_resolve_fields(struct fix_dictionary *dictionary, struct error_list *errors)
{
    const struct declaration *root = dictionary->source.root;
    const struct declaration *fields =
        dictionary_source_find(&dictionary->source, root, DECLARED_FIELDS, SLICE(""));
    bool good = true;
    read_version(dictionary, root);
    size_t count = fields == NULL ? 0 : dictionary_source_count(fields);
    dictionary->fields = arena_take_array(&dictionary->arena, count, sizeof *dictionary->fields);
    dictionary->rows = dictionary->fields;
    fix_tag_index_init(&dictionary->fields_by_tag, count, &dictionary->arena);
    if (fields == NULL)
        return true;
    for (const struct declaration *at = fields->first; at != NULL; at = at->next)
        good = add_field(dictionary, fields, at, errors) && good;
    for (const struct declaration *at = fields->first; good && at != NULL; at = at->next)
        good = share_values(dictionary, fields, at, errors);
    for (size_t i = 0; good && i < dictionary->field_count; i++)
        prepare_check(dictionary, &dictionary->fields[i]);
    return good;
}
