/* Messages that are not requests: echoed, refused, or for another bank. */
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

#define ORDER "11=O-1|55=VOD|54=1|60=20260302-09:00:00|38=0100|40=1|58=  blanks and = signs  |"

static void an_echo_has_the_same_body_under_our_own_header(void **state)
{
    (void)state;
    harness_say(&harness, 1, "35=D|" ORDER);
    const char *message = harness_hear(&harness, 1);

    assert_string_equal(harness_field(message, 49), "PENSTOCK");
    assert_string_equal(harness_field(message, 56), "BRKALPHA");
    assert_string_equal(harness_field(message, 34), "2");
    assert_non_null(strstr(message, "|" ORDER "10="));
    assert_null(strstr(message, "|43="));
    assert_null(strstr(message, "|97="));
}

static void an_echo_keeps_the_groups_of_a_body(void **state)
{
    (void)state;
    harness_say(&harness, 1, "35=C|164=E-1|94=0|147=hello|33=2|58=one|58=two|");
    assert_non_null(
        strstr(harness_hear(&harness, 1), "|164=E-1|94=0|147=hello|33=2|58=one|58=two|10="));
}

static void an_echo_is_to_be_read_as_what_came(void **state)
{
    (void)state;
    harness_say(&harness, 1, "35=D|97=N|347=UTF-8|50=DESK|" ORDER);
    const char *message = harness_hear(&harness, 1);

    assert_string_equal(harness_field(message, 97), "N");
    assert_string_equal(harness_field(message, 347), "UTF-8");
    assert_null(strstr(message, "|50="));
}

/* 97=Y belongs to the header: it stands in front of the body. */
static void possible_resends_are_echoed_once(void **state)
{
    (void)state;
    harness_say(&harness, 1, "35=D|97=Y|" ORDER);
    harness_expect(&harness, 1, "35=D|34=2|97=Y|11=O-1");
    harness_say(&harness, 1, "35=D|97=Y|" ORDER);
    harness_expect_silence(&harness, 1);
    harness_say(&harness, 1, "35=D|" ORDER);
    harness_expect(&harness, 1, "35=D|34=3|11=O-1");
}

static void what_was_seen_is_forgotten_with_the_logon(void **state)
{
    (void)state;
    harness_say(&harness, 1, "35=D|" ORDER);
    harness_expect(&harness, 1, "35=D");
    harness_hang_up(&harness, 1);
    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=A");
    harness_say(&harness, 1, "35=D|97=Y|" ORDER);
    harness_expect(&harness, 1, "35=D|97=Y|11=O-1");
}

static void a_dropped_message_uses_up_its_number(void **state)
{
    (void)state;
    harness_say(&harness, 1, "35=D|" ORDER);
    harness_expect(&harness, 1, "35=D");
    harness_say(&harness, 1, "35=D|97=Y|" ORDER);
    harness_restart(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 4);
    harness_expect(&harness, 1, "35=A");
    harness_expect_silence(&harness, 1);
}

static void what_no_map_and_no_rule_takes_is_refused(void **state)
{
    (void)state;
    harness_say(&harness, 1, "35=F|41=O-1|11=O-2|55=VOD|54=1|60=20260302-09:00:00|38=1|");
    harness_expect(&harness, 1, "35=j|45=2|372=F|380=3");
}

static void a_cancel_without_a_reference_is_refused(void **state)
{
    (void)state;
    harness_say(&harness, 1,
                "35=DY|2812=X-1|2811=1|60=20260302-09:00:00|453=1|448=C-1|447=D|452=3|2824=CASH|"
                "2817=1.00|2818=EUR|2825=20260302|2826=20260303|2819=0|2816=ACC-7001|");
    harness_expect(&harness, 1, "35=j|45=2|372=DY|379=X-1|380=5");
    assert_null(harness_instruction(&harness, "X-1"));
}

static void an_answer_to_an_unknown_report_is_refused(void **state)
{
    (void)state;
    const char *const ids[] = { "NO-SUCH-REPORT",   "PSTK-K7Q2MX-7-R1", "PSTK-K7Q2MX-1-R9",
                                "PSTK-K7Q2MX-1-R0", "PSTK-K7Q2MX-1",    "PSTK-K7Q2MX--R1" };

    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ");
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        char text[100];
        snprintf(text, sizeof text, "35=EB|2799=%s|2806=1|", ids[i]);
        harness_say(&harness, 1, text);
        snprintf(text, sizeof text, "35=j|372=EB|379=%s|380=1", ids[i]);
        harness_expect(&harness, 1, text);
    }
}

static void an_answer_to_a_report_on_a_withdrawal_is_only_noted(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_status(&harness, "north", "B-1", harness_sent(&harness)->name, "ACCP", NULL);
    harness_expect(&harness, 1, "35=EA|2799=PSTK-K7Q2MX-1-R1");
    harness_say(&harness, 1, "35=EB|2799=PSTK-K7Q2MX-1-R1|2806=2|");
    harness_expect_silence(&harness, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "pending");
}

static void the_report_of_another_session_is_unknown(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_status(&harness, "north", "B-1", harness_sent(&harness)->name, "ACCP", NULL);
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    harness_say(&harness, 2, "35=EB|2799=PSTK-K7Q2MX-1-R1|2806=1|");
    harness_expect(&harness, 2, "35=j|380=1");
}

static void deliver_to(const char *target, const char *id)
{
    char text[700];

    snprintf(text, sizeof text, "35=DY|128=%s|%s", target, harness_withdrawal(id, "1.00") + 6);
    harness_say(&harness, 1, text);
}

static void a_delivery_that_nobody_serves_is_refused(void **state)
{
    (void)state;
    deliver_to("OTHERBANK", "W-1");
    harness_expect(&harness, 1, "35=j|45=2|372=DY|379=W-1|380=7");
    assert_null(harness_instruction(&harness, "W-1"));
}

static void a_delivery_names_a_bank_by_channel_or_bic(void **state)
{
    (void)state;
    deliver_to("north", "W-1");
    harness_expect(&harness, 1, "35=DZ");
    deliver_to("NRTXDEFFXXX", "W-2");
    harness_expect(&harness, 1, "35=DZ");
    assert_int_equal(harness.sent.count, 2);
    deliver_to("south", "W-3");
    harness_expect(&harness, 1, "35=DZ");
    assert_memory_equal(harness_field(harness_hear(&harness, 1), 1328), "RC01", 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_echo_has_the_same_body_under_our_own_header),
        TEST(an_echo_keeps_the_groups_of_a_body),
        TEST(an_echo_is_to_be_read_as_what_came),
        TEST(possible_resends_are_echoed_once),
        TEST(what_was_seen_is_forgotten_with_the_logon),
        TEST(a_dropped_message_uses_up_its_number),
        TEST(what_no_map_and_no_rule_takes_is_refused),
        TEST(a_cancel_without_a_reference_is_refused),
        TEST(an_answer_to_an_unknown_report_is_refused),
        TEST(an_answer_to_a_report_on_a_withdrawal_is_only_noted),
        TEST(the_report_of_another_session_is_unknown),
        TEST(a_delivery_that_nobody_serves_is_refused),
        TEST(a_delivery_names_a_bank_by_channel_or_bic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
