/* UETRs out of a seed. */
#include "kit/kit.h"

#include "gateway/engine/random.h"

static const unsigned char seed[32] = "thirty-two bytes make one seed!";

static void a_uetr_is_a_uuid_of_version_four_in_lower_case(void **state)
{
    (void)state;
    struct random random;
    char uetr[UETR_SIZE + 1];

    random_init(&random, seed);
    for (unsigned i = 0; i < 1000; i++) {
        random_uetr(&random, uetr);
        assert_int_equal(strlen(uetr), UETR_SIZE);
        assert_int_equal(strspn(uetr, "0123456789abcdef-"), UETR_SIZE);
        assert_true(uetr[8] == '-' && uetr[13] == '-' && uetr[18] == '-' && uetr[23] == '-');
        assert_int_equal(uetr[14], '4');
        assert_non_null(strchr("89ab", uetr[19]));
    }
}

static void the_same_seed_gives_the_same_ones_and_no_two_are_alike(void **state)
{
    (void)state;
    struct random one, other;
    char first[UETR_SIZE + 1], second[UETR_SIZE + 1], third[UETR_SIZE + 1];

    random_init(&one, seed);
    random_init(&other, seed);
    random_uetr(&one, first);
    random_uetr(&other, second);
    random_uetr(&other, third);
    assert_string_equal(first, second);
    assert_string_not_equal(second, third);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uetr_is_a_uuid_of_version_four_in_lower_case),
        cmocka_unit_test(the_same_seed_gives_the_same_ones_and_no_two_are_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
