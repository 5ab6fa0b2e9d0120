/* Moves old days out of the store, some rows at a time: a part of the tables is
   walked by key, what is old is copied into the archive on a connection of its
   own, and when it is durable there it leaves the store in one transaction. */
#include "gateway/store/sqlite_archive.h"
#include "gateway/store/sqlite_row.h"
#include "gateway/store/store_sqlite.h"
#include "routing/custody/owned.h"

#include <stdlib.h>

#define KEY_COLUMNS_MAX 3

/* Parameters of all statements: the key behind which a walk goes on is ?1 to ?3,
   the one where it ends ?4 to ?6, then before_utc_ns, spared, the limit, and
   documents_spared. */
enum { PARAMETER_FROM = 1, PARAMETER_TO = 4, PARAMETER_BEFORE = 7 };

static const char *const from_parameters[] = { "", "?1", "?1, ?2", "?1, ?2, ?3" };
static const char *const to_parameters[] = { "", "?4", "?4, ?5", "?4, ?5, ?6" };

/* What is walked, in this order: what stays never speaks of what is gone. */
static const struct part {
    enum row_kind rows;
    unsigned key_count;
    const char *key;
    const char *walked; /* rows of the table */
    const char *old;    /* those of them that are moved */
    const char *young;  /* behind such a row, as far as numbers count up, all are young */
    unsigned share;     /* rows looked at for one of the limit */
    size_t counter;     /* in struct archive_progress */
} parts[] = {
    { ROW_INSTRUCTION, 1, "number", "1",
      "number < ?8 AND changed_utc_ns < ?7 AND state NOT IN " SQLITE_OPEN_STATES
      " AND NOT EXISTS (SELECT 1 FROM document WHERE document.instruction = instruction.number"
      " AND document.state = 'waiting')",
      "created_utc_ns >= ?7", 1, offsetof(struct archive_progress, instructions) },
    { ROW_INBOX, 1, "number", "1", "utc_ns < ?7", "utc_ns >= ?7", 10,
      offsetof(struct archive_progress, documents) },
    { ROW_DOCUMENT, 1, "rowid", "instruction IS NULL",
      "utc_ns < ?7 AND state = 'taken' AND NOT ?10", "utc_ns >= ?7", 10, 0 },
    { ROW_MESSAGE_OUT, 3, "session, generation, number", "1", "utc_ns < ?7", "utc_ns >= ?7", 10,
      offsetof(struct archive_progress, messages) },
    { ROW_MESSAGE_IN, 3, "session, generation, number", "1", "utc_ns < ?7", "utc_ns >= ?7", 10,
      offsetof(struct archive_progress, messages) },
};

enum { PART_COUNT = sizeof parts / sizeof *parts };

/* Rows that belong to an instruction and go with it, before it. */
static const enum row_kind belongings[] = { ROW_EVENT, ROW_LEDGER, ROW_DOCUMENT };

enum { BELONGING_COUNT = sizeof belongings / sizeof *belongings };

/* A row's key; a text that is absent stands for its number. */
struct key {
    struct slice texts[KEY_COLUMNS_MAX];
    int64_t numbers[KEY_COLUMNS_MAX];
};

struct sqlite_archive {
    struct sqlite_connection connection;
    char *path;
    size_t part;
    bool going; /* from is set: the part has been begun */
    struct key from, to;
    size_t walked, old;
    bool young; /* the last one */
};

static void key_fini(struct key *key)
{
    for (size_t i = 0; i < KEY_COLUMNS_MAX; i++)
        owned_free(key->texts[i]);
    *key = (struct key){ .numbers = { 0 } };
}

static void key_take(struct key *key, unsigned count, sqlite3_stmt *statement, int column)
{
    key_fini(key);
    for (unsigned i = 0; i < count; i++, column++) {
        if (sqlite3_column_type(statement, column) == SQLITE_TEXT)
            key->texts[i] = owned_copy(sqlite_take_slice(statement, column));
        else
            key->numbers[i] = sqlite3_column_int64(statement, column);
    }
}

