/* The SQLite store on a disk that loses what was not synced. */
#include "unit/gateway/store/faulty_disk.h"

#include "gateway/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64], path[96];

/* Messages that are in, as the last owner of the store knows. */
static uint64_t known;

static struct store *open_store(void)
{
    struct error error;
    struct store *store = store_sqlite_open(path, SLICE("K7Q2MX"), &error);
    if (store == NULL)
        fail_msg("%s: %s", error.kind->text, error.detail);
    return store;
}

static int set_up(void **state)
{
    strcpy(folder, "/tmp/penstock-disk-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/penstock.db", folder);
    faulty_disk_begin();
    known = 0;
    *state = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    faulty_disk_end();
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static uint64_t count_messages(struct store *store)
{
    const struct query query = { .kind = QUERY_MESSAGES_OUT,
                                 .session = SLICE("alpha"),
                                 .last = UINT64_MAX };
    struct arena arena;
    struct answer answer;
    struct error error;
    arena_init(&arena, ARENA_UNLIMITED);
    if (!store->operations->read(store, &query, &arena, &answer, &error))
        fail_msg("%s: %s", error.kind->text, error.detail);
    uint64_t count = answer.count;
    arena_fini(&arena);
    return count;
}

/* Commits the next messages; as the engine does, it asks the store after a
   failure what is in. */
static bool commit_next(struct store *store, uint64_t batch_number, unsigned count, size_t size)
{
    static char bytes[4096];
    struct batch *batch = batch_new(batch_number, store->operations->epoch(store));
    batch_add(batch,
              &(struct row){ .kind = ROW_SESSION,
                             .session = { .name = SLICE("alpha"), .next_in = 1, .next_out = 1 } });
    uint64_t number = known;
    for (unsigned i = 0; i < count; i++)
        batch_add(batch,
                  &(struct row){ .kind = ROW_MESSAGE_OUT,
                                 .message = { SLICE("alpha"), 0, ++number, 0, { bytes, size } } });
    struct error error;
    bool good = store->operations->commit(store, batch, &error);
    batch_free(batch);
    known = good ? number : count_messages(store);
    return good;
}

/* Ends the power, whatever the store still does, and opens what the disk has. */
static struct store *cut_power(struct store *store)
{
    disk.dark = true;
    store->operations->close(store);
    faulty_disk_restart();
    store = open_store();
    known = count_messages(store);
    return store;
}

static void what_was_committed_survives_a_power_cut(void **state)
{
    (void)state;
    struct kit_random random = { 4711 };
    struct store *store = open_store();
    for (int round = 0; round < 60; round++) {
        uint64_t committed = known;
        uint64_t number = store->operations->last_batch(store);
        disk.operations_left = (long)kit_random_below(&random, 60);
        while (!disk.dark && commit_next(store, ++number, 1, 500) && !disk.dark)
            committed++;
        store = cut_power(store);
        assert_in_range(known, committed, committed + 1);
    }
    store->operations->close(store);
}

/* A sync fails; the commit is refused; work goes on, and then the power goes:
   all that was said to be in must be there. */
static void a_failed_sync_of_the_log_loses_nothing_that_was_committed(void **state)
{
    (void)state;
    struct store *store = open_store();
    uint64_t number = store->operations->last_batch(store);
    for (long sync = 0; sync < 20; sync++) {
        uint64_t committed = known;
        unsigned refused = 0;
        disk.log_syncs_left = sync % 5;
        for (int i = 0; i < 8; i++) {
            if (commit_next(store, ++number, 1, 500))
                committed = known;
            else
                refused++;
        }
        assert_in_range(refused, 1, 2);
        store = cut_power(store);
        assert_in_range(known, committed, committed + 1);
        number = store->operations->last_batch(store);
    }
    store->operations->close(store);
}

static void a_failed_checkpoint_loses_nothing_that_was_committed(void **state)
{
    (void)state;
    struct store *store = open_store();
    uint64_t number = store->operations->last_batch(store);
    disk.file_syncs_left = 0;
    for (int i = 0; i < 60 && disk.file_syncs_left == 0; i++)
        assert_true(commit_next(store, ++number, 150, 4096));
    assert_int_equal(disk.file_syncs_left, -1); /* there was a checkpoint, and it failed */
    for (int i = 0; i < 3; i++)
        assert_true(commit_next(store, ++number, 1, 500));

    uint64_t committed = known;
    store = cut_power(store);
    assert_int_equal(known, committed);
    store->operations->close(store);
}

static void what_is_read_after_a_failure_survives_a_power_cut(void **state)
{
    (void)state;
    struct store *store = open_store();
    assert_true(commit_next(store, 1, 1, 500));
    disk.log_syncs_left = 0;
    assert_false(commit_next(store, 2, 1, 500));

    uint64_t seen = known;
    store = cut_power(store);
    assert_int_equal(known, seen);
    store->operations->close(store);
}

static void assert_sound(void)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal(sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

/* The system may forget at any time what it could not write. */
static void what_a_failed_sync_has_lost_may_vanish_at_any_moment(void **state)
{
    for (long reads = 0; reads < 60; reads++) {
        struct store *store = open_store();
        uint64_t number = store->operations->last_batch(store);
        assert_true(commit_next(store, ++number, 3, 500));
        disk.log_syncs_left = 0;
        disk.log_reads_left = reads;
        assert_false(commit_next(store, ++number, 20, 500));
        for (int i = 0; i < 3; i++)
            assert_true(commit_next(store, ++number, 1, 500));

        uint64_t committed = known;
        store = cut_power(store);
        assert_int_equal(known, committed);
        store->operations->close(store);
        assert_sound();
        tear_down(state);
        set_up(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_committed_survives_a_power_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_sync_of_the_log_loses_nothing_that_was_committed,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_checkpoint_loses_nothing_that_was_committed,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_read_after_a_failure_survives_a_power_cut, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_a_failed_sync_has_lost_may_vanish_at_any_moment,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
