/* What a bank is told of a document that is refused, and what nobody may be told. */
#include "kit/engine_harness.h"
#include "kit/map_folder.h"

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

static void expect_refusal(const char *refused_id, const char *reason)
{
    const struct harness_document *refusal = harness_sent(&harness);

    assert_slice_equal(bank_read(refusal->bytes, "MsgDefIdr"), "admi.002.001.01");
    assert_slice_equal(bank_read(refusal->bytes, "Ref"), refused_id);
    assert_slice_equal(bank_read(refusal->bytes, "RjctgPtyRsn"), reason);
    assert_non_null(harness_filed(&harness)->text.at);
}

static void expect_code(const char *status, const char *code)
{
    const struct harness_document *reply = harness_sent(&harness);

    assert_slice_equal(bank_read(reply->bytes, "MsgDefIdr"), "pacs.002.001.10");
    assert_slice_equal(bank_read(reply->bytes, "TxSts"), status);
    if (code != NULL)
        assert_slice_equal(bank_read(reply->bytes, "Cd"), code);
}

/* C-1's deposit is announced, and the broker has taken it. */
static void take_deposit(const struct bank_deposit *deposit)
{
    char text[200];

    harness_deposit(&harness, "north", "M-1", deposit);
    snprintf(text, sizeof text, "35=EB|2799=%s|2806=1|",
             harness_field(harness_hear(&harness, 1), 2799));
    harness_say(&harness, 1, text);
    expect_code("ACSP", NULL);
    assert_null(harness_filed(&harness)->text.at);
}

static void a_transfer_that_was_taken_is_never_rejected_by_an_invalid_copy(void **state)
{
    struct bank_deposit copy = harness_deposit_c1;

    (void)state;
    take_deposit(&copy);
    copy.amount = "25,50";
    harness_deposit(&harness, "north", "M-2", &copy);
    expect_refusal("M-2", "SCHEMA");
    assert_string_equal(harness_state(&harness, "T-1"), "settled");
    harness_restart(&harness);
    harness_deposit(&harness, "north", "M-3", &copy);
    expect_refusal("M-3", "SCHEMA");
}

static void nor_by_one_that_only_has_its_uetr(void **state)
{
    struct bank_deposit copy = harness_deposit_c1;

    (void)state;
    copy.uetr = "7a562c67-ca16-48ba-b074-65581be6f001";
    take_deposit(&copy);
    copy.transaction_id = "T-2";
    copy.amount = "25,50";
    harness_deposit(&harness, "north", "M-2", &copy);
    expect_refusal("M-2", "SCHEMA");
}

static void nor_by_one_among_others(void **state)
{
    struct bank_deposit deposits[2] = { harness_deposit_c1, harness_deposit_c1 };
    struct writer writer;

    (void)state;
    take_deposit(&harness_deposit_c1);
    deposits[0].transaction_id = "T-2";
    deposits[0].amount = "25,50";
    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank("north"), "M-2", deposits, 2);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
    expect_refusal("M-2", "SCHEMA");
}

static void nor_by_one_in_an_element_that_nobody_knows(void **state)
{
    static const char name[] = "CdtTrfTxInf>";
    struct bank_deposit deposits[2] = { harness_deposit_c1, harness_deposit_c1 };
    struct writer writer;

    (void)state;
    take_deposit(&harness_deposit_c1);
    deposits[0].transaction_id = "T-2";
    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank("north"), "M-2", deposits, 2);
    for (unsigned place = 0; place < 2; place++) {
        char *last = NULL;
        for (char *at = writer.at; (at = memmem(at, (size_t)(writer.at + writer.used - at), name,
                                                sizeof name - 1)) != NULL;
             at++)
            last = at;
        assert_non_null(last);
        memcpy(last, "OtherTxInfo", 11);
    }
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
    expect_refusal("M-2", "SCHEMA");
}

/* M-2 with T-2 and T-1, which was taken before; its bytes may be spoiled behind T-2. */
static void say_two(struct bank_deposit first, void (*spoil)(struct writer *writer))
{
    struct bank_deposit deposits[2] = { first, harness_deposit_c1 };
    struct writer writer;

    take_deposit(&harness_deposit_c1);
    deposits[0].transaction_id = "T-2";
    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank("north"), "M-2", deposits, 2);
    spoil(&writer);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
}

