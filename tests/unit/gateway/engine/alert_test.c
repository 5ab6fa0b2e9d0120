/* What somebody has to look at is told once it is durable, and never lost. */
#include "kit/engine_harness.h"

static struct harness harness;

static int open(void **state)
{
    (void)state;
    harness_open_logged_on(&harness);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

/* For an order that nobody knows. */
static void contradict(void)
{
    harness_status(&harness, "north", "B-1", SLICE("PSTK-K7Q2MX-77-1"), "ACSC", NULL);
}

static void an_alert_is_told_when_it_is_durable_and_once(void **state)
{
    (void)state;
    harness.hold_commits = true;
    contradict();
    assert_false(harness_logged(&harness, "contradiction"));
    harness.hold_commits = false;
    harness_commit(&harness);
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-77-1 who=north code=ACSC "
                                         "why=a status for an instruction that is not known"));
    writer_reset(&harness.log);
    harness_restart(&harness);
    assert_false(harness_logged(&harness, "contradiction"));
}

/* The batch is in, and the process ends before a line is written. */
static void one_that_a_crash_took_is_told_after_the_start(void **state)
{
    (void)state;
    store_memory_fail(harness.store, STORE_MEMORY_FAILS_AFTER, 1, &store_full);
    contradict();
    writer_reset(&harness.log);
    harness_restart(&harness);
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-77-1 who=north "
                                         "why=a status for an instruction that is not known "
                                         "again=yes"));
    writer_reset(&harness.log);
    harness_restart(&harness);
    assert_false(harness_logged(&harness, "contradiction"));
}

static void so_is_one_about_an_order_that_has_ended(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ");
    struct slice order = harness_sent(&harness)->name;
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    store_memory_fail(harness.store, STORE_MEMORY_FAILS_AFTER, 1, &store_full);
    harness_status(&harness, "north", "B-2", order, "RJCT", NULL);
    writer_reset(&harness.log);
    harness_restart(&harness);
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-1 "));
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

static void of_a_batch_that_failed_there_is_none(void **state)
{
    (void)state;
    store_memory_fail(harness.store, STORE_MEMORY_FAILS_BEFORE, 1, &store_full);
    contradict();
    assert_int_equal(store_memory_count(harness.store, ROW_ALERT), 0);
    assert_false(harness_logged(&harness, "contradiction"));
    harness_pass(&harness, 2); /* the store is well, and the document is looked at again */
    assert_true(harness_logged(&harness, "contradiction"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)
    const struct CMUnitTest tests[] = {
        TEST(an_alert_is_told_when_it_is_durable_and_once),
        TEST(one_that_a_crash_took_is_told_after_the_start),
        TEST(so_is_one_about_an_order_that_has_ended),
        TEST(of_a_batch_that_failed_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
