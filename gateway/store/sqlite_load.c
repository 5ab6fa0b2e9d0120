/* What the store tells at start, statement by statement. */
#include "gateway/store/sqlite_row.h"
#include "gateway/store/store_sqlite.h"

#define OPEN_STATES "('held', 'accepted', 'sent', 'pending', 'in_doubt')"

/* Rows of a table, or keys: scope, id and number. */
static const struct load_step {
    enum loaded_kind kind;
    enum row_kind rows;
    const char *sql; /* behind the columns for rows, whole for keys */
} steps[LOAD_STEP_COUNT] = {
    { LOADED_ROW, ROW_LINK, "" },
    { LOADED_ROW, ROW_BALANCE, "" },
    { LOADED_ROW, ROW_SESSION, "" },
    { LOADED_ROW, ROW_INSTRUCTION, "WHERE state IN " OPEN_STATES " ORDER BY number" },
    { LOADED_ROW, ROW_DOCUMENT, "WHERE state = 'waiting' ORDER BY rowid" },
    { LOADED_INSTRUCTION_KEY, ROW_INSTRUCTION,
      "SELECT asker, request_id, number FROM instruction" },
    { LOADED_PAYMENT_KEY, ROW_INSTRUCTION,
      "SELECT asker, uetr, number FROM instruction WHERE flow = 'deposit' AND uetr IS NOT NULL" },
    { LOADED_ORDER_KEY, ROW_INSTRUCTION,
      "SELECT channel, order_instruction, number FROM instruction"
      " WHERE order_instruction IS NOT NULL" },
    { LOADED_INBOX_KEY, ROW_INBOX, "SELECT channel, id, number FROM inbox" },
};

bool sqlite_load_prepare(struct sqlite_connection *connection, struct error *error)
{
    struct writer sql;
    writer_init(&sql, 0);
    bool good = true;
    for (size_t i = 0; i < LOAD_STEP_COUNT && good; i++) {
        writer_reset(&sql);
        if (steps[i].kind == LOADED_ROW)
            sqlite_write_select(steps[i].rows, steps[i].sql, &sql);
        else
            writer_text(&sql, steps[i].sql);
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
}

static bool take_loaded(struct sqlite_store *sqlite, sqlite3_stmt *statement,
                        const struct load_step *step, struct loaded *loaded)
{
    *loaded = (struct loaded){ .kind = step->kind };
    if (step->kind == LOADED_ROW)
        return sqlite_row_take(statement, step->rows, &loaded->row, &sqlite->instruction);
    loaded->scope = sqlite_take_slice(statement, 0);
    loaded->id = sqlite_take_slice(statement, 1);
    loaded->number = (uint64_t)sqlite3_column_int64(statement, 2);
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
                            "a row with a value that is not known");
        if (code != SQLITE_DONE)
            return sqlite_connection_fail(&sqlite->connection, error);
        sqlite3_reset(statement);
    }
    *error = (struct error){ .kind = NULL };
    return false;
}
