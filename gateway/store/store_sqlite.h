/* What the files of the SQLite store share. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_SQLITE_H
#define PENSTOCK_GATEWAY_STORE_STORE_SQLITE_H

#include "gateway/store/sqlite_connection.h"
#include "gateway/store/store_common.h"

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
    struct instruction instruction; /* of the row that was loaded last */
};

static inline struct sqlite_store *sqlite_store_of(const struct store *store)
{
    return (struct sqlite_store *)store;
}

/* Makes sure that there is a connection, after a failure a new one. */
bool sqlite_store_connect(struct sqlite_store *store, struct error *error);

/* Prepares the statements of sqlite_load.c and sqlite_read.c. */
bool sqlite_load_prepare(struct sqlite_connection *connection, struct error *error);
bool sqlite_read_prepare(struct sqlite_connection *connection, struct error *error);

void sqlite_load(struct store *store);
bool sqlite_load_next(struct store *store, struct loaded *loaded, struct error *error);
bool sqlite_read(struct store *store, const struct query *query, struct arena *arena,
                 struct answer *answer, struct error *error);

#endif
