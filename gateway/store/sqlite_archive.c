/* Makes and attaches archives. */
#include "gateway/store/sqlite_archive.h"

#include "gateway/store/sqlite_log.h"
#include "gateway/store/sqlite_row.h"
#include "gateway/store/store.h"
#include "gateway/store/store_file.h"

#include <stdio.h>
#include <unistd.h>

static const char *const keys[ROW_KIND_COUNT] = {
    [ROW_INSTRUCTION] = "number",
    [ROW_EVENT] = "instruction, sequence",
    [ROW_LEDGER] = "instruction, sequence",
    [ROW_DOCUMENT] = "id",
    [ROW_INBOX] = "channel, id, number",
    [ROW_MESSAGE_OUT] = "session, generation, number",
    [ROW_MESSAGE_IN] = "session, generation, number",
};

const char *sqlite_archive_key(enum row_kind kind)
{
    return keys[kind];
}

bool sqlite_archive_has(const struct sqlite_connection *connection, enum row_kind kind,
                        const char *column)
{
    return sqlite3_table_column_metadata(connection->db, "archive", sqlite_table_of(kind)->name,
                                         column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

/* What goes wrong with the archive is about its file, not the store's. */
static bool fail(const struct sqlite_connection *connection, const char *path, struct error *error)
{
    struct error why;
    sqlite_connection_fail(connection, &why);
    return error_at(error, &store_archive_failed, (struct place){ .source = path }, "%s",
                    why.detail);
}

static bool make_table(struct sqlite_connection *connection, enum row_kind kind,
                       struct error *error)
{
    struct writer sql;
    writer_init(&sql, 0);
    writer_format(&sql, "CREATE TABLE IF NOT EXISTS archive.%s (", sqlite_table_of(kind)->name);
    sqlite_write_columns(kind, &sql);
    writer_format(&sql, ", UNIQUE (%s))", keys[kind]);
    bool good = sqlite_connection_run(connection, writer_slice(&sql).at, error);
    writer_fini(&sql);
    return good;
}

/* One that was made before a column came gets it now. */
static bool add_columns(struct sqlite_connection *connection, enum row_kind kind,
                        struct error *error)
{
    const struct sqlite_table *table = sqlite_table_of(kind);
    char sql[200];
    bool good = true;
    for (size_t i = 0; i < table->column_count && good; i++) {
        if (sqlite_archive_has(connection, kind, table->columns[i].name))
            continue;
        snprintf(sql, sizeof sql, "ALTER TABLE archive.%s ADD COLUMN %s", table->name,
                 table->columns[i].name);
        good = sqlite_connection_run(connection, sql, error);
    }
    return good;
}

static bool make_tables(struct sqlite_connection *connection, struct error *error)
{
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA archive.application_id = %d",
             SQLITE_ARCHIVE_APPLICATION);
    for (enum row_kind kind = 0; kind < ROW_KIND_COUNT; kind++)
        if (keys[kind] != NULL &&
            (!make_table(connection, kind, error) || !add_columns(connection, kind, error)))
            return false;
    return sqlite_connection_run(connection, pragma, error) &&
           sqlite_connection_run(connection,
                                 "CREATE TABLE IF NOT EXISTS archive.store (identity UNIQUE);"
                                 "INSERT INTO archive.store SELECT identity FROM main.store"
                                 " WHERE NOT EXISTS (SELECT 1 FROM archive.store)",
                                 error);
}

static bool attach(struct sqlite_connection *connection, const char *path, struct error *error)
{
    sqlite3_stmt *statement;
    if (!sqlite_connection_statement(connection, "ATTACH ?1 AS archive", &statement, error))
        return false;
    sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
    bool good = sqlite_connection_step(connection, statement, error);
    sqlite3_finalize(statement);
    return good;
}

/* A file of another program is not ours to change, nor one of another store. */
static bool is_archive(struct sqlite_connection *connection, const char *path, bool *empty,
                       struct error *error)
{
    int64_t application, objects;
    struct place place = { .source = path };
    if (!sqlite_connection_number(connection, "PRAGMA archive.application_id", &application,
                                  error) ||
        !sqlite_connection_number(connection, "SELECT count(*) FROM archive.sqlite_schema",
                                  &objects, error))
        return fail(connection, path, error);
    *empty = objects == 0;
    return *empty || application == SQLITE_ARCHIVE_APPLICATION ||
           error_at(error, &store_archive_failed, place, "not an archive of penstock");
}

static bool is_of_this_store(struct sqlite_connection *connection, const char *path,
                             struct error *error)
{
    int64_t ours;
    if (!sqlite_connection_number(connection,
                                  "SELECT count(*) FROM main.store JOIN archive.store USING"
                                  " (identity)",
                                  &ours, error))
        return fail(connection, path, error);
    return ours == 1 || error_at(error, &store_archive_failed, (struct place){ .source = path },
                                 "the archive of another store");
}

bool sqlite_archive_attach(struct sqlite_connection *connection, const char *path,
                           struct error *error)
{
    if (access(path, F_OK) != 0)
        return error_at(error, &store_archive_failed, (struct place){ .source = path },
                        "there is no such file");
    bool empty = false;
    return (attach(connection, path, error) || fail(connection, path, error)) &&
           is_archive(connection, path, &empty, error) && is_of_this_store(connection, path, error);
}

/* One sync for each transaction; no log stays beside it when it is closed. */
static bool set_up(struct sqlite_connection *connection, const char *path, struct error *error)
{
    static const char pragmas[] = "PRAGMA archive.journal_mode = WAL;"
                                  "PRAGMA archive.synchronous = FULL";
    bool good = sqlite_connection_run(connection, pragmas, error) &&
                sqlite_connection_run(connection, "BEGIN IMMEDIATE", error) &&
                make_tables(connection, error) &&
                sqlite_connection_run(connection, "COMMIT", error);
    return good || fail(connection, path, error);
}

/* What a copy left in the log when a sync failed, or when the process died, is
   believed only when the disk has it. */
static bool settle(const char *path, struct error *error)
{
    struct error why;
    return sqlite_log_settle(path, &why) ||
           error_at(error, &store_archive_failed, (struct place){ .source = path }, "%s",
                    why.detail);
}

static bool is_ours_or_new(struct sqlite_connection *connection, const char *path,
                           struct error *error)
{
    bool empty = false;
    return is_archive(connection, path, &empty, error) &&
           (empty || (is_of_this_store(connection, path, error) && settle(path, error)));
}

bool sqlite_archive_open(struct sqlite_connection *connection, const char *store, const char *path,
                         struct error *error)
{
    if (!sqlite_connection_open_to_read(connection, store, error))
        return false;
    store_file_make(path);
    if ((attach(connection, path, error) || fail(connection, path, error)) &&
        is_ours_or_new(connection, path, error) && set_up(connection, path, error) &&
        is_of_this_store(connection, path, error) && store_file_sync_folder(path))
        return true;
    sqlite_connection_close(connection);
    return false;
}
