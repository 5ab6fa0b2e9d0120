#include "kit/kit.h"

#include "gateway/store/sqlite_schema.h"

#include <sqlite3.h>

static void migrate(sqlite3 *db)
{
    for (size_t i = 0; i < sqlite_schema_version(); i++)
        for (const char *const *sql = sqlite_schema_migration(i); *sql != NULL; sql++)
            if (sqlite3_exec(db, *sql, NULL, NULL, NULL) != SQLITE_OK)
                fail_msg("%s: %s", sqlite3_errmsg(db), *sql);
}

static int count(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int number = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static int set_up(void **state)
{
    sqlite3 *db;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        return -1;
    migrate(db);
    *state = db;
    return 0;
}

static int tear_down(void **state)
{
    return sqlite3_close(*state);
}

static void every_migration_runs_on_the_ones_before(void **state)
{
    assert_true(sqlite_schema_version() >= 1);
    assert_int_equal(count(*state, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"), 12);
}

static void every_table_keeps_to_its_types(void **state)
{
    assert_int_equal(count(*state, "SELECT count(*) FROM pragma_table_list"
                                   " WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'"
                                   " AND NOT strict"),
                     0);
}

static void every_reference_leads_to_a_key(void **state)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(*state, "PRAGMA foreign_key_check", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    assert_int_equal(count(*state, "SELECT count(*) FROM pragma_foreign_key_list('ledger')"), 4);
    assert_int_equal(count(*state, "SELECT count(*) FROM pragma_foreign_key_list('event')"), 1);
}

#define schema_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        schema_test(every_migration_runs_on_the_ones_before),
        schema_test(every_table_keeps_to_its_types),
        schema_test(every_reference_leads_to_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
