#include "codecs/base/slice.h"

#include "kit/kit.h"

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
        cmocka_unit_test(numbers_are_read_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
