#include "codecs/base/arena.h"

#include "kit/kit.h"

static void taken_memory_is_zero_aligned_and_apart(void **state)
{
    struct arena arena;
    char *last = NULL;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    for (size_t size = 0; size < 9000; size += 37) {
        char *taken = arena_take(&arena, size);
        assert_int_equal((uintptr_t)taken % sizeof(void *), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(taken[i], 0);
        memset(taken, 'x', size);
        assert_ptr_not_equal(taken, last);
        last = size > 0 ? taken : last;
    }
    arena_fini(&arena);
}

static void running_over_the_limit_is_sticky_until_reset(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 64);
    assert_non_null(arena_take(&arena, 48));
    assert_null(arena_take(&arena, 48));
    assert_null(arena_take(&arena, 1));
    assert_false(arena_ok(&arena));
    assert_null(arena_copy(&arena, SLICE("text")).at);
    arena_reset(&arena);
    assert_non_null(arena_take(&arena, 48));
    assert_true(arena_ok(&arena));
    assert_null(arena_take_array(&arena, SIZE_MAX, 16));
    arena_fini(&arena);
}

static void a_copy_ends_in_nul_and_absent_stays_absent(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    assert_string_equal(arena_copy(&arena, (struct slice){ "text", 2 }).at, "te");
    assert_non_null(arena_copy(&arena, SLICE("")).at);
    assert_null(arena_copy(&arena, SLICE_NONE).at);
    assert_string_equal(arena_format(&arena, "%d-%s", 7, "a").at, "7-a");
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taken_memory_is_zero_aligned_and_apart),
        cmocka_unit_test(running_over_the_limit_is_sticky_until_reset),
        cmocka_unit_test(a_copy_ends_in_nul_and_absent_stays_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
