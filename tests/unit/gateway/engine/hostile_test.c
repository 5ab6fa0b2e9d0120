/* Banks and brokers that are broken, or mean it: no money moves that should not. */
#include "kit/engine_harness.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD                                                                                       \
    "client,account,session,bank,payee_bank,payee_account,client_name,currency,legal_person\n"

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

/* --- deposits --- */

static void expect_reply(const char *status, const char *code)
{
    const struct harness_document *reply = harness_sent(&harness);

    assert_slice_equal(bank_read(reply->bytes, "MsgDefIdr"), "pacs.002.001.10");
    assert_slice_equal(bank_read(reply->bytes, "TxSts"), status);
    if (code != NULL)
        assert_slice_equal(bank_read(reply->bytes, "Cd"), code);
}

static void assert_no_answer(void)
{
    assert_int_equal(harness.sent.seen, harness.sent.count);
}

/* The broker accepts what it was told of last. */
static void accept_deposit(void)
{
    char text[100];

    snprintf(text, sizeof text, "35=EB|2799=%s|2806=1|",
             harness_field(harness_hear(&harness, 1), 2799));
    harness_say(&harness, 1, text);
}

static void amounts_that_cannot_be_are_rejected_and_nothing_is_credited(void **state)
{
    static const struct {
        const char *amount, *currency, *code;
    } rows[] = {
        { "0", "EUR", "AM12" },
        { "0.00", "EUR", "AM12" },
        { "-25.50", "EUR", "AM12" },
        { "25.505", "EUR", "AM12" },
        { "999999999999999999", "EUR", "AM12" },
        { "92233720368547759.0", "EUR", "AM12" },
        { "25.50", "JPY", "AM12" },
        { "25", "JPY", "AM03" },
        { "25.505", "KWD", "AM03" },
        { "25.50", "EUX", "AM03" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bank_deposit deposit = harness_deposit_c1;
        char message[16], transaction[16];

        snprintf(message, sizeof message, "M-%zu", i);
        snprintf(transaction, sizeof transaction, "T-%zu", i);
        deposit.transaction_id = transaction;
        deposit.amount = rows[i].amount;
        deposit.currency = rows[i].currency;
        harness_deposit(&harness, "north", message, &deposit);
        expect_reply("RJCT", rows[i].code);
        harness_expect_silence(&harness, 1);
    }
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
}

static void a_balance_that_would_overflow_is_not_credited(void **state)
{
    struct bank_deposit deposit = harness_deposit_c1;
    char message[16], transaction[16];
    int64_t before = 100000;

    (void)state;
    deposit.amount = "9999999999999999.99";
    for (unsigned i = 0; i < 10; i++) {
        snprintf(message, sizeof message, "M-%u", i);
        snprintf(transaction, sizeof transaction, "T-%u", i);
        deposit.transaction_id = transaction;
        harness_deposit(&harness, "north", message, &deposit);
        if (harness_instruction(&harness, transaction)->state == INSTRUCTION_HELD) {
            char words[100];
            struct slice id =
                instruction_get(harness_instruction(&harness, transaction), INSTRUCTION_TEXT_id);
            snprintf(words, sizeof words, "approve %.*s --evidence seen", SLICE_ARG(id));
            harness_command(&harness, "root", words);
        }
        accept_deposit();
        bool credited = i < 9;
        before += credited ? 999999999999999999 : 0;
        assert_int_equal(harness_free(&harness, "C-1"), before);
        if (credited)
            expect_reply("ACSP", NULL);
    }
    assert_no_answer();
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-"));
    harness_pass(&harness, 25);
    expect_reply("PDNG", NULL);
    assert_string_equal(harness_state(&harness, "T-9"), "in_doubt");
}

static void a_deposit_is_for_the_client_whose_account_and_bank_it_names(void **state)
{
    static const struct {
        const char *channel, *client, *account, *payer, *code;
    } rows[] = {
        { "north", "C-3", "ACC-7001", "883300471", "MD01" },
        { "north", "C-1", "ACC-9001", "DE73993040500071230455", "MD01" },
        { "north", "C-2", "ACC-7001", "DE73993040500071230455", "MD01" },
        { "north", "C-1", "ACC-7001", "DE51993040500071230463", "MD01" },
        { "north", "C-3", "ACC-9001", "883300471", "AGNT" },
        { "south", "C-1", "ACC-7001", "DE73993040500071230455", "AGNT" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bank_deposit deposit = harness_deposit_c1;
        char message[16], transaction[16];

        snprintf(message, sizeof message, "M-%zu", i);
        snprintf(transaction, sizeof transaction, "T-%zu", i);
        deposit.transaction_id = transaction;
        deposit.client = rows[i].client;
        deposit.account = rows[i].account;
        deposit.payer_account = rows[i].payer;
        harness_deposit(&harness, rows[i].channel, message, &deposit);
        expect_reply("RJCT", rows[i].code);
        harness_expect_silence(&harness, 1);
    }
}

static void announce(const char *header_id, const char *message_id,
                     const struct bank_deposit *deposit)
{
    struct writer writer;

    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank("north"), message_id, deposit, 1);
    char *at = memmem(writer.at, writer.used, "<BizMsgIdr>", 11);
    memcpy(at + 11, header_id, strlen(header_id));
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
}

static void the_same_transfer_with_another_amount_does_not_reject_the_first(void **state)
{
    struct bank_deposit other = harness_deposit_c1;

    (void)state;
    announce("M-1", "M-1", &harness_deposit_c1);
    accept_deposit();
    expect_reply("ACSP", NULL);
    other.amount = "2550.00";
    announce("M-2", "M-1", &other);
    assert_no_answer();
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-"));
    assert_non_null(harness_filed(&harness));
    announce("M-3", "M-3", &other);
    expect_reply("RJCT", "AM05");
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
    assert_string_equal(harness_state(&harness, "T-1"), "settled");
}

static void two_transfers_without_a_name_are_not_one(void **state)
{
    struct bank_deposit nameless = harness_deposit_c1;

    (void)state;
    nameless.transaction_id = NULL;
    nameless.end_to_end_id = "NOTPROVIDED";
    harness_deposit(&harness, "north", "M-1", &nameless);
    const struct harness_document *refusal = harness_sent(&harness);
    assert_slice_equal(bank_read(refusal->bytes, "MsgDefIdr"), "admi.002.001.01");
    assert_slice_equal(bank_read(refusal->bytes, "RjctgPtyRsn"), "INCOMPLETE");
    assert_non_null(harness_filed(&harness)->text.at);
    nameless.uetr = "7a562c67-ca16-48ba-b074-65581be6f001";
    harness_deposit(&harness, "north", "M-2", &nameless);
    accept_deposit();
    expect_reply("ACSP", NULL);
    nameless.uetr = "7a562c67-ca16-48ba-b074-65581be6f002";
    harness_deposit(&harness, "north", "M-3", &nameless);
    accept_deposit();
    expect_reply("ACSP", NULL);
    assert_int_equal(harness_free(&harness, "C-1"), 105100);
}

static void the_id_of_another_banks_transfer_is_free(void **state)
{
    struct bank_deposit south = { "T-1",      "E-1",       "25.50",       "EUR", "C-3",
                                  "ACC-9001", "883300471", "PAYXDEFFXXX", NULL };

    (void)state;
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    harness_deposit(&harness, "south", "M-1", &south);
    accept_deposit();
    expect_reply("ACSP", NULL);
    harness_expect(&harness, 2, "35=EA|2804=0");
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
    assert_int_equal(harness_free(&harness, "C-3"), 7000);
}

static void only_the_broker_who_was_asked_accepts(void **state)
{
    char text[100];

    (void)state;
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    snprintf(text, sizeof text, "35=EB|2799=%s|2806=1|",
             harness_field(harness_hear(&harness, 1), 2799));
    harness_say(&harness, 2, text);
    harness_expect(&harness, 2, "35=j");
    assert_no_answer();
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
}

static void a_link_that_changes_on_the_way_changes_no_deposit(void **state)
{
    (void)state;
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    harness_import(&harness, "links",
                   HEAD "C-1,ACC-7001,beta,STHXFRPPXXX,PAYXDEFFXXX,883300471,Ann One,EUR,false\n");
    accept_deposit();
    expect_reply("ACSP", NULL);
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
}

/* --- withdrawals --- */

static struct slice ordered(const char *id)
{
    harness_say(&harness, 1, harness_withdrawal(id, "250.00"));
    harness_expect(&harness, 1, "35=DZ|2813=0");
    return harness_sent(&harness)->name;
}

static void a_held_one_is_paid_to_the_link_of_the_moment_it_is_released(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "W-1", "50000.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_import(&harness, "links",
                   HEAD "C-2,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,Two "
                        "GmbH,EUR,true\n");
    harness_command(&harness, "root", "approve PSTK-K7Q2MX-1 --evidence seen");
    assert_non_null(strstr(harness_sent(&harness)->bytes.at, "DE73993040500071230455"));
    assert_int_equal(harness_reserved(&harness, "C-2"), 5000000);
}

