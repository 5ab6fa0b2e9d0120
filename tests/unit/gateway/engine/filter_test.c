/* Filters: what was put in is always found, and little else. */
#include "kit/kit.h"

#include "gateway/engine/filter.h"
#include "gateway/engine/index.h"

#include <stdio.h>
#include <stdlib.h>

/* Digests of keys as the engine has them. */
static uint64_t digest_at(unsigned number)
{
    char text[16];
    int size = snprintf(text, sizeof text, "W-%u", number);

    return index_digest(INDEX_REQUEST, SLICE("alpha"), (struct slice){ text, (size_t)size });
}

static bool have(const struct filters *filters, uint64_t digest, uint64_t above)
{
    struct filter where;

    return filters_find(filters, digest, above, &where);
}

/* One filter for the numbers first..last, each with its key. */
static void fill(struct filters *filters, unsigned first, unsigned last)
{
    filters_add(filters, first, last, last - first + 1);
    for (unsigned number = first; number <= last; number++)
        filters_put(filters, number, digest_at(number));
}

static void none_have_nothing(void **state)
{
    (void)state;
    struct filters filters = { 0 };

    assert_false(have(&filters, digest_at(1), 0));
    filters_add(&filters, 1, 9, 9);
    assert_false(have(&filters, digest_at(1), 0));
    filters_fini(&filters);
}

static void every_key_is_found_in_the_fullest_filter_and_in_the_smallest(void **state)
{
    (void)state;
    struct filters filters = { 0 };

    fill(&filters, 1, 1);
    fill(&filters, 2, 2);
    fill(&filters, 3, 20000);
    for (unsigned number = 1; number <= 20000; number++)
        assert_true(have(&filters, digest_at(number), 0));
    filters_fini(&filters);
}

/* Twenty filters of 2,000 keys, so that groups are full and begun. */
static void a_wrong_maybe_is_as_rare_as_is_said(void **state)
{
    (void)state;
    struct filters filters = { 0 };
    unsigned wrong = 0;

    for (unsigned i = 0; i < 20; i++)
        fill(&filters, 1 + i * 2000, 2000 + i * 2000);
    for (unsigned number = 100001; number <= 300000; number++)
        wrong += have(&filters, digest_at(number), 0);
    /* 20 filters, one in 100,000 each: 40 are expected. */
    assert_in_range(wrong, 10, 100);
    filters_fini(&filters);
}

static void twice_too_many_keys_make_it_less_sharp_and_no_worse(void **state)
{
    (void)state;
    struct filters filters = { 0 };
    unsigned wrong = 0;

    filters_add(&filters, 1, 4000, 2000);
    for (unsigned number = 1; number <= 4000; number++)
        filters_put(&filters, number, digest_at(number));
    for (unsigned number = 1; number <= 4000; number++)
        assert_true(have(&filters, digest_at(number), 0));
    for (unsigned number = 100001; number <= 120000; number++)
        wrong += have(&filters, digest_at(number), 0);
    assert_in_range(wrong, 1, 400);
    filters_fini(&filters);
}

static void only_the_filters_above_a_number_are_asked(void **state)
{
    (void)state;
    struct filters filters = { 0 };

    for (unsigned i = 0; i < 12; i++)
        fill(&filters, 1 + i * 10, 10 + i * 10);
    for (unsigned above = 0; above <= 130; above++)
        for (unsigned number = 1; number <= 120; number++) {
            unsigned first = (number - 1) / 10 * 10 + 1;
            assert_int_equal(have(&filters, digest_at(number), above), first > above);
        }
    filters_fini(&filters);
}

static void the_range_is_that_of_the_filters_that_may_have_it(void **state)
{
    (void)state;
    struct filters filters = { 0 };
    struct filter where;

    for (unsigned i = 0; i < 12; i++)
        fill(&filters, 1 + i * 10, 10 + i * 10);
    assert_true(filters_find(&filters, digest_at(35), 0, &where));
    assert_int_equal(where.first, 31);
    assert_int_equal(where.last, 40);
    filters_put(&filters, 95, digest_at(35));
    assert_true(filters_find(&filters, digest_at(35), 0, &where));
    assert_int_equal(where.first, 31);
    assert_int_equal(where.last, 100);
    assert_true(filters_find(&filters, digest_at(35), 31, &where));
    assert_int_equal(where.first, 91);
    filters_fini(&filters);
}

/* What was stored is loaded beside others and says the same. */
static void stored_bits_come_back_in_any_lane(void **state)
{
    (void)state;
    struct filters filters = { 0 }, loaded = { 0 };

    for (unsigned i = 0; i < 11; i++)
        fill(&filters, 1 + i * 10, 10 + i * 10);
    for (unsigned i = 1; i < 11; i++) {
        struct slice bits;
        struct filter filter = filters_bits(&filters, 5 + i * 10, &bits);

        assert_int_equal(filter.first, 1 + i * 10);
        assert_int_equal(filter.last, 10 + i * 10);
        filters_load(&loaded, filter.first, filter.last, bits);
        free((char *)bits.at);
    }
    for (unsigned number = 1; number <= 200; number++)
        assert_int_equal(have(&loaded, digest_at(number), 0), number > 10 && number <= 110);
    filters_fini(&loaded);
    filters_fini(&filters);
}

/* Stores of today must be read tomorrow: digest, probes and order of bits. */
static void stored_bits_are_the_same_for_ever(void **state)
{
    (void)state;
    struct filters filters = { 0 };
    struct slice bits;

    filters_add(&filters, 1, 2, 2);
    filters_put(&filters, 1, UINT64_C(0x0123456789abcdef));
    filters_put(&filters, 2, digest_at(2));
    filters_bits(&filters, 1, &bits);
    assert_int_equal(bits.size, 8);
    assert_memory_equal(bits.at, "\x00\x00\x80\x3f\x7c\x00\x00\x3f", 8);
    free((char *)bits.at);
    filters_fini(&filters);
}

static void filters_of_other_sizes_stand_in_groups_of_their_own(void **state)
{
    (void)state;
    struct filters filters = { 0 };

    fill(&filters, 1, 16);
    filters_add(&filters, 17, 20, 400);
    filters_put(&filters, 18, digest_at(18));
    fill(&filters, 21, 36);
    assert_int_equal(filters.count, 3);
    assert_true(have(&filters, digest_at(18), 0));
    assert_true(have(&filters, digest_at(7), 0));
    assert_true(have(&filters, digest_at(30), 20));
    assert_false(have(&filters, digest_at(18), 20));
    filters_fini(&filters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_have_nothing),
        cmocka_unit_test(every_key_is_found_in_the_fullest_filter_and_in_the_smallest),
        cmocka_unit_test(a_wrong_maybe_is_as_rare_as_is_said),
        cmocka_unit_test(twice_too_many_keys_make_it_less_sharp_and_no_worse),
        cmocka_unit_test(only_the_filters_above_a_number_are_asked),
        cmocka_unit_test(the_range_is_that_of_the_filters_that_may_have_it),
        cmocka_unit_test(stored_bits_come_back_in_any_lane),
        cmocka_unit_test(stored_bits_are_the_same_for_ever),
        cmocka_unit_test(filters_of_other_sizes_stand_in_groups_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
