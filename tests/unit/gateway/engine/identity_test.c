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
    harness_pass(&harness, 2);
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

/* --- templates --- */

static int open_template(void **state)
{
    (void)state;
    harness_open(&harness);
    harness.config = "engine-template.yaml";
    harness_restart(&harness);
    return 0;
}

/* Connects with a certificate of this name (NULL: none), and logs on. */
static bool gets_in(unsigned link, const char *comp_id, const char *certificate, const char *header,
                    uint64_t number)
{
    char logon[200];

    snprintf(logon, sizeof logon, "35=A|%s98=0|108=30|", header);
    harness.links[link].names = certificate;
    harness.links[link].comp_id = comp_id;
    harness.links[link].next_out = number;
    harness_connect(&harness, link);
    if (harness.links[link].open)
        harness_say(&harness, link, logon);
    return harness.links[link].open;
}

static void who_proves_a_comp_id_has_a_session_by_the_template(void **state)
{
    (void)state;
    assert_true(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 1));
    harness_expect(&harness, 1, "35=A|34=1|49=PENSTOCK|56=BRKNEW");
    assert_true(harness_logged(&harness, "session-new session=brokers:BRKNEW "));
    assert_true(harness_logged(&harness, "session-logon session=brokers:BRKNEW "));
    harness_command(&harness, "paul", "sessions");
    assert_true(harness_replied(&harness, "brokers:BRKNEW"));
    assert_false(harness_replied(&harness, "brokers "));
}

static void who_does_not_prove_it_has_none(void **state)
{
    (void)state;
    assert_false(gets_in(1, "BRKNEW", "CN=BRKOTHER", "", 1));
    assert_false(gets_in(1, "BRKNEW", NULL, "", 1));
    assert_false(gets_in(1, "*", "CN=*", "", 1));
    assert_false(gets_in(1, "BRK NEW", "CN=BRK NEW", "", 1));
    assert_false(gets_in(1, "BRK:NEW", "CN=BRK:NEW", "", 1));
    harness_expect(&harness, 1, "35=5|34=1");
    assert_false(harness_logged(&harness, "session-new"));
    harness_command(&harness, "paul", "sessions");
    assert_false(harness_replied(&harness, "brokers"));
}

/* BRKALPHA has one of its own, whatever certificate it shows. */
static void a_session_of_the_file_comes_first(void **state)
{
    (void)state;
    assert_true(gets_in(1, "BRKALPHA", "CN=BRKALPHA", "", 1));
    assert_true(harness_logged(&harness, "session-logon session=alpha "));
}

static void a_template_has_so_many_sessions_and_no_more(void **state)
{
    (void)state;
    assert_true(gets_in(1, "A", "CN=A", "", 1));
    assert_true(gets_in(2, "B", "CN=B", "", 1));
    assert_false(gets_in(3, "C", "CN=C", "", 1));
    assert_true(harness_logged(&harness, "sessions-max"));
    harness_hang_up(&harness, 1);
    assert_false(gets_in(3, "C", "CN=C", "", 1));
    assert_true(gets_in(1, "A", "CN=A", "", 2));
}

static void its_numbers_survive_a_restart(void **state)
{
    (void)state;
    assert_true(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 1));
    harness_expect(&harness, 1, "35=A|34=1");
    harness_say(&harness, 1, "35=D|11=O-1|55=VOD|54=1|60=20260302-09:00:00|40=1|");
    harness_expect(&harness, 1, "35=D|34=2");
    harness_restart(&harness);
    harness_command(&harness, "paul", "sessions");
    assert_true(harness_replied(&harness, "brokers:BRKNEW"));
    assert_false(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 1));
    harness_expect(&harness, 1, "35=5|58=MsgSeqNum too low, expecting 3 but received 1");
    assert_true(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 4));
    harness_expect(&harness, 1, "35=A|56=BRKNEW");
}