static void a_held_one_whose_link_went_to_another_bank_is_refused(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "W-1", "50000.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_import(&harness, "links",
                   HEAD "C-2,ACC-7001,beta,STHXFRPPXXX,PAYXDEFFXXX,883300471,Two GmbH,EUR,true\n");
    harness_command(&harness, "root", "approve PSTK-K7Q2MX-1 --evidence seen");
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_int_equal(harness_reserved(&harness, "C-2"), 0);
    assert_no_answer();
}

static void a_status_for_what_was_never_sent_settles_nothing(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "W-1", "50000.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_status(&harness, "north", "B-1", SLICE("PSTK-K7Q2MX-1-1"), "ACSC", NULL);
    assert_string_equal(harness_state(&harness, "W-1"), "held");
    harness_status(&harness, "north", "B-2", SLICE("PSTK-K7Q2MX-1-1"), "RJCT", NULL);
    assert_string_equal(harness_state(&harness, "W-1"), "held");
    assert_int_equal(harness_reserved(&harness, "C-2"), 5000000);
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-1-1 who=north"));
}

static void another_bank_says_nothing_of_an_order(void **state)
{
    struct slice order = ordered("W-1");

    (void)state;
    harness_status(&harness, "south", "B-1", order, "RJCT", NULL);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-1-1 who=south"));
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
}

