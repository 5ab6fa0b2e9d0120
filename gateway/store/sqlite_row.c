/* Each type of column, to SQLite and back. */
#include "gateway/store/sqlite_row.h"

#include "gateway/store/sqlite_table.h"

#include <assert.h>

static const char *const document_states[] = {
    [DOCUMENT_WAITING] = "waiting",
    [DOCUMENT_TAKEN] = "taken",
};

void sqlite_bind_slice(sqlite3_stmt *statement, int parameter, struct slice text)
{
    if (text.at == NULL)
        sqlite3_bind_null(statement, parameter);
    else
        sqlite3_bind_text64(statement, parameter, text.at, text.size, SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_bytes(sqlite3_stmt *statement, int parameter, struct slice bytes)
{
    if (bytes.at == NULL)
        sqlite3_bind_null(statement, parameter);
    else
        sqlite3_bind_blob64(statement, parameter, bytes.at, bytes.size, SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *statement, int parameter, uint64_t number)
{
    assert(number <= INT64_MAX);
    sqlite3_bind_int64(statement, parameter, (sqlite3_int64)number);
}

static void bind_reference(sqlite3_stmt *statement, int parameter, uint64_t number)
{
    if (number == 0)
        sqlite3_bind_null(statement, parameter);
    else
        bind_number(statement, parameter, number);
}

static void bind_name(sqlite3_stmt *statement, int parameter, const char *name)
{
    sqlite3_bind_text(statement, parameter, name, -1, SQLITE_STATIC);
}

#define AT(type) (*(const type *)place)

static void bind(sqlite3_stmt *statement, int parameter, enum column_type type, const char *place)
{
    switch (type) {
    case COLUMN_TEXT:
        sqlite_bind_slice(statement, parameter, AT(struct slice));
        break;
    case COLUMN_BYTES:
        bind_bytes(statement, parameter, AT(struct slice));
        break;
    case COLUMN_U64:
        bind_number(statement, parameter, AT(uint64_t));
        break;
    case COLUMN_REFERENCE:
        bind_reference(statement, parameter, AT(uint64_t));
        break;
    case COLUMN_I64:
        sqlite3_bind_int64(statement, parameter, AT(int64_t));
        break;
    case COLUMN_UNSIGNED:
        sqlite3_bind_int64(statement, parameter, AT(unsigned));
        break;
    case COLUMN_INT:
        sqlite3_bind_int64(statement, parameter, AT(int));
        break;
    case COLUMN_BOOL:
        sqlite3_bind_int64(statement, parameter, AT(bool));
        break;
    case COLUMN_DIGEST:
        sqlite3_bind_blob(statement, parameter, place, DIGEST_SIZE, SQLITE_STATIC);
        break;
    case COLUMN_FLOW:
        bind_name(statement, parameter, flow_name(AT(enum flow)));
        break;
    case COLUMN_STATE:
        bind_name(statement, parameter, instruction_state_name(AT(enum instruction_state)));
        break;
    case COLUMN_SIDE:
        bind_name(statement, parameter, ledger_side_name(AT(enum ledger_side)));
        break;
    case COLUMN_DOCUMENT_STATE:
        bind_name(statement, parameter, document_states[AT(enum document_state)]);
        break;
    }
}

#undef AT

void sqlite_row_bind(sqlite3_stmt *statement, const struct row *row)
{
    const struct sqlite_table *table = sqlite_table_of(row->kind);
    const char *base =
        row->kind == ROW_INSTRUCTION ? (const char *)row->instruction : (const char *)row;
    for (size_t i = 0; i < table->column_count; i++)
        bind(statement, (int)i + 1, table->columns[i].type, base + table->columns[i].offset);
}

/* SQLite gives NULL for what is empty as well as for what is absent. */
static struct slice present(const void *at, int size)
{
    return (struct slice){ at == NULL ? "" : at, (size_t)size };
}

struct slice sqlite_take_slice(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return SLICE_NONE;
    const void *text = sqlite3_column_text(statement, column);
    return present(text, sqlite3_column_bytes(statement, column));
}

static struct slice take_bytes(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return SLICE_NONE;
    const void *bytes = sqlite3_column_blob(statement, column);
    return present(bytes, sqlite3_column_bytes(statement, column));
}

static bool take_digest(sqlite3_stmt *statement, int column, struct digest *digest)
{
    struct slice bytes = take_bytes(statement, column);
    if (bytes.size != sizeof digest->bytes)
        return false;
    memcpy(digest->bytes, bytes.at, bytes.size);
    return true;
}

static bool take_unsigned(sqlite3_stmt *statement, int column, unsigned *number)
{
    sqlite3_int64 value = sqlite3_column_int64(statement, column);
    *number = (unsigned)value;
    return value >= 0 && value == (sqlite3_int64)*number;
}

static bool take_side(struct slice name, enum ledger_side *side)
{
    for (*side = 0; *side < LEDGER_SIDE_COUNT; (*side)++)
        if (slice_is(name, ledger_side_name(*side)))
            return true;
    return false;
}

static bool take_document_state(struct slice name, enum document_state *state)
{
    *state = slice_is(name, document_states[DOCUMENT_TAKEN]) ? DOCUMENT_TAKEN : DOCUMENT_WAITING;
    return slice_is(name, document_states[*state]);
}

#define AT(type) (*(type *)place)

static bool take(sqlite3_stmt *statement, int column, enum column_type type, char *place)
{
    switch (type) {
    case COLUMN_TEXT:
        AT(struct slice) = sqlite_take_slice(statement, column);
        return true;
    case COLUMN_BYTES:
        AT(struct slice) = take_bytes(statement, column);
        return true;
    case COLUMN_U64:
    case COLUMN_REFERENCE:
        AT(uint64_t) = (uint64_t)sqlite3_column_int64(statement, column);
        return AT(uint64_t) <= INT64_MAX;
    case COLUMN_I64:
        AT(int64_t) = sqlite3_column_int64(statement, column);
        return true;
    case COLUMN_UNSIGNED:
        return take_unsigned(statement, column, &AT(unsigned));
    case COLUMN_INT:
        AT(int) = sqlite3_column_int(statement, column);
        return true;
    case COLUMN_BOOL:
        AT(bool) = sqlite3_column_int(statement, column) != 0;
        return true;
    case COLUMN_DIGEST:
        return take_digest(statement, column, &AT(struct digest));
    case COLUMN_FLOW:
        return flow_named(sqlite_take_slice(statement, column), &AT(enum flow));
    case COLUMN_STATE:
        return instruction_state_named(sqlite_take_slice(statement, column),
                                       &AT(enum instruction_state));
    case COLUMN_SIDE:
        return take_side(sqlite_take_slice(statement, column), &AT(enum ledger_side));
    case COLUMN_DOCUMENT_STATE:
        return take_document_state(sqlite_take_slice(statement, column), &AT(enum document_state));
    }
    return false;
}

#undef AT

bool sqlite_row_take(sqlite3_stmt *statement, enum row_kind kind, struct row *row,
                     struct instruction *instruction)
{
    const struct sqlite_table *table = sqlite_table_of(kind);
    *row = (struct row){ .kind = kind };
    if (kind == ROW_INSTRUCTION)
        row->instruction = instruction;
    char *base = kind == ROW_INSTRUCTION ? (char *)instruction : (char *)row;
    for (size_t i = 0; i < table->column_count; i++)
        if (!take(statement, (int)i, table->columns[i].type, base + table->columns[i].offset))
            return false;
    return true;
}
