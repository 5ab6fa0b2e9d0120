/* Tags, and short words, to rows of a table in constant time: built when a
   dictionary is loaded, looked up for every field. */
#ifndef PENSTOCK_CODECS_FIX_TAG_INDEX_H
#define PENSTOCK_CODECS_FIX_TAG_INDEX_H

#include "codecs/base/arena.h"

struct fix_tag_slot {
    uint32_t tag; /* 0: free; no field has tag 0 */
    uint32_t row;
};

struct fix_tag_index {
    struct fix_tag_slot *slots; /* a free one has the row FIX_TAG_NONE: there is no tag 0 */
    unsigned shift;             /* 32 - the logarithm of the number of slots */
    uint32_t last;              /* of the slots */
};

#define FIX_TAG_NONE UINT32_MAX

enum { FIX_WORD_SIZE = 4 };

/* Room for count tags; lives in arena. */
void fix_tag_index_init(struct fix_tag_index *index, size_t count, struct arena *arena);
/* false: the tag is there already, and keeps its row. */
bool fix_tag_index_add(struct fix_tag_index *index, uint32_t tag, uint32_t row);

static inline uint32_t fix_tag_index_start(const struct fix_tag_index *index, uint32_t tag)
{
    return tag * UINT32_C(2654435769) >> index->shift; /* Fibonacci hashing */
}

/* The row of tag, which is not in the slot where it would start. */
uint32_t fix_tag_index_search(const struct fix_tag_index *index, uint32_t tag);

/* FIX_TAG_NONE: no such tag.  Inline, since every field of a message is looked up. */
static inline uint32_t fix_tag_index_find(const struct fix_tag_index *index, uint32_t tag)
{
    const struct fix_tag_slot *slot = &index->slots[fix_tag_index_start(index, tag)];
    return slot->tag == tag ? slot->row : fix_tag_index_search(index, tag);
}

/* A word of at most FIX_WORD_SIZE bytes as a number to look up like a tag.  Zero
   bytes in front do not count, so that who finds a row compares the sizes. */
static inline uint32_t fix_word(struct slice word)
{
    uint32_t number = 0;
    for (size_t i = 0; i < word.size; i++)
        number = number << 8 | (unsigned char)word.at[i];
    return number;
}

#endif
