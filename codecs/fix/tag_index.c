/* An open hash table from tags to rows, at most a quarter full. */
#include "codecs/fix/tag_index.h"

#include <assert.h>

void fix_tag_index_init(struct fix_tag_index *index, size_t count, struct arena *arena)
{
    unsigned logarithm = 3;
    while (((size_t)1 << logarithm) < count * 4)
        logarithm++;
    size_t size = (size_t)1 << logarithm;
    index->slots = arena_take_array(arena, size, sizeof *index->slots);
    index->shift = 32 - logarithm;
    index->last = (uint32_t)(size - 1);
    for (size_t i = 0; i < size; i++)
        index->slots[i].row = FIX_TAG_NONE;
}

/* The slot that has tag, or the free one where it belongs. */
static struct fix_tag_slot *slot_of(const struct fix_tag_index *index, uint32_t tag)
{
    uint32_t at = fix_tag_index_start(index, tag);
    while (index->slots[at].tag != tag && index->slots[at].tag != 0)
        at = (at + 1) & index->last;
    return &index->slots[at];
}

bool fix_tag_index_add(struct fix_tag_index *index, uint32_t tag, uint32_t row)
{
    struct fix_tag_slot *slot = slot_of(index, tag);
    assert(tag != 0);
    if (slot->tag != 0)
        return false;
    *slot = (struct fix_tag_slot){ tag, row };
    return true;
}

uint32_t fix_tag_index_search(const struct fix_tag_index *index, uint32_t tag)
{
    return slot_of(index, tag)->row;
}
