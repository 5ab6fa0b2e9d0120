/* The index of ids. */
#include "kit/kit.h"

#include "gateway/engine/index.h"

#include <stdio.h>

static void an_empty_index_knows_nothing(void **state)
{
    (void)state;
    struct index index = { 0 };

    assert_false(index_has(&index, INDEX_REQUEST, SLICE("alpha"), SLICE("W-1")));
    index_fini(&index);
}

static struct slice id_of(unsigned number)
{
    static char text[16];
    int size = snprintf(text, sizeof text, "W-%u", number);

    return (struct slice){ text, (size_t)size };
}

static void each_id_gives_its_number_after_all_growing(void **state)
{
    (void)state;
    struct index index = { 0 };
    struct index_cursor cursor;
    uint64_t number;

    for (unsigned i = 0; i < 5000; i++)
        index_add(&index, INDEX_REQUEST, SLICE("alpha"), id_of(i), i);
    for (unsigned i = 0; i < 5000; i++) {
        cursor = index_look(&index, INDEX_REQUEST, SLICE("alpha"), id_of(i));
        assert_true(index_next(&index, &cursor, &number));
        assert_int_equal(number, i);
        assert_false(index_next(&index, &cursor, &number));
    }
    assert_false(index_has(&index, INDEX_REQUEST, SLICE("alpha"), id_of(5000)));
    index_fini(&index);
}

static void kind_scope_and_id_all_count(void **state)
{
    (void)state;
    struct index index = { 0 };

    index_add(&index, INDEX_REQUEST, SLICE("alpha"), SLICE("W-1"), 1);
    assert_false(index_has(&index, INDEX_ORDER, SLICE("alpha"), SLICE("W-1")));
    assert_false(index_has(&index, INDEX_REQUEST, SLICE("alphaW"), SLICE("-1")));
    assert_false(index_has(&index, INDEX_REQUEST, SLICE("beta"), SLICE("W-1")));
    assert_true(index_has(&index, INDEX_REQUEST, SLICE("alpha"), SLICE("W-1")));
    index_fini(&index);
}

static void several_with_one_id_keep_their_order(void **state)
{
    (void)state;
    struct index index = { 0 };
    struct index_cursor cursor;
    uint64_t number;

    for (unsigned i = 0; i < 1000; i++) {
        index_add(&index, INDEX_ORDER, SLICE("north"), SLICE("same"), i);
        index_add(&index, INDEX_ORDER, SLICE("north"), id_of(i), i);
    }
    cursor = index_look(&index, INDEX_ORDER, SLICE("north"), SLICE("same"));
    for (unsigned i = 0; i < 1000; i++) {
        assert_true(index_next(&index, &cursor, &number));
        assert_int_equal(number, i);
    }
    assert_false(index_next(&index, &cursor, &number));
    index_fini(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_index_knows_nothing),
        cmocka_unit_test(each_id_gives_its_number_after_all_growing),
        cmocka_unit_test(kind_scope_and_id_all_count),
        cmocka_unit_test(several_with_one_id_keep_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
