#include "kit/kit.h"

#include "routing/custody/custody.h"

static const char uetr[] = "7a562c67-ca16-48ba-b074-65581be6f001";

static struct instruction *withdrawal_in(enum instruction_state state)
{
    struct instruction *instruction = instruction_new(1, FLOW_WITHDRAWAL);
    instruction->state = state;
    instruction->amount_minor = 125050;
    instruction_set(instruction, INSTRUCTION_TEXT_currency, SLICE("CNY"));
    instruction_set(instruction, INSTRUCTION_TEXT_uetr, slice_of(uetr));
    instruction_set(instruction, INSTRUCTION_TEXT_id, SLICE("PSTK-K7Q2MX-42"));
    instruction_set(instruction, INSTRUCTION_TEXT_order_id, SLICE("PSTK-K7Q2MX-42-1"));
    instruction_set(instruction, INSTRUCTION_TEXT_order_payment, SLICE("P-1"));
    instruction_set(instruction, INSTRUCTION_TEXT_order_transaction, SLICE("PSTK-K7Q2MX-42"));
    return instruction;
}

static struct facts status(const char *code, const char *reason)
{
    return (struct facts){
        .values = { [FACT_status_code] = slice_of(code), [FACT_status_reason] = slice_of(reason) }
    };
}

static struct verdict judge(struct instruction *instruction, const char *code, const char *reason)
{
    struct facts facts = status(code, reason);
    return custody_judge(instruction, &facts, false, NULL);
}

/* Judges, and then does what the engine does with the verdict. */
static struct verdict hear(struct instruction *instruction, const char *code, const char *reason)
{
    struct verdict verdict = judge(instruction, code, reason);
    instruction->state = verdict.state;
    custody_record(instruction, &verdict, slice_of(code));
    return verdict;
}

/* Every status code, and what the broker hears of it when nothing was said
   before (flows.md 4.1). */
static const struct {
    const char *code;
    enum instruction_state to;
    bool report;
    int trans_type, request_status, payment_status;
} codes[] = {
    { "RCVD", INSTRUCTION_PENDING, false, -1, -1, -1 },
    { "ACTC", INSTRUCTION_PENDING, false, -1, -1, -1 },
    { "PATC", INSTRUCTION_PENDING, false, -1, -1, -1 },
    { "PART", INSTRUCTION_PENDING, false, -1, -1, -1 },
    { "ACCP", INSTRUCTION_PENDING, true, 0, 1, 1 },
    { "ACFC", INSTRUCTION_PENDING, true, 0, 1, 1 },
    { "ACFW", INSTRUCTION_PENDING, true, 0, 1, 1 },
    { "ACWC", INSTRUCTION_PENDING, true, 0, 1, 1 },
    { "ACSP", INSTRUCTION_PENDING, true, 2, -1, 2 },
    { "ACWP", INSTRUCTION_PENDING, true, 2, -1, 2 },
    { "ACPD", INSTRUCTION_PENDING, true, 2, -1, 2 },
    { "PRES", INSTRUCTION_PENDING, true, 2, -1, 2 },
    { "PDNG", INSTRUCTION_PENDING, true, 2, -1, 2 },
    { "ACIS", INSTRUCTION_PENDING, true, 2, -1, 2 },
    { "BLCK", INSTRUCTION_PENDING, true, 2, -1, 2 },
    { "ACSC", INSTRUCTION_SETTLED, true, 2, -1, 3 },
    { "ACCC", INSTRUCTION_SETTLED, true, 2, -1, 3 },
    { "CPUC", INSTRUCTION_SETTLED, true, 2, -1, 3 },
    { "RJCT", INSTRUCTION_REFUSED, true, 0, 2, 4 },
    { "CANC", INSTRUCTION_CANCELLED, true, 2, -1, 4 },
};

enum { CODE_COUNT = sizeof codes / sizeof *codes };

static void every_code_has_its_report_when_it_comes_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODE_COUNT; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
        struct verdict verdict = judge(instruction, codes[i].code, NULL);
        assert_int_equal(verdict.state, codes[i].to);
        assert_int_equal(verdict.report, codes[i].report);
        assert_int_equal(verdict.trans_type, codes[i].trans_type);
        assert_int_equal(verdict.request_status, codes[i].request_status);
        assert_int_equal(verdict.payment_status, codes[i].payment_status);
        assert_false(verdict.late || verdict.contradiction);
        instruction_free(instruction);
    }
}

