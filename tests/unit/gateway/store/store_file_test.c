#include "kit/kit.h"

#include "gateway/store/store_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[96];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/penstock-file-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void a_new_file_is_empty_and_its_owners(void **state)
{
    struct stat status;
    (void)state;
    store_file_make(path);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void a_file_that_is_there_stays_as_it_is(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    fputs("mine", file);
    fclose(file);
    store_file_make(path);
    struct slice text = kit_read_file(path);
    assert_slice_equal(text, "mine");
    kit_free_file(text);
}

static void a_folder_is_synced_or_errno_says_why_not(void **state)
{
    (void)state;
    assert_true(store_file_sync_folder(path));
    assert_true(store_file_sync_folder("here"));
    assert_false(store_file_sync_folder("/nowhere/at/all"));
    assert_int_equal(errno, ENOENT);
}

#define file_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        file_test(a_new_file_is_empty_and_its_owners),
        file_test(a_file_that_is_there_stays_as_it_is),
        file_test(a_folder_is_synced_or_errno_says_why_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
