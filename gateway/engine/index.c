/* Digests to numbers: open addressing, doubled when it is two thirds full. */
#include "gateway/engine/index.h"

#include "codecs/base/arena.h"
#include "codecs/base/digest.h"

#include <stdlib.h>

#define ROOM_FIRST 64

void index_fini(struct index *index)
{
    free(index->entries);
    *index = (struct index){ 0 };
}

uint64_t index_digest(enum index_kind kind, struct slice scope, struct slice id)
{
    char kind_byte = (char)kind;
    const struct slice parts[] = { { &kind_byte, 1 }, scope, id };
    struct digest digest = digest_of_parts(parts, 3);
    uint64_t key = digest_u64(&digest);

    return key == 0 ? 1 : key;
}

static void put(struct index *index, struct index_entry entry)
{
    size_t place = (size_t)entry.digest & (index->room - 1);

    while (index->entries[place].digest != 0)
        place = (place + 1) & (index->room - 1);
    index->entries[place] = entry;
    index->count++;
}

static void grow(struct index *index)
{
    struct index old = *index;

    index->room = old.room == 0 ? ROOM_FIRST : old.room * 2;
    index->count = 0;
    index->entries = memory_take(index->room * sizeof *index->entries);
    memset(index->entries, 0, index->room * sizeof *index->entries);

    /* From a free place on, so that entries with one digest keep their order. */
    size_t start = 0;
    while (start < old.room && old.entries[start].digest != 0)
        start++;
    for (size_t i = 0; i < old.room; i++) {
        struct index_entry entry = old.entries[(start + i) & (old.room - 1)];
        if (entry.digest != 0)
            put(index, entry);
    }
    free(old.entries);
}

void index_add(struct index *index, enum index_kind kind, struct slice scope, struct slice id,
               uint64_t number)
{
    if (index->count * 3 >= index->room * 2)
        grow(index);
    put(index, (struct index_entry){ index_digest(kind, scope, id), number });
}

struct index_cursor index_look(const struct index *index, enum index_kind kind, struct slice scope,
                               struct slice id)
{
    uint64_t digest = index_digest(kind, scope, id);

    return (struct index_cursor){ digest,
                                  index->room == 0 ? 0 : (size_t)digest & (index->room - 1) };
}

bool index_next(const struct index *index, struct index_cursor *cursor, uint64_t *number)
{
    while (index->room != 0 && index->entries[cursor->place].digest != 0) {
        const struct index_entry *entry = &index->entries[cursor->place];

        cursor->place = (cursor->place + 1) & (index->room - 1);
        if (entry->digest == cursor->digest) {
            *number = entry->number;
            return true;
        }
    }
    return false;
}

bool index_has(const struct index *index, enum index_kind kind, struct slice scope, struct slice id)
{
    struct index_cursor cursor = index_look(index, kind, scope, id);
    uint64_t number;

    return index_next(index, &cursor, &number);
}
