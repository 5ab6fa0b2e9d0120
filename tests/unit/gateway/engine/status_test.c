/* Statuses that say more than one thing: each word counts for what it was said of. */
#include "kit/engine_harness.h"
#include "kit/map_folder.h"

#include <stdio.h>

static struct harness harness;
static struct slice order, other;

static int open(void **state)
{
    (void)state;
    harness_open_logged_on(&harness);
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ");
    order = harness_sent(&harness)->name;
    harness_say(&harness, 1, harness_withdrawal("W-2", "10.00"));
    harness_expect(&harness, 1, "35=DZ");
    other = harness_sent(&harness)->name;
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

static void write_group(struct writer *writer, struct slice id, const char *status)
{
    writer_format(writer,
                  "<OrgnlGrpInfAndSts><OrgnlMsgId>%.*s</OrgnlMsgId>"
                  "<OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId><GrpSts>%s</GrpSts>"
                  "</OrgnlGrpInfAndSts>",
                  SLICE_ARG(id), status);
}

/* Groups with their statuses (NULL: none), and what is behind them. */
static void bank_says(const char *first, const char *second, const char *behind)
{
    static const char end[] = "</FIToFIPmtStsRpt>";
    static unsigned count;
    char id[16];
    snprintf(id, sizeof id, "B-%u", ++count);
    const struct bank_status none = { .message_id = id };
    struct writer plain, whole;

    writer_init(&plain, 0);
    writer_init(&whole, 0);
    bank_write_status(&plain, harness_bank("north"), &none);
    struct slice text = writer_slice(&plain);
    const char *from = memmem(text.at, text.size, "<TxInfAndSts>", 13);
    const char *to = memmem(text.at, text.size, end, sizeof end - 1);
    writer_bytes(&whole, (struct slice){ text.at, (size_t)(from - text.at) });
    if (first != NULL)
        write_group(&whole, order, first);
    if (second != NULL)
        write_group(&whole, other, second);
    writer_text(&whole, behind);
    writer_bytes(&whole, slice_after(text, (size_t)(to - text.at)));
    harness_bank_says(&harness, "north", &whole);
    writer_fini(&plain);
    writer_fini(&whole);
}

/* A transaction of a message of ours, with this in it. */
static const char *transaction_of(struct slice message, const char *more)
{
    return arena_format(&harness.arena,
                        "<TxInfAndSts><OrgnlGrpInf><OrgnlMsgId>%.*s</OrgnlMsgId>"
                        "<OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId></OrgnlGrpInf>%s"
                        "</TxInfAndSts>",
                        SLICE_ARG(message), more)
        .at;
}

static const char *both(const char *one, const char *two)
{
    return arena_format(&harness.arena, "%s%s", one, two).at;
}

/* A transaction of the second order, without a status of its own. */
static const char *transaction(const char *more)
{
    return transaction_of(other, more);
}

static void a_group_speaks_of_its_order(void **state)
{
    (void)state;
    bank_says("ACSC", NULL, "");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_string_equal(harness_state(&harness, "W-2"), "sent");
}

static void a_group_says_nothing_of_another_order(void **state)
{
    (void)state;
    bank_says("ACSC", NULL, transaction(""));
    assert_string_equal(harness_state(&harness, "W-2"), "in_doubt");
    assert_true(harness_logged(&harness, "in-doubt"));
}

static void of_two_groups_none_is_guessed(void **state)
{
    (void)state;
    bank_says("ACSC", "RJCT", transaction(""));
    assert_string_not_equal(harness_state(&harness, "W-1"), "settled");
    assert_string_equal(harness_state(&harness, "W-2"), "in_doubt");
}

static void two_groups_without_transactions_are_refused_with_an_alert(void **state)
{
    (void)state;
    bank_says("ACSC", "RJCT", "");
    assert_non_null(strstr(harness_filed(&harness)->text.at, "names no order"));
    assert_true(harness_logged(&harness, "contradiction"));
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_string_equal(harness_state(&harness, "W-2"), "sent");
}

static void a_transaction_that_says_it_all_needs_no_group(void **state)
{
    (void)state;
    bank_says("PART", "PART", transaction("<TxSts>ACSC</TxSts>"));
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_string_equal(harness_state(&harness, "W-2"), "settled");
}

static void each_transaction_speaks_for_itself(void **state)
{
    (void)state;
    bank_says(NULL, NULL,
              both(transaction_of(order, "<TxSts>ACSC</TxSts>"),
                   transaction("<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn>"
                               "</StsRsnInf>")));
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_string_equal(harness_state(&harness, "W-2"), "refused");
}

/* Nothing has been settled of W-1, nor given back. */
static void assert_doubt(void)
{
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
    assert_int_equal(harness_reserved(&harness, "C-1"), 26000);
    assert_true(harness_logged(&harness, "contradiction"));
    assert_non_null(harness_filed(&harness)->text.at);
}

static void two_ends_of_one_order_are_none(void **state)
{
    static const char refused[] = "<TxSts>RJCT</TxSts>";

    (void)state;
    bank_says(NULL, NULL,
              both(transaction_of(order, "<TxSts>ACSC</TxSts>"), transaction_of(order, refused)));
    assert_doubt();
    bank_says(NULL, NULL, transaction_of(order, "<TxSts>ACSC</TxSts>"));
    assert_string_equal(harness_state(&harness, "W-1"), "in_doubt");
}

static void nor_when_the_refusal_comes_first(void **state)
{
    (void)state;
    bank_says(NULL, NULL,
              both(transaction_of(order, "<TxSts>RJCT</TxSts>"),
                   transaction_of(order, "<TxSts>ACSC</TxSts>")));
    assert_doubt();
}

static void one_document_may_say_how_it_went_on(void **state)
{
    (void)state;
    bank_says(NULL, NULL,
              both(transaction_of(order, "<TxSts>ACSP</TxSts>"),
                   transaction_of(order, "<TxSts>ACSC</TxSts>")));
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_null(harness_filed(&harness)->text.at);
}

static void a_group_that_contradicts_its_transaction_leaves_a_doubt(void **state)
{
    (void)state;
    bank_says("RJCT", NULL, transaction_of(order, "<TxSts>ACSC</TxSts>"));
    assert_doubt();
}

static void a_refused_transaction_in_a_settled_group_leaves_a_doubt(void **state)
{
    (void)state;
    bank_says("ACSC", NULL, transaction_of(order, "<TxSts>RJCT</TxSts>"));
    assert_doubt();
}

static void every_id_that_the_bank_repeats_must_be_the_orders(void **state)
{
    static const struct {
        const char *text;
        bool ours;
    } rows[] = {
        { "<OrgnlInstrId>W-1</OrgnlInstrId>", true },
        { "<OrgnlInstrId>W-2</OrgnlInstrId>", false },
        { "<OrgnlEndToEndId>P-W-1</OrgnlEndToEndId>", true },
        { "<OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId>", true },
        { "<OrgnlEndToEndId>P-W-2</OrgnlEndToEndId>", false },
        { "<OrgnlTxId>W-1</OrgnlTxId>", false },
        { "<OrgnlUETR>7a562c67-ca16-48ba-b074-65581be6f001</OrgnlUETR>", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (i != 0)
            open(state);
        bank_says(NULL, NULL, transaction_of(order, both(rows[i].text, "<TxSts>ACSC</TxSts>")));
        if (rows[i].ours)
            assert_string_equal(harness_state(&harness, "W-1"), "settled");
        else
            assert_doubt();
        if (i != sizeof rows / sizeof rows[0] - 1)
            close_all(state);
    }
}

static void another_message_of_the_same_instruction_was_never_sent(void **state)
{
    struct slice never = arena_copy(&harness.arena, order);

    (void)state;
    ((char *)never.at)[never.size - 1] = '9';
    bank_says(NULL, NULL, transaction_of(never, "<TxSts>ACSC</TxSts>"));
    assert_doubt();
}

static void every_amount_that_the_bank_repeats_must_be_the_orders(void **state)
{
    static const struct {
        const char *text;
        bool ours;
    } rows[] = {
        { "<IntrBkSttlmAmt Ccy=\"EUR\">250.00</IntrBkSttlmAmt>", true },
        { "<IntrBkSttlmAmt Ccy=\"EUR\">249.99</IntrBkSttlmAmt>", false },
        { "<IntrBkSttlmAmt Ccy=\"USD\">250.00</IntrBkSttlmAmt>", false },
        { "<Amt><InstdAmt Ccy=\"EUR\">250</InstdAmt></Amt>", true },
        { "<Amt><InstdAmt Ccy=\"EUR\">2500.00</InstdAmt></Amt>", false },
        { "<Amt><InstdAmt Ccy=\"JPY\">250</InstdAmt></Amt>", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (i != 0)
            open(state);
        bank_says(NULL, NULL,
                  transaction_of(order, both("<TxSts>ACSC</TxSts><OrgnlTxRef>",
                                             both(rows[i].text, "</OrgnlTxRef>"))));
        if (rows[i].ours)
            assert_string_equal(harness_state(&harness, "W-1"), "settled");
        else
            assert_doubt();
        if (i != sizeof rows / sizeof rows[0] - 1)
            close_all(state);
    }
}

static void an_order_goes_by_what_its_map_wrote(void **state)
{
    close_all(state);
    map_folder_make("withdrawal-pacs008.yaml", "InstrId: =id35(PayRequestID)\n",
                    "InstrId: =id35(concat('I-', PayRequestID))\n");
    open(state);
    bank_says(NULL, NULL,
              "<TxInfAndSts><OrgnlInstrId>I-W-1</OrgnlInstrId><TxSts>ACSC</TxSts></TxInfAndSts>");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    bank_says(NULL, NULL,
              "<TxInfAndSts><OrgnlInstrId>W-2</OrgnlInstrId><TxSts>ACSC</TxSts></TxInfAndSts>");
    assert_string_equal(harness_state(&harness, "W-2"), "sent");
    map_folder_remove();
}

/* --- one that is not valid --- */

static const char *invalid(void)
{
    return transaction_of(order, "<TxSts>ACSC</TxSts><AccptncDtTm>soon</AccptncDtTm>");
}

static void a_status_that_is_not_valid_is_an_alert_on_its_order(void **state)
{
    (void)state;
    bank_says(NULL, NULL, both(invalid(), invalid()));
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_int_equal(harness_reserved(&harness, "C-1"), 26000);
    assert_true(harness_logged(&harness, "status-refused id="));
    assert_int_equal(harness_instruction(&harness, "W-1")->event_count, 3);
    harness_command(&harness, "root", "instructions");
    assert_true(harness_replied(&harness, "a status was refused: "));
    harness_command(&harness, "root", "show W-1");
    assert_true(harness_replied(&harness, "AccptncDtTm"));
    bank_says(NULL, NULL, transaction_of(order, "<TxSts>ACSC</TxSts>"));
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
}

static void nor_is_one_believed_whose_id_was_used_before(void **state)
{
    (void)state;
    harness_status(&harness, "north", "B-X", other, "ACSC", NULL);
    harness_status(&harness, "north", "B-X", order, "ACSC", NULL);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_true(harness_logged(&harness, "status-refused id="));
    assert_string_equal(harness_state(&harness, "W-2"), "settled");
}

static void of_an_order_that_has_ended_too(void **state)
{
    (void)state;
    bank_says(NULL, NULL, transaction_of(order, "<TxSts>ACSC</TxSts>"));
    harness_restart(&harness);
    bank_says(NULL, NULL, invalid());
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_true(harness_logged(&harness, "status-refused id="));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)
    const struct CMUnitTest tests[] = {
        TEST(a_group_speaks_of_its_order),
        TEST(a_group_says_nothing_of_another_order),
        TEST(of_two_groups_none_is_guessed),
        TEST(two_groups_without_transactions_are_refused_with_an_alert),
        TEST(a_transaction_that_says_it_all_needs_no_group),
        TEST(each_transaction_speaks_for_itself),
        TEST(two_ends_of_one_order_are_none),
        TEST(nor_when_the_refusal_comes_first),
        TEST(one_document_may_say_how_it_went_on),
        TEST(a_group_that_contradicts_its_transaction_leaves_a_doubt),
        TEST(a_refused_transaction_in_a_settled_group_leaves_a_doubt),
        TEST(every_id_that_the_bank_repeats_must_be_the_orders),
        TEST(another_message_of_the_same_instruction_was_never_sent),
        TEST(every_amount_that_the_bank_repeats_must_be_the_orders),
        TEST(an_order_goes_by_what_its_map_wrote),
        TEST(a_status_that_is_not_valid_is_an_alert_on_its_order),
        TEST(nor_is_one_believed_whose_id_was_used_before),
        TEST(of_an_order_that_has_ended_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
