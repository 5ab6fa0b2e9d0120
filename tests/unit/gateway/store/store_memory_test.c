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

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TESTS,
        CONTRACT_TEST(a_commit_that_fails_before_is_not_in),
        CONTRACT_TEST(a_commit_whose_answer_is_lost_is_in),
        CONTRACT_TEST(reopening_ends_the_fault),
        CONTRACT_TEST(a_row_is_found_by_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