static void cut_behind_the_first(struct writer *writer)
{
    static const char end[] = "</CdtTrfTxInf>";
    const char *at = memmem(writer->at, writer->used, end, sizeof end - 1);

    writer->used = (size_t)(at - writer->at) + sizeof end - 1;
}

static void nor_by_one_behind_the_end_of_what_is_left(void **state)
{
    (void)state;
    say_two(harness_deposit_c1, cut_behind_the_first);
    expect_refusal("M-2", "SCHEMA");
}

static void write_no_xml_behind_the_first(struct writer *writer)
{
    static const char end[] = "</CdtTrfTxInf>";
    char *at = memmem(writer->at, writer->used, end, sizeof end - 1);

    memcpy(at + sizeof end - 1, "<CdtTrfTxIn&>", 13);
}

static void nor_by_one_behind_what_is_no_xml(void **state)
{
    (void)state;
    say_two(harness_deposit_c1, write_no_xml_behind_the_first);
    expect_refusal("M-2", "SCHEMA");
}

/* More findings than are told, all before T-1. */
static void find_many(struct writer *writer)
{
    static const char name[] = "<ChrgBr>SHAR</ChrgBr>";
    struct writer whole;

    writer_init(&whole, 0);
    struct slice text = writer_slice(writer);
    const char *at = memmem(text.at, text.size, name, sizeof name - 1);
    writer_bytes(&whole, (struct slice){ text.at, (size_t)(at - text.at) });
    for (unsigned i = 0; i < 30; i++)
        writer_text(&whole, "<ChrgBr>OURS</ChrgBr>");
    writer_bytes(&whole, slice_after(text, (size_t)(at - text.at)));
    writer_fini(writer);
    *writer = whole;
}

static void nor_by_one_behind_too_many_findings(void **state)
{
    (void)state;
    say_two(harness_deposit_c1, find_many);
    expect_refusal("M-2", "SCHEMA");
}

/* T-1 in a second PmtId of T-2. */
static void name_it_twice(struct writer *writer)
{
    static const char name[] = "</PmtId>";
    struct writer whole;

    writer_init(&whole, 0);
    struct slice text = writer_slice(writer);
    const char *at = memmem(text.at, text.size, name, sizeof name - 1);
    writer_bytes(&whole, (struct slice){ text.at, (size_t)(at - text.at) + sizeof name - 1 });
    writer_text(&whole, "<PmtId><EndToEndId>E-1</EndToEndId><TxId>T-1</TxId></PmtId>"
                        "<IntrBkSttlmAmt Ccy=\"EUR\">25.50</IntrBkSttlmAmt><ChrgBr>SHAR</ChrgBr>"
                        "</CdtTrfTxInf></FIToFICstmrCdtTrf></Document></RequestPayload>");
    writer_fini(writer);
    *writer = whole;
}

static void nor_by_one_in_what_is_there_twice(void **state)
{
    (void)state;
    say_two(harness_deposit_c1, name_it_twice);
    expect_refusal("M-2", "SCHEMA");
}

/* The header's id is new, that of the message is not. */
static void repeat_message(const char *header_id, const char *message_id)
{
    struct bank_deposit other = harness_deposit_c1;
    struct writer writer;

    other.transaction_id = "T-2";
    other.amount = "25,50";
    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank("north"), message_id, &other, 1);
    char *at = memmem(writer.at, writer.used, "<BizMsgIdr>", 11);
    memcpy(at + 11, header_id, strlen(header_id));
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
}

static void nor_by_one_in_a_message_with_its_id(void **state)
{
    (void)state;
    take_deposit(&harness_deposit_c1);
    repeat_message("M-2", "M-1");
    expect_refusal("M-2", "SCHEMA");
    repeat_message("M-3", "M-3");
    expect_code("RJCT", "AM12");
    harness_restart(&harness);
    repeat_message("M-4", "M-1");
    expect_refusal("M-4", "SCHEMA");
}

static void nor_when_its_id_is_old(void **state)
{
    (void)state;
    harness_close(&harness);
    harness_open_sealing(&harness, 2);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=A");
    take_deposit(&harness_deposit_c1);
    harness_restart(&harness);
    repeat_message("M-2", "M-1");
    expect_refusal("M-2", "SCHEMA");
}

