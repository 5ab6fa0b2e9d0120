/* Sessions that are open at times.  alpha from 08:00 to 17:00 in Berlin, on working
   days with reset; beta by week without; to gamma, whose days have no gap, we
   connect.  It is Monday, 2026-03-02, 10:00 there. */
#include "kit/engine_harness.h"

#include <stdio.h>
#include <stdlib.h>

#define HOURS_S(count) ((count)*INT64_C(3600))

static struct harness harness;

static int open(void **state)
{
    (void)state;
    harness_open_with(&harness, "engine-schedule.yaml");
    harness_import(&harness, "links",
                   "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
                   "legal_person\n"
                   "C-1,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,Ann One,EUR,"
                   "false\n");
    harness_import(&harness, "balances",
                   "client,account,currency,amount\nC-1,ACC-7001,EUR,1000.00\n");
    assert_int_equal(harness.status, 0);
    writer_reset(&harness.log);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

static struct session_row kept(const char *name)
{
    const struct row like = { .kind = ROW_SESSION, .session = { .name = slice_of(name) } };
    const struct row *row = store_memory_find(harness.store, &like);
    assert_non_null(row);
    return row->session;
}

static void logged_on(unsigned link, const char *comp_id, uint64_t number)
{
    char expected[40];
    harness_logon(&harness, link, comp_id, 1);
    snprintf(expected, sizeof expected, "35=A|34=%llu", (unsigned long long)number);
    harness_expect(&harness, link, expected);
}

/* The broker answers a Logout. */
static void logged_out(unsigned link, const char *text)
{
    char expected[120];
    snprintf(expected, sizeof expected, "35=5|58=%s", text);
    harness_expect(&harness, link, expected);
    harness_say(&harness, link, "35=5|");
    assert_false(harness.links[link].open);
}

/* To a time on the wall, days later; nobody is connected meanwhile. */
static void pass_to(unsigned days, unsigned hour, unsigned minute)
{
    const int64_t start_s = 1772442000; /* 10:00 on the wall */
    int64_t end_s = start_s + (int64_t)days * HOURS_S(24) + ((int64_t)hour - 10) * HOURS_S(1) +
                    (int64_t)minute * 60;
    harness_pass(&harness, (unsigned)(end_s - harness.now.utc_ns / SECONDS_NS(1)));
}

/* As an administrator does: the steady clock goes on. */
static void set_clock(int hours)
{
    harness.now.utc_ns += SECONDS_NS(HOURS_S((int64_t)hours));
    harness_pass(&harness, 1);
}

static void the_end_of_the_period_logs_out_and_the_next_begins_at_1(void **state)
{
    (void)state;
    pass_to(0, 16, 59);
    logged_on(1, "BRKALPHA", 1);
    harness_pass(&harness, 59);
    harness_expect_silence(&harness, 1);
    harness_pass(&harness, 1);
    logged_out(1, "the period of the session has ended");
    assert_true(harness_logged(&harness, "session-period session=alpha period=ends "
                                         "until=2026-03-03T07:00:00.000Z"));
    assert_int_equal(kept("alpha").generation, 1);
    assert_true(kept("alpha").next_in > 1);
    pass_to(1, 8, 0);
    assert_true(harness_logged(&harness, "session-period session=alpha period=begins "
                                         "until=2026-03-03T16:00:00.000Z"));
    assert_int_equal(kept("alpha").generation, 2);
    assert_int_equal(kept("alpha").next_in, 1);
    logged_on(1, "BRKALPHA", 1);
}

static void the_new_numbers_are_durable_before_anything_leaves(void **state)
{
    (void)state;
    pass_to(1, 7, 59);
    harness.hold_commits = true;
    harness_pass(&harness, 61);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect_silence(&harness, 1);
    harness_commit(&harness);
    while (harness.held != NULL)
        harness_commit(&harness);
    harness_expect(&harness, 1, "35=A|34=1");
    assert_int_equal(kept("alpha").generation, 2);
}

static void a_crash_before_that_begins_the_period_again(void **state)
{
    (void)state;
    pass_to(1, 7, 59);
    harness.hold_commits = true;
    harness_pass(&harness, 61);
    harness_restart(&harness);
    assert_int_equal(kept("alpha").generation, 2);
    harness_restart(&harness);
    assert_int_equal(kept("alpha").generation, 2);
}

static void a_logon_outside_the_schedule_is_refused(void **state)
{
    (void)state;
    pass_to(0, 18, 0);
    uint64_t next_in = kept("alpha").next_in;
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1,
                   "35=5|34=1|58=the session is closed until 2026-03-03T07:00:00.000Z");
    assert_false(harness.links[1].open);
    assert_true(harness_logged(&harness, "session-fault session=alpha peer=127.0.0.1 "
                                         "why=Logon outside the schedule of the session"));
    assert_int_equal(kept("alpha").next_in, next_in);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=5|34=2"); /* no number stands for two things */
    pass_to(1, 8, 0);
    logged_on(1, "BRKALPHA", 1);
}

