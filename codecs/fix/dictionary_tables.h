/* The inside of a dictionary, for the files that make and print it, and for the
   one that looks up every field. */
#ifndef PENSTOCK_CODECS_FIX_DICTIONARY_TABLES_H
#define PENSTOCK_CODECS_FIX_DICTIONARY_TABLES_H

#include "codecs/fix/dictionary_source.h"

/* A message as a shape: shape.message points back here. */
struct fix_message_shape {
    struct shape shape;
    const struct fix_dictionary *dictionary;
    const struct fix_message_type *type;
};

/* What splitting a message has to know of a tag. */
enum {
    FIX_MARK_HEADER = 1,
    FIX_MARK_TRAILER = 2,
    FIX_MARK_SPECIAL = 4,   /* data, or the tag 0 */
    FIX_MARKED_TAGS = 4096, /* the standard ones, at a glance */
};

struct fix_dictionary {
    struct arena arena; /* all that the dictionary lends */
    struct dictionary_source source;
    struct slice version, begin_string;
    const struct fix_version *standard;
    const struct fix_dictionary *transport; /* NULL: it has header and session messages itself */

    struct fix_field_type *fields; /* that its members point to */
    size_t field_count;
    const struct fix_field_type *rows; /* by tag: fields, or with those of the transport */
    struct fix_tag_index fields_by_tag;
    struct names fields_by_name;
    unsigned char marks[FIX_MARKED_TAGS]; /* of the rows, by tag */

    struct fix_message_type *messages;
    struct fix_message_shape *shapes; /* beside messages */
    size_t message_count;
    struct names messages_by_type, messages_by_name;
    struct fix_tag_index messages_by_word; /* those with a short MsgType */

    struct fix_members header, trailer;
};

extern const struct shape_operations fix_shape_operations;

/* Declarations into tables: fields with their values first, then messages with
   their members.  false: errors say why. */
bool fix_dictionary_resolve_fields(struct fix_dictionary *dictionary, struct error_list *errors);
bool fix_dictionary_resolve_messages(struct fix_dictionary *dictionary, struct error_list *errors);

/* What fix_dictionary_field() finds. */
static inline const struct fix_field_type *
fix_dictionary_row(const struct fix_dictionary *dictionary, uint32_t tag)
{
    uint32_t row = fix_tag_index_find(&dictionary->fields_by_tag, tag);
    return row == FIX_TAG_NONE ? NULL : &dictionary->rows[row];
}

/* Of any tag, from its row. */
unsigned fix_dictionary_marks_of_row(const struct fix_dictionary *dictionary, uint32_t tag);
/* Notes those of the tags that are looked up at a glance, once rows are complete. */
void fix_dictionary_note_marks(struct fix_dictionary *dictionary);

static inline unsigned fix_dictionary_marks(const struct fix_dictionary *dictionary, uint32_t tag)
{
    return tag < FIX_MARKED_TAGS ? dictionary->marks[tag]
                                 : fix_dictionary_marks_of_row(dictionary, tag);
}

/* The field of the table, not const: for resolving only. */
struct fix_field_type *fix_dictionary_field_row(const struct fix_dictionary *dictionary,
                                                struct slice name);

#endif
