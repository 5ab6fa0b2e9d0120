#include "sqlite_kit.h"

#include "gateway/store/store_verify.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static char archive_path[160];

static int sample_set_up(void **state)
{
    if (sqlite_set_up(state) != 0)
        return -1;
    sqlite_put_sample();
    snprintf(archive_path, sizeof archive_path, "%s/archive.db", sqlite_folder);
    /* The rows are another owner's: open the store anew. */
    struct store *store = *state;
    struct error error;
    store->operations->close(store);
    *state = sqlite_store = store_sqlite_open(sqlite_path, SLICE("K7Q2MX"), &error);
    return *state == NULL ? -1 : 0;
}

#define sample_test(test) cmocka_unit_test_setup_teardown(test, sample_set_up, sqlite_tear_down)

static int64_t number_in(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(db), sql);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

/* For another process: our own never stand in our way. */
static bool is_locked(const char *path)
{
    int status;
    pid_t other = fork();
    if (other == 0) {
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
        int file = open(path, O_RDWR);
        _exit(file >= 0 && fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK);
    }
    assert_int_equal(waitpid(other, &status, 0), other);
    return WEXITSTATUS(status) == 1;
}

static void say_broken(void *owner, const struct store_check *check)
{
    (void)owner;
    if (check->broken != 0)
        fail_msg("%s: %.*s", check->name, SLICE_ARG(check->shown));
}

static void assert_holds(const char *archive)
{
    struct error error;
    size_t broken;
    if (!store_verify(sqlite_path, archive, say_broken, NULL, &broken, &error))
        fail_msg("%s: %s", error.kind->text, error.detail);
}

static bool archive(int64_t before_utc_ns, size_t limit, struct archive_progress *sum,
                    struct error *error)
{
    struct archive_order order = { 0, before_utc_ns, UINT64_MAX, limit, true, false };
    struct archive_progress progress = { .more = true };
    *sum = progress;
    while (progress.more) {
        if (!sqlite_store->operations->archive(sqlite_store, archive_path, &order, &progress,
                                               error))
            return false;
        sum->instructions += progress.instructions;
        sum->documents += progress.documents;
        sum->messages += progress.messages;
        order.first = false;
        assert_holds(NULL);
        assert_holds(archive_path);
    }
    return true;
}

static struct archive_progress archive_well(int64_t before_utc_ns, size_t limit)
{
    struct archive_progress sum;
    struct error error;
    if (!archive(before_utc_ns, limit, &sum, &error))
        fail_msg("%s: %s", error.kind->text, error.detail);
    return sum;
}

static void assert_all_ended_is_archived(void)
{
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM instruction"), 3);
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM instruction WHERE state IN"
                                            " ('settled', 'refused')"),
                     0);
    assert_int_equal(number_in(archive_path, "SELECT count(*) FROM instruction"), 3);
    assert_int_equal(number_in(archive_path, "SELECT count(*) FROM event"), 9);
    assert_int_equal(number_in(archive_path, "SELECT count(*) FROM ledger"), 3);
    assert_int_equal(number_in(archive_path, "SELECT count(*) FROM document"), 3);
    assert_int_equal(number_in(archive_path, "SELECT count(*) FROM inbox"), 3);
    assert_int_equal(number_in(archive_path, "SELECT count(*) FROM message_in"), 3);
    assert_int_equal(number_in(archive_path, "SELECT count(*) FROM message_out"), 3);
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM inbox"), 0);
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM message_in"), 0);
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM message_out"), 0);
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM document"), 2);
}

static void what_has_ended_leaves_with_all_that_belongs_to_it(void **state)
{
    (void)state;
    struct archive_progress sum = archive_well(10000, 100);
    assert_int_equal(sum.instructions, 3);
    assert_int_equal(sum.documents, 3);
    assert_int_equal(sum.messages, 6);
    assert_all_ended_is_archived();
}

static void small_chunks_come_to_the_same(void **state)
{
    (void)state;
    archive_well(10000, 1);
    assert_all_ended_is_archived();
}

static void what_is_young_stays(void **state)
{
    (void)state;
    struct archive_progress sum = archive_well(2000, 100);
    assert_int_equal(sum.instructions, 1);
    assert_int_equal(number_in(archive_path, "SELECT number FROM instruction"), 1);
    assert_int_equal(sum.documents, 1);
    assert_int_equal(sum.messages, 3);
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM inbox"), 2);
    assert_int_equal(number_in(sqlite_path, "SELECT min(utc_ns) FROM message_in"), 2000);
    sum = archive_well(2000, 100);
    assert_int_equal(sum.instructions + sum.documents + sum.messages, 0);
}

