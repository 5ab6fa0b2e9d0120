/* Runs the table of checks in one read transaction of a connection of its own. */
#include "gateway/store/store_verify.h"

#include "gateway/store/sqlite_archive.h"
#include "gateway/store/sqlite_row.h"
#include "gateway/store/sqlite_schema.h"
#include "gateway/store/store.h"
#include "routing/custody/custody.h"

static const struct check {
    const char *name, *sentence, *sql;
} checks[] = {
#define CHECK(name, sentence, sql) { name, sentence, sql },
#include "gateway/store/checks.def"
#undef CHECK
};

enum { CHECK_COUNT = sizeof checks / sizeof *checks };

/* What the tables of custody say, for SQL to compare with. */

static bool fill(struct sqlite_connection *connection, const char *sql, const char *const *values,
                 int count, struct error *error)
{
    sqlite3_stmt *statement;
    if (!sqlite_connection_statement(connection, sql, &statement, error))
        return false;
    for (int i = 0; i < count; i++)
        sqlite3_bind_text(statement, i + 1, values[i], -1, SQLITE_STATIC);
    bool good = sqlite_connection_step(connection, statement, error);
    sqlite3_finalize(statement);
    return good;
}

static bool fill_may(struct sqlite_connection *connection, enum instruction_state from,
                     enum instruction_state to, struct error *error)
{
    const char *const values[] = { instruction_state_name(from), instruction_state_name(to) };
    return !instruction_may(from, to) ||
           fill(connection, "INSERT INTO temp.may VALUES (?, ?)", values, 2, error);
}

static bool fill_lies(struct sqlite_connection *connection, enum flow flow,
                      enum instruction_state state, struct error *error)
{
    const char *const values[] = { flow_name(flow), instruction_state_name(state),
                                   ledger_side_name(custody_side(flow, state)) };
    return fill(connection, "INSERT INTO temp.lies VALUES (?, ?, ?)", values, 3, error);
}

static bool fill_state(struct sqlite_connection *connection, enum instruction_state state,
                       struct error *error)
{
    for (enum instruction_state to = 0; to < INSTRUCTION_STATE_COUNT; to++)
        if (!fill_may(connection, state, to, error))
            return false;
    for (enum flow flow = 0; flow < FLOW_COUNT; flow++)
        if (!fill_lies(connection, flow, state, error))
            return false;
    return true;
}

static bool make_tables(struct sqlite_connection *connection, struct error *error)
{
    if (!sqlite_connection_run(connection,
                               "CREATE TEMP TABLE may (state_from TEXT, state_to TEXT,"
                               " PRIMARY KEY (state_from, state_to)) WITHOUT ROWID;"
                               "CREATE TEMP TABLE lies (flow TEXT, state TEXT, side TEXT,"
                               " PRIMARY KEY (flow, state)) WITHOUT ROWID",
                               error))
        return false;
    for (enum instruction_state state = 0; state < INSTRUCTION_STATE_COUNT; state++)
        if (!fill_state(connection, state, error))
            return false;
    return true;
}

/* Live and archived rows under the name of their table, but for the bytes of
   messages and documents, which no check is about.  A row that was copied and has
   not left yet is there once; what was carried forward is in its lines. */

/* archive: the columns as an archive there has them; older than a column, it has NULL. */
static void write_columns(const struct sqlite_connection *archive, enum row_kind kind,
                          struct writer *sql)
{
    const struct sqlite_table *table = sqlite_table_of(kind);
    const char *separator = "";
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = table->columns[i].name;
        if (table->columns[i].type == COLUMN_BYTES)
            continue;
        bool there = archive == NULL || sqlite_archive_has(archive, kind, name);
        writer_format(sql, "%s%s", separator, there ? name : "NULL");
        separator = ", ";
    }
}

static void write_union(const struct sqlite_connection *connection, enum row_kind kind,
                        struct writer *sql)
{
    const char *table = sqlite_table_of(kind)->name;
    writer_format(sql, "CREATE TEMP TABLE %s (", table);
    write_columns(NULL, kind, sql);
    writer_format(sql, ", UNIQUE (%s))", sqlite_archive_key(kind));
    for (int archived = 0; archived < 2; archived++) {
        writer_format(sql, "; INSERT OR IGNORE INTO temp.%s SELECT ", table);
        write_columns(archived ? connection : NULL, kind, sql);
        writer_format(sql, " FROM %s.%s", archived ? "archive" : "main", table);
        if (kind == ROW_LEDGER)
            writer_text(sql, " WHERE instruction IS NOT NULL OR sequence <> 0");
    }
    if (kind == ROW_DOCUMENT)
        writer_text(sql, "; CREATE INDEX temp.by_instruction ON document (instruction)");
}

