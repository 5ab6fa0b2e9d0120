#include "sqlite_kit.h"

#include "gateway/store/sqlite_schema.h"

#include <unistd.h>

static int count(struct sqlite_connection *connection, const char *sql)
{
    int64_t number;
    struct error error;
    if (!sqlite_connection_number(connection, sql, &number, &error))
        fail_msg("%s: %s", sql, error.detail);
    return (int)number;
}

static void run(struct sqlite_connection *connection, const char *sql)
{
    struct error error;
    if (!sqlite_connection_run(connection, sql, &error))
        fail_msg("%s: %.80s", error.detail, sql);
}

static bool update(struct sqlite_connection *connection, const struct sqlite_migration *migrations,
                   size_t migration_count, struct error *error)
{
    size_t from;
    run(connection, "BEGIN");
    bool good = sqlite_schema_update(connection, migrations, migration_count, &from, error);
    run(connection, good ? "COMMIT" : "ROLLBACK");
    return good;
}

/* A file that has seen so many of the migrations, and the sample's rows. */
static void make_old_store(struct sqlite_connection *connection, size_t version)
{
    struct error error;
    unlink(sqlite_path);
    assert_true(sqlite_connection_open(connection, sqlite_path, &error));
    assert_true(update(connection, sqlite_migrations, version, &error));
    assert_int_equal(count(connection, "PRAGMA user_version"), version);
    struct slice sample = kit_read_file(PENSTOCK_SOURCE_DIR "/tests/unit/gateway/store/sample.sql");
    char *sql = sqlite3_mprintf("%.*s", SLICE_ARG(sample));
    run(connection, sql);
    sqlite3_free(sql);
    kit_free_file(sample);
}