static void sums_are_carried_forward_in_one_line_that_grows(void **state)
{
    static const char carried[] = "SELECT count(*) FROM ledger WHERE instruction IS NULL"
                                  " AND sequence = 0";
    (void)state;
    archive_well(2000, 100);
    assert_int_equal(number_in(sqlite_path, carried), 2);
    sqlite_spoil("UPDATE instruction SET state = 'settled', deadline_utc_ns = 0, event_count = 5"
                 " WHERE number = 5; INSERT INTO event (instruction, sequence, utc_ns, state_from,"
                 " state_to) VALUES (5, 5, 1, 'in_doubt', 'settled'); INSERT INTO ledger"
                 " (instruction, sequence, utc_ns, account, client, currency, debit, credit,"
                 " amount_minor) VALUES (5, 5, 1, 'ACC-1', 'C-1', 'CNY', 'reserved', 'outside',"
                 " 300); UPDATE balance SET reserved_minor = 300 WHERE client = 'C-1'");
    archive_well(10000, 100);
    assert_int_equal(number_in(sqlite_path, carried), 3);
    assert_int_equal(number_in(sqlite_path, "SELECT amount_minor FROM ledger WHERE sequence = 0"
                                            " AND instruction IS NULL AND credit = 'outside'"),
                     1300);
}

static void what_somebody_works_on_is_spared(void **state)
{
    struct archive_order order = { 0, 10000, 3, 100, true, false };
    struct archive_progress progress;
    struct error error;
    (void)state;
    assert_true(
        sqlite_store->operations->archive(sqlite_store, archive_path, &order, &progress, &error));
    assert_int_equal(progress.instructions, 1);
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM instruction"), 5);
}

static void an_instruction_whose_document_waits_stays(void **state)
{
    (void)state;
    sqlite_spoil("UPDATE document SET state = 'waiting' WHERE instruction = 4");
    assert_int_equal(archive_well(10000, 100).instructions, 2);
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM instruction WHERE number = 4"),
                     1);
}

static void copy_file(const char *from, const char *to)
{
    char command[400];
    snprintf(command, sizeof command, "cp %s %s", from, to);
    assert_int_equal(system(command), 0);
}

/* The store is closed then, and as if nothing had left it. */
static void archive_and_put_the_store_back(void)
{
    char before[200];
    struct error error;
    snprintf(before, sizeof before, "%s.before", sqlite_path);
    sqlite_store->operations->close(sqlite_store);
    copy_file(sqlite_path, before);
    sqlite_store = store_sqlite_open(sqlite_path, SLICE("K7Q2MX"), &error);
    archive_well(10000, 100);
    sqlite_store->operations->close(sqlite_store);
    copy_file(before, sqlite_path);
}

/* As when the process dies after the copy: the live rows are there as before. */
static void a_crash_behind_the_copy_loses_and_doubles_nothing(void **state)
{
    struct error error;
    archive_and_put_the_store_back();
    *state = sqlite_store = store_sqlite_open(sqlite_path, SLICE("K7Q2MX"), &error);
    assert_holds(NULL);
    assert_holds(archive_path);
    archive_well(10000, 100);
    assert_all_ended_is_archived();
}

/* The copy is there already, and is not what leaves the store. */
static void what_changed_behind_its_copy_is_archived_as_it_is(void **state)
{
    struct error error;
    archive_and_put_the_store_back();
    sqlite_spoil("UPDATE instruction SET event_count = event_count + 1, contradicted = 1"
                 " WHERE number = 1; INSERT INTO event (instruction, sequence, utc_ns, state_from,"
                 " state_to) SELECT 1, event_count, 20, state, state FROM instruction"
                 " WHERE number = 1");
    *state = sqlite_store = store_sqlite_open(sqlite_path, SLICE("K7Q2MX"), &error);
    archive_well(10000, 100);
    assert_int_equal(
        number_in(archive_path, "SELECT contradicted FROM instruction WHERE number = 1"), 1);
}

/* Closing any of its files gives up the locks that a process has on a file. */
static void the_store_keeps_its_locks_when_it_is_named_as_its_archive(void **state)
{
    struct archive_progress sum;
    struct error error;
    (void)state;
    assert_true(is_locked(sqlite_path));
    strcpy(archive_path, sqlite_path);
    assert_false(archive(10000, 100, &sum, &error));
    assert_true(is_locked(sqlite_path));
}

/* What is written to a file that nobody can find any more is lost. */
static void nothing_leaves_for_an_archive_that_has_gone(void **state)
{
    struct archive_order order = { 0, 10000, UINT64_MAX, 1, true, false };
    struct archive_progress progress;
    struct error error;
    (void)state;
    assert_true(
        sqlite_store->operations->archive(sqlite_store, archive_path, &order, &progress, &error));
    assert_int_equal(progress.instructions, 1);
    assert_int_equal(unlink(archive_path), 0);
    order.first = false;
    bool good = true;
    while (good && progress.more)
        good = sqlite_store->operations->archive(sqlite_store, archive_path, &order, &progress,
                                                 &error);
    assert_false(good);
    assert_ptr_equal(error.kind, &store_archive_failed);
    assert_int_equal(number_in(sqlite_path, "SELECT count(*) FROM instruction"), 5);
}