static void key_bind(const struct key *key, sqlite3_stmt *statement, int parameter)
{
    for (int i = 0; i < KEY_COLUMNS_MAX; i++)
        if (key->texts[i].at != NULL)
            sqlite_bind_slice(statement, parameter + i, key->texts[i]);
        else
            sqlite3_bind_int64(statement, parameter + i, key->numbers[i]);
}

/* --- statements --- */

/* The rows of the part between the two keys. */
static void write_range(const struct sqlite_archive *archive, const struct part *part,
                        struct writer *sql)
{
    writer_format(sql, "(%s)", part->walked);
    if (archive->going)
        writer_format(sql, " AND (%s) > (%s)", part->key, from_parameters[part->key_count]);
}

static void write_old(const struct sqlite_archive *archive, const struct part *part,
                      struct writer *sql)
{
    write_range(archive, part, sql);
    writer_format(sql, " AND (%s) <= (%s) AND %s", part->key, to_parameters[part->key_count],
                  part->old);
}

/* The same for a table of the part: its own rows, or what belongs to them. */
static void write_which(const struct sqlite_archive *archive, const struct part *part,
                        enum row_kind kind, struct writer *sql)
{
    if (kind == part->rows) {
        write_old(archive, part, sql);
        return;
    }
    writer_text(sql, "instruction IN (SELECT number FROM instruction WHERE ");
    write_old(archive, part, sql);
    writer_char(sql, ')');
}

static int64_t bounded(uint64_t number)
{
    return number > INT64_MAX ? INT64_MAX : (int64_t)number;
}

static bool prepare(struct sqlite_connection *connection, const struct writer *sql,
                    const struct sqlite_archive *archive, const struct archive_order *order,
                    sqlite3_stmt **statement, struct error *error)
{
    if (!sqlite_connection_statement(connection, writer_slice(sql).at, statement, error))
        return false;
    key_bind(&archive->from, *statement, PARAMETER_FROM);
    key_bind(&archive->to, *statement, PARAMETER_TO);
    sqlite3_bind_int64(*statement, PARAMETER_BEFORE, order->before_utc_ns);
    sqlite3_bind_int64(*statement, PARAMETER_BEFORE + 1, bounded(order->spared));
    sqlite3_bind_int64(*statement, PARAMETER_BEFORE + 2,
                       bounded((uint64_t)order->limit * parts[archive->part].share));
    sqlite3_bind_int(*statement, PARAMETER_BEFORE + 3, order->documents_spared);
    return true;
}

/* Carries out what was written, which answers nothing. */
static bool run(struct sqlite_connection *connection, const struct writer *sql,
                const struct sqlite_archive *archive, const struct archive_order *order,
                struct error *error)
{
    sqlite3_stmt *statement = NULL;
    bool good = prepare(connection, sql, archive, order, &statement, error) &&
                sqlite_connection_step(connection, statement, error);
    sqlite3_finalize(statement);
    return good;
}

/* --- one walk --- */

static bool take_walk(struct sqlite_archive *archive, const struct part *part,
                      sqlite3_stmt *statement, struct error *error)
{
    int code;
    archive->walked = archive->old = 0;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        archive->walked++;
        archive->old += sqlite3_column_int(statement, 0) != 0;
        archive->young = sqlite3_column_int(statement, 1) != 0;
        key_take(&archive->to, part->key_count, statement, 2);
    }
    return code == SQLITE_DONE || sqlite_connection_fail(&archive->connection, error);
}

static bool walk(struct sqlite_archive *archive, const struct archive_order *order,
                 struct error *error)
{
    const struct part *part = &parts[archive->part];
    sqlite3_stmt *statement = NULL;
    struct writer sql;
    writer_init(&sql, 0);
    writer_format(&sql, "SELECT %s, %s, %s FROM %s WHERE ", part->old, part->young, part->key,
                  sqlite_table_of(part->rows)->name);
    write_range(archive, part, &sql);
    writer_format(&sql, " ORDER BY %s LIMIT ?9", part->key);
    bool good = prepare(&archive->connection, &sql, archive, order, &statement, error) &&
                take_walk(archive, part, statement, error);
    sqlite3_finalize(statement);
    writer_fini(&sql);
    return good;
}

/* To the archive. */

