/* Opening, running and failing: all that knows SQLite's result codes. */
#include "gateway/store/sqlite_connection.h"

#include "gateway/store/sqlite_schema.h"
#include "gateway/store/store.h"

#include <errno.h>
#include <unistd.h>

enum {
    BUSY_TIMEOUT_MS = 2000,
};

/* Result codes by their first byte; what is not listed is store_io. */
static const struct {
    int code;
    const struct error_kind *kind;
} kinds[] = {
    { SQLITE_FULL, &store_full },          { SQLITE_READONLY, &store_read_only },
    { SQLITE_PERM, &store_read_only },     { SQLITE_CANTOPEN, &store_open_failed },
    { SQLITE_CORRUPT, &store_corrupt },    { SQLITE_NOTADB, &store_corrupt },
    { SQLITE_BUSY, &store_locked },        { SQLITE_LOCKED, &store_locked },
    { SQLITE_CONSTRAINT, &store_refused }, { SQLITE_MISMATCH, &store_refused },
};

/* SQLite tells some refusals of the system as mere input and output errors. */
static const struct error_kind *kind_of_system(int system_error)
{
    switch (system_error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return &store_full;
    case EROFS:
    case EACCES:
    case EPERM:
        return &store_read_only;
    default:
        return NULL;
    }
}

/* The write-ahead log as SQLite has it open; NULL: it has not. */
static sqlite3_file *log_of(sqlite3 *db)
{
    sqlite3_file *log = NULL;
    int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    return code == SQLITE_OK && log != NULL && log->pMethods != NULL ? log : NULL;
}

/* What the system said when the log was written; 0: nothing.  SQLite's own note
   of it may be spoilt by what it did after. */
static int log_error(sqlite3 *db)
{
    sqlite3_file *log = log_of(db);
    int system_error = 0;
    if (log != NULL)
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &system_error);
    return system_error;
}

const struct error_kind *sqlite_error_kind(int code, int system_error)
{
    code &= 0xff;
    const struct error_kind *kind =
        code == SQLITE_IOERR || code == SQLITE_CANTOPEN ? kind_of_system(system_error) : NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && kind == NULL; i++)
        if (kinds[i].code == code)
            kind = kinds[i].kind;
    return kind == NULL ? &store_io : kind;
}

static const struct error_kind *kind_of(sqlite3 *db)
{
    int code = sqlite3_errcode(db), system_error = sqlite3_system_errno(db);
    if (kind_of_system(system_error) == NULL)
        system_error = log_error(db);
    return sqlite_error_kind(code, system_error);
}

bool sqlite_connection_fail(const struct sqlite_connection *connection, struct error *error)
{
    return error_at(error, kind_of(connection->db), (struct place){ .source = connection->path },
                    "%s (SQLite %d)", sqlite3_errmsg(connection->db),
                    sqlite3_extended_errcode(connection->db));
}

static int note_pages(void *connection, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct sqlite_connection *)connection)->pages_in_wal = pages;
    return SQLITE_OK;
}

/* Checkpoints are made by us: SQLite's own keep their errors to themselves. */
static bool set_up(struct sqlite_connection *connection, struct error *error)
{
    static const char *const pragmas[] = {
        "PRAGMA trusted_schema = OFF",
        "PRAGMA cell_size_check = ON",
        "PRAGMA foreign_keys = ON",
        "PRAGMA wal_autocheckpoint = 0",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA journal_size_limit = 67108864", /* after a long reader the log shrinks again */
    };
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
        if (!sqlite_connection_run(connection, pragmas[i], error))
            return false;
    /* A handle whose sync has failed must not try again while it closes. */
    sqlite3_db_config(connection->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_wal_hook(connection->db, note_pages, connection);
    return sqlite_connection_number(connection, "PRAGMA page_size", &connection->page_size, error);
}

/* A file of another program is not ours to change. */
static bool is_ours(struct sqlite_connection *connection, struct error *error)
{
    int64_t application, objects;
    if (!sqlite_connection_number(connection, "PRAGMA application_id", &application, error) ||
        !sqlite_connection_number(connection, "SELECT count(*) FROM sqlite_schema", &objects,
                                  error))
        return false;
    if (objects == 0 || application == SQLITE_SCHEMA_APPLICATION)
        return true;
    return error_at(error, &store_open_failed, (struct place){ .source = connection->path },
                    "a database of another program");
}

static bool open_file(struct sqlite_connection *connection, const char *path, int flags,
                      struct error *error)
{
    *connection = (struct sqlite_connection){ .path = path };
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(path, &connection->db, flags, NULL) != SQLITE_OK)
        return sqlite_connection_fail(connection, error);
    sqlite3_busy_timeout(connection->db, BUSY_TIMEOUT_MS);
    return true;
}

