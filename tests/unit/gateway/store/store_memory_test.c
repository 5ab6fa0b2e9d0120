#include "unit/gateway/store/store_contract.h"

#include "gateway/store/store_memory.h"

static struct store *contract_open(void)
{
    return store_memory_open(CONTRACT_IDENTITY);
}

static struct store *contract_reopen(struct store *store)
{
    store_memory_reopen(store);
    return store;
}

static const char *contract_archive(void)
{
    return "";
}

static void a_commit_that_fails_before_is_not_in(void **state)
{
    struct store *store = *state;
    store_memory_fail(store, STORE_MEMORY_FAILS_BEFORE, 2, &store_full);

    assert_ptr_equal(commit_row(store, session_row("alpha", 1, 1)), &store_full);
    assert_ptr_equal(commit_row(store, session_row("alpha", 1, 1)), &store_full);
    assert_int_equal(store_memory_count(store, ROW_SESSION), 0);
    assert_int_equal(store->operations->last_batch(store), 0);
    assert_null(commit_row(store, session_row("alpha", 1, 1)));
}

static void a_commit_whose_answer_is_lost_is_in(void **state)
{
    struct store *store = *state;
    store_memory_fail(store, STORE_MEMORY_FAILS_AFTER, 1, &store_io);

    assert_ptr_equal(commit_row(store, session_row("alpha", 4, 9)), &store_io);
    assert_int_equal(store->operations->last_batch(store), 1);
    assert_int_equal(store_memory_count(store, ROW_SESSION), 1);
    assert_int_equal(store_memory_at(store, ROW_SESSION, 0)->session.next_out, 9);
}

static void reopening_ends_the_fault(void **state)
{
    struct store *store = *state;
    store_memory_fail(store, STORE_MEMORY_FAILS_BEFORE, 100, &store_io);
    store_memory_reopen(store);

    assert_null(commit_row(store, session_row("alpha", 1, 1)));
}

static void a_row_is_found_by_its_key(void **state)
{
    struct store *store = *state;
    struct row alpha = session_row("alpha", 4, 9), beta = session_row("beta", 0, 0);

    assert_null(commit_row(store, alpha));
    alpha.session.next_out = 0; /* not part of the key */
    assert_int_equal(store_memory_find(store, &alpha)->session.next_out, 9);
    assert_null(store_memory_find(store, &beta));
}

static int64_t free_by_ledger(const struct store *store)
{
    int64_t sum = 0;
    for (size_t i = 0; i < store_memory_count(store, ROW_LEDGER); i++) {
        const struct movement *movement = &store_memory_at(store, ROW_LEDGER, i)->ledger.movement;
        sum += movement->to == LEDGER_FREE ? movement->amount_minor : 0;
        sum -= movement->from == LEDGER_FREE ? movement->amount_minor : 0;
    }
    return sum;
}

static void archived_rows_are_kept_and_their_sums_carried_forward(void **state)
{
    struct store *store = *state;
    commit_old_days(store);
    assert_null(commit_row(store, ledger_row(2, 1, 7)));
    int64_t before = free_by_ledger(store);
    archive_before(store, 1000, UINT64_MAX, 1);
    assert_int_equal(free_by_ledger(store), before);
    assert_int_equal(store_memory_count(store, ROW_LEDGER), 1);
    assert_int_equal(store_memory_archived_count(store, ROW_LEDGER), 2);
    assert_int_equal(store_memory_archived_count(store, ROW_INSTRUCTION), 2);
    assert_int_equal(store_memory_archived_at(store, ROW_INSTRUCTION, 1)->instruction->number, 2);
}

static bool archive_turn(struct store *store)
{
    struct archive_order order = { 0, 1000, UINT64_MAX, 100, true, false };
    struct archive_progress progress;
    struct error error;
    return store->operations->archive(store, contract_archive(), &order, &progress, &error);
}

static void a_full_archive_moves_nothing(void **state)
{
    struct store *store = *state;
    commit_old_days(store);
    store_memory_fail_archive(store, STORE_MEMORY_ARCHIVE_FULL);
    assert_false(archive_turn(store));
    assert_int_equal(store_memory_archived_count(store, ROW_INSTRUCTION), 0);
    assert_int_equal(store_memory_count(store, ROW_INSTRUCTION), 4);
    assert_true(archive_turn(store));
    assert_int_equal(store_memory_count(store, ROW_INSTRUCTION), 2);
}

static void a_torn_turn_copies_and_the_next_one_mends_it(void **state)
{
    struct store *store = *state;
    commit_old_days(store);
    int64_t before = free_by_ledger(store);
    store_memory_fail_archive(store, STORE_MEMORY_ARCHIVE_TORN);
    assert_false(archive_turn(store));
    assert_int_equal(store_memory_archived_count(store, ROW_INSTRUCTION), 2);
    assert_int_equal(store_memory_count(store, ROW_INSTRUCTION), 4);
    struct instruction *instruction = contract_instruction(1, INSTRUCTION_REVERSED);
    instruction->changed_utc_ns = 100;
    struct row row = { .kind = ROW_INSTRUCTION, .instruction = instruction };
    assert_null(commit_row(store, row));
    assert_int_equal(
        store_memory_archived_find(store, &row)->instruction->state != INSTRUCTION_REVERSED, 1);
    assert_true(archive_turn(store));
    assert_int_equal(store_memory_archived_count(store, ROW_INSTRUCTION), 2);
    assert_int_equal(store_memory_count(store, ROW_INSTRUCTION), 2);
    assert_int_equal(store_memory_archived_find(store, &row)->instruction->state,
                     INSTRUCTION_REVERSED);
    assert_int_equal(free_by_ledger(store), before);
    instruction_free(instruction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TESTS,
        CONTRACT_TEST(archived_rows_are_kept_and_their_sums_carried_forward),
        CONTRACT_TEST(a_full_archive_moves_nothing),
        CONTRACT_TEST(a_torn_turn_copies_and_the_next_one_mends_it),
        CONTRACT_TEST(a_commit_that_fails_before_is_not_in),
        CONTRACT_TEST(a_commit_whose_answer_is_lost_is_in),
        CONTRACT_TEST(reopening_ends_the_fault),
        CONTRACT_TEST(a_row_is_found_by_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
