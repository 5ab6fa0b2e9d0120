/* A FIX message: its fields in place, checked against the dictionary.

   Parsing allocates nothing: the caller lends the field array; values are
   slices of the frame.  Order of checks: framing, MsgType, fields and header,
   (the session: CompIDs, SendingTime, sequence number), body. */
#ifndef PENSTOCK_CODECS_FIX_MESSAGE_H
#define PENSTOCK_CODECS_FIX_MESSAGE_H

#include "codecs/fix/dictionary.h"
#include "codecs/fix/fault.h"
#include "codecs/fix/frame.h"

struct fix_field {
    uint32_t tag;
    struct slice value;
};

struct fix_message {
    struct slice bytes; /* the whole frame */
    struct slice begin_string;
    struct slice msg_type;                   /* value of 35 */
    const struct fix_dictionary *dictionary; /* that it was parsed with */
    const struct fix_message_type *type;     /* NULL: not in the dictionary */
    struct fix_field *fields;                /* lent by the caller; all fields, 8 and 10 included */
    size_t count, room;
    size_t body_first, body_end; /* fields [body_first, body_end) are the body's */
};

/* What is wrong with a message, and the tag (371) that it is about; 0: none,
   except that tag_invalid is about the tag 0 itself. */
struct fix_finding {
    const struct fix_fault *fault; /* NULL: nothing */
    uint32_t tag;
    size_t at; /* the field that shows it, or stands behind the instance of a group
                  that lacks one; 0: the whole message does */
};

/* Splits the frame into fields (length-prefixed data fields by their length).
   message->fields and room are set by the caller.  false: *finding is a fault
   whose answer is IGNORE, and the message can't be used; or REJECT (tag_invalid, tag_negative,
   value_format for a wrong data length), and all fields are in place. */
bool fix_message_parse(struct fix_message *message, const struct fix_frame *frame,
                       const struct fix_dictionary *dictionary, struct fix_finding *finding);

/* The field with this tag in the header, else in the body outside groups; absent: none. */
struct slice fix_message_get(const struct fix_message *message, uint32_t tag);
/* The same as a number; false: absent or not a number. */
bool fix_message_get_u64(const struct fix_message *message, uint32_t tag, uint64_t *number);

/* The index behind the instance of a group that starts at fields[at]; and behind
   all instances of a group whose count is fields[at - 1]. */
size_t fix_message_instance_end(const struct fix_message *message, const struct fix_members *group,
                                size_t at, size_t end);
size_t fix_message_group_end(const struct fix_message *message, const struct fix_members *group,
                             size_t at, size_t end);

/* Header, body and groups against the dictionary: types, enumerations, order,
   counts, required fields.  The first thing wrong from the front is found;
   fields of the body outside groups may come in any order, in a group in that
   of the dictionary.  A count of 0 is a group without instances.  message->type
   is not NULL. */
bool fix_message_validate(const struct fix_message *message,
                          const struct fix_dictionary *dictionary, struct fix_finding *finding);

/* Fills the slots of a reader that fix shape's `reader` operation made for this
   message's type.  Values are lent from the message, or arena when text was
   joined. */
void fix_message_fill(const struct shape_reader *reader, const struct fix_message *message,
                      struct record *record, struct arena *arena);

/* One field per line: tag, name, value, what the value means; members of groups
   indented.  Values of secret tags (96, 554, 925, 1402, 1404) are masked. */
void fix_message_print(const struct fix_message *message, const struct fix_dictionary *dictionary,
                       struct writer *writer);

/* Tags with the values that must never be logged. */
bool fix_tag_secret(uint32_t tag);

#endif
