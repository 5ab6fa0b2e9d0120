#include "sqlite_kit.h"

#include "gateway/store/store_backup.h"
#include "gateway/store/store_verify.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char copy_path[128];

static int sample_set_up(void **state)
{
    if (sqlite_set_up(state) != 0)
        return -1;
    sqlite_put_sample();
    snprintf(copy_path, sizeof copy_path, "%s/copy.db", sqlite_folder);
    return 0;
}

#define sample_test(test) cmocka_unit_test_setup_teardown(test, sample_set_up, sqlite_tear_down)

static void say_broken(void *owner, const struct store_check *check)
{
    (void)owner;
    if (check->broken != 0)
        fail_msg("%s: %.*s", check->name, SLICE_ARG(check->shown));
}

static void assert_copy_holds(void)
{
    struct error error;
    size_t broken;
    if (!store_verify(copy_path, NULL, say_broken, NULL, &broken, &error))
        fail_msg("%s: %s", error.kind->text, error.detail);
}

/* Nothing but the store and its own files, and so many others. */
static void assert_files_beside_the_store(unsigned wanted)
{
    DIR *folder = opendir(sqlite_folder);
    unsigned count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.' && strncmp(entry->d_name, "penstock.db", 11) != 0;
    closedir(folder);
    assert_int_equal(count, wanted);
}

static void a_copy_is_whole_and_only_its_owners(void **state)
{
    struct error error;
    struct stat status;
    (void)state;
    assert_true(store_backup(sqlite_path, copy_path, &error));
    assert_copy_holds();
    assert_files_beside_the_store(1);
    assert_int_equal(stat(copy_path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void what_is_not_committed_is_not_in_the_copy(void **state)
{
    struct error error;
    sqlite3 *writer;
    (void)state;
    assert_int_equal(sqlite3_open(sqlite_path, &writer), SQLITE_OK);
    sqlite3_exec(writer, "BEGIN; DELETE FROM event", NULL, NULL, NULL);
    assert_true(store_backup(sqlite_path, copy_path, &error));
    sqlite3_close(writer);
    assert_copy_holds();
}

static void a_copy_opens_as_a_store(void **state)
{
    struct error error;
    (void)state;
    assert_true(store_backup(sqlite_path, copy_path, &error));
    struct store *store = store_sqlite_open(copy_path, SLICE("OTHERS"), &error);
    assert_non_null(store);
    assert_slice_equal(store->operations->identity(store), "K7Q2MX");
    assert_int_equal(store->operations->last_batch(store), 40);
    store->operations->close(store);
}

static void what_is_there_is_never_overwritten(void **state)
{
    struct error error;
    (void)state;
    FILE *file = fopen(copy_path, "w");
    fputs("mine", file);
    fclose(file);
    assert_false(store_backup(sqlite_path, copy_path, &error));
    assert_ptr_equal(error.kind, &store_there);
    assert_false(store_backup(sqlite_path, sqlite_path, &error));
    assert_ptr_equal(error.kind, &store_there);
    struct slice text = kit_read_file(copy_path);
    assert_slice_equal(text, "mine");
    kit_free_file(text);
    assert_files_beside_the_store(1);
}

static void what_a_killed_copy_left_is_in_nobodys_way(void **state)
{
    struct error error;
    char part[160];
    (void)state;
    snprintf(part, sizeof part, "%s.part", copy_path);
    FILE *file = fopen(part, "w");
    fputs("half of a copy", file);
    fclose(file);
    assert_true(store_backup(sqlite_path, copy_path, &error));
    assert_copy_holds();
    assert_files_beside_the_store(1);
}

static void a_full_disk_is_told_and_nothing_is_left(void **state)
{
    struct error error;
    struct rlimit before, limit;
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 65536;
    setrlimit(RLIMIT_FSIZE, &limit);
    bool made = store_backup(sqlite_path, copy_path, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(made);
    assert_ptr_equal(error.kind, &store_copy_failed);
    assert_string_equal(error.place.source, copy_path);
    assert_true(strstr(error.detail, "File too large") != NULL ||
                strstr(error.detail, "No space left") != NULL);
    assert_files_beside_the_store(0);
    assert_true(store_backup(sqlite_path, copy_path, &error));
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    struct error error;
    (void)state;
    snprintf(copy_path, sizeof copy_path, "%s/nowhere/copy.db", sqlite_folder);
    assert_false(store_backup(sqlite_path, copy_path, &error));
    assert_ptr_equal(error.kind, &store_copy_failed);
    assert_string_equal(error.detail, "No such file or directory");
}

static void what_is_no_store_is_not_copied(void **state)
{
    struct error error;
    (void)state;
    assert_false(store_backup("/nowhere/penstock.db", copy_path, &error));
    assert_ptr_equal(error.kind, &store_open_failed);
    assert_files_beside_the_store(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        sample_test(a_copy_is_whole_and_only_its_owners),
        sample_test(what_is_not_committed_is_not_in_the_copy),
        sample_test(a_copy_opens_as_a_store),
        sample_test(what_is_there_is_never_overwritten),
        sample_test(what_a_killed_copy_left_is_in_nobodys_way),
        sample_test(a_full_disk_is_told_and_nothing_is_left),
        sample_test(a_folder_that_is_not_there_is_told),
        sample_test(what_is_no_store_is_not_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