bool sqlite_connection_open(struct sqlite_connection *connection, const char *path,
                            struct error *error)
{
    if (open_file(connection, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) &&
        is_ours(connection, error) && set_up(connection, error))
        return true;
    sqlite_connection_close(connection);
    return false;
}

static bool has_log(const char *path)
{
    char *log = sqlite3_mprintf("%s-wal", path);
    bool there = log == NULL || access(log, F_OK) == 0;
    sqlite3_free(log);
    return there;
}

/* Not SQLITE_OPEN_READONLY: then SQLite leaves the checks of tables out of its
   check of integrity, and its empty log behind. */
bool sqlite_connection_open_to_read(struct sqlite_connection *connection, const char *path,
                                    struct error *error)
{
    static const char pragmas[] = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON";
    bool logged = has_log(path);
    if (open_file(connection, path, SQLITE_OPEN_READWRITE, error) &&
        sqlite_connection_run(connection, pragmas, error)) {
        sqlite3_db_config(connection->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, logged, NULL);
        return true;
    }
    sqlite_connection_close(connection);
    return false;
}

bool sqlite_connection_check(const char *path, struct error *error)
{
    struct sqlite_connection connection;
    if (!sqlite_connection_open_to_read(&connection, path, error))
        return false;
    bool ours = is_ours(&connection, error);
    sqlite_connection_close(&connection);
    return ours;
}

void sqlite_connection_close(struct sqlite_connection *connection)
{
    if (connection->db == NULL)
        return;
    sqlite3_stmt *statement;
    while ((statement = sqlite3_next_stmt(connection->db, NULL)) != NULL)
        sqlite3_finalize(statement);
    sqlite3_close(connection->db);
    *connection = (struct sqlite_connection){ .path = connection->path };
}

bool sqlite_connection_statement(struct sqlite_connection *connection, const char *sql,
                                 sqlite3_stmt **statement, struct error *error)
{
    int code =
        sqlite3_prepare_v3(connection->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
    return code == SQLITE_OK || sqlite_connection_fail(connection, error);
}

bool sqlite_connection_run(struct sqlite_connection *connection, const char *sql,
                           struct error *error)
{
    return sqlite3_exec(connection->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sqlite_connection_fail(connection, error);
}

bool sqlite_connection_number(struct sqlite_connection *connection, const char *sql,
                              int64_t *number, struct error *error)
{
    sqlite3_stmt *statement;
    if (!sqlite_connection_statement(connection, sql, &statement, error))
        return false;
    bool got = sqlite3_step(statement) == SQLITE_ROW;
    if (got)
        *number = sqlite3_column_int64(statement, 0);
    else
        sqlite_connection_fail(connection, error);
    sqlite3_finalize(statement);
    return got;
}

bool sqlite_connection_step(struct sqlite_connection *connection, sqlite3_stmt *statement,
                            struct error *error)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    if (!done)
        sqlite_connection_fail(connection, error);
    sqlite3_reset(statement);
    return done;
}

bool sqlite_connection_checkpoint(struct sqlite_connection *connection, struct error *error)
{
    int pages = 0, moved = 0;
    int code =
        sqlite3_wal_checkpoint_v2(connection->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);
    if (code == SQLITE_OK && moved == pages)
        connection->pages_in_wal = 0;
    return code == SQLITE_OK || code == SQLITE_FULL || (code & 0xff) == SQLITE_BUSY ||
           sqlite_connection_fail(connection, error);
}

bool sqlite_connection_in_place(struct sqlite_connection *connection, const char *name)
{
    int moved = 0;
    sqlite3_file_control(connection->db, name, SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved == 0;
}
