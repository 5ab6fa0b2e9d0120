#include "kit/kit.h"

#include "gateway/store/sqlite_row.h"

static int set_up(void **state)
{
    sqlite3 *db;
    *state = NULL;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        return -1;
    *state = db;
    return 0;
}

static int tear_down(void **state)
{
    return sqlite3_close(*state);
}

/* Takes the one row that the SQL answers. */
static bool take(sqlite3 *db, const char *sql, enum row_kind kind, struct row *row,
                 sqlite3_stmt **statement)
{
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(*statement), SQLITE_ROW);
    return sqlite_row_take(*statement, kind, row, NULL);
}

static void assert_not_taken(sqlite3 *db, const char *sql, enum row_kind kind)
{
    sqlite3_stmt *statement;
    struct row row;
    assert_false(take(db, sql, kind, &row, &statement));
    sqlite3_finalize(statement);
}

static void columns_become_a_row(void **state)
{
    sqlite3_stmt *statement;
    struct row row;

    assert_true(take(*state, "SELECT 'ACC', 'C-1', 'CNY', 9223372036854775807, 0", ROW_BALANCE,
                     &row, &statement));
    assert_slice_equal(row.balance.key.account, "ACC");
    assert_int_equal(row.balance.free_minor, INT64_MAX);
    sqlite3_finalize(statement);
}

static void empty_and_absent_are_two_things(void **state)
{
    sqlite3_stmt *statement;
    struct row row;

    assert_true(take(*state, "SELECT 'D', '', NULL, NULL, 1, 'taken', x''", ROW_DOCUMENT, &row,
                     &statement));
    assert_non_null(row.document.channel.at);
    assert_int_equal(row.document.channel.size, 0);
    assert_null(row.document.definition.at);
    assert_int_equal(row.document.instruction, 0);
    assert_non_null(row.document.bytes.at);
    assert_int_equal(row.document.state, DOCUMENT_TAKEN);
    sqlite3_finalize(statement);
}

static void what_cannot_be_there_is_not_taken(void **state)
{
    assert_not_taken(*state, "SELECT 'alpha', 0, -1, 1", ROW_SESSION);
    assert_not_taken(*state, "SELECT 'D', 'icbc', NULL, NULL, 1, 'lost', x''", ROW_DOCUMENT);
    assert_not_taken(*state, "SELECT x'00', 1, x''", ROW_CONFIGURATION);
    assert_not_taken(*state, "SELECT 1, -1, 0, 'held', 'sent', '', '', '', '', ''", ROW_EVENT);
    assert_not_taken(*state, "SELECT 1, 4294967296, 0, 'held', 'sent', '', '', '', '', ''",
                     ROW_EVENT);
    assert_not_taken(*state, "SELECT 1, 1, 0, 'held', 'gone', '', '', '', '', ''", ROW_EVENT);
    assert_not_taken(*state, "SELECT 1, 1, 0, 'A', 'C', 'CNY', 'free', 'pocket', 1, ''",
                     ROW_LEDGER);
    assert_not_taken(*state, "SELECT 1, 1, 0, 'A', 'C', 'CNY', NULL, 'free', 1, ''", ROW_LEDGER);
}

static void a_row_comes_back_from_its_parameters(void **state)
{
    sqlite3_stmt *statement;
    struct row back;
    const struct row row = { .kind = ROW_LEDGER,
                             .ledger = {
                                 .sequence = 4294967295u,
                                 .utc_ns = INT64_MIN,
                                 .movement = { .key = { SLICE("A\0B"), SLICE(""), SLICE("CNY") },
                                               .from = LEDGER_OPENING,
                                               .to = LEDGER_FREE,
                                               .amount_minor = 1 } } };
    assert_int_equal(
        sqlite3_prepare_v2(*state, "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", -1, &statement, NULL),
        SQLITE_OK);
    sqlite_row_bind(statement, &row);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_type(statement, 0), SQLITE_NULL);
    assert_true(sqlite_row_take(statement, ROW_LEDGER, &back, NULL));

    assert_int_equal(back.ledger.instruction, 0);
    assert_int_equal(back.ledger.sequence, 4294967295u);
    assert_int_equal(back.ledger.utc_ns, INT64_MIN);
    assert_true(slice_equal(back.ledger.movement.key.account, row.ledger.movement.key.account));
    assert_non_null(back.ledger.movement.key.client.at);
    assert_int_equal(back.ledger.movement.from, LEDGER_OPENING);
    assert_null(back.ledger.who.at);
    sqlite3_finalize(statement);
}

#define row_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        row_test(columns_become_a_row),
        row_test(empty_and_absent_are_two_things),
        row_test(what_cannot_be_there_is_not_taken),
        row_test(a_row_comes_back_from_its_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
