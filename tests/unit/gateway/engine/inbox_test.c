/* Documents of banks: valid or not, known or not, once or twice. */
#include "kit/engine_harness.h"

#include <stdio.h>

static struct harness harness;
static struct slice order;

static int open(void **state)
{
    (void)state;
    harness_open_logged_on(&harness);
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ");
    order = harness_sent(&harness)->name;
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

static void bank_says(const char *channel, const char *text)
{
    struct writer writer;

    writer_init(&writer, 0);
    writer_text(&writer, text);
    harness_bank_says(&harness, channel, &writer);
    writer_fini(&writer);
}

static void expect_refusal(const char *refused_id, const char *reason)
{
    const struct harness_document *refusal = harness_sent(&harness);

    assert_slice_equal(bank_read(refusal->bytes, "MsgDefIdr"), "admi.002.001.01");
    assert_slice_equal(bank_read(refusal->bytes, "Ref"), refused_id);
    assert_slice_equal(bank_read(refusal->bytes, "RjctgPtyRsn"), reason);
    assert_non_null(harness_filed(&harness)->text.at);
}

static void what_is_not_xml_is_refused_without_an_answer(void **state)
{
    (void)state;
    bank_says("north", "hello");
    assert_non_null(harness_filed(&harness)->text.at);
    assert_int_equal(harness.sent.count, 1);
}

/* A status of the bank with that in front of its Document. */
static void bank_says_before_document(const char *front, size_t front_size)
{
    char order_id[64];
    struct writer whole, status;

    snprintf(order_id, sizeof order_id, "%.*s", SLICE_ARG(order));
    struct bank_status about = { .message_id = "B-1", .order_id = order_id, .status = "ACSC" };
    writer_init(&whole, 0);
    writer_init(&status, 0);
    bank_write_status(&status, harness_bank("north"), &about);
    struct slice text = writer_slice(&status);
    const char *document = memmem(text.at, text.size, "<Document", 9);
    writer_bytes(&whole, (struct slice){ text.at, (size_t)(document - text.at) });
    writer_bytes(&whole, (struct slice){ front, front_size });
    writer_bytes(&whole, slice_after(text, (size_t)(document - text.at)));
    harness_bank_says(&harness, "north", &whole);
    writer_fini(&whole);
    writer_fini(&status);
}

static void what_is_hostile_is_answered_when_its_id_was_read_before(void **state)
{
    static char comment[70000];

    (void)state;
    bank_says("north", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>");
    assert_non_null(strstr(harness_filed(&harness)->text.at, "DOCTYPE"));
    assert_int_equal(harness.sent.count, 1);
    memset(comment, 'x', sizeof comment);
    memcpy(comment, "<!--", 4);
    memcpy(comment + sizeof comment - 3, "-->", 3);
    bank_says_before_document(comment, sizeof comment);
    expect_refusal("B-1", "SCHEMA");
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
}

static void the_same_rubbish_again_is_refused_again(void **state)
{
    (void)state;
    bank_says("north", "hello");
    bank_says("north", "hello");
    struct slice first = harness_filed(&harness)->text;
    assert_true(slice_equal(first, harness_filed(&harness)->text));
}

/* A status whose code is longer than the schema allows. */
static void invalid_status(const char *message_id)
{
    harness_status(&harness, "north", message_id, order, "TOOLONGCODE", NULL);
}

static void one_that_is_not_valid_is_refused_by_a_message(void **state)
{
    (void)state;
    invalid_status("B-1");
    expect_refusal("B-1", "SCHEMA");
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
}

static void what_a_bank_writes_is_not_logged(void **state)
{
    (void)state;
    invalid_status("B-1");
    assert_non_null(strstr(harness_filed(&harness)->text.at, "TOOLONGCODE"));
    assert_true(harness_logged(&harness, "/TxSts"));
    assert_false(harness_logged(&harness, "TOOLONGCODE"));
}

static void its_repeat_gets_the_same_refusal_again(void **state)
{
    (void)state;
    invalid_status("B-1");
    const struct harness_document *first = harness_sent(&harness);
    invalid_status("B-1");
    const struct harness_document *again = harness_sent(&harness);
    assert_true(slice_equal(first->name, again->name));
    assert_true(slice_equal(first->bytes, again->bytes));
    assert_int_equal(harness.filed.count, 2);
    assert_non_null(harness.filed.at[1].text.at);
}

/* A settled status of our order whose header says more, or is between others. */
static void say_settled(const struct bank_party *party, const char *more)
{
    const struct bank_status status = {
        .message_id = "B-9",
        .order_id = arena_format(&harness.arena, "%.*s", SLICE_ARG(order)).at,
        .status = "ACSC"
    };
    static const char end[] = "</CreDt></AppHdr>";
    struct writer plain, whole;

    writer_init(&plain, 0);
    writer_init(&whole, 0);
    bank_write_status(&plain, party, &status);
    struct slice text = writer_slice(&plain);
    const char *at = memmem(text.at, text.size, end, sizeof end - 1);
    size_t front = (size_t)(at - text.at) + sizeof "</CreDt>" - 1;
    writer_bytes(&whole, (struct slice){ text.at, front });
    writer_text(&whole, more);
    writer_bytes(&whole, slice_after(text, front));
    harness_bank_says(&harness, "north", &whole);
    writer_fini(&plain);
    writer_fini(&whole);
}

static void what_is_not_from_the_bank_of_the_channel_is_refused(void **state)
{
    struct bank_party party = *harness_bank("north");
    (void)state;
    party.bic = "EVBXCNSHXXX";
    say_settled(&party, "");
    expect_refusal("B-9", "MISDIRECTED");
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
}

static void what_is_to_none_of_ours_is_refused(void **state)
{
    struct bank_party party = *harness_bank("north");
    (void)state;
    party.broker_bic = "EVBXCNSHXXX";
    say_settled(&party, "");
    expect_refusal("B-9", "MISDIRECTED");
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
}

static void the_head_office_needs_no_branch(void **state)
{
    struct bank_party party = *harness_bank("north");
    char head[9] = "";
    (void)state;
    memcpy(head, party.bic, 8);
    party.bic = head;
    say_settled(&party, "");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

static void on_a_copy_nothing_is_done(void **state)
{
    (void)state;
    say_settled(harness_bank("north"), "<CpyDplct>COPY</CpyDplct>");
    expect_refusal("B-9", "COPY");
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
}

static void one_that_may_have_come_before_is_known_by_its_id(void **state)
{
    (void)state;
    say_settled(harness_bank("north"), "");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    say_settled(harness_bank("north"), "<PssblDplct>true</PssblDplct>");
    assert_int_equal(harness.filed.count, 2);
    assert_null(harness.filed.at[1].text.at);
}

static void one_that_may_have_come_before_and_did_not_counts(void **state)
{
    (void)state;
    say_settled(harness_bank("north"), "<CpyDplct>DUPL</CpyDplct><PssblDplct>true</PssblDplct>");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

static void all_findings_are_told(void **state)
{
    (void)state;
    harness_status(&harness, "north", "B-1", order, "TOOLONGCODE", "NOTSHORTREASON");
    const struct harness_document *refusal = harness_sent(&harness);
    struct slice reason = harness_filed(&harness)->text;
    struct slice all = bank_read(refusal->bytes, "AddtlData");
    assert_non_null(memmem(reason.at, reason.size, "TOOLONGCODE", 11));
    assert_non_null(memmem(reason.at, reason.size, "NOTSHORTREASON", 14));
    assert_non_null(memmem(all.at, all.size, "NOTSHORTREASON", 14));
    assert_true(harness_logged(&harness, "/TxSts (rule cvc-maxLength-valid)"));
    assert_true(harness_logged(&harness, "/Rsn/Cd (rule cvc-maxLength-valid)"));
    assert_false(harness_logged(&harness, "NOTSHORTREASON"));
}

/* Which reason a deposit with this amount, currency and account is rejected with. */
static void expect_rejection(struct bank_deposit deposit, const char *code)
{
    struct writer writer;

    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank("north"), "B-2", &deposit, 1);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
    const struct harness_document *rejection = harness_sent(&harness);
    assert_slice_equal(bank_read(rejection->bytes, "MsgDefIdr"), "pacs.002.001.10");
    assert_slice_equal(bank_read(rejection->bytes, "GrpSts"), "RJCT");
    assert_slice_equal(bank_read(rejection->bytes, "OrgnlMsgId"), "B-2");
    assert_slice_equal(bank_read(rejection->bytes, "OrgnlEndToEndId"), "E-1");
    assert_slice_equal(bank_read(rejection->bytes, "TxSts"), "RJCT");
    assert_slice_equal(bank_read(rejection->bytes, "Cd"), code);
    assert_non_null(harness_filed(&harness)->text.at);
}

static const struct bank_deposit deposit = { .transaction_id = "T-1",
                                             .end_to_end_id = "E-1",
                                             .amount = "10.00",
                                             .currency = "EUR",
                                             .client = "C-1",
                                             .account = "A-1",
                                             .payer_account = "P-1",
                                             .payer_bank = "NRTXDEFFXXX" };

static void an_invalid_deposit_is_rejected_by_its_amount(void **state)
{
    struct bank_deposit wrong = deposit;
    (void)state;
    wrong.amount = "10,00";
    expect_rejection(wrong, "AM12");
}

static void an_invalid_deposit_is_rejected_by_its_currency(void **state)
{
    struct bank_deposit wrong = deposit;
    (void)state;
    wrong.currency = "eur";
    expect_rejection(wrong, "AM03");
}

static void an_invalid_deposit_is_rejected_by_its_bank(void **state)
{
    struct bank_deposit wrong = deposit;
    (void)state;
    wrong.payer_bank = "nowhere";
    expect_rejection(wrong, "RC01");
}

static void a_refusal_is_never_answered_with_another(void **state)
{
    (void)state;
    bank_says("north",
              "<RequestPayload><AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\">"
              "<Fr><FIId><FinInstnId><BICFI>NRTXDEFFXXX</BICFI></FinInstnId></FIId></Fr>"
              "<To><FIId><FinInstnId><BICFI>ALBRGB2LXXX</BICFI></FinInstnId></FIId></To>"
              "<BizMsgIdr>B-1</BizMsgIdr><MsgDefIdr>admi.002.001.01</MsgDefIdr>"
              "<CreDt>2026-03-02T09:00:00Z</CreDt></AppHdr>"
              "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:admi.002.001.01\"><wrong/>"
              "</Document></RequestPayload>");
    assert_non_null(harness_filed(&harness)->text.at);
    assert_int_equal(harness.sent.count, 1);
}

static void one_for_an_unknown_instruction_is_refused_and_alerted(void **state)
{
    (void)state;
    harness_status(&harness, "north", "B-1", SLICE("PSTK-K7Q2MX-77-1"), "ACSC", NULL);
    assert_non_null(strstr(harness_filed(&harness)->text.at, "unknown instruction"));
    assert_true(harness_logged(&harness, "contradiction id=PSTK-K7Q2MX-77-1"));
    harness_status(&harness, "north", "B-2", SLICE("WHO-KNOWS"), "ACSC", NULL);
    assert_non_null(strstr(harness_filed(&harness)->text.at, "unknown instruction"));
}

static void a_bank_can_not_speak_for_another(void **state)
{
    (void)state;
    harness_status(&harness, "south", "B-1", order, "ACSC", NULL);
    assert_non_null(harness_filed(&harness)->text.at);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
}

/* A pacs.002 with OrgnlMsgId and OrgnlInstrId. */
static void says_of(const char *order_id, const char *instruction_id)
{
    struct bank_status status = { .message_id = "B-1",
                                  .order_id = order_id,
                                  .instruction_id = instruction_id,
                                  .status = "ACSC",
                                  .reference = "REF-9" };
    struct writer writer;

    writer_init(&writer, 0);
    bank_write_status(&writer, harness_bank("north"), &status);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
}

static void a_status_may_name_the_order_by_its_instruction(void **state)
{
    (void)state;
    says_of(NULL, "W-1");
    harness_expect(&harness, 1, "35=EA|2823=3|58=bank reference REF-9");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

static void it_may_say_that_it_has_no_other_name(void **state)
{
    (void)state;
    says_of("NOTPROVIDED", "W-1");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

/* The same InstrId may have stood in an order of another gateway. */
static void a_status_about_a_message_that_is_not_ours_settles_nothing(void **state)
{
    (void)state;
    says_of("PSTK-ABCDEF-1-1", "W-1");
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_non_null(
        strstr(harness_filed(&harness)->text.at, "unknown instruction PSTK-ABCDEF-1-1"));
}

/* Which of the two is paid only the bank knows. */
static void a_status_that_names_two_orders_settles_neither(void **state)
{
    (void)state;
    char id[64];

    harness_say(&harness, 1, harness_withdrawal("W-2", "10.00"));
    snprintf(id, sizeof id, "%.*s", SLICE_ARG(order));
    says_of(id, "W-2");
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    assert_string_equal(harness_state(&harness, "W-2"), "sent");
    assert_int_equal(harness_reserved(&harness, "C-1"), 26000);
    assert_true(harness_logged(&harness, "contradiction"));
    assert_non_null(strstr(harness_filed(&harness)->text.at, "another InstrId"));
}

static void a_time_without_a_zone_is_the_banks(void **state)
{
    (void)state;
    struct bank_party south = *harness_bank("south");
    struct bank_status status = { .message_id = "B-1", .status = "ACSC" };
    struct writer writer;
    char id[64];

    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_expect(&harness, 2, "35=A");
    harness_say(&harness, 2,
                "35=DY|2812=W-9|2811=0|60=20260302-09:00:00|453=1|448=C-3|447=D|452=3|2824=CASH|"
                "2817=1.00|2818=EUR|2825=20260302|2826=20260303|2819=0|2816=ACC-9001|");
    harness_expect(&harness, 2, "35=DZ");
    const struct harness_document *sent = harness_sent(&harness);
    snprintf(id, sizeof id, "%.*s", SLICE_ARG(sent->name));
    status.order_id = id;
    south.created = "2026-03-02T10:15:00";
    writer_init(&writer, 0);
    bank_write_status(&writer, &south, &status);
    harness_bank_says(&harness, "south", &writer);
    writer_fini(&writer);
    harness_expect(&harness, 2, "35=EA|2823=3|60=20260302-09:15:00.000");
}

static void the_same_status_again_is_filed_and_nothing_else(void **state)
{
    (void)state;
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2823=3");
    size_t events = store_memory_count(harness.store, ROW_EVENT);
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect_silence(&harness, 1);
    assert_int_equal(store_memory_count(harness.store, ROW_EVENT), events);
    assert_int_equal(harness.filed.count, 2);
    assert_null(harness.filed.at[1].text.at);
}

static void another_content_under_the_same_id_is_refused(void **state)
{
    (void)state;
    harness_status(&harness, "north", "B-1", order, "ACCP", NULL);
    assert_null(harness_filed(&harness)->text.at);
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    expect_refusal("B-1", "DUPLICATE");
    assert_string_equal(harness_state(&harness, "W-1"), "pending");
    size_t sent = harness.sent.count;
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    assert_int_equal(harness.sent.count, sent + 1);
    assert_true(slice_equal(harness.sent.at[sent].name, harness.sent.at[sent - 1].name));
}

static void a_message_that_no_map_reads_is_refused(void **state)
{
    (void)state;
    bank_says("north",
              "<RequestPayload><AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\">"
              "<Fr><FIId><FinInstnId><BICFI>NRTXDEFFXXX</BICFI></FinInstnId></FIId></Fr>"
              "<To><FIId><FinInstnId><BICFI>ALBRGB2LXXX</BICFI></FinInstnId></FIId></To>"
              "<BizMsgIdr>B-7</BizMsgIdr><MsgDefIdr>camt.054.001.08</MsgDefIdr>"
              "<CreDt>2026-03-02T09:00:00Z</CreDt></AppHdr>"
              "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><x/></Document>"
              "</RequestPayload>");
    assert_non_null(harness_filed(&harness)->text.at);
}

static void refuse(const char *reason)
{
    struct writer writer;
    char id[64];

    snprintf(id, sizeof id, "%.*s", SLICE_ARG(order));
    writer_init(&writer, 0);
    bank_write_refusal(&writer, harness_bank("north"), "B-1", id, reason);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
}

static void a_refused_order_is_refused_for_a_final_reason(void **state)
{
    (void)state;
    refuse("SCHEMA");
    harness_expect(&harness, 1, "35=EA|2804=0|2813=2|2823=4");
    assert_string_equal(harness_state(&harness, "W-1"), "refused");
    assert_int_equal(harness_free(&harness, "C-1"), 100000);
}

static void and_in_doubt_for_any_other(void **state)
{
    (void)state;
    refuse("WHATEVER");
    harness_expect(&harness, 1, "35=EA|2804=2|2823=2");
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);
}

static void documents_of_one_channel_keep_their_order(void **state)
{
    (void)state;
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2823=3");
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    harness_expect(&harness, 1, "35=DZ");
    struct slice second = harness_sent(&harness)->name;

    harness.hold_answers = true;
    harness_status(&harness, "north", "B-2", order, "ACSP", NULL);
    harness_status(&harness, "north", "B-3", second, "ACSC", NULL);
    assert_int_equal(harness.filed.count, 1);
    assert_string_equal(harness_state(&harness, "W-2"), "sent");
    harness.hold_answers = false;
    harness_answer(&harness);
    assert_int_equal(harness.filed.count, 3);
    assert_string_equal(harness_state(&harness, "W-2"), "settled");
}

static void a_document_that_is_not_taken_is_offered_again(void **state)
{
    (void)state;
    harness.bank_asleep = true;
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    const struct harness_document *first = harness_sent(&harness);
    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_NOT_TOOK,
                                 .channel = first->channel,
                                 .name = first->name,
                                 .text = SLICE("no room") },
                harness.now);
    harness_run(&harness);
    assert_true(harness_logged(&harness, "channel-fault"));
    harness.bank_asleep = false;
    harness_pass(&harness, 6);
    const struct harness_document *again = harness_sent(&harness);
    assert_true(slice_equal(first->bytes, again->bytes));
    assert_string_equal(harness_state(&harness, "W-2"), "sent");
}

static void what_was_not_taken_is_offered_after_a_restart(void **state)
{
    (void)state;
    harness.bank_asleep = true;
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    struct slice bytes = harness_sent(&harness)->bytes;
    harness_restart(&harness);
    assert_true(slice_equal(harness_sent(&harness)->bytes, bytes));
    assert_int_equal(harness.sent.count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_not_xml_is_refused_without_an_answer),
        TEST(what_is_hostile_is_answered_when_its_id_was_read_before),
        TEST(the_same_rubbish_again_is_refused_again),
        TEST(one_that_is_not_valid_is_refused_by_a_message),
        TEST(what_a_bank_writes_is_not_logged),
        TEST(its_repeat_gets_the_same_refusal_again),
        TEST(what_is_not_from_the_bank_of_the_channel_is_refused),
        TEST(what_is_to_none_of_ours_is_refused),
        TEST(the_head_office_needs_no_branch),
        TEST(on_a_copy_nothing_is_done),
        TEST(one_that_may_have_come_before_is_known_by_its_id),
        TEST(one_that_may_have_come_before_and_did_not_counts),
        TEST(all_findings_are_told),
        TEST(an_invalid_deposit_is_rejected_by_its_amount),
        TEST(an_invalid_deposit_is_rejected_by_its_currency),
        TEST(an_invalid_deposit_is_rejected_by_its_bank),
        TEST(a_refusal_is_never_answered_with_another),
        TEST(one_for_an_unknown_instruction_is_refused_and_alerted),
        TEST(a_bank_can_not_speak_for_another),
        TEST(a_status_may_name_the_order_by_its_instruction),
        TEST(it_may_say_that_it_has_no_other_name),
        TEST(a_status_about_a_message_that_is_not_ours_settles_nothing),
        TEST(a_status_that_names_two_orders_settles_neither),
        TEST(a_time_without_a_zone_is_the_banks),
        TEST(the_same_status_again_is_filed_and_nothing_else),
        TEST(another_content_under_the_same_id_is_refused),
        TEST(a_message_that_no_map_reads_is_refused),
        TEST(a_refused_order_is_refused_for_a_final_reason),
        TEST(and_in_doubt_for_any_other),
        TEST(documents_of_one_channel_keep_their_order),
        TEST(a_document_that_is_not_taken_is_offered_again),
        TEST(what_was_not_taken_is_offered_after_a_restart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
