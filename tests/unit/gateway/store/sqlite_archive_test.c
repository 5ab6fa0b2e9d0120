#include "sqlite_kit.h"

#include "gateway/store/sqlite_archive.h"
#include "gateway/store/sqlite_table.h"

#include <unistd.h>

static char archive_path[160];

static int archive_set_up(void **state)
{
    if (sqlite_set_up(state) != 0)
        return -1;
    snprintf(archive_path, sizeof archive_path, "%s/archive.db", sqlite_folder);
    return 0;
}

#define archive_test(test) cmocka_unit_test_setup_teardown(test, archive_set_up, sqlite_tear_down)

static void open_well(struct sqlite_connection *connection)
{
    struct error error;
    if (!sqlite_archive_open(connection, sqlite_path, archive_path, &error))
        fail_msg("%s: %s", error.kind->text, error.detail);
}

static void every_archived_row_has_a_table_with_its_columns(void **state)
{
    struct sqlite_connection connection;
    struct error error;
    char sql[200];
    int64_t count;
    (void)state;
    open_well(&connection);
    for (enum row_kind kind = 0; kind < ROW_KIND_COUNT; kind++) {
        const struct sqlite_table *table = sqlite_table_of(kind);
        snprintf(sql, sizeof sql, "SELECT count(*) FROM pragma_table_info('%s', 'archive')",
                 table->name);
        assert_true(sqlite_connection_number(&connection, sql, &count, &error));
        assert_int_equal(count, sqlite_archive_key(kind) == NULL ? 0 : table->column_count);
    }
    sqlite_connection_close(&connection);
}

static void what_others_may_use_again_is_kept_each_time(void **state)
{
    struct sqlite_connection connection;
    struct error error;
    (void)state;
    open_well(&connection);
    assert_true(sqlite_connection_run(&connection,
                                      "INSERT INTO archive.instruction (number, asker, request_id)"
                                      " VALUES (1, 'alpha', 'W-1'), (2, 'alpha', 'W-1');"
                                      "INSERT INTO archive.inbox (channel, id, number)"
                                      " VALUES ('icbc', 'B-1', 3), ('icbc', 'B-1', 4)",
                                      &error));
    assert_false(sqlite_connection_run(
        &connection, "INSERT INTO archive.instruction (number) VALUES (1)", &error));
    sqlite_connection_close(&connection);
}

static void an_archive_is_opened_again_as_it_was(void **state)
{
    struct sqlite_connection connection;
    struct error error;
    int64_t count;
    (void)state;
    open_well(&connection);
    assert_true(sqlite_connection_run(
        &connection, "INSERT INTO archive.instruction (number) VALUES (1)", &error));
    sqlite_connection_close(&connection);
    open_well(&connection);
    assert_true(sqlite_connection_number(&connection, "SELECT count(*) FROM archive.instruction",
                                         &count, &error));
    assert_int_equal(count, 1);
    sqlite_connection_close(&connection);
}

static void only_an_archive_that_is_there_is_attached(void **state)
{
    struct sqlite_connection connection;
    struct error error;
    (void)state;
    assert_true(sqlite_connection_open_to_read(&connection, sqlite_path, &error));
    assert_false(sqlite_archive_attach(&connection, archive_path, &error));
    assert_string_equal(error.detail, "there is no such file");
    assert_int_equal(access(archive_path, F_OK), -1);
    sqlite_connection_close(&connection);
}

/* Another gateway may be at work in it. */
static void the_archive_of_another_store_is_not_touched(void **state)
{
    struct sqlite_connection other, connection;
    struct error error;
    int64_t count;
    (void)state;
    open_well(&other);
    assert_true(
        sqlite_connection_run(&other,
                              "PRAGMA archive.cache_size = 1; BEGIN; WITH RECURSIVE n (i) AS"
                              " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)"
                              " INSERT INTO archive.message_in (session, number, bytes)"
                              " SELECT 'alpha', i, randomblob(3000) FROM n",
                              &error));
    sqlite_spoil("UPDATE store SET identity = 'OTHERS'");
    assert_false(sqlite_archive_open(&connection, sqlite_path, archive_path, &error));
    assert_string_equal(error.detail, "the archive of another store");
    assert_true(sqlite_connection_run(&other, "COMMIT", &error));
    sqlite_connection_close(&other);
    sqlite_spoil("UPDATE store SET identity = 'K7Q2MX'");
    open_well(&connection);
    assert_true(sqlite_connection_number(
        &connection, "SELECT count(*) FROM archive.message_in WHERE length(bytes) = 3000", &count,
        &error));
    assert_int_equal(count, 99);
    sqlite_connection_close(&connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        archive_test(every_archived_row_has_a_table_with_its_columns),
        archive_test(what_others_may_use_again_is_kept_each_time),
        archive_test(an_archive_is_opened_again_as_it_was),
        archive_test(only_an_archive_that_is_there_is_attached),
        archive_test(the_archive_of_another_store_is_not_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
