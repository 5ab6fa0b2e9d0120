#include "gateway/parties/script.h"

#include "gateway/parties/runner.h"
#include "kit/kit.h"

static const struct script_verb verbs[] = {
    { "withdraw", 1, "!client amount" },
    { "expect", 2, "within" },
    { "wait", 0, "!for" },
    { NULL, 0, NULL },
};

static struct script script;
static struct error_list errors;

static bool read_script(const char *text)
{
    error_list_init(&errors, 20);
    return script_init(&script, guarded(slice_of(text)), "test", verbs, &errors);
}

static int forget(void **state)
{
    (void)state;
    script_fini(&script);
    error_list_fini(&errors);
    return 0;
}

static void a_line_is_a_verb_names_and_pairs(void **state)
{
    (void)state;
    assert_true(
        read_script("# first\n\n  withdraw W1 client=C-1 amount=\n\texpect W1 settled within=2s"));
    assert_int_equal(script.count, 2);
    assert_slice_equal(script.lines[0].names[0], "W1");
    assert_slice_equal(script_get(&script.lines[0], "client"), "C-1");
    assert_slice_equal(script_get(&script.lines[0], "amount"), "");
    assert_null(script_get(&script.lines[0], "within").at);
    assert_int_equal(script.lines[1].place.line, 4);
    assert_slice_equal(script.lines[1].names[1], "settled");
    assert_int_equal(script_get_ms(&script.lines[1], "within", 5), 2000);
    assert_int_equal(script_get_ms(&script.lines[0], "within", 5), 5);
}

static void a_quoted_value_keeps_its_blanks_and_quotes(void **state)
{
    (void)state;
    assert_true(read_script("withdraw W1 client=\"a \\\"b\\\" \\\\ c=d\" amount=1\n"));
    assert_slice_equal(script_get(&script.lines[0], "client"), "a \"b\" \\ c=d");
    assert_slice_equal(script_get(&script.lines[0], "amount"), "1");
}

static void every_fault_is_told_with_its_line(void **state)
{
    (void)state;
    assert_false(read_script("withdrow W1 client=x\n"
                             "withdraw client=x\n"
                             "withdraw W1\n"
                             "withdraw W1 client=x clent=y\n"
                             "withdraw W1 client=\"open\n"
                             "wait for=soon\n"
                             "expect a b c\n"));
    assert_int_equal(errors.count, 7);
    for (unsigned i = 0; i < 7; i++)
        assert_int_equal(errors.at[i].place.line, i + 1);
    assert_non_null(strstr(errors.at[0].detail, "did you mean withdraw?"));
}

static void any_bytes_are_read_or_refused(void **state)
{
    struct kit_random random = { 42 };
    char text[64];

    (void)state;
    for (int round = 0; round < 2000; round++) {
        size_t size = kit_random_below(&random, sizeof text);

        for (size_t i = 0; i < size; i++)
            text[i] = "withdraw W=\"\\ \n\t#\x80"[kit_random_below(&random, 19)];
        error_list_init(&errors, 20);
        script_init(&script, guarded((struct slice){ text, size }), "test", verbs, &errors);
        script_fini(&script);
        error_list_fini(&errors);
    }
    error_list_init(&errors, 1);
    script_init(&script, SLICE(""), "test", verbs, &errors);
}

/* ------------------------------------------------------------ running one */

static bool may_go_on;

static enum step step(void *owner, const struct script_line *line, uint64_t waited_ms)
{
    size_t *count = owner;

    ++*count;
    if (slice_is(line->verb, "wait"))
        return runner_wait(line, waited_ms);
    if (slice_is(line->verb, "expect"))
        return may_go_on ? STEP_DONE : STEP_WAIT;
    return STEP_FAILED;
}

static void lines_are_run_in_order_as_time_and_world_allow(void **state)
{
    size_t count = 0;
    struct runner runner = { .script = &script, .step = step, .owner = &count };

    (void)state;
    assert_true(read_script("wait for=100ms\nexpect a b\nwithdraw W1 client=x\n"));
    may_go_on = false;
    runner_go(&runner, 1000);
    assert_int_equal(runner.at, 0);
    runner_go(&runner, 1099);
    assert_int_equal(runner.at, 0);
    runner_go(&runner, 1100);
    assert_int_equal(runner.at, 1);
    assert_false(runner_done(&runner));
    may_go_on = true;
    runner_go(&runner, 1101);
    assert_true(runner_done(&runner));
    assert_int_equal(runner.failures, 1);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_a_verb_names_and_pairs),
        TEST(a_quoted_value_keeps_its_blanks_and_quotes),
        TEST(every_fault_is_told_with_its_line),
        TEST(any_bytes_are_read_or_refused),
        TEST(lines_are_run_in_order_as_time_and_world_allow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
