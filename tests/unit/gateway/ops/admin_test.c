#include "gateway/ops/admin.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kit/kit.h"

static char folder[64], path[96];
static uv_loop_t loop;
static struct admin *admin;
static struct writer story;

static void tell_command(void *owner, uint64_t id, const struct slice *words, size_t count,
                         struct slice who)
{
    (void)owner;
    for (size_t i = 0; i < count; i++)
        writer_format(&story, "[%.*s]", SLICE_ARG(words[i]));
    writer_format(&story, " from %.*s", SLICE_ARG(who));
    if (!slice_is(words[0], "silence"))
        admin_answer(admin, id, 1, SLICE("no such instruction\n"));
    else
        admin_close(admin);
}

static const struct admin_events events = { tell_command };

static int open_admin(void **state)
{
    struct error error;

    (void)state;
    uv_loop_init(&loop);
    writer_init(&story, 0);
    strcpy(folder, "/tmp/penstock-admin-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/socket", folder);
    admin = admin_open(&loop, path, &events, NULL, &error);
    return admin == NULL ? -1 : 0;
}

static int close_loop(void **state)
{
    (void)state;
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    writer_fini(&story);
    return rmdir(folder);
}

/* The asking end blocks, so it has a thread of its own. */
struct question {
    const struct slice *words;
    size_t count;
    bool answered, over;
    int status;
    struct writer answer;
    struct error error;
};

static void ask(void *argument)
{
    struct question *question = argument;

    question->answered = admin_ask(path, question->words, question->count, &question->status,
                                   &question->answer, &question->error);
    __atomic_store_n(&question->over, true, __ATOMIC_SEQ_CST);
}

static void ask_and_serve(struct question *question)
{
    uv_thread_t thread;

    writer_init(&question->answer, 0);
    assert_int_equal(uv_thread_create(&thread, ask, question), 0);
    while (!__atomic_load_n(&question->over, __ATOMIC_SEQ_CST)) {
        uv_run(&loop, UV_RUN_NOWAIT);
        usleep(500);
    }
    uv_thread_join(&thread);
}

static void a_command_comes_with_the_name_of_who_asks(void **state)
{
    const struct slice words[] = { SLICE("approve"), SLICE("PSTK-1"), SLICE("--evidence"),
                                   SLICE("a call") };
    struct question question = { .words = words, .count = 4 };
    struct writer expected;

    (void)state;
    ask_and_serve(&question);
    assert_true(question.answered);
    assert_int_equal(question.status, 1);
    assert_slice_equal(writer_slice(&question.answer), "no such instruction\n");
    writer_init(&expected, 0);
    writer_format(&expected, "[approve][PSTK-1][--evidence][a call] from %s",
                  getpwuid(getuid())->pw_name);
    assert_slice_equal(writer_slice(&story), writer_slice(&expected).at);
    writer_fini(&expected);
    writer_fini(&question.answer);
    admin_close(admin);
}

static void a_large_word_comes_whole(void **state)
{
    char *file = malloc(1000000);
    struct slice words[] = { SLICE("links"), { file, 1000000 } };
    struct question question = { .words = words, .count = 2 };

    (void)state;
    memset(file, 'x', 1000000);
    ask_and_serve(&question);
    assert_true(question.answered);
    assert_true(story.used > 1000000);
    writer_fini(&question.answer);
    free(file);
    admin_close(admin);
}

static void a_gateway_that_ends_is_told_from_an_answer(void **state)
{
    const struct slice words[] = { SLICE("silence") };
    struct question question = { .words = words, .count = 1 };

    (void)state;
    ask_and_serve(&question);
    assert_false(question.answered);
    assert_ptr_equal(question.error.kind, &admin_cut_short);
    writer_fini(&question.answer);
}

static void no_gateway_is_told_as_such(void **state)
{
    const struct slice words[] = { SLICE("sessions") };
    struct question question = { .words = words, .count = 1 };

    (void)state;
    admin_close(admin);
    ask_and_serve(&question);
    assert_false(question.answered);
    assert_ptr_equal(question.error.kind, &admin_unreachable);
    writer_fini(&question.answer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_admin, close_loop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_command_comes_with_the_name_of_who_asks),
        TEST(a_large_word_comes_whole),
        TEST(a_gateway_that_ends_is_told_from_an_answer),
        TEST(no_gateway_is_told_as_such),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