/* A copy that was left behind may be of an older state. */
static bool copy(struct sqlite_archive *archive, const struct archive_order *order,
                 enum row_kind kind, struct error *error)
{
    struct writer sql;
    writer_init(&sql, 0);
    writer_format(&sql, "INSERT OR REPLACE INTO archive.%s (", sqlite_table_of(kind)->name);
    sqlite_write_columns(kind, &sql);
    writer_text(&sql, ") SELECT ");
    sqlite_write_columns(kind, &sql);
    writer_format(&sql, " FROM main.%s WHERE ", sqlite_table_of(kind)->name);
    write_which(archive, &parts[archive->part], kind, &sql);
    bool good = run(&archive->connection, &sql, archive, order, error);
    writer_fini(&sql);
    return good;
}

static bool copy_rows(struct sqlite_archive *archive, const struct archive_order *order,
                      struct error *error)
{
    enum row_kind rows = parts[archive->part].rows;
    size_t count = rows == ROW_INSTRUCTION ? BELONGING_COUNT : 0;
    for (size_t i = 0; i < count; i++)
        if (!copy(archive, order, belongings[i], error))
            return false;
    return copy(archive, order, rows, error);
}

/* What goes wrong here is about the archive's disk: the store is well. */
static bool copy_all(struct sqlite_archive *archive, const struct archive_order *order,
                     struct error *error)
{
    struct sqlite_connection *connection = &archive->connection;
    if (!sqlite_connection_in_place(connection, "archive"))
        return error_at(error, &store_archive_failed, (struct place){ .source = archive->path },
                        "it has gone from its place");
    if (sqlite_connection_run(connection, "BEGIN", error) && copy_rows(archive, order, error) &&
        sqlite_connection_run(connection, "COMMIT", error))
        return true;
    struct error why = *error;
    return error_at(error, &store_archive_failed, (struct place){ .source = archive->path }, "%s",
                    why.detail);
}

/* Out of the store. */

/* What the lines did to balances stays, as one line of its own. */
static bool carry(struct sqlite_store *sqlite, const struct archive_order *order,
                  struct error *error)
{
    struct writer sql;
    writer_init(&sql, 0);
    writer_text(&sql, "INSERT INTO ledger (instruction, sequence, utc_ns, account, client,"
                      " currency, debit, credit, amount_minor, who)"
                      " SELECT NULL, 0, max(utc_ns), account, client, currency, debit, credit,"
                      " sum(amount_minor), 'archive' FROM ledger WHERE ");
    write_which(sqlite->archive, &parts[sqlite->archive->part], ROW_LEDGER, &sql);
    writer_text(&sql, " GROUP BY account, client, currency, debit, credit"
                      " ON CONFLICT (account, client, currency, debit, credit)"
                      " WHERE instruction IS NULL AND sequence = 0 DO UPDATE SET"
                      " utc_ns = max(utc_ns, excluded.utc_ns),"
                      " amount_minor = amount_minor + excluded.amount_minor");
    bool good = run(&sqlite->connection, &sql, sqlite->archive, order, error);
    writer_fini(&sql);
    return good;
}

static bool drop(struct sqlite_store *sqlite, const struct archive_order *order, enum row_kind kind,
                 struct error *error)
{
    struct writer sql;
    writer_init(&sql, 0);
    writer_format(&sql, "DELETE FROM %s WHERE ", sqlite_table_of(kind)->name);
    write_which(sqlite->archive, &parts[sqlite->archive->part], kind, &sql);
    bool good = run(&sqlite->connection, &sql, sqlite->archive, order, error);
    writer_fini(&sql);
    return good;
}

/* Only the owner moves what is in the store. */
static bool check_owner(struct sqlite_store *sqlite, struct error *error)
{
    int64_t epoch;
    return sqlite_connection_number(&sqlite->connection, "SELECT epoch FROM store", &epoch,
                                    error) &&
           ((uint64_t)epoch == sqlite->epoch ||
            error_at(error, &store_fenced, (struct place){ .source = sqlite->path },
                     "epoch %lld, ours is %llu", (long long)epoch,
                     (unsigned long long)sqlite->epoch));
}

