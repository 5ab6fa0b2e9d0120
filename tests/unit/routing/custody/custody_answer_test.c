#include "kit/kit.h"

#include "routing/custody/custody.h"

static struct verdict judge_in(enum instruction_state state, const char *told, const char *answer,
                               const char *reason, struct facts *facts)
{
    struct instruction *instruction = instruction_new(1, FLOW_DEPOSIT);
    instruction->state = state;
    instruction_set(instruction, INSTRUCTION_TEXT_status_code, slice_of(told));
    *facts = (struct facts){ .values = { [FACT_answer_status] = slice_of(answer),
                                         [FACT_answer_reason] = slice_of(reason),
                                         [FACT_answer_text] = slice_of(NULL) } };
    struct verdict verdict = custody_judge_answer(instruction, facts, false);
    instruction_free(instruction);
    return verdict;
}

static void each_answer_moves_and_tells_the_bank(void **state)
{
    (void)state;
    static const struct {
        const char *answer, *code, *reason;
        enum instruction_state to;
    } rows[] = {
        { "0", "RCVD", NULL, INSTRUCTION_PENDING },
        { "1", "ACSP", NULL, INSTRUCTION_SETTLED },
        { "2", "RJCT", "MS03", INSTRUCTION_REFUSED },
        { "3", "PDNG", "MS03", INSTRUCTION_PENDING },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct facts facts;
        struct verdict verdict = judge_in(INSTRUCTION_SENT, NULL, rows[i].answer, NULL, &facts);
        assert_int_equal(verdict.state, rows[i].to);
        assert_true(verdict.report);
        assert_false(verdict.contradiction || verdict.late);
        assert_slice_equal(facts.values[FACT_answer_code], rows[i].code);
        if (rows[i].reason == NULL)
            assert_null(facts.values[FACT_status_reason].at);
        else
            assert_slice_equal(facts.values[FACT_status_reason], rows[i].reason);
    }
}

static void a_bank_that_books_on_the_answer_is_told_accc(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(1, FLOW_DEPOSIT);
    instruction->state = INSTRUCTION_SENT;
    struct facts facts = { .values = { [FACT_answer_status] = SLICE("1") } };

    assert_int_equal(custody_judge_answer(instruction, &facts, true).state, INSTRUCTION_SETTLED);
    assert_slice_equal(facts.values[FACT_answer_code], "ACCC");
    instruction_free(instruction);
}

static void every_reason_of_a_broker_has_its_code(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "100", "BE06" }, { "101", "BE01" }, { "102", "AM09" }, { "103", "AM03" },
        { "104", "DT01" }, { "105", "AM04" }, { "106", "AM05" }, { "107", "AC06" },
        { "108", "AC04" }, { "109", "TM01" }, { "110", "MD01" }, { "111", "RR04" },
        { "199", "MS03" }, { "7", "MS03" },   { "", "MS03" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct facts facts;
        struct verdict verdict = judge_in(INSTRUCTION_SENT, NULL, "2", rows[i][0], &facts);
        assert_slice_equal(facts.values[FACT_status_reason], rows[i][1]);
        assert_memory_equal(verdict.reason, rows[i][1], 4);
    }
}

static void the_brokers_words_follow_the_code(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(1, FLOW_DEPOSIT);
    instruction->state = INSTRUCTION_SENT;
    struct facts facts = { .values = { [FACT_answer_status] = SLICE("2"),
                                       [FACT_answer_reason] = SLICE("108"),
                                       [FACT_answer_text] = SLICE("closed in May") } };

    struct verdict verdict = custody_judge_answer(instruction, &facts, false);
    assert_string_equal(verdict.reason, "AC04 closed in May");
    instruction_free(instruction);
}

