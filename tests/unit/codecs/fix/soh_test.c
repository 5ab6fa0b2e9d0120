/* Every SOH of a block, whichever way it is found. */
#include "codecs/fix/soh.h"
#include "kit/kit.h"

enum {
    ROUNDS = 20000,
    SIZE_MAX_TRIED = 3 * FIX_SOH_BLOCK,
};

static uint64_t one_by_one(struct slice bytes, size_t first)
{
    uint64_t ends = 0;
    for (size_t i = 0; i < FIX_SOH_BLOCK && first + i < bytes.size; i++)
        ends |= (uint64_t)(bytes.at[first + i] == FIX_SOH) << i;
    return ends;
}

/* Bytes that are mostly a bit away from SOH, and one in four is. */
static void fill(struct kit_random *random, char *bytes, size_t size)
{
    static const unsigned char near_soh[] = { 0, 1, 2, 0x80, 0x81, 0xFF, '=' };
    for (size_t i = 0; i < size; i++) {
        uint64_t which = kit_random_below(random, 2 * sizeof near_soh);
        bytes[i] = (char)(which < sizeof near_soh ? near_soh[which] : kit_random_next(random));
    }
}

static void a_block_has_the_same_ends_whichever_way_they_are_found(void **state)
{
    struct kit_random random = { 11 };
    char block[FIX_SOH_BLOCK];
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        fill(&random, block, sizeof block);
        uint64_t expected = one_by_one((struct slice){ block, sizeof block }, 0);
        assert_true(fix_soh_by_words(block) == expected);
#if defined(__SSE2__)
        assert_true(fix_soh_by_vectors(block) == expected);
#endif
    }
}

static void nothing_outside_the_bytes_is_looked_at(void **state)
{
    struct kit_random random = { 12 };
    char bytes[SIZE_MAX_TRIED];
    (void)state;
    fill(&random, bytes, sizeof bytes);
    for (size_t size = 1; size <= sizeof bytes; size++) {
        struct slice all = guarded((struct slice){ bytes, size });
        for (size_t first = 0; first < size; first++)
            assert_true(fix_soh_ends(all, first) == one_by_one(all, first));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_has_the_same_ends_whichever_way_they_are_found),
        cmocka_unit_test(nothing_outside_the_bytes_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
