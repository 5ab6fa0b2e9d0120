#include "gateway/channel/folder_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/kit.h"

static char root[64];
static uv_loop_t loop;
static struct folder_watch watch;
static struct writer story;
static unsigned told_count;

static void renamed_in(void *owner, struct slice name)
{
    assert_ptr_equal(owner, root);
    writer_format(&story, "%.*s ", SLICE_ARG(name));
}

static void changed(void *owner)
{
    assert_ptr_equal(owner, root);
    writer_text(&story, "changed ");
}

static void told(void *owner)
{
    assert_ptr_equal(owner, root);
    told_count++;
}

static const struct folder_watch_events events = { renamed_in, changed, told };

static const char *at(const char *name)
{
    static char paths[2][300];
    static unsigned next;
    char *path = paths[next++ % 2];

    snprintf(path, 300, "%s/%s", root, name);
    return path;
}

static void write_file(const char *name)
{
    FILE *file = fopen(at(name), "w");

    assert_non_null(file);
    fclose(file);
}

/* All that the system has to tell by now. */
static void expect(const char *text)
{
    writer_text(&story, "");
    uv_run(&loop, UV_RUN_NOWAIT);
    assert_slice_equal(writer_slice(&story), text);
    writer_reset(&story);
}

static int open_watch(void **state)
{
    (void)state;
    strcpy(root, "/tmp/penstock-watch-XXXXXX");
    if (mkdtemp(root) == NULL || mkdir(at("in"), 0770) != 0)
        return -1;
    uv_loop_init(&loop);
    writer_init(&story, 0);
    told_count = 0;
    if (!folder_watch_open(&watch, &loop, &events, root))
        return -1;
    folder_watch_path(&watch, at("in"));
    return 0;
}

static void closed(uv_handle_t *handle)
{
    assert_ptr_equal(handle->data, &watch);
}

static int close_watch(void **state)
{
    char command[128];

    (void)state;
    folder_watch_close(&watch, closed);
    uv_run(&loop, UV_RUN_DEFAULT);
    writer_fini(&story);
    snprintf(command, sizeof command, "rm -rf %s", root);
    return uv_loop_close(&loop) != 0 || system(command) != 0;
}

static void what_is_renamed_in_is_told_by_name_and_all_of_a_turn_together(void **state)
{
    (void)state;
    write_file("a");
    write_file("b");
    rename(at("a"), at("in/a.xml"));
    rename(at("b"), at("in/b.xml"));
    expect("a.xml b.xml ");
    assert_int_equal(told_count, 1);
    expect("");
    assert_int_equal(told_count, 1);
}

static void what_is_written_in_place_is_a_change(void **state)
{
    (void)state;
    write_file("in/a.xml");
    expect("changed ");
}

static void what_is_nobodys_business_is_not_told(void **state)
{
    (void)state;
    write_file("in/.a.xml.tmp");
    write_file("in/b.tmp");
    expect("");
    rename(at("in/.a.xml.tmp"), at("in/a.xml"));
    rename(at("in/b.tmp"), at("in/.b"));
    expect("a.xml ");
}

static void another_folder_of_the_same_name_can_be_watched(void **state)
{
    (void)state;
    rename(at("in"), at("old"));
    assert_int_equal(mkdir(at("in"), 0770), 0);
    write_file("a");
    rename(at("a"), at("in/a.xml"));
    expect("");
    folder_watch_path(&watch, at("in"));
    write_file("b");
    rename(at("b"), at("in/b.xml"));
    write_file("old/c.xml");
    expect("b.xml ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_watch, close_watch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_renamed_in_is_told_by_name_and_all_of_a_turn_together),
        TEST(what_is_written_in_place_is_a_change),
        TEST(what_is_nobodys_business_is_not_told),
        TEST(another_folder_of_the_same_name_can_be_watched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
