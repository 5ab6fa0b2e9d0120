/* Answers to the engine's questions. */
#include "gateway/store/sqlite_row.h"
#include "gateway/store/store_sqlite.h"

#include <stdlib.h>

/* Keys are in indexes by era, 65536 numbers each (migrations/005-eras.sql). */
#define IN_ERAS(first, last)                                                                       \
    "number >> 16 IN (WITH RECURSIVE era (n) AS (SELECT " first " >> 16 UNION ALL SELECT n + 1"    \
    " FROM era WHERE n < (SELECT min(" last ", last_number) >> 16 FROM store)) SELECT n FROM era)"
#define IN_ALL_ERAS IN_ERAS("0", "last_number")
/* The sign keeps SQLite from walking all numbers between them. */
#define AT_NUMBERS IN_ERAS("?3", "?4") " AND +number BETWEEN ?3 AND ?4 ORDER BY number LIMIT ?5"

static const struct question {
    enum row_kind rows;
    const char *rest; /* of the SELECT; the last parameter is the limit */
} questions[QUERY_KIND_COUNT] = {
    [QUERY_MESSAGES_OUT] = { ROW_MESSAGE_OUT,
                             "WHERE session = ?1 AND generation = ?2 AND number BETWEEN ?3 AND ?4"
                             " ORDER BY number LIMIT ?5" },
    [QUERY_INSTRUCTION] = { ROW_INSTRUCTION, "WHERE number = ?1 LIMIT ?2" },
    [QUERY_INSTRUCTION_BY_ID] = { ROW_INSTRUCTION,
                                  "WHERE number IN (SELECT number FROM instruction WHERE id = ?1"
                                  " UNION ALL SELECT number FROM instruction WHERE request_id = ?1"
                                  " AND " IN_ALL_ERAS ") ORDER BY number LIMIT ?2" },
    [QUERY_BY_REQUEST] = { ROW_INSTRUCTION,
                           "WHERE asker = ?1 AND request_id = ?2 AND " AT_NUMBERS },
    [QUERY_BY_PAYMENT] = { ROW_INSTRUCTION,
                           "WHERE asker = ?1 AND uetr = ?2 AND flow = 'deposit' AND " AT_NUMBERS },
    [QUERY_BY_ORDER] = { ROW_INSTRUCTION,
                         "WHERE channel = ?1 AND order_instruction = ?2 AND " AT_NUMBERS },
    [QUERY_INSTRUCTIONS] = { ROW_INSTRUCTION, "ORDER BY number DESC LIMIT ?1" },
    [QUERY_EVENTS] = { ROW_EVENT, "WHERE instruction = ?1 ORDER BY sequence LIMIT ?2" },
    [QUERY_LEDGER] = { ROW_LEDGER, "WHERE instruction = ?1 ORDER BY sequence LIMIT ?2" },
    [QUERY_DOCUMENTS] = { ROW_DOCUMENT, "WHERE instruction = ?1 ORDER BY rowid LIMIT ?2" },
    [QUERY_DOCUMENT] = { ROW_DOCUMENT, "WHERE id = ?1 LIMIT ?2" },
    [QUERY_INBOX] = { ROW_INBOX, "WHERE channel = ?1 AND id = ?2 AND " AT_NUMBERS },
    [QUERY_BALANCES] = { ROW_BALANCE, "ORDER BY account, client, currency LIMIT ?1" },
};

static const char by_state[] = "WHERE state = ?1 ORDER BY number DESC LIMIT ?2";

static bool prepare_select(struct sqlite_connection *connection, enum row_kind rows,
                           const char *rest, sqlite3_stmt **statement, struct error *error)
{
    struct writer sql;
    writer_init(&sql, 0);
    sqlite_write_select(rows, rest, &sql);
    bool good = sqlite_connection_statement(connection, writer_slice(&sql).at, statement, error);
    writer_fini(&sql);
    return good;
}

