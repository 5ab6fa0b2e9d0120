/* Valid FIX messages of a version, to measure and to damage. */
#ifndef PENSTOCK_TESTS_KIT_FIX_MESSAGES_H
#define PENSTOCK_TESTS_KIT_FIX_MESSAGES_H

#include "codecs/base/slice.h"

struct fix_messages {
    struct slice *at; /* each a piece of memory of its own */
    size_t count, room;
};

/* The valid messages of a version in the files *.fix of a folder; of the samples
   beside the repository when folder is NULL; or our own when there are none. */
void fix_messages_open(struct fix_messages *messages, const char *version, const char *folder);
void fix_messages_close(struct fix_messages *messages);

#endif
