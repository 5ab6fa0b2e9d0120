/* What operators may do and see, and what is recorded of it. */
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

static void in_doubt(void)
{
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_pass(&harness, 31);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|2823=2");
}

/* The alert may have been lost with the process. */
static void what_is_still_in_doubt_is_told_again_after_a_restart(void **state)
{
    (void)state;
    in_doubt();
    writer_reset(&harness.log);
    harness_restart(&harness);
    assert_true(harness_logged(&harness, "in-doubt id=PSTK-K7Q2MX-1"));
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as settled --evidence x");
    writer_reset(&harness.log);
    harness_restart(&harness);
    assert_false(harness_logged(&harness, "in-doubt"));
}

static void a_doubt_is_ended_as_settled(void **state)
{
    (void)state;
    in_doubt();
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as settled --evidence statement-7");
    assert_int_equal(harness.status, 0);
    harness_expect(&harness, 1, "35=EA|2804=2|2823=3");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_int_equal(harness_reserved(&harness, "C-1"), 0);
    assert_int_equal(harness_free(&harness, "C-1"), 75000);
    const struct row *event =
        store_memory_at(harness.store, ROW_EVENT, store_memory_count(harness.store, ROW_EVENT) - 1);
    assert_slice_equal(event->event.who, "paul");
    assert_slice_equal(event->event.text, "settled: statement-7");
}

static void a_doubt_is_ended_as_refused(void **state)
{
    (void)state;
    in_doubt();
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as refused --evidence x");
    harness_expect(&harness, 1, "35=EA|2804=0|2813=2|2823=4");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
}

static void a_doubt_is_ended_as_reversed(void **state)
{
    (void)state;
    in_doubt();
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as reversed --evidence x");
    assert_string_equal(harness_state(&harness, "W-1"), "reversed");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
}

/* What is still in the outbox will reach the bank, and may be paid there. */
static void no_doubt_ends_while_the_order_may_still_leave(void **state)
{
    (void)state;
    harness.bank_asleep = true;
    in_doubt();
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as refused --evidence x");
    assert_int_equal(harness.status, 1);
    assert_true(harness_replied(&harness, "still waits"));
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as reversed --evidence x");
    assert_int_equal(harness.status, 1);
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as settled --evidence by-hand");
    assert_int_equal(harness.status, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
    harness.bank_asleep = false;
    harness_restart(&harness);
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as refused --evidence x");
    assert_int_equal(harness.status, 0);
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
}

static void a_deposit_in_doubt_is_ended_towards_the_bank(void **state)
{
    (void)state;
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    harness_pass(&harness, 21);
    assert_slice_equal(bank_read(harness_sent(&harness)->bytes, "TxSts"), "PDNG");
    struct slice id = instruction_get(harness_instruction(&harness, "T-1"), INSTRUCTION_TEXT_id);
    char words[120];
    snprintf(words, sizeof words, "resolve %.*s --as settled --evidence x", SLICE_ARG(id));
    harness_command(&harness, "paul", words);
    assert_slice_equal(bank_read(harness_sent(&harness)->bytes, "TxSts"), "ACSP");
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
}

static void what_is_not_in_doubt_is_not_resolved(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as settled --evidence x");
    assert_int_equal(harness.status, 1);
    assert_true(harness_replied(&harness, "is sent, not in_doubt"));
}

static void what_has_ended_is_read_before_the_answer(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_command(&harness, "paul", "approve PSTK-K7Q2MX-1 --evidence x");
    assert_int_equal(harness.status, 1);
    assert_true(harness_replied(&harness, "is refused, not held"));
    harness_command(&harness, "paul", "approve PSTK-K7Q2MX-99 --evidence x");
    assert_true(harness_replied(&harness, "no instruction has the id PSTK-K7Q2MX-99"));
    harness_command(&harness, "paul", "approve W-1 --evidence x");
    assert_true(harness_replied(&harness, "no instruction has the id W-1"));
}

static void nobody_approves_his_own(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "W-1", "50000.00"));
    harness_command(&harness, "alpha", "approve PSTK-K7Q2MX-1 --evidence x");
    assert_int_equal(harness.status, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "held");
    harness_command(&harness, "", "approve PSTK-K7Q2MX-1 --evidence x");
    assert_int_equal(harness.status, 1);
}

