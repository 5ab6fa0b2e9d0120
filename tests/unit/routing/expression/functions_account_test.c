#include "unit/routing/expression/fixture.h"

static void an_id_that_fits_stays_as_it_is(void **state)
{
    static const char *const fitting[] = {
        "A",
        "REQ-2026/03/02:17",
        "abc xyz ABC 019 -?:().,'+",
        "12345678901234567890123456789012345",
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof fitting / sizeof fitting[0]; i++) {
        give_nothing(fixture);
        give(fixture, "Id", fitting[i]);
        assert_value(fixture, "id35(Id)", fitting[i]);
    }
}

/* The surrogate of id, whose prefix ends before its first digit of the digest. */
static struct slice surrogate(struct fixture *fixture, const char *id)
{
    give_nothing(fixture);
    give(fixture, "Id", id);
    struct slice made = value_of(fixture, "id35(Id)").text;
    assert_int_equal(made.size, 35);
    return made;
}

static void assert_prefix(struct slice made, const char *prefix)
{
    size_t size = strlen(prefix);
    assert_slice_equal(((struct slice){ made.at, size }), prefix);
    assert_int_equal(made.at[size], '-');
    for (size_t i = size + 1; i < made.size; i++)
        assert_non_null(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", made.at[i]));
}

static void another_id_gets_a_surrogate_of_35_characters(void **state)
{
    struct fixture *fixture = *state;
    assert_prefix(surrogate(fixture, "123456789012345678901234567890123456"), "123456789012");
    assert_prefix(surrogate(fixture, "REQ_2026_0001_A"), "REQ20260001A");
    assert_prefix(surrogate(fixture, "/REQ/1"), "REQ/1");
    assert_prefix(surrogate(fixture, "REQ/1/"), "REQ/1/");
    assert_prefix(surrogate(fixture, "A//B"), "A/B");
    assert_prefix(surrogate(fixture, "//"), "");
    assert_prefix(surrogate(fixture, "\xe5\xbc\xa0"
                                     "A1"),
                  "A1");
    assert_prefix(surrogate(fixture, "\xe5\xbc\xa0"), "");
}

static void a_surrogate_is_the_same_again_and_differs_by_id_and_salt(void **state)
{
    struct fixture *fixture = *state;
    const char *first = surrogate(fixture, "REQ_1").at;
    assert_memory_equal(surrogate(fixture, "REQ_1").at, first, 35);
    assert_memory_not_equal(surrogate(fixture, "REQ_2").at, first, 35);
    assert_memory_not_equal(surrogate(fixture, "REQ__1").at, first, 35);
    fixture->surroundings.id_salt = SLICE("PENSTOCK BROKER 20260303");
    assert_memory_not_equal(surrogate(fixture, "REQ_1").at, first, 35);
}

static void a_surrogate_fits_itself(void **state)
{
    struct fixture *fixture = *state;
    char made[36] = "";
    memcpy(made, surrogate(fixture, "/a//b/c~d").at, 35);
    assert_memory_equal(surrogate(fixture, made).at, made, 35);
}

static void a_bic_passes_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "ICBKCNBJXXX");
    assert_value(fixture, "bic(Id)", "ICBKCNBJXXX");
    give_nothing(fixture);
    give(fixture, "Id", "icbkcnbj");
    assert_refused(fixture, "bic(Id)",
                   "penstock.yaml:7:11: value refused: \"icbkcnbj\" is not a BIC");
}

static void an_account_is_an_iban_or_another_one_never_both(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "gb82 west 1234 5698 7654 32");
    assert_value(fixture, "iban(Id)", "GB82WEST12345698765432");
    assert_absent(fixture, "account(Id)");
    give_nothing(fixture);
    give(fixture, "Id", "GB83WEST12345698765432");
    assert_absent(fixture, "iban(Id)");
    assert_value(fixture, "account(Id)", "GB83WEST12345698765432");
    give_nothing(fixture);
    give(fixture, "Id", "6222 0200-1234");
    assert_absent(fixture, "iban(Id)");
    assert_value(fixture, "account(Id)", "6222 0200-1234");
}

static void an_account_has_at_most_34_characters(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "1234567890123456789012345678901234");
    assert_value(fixture, "account(Id)", "1234567890123456789012345678901234");
    give_nothing(fixture);
    give(fixture, "Id", "12345678901234567890123456789012345");
    assert_refused(fixture, "account(Id)",
                   "penstock.yaml:7:11: value refused: the account "
                   "\"12345678901234567890123456789012345\" has more than 34 characters");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(an_id_that_fits_stays_as_it_is),
        fixture_test(another_id_gets_a_surrogate_of_35_characters),
        fixture_test(a_surrogate_is_the_same_again_and_differs_by_id_and_salt),
        fixture_test(a_surrogate_fits_itself),
        fixture_test(a_bic_passes_and_nothing_else),
        fixture_test(an_account_is_an_iban_or_another_one_never_both),
        fixture_test(an_account_has_at_most_34_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
