/* Chained hash tables over entries that live inside what they are entries of,
   so that one thing can be in several tables, and leave them again.

       struct thing { struct table_entry by_name; struct slice name; };

       uint64_t hash = table_hash(&name, 1);
       for (struct table_entry *entry = table_first(&table, hash); entry != NULL;
            entry = table_next(entry))
           ... entry->owner is a thing with that hash: compare the names ...  */
#ifndef PENSTOCK_ROUTING_CUSTODY_TABLE_H
#define PENSTOCK_ROUTING_CUSTODY_TABLE_H

#include "codecs/base/slice.h"

struct table_entry {
    struct table_entry *next;
    uint64_t hash;
    void *owner;
};

struct table_bucket {
    struct table_entry *first;
};

struct table {
    struct table_bucket *buckets; /* a power of two of them; none before the first entry */
    size_t bucket_count, count;
};

void table_init(struct table *table);
void table_fini(struct table *table); /* the entries belong to their owners */

/* Of the parts in order, so that no two lists of parts run together. */
uint64_t table_hash(const struct slice *parts, size_t count);

void table_add(struct table *table, struct table_entry *entry, uint64_t hash, void *owner);
void table_remove(struct table *table, struct table_entry *entry);

struct table_entry *table_first(const struct table *table, uint64_t hash);
struct table_entry *table_next(const struct table_entry *entry);

#endif
