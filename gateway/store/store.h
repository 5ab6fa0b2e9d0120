/* The durable store: commits batches, answers questions, and tells at start
   what there is.

   An owner opens the store and gets an epoch; opening again makes a new one,
   and commits of an older epoch are refused (fencing).  The number of the last
   committed batch is kept, so that after a lost answer it can be asked whether
   a batch is in.  One thread at a time uses a store; gateway/store/committer.h
   gives it a thread of its own.

   What the store holds it also proves: a batch is refused (store_refused) when
   it would take a balance below zero, use a key of a history row again, or speak
   of a session, instruction or balance that there is not.  That an asker's
   request id and a bank's document id stand once it proves among the numbers that
   lie near each other (migrations/005-eras.sql); over all of them store_verify()
   does. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_H
#define PENSTOCK_GATEWAY_STORE_STORE_H

#include "codecs/base/arena.h"
#include "codecs/base/error.h"
#include "gateway/engine/query.h"
#include "gateway/engine/row.h"

/* The texts say what the operator can do. */
extern const struct error_kind store_open_failed, store_full, store_read_only, store_io,
    store_corrupt, store_gone, store_fenced, store_locked, store_newer, store_there,
    store_copy_failed, store_archive_failed, store_refused;

/* Does it last until a person has done something about it?  Others are tried
   again, and pass by themselves. */
bool store_fault_lasts(const struct error_kind *kind);

enum { STORE_IDENTITY_SIZE = 6 };

struct store;

struct store_operations {
    void (*close)(struct store *store);

    /* Who we are, for ever: six characters made when the store was made. */
    struct slice (*identity)(const struct store *store);
    uint64_t (*epoch)(const struct store *store);
    /* Batch numbers count up, with gaps; the next one is above this. */
    uint64_t (*last_batch)(const struct store *store);
    /* The highest number ever given to an instruction or inbox row, or covered by
       a filter: those below it are not given again. */
    uint64_t (*last_number)(const struct store *store);
    /* Bytes that are durable but not yet in their place: long when something
       else reads the store for long. */
    uint64_t (*log_size)(const struct store *store);

    /* All or nothing, durable when it returns true.  After false the store has
       been closed and opened again, and holds what is durable: as before the
       batch, or, when only the answer of the disk was lost, with it; whoever
       has state in memory loads it again. */
    bool (*commit)(struct store *store, const struct batch *batch, struct error *error);

    /* The rows that the engine needs in memory, in this order: links, balances,
       sessions, filters, open instructions, waiting documents; then, for
       duplicate detection, the keys of instructions, of their orders, and of
       inbox rows, of all numbers above the last filter, in the order of their
       numbers (query.h).  load() begins; call load_next() until it returns
       false: error->kind says whether it ended well (NULL) or not.  What
       *loaded points to is good until the next call on the store. */
    void (*load)(struct store *store);
    bool (*load_next)(struct store *store, struct loaded *loaded, struct error *error);

    /* Answers a question from what is committed; the answer lives in arena.
       Lists are in the order of their numbers, instructions newest first; limit
       0: all. */
    bool (*read)(struct store *store, const struct query *query, struct arena *arena,
                 struct answer *answer, struct error *error);

    /* Moves the next old rows to the archive, a file that is made when it is not
       there.  They are durable there before they leave the live store, all of an
       instruction at once; what they did to balances is carried forward in the
       ledger.  false: nothing is lost, and nothing is there twice for whoever
       reads both; begin again. */
    bool (*archive)(struct store *store, const char *path, const struct archive_order *order,
                    struct archive_progress *progress, struct error *error);
};

struct store {
    const struct store_operations *operations;
};

/* identity: 6 characters for a new store; used only when there is none yet.
   A file path.lock beside the store keeps a second process away. */
struct store *store_sqlite_open(const char *path, struct slice identity, struct error *error);
struct store *store_memory_open(struct slice identity);

#endif
