/* Tags to rows. */
#include "codecs/fix/tag_index.h"
#include "kit/kit.h"

static void an_empty_index_finds_nothing(void **state)
{
    struct fix_tag_index index;
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    fix_tag_index_init(&index, 0, &arena);
    assert_int_equal(fix_tag_index_find(&index, 0), FIX_TAG_NONE);
    assert_int_equal(fix_tag_index_find(&index, 35), FIX_TAG_NONE);
    arena_fini(&arena);
}

static void every_tag_is_found_and_no_other(void **state)
{
    enum { COUNT = 3000 };
    struct fix_tag_index index;
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    fix_tag_index_init(&index, COUNT, &arena);
    for (uint32_t i = 0; i < COUNT; i++)
        assert_true(fix_tag_index_add(&index, 7 * i + 1, i));
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(fix_tag_index_find(&index, 7 * i + 1), i);
        assert_int_equal(fix_tag_index_find(&index, 7 * i + 2), FIX_TAG_NONE);
    }
    assert_int_equal(fix_tag_index_find(&index, 0), FIX_TAG_NONE);
    assert_int_equal(fix_tag_index_find(&index, UINT32_MAX), FIX_TAG_NONE);
    arena_fini(&arena);
}

static void a_tag_that_is_there_keeps_its_row(void **state)
{
    struct fix_tag_index index;
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    fix_tag_index_init(&index, 2, &arena);
    assert_true(fix_tag_index_add(&index, 58, 4));
    assert_false(fix_tag_index_add(&index, 58, 5));
    assert_int_equal(fix_tag_index_find(&index, 58), 4);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_index_finds_nothing),
        cmocka_unit_test(every_tag_is_found_and_no_other),
        cmocka_unit_test(a_tag_that_is_there_keeps_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
