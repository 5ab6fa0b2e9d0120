#include "kit/kit.h"

#include "routing/custody/custody.h"

#include <stdio.h>

static const struct date today = { 2026, 1, 15 };

static const struct link alice = {
    .client = { "C-1", 3 },
    .account = { "GB82WEST12345698765432", 22 },
    .session = { "alpha", 5 },
    .bank = { "ICBKCNBJXXX", 11 },
    .payee_bank = { "CMBCCNBS", 8 },
    .payee_account = { "DE89370400440532013000", 22 },
    .client_name = { "Alice", 5 },
    .currency = { "CNY", 3 },
};

struct desk {
    struct book *book;
    struct instruction *instruction;
    struct facts facts;
    const struct link *link;
    struct refusal refusal;
};

static int open_desk(void **state)
{
    static struct desk desk;
    desk = (struct desk){ .book = book_new(), .instruction = instruction_new(1, FLOW_WITHDRAWAL) };
    book_put_link(desk.book, &alice);
    instruction_set(desk.instruction, INSTRUCTION_TEXT_session, SLICE("alpha"));
    struct slice *values = desk.facts.values;
    values[FACT_instruction_client] = SLICE("C-1");
    values[FACT_instruction_account] = SLICE("GB82WEST12345698765432");
    values[FACT_instruction_bank] = SLICE("ICBKCNBJ");
    values[FACT_instruction_payee_bank] = SLICE("CMBCCNBSXXX");
    values[FACT_instruction_payee_account] = SLICE("DE89370400440532013000");
    values[FACT_instruction_currency] = SLICE("CNY");
    values[FACT_instruction_amount] = SLICE("1250.5");
    values[FACT_instruction_value_date] = SLICE("2026-01-15");
    *state = &desk;
    return 0;
}

static int close_desk(void **state)
{
    struct desk *desk = *state;
    instruction_free(desk->instruction);
    book_free(desk->book);
    return 0;
}

static bool passes(struct desk *desk)
{
    desk->refusal = (struct refusal){ "", "" };
    return custody_check(desk->instruction, &desk->facts, desk->book, today, &desk->link,
                         &desk->refusal);
}

static void assert_refused(struct desk *desk, const char *code)
{
    assert_false(passes(desk));
    assert_string_equal(desk->refusal.code, code);
    assert_true(desk->refusal.text[0] != '\0');
    assert_int_equal(desk->instruction->amount_minor, 0);
    assert_null(instruction_get(desk->instruction, INSTRUCTION_TEXT_payee_account).at);
}

static void make_deposit(struct desk *desk)
{
    instruction_free(desk->instruction);
    desk->instruction = instruction_new(2, FLOW_DEPOSIT);
}

static void a_good_request_takes_everything_from_the_link(void **state)
{
    struct desk *desk = *state;
    desk->facts.values[FACT_instruction_payee_account] = SLICE("de89 3704 0044 0532 0130 00");
    desk->facts.values[FACT_instruction_account] = SLICE("GB82 WEST 1234 5698 7654 32");

    assert_true(passes(desk));
    assert_slice_equal(desk->link->client_name, "Alice");
    const struct instruction *done = desk->instruction;
    assert_int_equal(done->amount_minor, 125050);
    assert_slice_equal(instruction_get(done, INSTRUCTION_TEXT_client), "C-1");
    assert_slice_equal(instruction_get(done, INSTRUCTION_TEXT_account), "GB82WEST12345698765432");
    assert_slice_equal(instruction_get(done, INSTRUCTION_TEXT_bank), "ICBKCNBJXXX");
    assert_slice_equal(instruction_get(done, INSTRUCTION_TEXT_payee_bank), "CMBCCNBS");
    assert_slice_equal(instruction_get(done, INSTRUCTION_TEXT_payee_account),
                       "DE89370400440532013000");
    assert_slice_equal(instruction_get(done, INSTRUCTION_TEXT_currency), "CNY");
    assert_slice_equal(instruction_get(done, INSTRUCTION_TEXT_value_date), "2026-01-15");
}

