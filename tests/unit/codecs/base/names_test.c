#include "codecs/base/names.h"

#include "codecs/base/currency.h"
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
    for (size_t i = 0; i < COUNT; i++)
        assert_true(names_add(&names, arena_format(&arena, "name%zu", i), i));
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(names_find(&names, arena_format(&arena, "name%zu", i)), i);
    assert_int_equal(names_find(&names, SLICE("name")), NAMES_NONE);
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

static void currencies_have_their_decimals(void **state)
{
    (void)state;
    assert_int_equal(currency_find(SLICE("CNY"))->minor_units, 2);
    assert_int_equal(currency_find(SLICE("JPY"))->minor_units, 0);
    assert_int_equal(currency_find(SLICE("KWD"))->minor_units, 3);
    assert_null(currency_find(SLICE("RNB")));
    assert_null(currency_find(SLICE("cny")));
    assert_null(currency_find(SLICE("XXX")));
    assert_null(currency_find(SLICE("")));
}

static void numbers_are_read_within_bounds(void **state)
{
    uint64_t number;
    (void)state;
    assert_true(slice_to_u64(SLICE("18446744073709551615"), UINT64_MAX, &number));
    assert_true(number == UINT64_MAX);
    assert_false(slice_to_u64(SLICE("18446744073709551616"), UINT64_MAX, &number));
    assert_true(slice_to_u64(SLICE("007"), 7, &number));
    assert_false(slice_to_u64(SLICE("8"), 7, &number));
    assert_false(slice_to_u64(SLICE("10"), 9, &number));
    assert_false(slice_to_u64(SLICE(""), 7, &number));
    assert_false(slice_to_u64(SLICE("-1"), 7, &number));
    assert_true(slice_compare(SLICE("a"), SLICE("ab")) < 0);
    assert_true(slice_compare(SLICE("b"), SLICE("ab")) > 0);
    assert_true(slice_compare(SLICE_NONE, SLICE("")) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_of_names_are_found_again),
        cmocka_unit_test(a_name_keeps_its_first_row),
        cmocka_unit_test(currencies_have_their_decimals),
        cmocka_unit_test(numbers_are_read_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
