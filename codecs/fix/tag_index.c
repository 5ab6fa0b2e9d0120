/* An open hash table from tags to rows, at most half full. */
#include "codecs/fix/tag_index.h"

#include <assert.h>

void fix_tag_index_init(struct fix_tag_index *index, size_t count, struct arena *arena)
{
    unsigned logarithm = 3;
    while (((size_t)1 << logarithm) < count * 2)
        logarithm++;
    index->slots = arena_take_array(arena, (size_t)1 << logarithm, sizeof *index->slots);
    index->shift = 32 - logarithm;
}

/* The slot with this tag, or the free one where it belongs. */
static struct fix_tag_slot *slot_of(const struct fix_tag_index *index, uint32_t tag)
{
    uint32_t last = (UINT32_C(1) << (32 - index->shift)) - 1;
    uint32_t at = tag * UINT32_C(2654435769) >> index->shift; /* Fibonacci hashing */
    while (index->slots[at].tag != 0 && index->slots[at].tag != tag)
        at = (at + 1) & last;
    return &index->slots[at];
}

bool fix_tag_index_add(struct fix_tag_index *index, uint32_t tag, uint32_t row)
{
    assert(tag != 0);
    struct fix_tag_slot *slot = slot_of(index, tag);
    if (slot->tag != 0)
        return false;
    *slot = (struct fix_tag_slot){ tag, row };
    return true;
}

uint32_t fix_tag_index_find(const struct fix_tag_index *index, uint32_t tag)
{
    const struct fix_tag_slot *slot = slot_of(index, tag);
    return slot->tag == 0 || tag == 0 ? FIX_TAG_NONE : slot->row;
}
