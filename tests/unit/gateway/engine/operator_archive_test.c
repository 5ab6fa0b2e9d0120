/* Old days leave while business goes on. */
#include "kit/engine_harness.h"

#include <stdio.h>

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

static size_t live(enum row_kind kind)
{
    return store_memory_count(harness.store, kind);
}

static struct slice settled(const char *id)
{
    harness_say(&harness, 1, harness_withdrawal(id, "250.00"));
    struct slice order = harness_sent(&harness)->name;
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    assert_string_equal(harness_state(&harness, id), "settled");
    return order;
}

/* The broker hangs up, and comes back when they are over. */
static void days_pass(unsigned days)
{
    harness_hang_up(&harness, 1);
    harness.now.utc_ns += SECONDS_NS(86400) * days;
    harness.now.steady_ns += SECONDS_NS(86400) * days;
    harness_pass(&harness, 1);
}

/* Each is refused at once. */
static void many_that_are_refused(unsigned count)
{
    char id[24];
    for (unsigned i = 0; i < count; i++) {
        snprintf(id, sizeof id, "R-%u", i);
        harness_say(&harness, 1, harness_withdrawal(id, "0"));
    }
    assert_int_equal(live(ROW_INSTRUCTION), count);
}

static void archive_old_days(const char *command)
{
    harness_command(&harness, "paul", command);
    harness_pass(&harness, 1);
}

static void what_has_ended_before_the_window_leaves(void **state)
{
    (void)state;
    settled("W-1");
    days_pass(31);
    archive_old_days("store archive --to old.db");
    assert_int_equal(harness.status, 0);
    assert_true(harness_replied(&harness, "1 instructions, "));
    assert_true(harness_replied(&harness, " 1 documents of banks moved to old.db"));
    assert_int_equal(live(ROW_INSTRUCTION), 0);
    assert_int_equal(live(ROW_EVENT), 0);
    assert_int_equal(live(ROW_DOCUMENT), 0);
    assert_int_equal(live(ROW_INBOX), 0);
    assert_int_equal(store_memory_archived_count(harness.store, ROW_INSTRUCTION), 1);
    assert_int_equal(harness_free(&harness, "C-1"), 75000);
    assert_true(harness_logged(&harness, "operator who=paul command=store"));
}

static void what_is_younger_stays(void **state)
{
    (void)state;
    settled("W-1");
    days_pass(29);
    archive_old_days("store archive");
    assert_true(harness_replied(&harness, "0 instructions, 0 messages and 0 documents"));
    assert_int_equal(live(ROW_INSTRUCTION), 1);
    harness_command(&harness, "paul", "store archive --before 2999-01-01");
    assert_int_equal(harness.status, 1);
    assert_true(harness_replied(&harness, "within store-window"));
}

static void what_is_in_doubt_stays(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    days_pass(60);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    archive_old_days("store archive");
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
}

static void an_id_of_old_days_counts_as_new(void **state)
{
    (void)state;
    settled("W-1");
    days_pass(31);
    archive_old_days("store archive");
    harness_logon(&harness, 2, "BRKALPHA", 3);
    harness_say(&harness, 2, harness_withdrawal("W-1", "250.00"));
    assert_int_equal(harness_instruction(&harness, "W-1")->number, 3);
}

static void archived_messages_are_filled_as_a_gap(void **state)
{
    (void)state;
    settled("W-1");
    days_pass(31);
    archive_old_days("store archive");
    harness_logon(&harness, 2, "BRKALPHA", 3);
    harness_expect(&harness, 2, "35=A");
    harness_say(&harness, 2, "35=2|7=1|16=0|");
    harness_expect(&harness, 2, "35=4|34=1|43=Y|123=Y");
    harness_expect_silence(&harness, 2);
}

static void a_late_word_of_the_bank_is_one_about_nothing_known(void **state)
{
    (void)state;
    struct slice order = settled("W-1");
    harness_filed(&harness);
    days_pass(31);
    archive_old_days("store archive");
    harness_status(&harness, "north", "B-2", order, "RJCT", "AC04");
    assert_true(strstr(harness_filed(&harness)->text.at, "unknown instruction") != NULL);
    assert_true(harness_logged(&harness, "contradiction"));
    assert_int_equal(harness_free(&harness, "C-1"), 75000);
}

/* Set right again, the broker asks once more: that is not a new one. */
static void a_clock_that_is_set_forward_makes_nothing_old(void **state)
{
    (void)state;
    settled("W-1");
    harness.now.utc_ns += SECONDS_NS(86400) * 31;
    archive_old_days("store archive");
    assert_true(harness_replied(&harness, "0 instructions, 0 messages and 0 documents"));
    harness.now.utc_ns -= SECONDS_NS(86400) * 31;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    assert_int_equal(harness_instruction(&harness, "W-1")->number, 1);
    assert_int_equal(harness_free(&harness, "C-1"), 75000);
}

