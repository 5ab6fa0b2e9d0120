/* Who may log on, what guessing costs, and how much may come from whom. */
#include "kit/engine_harness.h"

#include <stdio.h>

#define RIGHT "553=alpha|554=open sesame|"

static struct harness harness;

static int open(void **state)
{
    (void)state;
    harness_open_with(&harness, "engine-guarded.yaml");
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

/* Does a Logon as alpha with these fields get in? */
static bool gets_in_by(const char *fields, bool secure)
{
    char logon[200];

    snprintf(logon, sizeof logon, "35=A|98=0|108=30|%s", fields);
    harness.links[1].names = secure ? "" : NULL;
    harness.links[1].comp_id = "BRKALPHA";
    harness.links[1].next_out = 1;
    harness_connect(&harness, 1);
    if (harness.links[1].open)
        harness_say(&harness, 1, logon);
    return harness.links[1].open;
}

static bool gets_in(const char *fields)
{
    return gets_in_by(fields, true);
}

static unsigned logged(const char *text)
{
    struct slice left = writer_slice(&harness.log);
    const char *at;
    unsigned count = 0;

    while ((at = memmem(left.at, left.size, text, strlen(text))) != NULL) {
        left = slice_after(left, (size_t)(at - left.at) + 1);
        count++;
    }
    return count;
}

static void the_right_name_and_password_get_in(void **state)
{
    (void)state;
    assert_true(gets_in(RIGHT));
    harness_expect(&harness, 1, "35=A|34=1");
}

static void any_other_hears_why(void **state)
{
    static const char *const wrong[] = {
        "",
        "553=alpha|",
        "554=open sesame|",
        "553=alpha|554=open sesam|",
        "553=alpha|554=open sesame |",
        "553=ALPHA|554=open sesame|",
        "553=alpha|554=|",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char told[80];

        snprintf(told, sizeof told, "35=5|34=%zu|58=Username or Password is not right", i + 1);
        assert_false(gets_in(wrong[i]));
        harness_expect(&harness, 1, told);
        harness_pass(&harness, 30);
    }
    assert_int_equal(logged("why=Logon without the username and password of the session"),
                     sizeof wrong / sizeof *wrong);
    assert_int_equal(logged("sesam"), 0);
    assert_true(gets_in(RIGHT));
    harness_expect(&harness, 1, "35=A|34=8");
}

/* What is told of a session has one of its numbers, and they are of the one that is logged on. */
static void beside_one_that_is_logged_on_a_guess_hears_nothing(void **state)
{
    (void)state;
    assert_true(gets_in(RIGHT));
    harness_expect(&harness, 1, "35=A|34=1");
    harness.links[2].names = "";
    harness.links[2].comp_id = "BRKALPHA";
    harness.links[2].next_out = 2;
    harness_connect(&harness, 2);
    harness_say(&harness, 2, "35=A|98=0|108=30|553=alpha|554=guess|");
    assert_false(harness.links[2].open);
    harness_expect_silence(&harness, 2);
    harness_say(&harness, 1, "35=ZZ|");
    harness_expect(&harness, 1, "35=3|34=2|372=ZZ");
}

static void without_tls_the_right_one_is_refused_too(void **state)
{
    (void)state;
    assert_false(gets_in_by(RIGHT, false));
    assert_true(harness_logged(&harness, "a password over a connection without TLS"));
}

static void a_new_password_is_refused_with_a_reason(void **state)
{
    (void)state;
    assert_false(gets_in(RIGHT "925=open barley|"));
    harness_expect(&harness, 1,
                   "35=5|58=NewPassword (925) is not taken here: ask us for another password");
    assert_int_equal(logged("barley"), 0);
    assert_true(gets_in(RIGHT));
}

static void a_new_password_with_a_wrong_one_is_no_new_password(void **state)
{
    (void)state;
    assert_false(gets_in("553=alpha|554=wrong|925=open barley|"));
    harness_expect(&harness, 1, "35=5|58=Username or Password is not right");
}

static void guesses_close_the_session_for_a_while(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        assert_false(gets_in("553=alpha|554=guess|"));
    assert_int_equal(logged("logon-throttled session=alpha seconds=30"), 1);
    assert_false(gets_in(RIGHT));
    harness_pass(&harness, 29);
    assert_false(gets_in(RIGHT));
    harness_pass(&harness, 1);
    assert_true(gets_in(RIGHT));
}

static void attempts_in_the_pause_do_not_make_it_longer(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        gets_in("553=alpha|554=guess|");
    for (unsigned i = 0; i < 30; i++) {
        assert_false(gets_in("553=alpha|554=guess|"));
        harness_pass(&harness, 1);
    }
    assert_true(gets_in(RIGHT));
}

static void unknown_names_close_the_address_for_all(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        harness_logon(&harness, 2, "NOBODY", 1);
        harness_expect(&harness, 2, "35=5|58=no session has these CompIDs");
    }
    assert_int_equal(logged("logon-throttled peer=127.0.0.1 seconds=30"), 1);
    harness_connect(&harness, 3);
    assert_false(harness.links[3].open);
    harness_pass(&harness, 30);
    assert_true(gets_in(RIGHT));
}