static void assert_sample_is_there(struct sqlite_connection *connection)
{
    assert_int_equal(count(connection, "SELECT count(*) FROM instruction"), 6);
    assert_int_equal(count(connection, "SELECT count(*) FROM event"), 15);
    assert_int_equal(count(connection, "SELECT count(*) FROM document"), 5);
    assert_int_equal(count(connection, "SELECT count(*) FROM inbox"), 3);
    assert_int_equal(count(connection, "SELECT sum(amount_minor) FROM ledger"), 8100);
    assert_int_equal(count(connection, "SELECT free_minor FROM balance WHERE client = 'C-1'"),
                     3900);
    assert_int_equal(count(connection, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void every_table_keeps_to_its_types(void **state)
{
    (void)state;
    assert_true(sqlite_migration_count >= 1);
    assert_int_equal(count(&sqlite_store_of(sqlite_store)->connection,
                           "SELECT count(*) FROM pragma_table_list"
                           " WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND NOT strict"),
                     0);
}

static void every_reference_leads_to_a_key(void **state)
{
    struct sqlite_connection *connection = &sqlite_store_of(sqlite_store)->connection;
    (void)state;
    assert_int_equal(count(connection, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(count(connection, "SELECT count(*) FROM pragma_foreign_key_list('ledger')"),
                     4);
    assert_int_equal(count(connection, "SELECT count(*) FROM pragma_foreign_key_list('event')"), 1);
}

/* The lists of names in the tables' checks, whatever words they are written in. */
static void only_the_names_that_there_are_go_in(void **state)
{
    static const char *const bad[] = {
        "UPDATE instruction SET state = 'lost'", "UPDATE instruction SET flow = 'gift'",
        "UPDATE event SET state_from = 'lost'",  "UPDATE event SET state_to = 'Sent'",
        "UPDATE ledger SET debit = 'pocket'",    "UPDATE ledger SET credit = 'pocket'",
        "UPDATE ledger SET debit = credit",
    };
    struct sqlite_connection connection;
    struct error error;
    (void)state;
    snprintf(sqlite_path, sizeof sqlite_path, "%s/old.db", sqlite_folder);
    for (size_t version = 1; version <= sqlite_migration_count; version++) {
        make_old_store(&connection, version);
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            if (sqlite_connection_run(&connection, bad[i], &error))
                fail_msg("version %zu takes %s", version, bad[i]);
        for (int from = 0; from < INSTRUCTION_STATE_COUNT; from++) {
            char *sql = sqlite3_mprintf("UPDATE event SET state_from = %Q, state_to = %Q",
                                        instruction_state_name((enum instruction_state)from),
                                        instruction_state_name((enum instruction_state)from));
            run(&connection, sql);
            sqlite3_free(sql);
        }
        assert_int_equal(count(&connection, "SELECT count(*) FROM pragma_integrity_check"
                                            " WHERE integrity_check <> 'ok'"),
                         0);
        sqlite_connection_close(&connection);
    }
}

static void names_of_migrations_count_up(void **state)
{
    char number[24];
    (void)state;
    for (size_t i = 0; i < sqlite_migration_count; i++) {
        snprintf(number, sizeof number, "%03zu-", i + 1);
        assert_memory_equal(sqlite_migrations[i].name, number, strlen(number));
    }
}

static void every_older_store_becomes_the_newest_with_its_data(void **state)
{
    struct sqlite_connection connection;
    struct error error;
    struct store *store = *state;
    store->operations->close(store);
    for (size_t version = 1; version <= sqlite_migration_count; version++) {
        make_old_store(&connection, version);
        sqlite_connection_close(&connection);
        store = store_sqlite_open(sqlite_path, SLICE("OTHERS"), &error);
        if (store == NULL)
            fail_msg("from version %zu: %s", version, error.detail);
        struct sqlite_connection *now = &sqlite_store_of(store)->connection;
        assert_int_equal(count(now, "PRAGMA user_version"), sqlite_migration_count);
        assert_sample_is_there(now);
        assert_slice_equal(store->operations->identity(store), "K7Q2MX");
        assert_int_equal(store->operations->last_number(store), 9);
        if (version < sqlite_migration_count)
            store->operations->close(store);
    }
    *state = store;
}

static void a_new_script_is_run_once_on_the_data_that_is_there(void **state)
{
    const struct sqlite_migration migrations[] = {
        sqlite_migrations[0],
        { "002-more", "CREATE TABLE more (a); INSERT INTO more SELECT number FROM instruction;" },
        { "003-most", "CREATE TABLE most (a);" },
    };
    struct sqlite_connection connection;
    struct error error;
    (void)state;
    snprintf(sqlite_path, sizeof sqlite_path, "%s/old.db", sqlite_folder);
    make_old_store(&connection, 1);
    assert_true(update(&connection, migrations, 2, &error));
    assert_int_equal(count(&connection, "PRAGMA user_version"), 2);
    assert_true(update(&connection, migrations, 3, &error));
    assert_true(update(&connection, migrations, 3, &error));
    assert_int_equal(count(&connection, "PRAGMA user_version"), 3);
    assert_int_equal(count(&connection, "SELECT count(*) FROM more"), 6);
    assert_sample_is_there(&connection);
    sqlite_connection_close(&connection);
}

static void a_script_that_fails_halfway_leaves_the_store_as_it_was(void **state)
{
    const struct sqlite_migration broken[] = {
        sqlite_migrations[0],
        { "002-more", "CREATE TABLE more (a);" },
        { "003-broken", "DELETE FROM ledger; INSERT INTO nowhere VALUES (1); DELETE FROM event;" },
    };
    struct sqlite_connection connection;
    struct error error;
    (void)state;
    snprintf(sqlite_path, sizeof sqlite_path, "%s/old.db", sqlite_folder);
    make_old_store(&connection, 1);
    assert_false(update(&connection, broken, 3, &error));
    assert_string_equal(error.detail, "migration 003-broken: no such table: nowhere (SQLite 1)");
    assert_int_equal(count(&connection, "PRAGMA user_version"), 1);
    assert_int_equal(count(&connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'"),
                     0);
    assert_sample_is_there(&connection);
    sqlite_connection_close(&connection);
}

static void a_script_may_not_end_the_transaction(void **state)
{
    const struct sqlite_migration hasty[] = {
        sqlite_migrations[0],
        { "002-hasty", "CREATE TABLE more (a); COMMIT;" },
    };
    struct sqlite_connection connection;
    struct error error;
    size_t from;
    (void)state;
    snprintf(sqlite_path, sizeof sqlite_path, "%s/old.db", sqlite_folder);
    make_old_store(&connection, 1);
    run(&connection, "BEGIN");
    assert_false(sqlite_schema_update(&connection, hasty, 2, &from, &error));
    assert_string_equal(error.detail, "migration 002-hasty ends the transaction");
    sqlite_connection_close(&connection);
}

static void a_store_of_a_newer_program_is_left_alone(void **state)
{
    struct sqlite_connection connection;
    struct error error;
    size_t from;
    (void)state;
    snprintf(sqlite_path, sizeof sqlite_path, "%s/old.db", sqlite_folder);
    make_old_store(&connection, sqlite_migration_count);
    assert_false(sqlite_schema_update(&connection, sqlite_migrations, sqlite_migration_count - 1,
                                      &from, &error));
    assert_ptr_equal(error.kind, &store_newer);
    sqlite_connection_close(&connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        sqlite_test(every_table_keeps_to_its_types),
        sqlite_test(every_reference_leads_to_a_key),
        sqlite_test(only_the_names_that_there_are_go_in),
        sqlite_test(names_of_migrations_count_up),
        sqlite_test(every_older_store_becomes_the_newest_with_its_data),
        sqlite_test(a_new_script_is_run_once_on_the_data_that_is_there),
        sqlite_test(a_script_that_fails_halfway_leaves_the_store_as_it_was),
        sqlite_test(a_script_may_not_end_the_transaction),
        sqlite_test(a_store_of_a_newer_program_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
