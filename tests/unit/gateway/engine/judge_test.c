/* What penstock writes keeps to the profile of its channel, as what the bank writes. */
#include "kit/engine_harness.h"
#include "kit/map_folder.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD                                                                                       \
    "client,account,session,bank,payee_bank,payee_account,client_name,currency,legal_person\n"

static struct harness harness;

/* C-1 has a Chinese name. */
static void open_under(const char *profile)
{
    setenv("ENGINE_PROFILE", profile, 1);
    harness_open_logged_on(&harness);
    harness_import(&harness, "links",
                   HEAD
                   "C-1,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,陈三,EUR,"
                   "false\n");
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    unsetenv("ENGINE_PROFILE");
    return 0;
}

static void assert_nothing_sent(void)
{
    assert_int_equal(harness.sent.seen, harness.sent.count);
}

static void chinese_names_travel_by_default(void **state)
{
    (void)state;
    harness_open_logged_on(&harness);
    harness_import(&harness, "links",
                   HEAD
                   "C-1,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,陈三,EUR,"
                   "false\n");
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ|2813=0");
    assert_non_null(strstr(harness_sent(&harness)->bytes.at, "<Nm>陈三</Nm>"));
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1); /* its payer is 陈三 */
    harness_expect(&harness, 1, "35=EA|2804=0");
}

static void an_order_against_the_profile_is_refused_before_money_is_reserved(void **state)
{
    (void)state;
    open_under("strict");
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ");
    const char *report = harness_hear(&harness, 1);
    assert_string_equal(harness_field(report, 35), "EA");
    assert_string_equal(harness_field(report, 2813), "2");
    assert_string_equal(harness_field(report, 2823), "4");
    assert_non_null(strstr(report, "1328=FF01 rule names-latin of the bank's profile: "
                                   "/Document/FIToFICstmrCdtTrf/CdtTrfTxInf[1]/Cdtr/Nm: "));
    assert_nothing_sent();
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_int_equal(harness_instruction(&harness, "W-1")->event_count, 1);
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
    assert_int_equal(harness_reserved(&harness, "C-1"), 0);
    assert_true(harness_logged(&harness, "document-unfit channel=north"));
    assert_true(harness_logged(&harness, "Cdtr/Nm (rule names-latin)"));
    assert_false(harness_logged(&harness, "陈"));
    harness_command(&harness, "root", "show W-1");
    assert_true(harness_replied(&harness, "rule names-latin of the bank's profile: /Document"));
}

static void assert_takes_orders(const char *profile, const char *currency)
{
    char links[200], balances[100];

    setenv("ENGINE_PROFILE", profile, 1);
    harness_open_logged_on(&harness);
    snprintf(links, sizeof links,
             HEAD "C-1,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,6222-0011,%s,%s,false\n",
             strcmp(profile, "cnaps") == 0 ? "陈三" : "Chen San", currency);
    snprintf(balances, sizeof balances, "client,account,currency,amount\nC-1,ACC-7001,%s,1000.00\n",
             currency);
    harness_import(&harness, "links", links);
    if (strcmp(currency, "EUR") != 0)
        harness_import(&harness, "balances", balances);
    char *text = strdup(harness_withdrawal("W-1", "250.00"));
    memcpy(strstr(text, "2818=") + 5, currency, 3);
    harness_say(&harness, 1, text);
    free(text);
    harness_expect(&harness, 1, "35=DZ");
    assert_slice_equal(bank_read(harness_sent(&harness)->bytes, "InstrId"), "W-1");
}

static void our_maps_keep_what_is_strict(void **state)
{
    (void)state;
    assert_takes_orders("strict", "EUR");
}

static void our_maps_keep_what_holds_in_china(void **state)
{
    (void)state;
    assert_takes_orders("cnaps", "CNY");
}

static void one_that_was_held_gives_its_money_back(void **state)
{
    (void)state;
    open_under("strict");
    harness_import(&harness, "links",
                   HEAD
                   "C-2,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE51993040500071230463,李四,EUR,"
                   "true\n");
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "W-1", "60000.00"));
    harness_expect(&harness, 1, "35=DZ");
    assert_string_equal(harness_state(&harness, "W-1"), "held");
    harness_command(&harness, "root", "approve PSTK-K7Q2MX-1 --evidence seen");
    harness_expect(&harness, 1, "35=EA|2813=2|2823=4");
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_int_equal(harness_reserved(&harness, "C-2"), 0);
    assert_nothing_sent();
}

static void the_schema_is_told_by_the_map(void **state)
{
    (void)state;
    open_under("schema");
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ|2813=0");
    assert_slice_equal(bank_read(harness_sent(&harness)->bytes, "InstrId"), "W-1");
}

/* An answer that the bank waits for is worth more than its words. */
static void an_answer_goes_without_words_that_the_profile_does_not_take(void **state)
{
    char text[200];

    (void)state;
    open_under("plain-text");
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    snprintf(text, sizeof text, "35=EB|2799=%s|2806=2|2800=101|1328=账户不对|",
             harness_field(harness_hear(&harness, 1), 2799));
    harness_say(&harness, 1, text);
    const struct harness_document *reply = harness_sent(&harness);
    assert_slice_equal(bank_read(reply->bytes, "TxSts"), "RJCT");
    assert_slice_equal(bank_read(reply->bytes, "Cd"), "BE01");
    assert_null(bank_read(reply->bytes, "AddtlInf").at);
    assert_true(harness_logged(&harness, "document-unfit channel=north"));
    assert_false(harness_logged(&harness, "map-fault"));
}

static void so_does_a_refusal(void **state)
{
    struct bank_deposit wrong = harness_deposit_c1;

    (void)state;
    open_under("plain-text");
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    wrong.amount = "25,50";
    harness_deposit(&harness, "north", "M-2", &wrong);
    const struct harness_document *refusal = harness_sent(&harness);
    assert_slice_equal(bank_read(refusal->bytes, "MsgDefIdr"), "admi.002.001.01");
    assert_slice_equal(bank_read(refusal->bytes, "Ref"), "M-2");
    assert_slice_equal(bank_read(refusal->bytes, "RjctgPtyRsn"), "SCHEMA");
    assert_null(bank_read(refusal->bytes, "RsnDesc").at);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, close_all)
    const struct CMUnitTest tests[] = {
        TEST(chinese_names_travel_by_default),
        TEST(an_order_against_the_profile_is_refused_before_money_is_reserved),
        TEST(our_maps_keep_what_is_strict),
        TEST(our_maps_keep_what_holds_in_china),
        TEST(one_that_was_held_gives_its_money_back),
        TEST(the_schema_is_told_by_the_map),
        TEST(an_answer_goes_without_words_that_the_profile_does_not_take),
        TEST(so_does_a_refusal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
