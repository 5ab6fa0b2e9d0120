/* Archives on a disk whose syncs fail and whose power goes. */
#include "sqlite_kit.h"

#include "faulty_disk.h"

static char archive_path[160];

static struct store *open_store(void)
{
    struct error error;
    sqlite_store = store_sqlite_open(sqlite_path, SLICE("K7Q2MX"), &error);
    if (sqlite_store == NULL)
        fail_msg("%s: %s", error.kind->text, error.detail);
    return sqlite_store;
}

static int disk_set_up(void **state)
{
    faulty_disk_begin();
    if (sqlite_set_up(state) != 0)
        return -1;
    sqlite_put_sample();
    snprintf(archive_path, sizeof archive_path, "%s/archive.db", sqlite_folder);
    sqlite_store->operations->close(sqlite_store);
    *state = open_store();
    return 0;
}

static int disk_tear_down(void **state)
{
    int code = sqlite_tear_down(state);
    faulty_disk_end();
    return code;
}

/* One turn: it moves the instructions. */
static bool archive_some(void)
{
    struct archive_order order = { 0, 10000, UINT64_MAX, 100, true, false };
    struct archive_progress progress;
    struct error error;
    return sqlite_store->operations->archive(sqlite_store, archive_path, &order, &progress, &error);
}

static void cut_power(void **state)
{
    disk.dark = true;
    sqlite_store->operations->close(sqlite_store);
    faulty_disk_restart();
    *state = open_store();
}

static int64_t instructions_in(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    int64_t count = 0;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, "SELECT count(*) FROM instruction", -1, &statement, NULL) ==
        SQLITE_OK) {
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        count = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return count;
}

/* The copy fails at the log, then at the file that the log is brought into: what
   is left of it looks whole, but the disk does not have it. */
static void nothing_is_lost_when_syncs_have_failed(void **state)
{
    for (long log_syncs = 0; log_syncs < 6; log_syncs++)
        for (long file_syncs = 0; file_syncs < 3; file_syncs++) {
            disk.log_syncs_left = log_syncs;
            disk.file_syncs_left = file_syncs;
            archive_some();
            disk.log_syncs_left = disk.file_syncs_left = -1;
            assert_true(archive_some());
            cut_power(state);
            int64_t live = instructions_in(sqlite_path), archived = instructions_in(archive_path);
            if (live != 3 || archived != 3)
                fail_msg("after %ld syncs of logs and %ld of files: %lld live, %lld archived",
                         log_syncs, file_syncs, (long long)live, (long long)archived);
            disk_tear_down(state);
            disk_set_up(state);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_lost_when_syncs_have_failed, disk_set_up,
                                        disk_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
