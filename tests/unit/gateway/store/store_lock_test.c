#include "kit/kit.h"

#include "gateway/store/store.h"
#include "gateway/store/store_lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], path[96];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/penstock-lock-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/penstock.db", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void a_lock_is_taken_once_and_names_its_owner(void **state)
{
    (void)state;
    int lock, other;
    struct error error;
    char owner[40];
    snprintf(owner, sizeof owner, "process %ld", (long)getpid());

    assert_true(store_lock_take(path, &lock, &error));
    assert_false(store_lock_take(path, &other, &error));
    assert_ptr_equal(error.kind, &store_locked);
    assert_string_equal(error.detail, owner);
    close(lock);
    assert_true(store_lock_take(path, &lock, &error));
    close(lock);
}

static void the_end_of_its_owner_gives_it_back(void **state)
{
    (void)state;
    int lock, status;
    struct error error;
    pid_t child = fork();
    if (child == 0)
        _exit(store_lock_take(path, &lock, &error) ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);

    assert_true(store_lock_take(path, &lock, &error));
    close(lock);
}

static void the_name_of_the_store_stays_behind(void **state)
{
    (void)state;
    int lock, other;
    struct error error;

    assert_true(store_lock_take(path, &lock, &error));
    assert_string_equal(store_lock_name(lock).text, "");
    store_lock_set_name(lock, SLICE("K7Q2MX"));
    assert_false(store_lock_take(path, &other, &error));
    assert_null(strstr(error.detail, "K7Q2MX"));
    close(lock);
    for (int i = 0; i < 2; i++) {
        assert_true(store_lock_take(path, &lock, &error));
        assert_string_equal(store_lock_name(lock).text, "K7Q2MX");
        close(lock);
    }
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    (void)state;
    int lock;
    struct error error;

    assert_false(store_lock_take("/nonexistent/penstock.db", &lock, &error));
    assert_ptr_equal(error.kind, &store_open_failed);
    assert_non_null(strstr(error.detail, "No such file"));
}

#define lock_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        lock_test(a_lock_is_taken_once_and_names_its_owner),
        lock_test(the_end_of_its_owner_gives_it_back),
        lock_test(the_name_of_the_store_stays_behind),
        lock_test(a_folder_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