static void a_template_without_proof_takes_anybody(void **state)
{
    (void)state;
    assert_true(gets_in(1, "ANYBODY", NULL, "50=GUEST|", 1));
    harness_expect(&harness, 1, "35=A|56=ANYBODY|57=GUEST");
    assert_true(harness_logged(&harness, "session-logon session=guests:ANYBODY "));
}

static void reload_as(const char *name)
{
    struct config *config = harness_config(name);

    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_CONFIGURATION, .configuration = config },
                harness.now);
    harness_run(&harness);
}

static void its_sessions_go_with_the_template_and_come_back_with_it(void **state)
{
    (void)state;
    assert_true(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 1));
    harness_expect(&harness, 1, "35=A|34=1");
    reload_as("engine.yaml");
    harness_expect(&harness, 1, "35=5|34=2|58=the session has been removed");
    harness_say(&harness, 1, "35=5|");
    assert_false(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 3));
    reload_as("engine-template.yaml");
    harness_hear(&harness, 1);
    assert_true(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 3));
    harness_expect(&harness, 1, "35=A|34=3|56=BRKNEW");
    harness.config = "engine.yaml";
    harness_restart(&harness);
    assert_false(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 4));
    reload_as("engine-template.yaml");
    harness_hear(&harness, 1);
    assert_true(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 4));
    harness_expect(&harness, 1, "35=A|56=BRKNEW");
}

/* A link names the session in full: that of another broker is not touched. */
static void it_moves_money_of_its_own_links_only(void **state)
{
    char text[600];
    (void)state;
    assert_true(gets_in(1, "BRKNEW", "CN=BRKNEW", "", 1));
    harness_expect(&harness, 1, "35=A");
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|2813=2");
    harness_import(&harness, "links",
                   "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
                   "legal_person\n"
                   "N-1,ACC-5001,brokers:BRKNEW,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,"
                   "New One,EUR,false\n");
    assert_int_equal(harness.status, 0);
    harness_import(&harness, "balances", "client,account,currency,amount\nN-1,ACC-5001,EUR,9.00\n");
    assert_int_equal(harness.status, 0);
    snprintf(text, sizeof text, "%s", harness_withdrawal_of("N-1", "W-2", "1.00"));
    memcpy(strstr(text, "ACC-7001"), "ACC-5001", 8);
    harness_say(&harness, 1, text);
    harness_expect(&harness, 1, "35=DZ|2812=W-2|2813=0");
    struct slice order = harness_sent(&harness)->name;
    reload_as("engine-template.yaml");
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2812=W-2|2823=3");
}

static void a_link_names_no_template(void **state)
{
    (void)state;
    harness_import(&harness, "links",
                   "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
                   "legal_person\n"
                   "N-1,ACC-5001,brokers,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,New One,"
                   "EUR,false\n");
    assert_int_not_equal(harness.status, 0);
}

#define TEMPLATE_TEST(name) cmocka_unit_test_setup_teardown(name, open_template, close_all)
#define TEST(name)          cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEMPLATE_TEST(who_proves_a_comp_id_has_a_session_by_the_template),
        TEMPLATE_TEST(who_does_not_prove_it_has_none),
        TEMPLATE_TEST(a_session_of_the_file_comes_first),
        TEMPLATE_TEST(a_template_has_so_many_sessions_and_no_more),
        TEMPLATE_TEST(its_numbers_survive_a_restart),
        TEMPLATE_TEST(a_template_without_proof_takes_anybody),
        TEMPLATE_TEST(its_sessions_go_with_the_template_and_come_back_with_it),
        TEMPLATE_TEST(it_moves_money_of_its_own_links_only),
        TEMPLATE_TEST(a_link_names_no_template),
        TEST(the_session_with_most_of_its_ids_is_meant),
        TEST(desks_are_connected_side_by_side),
        TEST(answers_go_back_by_the_third_parties),
        TEST(nobody_is_routed_who_did_not_come_by_a_third_party),
        TEST(rules_see_third_parties_and_desks),
        TEST(a_hold_that_is_approved_sees_them_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