static void an_approval_is_decided_again(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "W-1", "50000.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_pass(&harness, 3 * 24 * 60 * 60);
    harness_command(&harness, "paul", "approve PSTK-K7Q2MX-1 --evidence late");
    assert_int_equal(harness.status, 0);
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_int_equal(harness_free(&harness, "C-2"), 50000000);
}

/* The currency comes from the link when the request names none. */
static void what_is_held_keeps_its_currency(void **state)
{
    (void)state;
    harness_say(&harness, 1,
                "35=DY|2812=W-1|2811=0|60=20260302-09:00:00|453=1|448=C-2|447=D|452=3|2824=CASH|"
                "2817=50000.00|2825=20260302|2826=20260303|2819=0|2816=ACC-7001|2821=P-1|");
    assert_string_equal(harness_state(&harness, "W-1"), "held");
    assert_int_equal(harness_reserved(&harness, "C-2"), 5000000);
    harness_import(&harness, "links",
                   "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
                   "legal_person\n"
                   "C-2,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE51993040500071230463,Two GmbH,"
                   "USD,true\n");
    assert_int_equal(harness.status, 0);
    harness_command(&harness, "paul", "approve PSTK-K7Q2MX-1 --evidence x");
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_int_equal(harness.sent.count, 0);
    assert_int_equal(harness_free(&harness, "C-2"), 50000000);
    assert_int_equal(harness_reserved(&harness, "C-2"), 0);
}

static void wrong_words_are_a_matter_of_usage(void **state)
{
    (void)state;
    const char *const words[] = {
        "",
        "dance",
        "approve",
        "approve PSTK-K7Q2MX-1",
        "approve PSTK-K7Q2MX-1 --evidence",
        "approve PSTK-K7Q2MX-1 --as settled --evidence x",
        "resolve PSTK-K7Q2MX-1 --as won --evidence x",
        "sessions all",
        "session alpha",
        "session show",
        "session drop alpha",
        "instructions --state sleeping",
        "links export x",
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        harness_command(&harness, "paul", words[i]);
        assert_int_equal(harness.status, 2);
    }
}

static void sessions_are_shown(void **state)
{
    (void)state;
    harness_command(&harness, "paul", "sessions");
    assert_int_equal(harness.status, 0);
    assert_true(harness_replied(&harness, "alpha\tlogged on\t127.0.0.1:40001\t2\t2\t0\n"));
    assert_true(harness_replied(&harness, "beta\tnot logged on\t-\t1\t1\t0\n"));
    harness_command(&harness, "paul", "sessions --json");
    assert_true(harness_replied(&harness,
                                "{\"session\":\"beta\",\"state\":\"not logged on\",\"next_in\":1,"
                                "\"next_out\":1,\"waiting\":0}"));
}

static void one_session_is_shown(void **state)
{
    (void)state;
    harness_command(&harness, "paul", "session show alpha");
    assert_slice_equal(writer_slice(&harness.reply),
                       "session: alpha\nstate: logged on\ndisabled: no\npeer: 127.0.0.1\n"
                       "generation: 1\nnext_in: 2\nnext_out: 2\nwaiting: 0\nuntold: 0\n");
    harness_command(&harness, "paul", "session show nobody");
    assert_int_equal(harness.status, 1);
}

static void a_session_is_logged_out_when_its_broker_has_answered(void **state)
{
    (void)state;
    harness.status = -1;
    harness_command(&harness, "paul", "session logout alpha");
    harness_expect(&harness, 1, "35=5|58=an operator ends the session");
    assert_int_equal(harness.status, -1);
    harness_say(&harness, 1, "35=5|");
    assert_true(harness_replied(&harness, "alpha is logged out"));
    assert_true(
        harness_logged(&harness, "operator who=paul command=session logout id=alpha done=yes"));
    harness_command(&harness, "paul", "session logout alpha");
    assert_int_equal(harness.status, 1);
}

