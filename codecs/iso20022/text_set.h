/* Texts that were seen in a document, to find one that comes again.  Internal.

   It keeps twelve bytes of the SHA-256 of each, so that a million of any length
   take 32 MB: that two texts share them does not happen by chance, and whoever
   makes such two only makes a document that is refused.  Looking one up takes few
   steps, whatever the others are: nobody can choose texts that make it slow. */
#ifndef PENSTOCK_CODECS_ISO20022_TEXT_SET_H
#define PENSTOCK_CODECS_ISO20022_TEXT_SET_H

#include "codecs/base/arena.h"

enum { ISO_TEXT_KEY_SIZE = 12 };

struct iso_text_set_entry {
    struct iso_text_set_entry *below[2]; /* by their first bit that counts at this depth */
    uint32_t line;                       /* where it was seen first */
    unsigned char key[ISO_TEXT_KEY_SIZE];
};

struct iso_text_set {
    struct iso_text_set_entry *top; /* NULL: the set is empty */
};

/* The text that was there already.  NULL: it is new, and was added; or the arena
   has run over. */
const struct iso_text_set_entry *iso_text_set_add(struct iso_text_set *set, struct slice text,
                                                  unsigned line, struct arena *arena);

#endif