static bool drop_rows(struct sqlite_store *sqlite, const struct archive_order *order,
                      struct error *error)
{
    enum row_kind rows = parts[sqlite->archive->part].rows;
    size_t count = rows == ROW_INSTRUCTION ? BELONGING_COUNT : 0;
    if (count != 0 && !carry(sqlite, order, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!drop(sqlite, order, belongings[i], error))
            return false;
    return drop(sqlite, order, rows, error);
}

static bool drop_all(struct sqlite_store *sqlite, const struct archive_order *order,
                     struct error *error)
{
    struct sqlite_connection *connection = &sqlite->connection;
    if (sqlite_connection_run(connection, "BEGIN IMMEDIATE", error) && check_owner(sqlite, error) &&
        drop_rows(sqlite, order, error) && sqlite_connection_run(connection, "COMMIT", error))
        return true;
    sqlite_store_reconnect(sqlite, error);
    return false;
}

/* --- the whole way --- */

/* Where the next walk begins; behind a young row, behind all whose numbers count
   up from it. */
static void go_on(struct sqlite_archive *archive, const struct archive_order *order)
{
    const struct part *part = &parts[archive->part];
    bool more = archive->walked == order->limit * part->share;
    if (more && archive->young)
        for (unsigned i = 0; i < part->key_count; i++)
            archive->to.numbers[i] = INT64_MAX;
    key_fini(&archive->from);
    archive->going = more;
    if (more) {
        archive->from = archive->to;
        archive->to = (struct key){ .numbers = { 0 } };
    } else {
        archive->part++;
    }
}

static bool move(struct sqlite_store *sqlite, const struct archive_order *order,
                 struct archive_progress *progress, struct error *error)
{
    struct sqlite_archive *archive = sqlite->archive;
    const struct part *part = &parts[archive->part];
    if (!walk(archive, order, error))
        return false;
    if (archive->old != 0 && (!copy_all(archive, order, error) || !drop_all(sqlite, order, error)))
        return false;
    if (part->rows != ROW_DOCUMENT)
        *(uint64_t *)((char *)progress + part->counter) += archive->old;
    go_on(archive, order);
    progress->more = archive->part < PART_COUNT;
    return true;
}

void sqlite_archive_close(struct sqlite_store *sqlite)
{
    struct sqlite_archive *archive = sqlite->archive;
    if (archive == NULL)
        return;
    sqlite3_exec(archive->connection.db, "PRAGMA archive.journal_mode = DELETE", NULL, NULL, NULL);
    sqlite_connection_close(&archive->connection);
    key_fini(&archive->from);
    key_fini(&archive->to);
    free(archive->path);
    free(archive);
    sqlite->archive = NULL;
}

static bool begin(struct sqlite_store *sqlite, const char *path, struct error *error)
{
    sqlite_archive_close(sqlite);
    struct sqlite_archive *archive = memory_take(sizeof *archive);
    *archive = (struct sqlite_archive){ .path = (char *)owned_copy(slice_of(path)).at };
    if (sqlite_archive_open(&archive->connection, sqlite->path, archive->path, error)) {
        sqlite->archive = archive;
        return true;
    }
    free(archive->path);
    free(archive);
    return false;
}

static bool begin_or_go_on(struct sqlite_store *sqlite, const char *path,
                           const struct archive_order *order, struct archive_progress *progress,
                           struct error *error)
{
    bool there = !order->first && sqlite->archive != NULL;
    return (there || begin(sqlite, path, error)) && move(sqlite, order, progress, error);
}

bool sqlite_archive(struct store *store, const char *path, const struct archive_order *order,
                    struct archive_progress *progress, struct error *error)
{
    struct sqlite_store *sqlite = sqlite_store_of(store);
    *progress = (struct archive_progress){ .more = false };
    if (!sqlite_store_ready(sqlite, error))
        return false;
    bool good = begin_or_go_on(sqlite, path, order, progress, error);
    if (!good || !progress->more)
        sqlite_archive_close(sqlite);
    if (!good && error->kind == &store_archive_failed)
        error->place.source = path;
    if (good)
        sqlite_store_checkpoint(sqlite);
    return good;
}