static void a_reset_logs_out_first_and_is_durable(void **state)
{
    (void)state;
    harness.status = -1;
    harness_command(&harness, "paul", "session reset alpha");
    harness_expect(&harness, 1, "35=5");
    harness_command(&harness, "anna", "session reset alpha"); /* two who wait */
    harness.hold_commits = true;
    harness_pass(&harness, 11); /* the broker does not answer */
    assert_false(harness.links[1].open);
    assert_int_equal(harness.status, -1);
    while (harness.held != NULL)
        harness_commit(&harness);
    assert_true(harness_replied(&harness, "alpha: both sides begin at 1"));
    assert_true(
        harness_logged(&harness, "operator who=paul command=session reset id=alpha done=yes"));
    assert_true(
        harness_logged(&harness, "operator who=anna command=session reset id=alpha done=yes"));
    harness.hold_commits = false;
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=A|34=1");
}

static void a_reset_without_a_connection_keeps_what_waits(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    struct slice order = harness_sent(&harness)->name;
    harness_hang_up(&harness, 1);
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_command(&harness, "paul", "session show alpha");
    assert_true(harness_replied(&harness, "untold: 1\n"));
    harness_command(&harness, "paul", "session reset alpha");
    assert_int_equal(harness.status, 0);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=A|34=2");
    harness_say(&harness, 1, "35=2|7=1|16=0|");
    harness_expect(&harness, 1, "35=EA|34=1|43=Y|2812=W-1|2823=3");
}

