/* When the store cannot write: nothing is believed that it does not hold, nobody
   is left without a word, and all goes on when it can. */
#include "kit/engine_harness.h"

#include <stdio.h>
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

static void break_store(enum store_memory_fault fault, unsigned commits)
{
    store_memory_fail(harness.store, fault, commits, &store_full);
}

static void nothing_of_a_failed_batch_has_happened(void **state)
{
    (void)state;
    break_store(STORE_MEMORY_FAILS_BEFORE, 1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=5|34=3|58=the store cannot write");
    assert_false(harness.links[1].open);
    assert_string_equal(harness_state(&harness, "W-1"), "none");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
    assert_int_equal(harness.sent.count, 0);
    assert_true(harness_logged(&harness, "store-fault"));
}

static void the_message_comes_again_and_is_taken_once(void **state)
{
    (void)state;
    break_store(STORE_MEMORY_FAILS_BEFORE, 1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_pass(&harness, 2);
    assert_true(harness_logged(&harness, "store-well"));
    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=A");
    harness_expect(&harness, 1, "35=2|7=1");
    harness_say_again(&harness, 1, 1, "35=4|123=Y|36=2|");
    harness_say_again(&harness, 1, 2, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ|2812=W-1");
    assert_int_equal(harness.sent.count, 1);
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
}

static void when_only_the_answer_was_lost_all_of_it_has_happened_once(void **state)
{
    (void)state;
    break_store(STORE_MEMORY_FAILS_AFTER, 1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=5|34=3");
    assert_string_equal(harness_state(&harness, "W-1"), "accepted");
    assert_int_equal(harness.sent.count, 0);
    harness_pass(&harness, 2);
    assert_int_equal(harness.sent.count, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");

    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=A");
    harness_say(&harness, 1, "35=2|7=2|16=2|");
    harness_expect(&harness, 1, "35=DZ|34=2|43=Y|2812=W-1");
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ|97=Y");
    assert_int_equal(harness.sent.count, 1);
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
}

static void logons_are_refused_with_new_numbers_while_it_lasts(void **state)
{
    (void)state;
    break_store(STORE_MEMORY_FAILS_BEFORE, 5);
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=5|34=3");
    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=5|34=4|58=the store cannot write");
    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=5|34=5|58=the store cannot write");
    harness_pass(&harness, 10);
    harness_logon(&harness, 1, "BRKALPHA", 3);
    const char *logon = harness_hear(&harness, 1);
    assert_string_equal(harness_field(logon, 35), "A");
    assert_true(atoi(harness_field(logon, 34)) > 5);
}

static void a_retry_that_fails_takes_no_numbers_away(void **state)
{
    (void)state;
    break_store(STORE_MEMORY_FAILS_BEFORE, 4);
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=5|34=3");
    for (uint64_t number = 4; number < 7; number++) {
        char text[64];
        snprintf(text, sizeof text, "35=5|34=%u|58=the store cannot write", (unsigned)number);
        harness_logon(&harness, 1, "BRKALPHA", 3);
        harness_expect(&harness, 1, text);
        assert_false(harness.links[1].open);
        harness_pass(&harness, 1);
    }
}

/* The store cannot even be read for a while. */
static void who_logs_on_before_the_state_is_there_gets_a_logout_too(void **state)
{
    (void)state;
    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_COMMIT_FAILED, .text = SLICE("gone") }, harness.now);
    engine_rebuild(harness.engine, harness.now);
    harness_run(&harness);
    harness_expect(&harness, 1, "35=5|34=2|58=the store cannot write");
    for (uint64_t number = 3; number < 6; number++) {
        char text[64];
        snprintf(text, sizeof text, "35=5|34=%u|58=the store cannot write", (unsigned)number);
        harness_logon(&harness, 1, "BRKALPHA", 2);
        harness_expect(&harness, 1, text);
        assert_false(harness.links[1].open);
        engine_rebuild(harness.engine, harness.now); /* and it can't be read again */
    }
    harness_connect(&harness, 2);
    harness_pass(&harness, 20); /* without a Logon it is closed in time */
    assert_false(harness.links[2].open);

    harness_load(&harness);
    harness_pass(&harness, 2);
    harness_logon(&harness, 1, "BRKALPHA", 2);
    const char *logon = harness_hear(&harness, 1);
    assert_string_equal(harness_field(logon, 35), "A");
    assert_true(atoi(harness_field(logon, 34)) > 5);
}

/* The number was free after a reset that has never happened. */
static void a_reset_that_failed_leaves_no_number_for_a_later_failure(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ|34=2");
    harness_hang_up(&harness, 1);
    break_store(STORE_MEMORY_FAILS_BEFORE, 1);
    harness.links[2].comp_id = "BRKALPHA";
    harness.links[2].next_out = 1;
    harness_connect(&harness, 2);
    harness_say(&harness, 2, "35=A|98=0|108=30|141=Y|");
    assert_false(harness.links[2].open);
    assert_string_equal(harness_hear(&harness, 2), "");

    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_COMMIT_FAILED, .text = SLICE("gone") }, harness.now);
    engine_rebuild(harness.engine, harness.now); /* and it can't be read */
    harness_logon(&harness, 3, "BRKALPHA", 3);
    assert_string_equal(harness_hear(&harness, 3), "");
    assert_false(harness.links[3].open);
}

static void an_operator_is_told(void **state)
{
    (void)state;
    break_store(STORE_MEMORY_FAILS_BEFORE, 2);
    harness_import(&harness, "links",
                   "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
                   "legal_person\n"
                   "C-8,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,1234,Late,EUR,false\n");
    assert_int_equal(harness.status, 3);
    harness_command(&harness, "olga", "approve PSTK-K7Q2MX-1 --evidence x");
    assert_int_equal(harness.status, 3);
    harness_command(&harness, "olga", "sessions");
    assert_int_equal(harness.status, 0);
    harness_pass(&harness, 5);
    harness_command(&harness, "olga", "instructions");
    assert_int_equal(harness.status, 0);
}

static void a_document_of_a_bank_waits_inside_and_is_taken_once(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    struct slice order = harness_sent(&harness)->name;

    break_store(STORE_MEMORY_FAILS_BEFORE, 3);
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    assert_int_equal(harness.filed.count, 0);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    harness_status(&harness, "north", "B-2", order, "ACSC", NULL);
    harness_pass(&harness, 5);
    assert_int_equal(harness.filed.count, 2);
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_int_equal(harness_reserved(&harness, "C-1"), 0);
}

static void a_document_whose_commit_lost_its_answer_is_filed_too(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    struct slice order = harness_sent(&harness)->name;

    break_store(STORE_MEMORY_FAILS_AFTER, 1);
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_pass(&harness, 2);
    assert_int_equal(harness.filed.count, 1);
    assert_null(harness.filed.at[0].text.at);
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

static void a_deadline_that_passes_meanwhile_is_kept_afterwards(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_pass(&harness, 25);
    break_store(STORE_MEMORY_FAILS_BEFORE, 10);
    harness_say(&harness, 1, harness_withdrawal("W-2", "250.00"));
    harness_pass(&harness, 8);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    harness_pass(&harness, 6);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
}

static void a_failed_reset_leaves_the_old_numbers(void **state)
{
    (void)state;
    harness_hang_up(&harness, 1);
    break_store(STORE_MEMORY_FAILS_BEFORE, 1);
    harness.links[1].next_out = 1;
    harness_connect(&harness, 1);
    harness_say(&harness, 1, "35=A|98=0|108=30|141=Y|");
    harness_expect_silence(&harness, 1);
    assert_false(harness.links[1].open);
    harness_pass(&harness, 2);
    harness_logon(&harness, 1, "BRKALPHA", 2);
    const char *logon = harness_hear(&harness, 1);
    assert_string_equal(harness_field(logon, 35), "A");
    assert_true(atoi(harness_field(logon, 34)) > 2);
}

static void a_question_that_could_not_be_read_is_asked_again(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA");
    harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    assert_int_equal(harness.read_count, 1);
    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_ANSWER,
                                 .ticket = harness.reads[0].ticket,
                                 .text = SLICE("the disk is gone") },
                harness.now);
    harness.read_count = 0;
    harness_pass(&harness, 2);
    assert_int_equal(harness.read_count, 1);
    harness_answer(&harness);
    harness_expect(&harness, 1, "35=EA|97=Y");
}

static void going_down_without_a_store_still_ends(void **state)
{
    (void)state;
    break_store(STORE_MEMORY_FAILS_BEFORE, 1000);
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    engine_take(harness.engine, &(struct input){ .kind = INPUT_DRAIN }, harness.now);
    harness_run(&harness);
    assert_true(harness.stopped);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_of_a_failed_batch_has_happened),
        TEST(the_message_comes_again_and_is_taken_once),
        TEST(when_only_the_answer_was_lost_all_of_it_has_happened_once),
        TEST(logons_are_refused_with_new_numbers_while_it_lasts),
        TEST(a_retry_that_fails_takes_no_numbers_away),
        TEST(who_logs_on_before_the_state_is_there_gets_a_logout_too),
        TEST(a_reset_that_failed_leaves_no_number_for_a_later_failure),
        TEST(an_operator_is_told),
        TEST(a_document_of_a_bank_waits_inside_and_is_taken_once),
        TEST(a_document_whose_commit_lost_its_answer_is_filed_too),
        TEST(a_deadline_that_passes_meanwhile_is_kept_afterwards),
        TEST(a_failed_reset_leaves_the_old_numbers),
        TEST(a_question_that_could_not_be_read_is_asked_again),
        TEST(going_down_without_a_store_still_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
