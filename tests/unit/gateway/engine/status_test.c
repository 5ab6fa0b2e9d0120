/* Statuses that say more than one thing: each word counts for what it was said of. */
#include "kit/engine_harness.h"

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

/* Two groups with their statuses, and what is behind them. */
static void bank_says(const char *first, const char *second, const char *behind)
{
    static const char end[] = "</FIToFIPmtStsRpt>";
    const struct bank_status none = { .message_id = "B-1" };
    struct writer plain, whole;

    writer_init(&plain, 0);
    writer_init(&whole, 0);
    bank_write_status(&plain, harness_bank("north"), &none);
    struct slice text = writer_slice(&plain);
    const char *from = memmem(text.at, text.size, "<TxInfAndSts>", 13);
    const char *to = memmem(text.at, text.size, end, sizeof end - 1);
    writer_bytes(&whole, (struct slice){ text.at, (size_t)(from - text.at) });
    write_group(&whole, order, first);
    if (second != NULL)
        write_group(&whole, other, second);
    writer_text(&whole, behind);
    writer_bytes(&whole, slice_after(text, (size_t)(to - text.at)));
    harness_bank_says(&harness, "north", &whole);
    writer_fini(&plain);
    writer_fini(&whole);
}

/* A transaction of the second order, without a status of its own. */
static const char *transaction(const char *more)
{
    return arena_format(&harness.arena,
                        "<TxInfAndSts><OrgnlGrpInf><OrgnlMsgId>%.*s</OrgnlMsgId>"
                        "<OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId></OrgnlGrpInf>%s"
                        "</TxInfAndSts>",
                        SLICE_ARG(other), more)
        .at;
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)
    const struct CMUnitTest tests[] = {
        TEST(a_group_speaks_of_its_order),
        TEST(a_group_says_nothing_of_another_order),
        TEST(of_two_groups_none_is_guessed),
        TEST(two_groups_without_transactions_are_refused_with_an_alert),
        TEST(a_transaction_that_says_it_all_needs_no_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