/* What a state does with a word that it hears for the first time: letters for
   pending, settled, refused, cancelled.  m moves, s stays, l is late, x is a
   contradiction. */
static const char *const cells[INSTRUCTION_STATE_COUNT] = {
    [INSTRUCTION_NONE] = "xxxx",      [INSTRUCTION_HELD] = "xxxx",
    [INSTRUCTION_ACCEPTED] = "mmmm",  [INSTRUCTION_SENT] = "mmmm",
    [INSTRUCTION_PENDING] = "smmm",   [INSTRUCTION_IN_DOUBT] = "mmmm",
    [INSTRUCTION_SETTLED] = "lsxx",   [INSTRUCTION_REFUSED] = "xxsx",
    [INSTRUCTION_CANCELLED] = "xxxs", [INSTRUCTION_REVERSED] = "xxxx",
    [INSTRUCTION_RETURNED] = "llxx",
};

static size_t column_of(enum instruction_state to)
{
    switch (to) {
    case INSTRUCTION_SETTLED:
        return 1;
    case INSTRUCTION_REFUSED:
        return 2;
    case INSTRUCTION_CANCELLED:
        return 3;
    default:
        return 0;
    }
}

static void every_code_in_every_state_does_what_the_table_says(void **state)
{
    (void)state;
    for (enum instruction_state from = 0; from < INSTRUCTION_STATE_COUNT; from++)
        for (size_t i = 0; i < CODE_COUNT; i++) {
            struct instruction *instruction = withdrawal_in(from);
            char cell = cells[from][column_of(codes[i].to)];
            struct verdict verdict = judge(instruction, codes[i].code, NULL);

            assert_int_equal(verdict.state, cell == 'm' ? codes[i].to : from);
            assert_int_equal(verdict.late, cell == 'l');
            assert_int_equal(verdict.contradiction, cell == 'x');
            if (cell == 'l' || cell == 'x')
                assert_false(verdict.report);
            if (verdict.state != from)
                assert_true(instruction_may(from, verdict.state));
            instruction_free(instruction);
        }
}

static void a_lower_status_that_comes_late_is_only_noted(void **state)
{
    (void)state;
    static const char *const lower[] = { "RCVD", "ACTC", "PART", "ACCP", "ACFC", "ACWC" };
    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
        hear(instruction, "ACSP", NULL);
        struct verdict verdict = hear(instruction, lower[i], NULL);
        assert_true(verdict.late);
        assert_false(verdict.report || verdict.contradiction);
        assert_int_equal(verdict.state, INSTRUCTION_PENDING);
        assert_slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_status_code), "ACSP");
        instruction_free(instruction);
    }
}

static void a_lower_status_after_the_banks_last_word_is_late_not_a_break(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    hear(instruction, "RJCT", "AC04");
    struct verdict verdict = hear(instruction, "ACSP", NULL);

    assert_true(verdict.late);
    assert_false(verdict.contradiction);
    assert_int_equal(instruction->state, INSTRUCTION_REFUSED);
    instruction_free(instruction);
}

static void a_bank_that_works_on_what_an_operator_ended_is_a_break(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    hear(instruction, "ACCP", NULL);
    instruction->state = INSTRUCTION_REFUSED;

    assert_true(judge(instruction, "ACSP", NULL).contradiction);
    instruction_free(instruction);
}

static void acceptance_is_told_once(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    assert_true(hear(instruction, "ACCP", NULL).report);
    assert_false(hear(instruction, "ACCP", NULL).report);
    assert_false(hear(instruction, "ACFC", NULL).report);
    assert_true(hear(instruction, "ACSP", NULL).report);
    assert_false(hear(instruction, "ACSP", NULL).report);
    assert_true(hear(instruction, "PDNG", NULL).report);
    instruction_free(instruction);
}

static void a_change_after_an_acceptance_replaces_the_report(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    hear(instruction, "ACCP", NULL);
    struct verdict verdict = hear(instruction, "ACWC", NULL);

    assert_true(verdict.report);
    assert_int_equal(verdict.trans_type, 1);
    assert_int_equal(verdict.request_status, 1);
    assert_false(hear(instruction, "ACWC", NULL).report);
    instruction_free(instruction);
}