/* What one answer does in one state, after the bank was told so much. */
static const struct {
    enum instruction_state state;
    const char *told, *answer;
    enum instruction_state to;
    bool report, late, contradiction;
} cells[] = {
    { INSTRUCTION_NONE, NULL, "1", INSTRUCTION_NONE, false, false, true },
    { INSTRUCTION_HELD, NULL, "1", INSTRUCTION_HELD, false, false, true },
    { INSTRUCTION_ACCEPTED, NULL, "1", INSTRUCTION_SETTLED, true, false, false },
    { INSTRUCTION_ACCEPTED, NULL, "2", INSTRUCTION_REFUSED, true, false, false },
    { INSTRUCTION_SENT, NULL, "0", INSTRUCTION_PENDING, true, false, false },
    { INSTRUCTION_PENDING, "RCVD", "0", INSTRUCTION_PENDING, false, false, false },
    { INSTRUCTION_PENDING, "RCVD", "3", INSTRUCTION_PENDING, true, false, false },
    { INSTRUCTION_PENDING, "PDNG", "3", INSTRUCTION_PENDING, false, false, false },
    { INSTRUCTION_PENDING, "PDNG", "0", INSTRUCTION_PENDING, false, true, false },
    { INSTRUCTION_PENDING, "PDNG", "1", INSTRUCTION_SETTLED, true, false, false },
    { INSTRUCTION_PENDING, "RCVD", "2", INSTRUCTION_REFUSED, true, false, false },
    { INSTRUCTION_IN_DOUBT, "PDNG", "0", INSTRUCTION_IN_DOUBT, false, true, false },
    { INSTRUCTION_IN_DOUBT, "PDNG", "1", INSTRUCTION_SETTLED, true, false, false },
    { INSTRUCTION_IN_DOUBT, "PDNG", "2", INSTRUCTION_REFUSED, true, false, false },
    { INSTRUCTION_IN_DOUBT, "PDNG", "3", INSTRUCTION_PENDING, true, false, false },
    { INSTRUCTION_SETTLED, "ACSP", "0", INSTRUCTION_SETTLED, false, true, false },
    { INSTRUCTION_SETTLED, "ACSP", "1", INSTRUCTION_SETTLED, false, false, false },
    { INSTRUCTION_SETTLED, "ACCC", "2", INSTRUCTION_SETTLED, false, false, true },
    { INSTRUCTION_SETTLED, "ACCC", "3", INSTRUCTION_SETTLED, false, true, false },
    { INSTRUCTION_REFUSED, "RJCT", "0", INSTRUCTION_REFUSED, false, true, false },
    { INSTRUCTION_REFUSED, "RJCT", "1", INSTRUCTION_REFUSED, false, false, true },
    { INSTRUCTION_REFUSED, "RJCT", "2", INSTRUCTION_REFUSED, false, false, false },
    { INSTRUCTION_REVERSED, "PDNG", "1", INSTRUCTION_REVERSED, false, false, true },
    { INSTRUCTION_SENT, NULL, "9", INSTRUCTION_IN_DOUBT, false, false, true },
};

static void answers_do_what_the_state_allows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        struct facts facts;
        struct verdict verdict =
            judge_in(cells[i].state, cells[i].told, cells[i].answer, NULL, &facts);
        print_message("answer %s in %s\n", cells[i].answer, instruction_state_name(cells[i].state));
        assert_int_equal(verdict.state, cells[i].to);
        assert_int_equal(verdict.report, cells[i].report);
        assert_int_equal(verdict.late, cells[i].late);
        assert_int_equal(verdict.contradiction, cells[i].contradiction);
    }
}

static void a_withdrawal_is_not_answered_by_its_own_broker(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(1, FLOW_WITHDRAWAL);
    instruction->state = INSTRUCTION_SETTLED;
    struct facts facts = { .values = { [FACT_answer_status] = SLICE("2") } };

    assert_true(custody_judge_answer(instruction, &facts, false).contradiction);
    instruction_free(instruction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_moves_and_tells_the_bank),
        cmocka_unit_test(a_bank_that_books_on_the_answer_is_told_accc),
        cmocka_unit_test(every_reason_of_a_broker_has_its_code),
        cmocka_unit_test(the_brokers_words_follow_the_code),
        cmocka_unit_test(answers_do_what_the_state_allows),
        cmocka_unit_test(a_withdrawal_is_not_answered_by_its_own_broker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
