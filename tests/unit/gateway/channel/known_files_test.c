#include "gateway/channel/known_files.h"

#include <stdio.h>
#include <stdlib.h>

#include "kit/kit.h"

static struct known_files files;

static int begin(void **state)
{
    (void)state;
    known_files_init(&files);
    return 0;
}

static int end(void **state)
{
    (void)state;
    known_files_fini(&files);
    return 0;
}

static struct file *add(const char *name)
{
    return known_files_add(&files, slice_of(name), SPOOL_ANY);
}

static struct file *find(const char *name)
{
    return known_files_find(&files, slice_of(name));
}

/* The names of those that are ready, in their order, as "a b ". */
static const char *ready(void)
{
    static char text[200];

    text[0] = '\0';
    for (const struct file *file = known_files_next_ready(&files); file != NULL;
         file = file->next_ready) {
        strcat(text, file->name);
        strcat(text, " ");
    }
    return text;
}

static void a_file_is_found_by_its_name_until_it_is_removed(void **state)
{
    (void)state;
    struct file *one = add("a.xml"), *other = add("b.xml");
    assert_ptr_equal(find("a.xml"), one);
    assert_ptr_equal(find("b.xml"), other);
    assert_null(find("a.xm"));
    assert_null(find(""));
    known_files_remove(&files, one);
    assert_null(find("a.xml"));
    assert_ptr_equal(find("b.xml"), other);
    assert_ptr_equal(files.first, other);
    assert_ptr_equal(files.last, other);
    known_files_remove(&files, other);
    assert_null(files.first);
    assert_null(files.last);
    struct file *again = add("a.xml");
    assert_ptr_equal(files.first, again);
    assert_ptr_equal(files.last, again);
}

static void those_that_are_ready_are_read_in_the_order_of_getting_ready(void **state)
{
    (void)state;
    struct file *a = add("a"), *b = add("b"), *c = add("c");
    known_files_set(&files, c, FILE_READY);
    known_files_set(&files, a, FILE_READY);
    known_files_set(&files, b, FILE_READY);
    assert_string_equal(ready(), "c a b ");
    known_files_set(&files, a, FILE_READING);
    assert_string_equal(ready(), "c b ");
    known_files_remove(&files, b);
    assert_string_equal(ready(), "c ");
    known_files_set(&files, a, FILE_READY);
    assert_string_equal(ready(), "c a ");
    known_files_set(&files, c, FILE_READING);
    known_files_set(&files, a, FILE_READING);
    assert_string_equal(ready(), "");
    known_files_set(&files, c, FILE_READY);
    assert_string_equal(ready(), "c ");
}

static void those_that_are_read_or_given_are_in_flight(void **state)
{
    static const struct {
        enum file_state state;
        size_t in_flight;
    } steps[] = {
        { FILE_READY, 0 }, { FILE_READING, 1 }, { FILE_GIVEN, 1 }, { FILE_FILING, 0 },
        { FILE_STUCK, 0 }, { FILE_FILING, 0 },  { FILE_GIVEN, 1 }, { FILE_WATCHED, 0 },
        { FILE_ODD, 0 },   { FILE_READING, 1 },
    };

    (void)state;
    struct file *file = add("a");
    file->stamp.size = 5;
    assert_int_equal(file->state, FILE_WATCHED);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        known_files_set(&files, file, steps[i].state);
        assert_int_equal(files.in_flight, steps[i].in_flight);
        assert_int_equal(files.size_given, steps[i].state == FILE_GIVEN ? 5 : 0);
    }
    known_files_remove(&files, file);
    assert_int_equal(files.in_flight, 0);
}

static void what_a_scan_does_not_see_is_forgotten_unless_somebody_has_it(void **state)
{
    static const struct {
        enum file_state state;
        bool stays;
    } cases[] = {
        { FILE_WATCHED, false }, { FILE_ODD, false },  { FILE_READY, false },
        { FILE_READING, true },  { FILE_GIVEN, true }, { FILE_FILING, true },
        { FILE_STUCK, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        known_files_set(&files, add("gone"), cases[i].state);
        known_files_set(&files, add("seen"), cases[i].state);
        known_files_begin_scan(&files);
        add("came meanwhile");
        find("seen")->scan = files.scan;
        known_files_forget(&files);
        assert_int_equal(find("gone") != NULL, cases[i].stays);
        assert_non_null(find("seen"));
        assert_non_null(find("came meanwhile"));
        known_files_fini(&files);
        known_files_init(&files);
    }
}

static void a_file_is_ready_when_it_has_settled(void **state)
{
    uint64_t next_ms = 1000;

    (void)state;
    add("late")->ready_ms = 900;
    add("soon")->ready_ms = 600;
    add("now")->ready_ms = 500;
    known_files_set(&files, add("odd"), FILE_ODD);
    known_files_settle(&files, 499, &next_ms);
    assert_string_equal(ready(), "");
    assert_int_equal(next_ms, 500);
    next_ms = 1000;
    known_files_settle(&files, 500, &next_ms);
    assert_string_equal(ready(), "now ");
    assert_int_equal(next_ms, 600);
    next_ms = 1000;
    known_files_settle(&files, 900, &next_ms);
    assert_string_equal(ready(), "now late soon ");
    assert_int_equal(next_ms, 1000);
}

static void many_files_are_each_found(void **state)
{
    char name[32];

    (void)state;
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "%u.xml", i);
        add(name);
    }
    for (unsigned i = 0; i < 5000; i += 2) {
        snprintf(name, sizeof name, "%u.xml", i);
        known_files_remove(&files, find(name));
    }
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "%u.xml", i);
        assert_int_equal(find(name) != NULL, i % 2);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_found_by_its_name_until_it_is_removed),
        TEST(those_that_are_ready_are_read_in_the_order_of_getting_ready),
        TEST(those_that_are_read_or_given_are_in_flight),
        TEST(what_a_scan_does_not_see_is_forgotten_unless_somebody_has_it),
        TEST(a_file_is_ready_when_it_has_settled),
        TEST(many_files_are_each_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