static void money_is_reported_once(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    assert_true(hear(instruction, "ACSC", NULL).report);
    struct verdict verdict = hear(instruction, "ACCC", NULL);

    assert_int_equal(verdict.state, INSTRUCTION_SETTLED);
    assert_false(verdict.report || verdict.late || verdict.contradiction);
    instruction_free(instruction);
}

static void a_final_word_against_another_is_a_break(void **state)
{
    (void)state;
    static const char *const finals[] = { "ACSC", "RJCT", "CANC" };
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            struct instruction *instruction = withdrawal_in(INSTRUCTION_PENDING);
            hear(instruction, finals[i], NULL);
            enum instruction_state before = instruction->state;
            struct verdict verdict = hear(instruction, finals[j], NULL);
            assert_int_equal(verdict.contradiction, i != j);
            assert_false(verdict.report);
            assert_int_equal(instruction->state, before);
            instruction_free(instruction);
        }
}

static void a_refusal_before_any_acceptance_answers_the_request(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    struct facts facts = status("RJCT", "AC04");
    facts.values[FACT_status_text] = SLICE("creditor account closed");
    struct verdict verdict = custody_judge(instruction, &facts, false, NULL);

    assert_int_equal(verdict.trans_type, 0);
    assert_int_equal(verdict.request_status, 2);
    assert_string_equal(verdict.reason, "AC04 creditor account closed");
    instruction_free(instruction);
}

static void a_refusal_after_an_acceptance_is_a_status(void **state)
{
    (void)state;
    static const char *const accepted[] = { "ACCP", "ACSP", "PDNG" };
    for (size_t i = 0; i < 3; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
        hear(instruction, accepted[i], NULL);
        struct verdict verdict = hear(instruction, "RJCT", "AM04");
        assert_int_equal(verdict.trans_type, 2);
        assert_int_equal(verdict.request_status, -1);
        assert_int_equal(verdict.payment_status, 4);
        instruction_free(instruction);
    }
}

static void a_refusal_after_mere_receipt_answers_the_request(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    hear(instruction, "RCVD", NULL);
    struct verdict verdict = hear(instruction, "RJCT", "AM04");

    assert_int_equal(verdict.trans_type, 0);
    assert_int_equal(verdict.request_status, 2);
    instruction_free(instruction);
}

static void a_refusal_needs_no_known_reason(void **state)
{
    (void)state;
    static const struct {
        const char *reason, *told;
    } rows[] = {
        { NULL, "MS03" },
        { "ZZ99", "ZZ99" },
        { "AC04", "AC04 account closed" },
        { "PRTY 77", "PRTY 77" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
        struct verdict verdict = judge(instruction, "RJCT", rows[i].reason);
        assert_int_equal(verdict.state, INSTRUCTION_REFUSED);
        assert_string_equal(verdict.reason, rows[i].told);
        instruction_free(instruction);
    }
}

static void a_technical_refusal_leaves_a_doubt(void **state)
{
    (void)state;
    static const char *const reasons[] = { "AB05", "AB06", "TECH", "AM05", "DUPL", "PRTY 2059" };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
        struct verdict verdict = hear(instruction, "RJCT", reasons[i]);
        assert_int_equal(verdict.state, INSTRUCTION_IN_DOUBT);
        assert_true(verdict.report);
        assert_int_equal(verdict.trans_type, 2);
        assert_int_equal(verdict.request_status, -1);
        assert_int_equal(verdict.payment_status, 2);
        assert_string_equal(verdict.reason, "");
        assert_non_null(strstr(verdict.text, reasons[i]));
        assert_false(verdict.contradiction);

        assert_false(hear(instruction, "RJCT", reasons[i]).report);
        assert_true(hear(instruction, "ACSC", NULL).report);
        assert_int_equal(instruction->state, INSTRUCTION_SETTLED);
        instruction_free(instruction);
    }
}

