/* An open hash table from names to rows. */
#include "codecs/base/names.h"

#include "codecs/base/arena.h"

#include <stdlib.h>

struct names_entry {
    struct slice name; /* absent: free */
    size_t row;
};

static uint64_t hash_of(struct slice name)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < name.size; i++)
        hash = (hash ^ (unsigned char)name.at[i]) * 1099511628211u;
    return hash;
}

void names_init(struct names *names)
{
    *names = (struct names){ NULL, 0, 0 };
}

void names_fini(struct names *names)
{
    free(names->entries);
    names_init(names);
}

/* The entry with this name, or the free one where it belongs. */
static struct names_entry *entry_of(const struct names *names, struct slice name)
{
    size_t at = hash_of(name) & (names->room - 1);
    while (names->entries[at].name.at != NULL && !slice_equal(names->entries[at].name, name))
        at = (at + 1) & (names->room - 1);
    return &names->entries[at];
}

static void grow(struct names *names)
{
    struct names larger = { NULL, names->count, names->room == 0 ? 16 : names->room * 2 };
    larger.entries = memory_take(larger.room * sizeof *larger.entries);
    memset(larger.entries, 0, larger.room * sizeof *larger.entries);
    for (size_t i = 0; i < names->room; i++) {
        if (names->entries[i].name.at != NULL)
            *entry_of(&larger, names->entries[i].name) = names->entries[i];
    }
    free(names->entries);
    *names = larger;
}

bool names_add(struct names *names, struct slice name, size_t row)
{
    if (names->count * 2 >= names->room)
        grow(names);
    struct names_entry *entry = entry_of(names, name);
    if (entry->name.at != NULL)
        return false;
    *entry = (struct names_entry){ name, row };
    names->count++;
    return true;
}

size_t names_find(const struct names *names, struct slice name)
{
    if (names->count == 0)
        return NAMES_NONE;
    const struct names_entry *entry = entry_of(names, name);
    return entry->name.at == NULL ? NAMES_NONE : entry->row;
}

size_t names_size(const struct names *names)
{
    return names->room * sizeof *names->entries;
}
