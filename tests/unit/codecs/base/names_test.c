#include "codecs/base/names.h"

#include "kit/kit.h"

static void thousands_of_names_are_found_again(void **state)
{
    enum { COUNT = 3000 };
    struct names names;
    struct arena arena;
    (void)state;
    names_init(&names);
    arena_init(&arena, ARENA_UNLIMITED);
    assert_int_equal(names_find(&names, SLICE("x")), NAMES_NONE);
    assert_int_equal(names_size(&names), 0);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(names_add(&names, arena_format(&arena, "name%zu", i), i));
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(names_find(&names, arena_format(&arena, "name%zu", i)), i);
    assert_int_equal(names_find(&names, SLICE("name")), NAMES_NONE);
    assert_true(names_size(&names) >= COUNT * sizeof(struct slice));
    arena_fini(&arena);
    names_fini(&names);
}

static void a_name_keeps_its_first_row(void **state)
{
    struct names names;
    (void)state;
    names_init(&names);
    assert_true(names_add(&names, SLICE(""), 1));
    assert_false(names_add(&names, SLICE(""), 2));
    assert_int_equal(names_find(&names, SLICE("")), 1);
    names_fini(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_of_names_are_found_again),
        cmocka_unit_test(a_name_keeps_its_first_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
