/* The durable store on SQLite: one file, one owner, one connection that writes
   and checkpoints. */
#include "gateway/store/store_sqlite.h"

#include "gateway/store/sqlite_log.h"
#include "gateway/store/sqlite_row.h"
#include "gateway/store/sqlite_schema.h"
#include "gateway/store/store_file.h"
#include "gateway/store/store_lock.h"
#include "routing/custody/owned.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { WAL_PAGES_MAX = 4000 };

static struct place place_of(const struct sqlite_store *sqlite)
{
    return (struct place){ .source = sqlite->path };
}

static bool make_identity(struct sqlite_connection *connection, struct slice identity,
                          struct error *error)
{
    static const char sql[] = "INSERT INTO store (one, identity, epoch, last_batch, last_number)"
                              " VALUES (1, ?, 0, 0, 0)";
    sqlite3_stmt *statement;
    if (!sqlite_connection_statement(connection, sql, &statement, error))
        return false;
    sqlite_bind_slice(statement, 1, identity);
    bool good = sqlite_connection_step(connection, statement, error);
    sqlite3_finalize(statement);
    return good;
}

/* A store must not begin anew where there was one: its brokers and banks know
   what it would not. */
static bool is_first(const struct sqlite_store *sqlite, struct error *error)
{
    struct store_name last = store_lock_name(sqlite->lock);
    return last.text[0] == '\0' ||
           error_at(error, &store_gone, place_of(sqlite),
                    "it is empty, but was %s; to begin a new one remove %s.lock too", last.text,
                    sqlite->path);
}

static bool bring_up_to_date(struct sqlite_store *sqlite, struct slice identity,
                             struct error *error)
{
    struct sqlite_connection *connection = &sqlite->connection;
    size_t from;
    return sqlite_schema_update(connection, sqlite_migrations, sqlite_migration_count, &from,
                                error) &&
           (from != 0 || (is_first(sqlite, error) && make_identity(connection, identity, error)));
}

/* Ours from now on. */
static bool take_ownership(struct sqlite_store *sqlite, struct slice identity, struct error *error)
{
    struct sqlite_connection *connection = &sqlite->connection;
    return sqlite_connection_run(connection, "BEGIN IMMEDIATE", error) &&
           bring_up_to_date(sqlite, identity, error) &&
           sqlite_connection_run(connection, "UPDATE store SET epoch = epoch + 1", error) &&
           sqlite_connection_run(connection, "COMMIT", error);
}

struct owner {
    char identity[STORE_IDENTITY_SIZE];
    uint64_t epoch, last_batch, last_number;
};

static bool take_owner(struct sqlite_store *sqlite, sqlite3_stmt *statement, struct owner *owner,
                       struct error *error)
{
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return sqlite_connection_fail(&sqlite->connection, error);
    struct slice identity = sqlite_take_slice(statement, 0);
    if (identity.size != STORE_IDENTITY_SIZE)
        return error_at(error, &store_corrupt, place_of(sqlite), "table store has no identity");
    memcpy(owner->identity, identity.at, identity.size);
    owner->epoch = (uint64_t)sqlite3_column_int64(statement, 1);
    owner->last_batch = (uint64_t)sqlite3_column_int64(statement, 2);
    owner->last_number = (uint64_t)sqlite3_column_int64(statement, 3);
    return true;
}

/* The first time the owner is us; later it must still be. */
static bool accept_owner(struct sqlite_store *sqlite, const struct owner *owner,
                         struct error *error)
{
    if (sqlite->epoch == 0) {
        sqlite->epoch = owner->epoch;
        memcpy(sqlite->identity, owner->identity, sizeof sqlite->identity);
    }
    if (owner->epoch != sqlite->epoch ||
        memcmp(sqlite->identity, owner->identity, sizeof sqlite->identity) != 0)
        return error_at(error, &store_fenced, place_of(sqlite), "epoch %llu, ours is %llu",
                        (unsigned long long)owner->epoch, (unsigned long long)sqlite->epoch);
    if (owner->last_batch < sqlite->last_batch)
        return error_at(error, &store_corrupt, place_of(sqlite),
                        "it ends with batch %llu, but %llu was committed",
                        (unsigned long long)owner->last_batch,
                        (unsigned long long)sqlite->last_batch);
    sqlite->last_batch = owner->last_batch;
    sqlite->last_number = owner->last_number;
    return true;
}

static bool check_owner(struct sqlite_store *sqlite, struct error *error)
{
    static const char sql[] = "SELECT identity, epoch, last_batch, last_number FROM store";
    sqlite3_stmt *statement;
    struct owner owner = { .epoch = 0 };
    if (!sqlite_connection_statement(&sqlite->connection, sql, &statement, error))
        return false;
    bool good = take_owner(sqlite, statement, &owner, error) && accept_owner(sqlite, &owner, error);
    sqlite3_finalize(statement);
    return good;
}

