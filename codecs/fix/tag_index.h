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
    struct fix_tag_slot *slots;
    unsigned shift; /* 32 - the logarithm of the number of slots */
};

#define FIX_TAG_NONE UINT32_MAX

/* Room for count tags; lives in arena. */
void fix_tag_index_init(struct fix_tag_index *index, size_t count, struct arena *arena);
/* false: the tag is there already, and keeps its row. */
bool fix_tag_index_add(struct fix_tag_index *index, uint32_t tag, uint32_t row);
/* FIX_TAG_NONE: no such tag. */
uint32_t fix_tag_index_find(const struct fix_tag_index *index, uint32_t tag);

#endif