/* Somebody asks for it before it leaves: then it stays, and what is said of it is
   recorded with it. */
static void what_somebody_works_on_is_spared(void **state)
{
    (void)state;
    struct slice order = settled("W-1");
    days_pass(31);
    harness.hold_answers = true;
    harness_status(&harness, "north", "B-2", order, "RJCT", "AC04");
    archive_old_days("store archive");
    assert_true(harness_replied(&harness, "0 instructions"));
    harness.hold_answers = false;
    harness_answer(&harness);
    assert_int_equal(live(ROW_INSTRUCTION), 1);
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-1"));
    days_pass(31);
    archive_old_days("store archive");
    assert_true(harness_replied(&harness, "1 instructions"));
}

/* The same while the change waits for the commit before it. */
static void what_is_about_to_be_written_is_spared(void **state)
{
    (void)state;
    struct slice order = settled("W-1");
    days_pass(31);
    harness.hold_commits = true;
    harness_status(&harness, "north", "B-2", order, "RJCT", "AC04");
    harness_status(&harness, "north", "B-3", order, "RJCT", "AC04");
    harness_command(&harness, "paul", "store archive");
    harness.hold_commits = false;
    while (harness.held != NULL)
        harness_commit(&harness);
    harness_pass(&harness, 1);
    assert_int_equal(live(ROW_INSTRUCTION), 1);
    assert_true(harness_replied(&harness, "0 instructions"));
}

/* A refusal that the bank wants once more belongs to no instruction. */
static void a_refusal_that_is_asked_for_again_is_spared(void **state)
{
    (void)state;
    struct slice order = settled("W-1");
    harness_status(&harness, "north", "B-2", order, "TOOLONGCODE", NULL);
    struct slice refusal = harness_sent(&harness)->name;
    days_pass(31);
    harness.hold_answers = true;
    harness_status(&harness, "north", "B-2", order, "TOOLONGCODE", NULL);
    harness_answer(&harness); /* seen before; now the refusal is asked for */
    assert_int_equal(harness.reads[0].kind, QUERY_DOCUMENT);
    archive_old_days("store archive");
    assert_int_equal(live(ROW_DOCUMENT), 1);
    harness.hold_answers = false;
    harness_answer(&harness);
    assert_true(slice_equal(harness_sent(&harness)->name, refusal));
    days_pass(31);
    archive_old_days("store archive");
    assert_int_equal(live(ROW_DOCUMENT), 0);
}

static void many_leave_a_few_at_a_time_and_one_wish_at_a_time(void **state)
{
    (void)state;
    many_that_are_refused(120);
    days_pass(31);
    harness_command(&harness, "paul", "store archive");
    assert_int_equal(live(ROW_INSTRUCTION), 70);
    harness_command(&harness, "anna", "store archive");
    assert_int_equal(harness.status, 1);
    assert_true(harness_replied(&harness, "already"));
    harness_pass(&harness, 1);
    assert_int_equal(harness.status, 0);
    assert_true(harness_replied(&harness, "120 instructions, "));
    assert_int_equal(live(ROW_INSTRUCTION), 0);
    harness_command(&harness, "anna", "store archive");
    assert_int_equal(harness.status, 0);
}

static void a_store_that_fails_meanwhile_ends_it_and_it_begins_again(void **state)
{
    (void)state;
    many_that_are_refused(120);
    days_pass(31);
    harness_command(&harness, "paul", "store archive");
    store_memory_fail(harness.store, STORE_MEMORY_FAILS_BEFORE, 1, &store_full);
    harness_logon(&harness, 2, "BRKALPHA", 122);
    harness_say(&harness, 2, harness_withdrawal("W-1", "0"));
    assert_int_equal(harness.status, 3);
    harness_pass(&harness, 3);
    archive_old_days("store archive");
    assert_int_equal(harness.status, 0);
    assert_true(harness_replied(&harness, "70 instructions, "));
}

#define archive_test(test) cmocka_unit_test_setup_teardown(test, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        archive_test(what_has_ended_before_the_window_leaves),
        archive_test(what_is_younger_stays),
        archive_test(what_is_in_doubt_stays),
        archive_test(an_id_of_old_days_counts_as_new),
        archive_test(archived_messages_are_filled_as_a_gap),
        archive_test(a_late_word_of_the_bank_is_one_about_nothing_known),
        archive_test(a_clock_that_is_set_forward_makes_nothing_old),
        archive_test(what_somebody_works_on_is_spared),
        archive_test(what_is_about_to_be_written_is_spared),
        archive_test(a_refusal_that_is_asked_for_again_is_spared),
        archive_test(many_leave_a_few_at_a_time_and_one_wish_at_a_time),
        archive_test(a_store_that_fails_meanwhile_ends_it_and_it_begins_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
