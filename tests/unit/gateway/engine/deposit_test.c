/* Deposits: from the bank's announcement to the broker's answer. */
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

static char report_id[64];

/* Announces C-1's deposit and keeps the id of the report. */
static void announce(const char *message_id, const struct bank_deposit *deposit)
{
    harness_deposit(&harness, "north", message_id, deposit);
    const char *report = harness_hear(&harness, 1);
    assert_string_equal(harness_field(report, 35), "EA");
    snprintf(report_id, sizeof report_id, "%s", harness_field(report, 2799));
}

static void answer(const char *fields)
{
    char text[200];

    snprintf(text, sizeof text, "35=EB|2799=%s|%s|", report_id, fields);
    harness_say(&harness, 1, text);
}

static void expect_reply(const char *status)
{
    const struct harness_document *reply = harness_sent(&harness);

    assert_slice_equal(bank_read(reply->bytes, "MsgDefIdr"), "pacs.002.001.10");
    assert_slice_equal(bank_read(reply->bytes, "OrgnlMsgId"), "M-1");
    assert_slice_equal(bank_read(reply->bytes, "OrgnlTxId"), "T-1");
    assert_slice_equal(bank_read(reply->bytes, "TxSts"), status);
}

static void the_broker_is_told_what_the_bank_announces(void **state)
{
    (void)state;
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    harness_expect(&harness, 1, "35=EA|2804=0|2819=1|2817=25.50|2818=EUR|2816=ACC-7001|2821=E-1");
    assert_string_equal(harness_state(&harness, "T-1"), "sent");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
    assert_int_equal(harness.sent.count, 0);
    assert_null(harness_filed(&harness)->text.at);
}

static void a_yes_is_booked_before_the_bank_hears_it(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    harness.hold_commits = true;
    answer("2806=1");
    assert_int_equal(harness.sent.count, 0);
    harness.hold_commits = false;
    harness_commit(&harness);
    expect_reply("ACSP");
    assert_string_equal(harness_state(&harness, "T-1"), "settled");
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
}

static void a_repeated_yes_is_booked_once(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    answer("2806=1");
    answer("2806=1");
    assert_int_equal(harness.sent.count, 1);
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
    harness_expect_silence(&harness, 1);
}

static void received_is_pending_and_told(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    answer("2806=0");
    expect_reply("RCVD");
    assert_string_equal(harness_state(&harness, "T-1"), "pending");
    answer("2806=1");
    expect_reply("ACSP");
    assert_string_equal(harness_state(&harness, "T-1"), "settled");
}

static void a_no_is_told_with_its_reason(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    answer("2806=2|2800=100|1328=never heard of her");
    const struct harness_document *reply = harness_sent(&harness);
    assert_slice_equal(bank_read(reply->bytes, "TxSts"), "RJCT");
    assert_slice_equal(bank_read(reply->bytes, "Cd"), "BE06");
    assert_slice_equal(bank_read(reply->bytes, "AddtlInf"), "never heard of her");
    assert_string_equal(harness_state(&harness, "T-1"), "refused");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
}

static void a_yes_after_a_no_contradicts_and_moves_no_money(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    answer("2806=2");
    answer("2806=1");
    assert_int_equal(harness.sent.count, 1);
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
    assert_true(harness_logged(&harness, "contradiction"));
}

static void a_dispute_is_pending(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    answer("2806=3|2800=102");
    expect_reply("PDNG");
    assert_string_equal(harness_state(&harness, "T-1"), "pending");
}

static void without_an_answer_it_is_in_doubt_and_the_bank_is_told(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    harness_pass(&harness, 21);
    expect_reply("PDNG");
    assert_string_equal(harness_state(&harness, "T-1"), "in_doubt");
    assert_true(harness_logged(&harness, "in-doubt"));
    answer("2806=1");
    expect_reply("ACSP");
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
}

static void a_dispute_after_a_doubt_is_waited_for_again(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    harness_pass(&harness, 21);
    expect_reply("PDNG");
    answer("2806=3|2800=102");
    assert_string_equal(harness_state(&harness, "T-1"), "pending");
    harness_pass(&harness, 21);
    assert_string_equal(harness_state(&harness, "T-1"), "in_doubt");
}