static bool prepare_inserts(struct sqlite_connection *connection, struct error *error)
{
    struct writer sql;
    writer_init(&sql, 0);
    bool good = true;
    for (size_t i = 0; i < ROW_KIND_COUNT && good; i++) {
        writer_reset(&sql);
        sqlite_write_insert((enum row_kind)i, &sql);
        good = sqlite_connection_statement(connection, writer_slice(&sql).at,
                                           &connection->inserts[i], error);
    }
    writer_fini(&sql);
    return good;
}

static bool prepare(struct sqlite_connection *connection, struct error *error)
{
    static const char fence[] =
        "UPDATE store SET last_batch = ?1, last_number = max(last_number, ?2)"
        " WHERE epoch = ?3 AND last_batch < ?1";
    return sqlite_connection_statement(connection, "BEGIN IMMEDIATE", &connection->begin, error) &&
           sqlite_connection_statement(connection, "COMMIT", &connection->commit, error) &&
           sqlite_connection_statement(connection, fence, &connection->fence, error) &&
           prepare_inserts(connection, error) && sqlite_load_prepare(connection, error) &&
           sqlite_read_prepare(connection, error);
}

/* Gone from its place, what is written to it is lost with the last who has it
   open; SQLite would make a new one. */
static bool is_there(const struct sqlite_store *sqlite, struct error *error)
{
    return access(sqlite->path, F_OK) == 0 ||
           error_at(error, &store_gone, place_of(sqlite), "%s", strerror(errno));
}

/* Whoever reads must not be told what may not last. */
static bool settle(struct sqlite_store *sqlite, struct error *error)
{
    if (sqlite->doubtful && !sqlite_log_settle(sqlite->path, error))
        return false;
    sqlite->doubtful = false;
    return true;
}

bool sqlite_store_connect(struct sqlite_store *sqlite, struct error *error)
{
    struct sqlite_connection *connection = &sqlite->connection;
    if (connection->db != NULL)
        return true;
    if (!is_there(sqlite, error) || !settle(sqlite, error) ||
        !sqlite_connection_open(connection, sqlite->path, error))
        return false;
    if (check_owner(sqlite, error) && prepare(connection, error) &&
        sqlite_connection_checkpoint(connection, error)) {
        sqlite_load(&sqlite->store);
        return true;
    }
    sqlite->doubtful = true;
    sqlite_connection_close(connection);
    return false;
}

/* Commits. */

/* What is refused is a fault of ours: it must be found. */
static bool name_row(const struct row *row, struct error *error)
{
    struct writer detail;
    if (error->kind != &store_refused)
        return false;
    writer_init(&detail, 0);
    row_write_key(row, &detail);
    writer_format(&detail, ": %s", error->detail);
    error_at(error, &store_refused, error->place, "%.*s", SLICE_ARG(writer_slice(&detail)));
    writer_fini(&detail);
    return false;
}

static bool write_row(struct sqlite_connection *connection, const struct row *row,
                      struct error *error)
{
    sqlite3_stmt *statement = connection->inserts[row->kind];
    sqlite_row_bind(statement, row);
    bool good = sqlite_connection_step(connection, statement, error);
    sqlite3_clear_bindings(statement);
    return good || name_row(row, error);
}

/* What others speak of, first: so every reference is good as soon as it is
   written. */
static bool is_spoken_of(enum row_kind kind)
{
    return kind == ROW_SESSION || kind == ROW_INSTRUCTION || kind == ROW_BALANCE;
}

static bool write_rows(struct sqlite_connection *connection, const struct batch *batch,
                       bool spoken_of, struct error *error)
{
    for (size_t i = 0; i < batch_count(batch); i++) {
        const struct row *row = batch_at(batch, i);
        if (is_spoken_of(row->kind) == spoken_of && !write_row(connection, row, error))
            return false;
    }
    return true;
}

/* Makes the batch the last one, if we still own the store. */
static bool fence(struct sqlite_store *sqlite, const struct batch *batch, struct error *error)
{
    struct sqlite_connection *connection = &sqlite->connection;
    sqlite3_bind_int64(connection->fence, 1, (sqlite3_int64)batch_number(batch));
    sqlite3_bind_int64(connection->fence, 2, (sqlite3_int64)store_highest_number(batch));
    sqlite3_bind_int64(connection->fence, 3, (sqlite3_int64)batch_epoch(batch));
    if (!sqlite_connection_step(connection, connection->fence, error))
        return false;
    return sqlite3_changes(connection->db) == 1 ||
           error_at(error, &store_fenced, place_of(sqlite), "batch %llu of epoch %llu",
                    (unsigned long long)batch_number(batch),
                    (unsigned long long)batch_epoch(batch));
}

static bool write_batch(struct sqlite_store *sqlite, const struct batch *batch, struct error *error)
{
    struct sqlite_connection *connection = &sqlite->connection;
    return sqlite_connection_step(connection, connection->begin, error) &&
           fence(sqlite, batch, error) && write_rows(connection, batch, true, error) &&
           write_rows(connection, batch, false, error) &&
           sqlite_connection_step(connection, connection->commit, error);
}