static void an_id_that_is_used_again_is_archived_again(void **state)
{
    (void)state;
    archive_well(10000, 100);
    sqlite_spoil(
        "UPDATE store SET last_number = 10;"
        "INSERT INTO instruction SELECT 10, flow, 'refused', 0, content, configuration, 20, 20, 0,"
        " 1, 0, 1, 2, 1, 0, 'PSTK-K7Q2MX-10', asker, 'W-1', NULL, session, NULL, client, account,"
        " bank, payee_bank, payee_account, NULL, currency, NULL, NULL, NULL, NULL, NULL, NULL,"
        " NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
        " FROM instruction"
        " WHERE number = 6; INSERT INTO event (instruction, sequence, utc_ns, state_from,"
        " state_to) VALUES (10, 1, 20, 'none', 'refused')");
    assert_int_equal(archive_well(10000, 100).instructions, 1);
    assert_int_equal(
        number_in(archive_path, "SELECT count(*) FROM instruction WHERE request_id = 'W-1'"), 2);
}

static void an_archive_that_is_older_than_a_column_gets_it(void **state)
{
    sqlite3 *db;
    (void)state;
    archive_well(3, 100);
    assert_int_equal(sqlite3_open(archive_path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "ALTER TABLE instruction DROP COLUMN order_payment", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    assert_holds(archive_path);
    archive_well(10000, 100);
    assert_all_ended_is_archived();
    assert_int_equal(number_in(archive_path, "SELECT count(order_payment) FROM instruction"), 0);
}

static void a_file_that_is_no_archive_of_this_store_is_left_alone(void **state)
{
    struct archive_progress sum;
    struct error error;
    (void)state;
    FILE *file = fopen(archive_path, "w");
    fputs("a letter of somebody, long enough to be no database", file);
    fclose(file);
    assert_false(archive(10000, 100, &sum, &error));
    assert_ptr_equal(error.kind, &store_archive_failed);
    assert_string_equal(error.place.source, archive_path);
    strcpy(archive_path, sqlite_path);
    assert_false(archive(10000, 100, &sum, &error));
    assert_string_equal(error.detail, "not an archive of penstock");
    snprintf(archive_path, sizeof archive_path, "%s/other.db", sqlite_folder);
    archive_well(10000, 100);
    sqlite_spoil("UPDATE store SET identity = 'OTHERS'");
    struct store *store = *state;
    store->operations->close(store);
    *state = sqlite_store = store_sqlite_open(sqlite_path, SLICE("K7Q2MX"), &error);
    assert_false(archive(10000, 100, &sum, &error));
    assert_string_equal(error.detail, "the archive of another store");
}

static void the_store_goes_on_when_the_archive_cannot_be_written(void **state)
{
    struct archive_progress sum;
    struct error error;
    (void)state;
    snprintf(archive_path, sizeof archive_path, "%s/nowhere/archive.db", sqlite_folder);
    assert_false(archive(10000, 100, &sum, &error));
    assert_ptr_equal(error.kind, &store_archive_failed);
    struct batch *batch = batch_new(41, sqlite_store->operations->epoch(sqlite_store));
    assert_true(sqlite_store->operations->commit(sqlite_store, batch, &error));
    batch_free(batch);
    snprintf(archive_path, sizeof archive_path, "%s/archive.db", sqlite_folder);
    assert_int_equal(archive_well(10000, 100).instructions, 3);
}

static void no_log_stays_beside_the_archive(void **state)
{
    char log[200];
    (void)state;
    archive_well(10000, 1);
    snprintf(log, sizeof log, "%s-wal", archive_path);
    assert_int_equal(access(log, F_OK), -1);
    assert_int_equal(access(archive_path, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        sample_test(what_has_ended_leaves_with_all_that_belongs_to_it),
        sample_test(small_chunks_come_to_the_same),
        sample_test(what_is_young_stays),
        sample_test(sums_are_carried_forward_in_one_line_that_grows),
        sample_test(what_somebody_works_on_is_spared),
        sample_test(an_instruction_whose_document_waits_stays),
        sample_test(a_crash_behind_the_copy_loses_and_doubles_nothing),
        sample_test(what_changed_behind_its_copy_is_archived_as_it_is),
        sample_test(the_store_keeps_its_locks_when_it_is_named_as_its_archive),
        sample_test(nothing_leaves_for_an_archive_that_has_gone),
        sample_test(an_id_that_is_used_again_is_archived_again),
        sample_test(an_archive_that_is_older_than_a_column_gets_it),
        sample_test(a_file_that_is_no_archive_of_this_store_is_left_alone),
        sample_test(the_store_goes_on_when_the_archive_cannot_be_written),
        sample_test(no_log_stays_beside_the_archive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