static void without_a_session_it_is_in_doubt_at_once_and_told_later(void **state)
{
    (void)state;
    harness_hang_up(&harness, 1);
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    expect_reply("PDNG");
    assert_string_equal(harness_state(&harness, "T-1"), "in_doubt");

    harness_logon(&harness, 1, "BRKALPHA", 2);
    harness_expect(&harness, 1, "35=A|34=3");
    harness_say(&harness, 1, "35=2|7=2|16=0|");
    const char *report = harness_hear(&harness, 1);
    snprintf(report_id, sizeof report_id, "%s", harness_field(report, 2799));
    answer("2806=1");
    harness_expect(&harness, 1, "35=4|34=3");
    expect_reply("ACSP");
    assert_string_equal(harness_state(&harness, "T-1"), "settled");
}

static void one_for_a_client_that_is_not_named_finds_the_link_of_the_payer(void **state)
{
    (void)state;
    struct bank_deposit deposit = harness_deposit_c1;

    deposit.client = NULL;
    announce("M-1", &deposit);
    answer("2806=1");
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
}

static void one_that_fails_a_check_is_refused_without_asking(void **state)
{
    (void)state;
    struct bank_deposit deposit = harness_deposit_c1;

    deposit.payer_account = "DE51993040500071230463";
    harness_deposit(&harness, "north", "M-1", &deposit);
    harness_expect_silence(&harness, 1);
    expect_reply("RJCT");
    assert_string_equal(harness_state(&harness, "T-1"), "refused");
    assert_null(harness_filed(&harness)->text.at);
}

static void a_bank_may_not_announce_for_an_account_of_another(void **state)
{
    (void)state;
    harness_deposit(&harness, "south", "M-1", &harness_deposit_c1);
    harness_expect_silence(&harness, 1);
    const struct harness_document *reply = harness_sent(&harness);
    assert_slice_equal(reply->channel, "south");
    assert_slice_equal(bank_read(reply->bytes, "Cd"), "AGNT");
}

static void a_bank_that_books_on_the_answer_is_told_so(void **state)
{
    (void)state;
    struct bank_deposit deposit = { .transaction_id = "T-1",
                                    .end_to_end_id = "E-1",
                                    .amount = "1.00",
                                    .currency = "EUR",
                                    .client = "C-3",
                                    .account = "ACC-9001",
                                    .payer_account = "883300471",
                                    .payer_bank = "PAYXDEFFXXX" };

    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    harness_deposit(&harness, "south", "M-1", &deposit);
    const char *report = harness_hear(&harness, 2);
    char text[100];
    snprintf(text, sizeof text, "35=EB|2799=%s|2806=1|", harness_field(report, 2799));
    harness_say(&harness, 2, text);
    expect_reply("ACCC");
}

static void a_session_is_spoken_to_in_its_charset(void **state)
{
    (void)state;
    struct bank_deposit deposit = { .transaction_id = "T-1",
                                    .end_to_end_id = "E-1",
                                    .amount = "1.00",
                                    .currency = "EUR",
                                    .client = "C-3",
                                    .account = "ACC-9001",
                                    .payer_account = "883300471",
                                    .payer_bank = "PAYXDEFFXXX" };

    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    harness_deposit(&harness, "south", "M-1", &deposit);
    harness_expect(&harness, 2, "35=EA|785=\xb3\xc2\xc8\xfd");

    harness_say(&harness, 2,
                "35=DY|2812=W-9|2811=0|60=20260302-09:00:00|453=1|448=C-3|447=D|452=3|2824=CASH|"
                "2817=1.00|2818=EUR|2825=20260302|2826=20260303|2819=0|2816=ACC-9001|"
                "2820=\xb3\xc2\xc8\xfd|");
    harness_expect(&harness, 2, "35=DZ");
    const struct harness_document *order = harness_sent(&harness);
    assert_slice_equal(bank_read(order->bytes, "Ustrd"), "\xb3\xc2\xc8\xfd");
    harness_status(&harness, "south", "B-1", order->name, "ACSC", NULL);
    harness_expect(&harness, 2, "35=EA|2820=\xb3\xc2\xc8\xfd");
}

