/* Withdrawals: from the broker's request to the bank's last word. */
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

/* Sends it on its way and returns the id of the order. */
static struct slice ordered(const char *id, const char *amount)
{
    harness_say(&harness, 1, harness_withdrawal(id, amount));
    harness_expect(&harness, 1, "35=DZ|2813=0");
    harness_expect_silence(&harness, 1);
    return harness_sent(&harness)->name;
}

static void one_that_the_bank_settles_is_told_at_every_step(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ|34=2|2812=W-1|2813=0");
    harness_expect_silence(&harness, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_int_equal(harness_free(&harness, "C-1"), 75000);
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);

    const struct harness_document *order = harness_sent(&harness);
    assert_slice_equal(order->channel, "north");
    assert_slice_equal(bank_read(order->bytes, "BizMsgIdr"), "PSTK-K7Q2MX-1-1");
    assert_slice_equal(bank_read(order->bytes, "MsgId"), "PSTK-K7Q2MX-1-1");
    assert_slice_equal(bank_read(order->bytes, "InstrId"), "W-1");
    assert_slice_equal(bank_read(order->bytes, "TxId"), "PSTK-K7Q2MX-1");

    harness_status(&harness, "north", "B-1", order->name, "ACCP", NULL);
    harness_expect(&harness, 1, "35=EA|2812=W-1|2804=0|2813=1|2823=1|2799=PSTK-K7Q2MX-1-R1");
    assert_string_equal(harness_state(&harness, "W-1"), "pending");

    harness_status(&harness, "north", "B-2", order->name, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2804=2|2823=3|2799=PSTK-K7Q2MX-1-R2");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_int_equal(harness_free(&harness, "C-1"), 75000);
    assert_int_equal(harness_reserved(&harness, "C-1"), 0);
    assert_null(harness_filed(&harness)->text.at);
}

static void the_payee_is_the_links_whatever_the_message_says(void **state)
{
    (void)state;
    ordered("W-1", "1.00");
    struct slice order = harness.sent.at[0].bytes;

    assert_non_null(memmem(order.at, order.size, "DE73993040500071230455", 22));
    assert_non_null(memmem(order.at, order.size, "PAYXDEFFXXX", 11));
    assert_non_null(memmem(order.at, order.size, "Ann One", 7));
}

static void one_that_the_bank_refuses_gives_the_money_back(void **state)
{
    (void)state;
    struct slice order = ordered("W-1", "250.00");

    harness_status(&harness, "north", "B-1", order, "RJCT", "AC04");
    harness_expect(&harness, 1, "35=EA|2804=0|2813=2|2823=4|1328=AC04 says the bank");
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
    assert_int_equal(harness_reserved(&harness, "C-1"), 0);
}

static void without_a_word_by_the_deadline_it_is_in_doubt_and_keeps_its_money(void **state)
{
    (void)state;
    struct slice order = ordered("W-1", "250.00");

    harness_pass(&harness, 29);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    harness_pass(&harness, 2);
    harness_expect(&harness, 1, "35=EA|2804=2|2823=2|58=no answer from the bank");
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
    assert_true(harness_logged(&harness, "in-doubt id=PSTK-K7Q2MX-1"));

    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2804=2|2823=3");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

static void set_clock(int64_t by_s)
{
    harness.now.utc_ns += SECONDS_NS(by_s);
}

static void a_clock_that_is_set_moves_no_deadline(void **state)
{
    static const int64_t jumps_s[] = { 86400, -86400, 6, -6 };

    (void)state;
    for (size_t i = 0; i < sizeof jumps_s / sizeof *jumps_s; i++) {
        char id[8];
        snprintf(id, sizeof id, "W-%zu", i);
        harness_say(&harness, 1, harness_withdrawal(id, "1.00"));
        set_clock(jumps_s[i]);
        harness_pass(&harness, 29);
        assert_string_equal(harness_state(&harness, id), "sent");
        harness_pass(&harness, 2);
        assert_string_equal(harness_state(&harness, id), "in_doubt");
        set_clock(-jumps_s[i]);
    }
}

static void a_clock_that_was_set_back_while_down_puts_off_no_deadline(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_pass(&harness, 20);
    set_clock(-86400);
    harness_restart(&harness);
    harness_pass(&harness, 29);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    harness_restart(&harness); /* what was set anew is not set anew again */
    harness_pass(&harness, 2);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
}

static void a_deadline_that_is_over_at_start_is_a_doubt_with_its_alert(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    set_clock(86400);
    harness_restart(&harness);
    harness_pass(&harness, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    assert_true(harness_logged(&harness, "in-doubt id=PSTK-K7Q2MX-1 cause=deadline"));
}

static void a_jump_of_the_clock_is_told_and_its_running_is_not(void **state)
{
    (void)state;
    harness_pass(&harness, 3600);
    set_clock(4);
    harness_pass(&harness, 1);
    assert_false(harness_logged(&harness, "clock-jump"));
    set_clock(-90);
    harness_pass(&harness, 1);
    assert_true(harness_logged(&harness, "clock-jump seconds=-90"));
}

static void a_doubt_that_is_pending_again_gets_a_new_deadline(void **state)
{
    (void)state;
    struct slice order = ordered("W-1", "250.00");

    harness_pass(&harness, 31);
    harness_expect(&harness, 1, "35=EA|2823=2");
    harness_status(&harness, "north", "B-1", order, "ACSP", NULL);
    assert_string_equal(harness_state(&harness, "W-1"), "pending");
    harness_pass(&harness, 31);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
}

static void an_answer_may_overtake_the_channels_receipt(void **state)
{
    (void)state;
    harness.bank_asleep = true;
    struct slice order = ordered("W-1", "250.00");

    assert_string_equal(harness_state(&harness, "W-1"), "accepted");
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_TOOK, .channel = SLICE("north"), .name = order },
                harness.now);
    harness_run(&harness);
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_int_equal(store_memory_at(harness.store, ROW_DOCUMENT, 0)->document.state,
                     DOCUMENT_TAKEN);
}

static void a_late_lower_status_is_noted_and_not_told(void **state)
{
    (void)state;
    struct slice order = ordered("W-1", "250.00");

    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2823=3");
    harness_status(&harness, "north", "B-2", order, "ACSP", NULL);
    harness_expect_silence(&harness, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_true(harness_logged(&harness, "late id=PSTK-K7Q2MX-1"));
}

static void a_word_against_a_settled_one_moves_no_money(void **state)
{
    (void)state;
    struct slice order = ordered("W-1", "250.00");

    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_status(&harness, "north", "B-2", order, "RJCT", "AC04");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_int_equal(harness_free(&harness, "C-1"), 75000);
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-1"));
    harness_filed(&harness);
    assert_non_null(harness_filed(&harness)->text.at);
}

static void the_same_request_again_is_answered_with_its_last_report(void **state)
{
    (void)state;
    struct slice order = ordered("W-1", "250.00");

    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ|97=Y|2812=W-1");
    harness_status(&harness, "north", "B-1", order, "ACCP", NULL);
    harness_expect(&harness, 1, "35=EA|2799=PSTK-K7Q2MX-1-R1");
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=EA|97=Y|2799=PSTK-K7Q2MX-1-R1|2813=1");
    harness_expect_silence(&harness, 1);
    assert_int_equal(harness.sent.count, 1);
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
}

static void the_same_request_again_after_its_end_is_read_from_the_store(void **state)
{
    (void)state;
    struct slice order = ordered("W-1", "250.00");

    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2823=3");
    harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_say(&harness, 1, "35=D|11=O-1|55=X|54=1|60=20260302-09:00:00|38=1|40=1|");
    harness_expect_silence(&harness, 1);
    assert_int_equal(harness.read_count, 1);
    harness.hold_answers = false;
    harness_answer(&harness);
    harness_expect(&harness, 1, "35=EA|97=Y|2823=3|2799=PSTK-K7Q2MX-1-R1");
    harness_expect(&harness, 1, "35=D|11=O-1");
}

static void another_content_under_the_same_id_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct slice order = ordered("W-1", "250.00");

    harness_say(&harness, 1, harness_withdrawal("W-1", "300.00"));
    harness_expect(&harness, 1, "35=DZ|2812=W-1");
    const char *refused = harness_hear(&harness, 1);
    assert_string_equal(harness_field(refused, 1328),
                        "AM05 this PayRequestID was used before with other content");
    assert_string_equal(harness_field(refused, 2823), "");
    assert_string_equal(harness_field(refused, 2817), "300.00");
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");

    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2823=3|2799=PSTK-K7Q2MX-1-R2|2817=250.00");
}

static void more_than_there_is_is_refused_behind_its_receipt(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_expect(&harness, 1, "35=DZ|2812=W-1");
    harness_expect(&harness, 1, "35=EA|2804=0|2813=2|2823=4|1328=AM04 not enough free money");
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
    assert_int_equal(harness.sent.count, 0);
}

static void what_is_reserved_can_not_be_withdrawn_twice(void **state)
{
    (void)state;
    ordered("W-1", "600.00");
    harness_say(&harness, 1, harness_withdrawal("W-2", "600.00"));
    harness_expect(&harness, 1, "35=DZ|2812=W-2");
    harness_expect(&harness, 1, "35=EA|2813=2|1328=AM04 not enough free money");
}

static void checks_come_before_rules(void **state)
{
    (void)state;
    const struct {
        const char *id, *amount, *code;
    } cases[] = {
        { "W-1", "0.00", "AM12" },     { "W-2", "-1.00", "AM12" },
        { "W-3", "1.001", "AM12" },    { "W-4", "99999999999999999999", "AM12" },
        { "W-5", "90000.01", "AM02" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        harness_say(&harness, 1, harness_withdrawal(cases[i].id, cases[i].amount));
        harness_expect(&harness, 1, "35=DZ");
        const char *report = harness_hear(&harness, 1);
        assert_memory_equal(harness_field(report, 1328), cases[i].code, 4);
        assert_string_equal(harness_state(&harness, cases[i].id), "refused");
    }
}

static void an_unknown_client_is_refused(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal_of("C-9", "W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ");
    assert_memory_equal(harness_field(harness_hear(&harness, 1), 1328), "BE06", 4);
}

static void another_brokers_client_is_refused(void **state)
{
    (void)state;
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    harness_say(&harness, 2, harness_withdrawal_of("C-1", "W-1", "1.00"));
    harness_expect(&harness, 2, "35=DZ");
    assert_memory_equal(harness_field(harness_hear(&harness, 2), 1328), "BE06", 4);
    assert_int_equal(harness_reserved(&harness, "C-1"), 0);
}

static void a_refused_cancel_says_nothing_of_the_payment(void **state)
{
    (void)state;
    harness_say(&harness, 1,
                "35=DY|2812=X-1|2811=1|2810=W-1|60=20260302-09:00:00|453=1|448=C-1|447=D|452=3|"
                "2824=CASH|2817=1.00|2818=EUR|2825=20260302|2826=20260303|2819=0|2816=ACC-7001|");
    harness_expect(&harness, 1, "35=DZ");
    const char *report = harness_hear(&harness, 1);
    assert_memory_equal(harness_field(report, 1328), "AG03", 4);
    assert_string_equal(harness_field(report, 2813), "2");
    assert_string_equal(harness_field(report, 2823), "");
}

static void large_ones_wait_for_a_second_person(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "W-1", "50000.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect_silence(&harness, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "held");
    assert_int_equal(harness_reserved(&harness, "C-2"), 5000000);
    assert_int_equal(harness.sent.count, 0);

    harness_command(&harness, "paul", "approve PSTK-K7Q2MX-1 --evidence checked-by-phone");
    assert_int_equal(harness.status, 0);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_int_equal(harness_reserved(&harness, "C-2"), 5000000);
    assert_slice_equal(harness_sent(&harness)->name, "PSTK-K7Q2MX-1-1");
    assert_true(harness_logged(&harness, "operator who=paul command=approve id=PSTK-K7Q2MX-1"));
}

static void a_held_one_can_be_refused(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "W-1", "50000.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_command(&harness, "paul", "refuse PSTK-K7Q2MX-1");
    assert_int_equal(harness.status, 0);
    harness_expect(&harness, 1, "35=EA|2804=0|2813=2|2823=4|1328=MS03 refused by an operator");
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_int_equal(harness_free(&harness, "C-2"), 50000000);
}

static void a_fault_on_the_way_harms_only_its_message(void **state)
{
    (void)state;
    harness_say(&harness, 1, "35=DY|2811=0|60=20260302-09:00:00|");
    harness_expect(&harness, 1, "35=3|45=2|372=DY|373=1");
    ordered("W-1", "1.00");
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
}

static void a_broker_that_is_away_gets_its_report_when_it_asks(void **state)
{
    (void)state;
    struct slice order = ordered("W-1", "250.00");

    harness_hang_up(&harness, 1);
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    assert_string_equal(harness_state(&harness, "W-1"), "settled");

    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=A|34=4");
    harness_say(&harness, 1, "35=2|7=3|16=0|");
    harness_expect(&harness, 1, "35=EA|34=3|43=Y|2823=3");
    harness_expect(&harness, 1, "35=4|34=4|43=Y|123=Y");
}

static void what_a_broker_writes_is_not_logged(void **state)
{
    (void)state;
    harness_say(&harness, 1,
                "35=DY|2812=W-1|2811=0|60=20260302-09:00:00|453=1|448=C-1|447=D|452=3|2824=CASH|"
                "2817=250.00|2818=EUR|2825=20260302|2826=20260303|2819=0|2816=622200\"01112|");
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|1328=AC03 custody account not known: \"622200\"01112\"");
    assert_true(harness_logged(&harness, "reason=AC03"));
    assert_false(harness_logged(&harness, "622200"));
    assert_false(harness_logged(&harness, "01112"));
}

static void a_banks_words_are_not_logged(void **state)
{
    (void)state;
    struct bank_status status = { .message_id = "B-1",
                                  .status = "RJCT",
                                  .reason = "TECH",
                                  .text = "Ann One at DE73993040500071230455" };
    struct writer writer;
    char id[64];

    struct slice order = ordered("W-1", "250.00");
    snprintf(id, sizeof id, "%.*s", SLICE_ARG(order));
    status.order_id = id;
    writer_init(&writer, 0);
    bank_write_status(&writer, harness_bank("north"), &status);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    assert_true(
        harness_logged(&harness, "in-doubt id=PSTK-K7Q2MX-1 cause=status who=north why=RJCT:"));
    assert_false(harness_logged(&harness, "Ann One"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_that_the_bank_settles_is_told_at_every_step),
        TEST(the_payee_is_the_links_whatever_the_message_says),
        TEST(one_that_the_bank_refuses_gives_the_money_back),
        TEST(without_a_word_by_the_deadline_it_is_in_doubt_and_keeps_its_money),
        TEST(a_clock_that_is_set_moves_no_deadline),
        TEST(a_clock_that_was_set_back_while_down_puts_off_no_deadline),
        TEST(a_deadline_that_is_over_at_start_is_a_doubt_with_its_alert),
        TEST(a_jump_of_the_clock_is_told_and_its_running_is_not),
        TEST(a_doubt_that_is_pending_again_gets_a_new_deadline),
        TEST(an_answer_may_overtake_the_channels_receipt),
        TEST(a_late_lower_status_is_noted_and_not_told),
        TEST(a_word_against_a_settled_one_moves_no_money),
        TEST(the_same_request_again_is_answered_with_its_last_report),
        TEST(the_same_request_again_after_its_end_is_read_from_the_store),
        TEST(another_content_under_the_same_id_is_refused_and_changes_nothing),
        TEST(more_than_there_is_is_refused_behind_its_receipt),
        TEST(what_is_reserved_can_not_be_withdrawn_twice),
        TEST(checks_come_before_rules),
        TEST(an_unknown_client_is_refused),
        TEST(another_brokers_client_is_refused),
        TEST(a_refused_cancel_says_nothing_of_the_payment),
        TEST(large_ones_wait_for_a_second_person),
        TEST(a_held_one_can_be_refused),
        TEST(a_fault_on_the_way_harms_only_its_message),
        TEST(a_broker_that_is_away_gets_its_report_when_it_asks),
        TEST(what_a_broker_writes_is_not_logged),
        TEST(a_banks_words_are_not_logged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
