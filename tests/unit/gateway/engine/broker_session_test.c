/* Sessions: logons, numbers, and what a lost connection leaves behind. */
#include "kit/engine_harness.h"

#include "gateway/engine/machine.h"
#include "kit/fix_text.h"

#include <stdio.h>

static struct harness harness;

static int open(void **state)
{
    (void)state;
    harness_open(&harness);
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

static void logged_on(uint64_t next_out)
{
    harness_logon(&harness, 1, "BRKALPHA", next_out);
    harness_expect(&harness, 1, "35=A");
}

/* --- logons --- */

static void an_unknown_broker_is_told_and_cut_off(void **state)
{
    (void)state;
    harness_logon(&harness, 1, "NOBODY", 1);
    harness_expect(&harness, 1, "35=5|49=PENSTOCK|56=NOBODY|34=1");
    assert_false(harness.links[1].open);
    assert_true(harness_logged(&harness, "logon-unknown"));
}

static void opened_with_certificates(const char *names)
{
    harness_close(&harness);
    harness_open_with(&harness, "engine-certificate.yaml");
    harness.links[1].names = names;
    harness_logon(&harness, 1, "BRKALPHA", 1);
}

static void the_certificate_of_the_session_opens_it(void **state)
{
    (void)state;
    opened_with_certificates("CN=Broker Alpha\nURI:fix:alpha\nSHA256:00\n");
    harness_expect(&harness, 1, "35=A");
}

static void assert_is_a_stranger(const char *names)
{
    opened_with_certificates(names);
    harness_expect_silence(&harness, 1);
    assert_false(harness.links[1].open);
    assert_true(harness_logged(&harness, "Logon without the certificate of the session"));
    assert_int_equal(kept("alpha").next_in, 1);
}

static void without_the_certificate_of_the_session_nobody_logs_on(void **state)
{
    (void)state;
    assert_is_a_stranger(NULL);
    assert_is_a_stranger("CN=Broker Beta\nURI:fix:beta\n");
    assert_is_a_stranger("CN=URI:fix:alpha\n");
    assert_is_a_stranger("URI:fix:alpha2\nURI:fix:alph\n");
}

static void what_is_not_fix_is_cut_off_at_its_first_byte(void **state)
{
    (void)state;
    harness_connect(&harness, 1);
    harness_say_bytes(&harness, 1, SLICE("G"));
    assert_false(harness.links[1].open);
}

static void a_first_message_that_is_no_logon_is_cut_off(void **state)
{
    (void)state;
    harness.links[1].comp_id = "BRKALPHA";
    harness.links[1].next_out = 1;
    harness_connect(&harness, 1);
    harness_say(&harness, 1, "35=0|");
    harness_expect_silence(&harness, 1);
    assert_false(harness.links[1].open);
}

static void a_logon_may_come_byte_by_byte(void **state)
{
    (void)state;
    struct slice logon = fix_text("8=FIX.4.4|35=A|49=BRKALPHA|56=PENSTOCK|34=1|"
                                  "52=20260302-09:00:00|98=0|108=30|");

    harness_connect(&harness, 1);
    for (size_t i = 0; i < logon.size; i++) {
        char byte = logon.at[i];
        harness_say_bytes(&harness, 1, (struct slice){ &byte, 1 });
        logon = fix_text("8=FIX.4.4|35=A|49=BRKALPHA|56=PENSTOCK|34=1|"
                         "52=20260302-09:00:00|98=0|108=30|");
    }
    harness_expect(&harness, 1, "35=A|34=1");
}

static void an_endless_first_message_is_cut_off(void **state)
{
    (void)state;
    char bytes[1024];

    memset(bytes, '1', sizeof bytes);
    memcpy(bytes, "8=FIX.4.4\0019=", 12);
    harness_connect(&harness, 1);
    for (int i = 0; i < 20 && harness.links[1].open; i++) {
        harness_say_bytes(&harness, 1, (struct slice){ bytes, sizeof bytes });
        bytes[0] = bytes[1] = '1';
    }
    assert_false(harness.links[1].open);
}

static void a_connection_without_a_logon_ends(void **state)
{
    (void)state;
    harness_connect(&harness, 1);
    harness_pass(&harness, 11);
    assert_false(harness.links[1].open);
}

static void the_number_of_silent_connections_is_limited(void **state)
{
    (void)state;
    unsigned closed = 0;
    struct effect effect;

    for (link_id link = 100; link < 700; link++)
        engine_take(harness.engine, &(struct input){ .kind = INPUT_LINK_OPENED, .link = link },
                    harness.now);
    while (engine_next(harness.engine, &effect))
        closed += effect.kind == EFFECT_CLOSE;
    assert_int_equal(closed, 600 - 512);
    for (link_id link = 100; link < 700; link++)
        engine_take(harness.engine, &(struct input){ .kind = INPUT_LINK_CLOSED, .link = link },
                    harness.now);
    logged_on(1);
}

static void a_second_connection_does_not_take_a_session_over(void **state)
{
    (void)state;
    logged_on(1);
    harness_logon(&harness, 2, "BRKALPHA", 2);
    harness_pass(&harness, 2);
    harness_expect_silence(&harness, 2);
    assert_false(harness.links[2].open);
    assert_true(harness.links[1].open);
    assert_true(harness_logged(&harness, "session-fault session=alpha"));
}

/* The news of the loss come behind the new connection. */
static void a_broker_that_is_back_at_once_gets_its_place(void **state)
{
    (void)state;
    logged_on(1);
    harness_logon(&harness, 2, "BRKALPHA", 2);
    harness_say(&harness, 2, "35=ZZ9|");
    harness_expect_silence(&harness, 2);
    assert_true(harness.links[2].open);
    harness_hang_up(&harness, 1);
    harness_expect(&harness, 2, "35=A|34=2|");
    harness_expect(&harness, 2, "35=3|34=3|45=3|");
}

static void who_waits_for_a_place_gets_in_alone(void **state)
{
    (void)state;
    logged_on(1);
    harness_logon(&harness, 2, "BRKALPHA", 2);
    harness_logon(&harness, 3, "BRKALPHA", 2);
    harness_hang_up(&harness, 1);
    harness_pass(&harness, 2);
    assert_int_equal(harness.links[2].open + harness.links[3].open, 1);
}

static void who_waits_and_goes_leaves_nothing_behind(void **state)
{
    (void)state;
    logged_on(1);
    harness_logon(&harness, 2, "BRKALPHA", 2);
    harness_hang_up(&harness, 2);
    harness_hang_up(&harness, 1);
    harness_logon(&harness, 3, "BRKALPHA", 2);
    harness_expect(&harness, 3, "35=A|34=2|");
}

static void another_version_is_the_sessions_to_refuse(void **state)
{
    (void)state;
    harness_connect(&harness, 1);
    harness_say_bytes(&harness, 1,
                      fix_text("8=FIX.4.2|35=A|49=BRKALPHA|56=PENSTOCK|34=1|"
                               "52=20260302-09:00:00|98=0|108=30|"));
    assert_false(harness.links[1].open);
}

static void a_silent_peer_is_asked_and_then_left(void **state)
{
    (void)state;
    logged_on(1);
    harness_pass(&harness, 120);
    assert_false(harness.links[1].open);
    assert_true(harness_logged(&harness, "session-end session=alpha"));
}

/* --- numbers --- */

/* How often a text stands in what was written. */
static unsigned count(struct slice bytes, const char *text)
{
    unsigned found = 0;
    size_t size = strlen(text);

    for (size_t at = 0; at + size <= bytes.size; at++)
        found += memcmp(bytes.at + at, text, size) == 0;
    return found;
}

static void nothing_with_a_number_leaves_before_the_number_is_reserved(void **state)
{
    (void)state;
    logged_on(1);
    uint64_t reserved = kept("alpha").next_out;
    unsigned in_hand = (unsigned)reserved - 2;

    harness.hold_commits = true;
    for (unsigned i = 0; i < in_hand + 5; i++)
        harness_say(&harness, 1, "35=1|112=x|");
    assert_int_equal(count(writer_slice(&harness.links[1].heard), "\00135=0\001"), in_hand);
    harness_commit(&harness);
    assert_int_equal(count(writer_slice(&harness.links[1].heard), "\00135=0\001"), in_hand + 5);
}

static void session_messages_queue_behind_what_is_not_yet_durable(void **state)
{
    (void)state;
    logged_on(1);
    harness.hold_commits = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_say(&harness, 1, "35=1|112=are you there|");
    assert_int_equal(harness.links[1].heard.used, 0);
    harness_commit(&harness);
    harness_expect(&harness, 1, "35=DZ|34=2");
    assert_non_null(strstr(fix_text_show(writer_slice(&harness.links[1].heard)).at, "|35=0|"));
}

static void a_message_is_kept_as_it_went_out(void **state)
{
    (void)state;
    logged_on(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    assert_int_equal(store_memory_count(harness.store, ROW_MESSAGE_OUT), 1);
    struct message_row row = store_memory_at(harness.store, ROW_MESSAGE_OUT, 0)->message;
    assert_int_equal(row.number, 2);
    assert_true(slice_equal(row.bytes, writer_slice(&harness.links[1].heard)));
    assert_int_equal(store_memory_count(harness.store, ROW_MESSAGE_IN), 1);
}

static void after_a_crash_numbers_go_on_behind_those_that_were_reserved(void **state)
{
    (void)state;
    logged_on(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ|34=2");
    uint64_t reserved = kept("alpha").next_out;
    assert_true(reserved > 3);

    harness_restart(&harness);
    logged_on(3);
    harness_say(&harness, 1, "35=2|7=2|16=0|");
    harness_expect(&harness, 1, "35=DZ|34=2|43=Y");
    char fields[60];
    snprintf(fields, sizeof fields, "35=4|34=3|123=Y|36=%llu", (unsigned long long)reserved + 1);
    harness_expect(&harness, 1, fields);
}

static void a_message_that_was_not_committed_is_asked_for_again(void **state)
{
    (void)state;
    logged_on(1);
    harness.hold_commits = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_restart(&harness);
    assert_string_equal(harness_state(&harness, "W-1"), "none");
    logged_on(3);
    harness_expect(&harness, 1, "35=2|7=1");
    harness_say_again(&harness, 1, 1, "35=4|123=Y|36=2|");
    harness_say_again(&harness, 1, 2, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ|2812=W-1");
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
}

static void a_waiting_message_holds_the_durable_number_back(void **state)
{
    (void)state;
    logged_on(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|2813=2");
    harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    harness_command(&harness, "olga", "links import x");
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_say(&harness, 2, "35=C|164=E|94=0|147=s|33=1|58=x|");
    assert_int_equal(kept("alpha").next_in, 3);
    harness_answer(&harness);
    harness_expect(&harness, 1, "35=EA|97=Y");
    harness_expect(&harness, 1, "35=DZ|2812=W-2");
    assert_int_equal(kept("alpha").next_in, 5);
}

static void what_waits_since_before_a_reset_does_not_hide_what_waits_behind_it(void **state)
{
    (void)state;
    logged_on(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_hang_up(&harness, 1);
    harness.links[1].next_out = 1;
    harness_connect(&harness, 1);
    harness_say(&harness, 1, "35=A|98=0|108=30|141=Y|");
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    assert_int_equal(kept("alpha").next_in, 2);
    harness_pass(&harness, 40); /* heartbeats, and with them a batch */
    assert_int_equal(kept("alpha").next_in, 2);
    harness.hold_answers = false;
    harness_answer(&harness);
    assert_int_equal(kept("alpha").next_in, 3);
}

static void a_session_that_waits_too_long_is_not_read_any_more(void **state)
{
    (void)state;
    char id[16];

    logged_on(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA");
    harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    for (unsigned i = 0; i < 70; i++) {
        snprintf(id, sizeof id, "X-%u", i);
        harness_say(&harness, 1, harness_withdrawal(id, "1.00"));
    }
    assert_true(harness.links[1].paused);
    harness.hold_answers = false;
    harness_answer(&harness);
    assert_false(harness.links[1].paused);
    assert_string_equal(harness_state(&harness, "X-69"), "sent");
}

/* All but the first of these come from behind a gap, which the first one closes. */
static void say_behind_a_gap(unsigned count)
{
    uint64_t missing = harness.links[1].next_out++;
    char id[16];

    for (unsigned i = 0; i < count; i++) {
        snprintf(id, sizeof id, "X-%u", i);
        harness_say(&harness, 1, harness_withdrawal(id, "1.00"));
    }
    harness_expect(&harness, 1, "35=2|7=3|16=0");
    harness_expect_silence(&harness, 1);
    harness_say_again(&harness, 1, missing, harness_withdrawal("W-1", "1000.01"));
}

static void what_was_kept_in_a_gap_is_taken_as_fast_as_the_store_allows(void **state)
{
    (void)state;
    const struct broker_session *session = broker_session_named(harness.engine, SLICE("alpha"));

    logged_on(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA");
    harness.hold_answers = true;
    say_behind_a_gap(100);
    assert_true(harness.links[1].paused);
    assert_int_equal(session->parked_count, PARKED_MESSAGES_MAX);
    assert_int_equal(fix_session_next_in(session->machine), 3 + PARKED_MESSAGES_MAX);
    assert_int_equal(kept("alpha").next_in, 3);
    harness.hold_answers = false;
    harness_answer(&harness);
    assert_false(harness.links[1].paused);
    harness_expect(&harness, 1, "35=EA|97=Y");
    for (unsigned i = 0; i < 100; i++) {
        char report[32];
        snprintf(report, sizeof report, "35=DZ|2812=X-%u", i);
        harness_expect(&harness, 1, report);
    }
    assert_int_equal(kept("alpha").next_in, 104);
}

static void what_was_kept_in_a_gap_is_asked_for_again_after_a_crash(void **state)
{
    (void)state;
    logged_on(1);
    harness.links[1].next_out = 3;
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    harness_expect(&harness, 1, "35=2|7=2|16=0");
    harness_restart(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 4);
    harness_expect(&harness, 1, "35=A");
    harness_expect(&harness, 1, "35=2|7=1|16=0");
    harness_say_again(&harness, 1, 1, "35=4|123=Y|36=2|");
    harness_say_again(&harness, 1, 2, harness_withdrawal("W-1", "1.00"));
    harness_say_again(&harness, 1, 3, harness_withdrawal("W-2", "1.00"));
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_string_equal(harness_state(&harness, "W-2"), "sent");
    assert_int_equal(kept("alpha").next_in, 5);
}

static void one_that_goes_on_sending_is_cut_off(void **state)
{
    (void)state;
    char id[16];

    logged_on(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    for (unsigned i = 0; i < 20000 && harness.links[1].open; i++) {
        snprintf(id, sizeof id, "X-%u", i);
        harness_say(&harness, 1, harness_withdrawal(id, "1.00"));
    }
    assert_true(harness.links[1].paused);
    assert_false(harness.links[1].open);
    assert_true(harness_logged(&harness, "it sends more than is read"));
}

static void a_long_replay_comes_in_parts_and_in_order(void **state)
{
    (void)state;
    char text[40];

    logged_on(1);
    for (unsigned i = 0; i < 200; i++) {
        snprintf(text, sizeof text, "35=C|164=E%u|94=0|147=s|33=1|58=x|", i);
        harness_say(&harness, 1, text);
        harness_expect(&harness, 1, "35=C");
    }
    harness_say(&harness, 1, "35=2|7=1|16=0|");
    harness_expect(&harness, 1, "35=4|34=1|36=2|43=Y");
    for (unsigned i = 0; i < 200; i++) {
        snprintf(text, sizeof text, "35=C|43=Y|34=%u|164=E%u", i + 2, i);
        harness_expect(&harness, 1, text);
    }
    harness_expect_silence(&harness, 1);
}

static void a_reset_is_durable_before_its_answer_leaves(void **state)
{
    (void)state;
    logged_on(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_hang_up(&harness, 1);
    uint64_t generation = kept("alpha").generation;

    harness.hold_commits = true;
    harness.links[1].next_out = 1;
    harness_connect(&harness, 1);
    harness_say(&harness, 1, "35=A|98=0|108=30|141=Y|");
    assert_int_equal(harness.links[1].heard.used, 0);
    harness.hold_commits = false;
    harness_commit(&harness);
    harness_expect(&harness, 1, "35=A|34=1|141=Y");
    assert_int_equal(kept("alpha").generation, generation + 1);
    assert_int_equal(kept("alpha").next_in, 2);

    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    harness_expect(&harness, 1, "35=DZ|34=2|2812=W-2");
}

/* A receipt is shorter than this, a report is not. */
#define TAKES_RECEIPTS "35=A|98=0|108=30|383=250|"

static void log_on_taking(const char *logon, uint64_t next_out)
{
    harness.links[1].comp_id = "BRKALPHA";
    harness.links[1].next_out = next_out;
    harness_connect(&harness, 1);
    harness_say(&harness, 1, logon);
    harness_expect(&harness, 1, "35=A");
}

static void what_a_broker_can_not_take_is_an_alert_and_kept_for_when_it_can(void **state)
{
    (void)state;
    log_on_taking(TAKES_RECEIPTS, 1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_expect(&harness, 1, "35=DZ|34=2|2812=W-1");
    harness_expect_silence(&harness, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_true(harness_logged(&harness, "message-too-long session=alpha number=3"));
    harness_say(&harness, 1, "35=2|7=3|16=0|");
    harness_expect(&harness, 1, "35=4|34=3|123=Y|36=4");

    harness_hang_up(&harness, 1);
    log_on_taking("35=A|98=0|108=30|383=65536|", 4);
    harness_say(&harness, 1, "35=2|7=3|16=3|");
    harness_expect(&harness, 1, "35=EA|34=3|43=Y|2812=W-1|2813=2");
}

/* It was told by an alert; behind it are messages that the broker has had. */
static void what_a_broker_can_not_take_does_not_come_again_after_a_reset(void **state)
{
    (void)state;
    log_on_taking(TAKES_RECEIPTS, 1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_expect(&harness, 1, "35=DZ|34=2");
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    harness_expect(&harness, 1, "35=DZ|34=4");
    harness_hang_up(&harness, 1);
    log_on_taking("35=A|98=0|108=30|141=Y|", 1);
    harness_say(&harness, 1, harness_withdrawal("W-3", "1.00"));
    harness_expect(&harness, 1, "35=DZ|34=2|2812=W-3");
}

static void going_down_logs_out_and_keeps_the_exact_numbers(void **state)
{
    (void)state;
    logged_on(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ|34=2");
    engine_take(harness.engine, &(struct input){ .kind = INPUT_DRAIN }, harness.now);
    harness_run(&harness);
    harness_expect(&harness, 1, "35=5|34=3");
    assert_false(harness.stopped);
    harness_say(&harness, 1, "35=5|");
    assert_true(harness.stopped);
    assert_int_equal(kept("alpha").next_out, 4);
    assert_int_equal(kept("alpha").next_in, 4);
    harness_restart(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 4);
    harness_expect(&harness, 1, "35=A|34=4");
    harness_expect_silence(&harness, 1);
}

static void going_down_does_not_wait_for_a_peer_for_ever(void **state)
{
    (void)state;
    logged_on(1);
    harness_connect(&harness, 2);
    engine_take(harness.engine, &(struct input){ .kind = INPUT_DRAIN }, harness.now);
    harness_run(&harness);
    assert_false(harness.links[2].open);
    harness_pass(&harness, 60);
    assert_true(harness.stopped);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_unknown_broker_is_told_and_cut_off),
        TEST(what_is_not_fix_is_cut_off_at_its_first_byte),
        TEST(the_certificate_of_the_session_opens_it),
        TEST(without_the_certificate_of_the_session_nobody_logs_on),
        TEST(a_first_message_that_is_no_logon_is_cut_off),
        TEST(a_logon_may_come_byte_by_byte),
        TEST(an_endless_first_message_is_cut_off),
        TEST(a_connection_without_a_logon_ends),
        TEST(the_number_of_silent_connections_is_limited),
        TEST(a_second_connection_does_not_take_a_session_over),
        TEST(a_broker_that_is_back_at_once_gets_its_place),
        TEST(who_waits_for_a_place_gets_in_alone),
        TEST(who_waits_and_goes_leaves_nothing_behind),
        TEST(another_version_is_the_sessions_to_refuse),
        TEST(a_silent_peer_is_asked_and_then_left),
        TEST(nothing_with_a_number_leaves_before_the_number_is_reserved),
        TEST(session_messages_queue_behind_what_is_not_yet_durable),
        TEST(a_message_is_kept_as_it_went_out),
        TEST(after_a_crash_numbers_go_on_behind_those_that_were_reserved),
        TEST(a_message_that_was_not_committed_is_asked_for_again),
        TEST(a_waiting_message_holds_the_durable_number_back),
        TEST(what_waits_since_before_a_reset_does_not_hide_what_waits_behind_it),
        TEST(a_session_that_waits_too_long_is_not_read_any_more),
        TEST(what_was_kept_in_a_gap_is_taken_as_fast_as_the_store_allows),
        TEST(what_was_kept_in_a_gap_is_asked_for_again_after_a_crash),
        TEST(one_that_goes_on_sending_is_cut_off),
        TEST(a_long_replay_comes_in_parts_and_in_order),
        TEST(a_reset_is_durable_before_its_answer_leaves),
        TEST(what_a_broker_can_not_take_is_an_alert_and_kept_for_when_it_can),
        TEST(what_a_broker_can_not_take_does_not_come_again_after_a_reset),
        TEST(going_down_logs_out_and_keeps_the_exact_numbers),
        TEST(going_down_does_not_wait_for_a_peer_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
