/* What a FIX version knows: fields, messages, groups, enumerations.

   Read at start from XML in the format that QuickFIX made common, compiled
   into tables.  An extension file has the same form.  It adds fields, messages,
   components, members and values: what is there already is repeated with the
   same attributes and takes in what is new below it; another attribute is a
   redefinition, an error that names both positions.  A dictionary does not
   change once it is made; all that it lends lives as long as it does.

   Two attributes of <field> go beyond QuickFIX, whose engines pass over them:
   allowOtherValues="true" (QuickFIX/J's) opens a list of values, and
   valuesOf="PartyRole" shares the list of another field. */
#ifndef PENSTOCK_CODECS_FIX_DICTIONARY_H
#define PENSTOCK_CODECS_FIX_DICTIONARY_H

#include "codecs/base/error.h"
#include "codecs/fix/tag_index.h"
#include "codecs/fix/tag_text.h"
#include "codecs/fix/version.h"
#include "codecs/shape.h"

struct fix_dictionary;

struct fix_dictionary_file {
    struct slice xml;   /* read by fix_dictionary_new(), not kept */
    const char *source; /* the file's name, for places; outlives the dictionary */
};

/* files[0] is the base, the others extend it in order.  NULL: errors say why
   (all of them, up to the list's limit). */
struct fix_dictionary *fix_dictionary_new(const struct fix_dictionary_file *files, size_t count,
                                          struct error_list *errors);
void fix_dictionary_free(struct fix_dictionary *dictionary);

/* Puts the messages of an application version on a transport, whose header,
   trailer and session messages take the place of its own: FIX.5.0 and later have
   none.  Once, before a shape of it is asked for; transport outlives application. */
void fix_dictionary_ride(struct fix_dictionary *application,
                         const struct fix_dictionary *transport);

/* What its files are for: "FIX.4.4", "FIX.5.0SP2", "FIXT.1.1". */
struct slice fix_dictionary_version(const struct fix_dictionary *dictionary);
/* What BeginString (8) is: its version, or that of its transport. */
struct slice fix_dictionary_begin_string(const struct fix_dictionary *dictionary);
const struct fix_version *fix_dictionary_standard(const struct fix_dictionary *dictionary);

enum fix_type {
    FIX_TYPE_STRING,
    FIX_TYPE_CHAR,
    FIX_TYPE_INT,
    FIX_TYPE_LENGTH,
    FIX_TYPE_SEQNUM,
    FIX_TYPE_NUMINGROUP,
    FIX_TYPE_DAY_OF_MONTH,
    FIX_TYPE_FLOAT, /* Amt, Qty, Price, PriceOffset, Percentage too: all exact decimals */
    FIX_TYPE_BOOLEAN,
    FIX_TYPE_CURRENCY,
    FIX_TYPE_COUNTRY,
    FIX_TYPE_EXCHANGE,
    FIX_TYPE_MULTIPLE_VALUE, /* several values separated by blanks */
    FIX_TYPE_MONTH_YEAR,
    FIX_TYPE_UTC_TIMESTAMP,
    FIX_TYPE_UTC_DATE,
    FIX_TYPE_UTC_TIME,
    FIX_TYPE_LOCAL_DATE,
    FIX_TYPE_TZ_TIME,
    FIX_TYPE_TZ_TIMESTAMP,
    FIX_TYPE_DATA,
};

struct fix_enumeration_value {
    struct slice value, description;
};

/* What a value that is there has to pass. */
enum fix_check {
    FIX_CHECK_NONE,   /* any text is right */
    FIX_CHECK_FORM,   /* there is no list */
    FIX_CHECK_LISTED, /* what the indexes of the list have is right, else all is looked at */
    FIX_CHECK_ALL,    /* form, list, and the field before */
};

struct fix_field_type {
    uint32_t tag;
    enum fix_type type;
    uint32_t length_tag; /* DATA: the field that carries its length; else 0 */
    bool open;           /* the list is not exhaustive: do not refuse other values */
    enum fix_check check;
    bool in_header, in_trailer;
    const struct fix_enumeration_value *values; /* sorted by value; count 0: any */
    size_t value_count;
    uint64_t letters[2];        /* bits of ASCII: values of one byte, found without a search */
    struct fix_tag_index words; /* rows of values of two to four bytes, by fix_word() */
    struct slice name;
    struct fix_tag_text tag_text;
};

struct fix_members;

/* A member of a message or group after all components are expanded. */
struct fix_member {
    const struct fix_field_type *field;
    bool required;
    const struct fix_members *group; /* not NULL: field is the count of this group */
};

/* In the order of the dictionary; at[0] of a group is its delimiter. */
struct fix_members {
    const struct fix_member *at;
    size_t count;
    const uint16_t *required; /* rows of the mandatory ones */
    size_t required_count;
    struct fix_tag_index index;
};

#define FIX_MEMBER_COUNT_MAX 2048 /* of one message or group */

struct fix_message_type {
    struct slice msg_type, name;
    bool application; /* false: session */
    struct fix_members body;
};

const struct fix_field_type *fix_dictionary_field(const struct fix_dictionary *dictionary,
                                                  uint32_t tag);
const struct fix_field_type *fix_dictionary_field_named(const struct fix_dictionary *dictionary,
                                                        struct slice name);
const struct fix_message_type *fix_dictionary_message(const struct fix_dictionary *dictionary,
                                                      struct slice msg_type);
const struct fix_message_type *fix_dictionary_message_named(const struct fix_dictionary *dictionary,
                                                            struct slice name);
const struct fix_members *fix_dictionary_header(const struct fix_dictionary *dictionary);
const struct fix_members *fix_dictionary_trailer(const struct fix_dictionary *dictionary);

/* The member with this tag, NULL: none.  Constant time. */
static inline const struct fix_member *fix_members_find(const struct fix_members *members,
                                                        uint32_t tag)
{
    uint32_t row = fix_tag_index_find(&members->index, tag);
    return row == FIX_TAG_NONE ? NULL : &members->at[row];
}

/* The row of the field's list with this value, NULL: it is not listed. */
const struct fix_enumeration_value *fix_field_type_value(const struct fix_field_type *field,
                                                         struct slice value);
/* The description of a value of field, absent: none. */
struct slice fix_field_type_describe(const struct fix_field_type *field, struct slice value);

/* The message as the maps see it (codecs/shape.h).  NULL: no such message. */
const struct shape *fix_dictionary_shape(const struct fix_dictionary *dictionary,
                                         struct slice message_name);

/* Base and extensions as one file in the same format. */
void fix_dictionary_write(const struct fix_dictionary *dictionary, struct writer *writer);

#endif