static void who_does_not_answer_the_logout_is_cut_off_and_the_next_period_begins(void **state)
{
    (void)state;
    harness_dialled(&harness, 3, "gamma");
    harness_expect(&harness, 3, "35=A|34=1");
    harness.links[3].comp_id = "BRKGAMMA";
    harness.links[3].next_out = 1;
    harness_say(&harness, 3, "35=A|98=0|108=20|");
    for (unsigned i = 0; i < HOURS_S(24) / 20 - 1; i++) {
        harness_pass(&harness, 20);
        harness_say(&harness, 3, "35=0|");
    }
    assert_int_equal(kept("gamma").generation, 1);
    harness_pass(&harness, 20);
    harness_expect(&harness, 3, "35=5|58=the period of the session has ended");
    assert_int_equal(kept("gamma").generation, 1);
    harness_pass(&harness, 11);
    assert_false(harness.links[3].open);
    assert_int_equal(kept("gamma").generation, 2);
}

static void holidays_have_no_period_and_days_that_make_up_have_one(void **state)
{
    static const struct {
        unsigned day;
        bool open;
    } days[] = { { 2, true }, { 3, false }, { 4, false }, { 5, true }, { 6, false }, { 7, true } };
    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        pass_to(days[i].day, 12, 0);
        harness_logon(&harness, 1, "BRKALPHA", 1);
        harness_expect(&harness, 1, days[i].open ? "35=A" : "35=5");
        harness_hang_up(&harness, 1);
    }
    assert_int_equal(kept("alpha").generation, 5);
}

static void a_week_without_reset_goes_on_with_its_numbers(void **state)
{
    (void)state;
    logged_on(2, "BRKBETA", 1);
    harness_say(&harness, 2, "35=5|");
    pass_to(4, 20, 59);
    harness_logon(&harness, 2, "BRKBETA", 3);
    harness_expect(&harness, 2, "35=A|34=3");
    harness_pass(&harness, 60);
    logged_out(2, "the period of the session has ended");
    pass_to(6, 21, 59);
    harness_logon(&harness, 2, "BRKBETA", 5);
    harness_expect(&harness, 2, "35=5|58=the session is closed until 2026-03-08T21:00:00.000Z");
    pass_to(6, 22, 0);
    harness_logon(&harness, 2, "BRKBETA", 5);
    harness_expect(&harness, 2, "35=A|34=8");
    assert_int_equal(kept("beta").generation, 1);
}

/* --- what waits --- */

static struct slice asked(void)
{
    harness_say(&harness, 1, harness_withdrawal("W-1", "150.00"));
    harness_expect(&harness, 1, "35=DZ|2812=W-1");
    return harness_sent(&harness)->name;
}

/* The broker shows that it has what it was sent: it answers the TestRequest behind. */
static void shown(void)
{
    harness_pass(&harness, 10);
    harness_answer_test(&harness, 1);
}

