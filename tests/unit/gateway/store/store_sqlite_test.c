#include "unit/gateway/store/store_contract.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], path[96];

static void run_in_folder(const char *command)
{
    char line[256];
    snprintf(line, sizeof line, "cd %s && %s", folder, command);
    assert_int_equal(system(line), 0);
}

static struct store *open_path(struct error *error)
{
    return store_sqlite_open(path, CONTRACT_IDENTITY, error);
}

static struct store *open_well(void)
{
    struct error error;
    struct store *store = open_path(&error);
    if (store == NULL)
        fail_msg("%s: %s", error.kind->text, error.detail);
    return store;
}

static struct store *contract_open(void)
{
    strcpy(folder, "/tmp/penstock-store-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0755), 0);
    snprintf(path, sizeof path, "%s/penstock.db", folder);
    return open_well();
}

static struct store *contract_reopen(struct store *store)
{
    store->operations->close(store);
    return open_well();
}

static const char *contract_archive(void)
{
    static char archive[112];
    snprintf(archive, sizeof archive, "%s/archive.db", folder);
    return archive;
}

static int tear_down(void **state)
{
    struct store *store = *state;
    if (store != NULL)
        store->operations->close(store);
    arena_fini(&contract_arena);
    run_in_folder("rm -f penstock.db* archive.db");
    return rmdir(folder);
}

static void assert_refuses_to_open(const struct error_kind *kind)
{
    struct error error;
    assert_null(open_path(&error));
    assert_ptr_equal(error.kind, kind);
    assert_string_equal(error.place.source, path);
}

static void close_for_good(void **state)
{
    struct store *store = *state;
    store->operations->close(store);
    *state = NULL;
}

static void sql(const char *text)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* The database itself holds the promises: any tool that writes is refused. */
static void the_tables_prove_what_they_can(void **state)
{
    static const char *const bad[] = {
        "UPDATE balance SET free_minor = -1",
        "UPDATE balance SET reserved_minor = -1",
        "UPDATE instruction SET state = 'done'",
        "UPDATE instruction SET flow = 'gift'",
        "INSERT INTO ledger VALUES (1, 1, 0, 'ACC-1', 'C-1', 'CNY', 'free', 'free', 5, 'x')",
        "INSERT INTO ledger VALUES (1, 1, 0, 'ACC-1', 'C-1', 'CNY', 'free', 'pocket', 5, 'x')",
        "INSERT INTO ledger VALUES (1, 1, 0, 'ACC-9', 'C-1', 'CNY', 'free', 'reserved', 5, 'x')",
        "INSERT INTO event VALUES (77, 1, 0, 'none', 'held', NULL, NULL, NULL, NULL, NULL)",
        "UPDATE session SET next_out = 'many'",
        "INSERT INTO store VALUES (2, 'ABCDEF', 1, 1, 1)",
    };
    commit_base(*state);
    close_for_good(state);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(sqlite3_exec(db, bad[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    sqlite3_close(db);
}

static void every_column_of_the_tables_is_used(void **state)
{
    (void)state;
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM pragma_table_info('instruction')",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 15 + INSTRUCTION_TEXT_COUNT);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void the_files_are_for_their_owner_only(void **state)
{
    static const char *const names[] = { "", "-wal", "-shm", ".lock" };
    commit_base(*state);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[112];
        struct stat file;
        snprintf(name, sizeof name, "%s%s", path, names[i]);
        assert_int_equal(stat(name, &file), 0);
        assert_int_equal(file.st_mode & 0777, 0600);
    }
}

static void a_second_process_is_refused(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct error error;
        bool refused = open_path(&error) == NULL && error.kind == &store_locked;
        _exit(refused && strstr(error.detail, "process") != NULL ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void the_same_process_is_refused_too(void **state)
{
    assert_refuses_to_open(&store_locked);
    assert_null(commit_row(*state, session_row("alpha", 1, 1))); /* and the first goes on */
}

static void a_file_that_is_no_database_is_corrupt(void **state)
{
    close_for_good(state);
    run_in_folder("head -c 20000 /dev/zero | tr '\\0' 'x' > penstock.db");
    assert_refuses_to_open(&store_corrupt);
}

static void a_damaged_table_is_corrupt(void **state)
{
    commit_base(*state);
    close_for_good(state);
    /* All pages but the first, which holds the names of the tables. */
    run_in_folder("size=$(stat -c %s penstock.db) && dd if=/dev/zero of=penstock.db bs=4096 seek=1 "
                  "count=$((size / 4096 - 1)) conv=notrunc 2>/dev/null");
    assert_refuses_to_open(&store_corrupt);
}

static void a_database_of_another_program_is_left_alone(void **state)
{
    close_for_good(state);
    run_in_folder("rm -f penstock.db*");
    sql("CREATE TABLE recipes (name TEXT)");
    assert_refuses_to_open(&store_open_failed);
    sql("SELECT name FROM recipes");
}

static int number_of(sqlite3 *db, const char *text)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int count = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return count;
}

/* It works on while we look: what it has written and not committed is in its log. */
static void the_log_of_another_program_is_left_alone(void **state)
{
    sqlite3 *other;
    close_for_good(state);
    run_in_folder("rm -f penstock.db*");
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(other,
                     "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
                     "PRAGMA cache_size = 1;"
                     "CREATE TABLE recipes (text); BEGIN;"
                     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)"
                     " INSERT INTO recipes SELECT randomblob(3000) FROM n",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_refuses_to_open(&store_open_failed);
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(number_of(other, "SELECT count(*) FROM pragma_integrity_check"
                                      " WHERE integrity_check = 'ok'"),
                     1);
    assert_int_equal(number_of(other, "SELECT count(*) FROM recipes"), 99);
    sqlite3_close(other);
}

static void an_empty_file_in_place_of_a_store_is_no_new_one(void **state)
{
    static const char *const commands[] = { "truncate -s 0 penstock.db", "rm penstock.db" };
    for (size_t i = 0; i < 2; i++) {
        commit_base(*state);
        close_for_good(state);
        run_in_folder(commands[i]);
        assert_refuses_to_open(&store_gone);
        assert_refuses_to_open(&store_gone); /* whatever the first try has left */
        run_in_folder("rm penstock.db*");
        *state = open_well();
    }
}

static void a_store_that_is_removed_while_in_use_is_missed(void **state)
{
    struct store *store = *state;
    commit_base(store);
    run_in_folder("mkdir aside && mv penstock.db aside");
    assert_ptr_equal(commit_row(store, session_row("alpha", 9, 9)), &store_gone);
    assert_ptr_equal(commit_row(store, session_row("alpha", 9, 9)), &store_gone);
    run_in_folder("mv aside/penstock.db . && rmdir aside");
    assert_null(commit_row(store, session_row("alpha", 9, 9)));
}

static void an_older_copy_put_in_its_place_is_not_believed(void **state)
{
    struct store *store = *state;
    commit_base(store);
    sql("UPDATE store SET last_batch = last_batch - 1");
    struct row refused = message_row(ROW_MESSAGE_OUT, 1, "x");
    refused.message.session = SLICE("nobody");
    assert_ptr_equal(commit_row(store, refused), &store_refused); /* it is opened again */
    assert_ptr_equal(commit_row(store, session_row("alpha", 9, 9)), &store_corrupt);
}

static void what_is_refused_is_named(void **state)
{
    struct store *store = *state;
    struct error error;
    commit_base(store);
    struct batch *batch = next_batch(store);
    struct row refused = message_row(ROW_MESSAGE_OUT, 17, "x");
    refused.message.session = SLICE("nobody");
    batch_add(batch, &refused);
    assert_false(store->operations->commit(store, batch, &error));
    batch_free(batch);
    assert_ptr_equal(error.kind, &store_refused);
    assert_non_null(strstr(error.detail, "message out nobody 3 17: FOREIGN KEY"));
}

static void a_newer_schema_is_refused(void **state)
{
    close_for_good(state);
    sql("PRAGMA user_version = 99");
    assert_refuses_to_open(&store_newer);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    close_for_good(state);
    struct error error;
    assert_null(store_sqlite_open("/nonexistent/penstock.db", CONTRACT_IDENTITY, &error));
    assert_ptr_equal(error.kind, &store_open_failed);
}

/* In a child without privileges, for nothing is read-only to root. */
static int try_as_nobody(void)
{
    struct error error;
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 2;
    return open_path(&error) == NULL && error.kind == &store_read_only ? 0 : 1;
}

static void assert_read_only_to_nobody(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(try_as_nobody());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_read_only_folder_is_told(void **state)
{
    close_for_good(state);
    run_in_folder("rm -f penstock.db.lock && chmod 555 .");
    assert_read_only_to_nobody();
    run_in_folder("chmod 755 .");
}

static void a_read_only_file_is_told(void **state)
{
    close_for_good(state);
    run_in_folder(
        "chmod 444 penstock.db && touch penstock.db.lock && chmod 666 penstock.db.lock && "
        "chmod 777 .");
    assert_read_only_to_nobody();
}

static void an_operator_may_look_while_it_runs(void **state)
{
    struct store *store = *state;
    commit_base(store);
    sql("SELECT state, amount_minor FROM instruction");
    assert_null(commit_row(store, balance_row(5, 5)));
}

static void another_owner_on_the_same_file_fences_us(void **state)
{
    struct store *store = *state;
    commit_base(store);
    sql("UPDATE store SET epoch = epoch + 1");

    assert_ptr_equal(commit_row(store, session_row("alpha", 9, 9)), &store_fenced);
    assert_ptr_equal(commit_row(store, session_row("alpha", 9, 9)), &store_fenced);
    *state = store = contract_reopen(store);
    assert_null(commit_row(store, session_row("alpha", 9, 9)));
}

static void set_file_limit(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static const struct error_kind *commit_many(struct store *store, uint64_t *number, unsigned rows)
{
    static char bytes[3000];
    memset(bytes, 'x', sizeof bytes);
    struct batch *batch = next_batch(store);
    for (unsigned i = 0; i < rows; i++) {
        struct row row = message_row(ROW_MESSAGE_OUT, ++*number, "");
        row.message.bytes = (struct slice){ bytes, sizeof bytes };
        add(batch, row);
    }
    return commit(store, batch);
}

static size_t count_messages(struct store *store)
{
    struct query query = {
        .kind = QUERY_MESSAGES_OUT, .session = SLICE("alpha"), .generation = 3, .last = UINT64_MAX
    };
    return ask(store, query).count;
}

/* No disk can be filled here, but a file can be kept from growing. */
static void a_full_disk_is_told_and_passes(void **state)
{
    struct store *store = *state;
    uint64_t number = 0;
    commit_base(store);
    signal(SIGXFSZ, SIG_IGN);
    set_file_limit(400ul * 1024);

    const struct error_kind *kind = NULL;
    size_t good = 0;
    while ((kind = commit_many(store, &number, 10)) == NULL)
        good += 10;
    assert_ptr_equal(kind, &store_full);
    assert_true(good > 0);
    assert_int_equal(count_messages(store), good); /* one can still read */
    number = good;
    assert_ptr_equal(commit_many(store, &number, 200), &store_full);

    set_file_limit(RLIM_INFINITY);
    number = good;
    assert_null(commit_many(store, &number, 10));
    assert_int_equal(count_messages(store), good + 10);
    *state = store = contract_reopen(store);
    assert_int_equal(count_messages(store), good + 10);
}

static void a_long_log_is_moved_into_the_file(void **state)
{
    struct store *store = *state;
    struct stat log;
    uint64_t number = 0;
    char log_path[112];
    snprintf(log_path, sizeof log_path, "%s-wal", path);
    commit_base(store);
    for (int i = 0; i < 40; i++)
        assert_null(commit_many(store, &number, 200));

    assert_int_equal(stat(log_path, &log), 0);
    assert_true(log.st_size < 24L * 1024 * 1024); /* of 32 MB that were written */
    assert_int_equal(count_messages(store), number);
}

/* The child commits messages one by one and says each number when it is in. */
static void commit_until_killed(int out)
{
    struct store *store = open_well();
    for (uint64_t number = count_messages(store);;) {
        if (commit_many(store, &number, 1) != NULL ||
            write(out, &number, sizeof number) != sizeof number)
            _exit(1);
    }
}

static uint64_t kill_while_it_commits(struct kit_random *random)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        commit_until_killed(ends[1]);
    }
    close(ends[1]);
    uint64_t said = 0, number;
    assert_int_equal(read(ends[0], &said, sizeof said), sizeof said);
    usleep((useconds_t)kit_random_below(random, 30000));
    kill(child, SIGKILL);
    while (read(ends[0], &number, sizeof number) == sizeof number)
        said = number;
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    return said;
}

static void what_was_said_to_be_in_survives_a_kill(void **state)
{
    struct kit_random random = { 77 };
    commit_base(*state);
    close_for_good(state);
    for (int round = 0; round < 15; round++) {
        uint64_t said = kill_while_it_commits(&random);
        struct store *store = open_well();
        uint64_t held = count_messages(store);
        assert_in_range(held, said, said + 1);
        assert_int_equal(store->operations->last_batch(store), 1 + held);
        store->operations->close(store);
    }
}

#define SQLITE_TEST(test) cmocka_unit_test_setup_teardown(test, contract_set_up, tear_down)
#undef CONTRACT_TEST
#define CONTRACT_TEST(test) SQLITE_TEST(test)

int main(void)
{
    (void)contract_tear_down;
    const struct CMUnitTest tests[] = {
        CONTRACT_TESTS,
        SQLITE_TEST(the_tables_prove_what_they_can),
        SQLITE_TEST(every_column_of_the_tables_is_used),
        SQLITE_TEST(the_files_are_for_their_owner_only),
        SQLITE_TEST(a_second_process_is_refused),
        SQLITE_TEST(the_same_process_is_refused_too),
        SQLITE_TEST(a_file_that_is_no_database_is_corrupt),
        SQLITE_TEST(a_damaged_table_is_corrupt),
        SQLITE_TEST(a_database_of_another_program_is_left_alone),
        SQLITE_TEST(the_log_of_another_program_is_left_alone),
        SQLITE_TEST(an_empty_file_in_place_of_a_store_is_no_new_one),
        SQLITE_TEST(a_store_that_is_removed_while_in_use_is_missed),
        SQLITE_TEST(an_older_copy_put_in_its_place_is_not_believed),
        SQLITE_TEST(what_is_refused_is_named),
        SQLITE_TEST(a_newer_schema_is_refused),
        SQLITE_TEST(a_folder_that_is_not_there_is_told),
        SQLITE_TEST(a_read_only_folder_is_told),
        SQLITE_TEST(a_read_only_file_is_told),
        SQLITE_TEST(an_operator_may_look_while_it_runs),
        SQLITE_TEST(another_owner_on_the_same_file_fences_us),
        SQLITE_TEST(a_full_disk_is_told_and_passes),
        SQLITE_TEST(a_long_log_is_moved_into_the_file),
        SQLITE_TEST(what_was_said_to_be_in_survives_a_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
