/* Numbers that begin at 1 again, and what the broker had not got by then. */
#include "kit/engine_harness.h"

#include <stdio.h>

static struct harness harness;

static int open(void **state)
{
    (void)state;
    harness_open_with(&harness, "engine-resets.yaml");
    harness_import(&harness, "links",
                   "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
                   "legal_person\n"
                   "C-1,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,Ann One,EUR,"
                   "false\n"
                   "C-2,ACC-7001,beta,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,Ben Two,EUR,"
                   "false\n"
                   "C-3,ACC-7001,gamma,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,Cy Three,EUR,"
                   "false\n");
    harness_import(&harness, "balances",
                   "client,account,currency,amount\nC-1,ACC-7001,EUR,1000.00\n"
                   "C-2,ACC-7001,EUR,1000.00\nC-3,ACC-7001,EUR,1000.00\n");
    assert_int_equal(harness.status, 0);
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
    for (size_t i = 0; i < store_memory_count(harness.store, ROW_SESSION); i++) {
        struct session_row row = store_memory_at(harness.store, ROW_SESSION, i)->session;
        if (slice_is(row.name, name))
            return row;
    }
    return (struct session_row){ 0 };
}

static void asked_by(const char *comp_id, const char *client)
{
    harness_logon(&harness, 1, comp_id, 1);
    harness_expect(&harness, 1, "35=A|34=1");
    harness_say(&harness, 1, harness_withdrawal_of(client, "W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ|34=2");
}

/* The broker answers the TestRequest that went out behind. */
static void shown(void)
{
    harness_pass(&harness, 10);
    harness_answer_test(&harness, 1);
}

static void logs_on_at_1_and_lacks_nothing(const char *comp_id)
{
    harness_logon(&harness, 1, comp_id, 1);
    harness_expect(&harness, 1, "35=A|34=1");
    harness_say(&harness, 1, "35=2|7=1|16=0|");
    harness_expect(&harness, 1, "35=4|34=1|36=2");
    harness_expect_silence(&harness, 1);
}

/* What it may have got comes under a new number, as a possible duplicate. */
static void logs_on_and_gets_it_again(const char *comp_id)
{
    harness_logon(&harness, 1, comp_id, 1);
    harness_expect(&harness, 1, "35=A|34=2");
    harness_say(&harness, 1, "35=2|7=1|16=0|");
    harness_expect(&harness, 1, "35=DZ|34=1|43=Y|2812=W-1");
    harness_expect(&harness, 1, "35=4|34=2|36=3");
    harness_expect_silence(&harness, 1);
}

static void a_lost_connection_takes_along_what_was_not_shown(void **state)
{
    (void)state;
    asked_by("BRKALPHA", "C-1");
    harness_hang_up(&harness, 1);
    assert_int_equal(kept("alpha").generation, 2);
    assert_int_equal(kept("alpha").next_in, 1);
    logs_on_and_gets_it_again("BRKALPHA");
    shown();
    assert_int_equal(kept("alpha").untold_first, 0);
}

/* Each connection has its own numbers, and what is not shown goes through them all. */
static void what_is_not_shown_goes_on_until_it_is(void **state)
{
    (void)state;
    asked_by("BRKALPHA", "C-1");
    harness_hang_up(&harness, 1);
    for (unsigned i = 0; i < 3; i++) {
        logs_on_and_gets_it_again("BRKALPHA");
        harness_hang_up(&harness, 1);
    }
    assert_int_equal(kept("alpha").generation, 5);
    logs_on_and_gets_it_again("BRKALPHA");
}

static void what_was_shown_does_not_come_again(void **state)
{
    (void)state;
    asked_by("BRKALPHA", "C-1");
    shown();
    harness_hang_up(&harness, 1);
    logs_on_at_1_and_lacks_nothing("BRKALPHA");
}

static void a_heartbeat_that_answers_nothing_shows_nothing(void **state)
{
    (void)state;
    asked_by("BRKALPHA", "C-1");
    harness_say(&harness, 1, "35=0|112=TEST-3|");
    harness_pass(&harness, 10);
    harness_say(&harness, 1, "35=0|");
    harness_say(&harness, 1, "35=0|112=TEST|");
    harness_hang_up(&harness, 1);
    logs_on_and_gets_it_again("BRKALPHA");
}

/* It was silent for so long that it was asked once more, behind another answer. */
static void a_late_answer_shows_nothing_of_what_was_sent_since(void **state)
{
    (void)state;
    asked_by("BRKALPHA", "C-1");
    harness_pass(&harness, 10);
    harness_say(&harness, 1, harness_withdrawal_of("C-1", "W-2", "1.00"));
    harness_expect(&harness, 1, "35=DZ|34=4|2812=W-2");
    harness_pass(&harness, 37);
    harness_say(&harness, 1, "35=0|112=TEST-3|");
    harness_hang_up(&harness, 1);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=A");
    harness_say(&harness, 1, "35=2|7=1|16=0|");
    harness_expect(&harness, 1, "35=DZ|34=1|43=Y|2812=W-2");
}

static void a_crash_ends_the_connection_too(void **state)
{
    (void)state;
    asked_by("BRKALPHA", "C-1");
    harness_restart(&harness);
    assert_int_equal(kept("alpha").generation, 2);
    logs_on_and_gets_it_again("BRKALPHA");
}

static void a_crash_ends_no_connection_where_there_was_none(void **state)
{
    (void)state;
    harness_restart(&harness);
    harness_restart(&harness);
    assert_int_equal(kept("alpha").generation, 1);
}

static void a_refused_logon_resets_what_it_was_refused_under(void **state)
{
    (void)state;
    for (unsigned i = 1; i < 4; i++) {
        harness.links[1].comp_id = "BRKALPHA";
        harness.links[1].next_out = 1;
        harness_connect(&harness, 1);
        harness_say(&harness, 1, "35=A|98=1|108=30|");
        harness_expect(&harness, 1, "35=5|34=1");
        assert_false(harness.links[1].open);
        assert_int_equal(kept("alpha").generation, 1 + i);
    }
    logs_on_at_1_and_lacks_nothing("BRKALPHA");
}

static void a_connection_without_a_word_resets_nothing(void **state)
{
    (void)state;
    asked_by("BRKALPHA", "C-1");
    shown();
    harness_hang_up(&harness, 1);
    harness_connect(&harness, 1);
    harness_say(&harness, 1, "35=0|");
    assert_false(harness.links[1].open);
    assert_int_equal(kept("alpha").generation, 2);
}

/* Nor is anybody asked to show that they have them. */
static void echoes_and_refusals_do_not_come_again(void **state)
{
    (void)state;
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=A|34=1");
    harness_say(&harness, 1, "35=D|11=O-1|55=ABC|54=1|60=20260302-09:00:00|38=5|40=1|");
    harness_expect(&harness, 1, "35=D|34=2|11=O-1");
    harness_say(&harness, 1, "35=8|37=1|17=2|150=0|39=0|55=ABC|54=1|151=0|14=0|6=0|");
    harness_expect(&harness, 1, "35=j|34=3");
    harness_pass(&harness, 15);
    harness_expect_silence(&harness, 1);
    harness_hang_up(&harness, 1);
    assert_int_equal(kept("alpha").generation, 2);
    assert_int_equal(kept("alpha").untold_first, 0);
    logs_on_at_1_and_lacks_nothing("BRKALPHA");
}

static void a_logout_resets_a_lost_connection_does_not(void **state)
{
    (void)state;
    asked_by("BRKBETA", "C-2");
    shown();
    harness_hang_up(&harness, 1);
    assert_int_equal(kept("beta").generation, 1);
    uint64_t next_in = harness.links[1].next_out;
    harness_logon(&harness, 1, "BRKBETA", next_in);
    harness_expect(&harness, 1, "35=A|34=4");
    harness_say(&harness, 1, "35=5|");
    harness_expect(&harness, 1, "35=5|34=5");
    assert_int_equal(kept("beta").generation, 2);
    logs_on_at_1_and_lacks_nothing("BRKBETA");
}

static void a_logout_of_ours_resets_when_it_is_answered(void **state)
{
    (void)state;
    asked_by("BRKBETA", "C-2");
    harness_command(&harness, "olga", "session logout beta");
    harness_expect(&harness, 1, "35=5");
    assert_int_equal(kept("beta").generation, 1);
    harness_say(&harness, 1, "35=5|");
    assert_int_equal(kept("beta").generation, 2);
    logs_on_and_gets_it_again("BRKBETA");
}

static void every_logon_resets_and_shows_what_is_missing(void **state)
{
    (void)state;
    asked_by("BRKGAMMA", "C-3");
    assert_int_equal(kept("gamma").generation, 2);
    harness_hang_up(&harness, 1);
    harness_logon(&harness, 1, "BRKGAMMA", 1);
    harness_expect(&harness, 1, "35=A|34=1");
    assert_int_equal(kept("gamma").generation, 3);
    harness_pass(&harness, 10); /* the TestRequest has the number 3 */
    harness_say(&harness, 1, "35=2|7=2|16=0|");
    harness_expect(&harness, 1, "35=DZ|34=2|43=Y|2812=W-1");
    harness_expect(&harness, 1, "35=4|34=3|36=4");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lost_connection_takes_along_what_was_not_shown),
        TEST(what_is_not_shown_goes_on_until_it_is),
        TEST(what_was_shown_does_not_come_again),
        TEST(a_heartbeat_that_answers_nothing_shows_nothing),
        TEST(a_late_answer_shows_nothing_of_what_was_sent_since),
        TEST(a_crash_ends_the_connection_too),
        TEST(a_crash_ends_no_connection_where_there_was_none),
        TEST(a_refused_logon_resets_what_it_was_refused_under),
        TEST(a_connection_without_a_word_resets_nothing),
        TEST(echoes_and_refusals_do_not_come_again),
        TEST(a_logout_resets_a_lost_connection_does_not),
        TEST(a_logout_of_ours_resets_when_it_is_answered),
        TEST(every_logon_resets_and_shows_what_is_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
