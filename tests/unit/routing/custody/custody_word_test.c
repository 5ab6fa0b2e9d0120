#include "kit/kit.h"

#include "routing/custody/custody_word.h"

static void a_word_moves_only_where_the_transitions_lead(void **state)
{
    (void)state;
    for (enum instruction_state from = 0; from < INSTRUCTION_STATE_COUNT; from++)
        for (enum word word = 0; word < WORD_COUNT; word++)
            if (word_effect(from, word) == WORD_MOVE)
                assert_true(instruction_may(from, word_state(word)));
}

static void what_has_ended_is_never_moved_by_a_word(void **state)
{
    (void)state;
    for (enum instruction_state from = 0; from < INSTRUCTION_STATE_COUNT; from++)
        for (enum word word = 0; word < WORD_COUNT; word++)
            if (instruction_state_ended(from) || from == INSTRUCTION_SETTLED)
                assert_int_not_equal(word_effect(from, word), WORD_MOVE);
}

static void a_break_leaves_a_doubt_where_there_can_be_one(void **state)
{
    (void)state;
    for (enum instruction_state from = 0; from < INSTRUCTION_STATE_COUNT; from++) {
        struct instruction *instruction = instruction_new(1, FLOW_WITHDRAWAL);
        instruction->state = from;
        struct verdict verdict = verdict_stay(instruction);
        verdict_break(&verdict, instruction);

        bool open =
            from == INSTRUCTION_ACCEPTED || from == INSTRUCTION_SENT || from == INSTRUCTION_PENDING;
        assert_true(verdict.contradiction);
        assert_int_equal(verdict.state, open ? INSTRUCTION_IN_DOUBT : from);
        instruction_free(instruction);
    }
}

static void a_verdict_is_recorded_beside_the_state(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(1, FLOW_WITHDRAWAL);
    struct verdict verdict = verdict_stay(instruction);
    verdict.report = true;
    verdict.trans_type = 0;
    verdict.payment_status = 1;
    custody_record(instruction, &verdict, SLICE("ACCP"));

    assert_true(instruction->reported);
    assert_int_equal(instruction->report_rank, 1);
    assert_slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_status_code), "ACCP");

    strcpy(verdict.reason, "AC04 account closed");
    verdict.trans_type = 2;
    verdict.payment_status = 4;
    custody_record(instruction, &verdict, SLICE("RJCT"));
    assert_true(instruction->reported);
    assert_int_equal(instruction->report_rank, 4);
    assert_slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_reason),
                       "AC04 account closed");
    instruction_free(instruction);
}

static void what_is_late_or_contradicts_leaves_the_last_status(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(1, FLOW_WITHDRAWAL);
    instruction_set(instruction, INSTRUCTION_TEXT_status_code, SLICE("ACSP"));
    struct verdict late = verdict_stay(instruction), contradiction = verdict_stay(instruction);
    late.late = true;
    contradiction.contradiction = true;

    custody_record(instruction, &late, SLICE("RCVD"));
    assert_false(instruction->contradicted);
    custody_record(instruction, &contradiction, SLICE("ACWC"));
    assert_true(instruction->contradicted);
    assert_slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_status_code), "ACSP");
    instruction_free(instruction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_moves_only_where_the_transitions_lead),
        cmocka_unit_test(what_has_ended_is_never_moved_by_a_word),
        cmocka_unit_test(a_break_leaves_a_doubt_where_there_can_be_one),
        cmocka_unit_test(a_verdict_is_recorded_beside_the_state),
        cmocka_unit_test(what_is_late_or_contradicts_leaves_the_last_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
