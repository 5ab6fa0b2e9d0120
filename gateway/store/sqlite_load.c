/* What the store tells at start, statement by statement. */
#include "gateway/store/sqlite_row.h"
#include "gateway/store/store_sqlite.h"

/* The keys of all numbers above the last filter, in the order of their numbers:
   what it is of, scope, id and number. */
/* clang-format off */
#define ABOVE_FILTERS "number > coalesce((SELECT last FROM filter ORDER BY first DESC LIMIT 1), 0)"

static const char keys[] =
    "SELECT 1, asker, request_id, number FROM instruction WHERE " ABOVE_FILTERS " UNION ALL "
    "SELECT 2, asker, uetr, number FROM instruction WHERE " ABOVE_FILTERS
    " AND flow = 'deposit' AND uetr IS NOT NULL UNION ALL "
    "SELECT 3, asker, bank_message_id, number FROM instruction WHERE " ABOVE_FILTERS
    " AND flow = 'deposit' AND bank_message_id IS NOT NULL UNION ALL "
    "SELECT 4, channel, order_instruction, number FROM instruction WHERE " ABOVE_FILTERS
    " AND order_instruction IS NOT NULL UNION ALL "
    "SELECT 5, channel, id, number FROM inbox WHERE " ABOVE_FILTERS " ORDER BY number";
/* clang-format on */

static const enum loaded_kind key_kinds[] = {
    [1] = LOADED_INSTRUCTION_KEY, [2] = LOADED_PAYMENT_KEY, [3] = LOADED_TAKEN_KEY,
    [4] = LOADED_ORDER_KEY,       [5] = LOADED_INBOX_KEY,
};

static const struct load_step {
    enum row_kind rows;
    const char *sql; /* behind the columns; NULL: keys */
} steps[LOAD_STEP_COUNT] = {
    { ROW_LINK, "" },
    { ROW_BALANCE, "" },
    { ROW_SESSION, "" },
    { ROW_FILTER, "ORDER BY first" },
    { ROW_INSTRUCTION, "WHERE state IN " SQLITE_OPEN_STATES " ORDER BY number" },
    { ROW_DOCUMENT, "WHERE state = 'waiting' ORDER BY rowid" },
    { ROW_ALERT, "ORDER BY number" },
    { ROW_KIND_COUNT, NULL },
};

bool sqlite_load_prepare(struct sqlite_connection *connection, struct error *error)
{
    struct writer sql;
    writer_init(&sql, 0);
    bool good = true;
    for (size_t i = 0; i < LOAD_STEP_COUNT && good; i++) {
        writer_reset(&sql);
        if (steps[i].sql != NULL)
            sqlite_write_select(steps[i].rows, steps[i].sql, &sql);
        else
            writer_text(&sql, keys);
        good = sqlite_connection_statement(connection, writer_slice(&sql).at, &connection->loads[i],
                                           error);
    }
    writer_fini(&sql);
    return good;
}

void sqlite_load(struct store *store)
{
    struct sqlite_store *sqlite = sqlite_store_of(store);
    for (size_t i = 0; i < LOAD_STEP_COUNT; i++)
        sqlite3_reset(sqlite->connection.loads[i]);
    sqlite->load_step = 0;
    sqlite->filtered = 0;
}

/* Filters cover all numbers up to the last one, or a used id could be taken for a
   new one. */
static bool follows(struct sqlite_store *sqlite, const struct filter_row *filter)
{
    if (filter->first != sqlite->filtered + 1 || filter->last < filter->first ||
        filter->bits.size == 0)
        return false;
    sqlite->filtered = filter->last;
    return true;
}

static bool take_row(struct sqlite_store *sqlite, sqlite3_stmt *statement,
                     const struct load_step *step, struct row *row)
{
    return sqlite_row_take(statement, step->rows, row, &sqlite->instruction) &&
           (step->rows != ROW_FILTER || follows(sqlite, &row->filter));
}

static bool take_loaded(struct sqlite_store *sqlite, sqlite3_stmt *statement,
                        const struct load_step *step, struct loaded *loaded)
{
    *loaded = (struct loaded){ .kind = LOADED_ROW };
    if (step->sql != NULL)
        return take_row(sqlite, statement, step, &loaded->row);
    loaded->kind = key_kinds[sqlite3_column_int(statement, 0)];
    loaded->scope = sqlite_take_slice(statement, 1);
    loaded->id = sqlite_take_slice(statement, 2);
    loaded->number = (uint64_t)sqlite3_column_int64(statement, 3);
    return true;
}

bool sqlite_load_next(struct store *store, struct loaded *loaded, struct error *error)
{
    struct sqlite_store *sqlite = sqlite_store_of(store);
    if (!sqlite_store_connect(sqlite, error))
        return false;
    for (; sqlite->load_step < LOAD_STEP_COUNT; sqlite->load_step++) {
        sqlite3_stmt *statement = sqlite->connection.loads[sqlite->load_step];
        int code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
            return take_loaded(sqlite, statement, &steps[sqlite->load_step], loaded) ||
                   error_at(error, &store_corrupt, (struct place){ .source = sqlite->path },
                            "a row that cannot be");
        if (code != SQLITE_DONE)
            return sqlite_connection_fail(&sqlite->connection, error);
        sqlite3_reset(statement);
    }
    *error = (struct error){ .kind = NULL };
    return false;
}
