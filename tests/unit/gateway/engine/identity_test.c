/* Whose Logon it is, when a broker has several sessions; and third parties behind
   a broker. */
#include "kit/engine_harness.h"

#include <stdio.h>

static struct harness harness;

static int open(void **state)
{
    (void)state;
    harness_open(&harness);
    harness.config = "engine-desks.yaml";
    harness_restart(&harness);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

static void log_on_with(unsigned link, const char *header)
{
    char logon[200];

    snprintf(logon, sizeof logon, "35=A|%s98=0|108=30|141=Y|", header);
    harness.links[link].comp_id = "BRKALPHA";
    harness.links[link].next_out = 1;
    harness_connect(&harness, link);
    harness_say(&harness, link, logon);
}

static void assert_is(const char *header, const char *session)
{
    char line[200];

    snprintf(line, sizeof line, "session-logon session=%s ", session);
    log_on_with(1, header);
    harness_expect(&harness, 1, "35=A");
    if (!harness_logged(&harness, line))
        fail_msg("%.*s", SLICE_ARG(writer_slice(&harness.log)));
    harness_hang_up(&harness, 1);
    writer_reset(&harness.log);
}

static void the_session_with_most_of_its_ids_is_meant(void **state)
{
    (void)state;
    assert_is("", "alpha");
    assert_is("50=TRADER|", "alpha");
    assert_is("50=MONEY|", "alpha-money");
    assert_is("50=MONEY|142=LON|", "alpha-money");
    assert_is("50=MONEY|57=CUSTODY|142=PAR|", "alpha-money-paris");
    assert_is("50=MONEY|142=PAR|", "alpha-money");
    assert_is("142=PAR|", "alpha");
}

static void desks_are_connected_side_by_side(void **state)
{
    (void)state;
    log_on_with(1, "");
    harness_expect(&harness, 1, "35=A");
    log_on_with(2, "50=MONEY|57=CUSTODY|142=PAR|");
    harness_expect(&harness, 2, "35=A|49=PENSTOCK|56=BRKALPHA|50=CUSTODY|57=MONEY|143=PAR");
    log_on_with(3, "50=MONEY|");
    assert_null(strstr(harness_hear(&harness, 3), "|143="));
    log_on_with(4, "50=MONEY|");
    assert_false(harness.links[4].open);
}

static void answers_go_back_by_the_third_parties(void **state)
{
    char request[700];
    (void)state;
    log_on_with(1, "");
    harness_expect(&harness, 1, "35=A");
    snprintf(request, sizeof request, "35=DY|115=FUND|116=OPS|128=north|129=CASH|%s",
             harness_withdrawal("W-1", "1.00") + 6);
    harness_say(&harness, 1, request);
    harness_expect(&harness, 1, "35=DZ|115=north|116=CASH|128=FUND|129=OPS|2812=W-1");
    struct slice order = harness_sent(&harness)->name;
    harness_restart(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 3);
    harness_expect(&harness, 1, "35=A");
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|115=north|116=CASH|128=FUND|129=OPS|2812=W-1|2823=3");
    harness_say(&harness, 1, request);
    harness_expect(&harness, 1, "35=EA|97=Y|115=north|128=FUND|2812=W-1");
    harness_say(&harness, 1, "35=R|115=FUND|131=Q-1|146=1|55=X|");
    harness_expect(&harness, 1, "35=j|128=FUND|372=R|380=3");
}

static void nobody_is_routed_who_did_not_come_by_a_third_party(void **state)
{
    (void)state;
    log_on_with(1, "");
    harness_expect(&harness, 1, "35=A");
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    const char *receipt = harness_hear(&harness, 1);
    assert_null(strstr(receipt, "|115="));
    assert_null(strstr(receipt, "|128="));
}

static void assert_refused(const char *header, const char *id, bool refused)
{
    char request[700];

    snprintf(request, sizeof request, "35=DY|%s%s", header, harness_withdrawal(id, "1.00") + 6);
    harness_say(&harness, 1, request);
    harness_expect(&harness, 1, "35=DZ");
    if (refused)
        harness_expect(&harness, 1, "35=EA|2813=2");
    else
        harness_expect_silence(&harness, 1);
    assert_string_equal(harness_state(&harness, id), refused ? "refused" : "sent");
}

static void rules_see_third_parties_and_desks(void **state)
{
    (void)state;
    log_on_with(1, "");
    harness_expect(&harness, 1, "35=A");
    assert_refused("", "W-1", false);
    assert_refused("115=FRIEND|", "W-2", false);
    assert_refused("115=STRANGER|", "W-3", true);
    assert_refused("50=TRAINEE|", "W-4", true);
    assert_refused("128=north|129=STRANGER|", "W-5", false);
}

/* The rules behind the hold see them, too. */
static void a_hold_that_is_approved_sees_them_again(void **state)
{
    char request[700];
    (void)state;
    log_on_with(1, "");
    harness_expect(&harness, 1, "35=A");
    snprintf(request, sizeof request, "35=DY|115=LATECOMER|%s",
             harness_withdrawal_of("C-2", "W-1", "60000.00") + 6);
    harness_say(&harness, 1, request);
    harness_expect(&harness, 1, "35=DZ|128=LATECOMER");
    assert_string_equal(harness_state(&harness, "W-1"), "held");
    harness_command(&harness, "paul", "approve PSTK-K7Q2MX-1 --evidence x");
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    harness_expect(&harness, 1, "35=EA|128=LATECOMER|2813=2");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_session_with_most_of_its_ids_is_meant),
        TEST(desks_are_connected_side_by_side),
        TEST(answers_go_back_by_the_third_parties),
        TEST(nobody_is_routed_who_did_not_come_by_a_third_party),
        TEST(rules_see_third_parties_and_desks),
        TEST(a_hold_that_is_approved_sees_them_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
