/* Makes a dictionary from its files, and finds what is in it. */
#include "codecs/fix/dictionary.h"

#include "codecs/fix/dictionary_tables.h"

#include <stdlib.h>

struct fix_dictionary *fix_dictionary_new(const struct fix_dictionary_file *files, size_t count,
                                          struct error_list *errors)
{
    struct fix_dictionary *dictionary = memory_take(sizeof *dictionary);
    bool read = true;
    *dictionary = (struct fix_dictionary){ .field_count = 0 };
    arena_init(&dictionary->arena, ARENA_UNLIMITED);
    dictionary_source_init(&dictionary->source, &dictionary->arena);
    names_init(&dictionary->fields_by_name);
    names_init(&dictionary->messages_by_type);
    names_init(&dictionary->messages_by_name);
    for (size_t i = 0; i < count; i++)
        read = dictionary_source_read(&dictionary->source, &files[i], errors) && read;
    if (read && fix_dictionary_resolve_fields(dictionary, errors) &&
        fix_dictionary_resolve_messages(dictionary, errors)) {
        dictionary_source_fini(&dictionary->source);
        fix_dictionary_note_marks(dictionary);
        return dictionary;
    }
    fix_dictionary_free(dictionary);
    return NULL;
}

void fix_dictionary_free(struct fix_dictionary *dictionary)
{
    if (dictionary == NULL)
        return;
    names_fini(&dictionary->fields_by_name);
    names_fini(&dictionary->messages_by_type);
    names_fini(&dictionary->messages_by_name);
    dictionary_source_fini(&dictionary->source);
    arena_fini(&dictionary->arena);
    free(dictionary);
}

struct slice fix_dictionary_version(const struct fix_dictionary *dictionary)
{
    return dictionary->version;
}

const struct fix_version *fix_dictionary_standard(const struct fix_dictionary *dictionary)
{
    return dictionary->standard;
}

struct slice fix_dictionary_begin_string(const struct fix_dictionary *dictionary)
{
    return dictionary->begin_string;
}

const struct fix_field_type *fix_dictionary_field(const struct fix_dictionary *dictionary,
                                                  uint32_t tag)
{
    return fix_dictionary_row(dictionary, tag);
}

unsigned fix_dictionary_marks_of_row(const struct fix_dictionary *dictionary, uint32_t tag)
{
    const struct fix_field_type *field = fix_dictionary_row(dictionary, tag);
    if (field == NULL)
        return tag == 0 ? FIX_MARK_SPECIAL : 0;
    return (field->in_header ? FIX_MARK_HEADER : 0u) | (field->in_trailer ? FIX_MARK_TRAILER : 0u) |
           (field->length_tag != 0 ? FIX_MARK_SPECIAL : 0u);
}

void fix_dictionary_note_marks(struct fix_dictionary *dictionary)
{
    for (uint32_t tag = 0; tag < FIX_MARKED_TAGS; tag++)
        dictionary->marks[tag] = (unsigned char)fix_dictionary_marks_of_row(dictionary, tag);
}

struct fix_field_type *fix_dictionary_field_row(const struct fix_dictionary *dictionary,
                                                struct slice name)
{
    size_t row = names_find(&dictionary->fields_by_name, name);
    return row == NAMES_NONE ? NULL : &dictionary->fields[row];
}

const struct fix_field_type *fix_dictionary_field_named(const struct fix_dictionary *dictionary,
                                                        struct slice name)
{
    const struct fix_field_type *field = fix_dictionary_field_row(dictionary, name);
    if (field == NULL && dictionary->transport != NULL)
        return fix_dictionary_field_named(dictionary->transport, name);
    return field;
}

/* Session messages are the transport's where there is one. */
static bool is_of_transport(const struct fix_dictionary *dictionary, size_t row)
{
    return dictionary->transport != NULL &&
           (row == NAMES_NONE || !dictionary->messages[row].application);
}

/* NAMES_NONE: there is none. */
static size_t row_of_type(const struct fix_dictionary *dictionary, struct slice msg_type)
{
    if (msg_type.size > FIX_WORD_SIZE)
        return names_find(&dictionary->messages_by_type, msg_type);
    uint32_t row = fix_tag_index_find(&dictionary->messages_by_word, fix_word(msg_type));
    if (row == FIX_TAG_NONE || dictionary->messages[row].msg_type.size != msg_type.size)
        return NAMES_NONE;
    return row;
}

const struct fix_message_type *fix_dictionary_message(const struct fix_dictionary *dictionary,
                                                      struct slice msg_type)
{
    size_t row = row_of_type(dictionary, msg_type);
    if (is_of_transport(dictionary, row))
        return fix_dictionary_message(dictionary->transport, msg_type);
    return row == NAMES_NONE ? NULL : &dictionary->messages[row];
}

const struct fix_message_type *fix_dictionary_message_named(const struct fix_dictionary *dictionary,
                                                            struct slice name)
{
    size_t row = names_find(&dictionary->messages_by_name, name);
    if (is_of_transport(dictionary, row))
        return fix_dictionary_message_named(dictionary->transport, name);
    return row == NAMES_NONE ? NULL : &dictionary->messages[row];
}

const struct fix_members *fix_dictionary_header(const struct fix_dictionary *dictionary)
{
    return &dictionary->header;
}

const struct fix_members *fix_dictionary_trailer(const struct fix_dictionary *dictionary)
{
    return &dictionary->trailer;
}

const struct fix_enumeration_value *fix_field_type_value(const struct fix_field_type *field,
                                                         struct slice value)
{
    size_t first = 0, end = field->value_count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        int order = slice_compare(field->values[middle].value, value);
        if (order == 0)
            return &field->values[middle];
        if (order < 0)
            first = middle + 1;
        else
            end = middle;
    }
    return NULL;
}

struct slice fix_field_type_describe(const struct fix_field_type *field, struct slice value)
{
    const struct fix_enumeration_value *found = fix_field_type_value(field, value);
    return found == NULL ? SLICE_NONE : found->description;
}

const struct shape *fix_dictionary_shape(const struct fix_dictionary *dictionary,
                                         struct slice message_name)
{
    size_t row = names_find(&dictionary->messages_by_name, message_name);
    if (is_of_transport(dictionary, row))
        return fix_dictionary_shape(dictionary->transport, message_name);
    return row == NAMES_NONE ? NULL : &dictionary->shapes[row].shape;
}