/* A refusal says nothing of the disk. */
static bool raises_doubt(const struct error_kind *kind)
{
    return kind != &store_refused && kind != &store_fenced && kind != &store_locked;
}

/* After any failure: a new connection, which tells what the file holds.  When
   that fails too, the next call tries again and says why. */
void sqlite_store_reconnect(struct sqlite_store *sqlite, const struct error *failure)
{
    struct error again;
    sqlite->doubtful = sqlite->doubtful || raises_doubt(failure->kind);
    sqlite_archive_close(sqlite);
    sqlite_connection_close(&sqlite->connection);
    sqlite_store_connect(sqlite, &again);
}

bool sqlite_store_ready(struct sqlite_store *sqlite, struct error *error)
{
    if (!sqlite_store_connect(sqlite, error))
        return false;
    if (sqlite_connection_in_place(&sqlite->connection, "main"))
        return true;
    error_at(error, &store_gone, place_of(sqlite), "while it was in use");
    sqlite_store_reconnect(sqlite, error);
    return false;
}

/* The commit before is durable in any case. */
void sqlite_store_checkpoint(struct sqlite_store *sqlite)
{
    struct sqlite_connection *connection = &sqlite->connection;
    struct error error;
    if (connection->pages_in_wal >= WAL_PAGES_MAX &&
        !sqlite_connection_checkpoint(connection, &error))
        sqlite_store_reconnect(sqlite, &error);
}

static bool commit(struct store *store, const struct batch *batch, struct error *error)
{
    struct sqlite_store *sqlite = sqlite_store_of(store);
    if (!sqlite_store_ready(sqlite, error))
        return false;
    if (!write_batch(sqlite, batch, error)) {
        sqlite_store_reconnect(sqlite, error);
        return false;
    }
    uint64_t highest = store_highest_number(batch);
    sqlite->last_batch = batch_number(batch);
    if (highest > sqlite->last_number)
        sqlite->last_number = highest;
    sqlite_store_checkpoint(sqlite);
    return true;
}

static void close_store(struct store *store)
{
    struct sqlite_store *sqlite = sqlite_store_of(store);
    sqlite_archive_close(sqlite);
    if (sqlite->connection.db != NULL) /* in good order: leave one file, without a log */
        sqlite3_db_config(sqlite->connection.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    sqlite_connection_close(&sqlite->connection);
    if (sqlite->lock >= 0)
        close(sqlite->lock);
    free(sqlite->path);
    free(sqlite);
}

static struct slice identity_of(const struct store *store)
{
    return (struct slice){ sqlite_store_of(store)->identity, STORE_IDENTITY_SIZE };
}

static uint64_t epoch_of(const struct store *store)
{
    return sqlite_store_of(store)->epoch;
}

static uint64_t last_batch_of(const struct store *store)
{
    return sqlite_store_of(store)->last_batch;
}

static uint64_t last_number_of(const struct store *store)
{
    return sqlite_store_of(store)->last_number;
}

static uint64_t log_size(const struct store *store)
{
    const struct sqlite_connection *connection = &sqlite_store_of(store)->connection;
    return (uint64_t)(connection->pages_in_wal * connection->page_size);
}

static const struct store_operations operations = {
    .close = close_store,
    .identity = identity_of,
    .epoch = epoch_of,
    .last_batch = last_batch_of,
    .last_number = last_number_of,
    .log_size = log_size,
    .commit = commit,
    .load = sqlite_load,
    .load_next = sqlite_load_next,
    .read = sqlite_read,
    .archive = sqlite_archive,
};

static bool open_store(struct sqlite_store *sqlite, struct slice identity, struct error *error)
{
    if (!store_lock_take(sqlite->path, &sqlite->lock, error))
        return false;
    store_file_make(sqlite->path);
    return sqlite_connection_check(sqlite->path, error) && settle(sqlite, error) &&
           sqlite_connection_open(&sqlite->connection, sqlite->path, error) &&
           take_ownership(sqlite, identity, error) && check_owner(sqlite, error) &&
           prepare(&sqlite->connection, error) &&
           sqlite_connection_checkpoint(&sqlite->connection, error) &&
           (store_file_sync_folder(sqlite->path) ||
            error_at(error, &store_io, place_of(sqlite), "its folder cannot be synced"));
}

struct store *store_sqlite_open(const char *path, struct slice identity, struct error *error)
{
    /* Nobody asks how much memory it has, and counting it is a lock for each piece. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct sqlite_store *sqlite = memory_take(sizeof *sqlite);
    *sqlite = (struct sqlite_store){ .store = { &operations }, .lock = -1, .doubtful = true };
    sqlite->path = (char *)owned_copy(slice_of(path)).at;
    if (open_store(sqlite, identity, error)) {
        store_lock_set_name(sqlite->lock, (struct slice){ sqlite->identity, STORE_IDENTITY_SIZE });
        return &sqlite->store;
    }
    error->place.source = path;
    close_store(&sqlite->store);
    return NULL;
}
