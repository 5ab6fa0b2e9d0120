/* The machine as a whole: reload, the same inputs giving the same effects, and
   an end at any moment. */
#include "kit/engine_harness.h"

#include <stdlib.h>

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

static void reload_as(const char *name)
{
    struct config *config = harness_config(name);

    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_CONFIGURATION, .configuration = config },
                harness.now);
    harness_run(&harness);
}

static void reload(void)
{
    reload_as("engine-stricter.yaml");
}

static void new_rules_hold_at_once_for_a_session_that_lives_on(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "150.00"));
    harness_expect(&harness, 1, "35=DZ");
    reload();
    harness_say(&harness, 1, harness_withdrawal("W-2", "150.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|2813=2|1328=AM02 over the new limit");
    harness_say(&harness, 1, harness_withdrawal("W-3", "15.00"));
    harness_expect(&harness, 1, "35=DZ");
    assert_string_equal(harness_state(&harness, "W-3"), "sent");
    harness_say(&harness, 1, "35=D|11=O-1|55=X|54=1|60=20260302-09:00:00|38=1|40=1|");
    harness_expect(&harness, 1, "35=j|380=3");

    const struct instruction *first = harness_instruction(&harness, "W-1");
    const struct instruction *third = harness_instruction(&harness, "W-3");
    assert_false(digest_equal(&first->configuration, &third->configuration));
    assert_int_equal(store_memory_count(harness.store, ROW_CONFIGURATION), 2);
}

static void what_was_asked_under_the_old_one_is_answered_under_the_new_one(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "150.00"));
    harness_expect(&harness, 1, "35=DZ");
    struct slice order = harness_sent(&harness)->name;
    reload();
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2823=3");
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    harness_expect(&harness, 1, "35=EA|2804=0|2817=25.50");
}

static void a_message_that_waits_is_decided_under_the_new_one(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|2813=2");
    harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_say(&harness, 1, harness_withdrawal("W-2", "150.00"));
    reload();
    harness.hold_answers = false;
    harness_answer(&harness);
    harness_expect(&harness, 1, "35=EA|97=Y");
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|1328=AM02 over the new limit");
}

static void a_session_that_is_removed_is_logged_out(void **state)
{
    (void)state;
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    reload();
    harness_expect(&harness, 2, "35=5|58=the session has been removed");
    harness_say(&harness, 2, "35=5|");
    assert_false(harness.links[2].open);
    assert_true(harness_logged(&harness, "session-end session=beta"));
    harness_logon(&harness, 2, "BRKBETA", 3);
    harness_expect(&harness, 2, "35=5");
    assert_false(harness.links[2].open);
}

static void a_session_that_comes_back_goes_on_with_its_numbers(void **state)
{
    (void)state;
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A|34=1");
    harness_hang_up(&harness, 2);
    harness.config = "engine-stricter.yaml";
    harness_restart(&harness);
    reload_as("engine.yaml");
    harness_logon(&harness, 2, "BRKBETA", 2);
    const char *answer = harness_hear(&harness, 2);
    assert_string_equal(harness_field(answer, 35), "A");
    assert_true(atoi(harness_field(answer, 34)) > 1);
}

/* The stricter one names no channel of that session's bank any more. */
static void the_deadline_is_that_of_what_it_was_decided_under(void **state)
{
    (void)state;
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    reload();
    harness_expect(&harness, 2, "35=5");
    harness_say(&harness, 2,
                "35=DY|2812=W-9|2811=0|60=20260302-09:00:00|453=1|448=C-3|447=D|452=3|"
                "2824=CASH|2817=5.00|2818=EUR|2825=20260302|2826=20260303|2819=0|"
                "2816=ACC-9001|2821=P-9|");
    harness_pass(&harness, 29);
    assert_string_equal(harness_state(&harness, "W-9"), "sent");
    harness_pass(&harness, 2);
    assert_string_equal(harness_state(&harness, "W-9"), "in_doubt");
}

static void nothing_that_is_open_loses_its_session_or_channel(void **state)
{
    (void)state;
    struct config *config = harness_config("engine-stricter.yaml");
    struct error error;

    assert_true(engine_accepts(harness.engine, config, &error));
    harness_deposit(&harness, "south", "M-1",
                    &(struct bank_deposit){ .transaction_id = "T-1",
                                            .end_to_end_id = "E-1",
                                            .amount = "25.50",
                                            .currency = "EUR",
                                            .client = "C-3",
                                            .account = "ACC-9001",
                                            .payer_account = "883300471",
                                            .payer_bank = "PAYXDEFFXXX" });
    assert_string_equal(harness_state(&harness, "T-1"), "in_doubt");
    assert_false(engine_accepts(harness.engine, config, &error));
    assert_ptr_equal(error.kind, &configuration_lacks);
    assert_string_equal(error.detail, "session beta must stay until PSTK-K7Q2MX-2 has ended");
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-2 --as refused --evidence x");
    assert_true(engine_accepts(harness.engine, config, &error));
    config_free(config);
}

static void the_same_inputs_give_the_same_effects(void **state)
{
    (void)state;
    struct harness other;

    harness_open(&other);
    harness_logon(&other, 1, "BRKALPHA", 1);
    harness_expect(&other, 1, "35=A");
    struct harness *both[] = { &harness, &other };
    for (size_t i = 0; i < 2; i++) {
        harness_say(both[i], 1, harness_withdrawal("W-1", "150.00"));
        harness_say(both[i], 1, harness_withdrawal("W-2", "1500.00"));
        harness_deposit(both[i], "north", "M-1", &harness_deposit_c1);
        harness_pass(both[i], 40);
    }
    assert_true(
        slice_equal(writer_slice(&harness.links[1].heard), writer_slice(&other.links[1].heard)));
    assert_true(slice_equal(writer_slice(&harness.log), writer_slice(&other.log)));
    assert_int_equal(harness.sent.count, other.sent.count);
    for (size_t i = 0; i < other.sent.count; i++)
        assert_true(slice_equal(harness.sent.at[i].bytes, other.sent.at[i].bytes));
    harness_close(&other);
}

static void it_may_end_with_work_under_way(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness.hold_answers = harness.hold_commits = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    harness_status(&harness, "north", "B-1", SLICE("PSTK-K7Q2MX-1-1"), "ACSC", NULL);
    harness_command(&harness, "paul", "show W-1");
    harness_command(&harness, "paul", "approve PSTK-K7Q2MX-1 --evidence x");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(new_rules_hold_at_once_for_a_session_that_lives_on),
        TEST(what_was_asked_under_the_old_one_is_answered_under_the_new_one),
        TEST(a_message_that_waits_is_decided_under_the_new_one),
        TEST(a_session_that_is_removed_is_logged_out),
        TEST(a_session_that_comes_back_goes_on_with_its_numbers),
        TEST(the_deadline_is_that_of_what_it_was_decided_under),
        TEST(nothing_that_is_open_loses_its_session_or_channel),
        TEST(the_same_inputs_give_the_same_effects),
        TEST(it_may_end_with_work_under_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
