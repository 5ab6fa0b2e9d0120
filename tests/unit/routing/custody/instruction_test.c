#include "kit/kit.h"

#include "routing/custody/instruction.h"

static void states_and_flows_are_found_by_their_names(void **state)
{
    (void)state;
    for (enum instruction_state one = 0; one < INSTRUCTION_STATE_COUNT; one++) {
        enum instruction_state found;
        assert_true(instruction_state_named(slice_of(instruction_state_name(one)), &found));
        assert_int_equal(found, one);
    }
    for (enum flow one = 0; one < FLOW_COUNT; one++) {
        enum flow found;
        assert_true(flow_named(slice_of(flow_name(one)), &found));
        assert_int_equal(found, one);
    }
    enum instruction_state no_state;
    enum flow no_flow;
    assert_false(instruction_state_named(SLICE("settle"), &no_state));
    assert_false(instruction_state_named(SLICE_NONE, &no_state));
    assert_false(flow_named(SLICE("withdrawals"), &no_flow));
}

/* The whole table, written a second time by hand: rows are where it comes from. */
static const char *const allowed[INSTRUCTION_STATE_COUNT] = {
    [INSTRUCTION_NONE] = "held accepted refused",
    [INSTRUCTION_HELD] = "accepted refused cancelled",
    [INSTRUCTION_ACCEPTED] = "sent pending in_doubt settled refused cancelled",
    [INSTRUCTION_SENT] = "pending in_doubt settled refused cancelled",
    [INSTRUCTION_PENDING] = "in_doubt settled refused cancelled",
    [INSTRUCTION_IN_DOUBT] = "pending settled refused cancelled reversed",
    [INSTRUCTION_SETTLED] = "reversed returned",
    [INSTRUCTION_REFUSED] = "",
    [INSTRUCTION_CANCELLED] = "",
    [INSTRUCTION_REVERSED] = "",
    [INSTRUCTION_RETURNED] = "",
};

static void exactly_the_listed_transitions_are_allowed(void **state)
{
    (void)state;
    for (enum instruction_state from = 0; from < INSTRUCTION_STATE_COUNT; from++)
        for (enum instruction_state to = 0; to < INSTRUCTION_STATE_COUNT; to++) {
            bool listed =
                to != INSTRUCTION_NONE && strstr(allowed[from], instruction_state_name(to)) != NULL;
            assert_int_equal(instruction_may(from, to), listed);
        }
}

static void what_has_ended_goes_nowhere(void **state)
{
    (void)state;
    for (enum instruction_state from = 0; from < INSTRUCTION_STATE_COUNT; from++)
        assert_int_equal(instruction_state_ended(from), allowed[from][0] == '\0');
}

static void texts_are_copied_replaced_and_cleared(void **state)
{
    (void)state;
    char text[] = "C-1001";
    struct instruction *instruction = instruction_new(7, FLOW_WITHDRAWAL);
    assert_null(instruction_get(instruction, INSTRUCTION_TEXT_client).at);

    instruction_set(instruction, INSTRUCTION_TEXT_client, slice_of(text));
    text[0] = 'X';
    assert_slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_client), "C-1001");

    struct slice part = slice_after(instruction_get(instruction, INSTRUCTION_TEXT_client), 2);
    instruction_set(instruction, INSTRUCTION_TEXT_client, part);
    assert_slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_client), "1001");

    instruction_set(instruction, INSTRUCTION_TEXT_client, SLICE(""));
    assert_non_null(instruction_get(instruction, INSTRUCTION_TEXT_client).at);
    instruction_set(instruction, INSTRUCTION_TEXT_client, SLICE_NONE);
    assert_null(instruction_get(instruction, INSTRUCTION_TEXT_client).at);
    instruction_free(instruction);
}

static void a_copy_is_independent(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(7, FLOW_DEPOSIT);
    instruction_set(instruction, INSTRUCTION_TEXT_account, SLICE("ACC-1"));
    instruction->amount_minor = 12500;
    struct instruction *copy = instruction_copy(instruction);
    instruction_set(instruction, INSTRUCTION_TEXT_account, SLICE("ACC-2"));
    instruction_free(instruction);

    assert_int_equal(copy->number, 7);
    assert_int_equal(copy->flow, FLOW_DEPOSIT);
    assert_int_equal(copy->amount_minor, 12500);
    assert_slice_equal(instruction_get(copy, INSTRUCTION_TEXT_account), "ACC-1");
    instruction_free(copy);
    instruction_free(NULL);
}

static void a_new_one_has_told_nobody_anything(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(1, FLOW_WITHDRAWAL);

    assert_int_equal(instruction->state, INSTRUCTION_NONE);
    assert_int_equal(instruction->report_rank, -1);
    assert_false(instruction->reported);
    assert_string_equal(instruction_text_name(INSTRUCTION_TEXT_payee_account), "payee_account");
    instruction_free(instruction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_and_flows_are_found_by_their_names),
        cmocka_unit_test(exactly_the_listed_transitions_are_allowed),
        cmocka_unit_test(what_has_ended_goes_nowhere),
        cmocka_unit_test(texts_are_copied_replaced_and_cleared),
        cmocka_unit_test(a_copy_is_independent),
        cmocka_unit_test(a_new_one_has_told_nobody_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
