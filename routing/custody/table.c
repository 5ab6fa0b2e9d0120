/* Chained hash tables with entries inside their owners. */
#include "routing/custody/table.h"

#include "codecs/base/arena.h"

#include <assert.h>
#include <stdlib.h>

enum { BUCKETS_AT_FIRST = 16 };

void table_init(struct table *table)
{
    *table = (struct table){ NULL, 0, 0 };
}

void table_fini(struct table *table)
{
    free(table->buckets);
    table_init(table);
}

/* FNV-1a over the length and the bytes of each part. */
uint64_t table_hash(const struct slice *parts, size_t count)
{
    const uint64_t prime = 1099511628211u;
    uint64_t hash = 14695981039346656037u;
    for (size_t part = 0; part < count; part++) {
        hash = (hash ^ parts[part].size) * prime;
        for (size_t i = 0; i < parts[part].size; i++)
            hash = (hash ^ (unsigned char)parts[part].at[i]) * prime;
    }
    return hash;
}

static struct table_entry **bucket_of(const struct table *table, uint64_t hash)
{
    return &table->buckets[hash & (table->bucket_count - 1)].first;
}

static void push(struct table *table, struct table_entry *entry)
{
    struct table_entry **bucket = bucket_of(table, entry->hash);
    entry->next = *bucket;
    *bucket = entry;
}

static void grow(struct table *table)
{
    struct table old = *table;
    table->bucket_count = old.bucket_count == 0 ? BUCKETS_AT_FIRST : 2 * old.bucket_count;
    table->buckets = memory_take(table->bucket_count * sizeof *table->buckets);
    for (size_t i = 0; i < table->bucket_count; i++)
        table->buckets[i].first = NULL;
    for (size_t i = 0; i < old.bucket_count; i++) {
        for (struct table_entry *entry = old.buckets[i].first, *next; entry != NULL; entry = next) {
            next = entry->next;
            push(table, entry);
        }
    }
    free(old.buckets);
}

void table_add(struct table *table, struct table_entry *entry, uint64_t hash, void *owner)
{
    if (table->count == table->bucket_count)
        grow(table);
    entry->hash = hash;
    entry->owner = owner;
    push(table, entry);
    table->count++;
}

void table_remove(struct table *table, struct table_entry *entry)
{
    struct table_entry **at = bucket_of(table, entry->hash);
    while (*at != entry) {
        assert(*at != NULL);
        at = &(*at)->next;
    }
    *at = entry->next;
    table->count--;
}

static struct table_entry *with_hash(struct table_entry *entry, uint64_t hash)
{
    while (entry != NULL && entry->hash != hash)
        entry = entry->next;
    return entry;
}

struct table_entry *table_first(const struct table *table, uint64_t hash)
{
    return table->count == 0 ? NULL : with_hash(*bucket_of(table, hash), hash);
}

struct table_entry *table_next(const struct table_entry *entry)
{
    return with_hash(entry->next, entry->hash);
}
