#include "kit/kit.h"

#include "gateway/store/store_common.h"

static void open_states_are_those_that_may_still_change_by_themselves(void **state)
{
    (void)state;
    static const bool open[INSTRUCTION_STATE_COUNT] = {
        [INSTRUCTION_HELD] = true,    [INSTRUCTION_ACCEPTED] = true, [INSTRUCTION_SENT] = true,
        [INSTRUCTION_PENDING] = true, [INSTRUCTION_IN_DOUBT] = true,
    };
    for (enum instruction_state one = 0; one < INSTRUCTION_STATE_COUNT; one++)
        assert_int_equal(store_state_is_open(one), open[one]);
}

static void the_highest_number_is_that_of_an_instruction_inbox_row_or_filter(void **state)
{
    (void)state;
    struct batch *batch = batch_new(1, 1);
    assert_int_equal(store_highest_number(batch), 0);

    struct instruction *instruction = instruction_new(41, FLOW_DEPOSIT);
    batch_add(batch, &(struct row){ .kind = ROW_INSTRUCTION, .instruction = instruction });
    instruction_free(instruction);
    batch_add(batch, &(struct row){ .kind = ROW_MESSAGE_IN, .message = { .number = 99 } });
    assert_int_equal(store_highest_number(batch), 41);

    batch_add(batch, &(struct row){ .kind = ROW_INBOX, .inbox = { .number = 42 } });
    assert_int_equal(store_highest_number(batch), 42);

    batch_add(batch, &(struct row){ .kind = ROW_FILTER, .filter = { .first = 1, .last = 43 } });
    assert_int_equal(store_highest_number(batch), 43);
    batch_free(batch);
}

static void what_passes_by_itself_is_tried_again(void **state)
{
    (void)state;
    assert_false(store_fault_lasts(&store_full));
    assert_false(store_fault_lasts(&store_read_only));
    assert_false(store_fault_lasts(&store_io));
    assert_false(store_fault_lasts(&store_locked));
    assert_false(store_fault_lasts(&store_open_failed));
    assert_true(store_fault_lasts(&store_corrupt));
    assert_true(store_fault_lasts(&store_gone));
    assert_true(store_fault_lasts(&store_fenced));
    assert_true(store_fault_lasts(&store_refused));
    assert_true(store_fault_lasts(&store_newer));
}

static void every_error_says_what_it_is(void **state)
{
    (void)state;
    static const struct error_kind *const kinds[] = {
        &store_open_failed, &store_full,   &store_read_only, &store_io,      &store_corrupt,
        &store_fenced,      &store_locked, &store_newer,     &store_refused, &store_gone,
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_memory_equal(kinds[i]->name, "store.", 6);
        assert_true(strlen(kinds[i]->text) > 20);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(kinds[i]->name, kinds[j]->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_states_are_those_that_may_still_change_by_themselves),
        cmocka_unit_test(the_highest_number_is_that_of_an_instruction_inbox_row_or_filter),
        cmocka_unit_test(what_passes_by_itself_is_tried_again),
        cmocka_unit_test(every_error_says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