static void of_two_orders_with_one_name_the_name_alone_says_nothing(void **state)
{
    struct bank_status status = { .message_id = "B-1", .instruction_id = "W-1", .status = "ACSC" };
    struct writer writer;

    (void)state;
    harness_import(&harness, "links",
                   HEAD "C-3,ACC-9001,beta,NRTXDEFFXXX,PAYXDEFFXXX,883300471,陈三,EUR,false\n");
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    ordered("W-1");
    char *text = strdup(harness_withdrawal_of("C-3", "W-1", "10.00"));
    memcpy(strstr(text, "ACC-7001"), "ACC-9001", 8);
    harness_say(&harness, 2, text);
    free(text);
    harness_expect(&harness, 2, "35=DZ|2813=0");
    writer_init(&writer, 0);
    bank_write_status(&writer, harness_bank("north"), &status);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
    assert_int_equal(harness_reserved(&harness, "C-3"), 1000);
    assert_true(harness_logged(&harness, "contradiction id=W-1 who=north"));
}

static void a_doubt_is_reversed_once(void **state)
{
    struct slice order = ordered("W-1");

    (void)state;
    harness_pass(&harness, 35);
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    harness_command(&harness, "root", "resolve PSTK-K7Q2MX-1 --as reversed --evidence call");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as reversed --evidence call");
    harness_command(&harness, "paul", "resolve PSTK-K7Q2MX-1 --as settled --evidence call");
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_status(&harness, "north", "B-2", order, "RJCT", NULL);
    assert_string_equal(harness_state(&harness, "W-1"), "reversed");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
    assert_int_equal(harness_reserved(&harness, "C-1"), 0);
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-1 state=reversed"));
}

/* A cancellation, as any message that no map reads. */
static void what_nobody_reads_cancels_nothing(void **state)
{
    static const char cancel[] =
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.056.001.08\"><FIToFIPmtCxlReq>"
        "<Undrlyg><TxInf><OrgnlInstrId>W-1</OrgnlInstrId></TxInf></Undrlyg></FIToFIPmtCxlReq>"
        "</Document>";
    struct writer writer;

    (void)state;
    ordered("W-1");
    writer_init(&writer, 0);
    writer_text(&writer, cancel);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
    assert_non_null(harness_filed(&harness)->text.at);
    assert_true(harness_logged(&harness, "document-refused"));
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
}

static void amounts_of_brokers_that_cannot_be_reserve_nothing(void **state)
{
    static const char *const amounts[] = { "0",
                                           "-1",
                                           "-0.01",
                                           "1e2",
                                           "250.001",
                                           "999999999999999999",
                                           "9223372036854775807",
                                           "92233720368547758.08",
                                           "1000.01" };
    char id[16];

    (void)state;
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        snprintf(id, sizeof id, "W-%zu", i);
        harness_say(&harness, 1, harness_withdrawal(id, amounts[i]));
        assert_non_null(harness_hear(&harness, 1));
        while (*harness_hear(&harness, 1) != '\0')
            ;
        assert_int_equal(harness_reserved(&harness, "C-1"), 0);
        assert_int_equal(harness_free(&harness, "C-1"), 100000);
        assert_no_answer();
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)
    const struct CMUnitTest tests[] = {
        TEST(amounts_that_cannot_be_are_rejected_and_nothing_is_credited),
        TEST(a_balance_that_would_overflow_is_not_credited),
        TEST(a_deposit_is_for_the_client_whose_account_and_bank_it_names),
        TEST(the_same_transfer_with_another_amount_does_not_reject_the_first),
        TEST(two_transfers_without_a_name_are_not_one),
        TEST(the_id_of_another_banks_transfer_is_free),
        TEST(only_the_broker_who_was_asked_accepts),
        TEST(a_link_that_changes_on_the_way_changes_no_deposit),
        TEST(a_held_one_is_paid_to_the_link_of_the_moment_it_is_released),
        TEST(a_held_one_whose_link_went_to_another_bank_is_refused),
        TEST(a_status_for_what_was_never_sent_settles_nothing),
        TEST(another_bank_says_nothing_of_an_order),
        TEST(of_two_orders_with_one_name_the_name_alone_says_nothing),
        TEST(a_doubt_is_reversed_once),
        TEST(what_nobody_reads_cancels_nothing),
        TEST(amounts_of_brokers_that_cannot_be_reserve_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
