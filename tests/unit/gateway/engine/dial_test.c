/* Sessions in which we connect to the broker. */
#include "kit/engine_harness.h"

static struct harness harness;

static int open(void **state)
{
    (void)state;
    harness_open_with(&harness, "engine-initiator.yaml");
    harness.links[1].names = "URI:fix:alpha\n";
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

/* From now on that many seconds; how often it was dialled. */
static unsigned dialled_in(unsigned seconds)
{
    unsigned before = harness.dial_count;
    harness_pass(&harness, seconds);
    return harness.dial_count - before;
}

static void logged_on(void)
{
    harness_dialled(&harness, 1, "alpha");
    harness_expect(&harness, 1, "35=A|49=PENSTOCK|56=BRKALPHA|34=1|108=20|553=us|554=open sesame");
    harness.links[1].comp_id = "BRKALPHA";
    harness.links[1].next_out = 1;
    harness_say(&harness, 1, "35=A|98=0|108=20|");
}

static void the_broker_is_dialled_at_once_and_hears_our_logon(void **state)
{
    (void)state;
    assert_int_equal(dialled_in(1), 1);
    assert_int_equal(harness.dial_attempt, 0);
    logged_on();
    assert_true(harness_logged(&harness, "session-logon session=alpha"));
    assert_false(harness_logged(&harness, "sesame"));
    harness_say(&harness, 1, "35=5|");
    harness_expect(&harness, 1, "35=5|34=2");
}

static void while_an_attempt_is_under_way_there_is_no_other(void **state)
{
    (void)state;
    assert_int_equal(dialled_in(1), 1);
    assert_int_equal(dialled_in(600), 0);
}

static void each_attempt_that_fails_doubles_the_pause_up_to_the_most(void **state)
{
    static const unsigned pauses_s[] = { 2, 4, 8, 10, 10 };
    (void)state;
    dialled_in(1);
    for (unsigned i = 0; i < sizeof pauses_s / sizeof *pauses_s; i++) {
        harness_not_dialled(&harness, "alpha", "connection refused");
        assert_int_equal(dialled_in(pauses_s[i] - 1), 0);
        assert_int_equal(dialled_in(2), 1);
        assert_int_equal(harness.dial_attempt, i + 1);
    }
    assert_true(harness_logged(&harness, "dial-failed session=alpha why=connection refused"));
}

static void after_a_lost_connection_the_pause_is_short_again(void **state)
{
    (void)state;
    dialled_in(1);
    harness_not_dialled(&harness, "alpha", "connection refused");
    dialled_in(3);
    logged_on();
    harness_hang_up(&harness, 1);
    assert_int_equal(dialled_in(1), 0);
    assert_int_equal(dialled_in(2), 1);
    harness_dialled(&harness, 1, "alpha");
    harness_expect(&harness, 1, "35=A|34=2|108=20");
}

static void a_broker_that_does_not_answer_the_logon_is_tried_again_ever_later(void **state)
{
    (void)state;
    dialled_in(1);
    harness_dialled(&harness, 1, "alpha");
    harness_pass(&harness, 11);
    assert_false(harness.links[1].open);
    assert_int_equal(dialled_in(3), 1);
    harness_dialled(&harness, 1, "alpha");
    harness_pass(&harness, 10);
    assert_int_equal(dialled_in(3), 0);
    assert_int_equal(dialled_in(3), 1);
}

static void a_broker_with_another_certificate_hears_nothing(void **state)
{
    (void)state;
    dialled_in(1);
    harness.links[1].names = "URI:fix:beta\n";
    harness_dialled(&harness, 1, "alpha");
    harness_expect_silence(&harness, 1);
    assert_false(harness.links[1].open);
    assert_true(harness_logged(&harness, "the broker has not the certificate of the session"));
    assert_int_equal(dialled_in(3), 1);
}

static void nobody_may_connect_to_us_as_that_session(void **state)
{
    (void)state;
    harness_logon(&harness, 2, "BRKALPHA", 1);
    harness_expect(&harness, 2, "35=5");
    assert_false(harness.links[2].open);
    assert_true(harness_logged(&harness, "logon-unknown"));
}

static void requests_are_answered_as_in_any_session(void **state)
{
    (void)state;
    dialled_in(1);
    logged_on();
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ|34=2");
    harness_expect(&harness, 1, "35=EA|34=3|2804=0");
}

static void while_the_store_is_down_nobody_is_dialled(void **state)
{
    (void)state;
    dialled_in(1);
    logged_on();
    store_memory_fail(harness.store, STORE_MEMORY_FAILS_BEFORE, 5, &store_full);
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    assert_false(harness.links[1].open);
    assert_int_equal(dialled_in(3), 0);
    assert_int_equal(dialled_in(20), 1);
    harness_dialled(&harness, 1, "alpha");
    harness_expect(&harness, 1, "35=A");
}

static void one_that_stands_when_the_gateway_goes_down_is_closed(void **state)
{
    (void)state;
    dialled_in(1);
    engine_take(harness.engine, &(struct input){ .kind = INPUT_DRAIN }, harness.now);
    harness_run(&harness);
    harness_dialled(&harness, 1, "alpha");
    assert_false(harness.links[1].open);
    harness_expect_silence(&harness, 1);
}

/* --- a session that becomes the other kind while it is connected --- */

static void reload_as(const char *name)
{
    struct config *config = harness_config(name);

    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_CONFIGURATION, .configuration = config },
                harness.now);
    harness_run(&harness);
}

static int open_accepting(void **state)
{
    (void)state;
    harness_open_with(&harness, "engine.yaml");
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=A|34=1");
    return 0;
}

static void one_that_is_to_be_dialled_is_when_its_connection_has_ended(void **state)
{
    (void)state;
    reload_as("engine-initiator.yaml");
    assert_true(harness.links[1].open);
    assert_int_equal(dialled_in(20), 0);
    harness_hang_up(&harness, 1);
    assert_int_equal(dialled_in(3), 1);
}

static void one_that_is_not_to_be_dialled_any_more_is_waited_for(void **state)
{
    (void)state;
    assert_int_equal(dialled_in(1), 1);
    logged_on();
    reload_as("engine.yaml");
    assert_true(harness.links[1].open);
    harness_hang_up(&harness, 1);
    assert_int_equal(dialled_in(60), 0);
    harness_logon(&harness, 2, "BRKALPHA", 2);
    harness_expect(&harness, 2, "35=A|34=2");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_broker_is_dialled_at_once_and_hears_our_logon),
        TEST(while_an_attempt_is_under_way_there_is_no_other),
        TEST(each_attempt_that_fails_doubles_the_pause_up_to_the_most),
        TEST(after_a_lost_connection_the_pause_is_short_again),
        TEST(a_broker_that_does_not_answer_the_logon_is_tried_again_ever_later),
        TEST(a_broker_with_another_certificate_hears_nothing),
        TEST(nobody_may_connect_to_us_as_that_session),
        TEST(requests_are_answered_as_in_any_session),
        TEST(while_the_store_is_down_nobody_is_dialled),
        TEST(one_that_stands_when_the_gateway_goes_down_is_closed),
        cmocka_unit_test_setup_teardown(one_that_is_to_be_dialled_is_when_its_connection_has_ended,
                                        open_accepting, close_all),
        cmocka_unit_test_setup_teardown(one_that_is_not_to_be_dialled_any_more_is_waited_for, open,
                                        close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
