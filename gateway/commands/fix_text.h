/* FIX messages in files and on standard input: one after the other, perhaps
   with line ends between them. */
#ifndef PENSTOCK_GATEWAY_COMMANDS_FIX_TEXT_H
#define PENSTOCK_GATEWAY_COMMANDS_FIX_TEXT_H

#include "codecs/fix/message.h"

struct fix_text {
    const struct fix_dictionary *dictionary;
    struct slice rest;          /* what has not been looked at */
    struct slice front;         /* the bytes of the last message, or what was dropped */
    struct fix_message message; /* good when parsed */
    struct fix_finding finding; /* fault NULL: nothing is wrong */
    bool framed, parsed;
    struct fix_field *fields;
    size_t field_room;
};

/* The dictionary for the message that bytes begin with, by its BeginString and, on FIXT,
   its ApplVerID; NULL: none is for its version. */
const struct fix_dictionary *fix_text_choose(struct fix_dictionary *const *dictionaries,
                                             size_t count, struct slice bytes);

void fix_text_init(struct fix_text *text, struct slice bytes,
                   const struct fix_dictionary *dictionary);
void fix_text_fini(struct fix_text *text);

/* The next message, or the next fault; false: there is no more. */
bool fix_text_next(struct fix_text *text);

/* Of a fault: is it about a tag, and where in the bytes is it? */
bool fix_text_names_tag(const struct fix_text *text);
const char *fix_text_place(const struct fix_text *text);

#endif
