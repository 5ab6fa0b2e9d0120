#include "kit/kit.h"

#include "gateway/store/sqlite_connection.h"
#include "gateway/store/store.h"

#include <stdio.h>
#include <stdlib.h>

static char folder[64], path[96];
static struct sqlite_connection connection;
static struct error error;

static int set_up(void **state)
{
    strcpy(folder, "/tmp/penstock-connection-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/penstock.db", folder);
    *state = &connection;
    return sqlite_connection_open(&connection, path, &error) ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[128];
    sqlite_connection_close(*state);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void a_connection_is_set_up_to_lose_nothing(void **state)
{
    static const struct {
        const char *pragma;
        int64_t value;
    } rows[] = {
        { "PRAGMA synchronous", 2 },
        { "PRAGMA foreign_keys", 1 },
        { "PRAGMA trusted_schema", 0 },
        { "SELECT count(*) FROM pragma_journal_mode"
          " WHERE journal_mode = 'wal'",
          1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t value;
        assert_true(sqlite_connection_number(*state, rows[i].pragma, &value, &error));
        assert_int_equal(value, rows[i].value);
    }
}

static void an_error_names_the_file_and_what_it_means(void **state)
{
    struct sqlite_connection *other = *state;
    assert_true(sqlite_connection_run(other, "CREATE TABLE t (x CHECK (x > 0))", &error));

    assert_false(sqlite_connection_run(other, "INSERT INTO t VALUES (0)", &error));
    assert_ptr_equal(error.kind, &store_refused);
    assert_string_equal(error.place.source, path);
    assert_non_null(strstr(error.detail, "CHECK"));
}

static void another_writer_is_waited_for_and_then_told(void **state)
{
    sqlite3 *other;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_busy_timeout(connection.db, 10);

    assert_false(sqlite_connection_run(*state, "BEGIN IMMEDIATE", &error));
    assert_ptr_equal(error.kind, &store_locked);
    sqlite3_close(other);
    assert_true(sqlite_connection_run(*state, "BEGIN IMMEDIATE", &error));
}

static void a_log_that_was_moved_into_the_file_begins_anew(void **state)
{
    assert_true(sqlite_connection_run(*state, "CREATE TABLE t (x)", &error));
    assert_true(connection.pages_in_wal > 0);
    assert_true(sqlite_connection_checkpoint(*state, &error));
    assert_true(sqlite_connection_run(*state, "INSERT INTO t VALUES (1)", &error));
    assert_int_equal(connection.pages_in_wal, 1); /* from its beginning again */
    assert_true(sqlite_connection_checkpoint(*state, &error));
    assert_true(sqlite_connection_checkpoint(*state, &error));
}

static void a_connection_may_be_closed_twice(void **state)
{
    sqlite_connection_close(*state);
    assert_null(connection.db);
    sqlite_connection_close(*state);
}

static void a_folder_is_no_store(void **state)
{
    struct sqlite_connection other;
    (void)state;

    assert_false(sqlite_connection_open(&other, folder, &error));
    assert_ptr_equal(error.kind, &store_open_failed);
    assert_null(other.db);
}

#define connection_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        connection_test(a_connection_is_set_up_to_lose_nothing),
        connection_test(an_error_names_the_file_and_what_it_means),
        connection_test(another_writer_is_waited_for_and_then_told),
        connection_test(a_log_that_was_moved_into_the_file_begins_anew),
        connection_test(a_connection_may_be_closed_twice),
        connection_test(a_folder_is_no_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