static void what_the_message_may_leave_out_comes_from_the_link(void **state)
{
    struct desk *desk = *state;
    desk->facts.values[FACT_instruction_bank] = SLICE_NONE;
    desk->facts.values[FACT_instruction_payee_bank] = SLICE_NONE;
    desk->facts.values[FACT_instruction_payee_account] = SLICE_NONE;
    desk->facts.values[FACT_instruction_currency] = SLICE_NONE;

    assert_true(passes(desk));
    assert_slice_equal(instruction_get(desk->instruction, INSTRUCTION_TEXT_payee_account),
                       "DE89370400440532013000");
    assert_slice_equal(instruction_get(desk->instruction, INSTRUCTION_TEXT_currency), "CNY");
}

static void a_bad_amount_is_am12_and_is_echoed(void **state)
{
    static const char *const bad[] = {
        "",
        "0",
        "0.00",
        "-1",
        "-0",
        "+1",
        "1e5",
        "1E2",
        "1,000",
        "1.234.5",
        "abc",
        ".",
        "-",
        " 1",
        "1 ",
        "0x10",
        "1.001",
        "1.000",
        "1.000000",
        "0.000001",
        "1234567890123456789",
        "1234567890123456.789",
        "100000000000000000",
        "NaN",
        "Infinity",
        "1_0",
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        desk->facts.values[FACT_instruction_amount] = slice_of(bad[i]);
        assert_refused(desk, "AM12");
        char echo[64];
        snprintf(echo, sizeof echo, "\"%s\"", bad[i]);
        assert_non_null(strstr(desk->refusal.text, echo));
    }
    desk->facts.values[FACT_instruction_amount] = SLICE_NONE;
    assert_refused(desk, "AM12");
}

static void a_long_amount_is_echoed_as_far_as_there_is_room(void **state)
{
    struct desk *desk = *state;
    char digits[5000];
    memset(digits, '9', sizeof digits);
    desk->facts.values[FACT_instruction_amount] = guarded((struct slice){ digits, sizeof digits });

    assert_refused(desk, "AM12");
    assert_non_null(strstr(desk->refusal.text, "99999..."));
}

static void amounts_at_the_edge_are_exact(void **state)
{
    static const struct {
        const char *text, *currency;
        int64_t minor;
    } good[] = {
        { "0.01", "CNY", 1 },
        { "00012.30", "CNY", 1230 },
        { "7.", "CNY", 700 },
        { "9999999999999999.99", "CNY", 999999999999999999 },
        { "999999999999999999", "JPY", 999999999999999999 },
        { "1.234", "KWD", 1234 },
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct link link = alice;
        link.currency = slice_of(good[i].currency);
        book_put_link(desk->book, &link);
        desk->facts.values[FACT_instruction_amount] = slice_of(good[i].text);
        desk->facts.values[FACT_instruction_currency] = slice_of(good[i].currency);
        assert_true(passes(desk));
        assert_int_equal(desk->instruction->amount_minor, good[i].minor);
    }
}

static void decimals_follow_the_currency(void **state)
{
    static const struct {
        const char *amount, *currency;
    } bad[] = {
        { "100.5", "JPY" },
        { "100.0", "JPY" },
        { "1.2345", "KWD" },
        { "0.001", "EUR" },
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        desk->facts.values[FACT_instruction_amount] = slice_of(bad[i].amount);
        desk->facts.values[FACT_instruction_currency] = slice_of(bad[i].currency);
        assert_refused(desk, "AM12");
    }
}

static void a_currency_that_does_not_exist_is_am03(void **state)
{
    static const char *const bad[] = { "XQQ", "cny", "CN", "CNYY", "CNH", "" };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        desk->facts.values[FACT_instruction_currency] = slice_of(bad[i]);
        assert_refused(desk, "AM03");
    }
}

static void a_currency_that_the_account_is_not_kept_in_is_am03(void **state)
{
    struct desk *desk = *state;
    desk->facts.values[FACT_instruction_currency] = SLICE("USD");
    assert_refused(desk, "AM03");
}

