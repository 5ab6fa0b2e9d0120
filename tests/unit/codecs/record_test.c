#include "codecs/record.h"

#include "kit/kit.h"

static void a_slot_keeps_all_its_values_in_order(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    struct record record = record_take(&arena, 2);
    record_add(&record, 1, SLICE("one"), &arena);
    record_add(&record, 1, SLICE("two"), &arena);
    record_add(&record, 1, SLICE("three"), &arena);
    assert_null(record_get(&record, 0).at);
    assert_slice_equal(record_get(&record, 1), "one");
    assert_slice_equal(record.values[1].next->text, "two");
    assert_slice_equal(record.values[1].next->next->text, "three");
    assert_null(record.values[1].next->next->next);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slot_keeps_all_its_values_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