static void what_is_not_fix_counts_too(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        harness_connect(&harness, 2);
        harness_say_bytes(&harness, 2, SLICE("GET / HTTP/1.1\r\n"));
    }
    harness_connect(&harness, 2);
    assert_false(harness.links[2].open);
}

static void who_gets_in_clears_the_address(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        harness_logon(&harness, 2, "NOBODY", 1);
        harness_logon(&harness, 2, "NOBODY", 1);
        harness_logon(&harness, 3, "BRKBETA", i + 1);
        assert_true(harness.links[3].open);
        harness_hang_up(&harness, 3);
    }
}

/* How many of the effects close a connection. */
static unsigned closes(void)
{
    struct effect effect;
    unsigned count = 0;

    while (engine_next(harness.engine, &effect))
        count += effect.kind == EFFECT_CLOSE;
    return count;
}

static void what_waits_for_logons_is_bounded_in_all(void **state)
{
    static const char begin[] = "8=FIX.4.4\0019=16000\00135=A\00158=";
    char part[16000];
    unsigned open_links = 0;
    (void)state;
    memset(part, 'x', sizeof part);
    memcpy(part, begin, sizeof begin - 1);
    for (link_id link = 100; link < 200; link++) {
        const struct input opened = { .kind = INPUT_LINK_OPENED,
                                      .link = link,
                                      .text = arena_format(&harness.arena, "10.0.0.%u",
                                                           (unsigned)link) };
        const struct input bytes = { .kind = INPUT_LINK_BYTES,
                                     .link = link,
                                     .bytes = { part, sizeof part } };
        engine_take(harness.engine, &opened, harness.now);
        engine_take(harness.engine, &bytes, harness.now);
        open_links += closes() == 0;
    }
    assert_int_equal(open_links, 1048576 / sizeof part);
}

/* --- messages a second --- */

static void expect_echo(unsigned number)
{
    char wanted[40];

    snprintf(wanted, sizeof wanted, "35=D|11=O-%u", number);
    harness_expect(&harness, 3, wanted);
}

static void say_order(unsigned number)
{
    char fields[100];

    snprintf(fields, sizeof fields, "35=D|11=O-%u|55=TEST|54=1|60=20260105-00:00:00|38=1|40=1|",
             number);
    harness_say(&harness, 3, fields);
}

static void over_the_rate_messages_are_refused_in_order(void **state)
{
    (void)state;
    harness_logon(&harness, 3, "BRKBETA", 1);
    harness_expect(&harness, 3, "35=A");
    for (unsigned number = 1; number <= 5; number++)
        say_order(number);
    for (unsigned number = 1; number <= 3; number++)
        expect_echo(number);
    harness_expect(&harness, 3,
                   "35=j|45=5|372=D|380=0|58=more than 2 messages a second are not taken");
    harness_expect(&harness, 3, "35=j|45=6|372=D");
    assert_int_equal(logged("more than 2 messages a second"), 1);
    harness_pass(&harness, 1);
    for (unsigned number = 6; number <= 8; number++)
        say_order(number);
    expect_echo(6);
    expect_echo(7);
    harness_expect(&harness, 3, "35=j|45=9");
    assert_int_equal(logged("more than 2 messages a second"), 2);
}

static void session_messages_do_not_count(void **state)
{
    (void)state;
    harness_logon(&harness, 3, "BRKBETA", 1);
    harness_expect(&harness, 3, "35=A");
    for (unsigned i = 0; i < 10; i++)
        harness_say(&harness, 3, "35=0|");
    say_order(1);
    expect_echo(1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_right_name_and_password_get_in),
        TEST(any_other_hears_why),
        TEST(beside_one_that_is_logged_on_a_guess_hears_nothing),
        TEST(without_tls_the_right_one_is_refused_too),
        TEST(a_new_password_is_refused_with_a_reason),
        TEST(a_new_password_with_a_wrong_one_is_no_new_password),
        TEST(guesses_close_the_session_for_a_while),
        TEST(attempts_in_the_pause_do_not_make_it_longer),
        TEST(unknown_names_close_the_address_for_all),
        TEST(what_is_not_fix_counts_too),
        TEST(who_gets_in_clears_the_address),
        TEST(what_waits_for_logons_is_bounded_in_all),
        TEST(over_the_rate_messages_are_refused_in_order),
        TEST(session_messages_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