static void a_bad_value_date_is_dt01(void **state)
{
    static const char *const bad[] = {
        "2026-01-14", "2025-12-31", "2026-02-30", "2026-13-01", "20260115", "tomorrow", ""
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        desk->facts.values[FACT_instruction_value_date] = slice_of(bad[i]);
        assert_refused(desk, "DT01");
    }
    desk->facts.values[FACT_instruction_value_date] = SLICE_NONE;
    assert_refused(desk, "DT01");
    desk->facts.values[FACT_instruction_value_date] = SLICE("2026-01-16");
    assert_true(passes(desk));
}

static void an_unknown_client_is_be06(void **state)
{
    struct desk *desk = *state;
    desk->facts.values[FACT_instruction_client] = SLICE("C-9");
    assert_refused(desk, "BE06");
    desk->facts.values[FACT_instruction_client] = SLICE_NONE;
    assert_refused(desk, "BE06");
}

static void an_unknown_account_is_ac03(void **state)
{
    struct desk *desk = *state;
    desk->facts.values[FACT_instruction_account] = SLICE("ACC-9");
    assert_refused(desk, "AC03");
    desk->facts.values[FACT_instruction_account] = SLICE_NONE;
    assert_refused(desk, "AC03");
}

static void another_brokers_client_and_account_do_not_exist(void **state)
{
    struct desk *desk = *state;
    instruction_set(desk->instruction, INSTRUCTION_TEXT_session, SLICE("beta"));
    assert_refused(desk, "BE06");

    struct link mine = alice;
    mine.account = SLICE("ACC-2");
    mine.session = SLICE("beta");
    book_put_link(desk->book, &mine);
    assert_refused(desk, "AC03");
    assert_null(desk->link);
}

static void a_withdrawal_of_no_session_has_no_client(void **state)
{
    struct desk *desk = *state;
    instruction_set(desk->instruction, INSTRUCTION_TEXT_session, SLICE_NONE);
    assert_refused(desk, "BE06");
}

static void an_account_of_another_client_is_md01(void **state)
{
    struct desk *desk = *state;
    struct link other = alice;
    other.client = SLICE("C-2");
    other.account = SLICE("ACC-2");
    book_put_link(desk->book, &other);
    desk->facts.values[FACT_instruction_account] = SLICE("ACC-2");

    assert_refused(desk, "MD01");
}

static void a_bank_that_does_not_keep_the_account_is_agnt(void **state)
{
    struct desk *desk = *state;
    desk->facts.values[FACT_instruction_bank] = SLICE("CMBCCNBS");
    assert_refused(desk, "AGNT");
}

static void any_other_payee_is_md01(void **state)
{
    struct desk *desk = *state;
    desk->facts.values[FACT_instruction_payee_account] = SLICE("GB33BUKB20201555555555");
    assert_refused(desk, "MD01");
    desk->facts.values[FACT_instruction_payee_account] = SLICE("DE89370400440532013000");
    desk->facts.values[FACT_instruction_payee_bank] = SLICE("COBADEFF");
    assert_refused(desk, "MD01");
}

static void the_custody_account_is_never_its_own_payee(void **state)
{
    struct desk *desk = *state;
    struct link loop = alice;
    loop.payee_account = alice.account;
    book_put_link(desk->book, &loop);
    desk->facts.values[FACT_instruction_payee_account] = SLICE_NONE;

    assert_refused(desk, "MD01");
}

