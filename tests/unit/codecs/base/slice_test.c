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

static void slices_of_every_size_are_put_and_no_byte_more(void **state)
{
    char bytes[70], room[sizeof bytes + 1];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i + 1);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        memset(room, 0, sizeof room);
        struct slice slice = guarded((struct slice){ bytes, size });
        assert_ptr_equal(slice_put(slice, room), room + size);
        assert_memory_equal(room, bytes, size);
        assert_int_equal(room[size], 0);
    }
    assert_ptr_equal(slice_put(SLICE_NONE, room), room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_within_bounds),
        cmocka_unit_test(slices_of_every_size_are_put_and_no_byte_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