/* The bank answers when nobody may be told. */
static void answered_at_night(const char *status)
{
    harness_say(&harness, 1, "35=5|");
    harness_expect(&harness, 1, "35=5");
    pass_to(0, 20, 0);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt"); /* deadlines go on */
    harness_status(&harness, "north", "B-1", SLICE("PSTK-K7Q2MX-1-1"), status, NULL);
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

static void asked_again(uint64_t from)
{
    char fields[40];
    snprintf(fields, sizeof fields, "35=2|7=%llu|16=0|", (unsigned long long)from);
    harness_say(&harness, 1, fields);
}

static void what_is_offered_outside_the_schedule_leaves_in_the_next_period(void **state)
{
    (void)state;
    logged_on(1, "BRKALPHA", 1);
    asked();
    shown();
    answered_at_night("ACSC");
    harness_restart(&harness); /* it is durable */
    pass_to(1, 8, 0);
    harness_restart(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    const char *logon = harness_hear(&harness, 1);
    assert_string_equal(harness_field(logon, 35), "A");
    assert_int_not_equal(atoi(harness_field(logon, 34)), 1); /* numbers before it have waited */
    asked_again(1);
    harness_expect(&harness, 1, "35=EA|34=1|43=Y|2812=W-1|2823=2");
    harness_expect(&harness, 1, "35=EA|43=Y|2812=W-1|2823=3");
    harness_expect(&harness, 1, "35=4|123=Y");
    harness_expect_silence(&harness, 1);
    assert_int_equal(kept("alpha").untold_first, 1);
    shown();
    assert_int_equal(kept("alpha").untold_first, 0);
}

static void an_announcement_at_night_waits_and_its_doubt_does_not(void **state)
{
    (void)state;
    pass_to(0, 20, 0);
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    assert_string_equal(harness_state(&harness, harness_deposit_c1.transaction_id), "in_doubt");
    struct slice answer = harness_sent(&harness)->bytes;
    assert_non_null(memmem(answer.at, answer.size, "PDNG", 4));
    pass_to(1, 8, 0);
    logged_on(1, "BRKALPHA", 2);
    asked_again(1);
    harness_expect(&harness, 1, "35=EA|34=1|43=Y|2804=0|2817=25.50");
}

static void what_was_told_is_not_carried_into_the_next_period(void **state)
{
    (void)state;
    logged_on(1, "BRKALPHA", 1);
    struct slice order = asked();
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2823=3");
    shown();
    harness_say(&harness, 1, "35=5|");
    pass_to(1, 8, 0);
    logged_on(1, "BRKALPHA", 1);
    asked_again(1);
    harness_expect(&harness, 1, "35=4|123=Y|34=1|36=2");
    harness_expect_silence(&harness, 1);
}

/* It was written, and the connection was lost: the broker may have it or not. */
static void what_was_told_and_not_shown_comes_again_in_the_next_period(void **state)
{
    (void)state;
    logged_on(1, "BRKALPHA", 1);
    struct slice order = asked();
    shown();
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2823=3");
    harness_hang_up(&harness, 1);
    pass_to(1, 8, 0);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=A|34=2");
    asked_again(1);
    harness_expect(&harness, 1, "35=EA|34=1|43=Y|2823=3");
    harness_expect(&harness, 1, "35=4|34=2|36=3|123=Y");
    shown();
    assert_int_equal(kept("alpha").untold_first, 0);
}

static void what_a_broker_has_missed_outlives_periods_until_it_comes(void **state)
{
    (void)state;
    logged_on(1, "BRKALPHA", 1);
    asked();
    shown();
    answered_at_night("ACSC");
    pass_to(7, 12, 0);
    assert_int_equal(kept("alpha").generation, 5);
    logged_on(1, "BRKALPHA", 3);
    asked_again(1);
    harness_expect(&harness, 1, "35=EA|34=1|2823=2");
    harness_expect(&harness, 1, "35=EA|34=2|2823=3");
}

static void a_broker_that_resets_at_its_logon_gets_it_too(void **state)
{
    (void)state;
    logged_on(1, "BRKALPHA", 1);
    asked();
    shown();
    answered_at_night("ACSC");
    pass_to(1, 8, 0);
    harness_connect(&harness, 1);
    harness.links[1].next_out = 1;
    harness_say(&harness, 1, "35=A|98=0|108=30|141=Y|");
    harness_expect(&harness, 1, "35=A|34=1|141=Y");
    asked_again(2);
    harness_expect(&harness, 1, "35=EA|34=2|43=Y|2823=2");
    harness_expect(&harness, 1, "35=EA|34=3|43=Y|2823=3");
    shown();
    assert_int_equal(kept("alpha").untold_first, 0);
}

/* --- clocks --- */

static void a_clock_that_is_set_back_over_the_start_begins_nothing_again(void **state)
{
    (void)state;
    pass_to(1, 8, 30);
    assert_int_equal(kept("alpha").generation, 2);
    logged_on(1, "BRKALPHA", 1);
    set_clock(-1);
    harness_expect_silence(&harness, 1);
    assert_true(harness.links[1].open);
    harness_hang_up(&harness, 1);
    harness_pass(&harness, HOURS_S(1));
    assert_int_equal(kept("alpha").generation, 2);
}

static void a_clock_that_is_set_back_over_the_end_opens_nothing_again(void **state)
{
    (void)state;
    pass_to(0, 17, 30);
    set_clock(-1);
    harness_restart(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=5|58=the session is closed until 2026-03-03T07:00:00.000Z");
    writer_reset(&harness.log);
    harness_pass(&harness, HOURS_S(2));
    assert_int_equal(harness.log.used, 0);
}

static void a_clock_that_is_set_forward_passes_each_bound_once(void **state)
{
    (void)state;
    logged_on(1, "BRKALPHA", 1);
    set_clock(23); /* over the end, and over the start of Tuesday's */
    logged_out(1, "the period of the session has ended");
    assert_int_equal(kept("alpha").generation, 2);
    set_clock(24);
    assert_int_equal(kept("alpha").generation, 3);
    harness_restart(&harness);
    assert_int_equal(kept("alpha").generation, 3);
}

/* It was wrong, and both sides begin anew at the right time. */
static void a_clock_that_comes_back_from_far_is_believed(void **state)
{
    (void)state;
    set_clock(24 * 365);
    unsigned generation = (unsigned)kept("alpha").generation;
    set_clock(-24 * 365);
    assert_int_equal(kept("alpha").generation, generation);
    logged_on(1, "BRKALPHA", 1);
    harness_say(&harness, 1, "35=5|");
    pass_to(1, 8, 1);
    assert_int_equal(kept("alpha").generation, generation + 1);
}

static void a_clock_that_is_slewed_meets_the_bound(void **state)
{
    const int64_t end_ns = INT64_C(1772467200) * SECONDS_NS(1); /* 17:00 */
    (void)state;
    logged_on(1, "BRKALPHA", 1);
    while (harness.now.utc_ns < end_ns - SECONDS_NS(1)) {
        harness_pass(&harness, 10);
        harness.now.utc_ns += MILLIS_NS(200); /* 10 seconds take 9.8 */
        harness_say(&harness, 1, "35=0|");
    }
    harness_pass(&harness, 2);
    logged_out(1, "the period of the session has ended");
}

/* --- with all the rest --- */

static void we_dial_within_the_period_only(void **state)
{
    (void)state;
    harness_pass(&harness, 1);
    unsigned before = harness.dial_count;
    assert_int_equal(before, 1);
    harness_dialled(&harness, 3, "gamma");
    harness_command(&harness, "paul", "session disable gamma");
    harness_hang_up(&harness, 3);
    harness_pass(&harness, 600);
    assert_int_equal(harness.dial_count, before);
    harness_command(&harness, "paul", "session enable gamma");
    harness_pass(&harness, 1);
    assert_int_equal(harness.dial_count, before + 1);
}

static void while_the_store_is_down_no_period_begins(void **state)
{
    (void)state;
    pass_to(1, 7, 59);
    store_memory_fail(harness.store, STORE_MEMORY_FAILS_BEFORE, 1000, &store_full);
    harness_command(&harness, "paul", "session disable beta"); /* something to commit */
    harness_pass(&harness, 120);
    assert_int_equal(kept("alpha").generation, 1);
    store_memory_fail(harness.store, STORE_MEMORY_WELL, 0, NULL);
    harness_pass(&harness, 60);
    assert_int_equal(kept("alpha").generation, 2);
    logged_on(1, "BRKALPHA", 1);
}

static void a_schedule_that_changes_holds_at_once_and_resets_nothing(void **state)
{
    (void)state;
    logged_on(1, "BRKALPHA", 1);
    harness.links[1].next_out = 2;
    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_CONFIGURATION,
                                 .configuration = harness_config("engine-schedule-later.yaml") },
                harness.now);
    harness_run(&harness);
    harness_pass(&harness, 1);
    harness_expect_silence(&harness, 1);
    assert_int_equal(kept("alpha").generation, 1);
    harness_hang_up(&harness, 1);
    pass_to(0, 10, 31);
    harness_logon(&harness, 1, "BRKALPHA", 2);
    harness_expect(&harness, 1, "35=5|58=the session is closed until 2026-03-03T08:30:00.000Z");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_end_of_the_period_logs_out_and_the_next_begins_at_1),
        TEST(the_new_numbers_are_durable_before_anything_leaves),
        TEST(a_crash_before_that_begins_the_period_again),
        TEST(a_logon_outside_the_schedule_is_refused),
        TEST(who_does_not_answer_the_logout_is_cut_off_and_the_next_period_begins),
        TEST(holidays_have_no_period_and_days_that_make_up_have_one),
        TEST(a_week_without_reset_goes_on_with_its_numbers),
        TEST(what_is_offered_outside_the_schedule_leaves_in_the_next_period),
        TEST(an_announcement_at_night_waits_and_its_doubt_does_not),
        TEST(what_was_told_is_not_carried_into_the_next_period),
        TEST(what_was_told_and_not_shown_comes_again_in_the_next_period),
        TEST(what_a_broker_has_missed_outlives_periods_until_it_comes),
        TEST(a_broker_that_resets_at_its_logon_gets_it_too),
        TEST(a_clock_that_is_set_back_over_the_start_begins_nothing_again),
        TEST(a_clock_that_is_set_back_over_the_end_opens_nothing_again),
        TEST(a_clock_that_is_set_forward_passes_each_bound_once),
        TEST(a_clock_that_comes_back_from_far_is_believed),
        TEST(a_clock_that_is_slewed_meets_the_bound),
        TEST(we_dial_within_the_period_only),
        TEST(while_the_store_is_down_no_period_begins),
        TEST(a_schedule_that_changes_holds_at_once_and_resets_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
