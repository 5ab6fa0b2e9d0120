/* A digital search tree: at depth n the n-th bit of a text's key says which way on. */
#include "codecs/iso20022/text_set.h"

#include "codecs/base/digest.h"

static unsigned bit_of(const struct digest *digest, size_t depth)
{
    return digest->bytes[depth / 8] >> depth % 8 & 1u;
}

const struct iso_text_set_entry *iso_text_set_add(struct iso_text_set *set, struct slice text,
                                                  unsigned line, struct arena *arena)
{
    struct digest digest = digest_of(text);
    struct iso_text_set_entry **at = &set->top;
    for (size_t depth = 0; *at != NULL; depth++) {
        if (memcmp((*at)->key, digest.bytes, ISO_TEXT_KEY_SIZE) == 0)
            return *at;
        at = &(*at)->below[bit_of(&digest, depth)];
    }
    struct iso_text_set_entry *added = arena_take(arena, sizeof *added);
    if (added == NULL)
        return NULL;
    added->line = line;
    memcpy(added->key, digest.bytes, ISO_TEXT_KEY_SIZE);
    *at = added;
    return NULL;
}