static bool make_unions(struct sqlite_connection *connection, struct error *error)
{
    struct writer sql;
    bool good = true;
    writer_init(&sql, 0);
    for (enum row_kind kind = 0; kind < ROW_KIND_COUNT && good; kind++) {
        if (sqlite_archive_key(kind) == NULL)
            continue;
        writer_reset(&sql);
        write_union(connection, kind, &sql);
        good = sqlite_connection_run(connection, writer_slice(&sql).at, error);
    }
    writer_fini(&sql);
    return good;
}

/* The checks. */

static void note_row(struct store_check *check, struct writer *shown, struct slice row)
{
    if (++check->broken > STORE_VERIFY_SHOWN)
        return;
    if (check->broken > 1)
        writer_text(shown, ", ");
    writer_bytes(shown, row);
}

/* A file that is too damaged to be read breaks the check that reads it. */
static bool note_damage(const struct sqlite_connection *connection, struct store_check *check,
                        struct writer *shown, struct error *error)
{
    sqlite_connection_fail(connection, error);
    if (error->kind != &store_corrupt)
        return false;
    note_row(check, shown, slice_of(error->detail));
    return true;
}

static bool run(struct sqlite_connection *connection, const char *sql, struct store_check *check,
                struct writer *shown, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(connection->db, sql, -1, &statement, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        if (code == SQLITE_ROW)
            note_row(check, shown, sqlite_take_slice(statement, 0));
        code = check->broken < STORE_VERIFY_COUNTED ? sqlite3_step(statement) : SQLITE_DONE;
    }
    bool good = code == SQLITE_DONE || note_damage(connection, check, shown, error);
    sqlite3_finalize(statement);
    return good;
}

static bool run_all(struct sqlite_connection *connection, store_check_taker *take, void *owner,
                    size_t *broken, struct error *error)
{
    struct writer shown;
    bool good = true;
    writer_init(&shown, 0);
    *broken = 0;
    for (size_t i = 0; i < CHECK_COUNT && good; i++) {
        struct store_check check = { .name = checks[i].name, .sentence = checks[i].sentence };
        writer_reset(&shown);
        good = run(connection, checks[i].sql, &check, &shown, error);
        check.shown = writer_slice(&shown);
        if (!good)
            break;
        *broken += check.broken > 0;
        take(owner, &check);
    }
    writer_fini(&shown);
    return good;
}

/* The version must be ours, or the checks would speak of other tables. */
static bool check_version(struct sqlite_connection *connection, struct error *error)
{
    struct place place = { .source = connection->path };
    int64_t application, version;
    if (!sqlite_connection_number(connection, "PRAGMA application_id", &application, error) ||
        !sqlite_connection_number(connection, "PRAGMA user_version", &version, error))
        return false;
    if (application != SQLITE_SCHEMA_APPLICATION)
        return error_at(error, &store_open_failed, place, "not a store of penstock");
    if (version > (int64_t)sqlite_migration_count)
        return error_at(error, &store_newer, place, "version %lld, ours is %zu", (long long)version,
                        sqlite_migration_count);
    return version == (int64_t)sqlite_migration_count ||
           error_at(error, &store_open_failed, place,
                    "version %lld: a gateway that starts on it makes it %zu, verify then",
                    (long long)version, sqlite_migration_count);
}

bool store_verify(const char *path, const char *archive, store_check_taker *take, void *owner,
                  size_t *broken, struct error *error)
{
    struct sqlite_connection connection;
    if (!sqlite_connection_open_to_read(&connection, path, error))
        return false;
    bool good = check_version(&connection, error) &&
                (archive == NULL || sqlite_archive_attach(&connection, archive, error)) &&
                sqlite_connection_run(&connection, "BEGIN", error) &&
                make_tables(&connection, error) &&
                (archive == NULL || make_unions(&connection, error)) &&
                sqlite_connection_run(&connection, "PRAGMA query_only = ON", error) &&
                run_all(&connection, take, owner, broken, error);
    if (!good && error->kind != &store_archive_failed)
        error->place.source = path;
    sqlite_connection_close(&connection);
    return good;
}
