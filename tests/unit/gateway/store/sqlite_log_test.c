#include "kit/kit.h"

#include "gateway/store/sqlite_log.h"
#include "gateway/store/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEADER_SIZE = 32,
    FRAME_SIZE = 24 + 4096,
    COMMITS = 8, /* of one frame each, behind those that make the table */
};

static char folder[64], live[96], path[96], log_path[112];

__attribute__((format(printf, 1, 2))) static void run(const char *format, ...)
{
    char line[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    assert_int_equal(system(line), 0);
}

static void sql(sqlite3 *db, const char *text)
{
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
}

/* A store as a process leaves it that was killed behind its last commit. */
static int set_up(void **state)
{
    sqlite3 *db;
    strcpy(folder, "/tmp/penstock-log-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(live, sizeof live, "%s/live.db", folder);
    snprintf(path, sizeof path, "%s/store.db", folder);
    snprintf(log_path, sizeof log_path, "%s-wal", path);
    assert_int_equal(sqlite3_open(live, &db), SQLITE_OK);
    sql(db, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL;"
            "CREATE TABLE t (x)");
    for (int i = 0; i < COMMITS; i++)
        sql(db, "INSERT INTO t VALUES (1)");
    run("cp %s %s", live, path);
    run("cp %s-wal %s", live, log_path);
    sqlite3_close(db);
    *state = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    run("rm -rf %s", folder);
    return 0;
}

static long log_size(void)
{
    struct stat found;
    return stat(log_path, &found) == 0 ? (long)found.st_size : -1;
}

static void flip(long from)
{
    FILE *file = fopen(log_path, "r+");
    assert_non_null(file);
    fseek(file, from, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, from, SEEK_SET);
    fputc(byte ^ 0x10, file);
    fclose(file);
}

static void settle(void)
{
    struct error error;
    if (!sqlite_log_settle(path, &error))
        fail_msg("%s: %s", error.kind->text, error.detail);
}

static void assert_damaged(void)
{
    struct error error;
    long size = log_size();
    assert_false(sqlite_log_settle(path, &error));
    assert_ptr_equal(error.kind, &store_corrupt);
    assert_non_null(strstr(error.detail, "the write-ahead log is damaged"));
    assert_int_equal(log_size(), size); /* nothing is cut off */
}

/* The frame that many commits before the end, from its header. */
static long frame_before_end(int commits)
{
    return log_size() - (long)commits * FRAME_SIZE;
}

static int count_rows(void)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM t", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int count = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return count;
}

static void a_whole_log_stays_as_it_is(void **state)
{
    (void)state;
    run("cp %s %s.before", log_path, log_path);
    settle();
    run("cmp %s %s.before", log_path, log_path);
    assert_int_equal(count_rows(), COMMITS);
}

static void no_log_and_an_empty_one_are_fine(void **state)
{
    (void)state;
    run("truncate -s 0 %s", log_path);
    settle();
    remove(log_path);
    settle();
    assert_int_equal(log_size(), -1);
}

static void what_a_power_cut_left_of_the_last_commit_is_cut_off(void **state)
{
    (void)state;
    for (long less = 1; less < FRAME_SIZE; less += 511) {
        tear_down(state);
        set_up(state);
        long size = log_size();
        assert_int_equal(truncate(log_path, size - less), 0);
        settle();
        assert_int_equal(log_size(), size - FRAME_SIZE);
    }
    assert_int_equal(count_rows(), COMMITS - 1);
}

static void the_last_commit_may_be_there_in_parts(void **state)
{
    (void)state;
    long size = log_size();
    flip(frame_before_end(1) + 100);
    settle();
    assert_int_equal(log_size(), size - FRAME_SIZE);
    assert_int_equal(count_rows(), COMMITS - 1);
}

static void a_frame_that_later_commits_prove_is_missed(void **state)
{
    static const long places[] = { 0, 5, 9, 17, 24, 2000, FRAME_SIZE - 1 };
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        long from = frame_before_end(3) + places[i];
        flip(from);
        assert_damaged();
        flip(from);
        settle();
    }
    assert_int_equal(count_rows(), COMMITS);
}

static void a_damaged_header_hides_no_commits(void **state)
{
    (void)state;
    for (long from = 0; from < HEADER_SIZE; from++) {
        flip(from);
        assert_damaged();
        flip(from);
    }
    settle();
    assert_int_equal(count_rows(), COMMITS);
}

/* The log begins anew once all of it is in the file; what stands behind is old. */
static void frames_of_an_older_log_prove_nothing(void **state)
{
    sqlite3 *db;
    (void)state;
    assert_int_equal(sqlite3_open(live, &db), SQLITE_OK);
    sql(db, "PRAGMA wal_autocheckpoint = 0");
    for (int i = 0; i < COMMITS; i++)
        sql(db, "INSERT INTO t VALUES (2)");
    sql(db, "PRAGMA wal_checkpoint(PASSIVE)");
    sql(db, "INSERT INTO t VALUES (3)");
    run("cp %s %s", live, path);
    run("cp %s-wal %s", live, log_path);
    sqlite3_close(db);
    assert_int_equal(log_size(), HEADER_SIZE + COMMITS * FRAME_SIZE);
    settle();
    assert_int_equal(log_size(), HEADER_SIZE + FRAME_SIZE);
    assert_int_equal(count_rows(), 2 * COMMITS + 1);
}

static void a_log_of_zeros_has_no_commit(void **state)
{
    (void)state;
    run("head -c 50000 /dev/zero > %s", log_path);
    settle();
    assert_int_equal(log_size(), 0);
}

#define log_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        log_test(a_whole_log_stays_as_it_is),
        log_test(no_log_and_an_empty_one_are_fine),
        log_test(what_a_power_cut_left_of_the_last_commit_is_cut_off),
        log_test(the_last_commit_may_be_there_in_parts),
        log_test(a_frame_that_later_commits_prove_is_missed),
        log_test(a_damaged_header_hides_no_commits),
        log_test(frames_of_an_older_log_prove_nothing),
        log_test(a_log_of_zeros_has_no_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
