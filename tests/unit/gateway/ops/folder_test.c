/* Folders are made, with those above them; what stands in the way is told.  That
   they are durable is proved where the power is cut (tests/system). */
#include "gateway/ops/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/kit.h"

static char root[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(root, "/tmp/penstock-folder-XXXXXX");
    return mkdtemp(root) == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

static const char *below(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", root, name);
    return path;
}

static mode_t mode_of(const char *path)
{
    struct stat found;

    assert_int_equal(stat(path, &found), 0);
    assert_true(S_ISDIR(found.st_mode));
    return found.st_mode & 0777;
}

static void all_that_is_missing_of_a_path_is_made(void **state)
{
    (void)state;
    struct error error;

    assert_true(folder_make_all(below("a/b/c"), 0700, &error));
    assert_int_equal(mode_of(below("a")), 0700);
    assert_int_equal(mode_of(below("a/b/c")), 0700);
}

static void a_file_gets_the_folders_above_it(void **state)
{
    (void)state;
    struct error error;

    assert_true(folder_make_of(below("a/b/file"), 0700, &error));
    assert_int_equal(mode_of(below("a/b")), 0700);
    assert_int_not_equal(access(below("a/b/file"), F_OK), 0);
    assert_true(folder_make_of("file", 0700, &error));
    assert_true(folder_make_of("/file", 0700, &error));
}

static void one_that_is_there_stays_as_it_is(void **state)
{
    (void)state;
    struct error error;

    assert_true(folder_make(below("a"), 0700, &error));
    assert_true(folder_make(below("a"), 0750, &error));
    assert_true(folder_make_all(below("a/b"), 0750, &error));
    assert_int_equal(mode_of(below("a")), 0700);
}

static void a_relative_path_starts_here(void **state)
{
    (void)state;
    struct error error;

    assert_int_equal(chdir(root), 0);
    assert_true(folder_make_all("x/y", 0700, &error));
    assert_int_equal(mode_of(below("x/y")), 0700);
    assert_int_equal(chdir("/"), 0);
}

static void only_the_last_one_is_made_when_only_that_is_asked_for(void **state)
{
    (void)state;
    struct error error;

    assert_false(folder_make(below("a/b"), 0700, &error));
    assert_ptr_equal(error.kind, &folder_fault);
    assert_non_null(strstr(error.detail, "mkdir"));
    assert_non_null(strstr(error.detail, "/a/b: No such file or directory"));
}

static void a_file_in_the_way_is_told(void **state)
{
    (void)state;
    struct error error;
    FILE *file = fopen(below("file"), "w");

    assert_non_null(file);
    fclose(file);
    assert_false(folder_make_all(below("file/a"), 0700, &error));
    assert_non_null(strstr(error.detail, "Not a directory"));
}

static void a_path_without_end_is_refused(void **state)
{
    (void)state;
    struct error error;
    char path[5000];

    memset(path, 'a', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    assert_false(folder_make_all(path, 0700, &error));
    assert_non_null(strstr(error.detail, "mkdir /aaa"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_that_is_missing_of_a_path_is_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_gets_the_folders_above_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_is_there_stays_as_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_relative_path_starts_here, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_the_last_one_is_made_when_only_that_is_asked_for,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_in_the_way_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_without_end_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
