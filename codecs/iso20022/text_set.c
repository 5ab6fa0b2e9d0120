/* A digital search tree: at depth n the n-th bit of a text says which way on. */
#include "codecs/iso20022/text_set.h"

static unsigned bit_of(struct slice text, size_t depth)
{
    size_t at = depth / 8;
    return at < text.size ? (unsigned char)text.at[at] >> depth % 8 & 1u : 0;
}

const struct iso_text_set_entry *iso_text_set_add(struct iso_text_set *set, struct slice text,
                                                  unsigned line, struct arena *arena)
{
    struct iso_text_set_entry **at = &set->top;
    for (size_t depth = 0; *at != NULL; depth++) {
        if (slice_equal((struct slice){ (*at)->bytes, (*at)->size }, text))
            return *at;
        at = &(*at)->below[bit_of(text, depth)];
    }
    struct iso_text_set_entry *added = arena_take(arena, sizeof *added + text.size);
    if (added == NULL)
        return NULL;
    added->line = line;
    added->size = (uint32_t)text.size;
    memcpy(added->bytes, text.at, text.size);
    *at = added;
    return NULL;
}