bool sqlite_read_prepare(struct sqlite_connection *connection, struct error *error)
{
    for (size_t i = 0; i < QUERY_KIND_COUNT; i++)
        if (!prepare_select(connection, questions[i].rows, questions[i].rest, &connection->reads[i],
                            error))
            return false;
    return prepare_select(connection, ROW_INSTRUCTION, by_state, &connection->read_by_state, error);
}

static int64_t bounded(uint64_t number)
{
    return number > INT64_MAX ? INT64_MAX : (int64_t)number;
}

/* Binds what is asked for and returns how many parameters that took. */
static int bind_question(sqlite3_stmt *statement, const struct query *query)
{
    switch (query->kind) {
    case QUERY_MESSAGES_OUT:
        sqlite_bind_slice(statement, 1, query->session);
        sqlite3_bind_int64(statement, 2, bounded(query->generation));
        sqlite3_bind_int64(statement, 3, bounded(query->first));
        sqlite3_bind_int64(statement, 4, bounded(query->last));
        return 4;
    case QUERY_INSTRUCTION:
    case QUERY_EVENTS:
    case QUERY_LEDGER:
    case QUERY_DOCUMENTS:
        sqlite3_bind_int64(statement, 1, bounded(query->number));
        return 1;
    case QUERY_INSTRUCTION_BY_ID:
    case QUERY_DOCUMENT:
        sqlite_bind_slice(statement, 1, query->id);
        return 1;
    case QUERY_INBOX:
    case QUERY_BY_REQUEST:
    case QUERY_BY_PAYMENT:
    case QUERY_BY_ORDER:
        sqlite_bind_slice(statement, 1, query->session);
        sqlite_bind_slice(statement, 2, query->id);
        sqlite3_bind_int64(statement, 3, bounded(query->first));
        sqlite3_bind_int64(statement, 4, bounded(query->last));
        return 4;
    case QUERY_INSTRUCTIONS:
        if (query->state < 0)
            return 0;
        sqlite3_bind_text(statement, 1,
                          instruction_state_name((enum instruction_state)query->state), -1,
                          SQLITE_STATIC);
        return 1;
    case QUERY_BALANCES:
        return 0;
    }
    return 0;
}

struct row_list {
    struct row *at;
    size_t count, room;
};

static bool take_rows(struct sqlite_store *sqlite, sqlite3_stmt *statement, enum row_kind rows,
                      struct arena *arena, struct row_list *list, struct error *error)
{
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct row row;
        if (!sqlite_row_take(statement, rows, &row, &sqlite->instruction))
            return error_at(error, &store_corrupt, (struct place){ .source = sqlite->path },
                            "a row that cannot be");
        list->at = memory_room(list->at, list->count, &list->room, sizeof *list->at);
        list->at[list->count++] = row_copy(&row, arena);
    }
    return code == SQLITE_DONE || sqlite_connection_fail(&sqlite->connection, error);
}

static struct answer answer_of(const struct row_list *list, struct arena *arena)
{
    if (list->count == 0)
        return (struct answer){ NULL, 0 };
    struct row *rows = arena_take_array(arena, list->count, sizeof *rows);
    memcpy(rows, list->at, list->count * sizeof *rows);
    return (struct answer){ rows, list->count };
}

bool sqlite_read(struct store *store, const struct query *query, struct arena *arena,
                 struct answer *answer, struct error *error)
{
    struct sqlite_store *sqlite = sqlite_store_of(store);
    if (!sqlite_store_connect(sqlite, error))
        return false;
    bool in_state = query->kind == QUERY_INSTRUCTIONS && query->state >= 0;
    sqlite3_stmt *statement =
        in_state ? sqlite->connection.read_by_state : sqlite->connection.reads[query->kind];
    int parameters = bind_question(statement, query);
    sqlite3_bind_int64(statement, parameters + 1, query->limit == 0 ? -1 : bounded(query->limit));

    struct row_list list = { NULL, 0, 0 };
    bool good = take_rows(sqlite, statement, questions[query->kind].rows, arena, &list, error);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (good)
        *answer = answer_of(&list, arena);
    free(list.at);
    return good;
}