static void a_status_that_nobody_knows_proves_nothing(void **state)
{
    (void)state;
    static const char *const unknown[] = { "ZZZZ", "", "acsc", "RVMC", NULL };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_PENDING);
        struct verdict verdict = judge(instruction, unknown[i], NULL);
        assert_int_equal(verdict.state, INSTRUCTION_IN_DOUBT);
        assert_int_equal(verdict.payment_status, 2);
        instruction_free(instruction);
    }
}

static void a_doubt_gives_way_to_what_the_bank_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODE_COUNT; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_IN_DOUBT);
        instruction->report_rank = 2; /* "no answer from the bank" */
        struct verdict verdict = judge(instruction, codes[i].code, NULL);
        assert_int_equal(verdict.state, codes[i].to);
        assert_int_equal(verdict.report, codes[i].payment_status >= 2);
        instruction_free(instruction);
    }
}

static void what_the_bank_repeats_must_be_ours(void **state)
{
    (void)state;
    static const struct {
        enum fact fact;
        const char *text;
        bool ours;
    } rows[] = {
        { FACT_status_amount, "1250.50", true },
        { FACT_status_amount, "1250.5", true },
        { FACT_status_amount, "01250.500", true },
        { FACT_status_amount, "1250.51", false },
        { FACT_status_amount, "1250.5001", false },
        { FACT_status_amount, "-1250.50", false },
        { FACT_status_amount, "many", false },
        { FACT_status_currency, "CNY", true },
        { FACT_status_currency, "USD", false },
        { FACT_status_uetr, uetr, true },
        { FACT_status_uetr, "7a562c67-ca16-48ba-b074-65581be6f002", false },
        { FACT_status_message_id, "PSTK-K7Q2MX-42-1", true },
        { FACT_status_message_id, "PSTK-K7Q2MX-42-2", false },
        { FACT_status_message_id, "NOTPROVIDED", true },
        { FACT_status_payment, "P-1", true },
        { FACT_status_payment, "P-2", false },
        { FACT_status_payment, "NOTPROVIDED", true },
        { FACT_status_transaction, "PSTK-K7Q2MX-42", true },
        { FACT_status_transaction, "THEIR-OWN-42", false },
        { FACT_status_transaction, "PSTK-K7Q2MX-4", false },
        { FACT_status_transaction, "PSTK-K7Q2MX-421", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
        struct facts facts = status("ACSC", NULL);
        facts.values[rows[i].fact] = slice_of(rows[i].text);
        struct verdict verdict = custody_judge(instruction, &facts, false, NULL);
        assert_int_equal(verdict.state, rows[i].ours ? INSTRUCTION_SETTLED : INSTRUCTION_IN_DOUBT);
        assert_int_equal(verdict.contradiction, !rows[i].ours);
        instruction_free(instruction);
    }
}

static void an_order_without_an_id_leaves_it_to_the_bank(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    struct facts facts = status("ACSC", NULL);
    facts.values[FACT_status_transaction] = SLICE("THEIR-OWN-42");
    instruction_set(instruction, INSTRUCTION_TEXT_order_transaction, SLICE_NONE);
    assert_int_equal(custody_judge(instruction, &facts, false, NULL).state, INSTRUCTION_SETTLED);
    instruction_free(instruction);
}

static void a_transaction_and_its_group_are_refused_together_or_not_at_all(void **state)
{
    static const struct {
        const char *group, *code;
        bool clash;
    } rows[] = {
        { "RJCT", "RJCT", false }, { "RJCT", "ACSC", true },  { "RJCT", "PDNG", true },
        { "RJCT", "CANC", true },  { "CANC", "ACSC", true },  { "ACSC", "RJCT", true },
        { "ACTC", "RJCT", true },  { "PDNG", "RJCT", true },  { "PART", "RJCT", false },
        { "RCVD", "RJCT", false }, { "PART", "ACSC", false }, { "PDNG", "ACSC", false },
        { "ACSC", "PDNG", false }, { "WHAT", "ACSC", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
        struct facts facts = status(rows[i].code, NULL);
        facts.values[FACT_status_group_code] = slice_of(rows[i].group);
        struct verdict verdict = custody_judge(instruction, &facts, false, NULL);
        assert_int_equal(verdict.contradiction, rows[i].clash);
        if (rows[i].clash)
            assert_int_equal(verdict.state, INSTRUCTION_IN_DOUBT);
        instruction_free(instruction);
    }
}

static void what_has_an_end_has_one(void **state)
{
    static const struct {
        const char *code, *reason;
        unsigned like; /* the first row with the same end */
    } rows[] = {
        { "ACSP", NULL, 0 }, { "PDNG", NULL, 0 },   { "ACSC", NULL, 2 },
        { "ACCC", NULL, 2 }, { "RJCT", "AC04", 4 }, { "RJCT", "AM04", 4 },
        { "CANC", NULL, 6 }, { "RJCT", "TECH", 7 }, { "WHAT", NULL, 7 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            struct facts one = status(rows[i].code, rows[i].reason);
            struct facts other = status(rows[k].code, rows[k].reason);
            assert_int_equal(custody_outcome(&one, false) == custody_outcome(&other, false),
                             rows[i].like == rows[k].like);
            assert_int_equal(custody_outcome(&one, false) == 0, rows[i].like == 0);
        }
}

static void what_the_document_has_against_a_word_counts(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    struct facts facts = status("ACSC", NULL);
    struct verdict verdict = custody_judge(instruction, &facts, false, "two things are said");

    assert_true(verdict.contradiction);
    assert_int_equal(verdict.state, INSTRUCTION_IN_DOUBT);
    assert_non_null(strstr(verdict.text, "two things are said"));
    instruction_free(instruction);
}

static void after_a_contradiction_only_an_operator_ends_the_doubt(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    struct facts facts = status("ACWC", NULL);
    facts.values[FACT_status_amount] = SLICE("1000.00");
    struct verdict changed = custody_judge(instruction, &facts, false, NULL);
    assert_int_equal(changed.state, INSTRUCTION_IN_DOUBT);
    assert_true(changed.contradiction);
    assert_int_equal(changed.payment_status, 2);
    instruction->state = changed.state;
    custody_record(instruction, &changed, SLICE("ACWC"));

    for (size_t i = 0; i < CODE_COUNT; i++) {
        struct verdict verdict = hear(instruction, codes[i].code, NULL);
        assert_int_equal(instruction->state, INSTRUCTION_IN_DOUBT);
        assert_false(verdict.report);
        assert_int_equal(verdict.contradiction, codes[i].to != INSTRUCTION_PENDING);
    }
    instruction_free(instruction);
}

static void a_difference_in_what_has_ended_moves_no_money(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SETTLED);
    struct facts facts = status("ACCC", NULL);
    facts.values[FACT_status_amount] = SLICE("1.00");
    struct verdict verdict = custody_judge(instruction, &facts, false, NULL);

    assert_true(verdict.contradiction);
    assert_int_equal(verdict.state, INSTRUCTION_SETTLED);
    assert_false(verdict.report);
    instruction_free(instruction);
}

static void an_admi_002_ends_only_for_a_reason_that_is_final(void **state)
{
    (void)state;
    static const struct {
        const char *reason;
        enum instruction_state to;
    } rows[] = {
        { "SCHEMA", INSTRUCTION_REFUSED }, { "UNSUPPORTED", INSTRUCTION_REFUSED },
        { "FF01", INSTRUCTION_REFUSED },   { "UNAVAILABLE", INSTRUCTION_IN_DOUBT },
        { "DUPL", INSTRUCTION_IN_DOUBT },  { "whatever", INSTRUCTION_IN_DOUBT },
        { NULL, INSTRUCTION_IN_DOUBT },    { "NARR", INSTRUCTION_IN_DOUBT },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
        struct facts facts = status("RJCT", rows[i].reason);
        struct verdict verdict = custody_judge(instruction, &facts, true, NULL);
        assert_int_equal(verdict.state, rows[i].to);
        assert_true(verdict.report);
        instruction_free(instruction);
    }
}

static void an_admi_002_after_a_status_is_a_break(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    hear(instruction, "ACSP", NULL);
    struct facts facts = status(NULL, "SCHEMA");
    struct verdict verdict = custody_judge(instruction, &facts, true, NULL);

    assert_true(verdict.contradiction);
    assert_int_equal(verdict.state, INSTRUCTION_IN_DOUBT);
    instruction_free(instruction);
}

static void an_admi_002_twice_is_told_once(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SENT);
    struct facts facts = status("RJCT", "SCHEMA");
    struct verdict verdict = custody_judge(instruction, &facts, true, NULL);
    instruction->state = verdict.state;
    custody_record(instruction, &verdict, SLICE("RJCT"));

    verdict = custody_judge(instruction, &facts, true, NULL);
    assert_int_equal(verdict.state, INSTRUCTION_REFUSED);
    assert_false(verdict.report || verdict.contradiction);
    instruction_free(instruction);
}

static void a_deposit_is_not_ours_to_be_judged(void **state)
{
    (void)state;
    struct instruction *instruction = withdrawal_in(INSTRUCTION_SETTLED);
    instruction->flow = FLOW_DEPOSIT;
    struct verdict verdict = judge(instruction, "RJCT", "AC04");

    assert_true(verdict.contradiction);
    assert_int_equal(verdict.state, INSTRUCTION_SETTLED);
    instruction_free(instruction);
}

/* Whatever a bank says in whatever order, only listed transitions happen, a
   final report is sent once, and a report never goes back. */
static void random_talk_never_breaks_the_rules(void **state)
{
    (void)state;
    static const char *const reasons[] = { NULL, "AC04", "AB05", "DUPL", "ZZ99" };
    struct kit_random random = { 42 };
    for (int walk = 0; walk < 3000; walk++) {
        struct instruction *instruction = withdrawal_in(INSTRUCTION_ACCEPTED);
        int told = -1, finals = 0;
        for (int step = 0; step < 12; step++) {
            enum instruction_state before = instruction->state;
            const char *code = codes[kit_random_below(&random, CODE_COUNT)].code;
            struct verdict verdict = hear(instruction, code, reasons[kit_random_below(&random, 5)]);
            assert_true(verdict.state == before || instruction_may(before, verdict.state));
            if (!verdict.report)
                continue;
            assert_true(verdict.payment_status >= told);
            told = verdict.payment_status;
            finals += told >= 3;
            assert_int_equal(instruction->report_rank, told);
        }
        assert_true(finals <= 1);
        instruction_free(instruction);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_its_report_when_it_comes_first),
        cmocka_unit_test(every_code_in_every_state_does_what_the_table_says),
        cmocka_unit_test(a_lower_status_that_comes_late_is_only_noted),
        cmocka_unit_test(a_lower_status_after_the_banks_last_word_is_late_not_a_break),
        cmocka_unit_test(a_bank_that_works_on_what_an_operator_ended_is_a_break),
        cmocka_unit_test(acceptance_is_told_once),
        cmocka_unit_test(a_change_after_an_acceptance_replaces_the_report),
        cmocka_unit_test(money_is_reported_once),
        cmocka_unit_test(a_final_word_against_another_is_a_break),
        cmocka_unit_test(a_refusal_before_any_acceptance_answers_the_request),
        cmocka_unit_test(a_refusal_after_an_acceptance_is_a_status),
        cmocka_unit_test(a_refusal_after_mere_receipt_answers_the_request),
        cmocka_unit_test(a_refusal_needs_no_known_reason),
        cmocka_unit_test(a_technical_refusal_leaves_a_doubt),
        cmocka_unit_test(a_status_that_nobody_knows_proves_nothing),
        cmocka_unit_test(a_doubt_gives_way_to_what_the_bank_says),
        cmocka_unit_test(what_the_bank_repeats_must_be_ours),
        cmocka_unit_test(an_order_without_an_id_leaves_it_to_the_bank),
        cmocka_unit_test(a_transaction_and_its_group_are_refused_together_or_not_at_all),
        cmocka_unit_test(what_has_an_end_has_one),
        cmocka_unit_test(what_the_document_has_against_a_word_counts),
        cmocka_unit_test(after_a_contradiction_only_an_operator_ends_the_doubt),
        cmocka_unit_test(a_difference_in_what_has_ended_moves_no_money),
        cmocka_unit_test(an_admi_002_ends_only_for_a_reason_that_is_final),
        cmocka_unit_test(an_admi_002_after_a_status_is_a_break),
        cmocka_unit_test(an_admi_002_twice_is_told_once),
        cmocka_unit_test(a_deposit_is_not_ours_to_be_judged),
        cmocka_unit_test(random_talk_never_breaks_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
