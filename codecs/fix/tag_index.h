/* Tags to rows of a table in constant time: built when a dictionary is
   loaded, looked up for every field. */
#ifndef PENSTOCK_CODECS_FIX_TAG_INDEX_H
#define PENSTOCK_CODECS_FIX_TAG_INDEX_H

#include "codecs/base/arena.h"

struct fix_tag_slot {
    uint32_t tag; /* 0: free; no field has tag 0 */
    uint32_t row;
};

struct fix_tag_index {
    struct fix_tag_slot *slots; /* a free one has the row FIX_TAG_NONE */
    unsigned shift;             /* 32 - the logarithm of the number of slots */
    uint32_t last;              /* of the slots */
};

#define FIX_TAG_NONE UINT32_MAX

/* Room for count tags; lives in arena. */
void fix_tag_index_init(struct fix_tag_index *index, size_t count, struct arena *arena);
/* false: the tag is there already, and keeps its row. */
bool fix_tag_index_add(struct fix_tag_index *index, uint32_t tag, uint32_t row);

/* The slot with this tag, or the free one where it belongs: inline, since every
   field of a message is looked up more than once. */
static inline struct fix_tag_slot *fix_tag_index_slot(const struct fix_tag_index *index,
                                                      uint32_t tag)
{
    uint32_t at = tag * UINT32_C(2654435769) >> index->shift; /* Fibonacci hashing */
    struct fix_tag_slot *slot = &index->slots[at];
    while (slot->tag != tag) {
        if (slot->tag == 0)
            break;
        at = (at + 1) & index->last;
        slot = &index->slots[at];
    }
    return slot;
}

/* FIX_TAG_NONE: no such tag. */
static inline uint32_t fix_tag_index_find(const struct fix_tag_index *index, uint32_t tag)
{
    return fix_tag_index_slot(index, tag)->row;
}

#endif
