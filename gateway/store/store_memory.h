/* The store in memory, and what a simulator does to it.  Its data outlive the
   crash of an owner, as a disk's would. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_MEMORY_H
#define PENSTOCK_GATEWAY_STORE_STORE_MEMORY_H

#include "gateway/store/store.h"

enum store_memory_fault {
    STORE_MEMORY_WELL,
    STORE_MEMORY_FAILS_BEFORE, /* the batch is not in */
    STORE_MEMORY_FAILS_AFTER,  /* the batch is in, and only the answer is lost */
};

/* The next `commits` commits fail in this way with this kind of error. */
void store_memory_fail(struct store *store, enum store_memory_fault fault, unsigned commits,
                       const struct error_kind *kind);

enum store_memory_archive_fault {
    STORE_MEMORY_ARCHIVE_WELL,
    STORE_MEMORY_ARCHIVE_FULL, /* nothing is copied */
    STORE_MEMORY_ARCHIVE_TORN, /* the rows are copied, and do not leave the live store */
};

/* The next turn of archiving fails in this way. */
void store_memory_fail_archive(struct store *store, enum store_memory_archive_fault fault);

/* The owner has crashed, and the next one opens the store: same data, a new
   epoch, no fault. */
void store_memory_reopen(struct store *store);

/* All rows of a kind, in the order in which they came in first; state rows in
   their last state.  Good until the next commit. */
size_t store_memory_count(const struct store *store, enum row_kind kind);
const struct row *store_memory_at(const struct store *store, enum row_kind kind, size_t index);
/* The row of this one's kind and key; NULL: there is none. */
const struct row *store_memory_find(const struct store *store, const struct row *like);

/* Rows that were archived, in the order in which they were copied first. */
size_t store_memory_archived_count(const struct store *store, enum row_kind kind);
const struct row *store_memory_archived_at(const struct store *store, enum row_kind kind,
                                           size_t index);
/* The last one with this one's kind and key; NULL: there is none. */
const struct row *store_memory_archived_find(const struct store *store, const struct row *like);

#endif