/* The bank's text comes in one encoding, and goes on in the session's charset. */
static void a_bank_is_written_to_and_read_in_the_encoding_of_its_channel(void **state)
{
    struct bank_party party = { "STHXFRPPXXX", "ALBRGB2LXXX", "2026-03-02T10:00:00Z" };
    struct bank_status status = {
        .message_id = "B-1", .status = "RJCT", .reason = "AM04", .text = "余额不足"
    };
    struct writer text, encoded;
    struct error error;
    char order_id[64];

    (void)state;
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    harness_say(&harness, 2,
                "35=DY|2812=W-9|2811=0|60=20260302-09:00:00|453=1|448=C-3|447=D|452=3|2824=CASH|"
                "2817=1.00|2818=EUR|2825=20260302|2826=20260303|2819=0|2816=ACC-9001|"
                "2820=\xb3\xc2\xc8\xfd|");
    harness_expect(&harness, 2, "35=DZ");
    const struct harness_document *order = harness_sent(&harness);
    assert_true(slice_starts(order->bytes, SLICE("<?xml version=\"1.0\" encoding=\"GB18030\"?>")));
    assert_slice_equal(bank_read(order->bytes, "Ustrd"), "\xb3\xc2\xc8\xfd");
    snprintf(order_id, sizeof order_id, "%.*s", SLICE_ARG(order->name));
    status.order_id = order_id;
    writer_init(&text, 0);
    writer_init(&encoded, 0);
    bank_write_status(&text, &party, &status);
    assert_true(xml_encode(CHARSET_GB18030, writer_slice(&text), &encoded, &error));
    harness_bank_says(&harness, "south", &encoded);
    assert_null(harness_filed(&harness)->text.at);
    harness_expect(&harness, 2, "35=EA|1328=AM04 \xd3\xe0\xb6\xee\xb2\xbb\xd7\xe3");
    writer_fini(&text);
    writer_fini(&encoded);
}

static void the_same_document_again_gets_the_same_reply_again(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    assert_int_equal(harness.sent.count, 0);
    answer("2806=1");
    const struct harness_document *reply = harness_sent(&harness);

    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    harness_expect_silence(&harness, 1);
    const struct harness_document *again = harness_sent(&harness);
    assert_true(slice_equal(reply->name, again->name));
    assert_true(slice_equal(reply->bytes, again->bytes));
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
    assert_int_equal(harness.filed.count, 3);
    assert_null(harness.filed.at[2].text.at);
}

static void the_same_transfer_in_another_document_is_not_taken_twice(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    answer("2806=1");
    harness_sent(&harness);
    harness_deposit(&harness, "north", "M-2", &harness_deposit_c1);
    harness_expect_silence(&harness, 1);
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
}

static void the_same_transfer_in_another_document_gets_the_same_reply_again(void **state)
{
    (void)state;
    announce("M-1", &harness_deposit_c1);
    answer("2806=1");
    expect_reply("ACSP");
    harness_deposit(&harness, "north", "M-2", &harness_deposit_c1);
    expect_reply("ACSP");
    assert_null(harness.filed.at[1].text.at);
}

static void another_transfer_under_the_same_id_is_refused(void **state)
{
    (void)state;
    struct bank_deposit deposit = harness_deposit_c1;

    announce("M-1", &harness_deposit_c1);
    deposit.amount = "26.00";
    harness_deposit(&harness, "north", "M-2", &deposit);
    harness_expect_silence(&harness, 1);
    const struct harness_document *reply = harness_sent(&harness);
    assert_slice_equal(bank_read(reply->bytes, "TxSts"), "RJCT");
    assert_slice_equal(bank_read(reply->bytes, "Cd"), "AM05");
    answer("2806=1");
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
}

static void a_refused_copy_is_refused_again_when_it_comes_again(void **state)
{
    (void)state;
    struct bank_deposit deposits[2] = { harness_deposit_c1, harness_deposit_c1 };
    struct writer writer;

    announce("M-1", &harness_deposit_c1);
    deposits[0].amount = "26.00";
    deposits[1].transaction_id = "T-2";
    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank("north"), "M-2", deposits, 2);
    harness_bank_says(&harness, "north", &writer);
    snprintf(report_id, sizeof report_id, "%s", harness_field(harness_hear(&harness, 1), 2799));
    answer("2806=1");
    for (int times = 0; times < 2; times++) {
        const struct harness_document *refusal = harness_sent(&harness);
        assert_slice_equal(bank_read(refusal->bytes, "Cd"), "AM05");
        assert_slice_equal(bank_read(refusal->bytes, "OrgnlTxId"), "T-1");
        const struct harness_document *reply = harness_sent(&harness);
        assert_slice_equal(bank_read(reply->bytes, "TxSts"), "ACSP");
        assert_slice_equal(bank_read(reply->bytes, "OrgnlTxId"), "T-2");
        if (times == 0)
            harness_bank_says(&harness, "north", &writer);
    }
    writer_fini(&writer);
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
    harness_expect_silence(&harness, 1);
}

