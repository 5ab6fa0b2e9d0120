/* Texts that were seen in a document, to find one that comes again.  Internal.

   Looking one up takes no more steps than it has bits, whatever the others are:
   nobody can choose texts that make it slow. */
#ifndef PENSTOCK_CODECS_ISO20022_TEXT_SET_H
#define PENSTOCK_CODECS_ISO20022_TEXT_SET_H

#include "codecs/base/arena.h"

struct iso_text_set_entry {
    struct iso_text_set_entry *below[2]; /* by their first bit that counts at this depth */
    unsigned line;                       /* where it was seen first */
    uint32_t size;
    char bytes[];
};

struct iso_text_set {
    struct iso_text_set_entry *top; /* NULL: the set is empty */
};

/* The text that was there already.  NULL: it is new, and was added; or the arena
   has run over. */
const struct iso_text_set_entry *iso_text_set_add(struct iso_text_set *set, struct slice text,
                                                  unsigned line, struct arena *arena);

#endif
