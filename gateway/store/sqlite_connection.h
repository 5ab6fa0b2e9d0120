/* One connection to the store's file, its prepared statements, and what SQLite's
   errors mean to an operator. */
#ifndef PENSTOCK_GATEWAY_STORE_SQLITE_CONNECTION_H
#define PENSTOCK_GATEWAY_STORE_SQLITE_CONNECTION_H

#include "gateway/engine/query.h"
#include "gateway/store/sqlite_table.h"

#include <sqlite3.h>

enum {
    QUERY_KIND_COUNT = QUERY_BALANCES + 1,
    LOAD_STEP_COUNT = 8,
};

struct sqlite_connection {
    const char *path; /* lent */
    sqlite3 *db;      /* NULL: closed */
    sqlite3_stmt *begin, *commit, *fence;
    sqlite3_stmt *inserts[ROW_KIND_COUNT];
    sqlite3_stmt *loads[LOAD_STEP_COUNT];
    sqlite3_stmt *reads[QUERY_KIND_COUNT];
    sqlite3_stmt *read_by_state; /* QUERY_INSTRUCTIONS in one state */
    int pages_in_wal;            /* that are not all in the file yet */
    int64_t page_size;
};

/* Opens the file, which is made when it is not there; statements are prepared
   by sqlite_connection_prepare(), when the tables are there.  false: closed. */
bool sqlite_connection_open(struct sqlite_connection *connection, const char *path,
                            struct error *error);
/* To read while others may write: the file must be there, nothing is set up or
   moved, and no log is left behind where none was. */
bool sqlite_connection_open_to_read(struct sqlite_connection *connection, const char *path,
                                    struct error *error);
/* Is it a store, or about to be one?  Only reads. */
bool sqlite_connection_check(const char *path, struct error *error);
void sqlite_connection_close(struct sqlite_connection *connection);

bool sqlite_connection_statement(struct sqlite_connection *connection, const char *sql,
                                 sqlite3_stmt **statement, struct error *error);

/* Carries out SQL that answers nothing. */
bool sqlite_connection_run(struct sqlite_connection *connection, const char *sql,
                           struct error *error);
/* The one whole number that the SQL answers. */
bool sqlite_connection_number(struct sqlite_connection *connection, const char *sql,
                              int64_t *number, struct error *error);
/* Carries out a prepared statement that answers nothing, and resets it. */
bool sqlite_connection_step(struct sqlite_connection *connection, sqlite3_stmt *statement,
                            struct error *error);

/* Moves into the file what nobody reads in the write-ahead log any more; what
   there is no room for stays there.  false: the connection is not to be used
   any more. */
bool sqlite_connection_checkpoint(struct sqlite_connection *connection, struct error *error);

/* Is the file of this database ("main", or one that is attached) still where it
   was opened? */
bool sqlite_connection_in_place(struct sqlite_connection *connection, const char *name);

/* What a result code of SQLite, and errno, mean to an operator. */
const struct error_kind *sqlite_error_kind(int code, int system_error);

/* Fills in *error with what the last call on the connection met; returns false. */
bool sqlite_connection_fail(const struct sqlite_connection *connection, struct error *error);

#endif
