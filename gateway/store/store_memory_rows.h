/* What the files of the memory store share. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_MEMORY_ROWS_H
#define PENSTOCK_GATEWAY_STORE_STORE_MEMORY_ROWS_H

#include "gateway/store/store_memory.h"
#include "routing/custody/table.h"

struct kept {
    struct table_entry by_key;
    struct table_entry by_request; /* instructions: asker and request_id */
    struct row row;
    bool leaves; /* it is being archived */
};

struct kept_list {
    struct kept **at;
    size_t count, room;
};

struct memory {
    struct store store;
    char identity[STORE_IDENTITY_SIZE];
    uint64_t epoch, last_batch, last_number;
    struct arena arena; /* rows; those that were replaced stay until close */
    struct kept_list rows[ROW_KIND_COUNT];
    struct table keys, requests;
    enum store_memory_fault fault;
    unsigned faults_left;
    const struct error_kind *fault_kind;
    size_t load_step, load_index;
    struct loaded *told; /* the keys of this load */
    size_t told_count, told_room;
    struct kept_list archived[ROW_KIND_COUNT];
    struct table archived_keys;
    size_t archive_index; /* instructions before it have been looked at */
    enum store_memory_archive_fault archive_fault;
};

static inline struct memory *memory_of(const struct store *store)
{
    return (struct memory *)store;
}

/* One row that a batch has put in, and how to take it out again. */
struct change {
    struct kept *kept;
    struct row before;
    bool is_new;
};

/* The row with this one's kind and key; NULL: there is none. */
struct kept *memory_find(const struct memory *memory, const struct row *row);
/* Puts in a new row. */
void memory_keep(struct memory *memory, const struct row *row, struct change *change);
void kept_list_add(struct kept_list *list, struct kept *kept);

bool memory_archive(struct store *store, const char *path, const struct archive_order *order,
                    struct archive_progress *progress, struct error *error);

#endif
