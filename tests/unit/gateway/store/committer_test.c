#include "kit/kit.h"

#include "gateway/store/committer.h"
#include "gateway/store/store_memory.h"

#include <unistd.h>

/* The loop's end of the wake-up: a pipe, as uv has one inside. */
struct desk {
    struct store *store;
    struct committer *committer;
    int ends[2];
};

static void wake(void *argument)
{
    const struct desk *desk = argument;
    assert_int_equal(write(desk->ends[1], "!", 1), 1);
}

static int open_desk(void **state)
{
    static struct desk desk;
    assert_int_equal(pipe(desk.ends), 0);
    desk.store = store_memory_open(SLICE("K7Q2MX"));
    desk.committer = committer_start(desk.store, wake, &desk);
    assert_non_null(desk.committer);
    *state = &desk;
    return 0;
}

static int close_desk(void **state)
{
    struct desk *desk = *state;
    if (desk->committer != NULL)
        committer_stop(desk->committer);
    close(desk->ends[0]);
    close(desk->ends[1]);
    return 0;
}

static struct committer_result next_result(struct desk *desk)
{
    struct committer_result result;
    char byte;
    while (!committer_next(desk->committer, &result))
        assert_int_equal(read(desk->ends[0], &byte, 1), 1);
    return result;
}

static struct batch *session_batch(uint64_t number, uint64_t next_out)
{
    struct batch *batch = batch_new(number, 1);
    batch_add(batch,
              &(struct row){ .kind = ROW_SESSION, .session = { SLICE("alpha"), 1, next_out, 0 } });
    return batch;
}

static void results_come_in_the_order_of_the_jobs(void **state)
{
    enum { COUNT = 3000 }; /* more than there is room for at once */
    struct desk *desk = *state;
    for (uint64_t number = 1; number <= COUNT; number++) {
        committer_commit(desk->committer, session_batch(number, number));
        committer_read(desk->committer,
                       &(struct query){ .kind = QUERY_INSTRUCTION, .ticket = number });
    }
    for (uint64_t number = 1; number <= COUNT; number++) {
        struct committer_result result = next_result(desk);
        assert_int_equal(result.kind, COMMITTER_COMMITTED);
        assert_int_equal(result.batch, number);
        result = next_result(desk);
        assert_int_equal(result.kind, COMMITTER_ANSWER);
        assert_int_equal(result.ticket, number);
        assert_int_equal(result.answer.count, 0);
    }
}

static void a_read_sees_the_commit_before_it(void **state)
{
    struct desk *desk = *state;
    struct batch *batch = session_batch(1, 1);
    batch_add(batch, &(struct row){ .kind = ROW_MESSAGE_OUT,
                                    .message = { SLICE("alpha"), 0, 7, 0, SLICE("hello") } });
    char session[] = "alpha";
    struct query query = {
        .kind = QUERY_MESSAGES_OUT, .ticket = 9, .session = slice_of(session), .last = 10
    };
    committer_commit(desk->committer, batch);
    committer_read(desk->committer, &query);
    session[0] = 'X'; /* the query was copied */

    assert_int_equal(next_result(desk).kind, COMMITTER_COMMITTED);
    struct committer_result result = next_result(desk);
    assert_int_equal(result.ticket, 9);
    assert_int_equal(result.answer.count, 1);
    assert_slice_equal(result.answer.rows[0].message.bytes, "hello");
}

static void a_commit_that_fails_says_why(void **state)
{
    struct desk *desk = *state;
    struct store *store = committer_borrow(desk->committer);
    store_memory_fail(store, STORE_MEMORY_FAILS_BEFORE, 1, &store_full);
    committer_give_back(desk->committer);
    committer_commit(desk->committer, session_batch(1, 1));
    committer_commit(desk->committer, session_batch(2, 1));

    struct committer_result result = next_result(desk);
    assert_int_equal(result.kind, COMMITTER_COMMIT_FAILED);
    assert_int_equal(result.batch, 1);
    assert_ptr_equal(result.error.kind, &store_full);
    result = next_result(desk);
    assert_int_equal(result.kind, COMMITTER_COMMITTED);
    assert_int_equal(result.batch, 2);
}

static void the_borrowed_store_has_all_that_was_asked_for(void **state)
{
    struct desk *desk = *state;
    for (uint64_t number = 1; number <= 100; number++)
        committer_commit(desk->committer, session_batch(number, number));

    struct store *store = committer_borrow(desk->committer);
    assert_int_equal(store->operations->last_batch(store), 100);
    committer_commit(desk->committer, session_batch(101, 1));
    usleep(1000);
    assert_int_equal(store->operations->last_batch(store), 100);
    committer_give_back(desk->committer);
    for (uint64_t number = 1; number <= 101; number++)
        assert_int_equal(next_result(desk).batch, number);
}

static void stopping_ends_what_was_asked_for(void **state)
{
    struct desk *desk = *state;
    for (uint64_t number = 1; number <= 50; number++)
        committer_commit(desk->committer, session_batch(number, number));
    committer_stop(desk->committer);
    desk->committer = NULL;

    char bytes[64];
    assert_int_equal(read(desk->ends[0], bytes, sizeof bytes), 50); /* one wake-up each */
}

#define desk_test(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        desk_test(results_come_in_the_order_of_the_jobs),
        desk_test(a_read_sees_the_commit_before_it),
        desk_test(a_commit_that_fails_says_why),
        desk_test(the_borrowed_store_has_all_that_was_asked_for),
        desk_test(stopping_ends_what_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
