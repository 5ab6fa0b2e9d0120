/* Withdrawals of a broker whose messages are hardly checked: what the dictionary
   knows of them moves the money, and what is not clear moves none. */
#include "kit/engine_harness.h"
#include "kit/fix_text.h"

#include <stdio.h>

#define DY      "35=DY|2812=W-1|2811=0|60=20260302-09:00:00|"
#define PARTY   "453=1|448=C-1|447=D|452=3|"
#define PAYMENT "2824=CASH|2818=EUR|2825=20260302|2826=20260303|2819=0|2816=ACC-7001|2821=P-1|"

static struct harness harness;

static void open_under(const char *config)
{
    harness_open(&harness);
    harness.config = config;
    harness_restart(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=A");
}

static int open(void **state)
{
    (void)state;
    open_under("engine-loose.yaml");
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

static void assert_taken(const char *fields)
{
    harness_say(&harness, 1, fields);
    harness_expect(&harness, 1, "35=DZ|2812=W-1|2813=0");
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
    struct slice order = harness_sent(&harness)->bytes;
    assert_non_null(memmem(order.at, order.size, ">250.00<", sizeof ">250.00<" - 1));
}

static void assert_refused(const char *fields, const char *answer)
{
    harness_say(&harness, 1, fields);
    harness_expect(&harness, 1, answer);
    harness_expect_silence(&harness, 1);
    assert_int_equal(harness_reserved(&harness, "C-1"), 0);
    assert_int_equal(harness.sent.count, 0);
}

static void fields_that_nobody_knows_change_nothing(void **state)
{
    (void)state;
    assert_taken(DY "9999=1|453=1|448=C-1|4999=C-2|447=D|452=3|2817=250.00|11=9000.00|" PAYMENT);
}

static void fields_in_the_wrong_place_are_read_where_they_belong(void **state)
{
    (void)state;
    assert_taken(DY "453=1|448=C-1|452=3|447=D|2817=250.00|" PAYMENT "128=north|");
}

static void an_empty_field_is_not_there(void **state)
{
    (void)state;
    assert_taken(DY PARTY "2817=250.00|58=|2820=|128=|" PAYMENT);
}

static void an_amount_that_comes_twice_is_refused(void **state)
{
    (void)state;
    assert_refused(DY PARTY "2817=250.00|9999=x|2817=1.00|" PAYMENT, "35=3|371=2817|373=13");
    assert_refused(DY PARTY "2817=250.00|2817=250.00|" PAYMENT, "35=3|371=2817|373=13");
}

static void an_empty_amount_is_none(void **state)
{
    (void)state;
    assert_refused(DY PARTY "2817=|" PAYMENT, "35=3|371=2817|373=1");
}

static void a_party_outside_its_group_is_nobody(void **state)
{
    (void)state;
    assert_refused(DY "448=C-1|447=D|452=3|2817=250.00|" PAYMENT, "35=3|371=448|373=2");
    assert_refused(DY "453=1|448=C-1|447=D|452=3|448=C-2|2817=250.00|" PAYMENT,
                   "35=3|371=453|373=16");
}

/* The request is read again from what the store has kept of it. */
static void what_was_taken_is_read_the_same_way_after_a_restart(void **state)
{
    (void)state;
    struct slice bytes = fix_text_plain(
        "8=FIX.4.4|9=5|35=DY|2812=W-1|49=BRKALPHA|56=PENSTOCK|34=2|52=20260302-09:00:00|2811=0|"
        "60=20260302-09:00:00|453=1|448=C-1|4999=x|452=3|447=D|2817=250.00|" PAYMENT "10=0|");
    harness_say_bytes(&harness, 1, bytes);
    harness_expect(&harness, 1, "35=DZ|2812=W-1|2813=0");
    struct slice order = harness_sent(&harness)->name;
    harness.config = "engine.yaml";
    harness_restart(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=A");
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2812=W-1|2823=3|2817=250.00");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

static void an_echo_leaves_behind_what_was_left_out(void **state)
{
    (void)state;
    harness_say(&harness, 1,
                "35=D|11=O-1|9999=x|55=VOD|54=1|58=|60=20260302-09:00:00|40=1|50=DESK|");
    assert_non_null(
        strstr(harness_hear(&harness, 1), "|11=O-1|55=VOD|54=1|60=20260302-09:00:00|40=1|10="));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fields_that_nobody_knows_change_nothing),
        TEST(fields_in_the_wrong_place_are_read_where_they_belong),
        TEST(an_empty_field_is_not_there),
        TEST(an_amount_that_comes_twice_is_refused),
        TEST(an_empty_amount_is_none),
        TEST(a_party_outside_its_group_is_nobody),
        TEST(what_was_taken_is_read_the_same_way_after_a_restart),
        TEST(an_echo_leaves_behind_what_was_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
