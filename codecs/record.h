/* One message as routing sees it: values by slot.

   Which field has which slot was settled when the maps were loaded, so that
   per message no name is looked up and routing never sees a format.  Values
   are UTF-8 text in the form of the message that they came from; slots are
   valid within one configuration and never reach the store. */
#ifndef PENSTOCK_CODECS_RECORD_H
#define PENSTOCK_CODECS_RECORD_H

#include "codecs/base/arena.h"

struct value {
    struct slice text;        /* absent: the message does not have the field */
    const struct value *next; /* further occurrences of a repeating field, in order */
};

struct record {
    struct value *values; /* one per slot */
    size_t count;
};

static inline struct slice record_get(const struct record *record, size_t slot)
{
    return record->values[slot].text;
}

/* All values absent; the slots live in arena. */
struct record record_take(struct arena *arena, size_t count);

/* Sets the slot, or adds another occurrence behind those it has. */
void record_add(struct record *record, size_t slot, struct slice text, struct arena *arena);

#endif
