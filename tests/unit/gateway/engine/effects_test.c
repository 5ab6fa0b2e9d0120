/* Effects wait for their batch and leave in order. */
#include "kit/kit.h"

#include "gateway/engine/effects.h"

static struct effects effects;

static int open(void **state)
{
    (void)state;
    effects_init(&effects, 7);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    effects_fini(&effects);
    return 0;
}

static void push(const char *text, uint64_t batch)
{
    effects_push(&effects,
                 &(struct effect){ .kind = EFFECT_WRITE, .link = 1, .bytes = slice_of(text) },
                 batch);
}

static void expect(const char *text)
{
    struct effect effect;

    assert_true(effects_next(&effects, &effect));
    assert_slice_equal(effect.bytes, text);
}

static void expect_none(void)
{
    struct effect effect;

    assert_false(effects_next(&effects, &effect));
}

static void what_waits_for_nothing_leaves_at_once(void **state)
{
    (void)state;
    push("a", 0);
    push("b", 6);
    expect("a");
    expect("b");
    expect_none();
}

static void what_waits_leaves_with_its_batch(void **state)
{
    (void)state;
    push("seven", 7);
    push("now", 0);
    expect("now");
    effects_commit(&effects);
    push("seven too", 7);
    push("eight", 8);
    expect_none();
    effects_committed(&effects);
    expect("seven");
    expect("seven too");
    expect_none();
    effects_commit(&effects);
    effects_committed(&effects);
    expect("eight");
    expect_none();
}

static void an_effect_owns_all_that_it_points_to(void **state)
{
    (void)state;
    char bytes[] = "bytes", id[] = "id", value[] = "value";
    struct query query = { .kind = QUERY_DOCUMENT, .id = slice_of(id), .ticket = 3 };
    struct log_event event = { .kind = &log_started,
                               .pairs = { { "key", slice_of(value) } },
                               .count = 1 };
    struct effect effect;

    effects_push(&effects, &(struct effect){ .kind = EFFECT_SEND, .bytes = slice_of(bytes) }, 0);
    effects_push(&effects, &(struct effect){ .kind = EFFECT_READ, .query = &query }, 0);
    effects_push(&effects, &(struct effect){ .kind = EFFECT_LOG, .log_event = &event }, 0);
    bytes[0] = id[0] = value[0] = 'X';
    expect("bytes");
    assert_true(effects_next(&effects, &effect));
    assert_slice_equal(effect.query->id, "id");
    assert_null(effect.query->session.at);
    assert_true(effects_next(&effects, &effect));
    assert_slice_equal(effect.log_event->pairs[0].value, "value");
}

static void a_batch_that_nobody_takes_is_freed(void **state)
{
    (void)state;
    effects_push(&effects, &(struct effect){ .kind = EFFECT_COMMIT, .batch = batch_new(7, 1) }, 0);
}

static void what_is_discarded_never_leaves_but_connections_close(void **state)
{
    (void)state;
    struct effect effect;

    push("seven", 7);
    effects_commit(&effects);
    effects_push(&effects, &(struct effect){ .kind = EFFECT_CLOSE, .link = 5 }, 7);
    effects_push(&effects, &(struct effect){ .kind = EFFECT_REPLY, .command = 9 }, 8);
    effects_discard(&effects, SLICE("why not"));
    assert_true(effects_next(&effects, &effect));
    assert_true(effect.kind == EFFECT_CLOSE && effect.link == 5);
    assert_true(effects_next(&effects, &effect));
    assert_true(effect.kind == EFFECT_REPLY && effect.command == 9 && effect.status == 3);
    assert_slice_equal(effect.bytes, "why not");
    expect_none();
    push("old barrier", 8);
    expect("old barrier");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_waits_for_nothing_leaves_at_once),
        TEST(what_waits_leaves_with_its_batch),
        TEST(an_effect_owns_all_that_it_points_to),
        TEST(a_batch_that_nobody_takes_is_freed),
        TEST(what_is_discarded_never_leaves_but_connections_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
