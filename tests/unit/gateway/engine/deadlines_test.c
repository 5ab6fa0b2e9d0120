/* The heap of deadlines against a plain list. */
#include "kit/kit.h"

#include "gateway/engine/deadlines.h"

static void without_deadlines_nothing_is_due(void **state)
{
    (void)state;
    struct deadlines deadlines = { 0 };

    assert_true(deadlines_first_ns(&deadlines) == DEADLINE_NEVER);
    assert_null(deadlines_due(&deadlines, INT64_MAX - 1));
    deadlines_fini(&deadlines);
}

static void they_come_in_the_order_of_their_times(void **state)
{
    (void)state;
    struct deadlines deadlines = { 0 };
    struct deadline items[50] = { 0 };

    for (size_t i = 0; i < 50; i++)
        deadlines_set(&deadlines, &items[i], (int64_t)(i * 37 % 50));
    for (int64_t time = 0; time < 50; time++) {
        assert_true(deadlines_first_ns(&deadlines) == time);
        assert_null(deadlines_due(&deadlines, time - 1));
        struct deadline *due = deadlines_due(&deadlines, time);
        assert_true(due->at_ns == time && due->place == 0);
    }
    deadlines_fini(&deadlines);
}

static int64_t earliest(const struct deadline *items, size_t count)
{
    int64_t first = DEADLINE_NEVER;

    for (size_t i = 0; i < count; i++)
        if (items[i].place != 0 && items[i].at_ns < first)
            first = items[i].at_ns;
    return first;
}

static void they_can_be_moved_and_taken_out(void **state)
{
    (void)state;
    struct deadlines deadlines = { 0 };
    struct deadline items[40] = { 0 };
    struct kit_random random = { 7 };

    for (unsigned i = 0; i < 5000; i++) {
        struct deadline *item = &items[kit_random_below(&random, 40)];
        uint64_t what = kit_random_below(&random, 10);

        if (what < 6)
            deadlines_set(&deadlines, item, (int64_t)kit_random_below(&random, 1000));
        else if (what < 8)
            deadlines_set(&deadlines, item, DEADLINE_NEVER);
        else
            deadlines_due(&deadlines, (int64_t)kit_random_below(&random, 100));
        assert_true(deadlines_first_ns(&deadlines) == earliest(items, 40));
    }
    deadlines_fini(&deadlines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_deadlines_nothing_is_due),
        cmocka_unit_test(they_come_in_the_order_of_their_times),
        cmocka_unit_test(they_can_be_moved_and_taken_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