static void a_disabled_session_takes_nobody_until_it_is_enabled(void **state)
{
    (void)state;
    harness_command(&harness, "paul", "session disable alpha");
    harness_expect(&harness, 1, "35=5");
    harness_say(&harness, 1, "35=5|");
    assert_true(harness_replied(&harness, "alpha is disabled"));
    harness_restart(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=5|58=an operator has disabled the session");
    assert_false(harness.links[1].open);
    assert_true(harness_logged(&harness, "why=Logon while the session is disabled"));
    harness_command(&harness, "paul", "sessions");
    assert_true(harness_replied(&harness, "alpha\tdisabled\t-\t3\t"));
    harness_command(&harness, "paul", "session enable alpha");
    assert_int_equal(harness.status, 0);
    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=A");
}

static void instructions_are_listed_by_state(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_say(&harness, 1, harness_withdrawal("W-2", "1000.00"));
    harness_command(&harness, "paul", "instructions");
    assert_true(harness_replied(&harness, "PSTK-K7Q2MX-1\tW-1\t"));
    assert_true(harness_replied(&harness, "PSTK-K7Q2MX-2\tW-2\t"));
    harness_command(&harness, "paul", "instructions --state refused");
    assert_false(harness_replied(&harness, "PSTK-K7Q2MX-1\t"));
    assert_true(harness_replied(&harness, "PSTK-K7Q2MX-2\t"));
    harness_command(&harness, "paul", "instructions --state held --json");
    assert_slice_equal(writer_slice(&harness.reply), "{\"instructions\":[]}\n");
}

static void one_is_shown_with_all_that_happened_to_it(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_command(&harness, "paul", "show PSTK-K7Q2MX-1");
    assert_int_equal(harness.status, 0);
    assert_true(harness_replied(&harness, "state: sent\n"));
    assert_true(harness_replied(&harness, "amount: 250.00 EUR\n"));
    assert_true(harness_replied(&harness, "rule: to-north\n"));
    assert_true(harness_replied(&harness, "none\taccepted\trequest\talpha\tto-north"));
    assert_true(harness_replied(&harness, "free\treserved\t250.00 EUR\tACC-7001\tC-1\n"));
    assert_true(harness_replied(&harness, "PSTK-K7Q2MX-1-1\tnorth\tpacs.008.001.08"));
    harness_command(&harness, "paul", "show W-1 --json");
    assert_true(
        harness_replied(&harness, "{\"instruction\":[{\"number\":1,\"flow\":\"withdrawal\""));
    harness_command(&harness, "paul", "show PSTK-K7Q2MX-1-1");
    assert_true(harness_replied(&harness, "W-1"));
    harness_command(&harness, "paul", "show W-9");
    assert_int_equal(harness.status, 1);
}

static void a_balance_is_opened_once(void **state)
{
    (void)state;
    harness_import(&harness, "balances", "client,account,currency,amount\nC-1,ACC-7001,EUR,1.00\n");
    assert_int_equal(harness.status, 1);
    assert_true(harness_replied(&harness, "balances:2:1: "));
    assert_true(harness_replied(&harness, "open already"));
    harness_restart(&harness);
    harness_import(&harness, "balances", "client,account,currency,amount\nC-1,ACC-7001,EUR,1.00\n");
    assert_int_equal(harness.status, 1);
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
}

static void a_table_with_one_fault_changes_nothing_and_all_faults_are_told(void **state)
{
    (void)state;
    harness_import(
        &harness, "links",
        "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
        "legal_person\n"
        "C-7,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,12,Good One,EUR,false\n"
        "C-7,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,12,Good One,EUR,false\n"
        "C-8,ACC-7001,gamma,nrtx,PAYXDEFFXXX,12,\"Quoted, and \"\"so\"\"\",EURO,maybe\n");
    assert_int_equal(harness.status, 1);
    assert_true(harness_replied(&harness, "links:3:1: "));
    assert_true(harness_replied(&harness, "links:4:14: "));
    assert_true(harness_replied(&harness, "links:4:20: "));
    assert_true(harness_replied(&harness, "no such currency"));
    assert_true(harness_replied(&harness, "neither true nor false"));
    assert_int_equal(store_memory_count(harness.store, ROW_LINK), 3);
}

static void every_balance_is_explained_by_the_ledger(void **state)
{
    (void)state;
    harness_import(&harness, "balances",
                   "client,account,currency,amount\nC-1,ACC-7001,EUR,-1.00\n"
                   "C-2,ACC-7001,USD,1.00\nC-1,ACC-7001,XXY,1.00\nC-9,ACC-7001,EUR,1.00\n"
                   "C-1,ACC-7001,EUR,1.001\n");
    assert_int_equal(harness.status, 1);
    int64_t sum = 0;
    for (size_t i = 0; i < store_memory_count(harness.store, ROW_LEDGER); i++)
        sum += store_memory_at(harness.store, ROW_LEDGER, i)->ledger.movement.amount_minor;
    assert_int_equal(sum, 100000 + 50000000 + 7000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_still_in_doubt_is_told_again_after_a_restart),
        TEST(a_doubt_is_ended_as_settled),
        TEST(a_doubt_is_ended_as_refused),
        TEST(a_doubt_is_ended_as_reversed),
        TEST(no_doubt_ends_while_the_order_may_still_leave),
        TEST(a_deposit_in_doubt_is_ended_towards_the_bank),
        TEST(what_is_not_in_doubt_is_not_resolved),
        TEST(what_has_ended_is_read_before_the_answer),
        TEST(nobody_approves_his_own),
        TEST(an_approval_is_decided_again),
        TEST(what_is_held_keeps_its_currency),
        TEST(wrong_words_are_a_matter_of_usage),
        TEST(sessions_are_shown),
        TEST(one_session_is_shown),
        TEST(a_session_is_logged_out_when_its_broker_has_answered),
        TEST(a_reset_logs_out_first_and_is_durable),
        TEST(a_reset_without_a_connection_keeps_what_waits),
        TEST(a_disabled_session_takes_nobody_until_it_is_enabled),
        TEST(instructions_are_listed_by_state),
        TEST(one_is_shown_with_all_that_happened_to_it),
        TEST(a_balance_is_opened_once),
        TEST(a_table_with_one_fault_changes_nothing_and_all_faults_are_told),
        TEST(every_balance_is_explained_by_the_ledger),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
