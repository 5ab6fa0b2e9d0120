/* When the store is slower than brokers and banks: what gathers is bounded, those
   who bring it wait, and nobody's silence is held against them meanwhile. */
#include "gateway/engine/filing.h"
#include "gateway/engine/wire.h"
#include "kit/engine_harness.h"

#include <stdio.h>

/* One message's rows and effects, above the limit that it crosses. */
#define SLACK 65536

enum { WITHDRAWALS = 6000 };

static struct harness harness;

static int open(void **state)
{
    (void)state;
    harness_open_logged_on(&harness);
    harness.hold_commits = true;
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

/* Brokers send as long as they are read; returns how many there were. */
static unsigned pour(unsigned from, unsigned count)
{
    char id[32];
    unsigned said = from;

    for (; said < count && !harness.links[1].paused; said++) {
        snprintf(id, sizeof id, "W-%u", said);
        harness_say(&harness, 1, harness_withdrawal_of("C-2", id, "1.00"));
    }
    return said;
}

static void assert_bounded(void)
{
    const struct engine *engine = harness.engine;
    const struct broker_session *session = broker_session_named(engine, SLICE("alpha"));
    size_t rows = engine->batch == NULL ? 0 : batch_count(engine->batch) + engine->changed.count;
    size_t size = engine->batch == NULL ? 0 : batch_size(engine->batch);

    assert_in_range(rows, 0, GATHERED_ROWS_MAX + 64);
    assert_in_range(size + engine->effects.gathering.size, 0, GATHERED_SIZE_MAX + SLACK);
    assert_in_range(engine->effects.committing.size, 0, GATHERED_SIZE_MAX + SLACK);
    assert_in_range(session->parked_count, 0, PARKED_MESSAGES_MAX);
    assert_in_range(session->parked_size, 0, PARKED_SIZE_MAX + SLACK);
    assert_in_range(session->wire->received.used, 0, SLACK);
}

static size_t count_instructions(void)
{
    const struct query query = { .kind = QUERY_INSTRUCTIONS, .state = -1 };
    struct arena arena;
    struct answer answer;
    struct error error;

    arena_init(&arena, ARENA_UNLIMITED);
    assert_true(harness.store->operations->read(harness.store, &query, &arena, &answer, &error));
    size_t count = answer.count;
    arena_fini(&arena);
    return count;
}

static void what_gathers_is_bounded_and_all_of_it_is_done_once(void **state)
{
    unsigned said = 0, pauses = 0;

    (void)state;
    while (said < WITHDRAWALS) {
        said = pour(said, WITHDRAWALS);
        assert_bounded();
        pauses += harness.links[1].paused;
        harness_commit(&harness);
        assert_bounded();
    }
    assert_true(pauses >= 2);
    harness.hold_commits = false;
    harness_commit(&harness);
    assert_false(harness.links[1].paused);
    assert_int_equal(count_instructions(), WITHDRAWALS);
    assert_int_equal(harness.sent.count, WITHDRAWALS);
    assert_int_equal(harness_reserved(&harness, "C-2"), WITHDRAWALS * 100);
}

static void a_connection_that_is_not_read_is_not_taken_for_silent(void **state)
{
    (void)state;
    pour(0, WITHDRAWALS);
    assert_true(harness.links[1].paused);
    harness_pass(&harness, 600);
    assert_true(harness.links[1].open);

    harness.hold_commits = false;
    harness_commit(&harness);
    assert_false(harness.links[1].paused);
    harness_pass(&harness, 30);
    assert_true(harness.links[1].open);
    harness_pass(&harness, 60);
    assert_false(harness.links[1].open);
    assert_true(harness_logged(&harness, "session-end"));
}

static void a_test_request_is_answered_while_business_waits(void **state)
{
    (void)state;
    harness_logon(&harness, 2, "BRKBETA", 1);
    pour(0, WITHDRAWALS);
    assert_true(harness.links[1].paused);
    writer_reset(&harness.links[2].heard);
    harness_say(&harness, 2, "35=1|112=are you there|");
    assert_non_null(strstr(writer_slice(&harness.links[2].heard).at, "\00135=0\001"));

    harness_say(&harness, 2, harness_withdrawal_of("C-3", "B-1", "1.00"));
    assert_int_equal(broker_session_named(harness.engine, SLICE("beta"))->parked_count, 1);
    assert_false(harness.links[2].paused);
    harness.hold_commits = false;
    harness_commit(&harness);
    assert_int_equal(broker_session_named(harness.engine, SLICE("beta"))->parked_count, 0);
    harness_expect(&harness, 2, "35=DZ|2812=B-1");
}

static void documents_of_banks_wait_too(void **state)
{
    (void)state;
    pour(0, 1);
    harness_commit(&harness);
    struct slice order = harness_sent(&harness)->name;

    pour(1, WITHDRAWALS);
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    assert_false(harness.engine->inboxes->first->decided);
    harness.hold_commits = false;
    harness_commit(&harness);
    assert_int_equal(harness.filed.count, 1);
    assert_string_equal(harness_state(&harness, "W-0"), "settled");
}

static void a_failed_commit_under_pressure_leaves_nothing_behind(void **state)
{
    (void)state;
    pour(0, WITHDRAWALS);
    store_memory_fail(harness.store, STORE_MEMORY_FAILS_BEFORE, 1, &store_full);
    harness.hold_commits = false;
    harness_commit(&harness);
    harness_pass(&harness, 2);
    assert_int_equal(count_instructions(), 0);
    assert_null(broker_session_named(harness.engine, SLICE("alpha"))->parked_first);
    assert_int_equal(broker_session_named(harness.engine, SLICE("alpha"))->parked_size, 0);
    harness_logon(&harness, 1, "BRKALPHA", 2);
    assert_string_equal(harness_field(harness_hear(&harness, 1), 35), "A");
}

static unsigned count_heard(unsigned link)
{
    unsigned count = 0;

    while (*harness_hear(&harness, link) != '\0')
        count++;
    return count;
}

static void give(enum input_kind kind)
{
    engine_take(harness.engine, &(struct input){ .kind = kind, .link = 1 }, harness.now);
    harness_run(&harness);
}

static void a_replay_waits_for_a_peer_that_reads_slowly(void **state)
{
    (void)state;
    harness.hold_commits = false;
    pour(0, 3 * REPLAY_ROWS);
    count_heard(1);
    give(INPUT_LINK_FULL);
    harness_say(&harness, 1, "35=2|7=2|16=0|");
    assert_int_equal(count_heard(1), 0);

    harness.hold_answers = true;
    give(INPUT_LINK_DRAINED);
    assert_int_equal(harness.read_count, 1);
    give(INPUT_LINK_FULL);
    harness_answer(&harness);
    assert_int_equal(count_heard(1), REPLAY_ROWS);
    assert_int_equal(harness.read_count, 0);
    harness.hold_answers = false;
    give(INPUT_LINK_DRAINED);
    assert_int_equal(count_heard(1), 2 * REPLAY_ROWS);
    give(INPUT_LINK_DRAINED);
    assert_int_equal(count_heard(1), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_gathers_is_bounded_and_all_of_it_is_done_once),
        TEST(a_connection_that_is_not_read_is_not_taken_for_silent),
        TEST(a_test_request_is_answered_while_business_waits),
        TEST(documents_of_banks_wait_too),
        TEST(a_failed_commit_under_pressure_leaves_nothing_behind),
        TEST(a_replay_waits_for_a_peer_that_reads_slowly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
