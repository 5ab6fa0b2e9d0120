#include "gateway/channel/lane.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/ops/folder.h"
#include "kit/kit.h"

static char root[64];
static uv_loop_t loop;
static struct lane lane;
static struct writer story; /* what each group did */
static unsigned more;       /* tasks that finished() asks for */

/* On the worker: what it writes into a task is seen on the loop. */
static void work(struct lane *at)
{
    for (struct task *task = at->group.first; task != NULL; task = task->next) {
        writer_text(&task->bytes, "!");
        task->done = true;
    }
}

static void finished(struct lane *at)
{
    assert_true(at->working);
    for (const struct task *task = at->group.first; task != NULL; task = task->next) {
        assert_true(task->done);
        writer_format(&story, "%s%.*s ", task->name, SLICE_ARG(writer_slice(&task->bytes)));
    }
    writer_text(&story, "| ");
    for (; more > 0; more--) {
        lane_add(at, SLICE("more"));
        lane_start(at);
    }
}

static int open_lane(void **state)
{
    struct error error;

    (void)state;
    strcpy(root, "/tmp/penstock-lane-XXXXXX");
    uv_loop_init(&loop);
    writer_init(&story, 0);
    more = 0;
    lane = (struct lane){
        .group_max = 3, .work = work, .finished = finished, .next = lane_start, .owner = NULL
    };
    return mkdtemp(root) != NULL && lane_open(&lane, &loop, root, SPOOL_OUT, &error) ? 0 : -1;
}

static int close_lane(void **state)
{
    char command[128];

    (void)state;
    lane_close(&lane);
    uv_loop_close(&loop);
    writer_fini(&story);
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

static void add(const char *name)
{
    writer_text(&lane_add(&lane, slice_of(name))->bytes, "-");
}

static void expect(const char *text)
{
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_slice_equal(writer_slice(&story), text);
}

static void nothing_to_do_begins_nothing(void **state)
{
    (void)state;
    lane_start(&lane);
    assert_false(lane.working);
    writer_text(&story, "");
    expect("");
}

static void one_task_is_a_group_at_once(void **state)
{
    (void)state;
    add("a");
    lane_start(&lane);
    assert_true(lane.working);
    expect("a-! | ");
    assert_false(lane.working);
}

static void what_comes_while_a_group_is_done_makes_the_next_one(void **state)
{
    (void)state;
    add("a");
    lane_start(&lane);
    add("b");
    lane_start(&lane);
    add("c");
    lane_start(&lane);
    expect("a-! | b-! c-! | ");
}

static void a_group_is_never_larger_than_its_limit(void **state)
{
    (void)state;
    for (const char *const *name = (const char *const[]){ "a", "b", "c", "d", "e", "f", "g", NULL };
         *name != NULL; name++)
        add(*name);
    lane_start(&lane);
    expect("a-! b-! c-! | d-! e-! f-! | g-! | ");
}

static void what_finished_asks_for_does_not_mix_with_its_group(void **state)
{
    (void)state;
    more = 2;
    add("a");
    lane_start(&lane);
    expect("a-! | more! more! | ");
}

static void an_empty_group_can_be_run(void **state)
{
    (void)state;
    lane_run(&lane);
    expect("| ");
}

static void what_still_waits_when_it_is_closed_is_freed(void **state)
{
    (void)state;
    add("a");
    add("b");
}

static void a_folder_that_cannot_be_made_is_an_error(void **state)
{
    struct lane other = { .work = NULL };
    struct error error;

    (void)state;
    assert_false(lane_open(&other, &loop, "/proc/none", SPOOL_OUT, &error));
    assert_ptr_equal(error.kind, &folder_fault);
    lane_close(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_lane, close_lane)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_to_do_begins_nothing),
        TEST(one_task_is_a_group_at_once),
        TEST(what_comes_while_a_group_is_done_makes_the_next_one),
        TEST(a_group_is_never_larger_than_its_limit),
        TEST(what_finished_asks_for_does_not_mix_with_its_group),
        TEST(an_empty_group_can_be_run),
        TEST(what_still_waits_when_it_is_closed_is_freed),
        TEST(a_folder_that_cannot_be_made_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
