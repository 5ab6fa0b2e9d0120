/* A thread that commits and reads, so that the loop never waits for the disk.

   Jobs go in and results come out in the order in which they were done; jobs
   are done one after another, in the order of their coming.  All functions are
   for one thread, the loop's; only the wake-up is called on the committer's. */
#ifndef PENSTOCK_GATEWAY_STORE_COMMITTER_H
#define PENSTOCK_GATEWAY_STORE_COMMITTER_H

#include "gateway/store/store.h"

/* Called on the committer's thread when there are results to take; must only
   wake the loop (uv_async_send). */
typedef void committer_wake(void *argument);

enum committer_result_kind {
    COMMITTER_COMMITTED,      /* batch */
    COMMITTER_COMMIT_FAILED,  /* batch, error */
    COMMITTER_ANSWER,         /* ticket, answer */
    COMMITTER_ARCHIVED,       /* ticket, progress */
    COMMITTER_ARCHIVE_FAILED, /* ticket, error: nothing is lost */
    COMMITTER_READ_FAILED,    /* ticket, error: nothing is known, which is not the same as nothing
                                 found */
};

struct committer_result {
    enum committer_result_kind kind;
    uint64_t batch, ticket;
    uint64_t log_size; /* of the store, after the commit */
    struct answer answer;
    struct archive_progress progress;
    struct error error;
};

struct committer;

/* Owns the store from then on.  NULL: the system gives no thread; the store is
   still the caller's. */
struct committer *committer_start(struct store *store, committer_wake *wake, void *argument);

/* Ends what was asked for, throws its results away, and closes the store. */
void committer_stop(struct committer *committer);

/* The committer owns the batch from then on; the query is copied.  With a
   thousand jobs waiting, both wait for room. */
void committer_commit(struct committer *committer, struct batch *batch);
void committer_read(struct committer *committer, const struct query *query);
void committer_archive(struct committer *committer, const struct archive_order *order,
                       struct slice path);

/* The next result; false: none yet.  What it points to stays good until the
   next call. */
bool committer_next(struct committer *committer, struct committer_result *result);

/* The store itself, to load from, once all jobs are done; none is begun until
   it is given back. */
struct store *committer_borrow(struct committer *committer);
void committer_give_back(struct committer *committer);

#endif
