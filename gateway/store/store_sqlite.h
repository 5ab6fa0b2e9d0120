/* What the files of the SQLite store share. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_SQLITE_H
#define PENSTOCK_GATEWAY_STORE_STORE_SQLITE_H

#include "gateway/store/sqlite_connection.h"
#include "gateway/store/store_common.h"

/* Instructions in these states are loaded at start, and are never archived. */
#define SQLITE_OPEN_STATES "('held', 'accepted', 'sent', 'pending', 'in_doubt')"

struct sqlite_archive;

struct sqlite_store {
    struct store store;
    char *path;
    int lock; /* keeps other processes away while it is open */
    struct sqlite_connection connection;
    bool doubtful; /* what can be read may not be durable: before the next connection the
                      log is settled */
    char identity[STORE_IDENTITY_SIZE];
    uint64_t epoch, last_batch, last_number;
    size_t load_step;
    uint64_t filtered;              /* the last number of the filters that were loaded */
    struct instruction instruction; /* of the row that was loaded last */
    struct sqlite_archive *archive; /* while rows are moved; NULL: none is open */
};

static inline struct sqlite_store *sqlite_store_of(const struct store *store)
{
    return (struct sqlite_store *)store;
}

/* Makes sure that there is a connection, after a failure a new one. */
bool sqlite_store_connect(struct sqlite_store *store, struct error *error);

/* The same before something is written: the file must still be in its place. */
bool sqlite_store_ready(struct sqlite_store *sqlite, struct error *error);
/* After a transaction that failed: a new connection, which tells what is there. */
void sqlite_store_reconnect(struct sqlite_store *sqlite, const struct error *failure);
/* After one that is committed. */
void sqlite_store_checkpoint(struct sqlite_store *sqlite);

bool sqlite_archive(struct store *store, const char *path, const struct archive_order *order,
                    struct archive_progress *progress, struct error *error);
void sqlite_archive_close(struct sqlite_store *sqlite);

/* Prepares the statements of sqlite_load.c and sqlite_read.c. */
bool sqlite_load_prepare(struct sqlite_connection *connection, struct error *error);
bool sqlite_read_prepare(struct sqlite_connection *connection, struct error *error);

void sqlite_load(struct store *store);
bool sqlite_load_next(struct store *store, struct loaded *loaded, struct error *error);
bool sqlite_read(struct store *store, const struct query *query, struct arena *arena,
                 struct answer *answer, struct error *error);

#endif