/* As an archive leaves it that took the instructions and not the documents. */
static void keep_only_the_document(const struct writer *writer)
{
    const struct store_operations *operations = harness.store->operations;
    struct batch *batch =
        batch_new(operations->last_batch(harness.store) + 1, operations->epoch(harness.store));
    struct error error;

    batch_add(batch, &(struct row){ .kind = ROW_INBOX,
                                    .inbox = { .channel = SLICE("north"),
                                               .id = SLICE("M-1"),
                                               .content = digest_of(writer_slice(writer)),
                                               .number = 1,
                                               .definition = SLICE("pacs.008.001.08"),
                                               .verdict = SLICE("taken") } });
    assert_true(operations->commit(harness.store, batch, &error));
    batch_free(batch);
    harness_restart(&harness);
}

static void a_document_that_came_before_begins_nothing(void **state)
{
    (void)state;
    struct writer writer;

    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank("north"), "M-1", &harness_deposit_c1, 1);
    keep_only_the_document(&writer);
    harness_bank_says(&harness, "north", &writer);
    assert_null(harness_filed(&harness)->text.at);
    assert_int_equal(harness.sent.count, 0);
    assert_int_equal(store_memory_count(harness.store, ROW_INSTRUCTION), 0);
    writer_fini(&writer);
}

static void what_is_repeated_is_the_answer_to_the_same_transfer(void **state)
{
    (void)state;
    struct bank_deposit deposit = harness_deposit_c1;

    announce("M-1", &harness_deposit_c1);
    answer("2806=1");
    expect_reply("ACSP");
    deposit.amount = "26.00";
    harness_deposit(&harness, "north", "M-2", &deposit);
    assert_slice_equal(bank_read(harness_sent(&harness)->bytes, "TxSts"), "RJCT");
    harness_deposit(&harness, "north", "M-3", &harness_deposit_c1);
    expect_reply("ACSP");
}

/* A UETR names one transfer for ever, whatever else it is called. */
static void a_transfer_under_another_id_is_known_by_its_uetr(void **state)
{
    (void)state;
    struct bank_deposit deposit = harness_deposit_c1;

    deposit.uetr = "7a562c67-ca16-48ba-b074-65581be6f001";
    announce("M-1", &deposit);
    answer("2806=1");
    expect_reply("ACSP");
    deposit.transaction_id = "T-2";
    for (int restarted = 0; restarted < 2; restarted++) {
        char message_id[] = { 'M', '-', (char)('2' + restarted), '\0' };

        harness_deposit(&harness, "north", message_id, &deposit);
        const struct harness_document *reply = harness_sent(&harness);
        assert_slice_equal(bank_read(reply->bytes, "OrgnlTxId"), "T-2");
        assert_slice_equal(bank_read(reply->bytes, "Cd"), "AM05");
        harness_restart(&harness);
    }
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
}

static void each_transaction_of_a_document_is_a_deposit(void **state)
{
    (void)state;
    struct bank_deposit deposits[2] = { harness_deposit_c1, harness_deposit_c1 };
    struct writer writer;

    deposits[1].transaction_id = "T-2";
    deposits[1].client = "C-2";
    deposits[1].payer_account = "DE51993040500071230463";
    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank("north"), "M-1", deposits, 2);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
    harness_expect(&harness, 1, "35=EA|2804=0");
    harness_expect(&harness, 1, "35=EA|2804=0");
    assert_string_equal(harness_state(&harness, "T-1"), "sent");
    assert_string_equal(harness_state(&harness, "T-2"), "sent");
}

static void a_large_one_waits_for_a_second_person(void **state)
{
    (void)state;
    struct bank_deposit deposit = harness_deposit_c1;
    char words[100];

    deposit.amount = "50000.00";
    harness_deposit(&harness, "north", "M-1", &deposit);
    harness_expect_silence(&harness, 1);
    assert_string_equal(harness_state(&harness, "T-1"), "held");
    struct slice id = instruction_get(harness_instruction(&harness, "T-1"), INSTRUCTION_TEXT_id);
    snprintf(words, sizeof words, "approve %.*s --evidence seen", SLICE_ARG(id));
    harness_command(&harness, "paul", words);
    assert_int_equal(harness.status, 0);
    harness_expect(&harness, 1, "35=EA|2804=0|2817=50000.00");
    assert_string_equal(harness_state(&harness, "T-1"), "sent");
}

