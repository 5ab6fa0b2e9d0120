/* Sums of bytes of any number, at any place, with the instructions of this processor
   and without them. */
#undef __SSE2__
#define fix_checksum portable_checksum
#include "codecs/fix/checksum.c"
#undef fix_checksum
#include "kit/kit.h"

unsigned fix_checksum(struct slice bytes);

static unsigned one_by_one(struct slice bytes)
{
    unsigned sum = 0;
    for (size_t i = 0; i < bytes.size; i++)
        sum += (unsigned char)bytes.at[i];
    return sum % 256;
}

static void a_sum_is_that_of_the_bytes_whatever_their_number(void **state)
{
    struct kit_random random = { 7 };
    char bytes[300];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)kit_random_next(&random);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        struct slice all = { bytes, size };
        assert_int_equal(fix_checksum(guarded(all)), one_by_one(all));
        assert_int_equal(portable_checksum(guarded(all)), one_by_one(all));
    }
}

static void the_largest_bytes_do_not_run_over(void **state)
{
    static char bytes[20000];
    (void)state;
    memset(bytes, 0xFF, sizeof bytes);
    for (size_t size = 2000; size <= sizeof bytes; size += 2001) {
        struct slice all = { bytes, size };
        assert_int_equal(fix_checksum(all), one_by_one(all));
        assert_int_equal(portable_checksum(all), one_by_one(all));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_is_that_of_the_bytes_whatever_their_number),
        cmocka_unit_test(the_largest_bytes_do_not_run_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
