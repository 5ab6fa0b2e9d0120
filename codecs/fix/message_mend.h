/* What of the standard two sides do not hold each other to, and how a message
   that only breaks such rules is made one that breaks none. */
#ifndef PENSTOCK_CODECS_FIX_MESSAGE_MEND_H
#define PENSTOCK_CODECS_FIX_MESSAGE_MEND_H

#include "codecs/fix/message.h"

/* true: it is checked. */
struct fix_validation {
    bool latency;             /* SendingTime is near our clock */
    bool comp_ids;            /* on each message, not on the Logon only */
    bool orig_sending_time;   /* is there when PossDupFlag is */
    bool length_and_checksum; /* are right */
    bool field_order;         /* header, body, trailer */
    bool group_order;         /* members of a group as in the dictionary */
    bool values_present;      /* no field is empty */
    bool user_defined_fields; /* tags from 5000 on are in the message type */
    bool unknown_fields;      /* tags below are */
};

#define FIX_VALIDATION_WHOLE                                                                       \
    {                                                                                              \
        true, true, true, true, true, true, true, true, true                                       \
    }

/* Some of it is about fields, so that there is something to mend. */
bool fix_validation_mends(const struct fix_validation *validation);

/* Between parsing and validating, which stays as strict as it is: fields that are
   not checked for being there are left out of message->fields, and those that are
   not checked for their place are put into it.  So whoever reads the message
   afterwards finds in it what the dictionary knows, where the dictionary has it,
   once, and with a value.  What is still wrong is the validator's to find: a field
   of a group that stands outside of it is not left out, and of a field that comes
   twice neither is.  The bytes stay as they came.  message->type is not NULL. */
void fix_message_mend(struct fix_message *message, const struct fix_validation *validation);

#endif
