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

bool fix_tag_index_add(struct fix_tag_index *index, uint32_t tag, uint32_t row)
{
    assert(tag != 0);
    uint32_t at = fix_tag_index_start(index, tag);
    while (index->slots[at].tag != 0) {
        if (index->slots[at].tag == tag)
            return false;
        at = (at + 1) & index->last;
    }
    index->slots[at] = (struct fix_tag_slot){ tag, row };
    return true;
}