static void the_first_fault_in_order_is_told(void **state)
{
    struct desk *desk = *state;
    struct slice *values = desk->facts.values;
    static const struct {
        enum fact fact;
        struct slice wrong, right;
        const char *code;
    } steps[] = {
        { FACT_instruction_amount, { "1e5", 3 }, { "1.00", 4 }, "AM12" },
        { FACT_instruction_currency, { "XQQ", 3 }, { "CNY", 3 }, "AM03" },
        { FACT_instruction_value_date, { "yesterday", 9 }, { "2026-01-15", 10 }, "DT01" },
        { FACT_instruction_client, { "C-9", 3 }, { "C-1", 3 }, "BE06" },
        { FACT_instruction_account, { "ACC-9", 5 }, { "GB82WEST12345698765432", 22 }, "AC03" },
        { FACT_instruction_bank, { "CMBCCNBS", 8 }, { "ICBKCNBJ", 8 }, "AGNT" },
        { FACT_instruction_payee_account, { "ACC-9", 5 }, { NULL, 0 }, "MD01" },
    };
    const size_t count = sizeof steps / sizeof *steps;
    for (size_t i = 0; i < count; i++)
        values[steps[i].fact] = steps[i].wrong;
    for (size_t i = 0; i < count; i++) {
        assert_refused(desk, steps[i].code);
        values[steps[i].fact] = steps[i].right;
    }
    assert_true(passes(desk));
}

static void a_deposit_finds_its_client_by_the_payers_account(void **state)
{
    struct desk *desk = *state;
    make_deposit(desk);
    desk->facts.values[FACT_instruction_client] = SLICE_NONE;
    desk->facts.values[FACT_instruction_value_date] = SLICE("2026-01-09");
    desk->facts.values[FACT_instruction_amount] = SLICE("+30");

    assert_true(passes(desk));
    assert_slice_equal(instruction_get(desk->instruction, INSTRUCTION_TEXT_client), "C-1");
    assert_slice_equal(instruction_get(desk->instruction, INSTRUCTION_TEXT_session), "alpha");
    assert_int_equal(desk->instruction->amount_minor, 3000);
}

static void a_deposit_from_another_account_is_md01(void **state)
{
    struct desk *desk = *state;
    make_deposit(desk);
    desk->facts.values[FACT_instruction_payee_account] = SLICE("GB33BUKB20201555555555");
    assert_refused(desk, "MD01");
    desk->facts.values[FACT_instruction_payee_account] = SLICE_NONE;
    assert_refused(desk, "MD01");
    desk->facts.values[FACT_instruction_client] = SLICE_NONE;
    assert_refused(desk, "MD01");
}

static void a_deposit_for_a_named_client_never_goes_to_another(void **state)
{
    struct desk *desk = *state;
    make_deposit(desk);
    desk->facts.values[FACT_instruction_client] = SLICE("C-9");
    assert_refused(desk, "BE06");
}

static void a_deposit_to_an_unknown_account_is_ac03(void **state)
{
    struct desk *desk = *state;
    make_deposit(desk);
    desk->facts.values[FACT_instruction_client] = SLICE_NONE;
    desk->facts.values[FACT_instruction_account] = SLICE("ACC-9");
    assert_refused(desk, "AC03");
}

#define desk_test(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        desk_test(a_good_request_takes_everything_from_the_link),
        desk_test(what_the_message_may_leave_out_comes_from_the_link),
        desk_test(a_bad_amount_is_am12_and_is_echoed),
        desk_test(a_long_amount_is_echoed_as_far_as_there_is_room),
        desk_test(amounts_at_the_edge_are_exact),
        desk_test(decimals_follow_the_currency),
        desk_test(a_currency_that_does_not_exist_is_am03),
        desk_test(a_currency_that_the_account_is_not_kept_in_is_am03),
        desk_test(a_bad_value_date_is_dt01),
        desk_test(an_unknown_client_is_be06),
        desk_test(an_unknown_account_is_ac03),
        desk_test(another_brokers_client_and_account_do_not_exist),
        desk_test(a_withdrawal_of_no_session_has_no_client),
        desk_test(an_account_of_another_client_is_md01),
        desk_test(a_bank_that_does_not_keep_the_account_is_agnt),
        desk_test(any_other_payee_is_md01),
        desk_test(the_custody_account_is_never_its_own_payee),
        desk_test(the_first_fault_in_order_is_told),
        desk_test(a_deposit_finds_its_client_by_the_payers_account),
        desk_test(a_deposit_from_another_account_is_md01),
        desk_test(a_deposit_for_a_named_client_never_goes_to_another),
        desk_test(a_deposit_to_an_unknown_account_is_ac03),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