/* Announces the largest amount there is, and has it approved. */
static void announce_largest(const char *id)
{
    struct bank_deposit deposit = harness_deposit_c1;
    char words[100];

    deposit.transaction_id = id;
    deposit.amount = "9999999999999999.99";
    harness_deposit(&harness, "north", id, &deposit);
    struct slice ours = instruction_get(harness_instruction(&harness, id), INSTRUCTION_TEXT_id);
    snprintf(words, sizeof words, "approve %.*s --evidence seen", SLICE_ARG(ours));
    harness_command(&harness, "paul", words);
    snprintf(report_id, sizeof report_id, "%s", harness_field(harness_hear(&harness, 1), 2799));
}

static void a_yes_that_cannot_be_booked_leaves_no_trace_but_an_alert(void **state)
{
    (void)state;
    static const char *const ids[] = { "A", "B", "C", "D", "E", "F", "G", "H", "I" };
    const size_t fit = sizeof ids / sizeof *ids;

    for (size_t i = 0; i < fit; i++) {
        announce_largest(ids[i]);
        answer("2806=1");
        assert_string_equal(harness_state(&harness, ids[i]), "settled");
        harness_sent(&harness);
    }
    announce_largest("T-1");
    answer("2806=1");
    assert_string_equal(harness_state(&harness, "T-1"), "sent");
    assert_true(harness_logged(&harness, "contradiction"));
    assert_null(
        instruction_get(harness_instruction(&harness, "T-1"), INSTRUCTION_TEXT_status_code).at);
    assert_int_equal(harness.sent.seen, harness.sent.count);
    answer("2806=3|2800=102");
    assert_slice_equal(bank_read(harness_sent(&harness)->bytes, "TxSts"), "PDNG");
    assert_string_equal(harness_state(&harness, "T-1"), "pending");
}

/* An id that is not given yet is nobody's, also while others ask for it. */
static void an_answer_to_what_is_not_there_yet_harms_nobody(void **state)
{
    (void)state;
    harness.hold_answers = true;
    harness_say(&harness, 1, "35=EB|2799=PSTK-K7Q2MX-2-R1|2806=1|");
    harness_deposit(&harness, "north", "M-1", &harness_deposit_c1);
    harness.hold_answers = false;
    harness_answer(&harness);
    harness_expect(&harness, 1, "35=j|380=1|379=PSTK-K7Q2MX-2-R1");
    harness_expect(&harness, 1, "35=EA|2804=0|2799=PSTK-K7Q2MX-2-R1");
    assert_string_equal(harness_state(&harness, "T-1"), "sent");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_broker_is_told_what_the_bank_announces),
        TEST(a_yes_is_booked_before_the_bank_hears_it),
        TEST(a_repeated_yes_is_booked_once),
        TEST(received_is_pending_and_told),
        TEST(a_no_is_told_with_its_reason),
        TEST(a_yes_after_a_no_contradicts_and_moves_no_money),
        TEST(a_dispute_is_pending),
        TEST(without_an_answer_it_is_in_doubt_and_the_bank_is_told),
        TEST(a_dispute_after_a_doubt_is_waited_for_again),
        TEST(without_a_session_it_is_in_doubt_at_once_and_told_later),
        TEST(one_for_a_client_that_is_not_named_finds_the_link_of_the_payer),
        TEST(one_that_fails_a_check_is_refused_without_asking),
        TEST(a_bank_may_not_announce_for_an_account_of_another),
        TEST(a_bank_that_books_on_the_answer_is_told_so),
        TEST(a_session_is_spoken_to_in_its_charset),
        TEST(a_bank_is_written_to_and_read_in_the_encoding_of_its_channel),
        TEST(the_same_document_again_gets_the_same_reply_again),
        TEST(the_same_transfer_in_another_document_is_not_taken_twice),
        TEST(the_same_transfer_in_another_document_gets_the_same_reply_again),
        TEST(another_transfer_under_the_same_id_is_refused),
        TEST(a_refused_copy_is_refused_again_when_it_comes_again),
        TEST(a_document_that_came_before_begins_nothing),
        TEST(what_is_repeated_is_the_answer_to_the_same_transfer),
        TEST(a_transfer_under_another_id_is_known_by_its_uetr),
        TEST(each_transaction_of_a_document_is_a_deposit),
        TEST(a_yes_that_cannot_be_booked_leaves_no_trace_but_an_alert),
        TEST(an_answer_to_what_is_not_there_yet_harms_nobody),
        TEST(a_large_one_waits_for_a_second_person),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