static void an_invalid_one_with_an_id_that_is_new_is_rejected(void **state)
{
    struct bank_deposit other = harness_deposit_c1;

    (void)state;
    take_deposit(&harness_deposit_c1);
    other.transaction_id = "T-2";
    other.amount = "25,50";
    harness_deposit(&harness, "north", "M-2", &other);
    expect_code("RJCT", "AM12");
}

static void a_map_rejects_what_its_condition_holds_for(void **state)
{
    struct bank_deposit wrong = harness_deposit_c1;

    (void)state;
    wrong.amount = "25,50";
    harness_close(&harness);
    map_folder_make("deposit-rejection.yaml", "use: reject\n",
                    "use: reject\nwhen: bank.bic == 'STHXFRPPXXX'\n");
    harness_open_logged_on(&harness);
    harness_deposit(&harness, "north", "M-1", &wrong);
    expect_refusal("M-1", "SCHEMA");
    wrong.account = "CUST-3";
    harness_deposit(&harness, "south", "M-1", &wrong);
    expect_code("RJCT", "AM12");
    map_folder_remove();
}

/* What a copy, or what is another's, says is not for us to reject. */
static void an_invalid_deposit_with_a_wrong_header_is_not_rejected(void **state)
{
    struct bank_party party = *harness_bank("north");
    struct bank_deposit wrong = harness_deposit_c1;
    struct writer writer;

    (void)state;
    party.broker_bic = "EVBXCNSHXXX";
    wrong.amount = "25,50";
    writer_init(&writer, 0);
    bank_write_deposits(&writer, &party, "M-1", &wrong, 1);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
    expect_refusal("M-1", "MISDIRECTED");
    assert_true(harness_logged(&harness, "none of ours"));
}

/* M-1 again, as one that may have come before, with this in it. */
static void repeat_with(const struct bank_deposit *deposit)
{
    static const char end[] = "</AppHdr>";
    struct writer plain, whole;

    writer_init(&plain, 0);
    writer_init(&whole, 0);
    bank_write_deposits(&plain, harness_bank("north"), "M-1", deposit, 1);
    struct slice text = writer_slice(&plain);
    const char *at = memmem(text.at, text.size, end, sizeof end - 1);
    writer_bytes(&whole, (struct slice){ text.at, (size_t)(at - text.at) });
    writer_text(&whole, "<PssblDplct>true</PssblDplct>");
    writer_bytes(&whole, slice_after(text, (size_t)(at - text.at)));
    harness_bank_says(&harness, "north", &whole);
    writer_fini(&plain);
    writer_fini(&whole);
}

static void a_repeat_is_answered_as_before(void **state)
{
    (void)state;
    take_deposit(&harness_deposit_c1);
    repeat_with(&harness_deposit_c1);
    expect_code("ACSP", NULL);
    assert_null(harness_filed(&harness)->text.at);
}

static void a_repeat_with_another_transfer_in_it_is_refused_with_an_alert(void **state)
{
    struct bank_deposit other = harness_deposit_c1;

    (void)state;
    take_deposit(&harness_deposit_c1);
    other.transaction_id = "T-2";
    repeat_with(&other);
    assert_non_null(strstr(harness_filed(&harness)->text.at, "T-2 was not in the document"));
    assert_true(harness_logged(&harness, "contradiction id=T-2"));
    assert_int_equal(harness_free(&harness, "C-1"), 102550);
    harness_expect_silence(&harness, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)
    const struct CMUnitTest tests[] = {
        TEST(a_transfer_that_was_taken_is_never_rejected_by_an_invalid_copy),
        TEST(nor_by_one_that_only_has_its_uetr),
        TEST(nor_by_one_among_others),
        TEST(nor_by_one_in_an_element_that_nobody_knows),
        TEST(nor_by_one_behind_the_end_of_what_is_left),
        TEST(nor_by_one_behind_what_is_no_xml),
        TEST(nor_by_one_behind_too_many_findings),
        TEST(nor_by_one_in_what_is_there_twice),
        TEST(nor_by_one_in_a_message_with_its_id),
        TEST(nor_when_its_id_is_old),
        TEST(an_invalid_one_with_an_id_that_is_new_is_rejected),
        TEST(a_map_rejects_what_its_condition_holds_for),
        TEST(an_invalid_deposit_with_a_wrong_header_is_not_rejected),
        TEST(a_repeat_is_answered_as_before),
        TEST(a_repeat_with_another_transfer_in_it_is_refused_with_an_alert),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
