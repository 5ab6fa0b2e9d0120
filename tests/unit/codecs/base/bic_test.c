#include "codecs/base/bic.h"

#include "kit/kit.h"

static void a_bic_has_8_or_11_capital_letters_and_digits(void **state)
{
    static const char *const right[] = { "ICBKCNBJ", "ICBKCNBJXXX", "DEUTDEFF500", "0RIGDE2A" };
    static const char *const wrong[] = {
        "",         "ICBKCNB",  "ICBKCNBJX",   "ICBKCNBJXXXX", "icbkcnbj",
        "ICBKC1BJ", "ICBK1NBJ", "ICBKCNBJXX-", "ICBK CNB",     "ICBKCN\xc3\xa9",
    };
    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        assert_true(bic_valid(guarded(slice_of(right[i]))));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(bic_valid(guarded(slice_of(wrong[i]))));
}

static void a_head_office_is_the_same_with_and_without_xxx(void **state)
{
    (void)state;
    assert_true(bic_same(SLICE("ICBKCNBJ"), SLICE("ICBKCNBJXXX")));
    assert_true(bic_same(SLICE("ICBKCNBJSHI"), SLICE("ICBKCNBJSHI")));
    assert_false(bic_same(SLICE("ICBKCNBJ"), SLICE("ICBKCNBJSHI")));
    assert_false(bic_same(SLICE("ICBKCNBJ"), SLICE("CMBCCNBS")));
    assert_false(bic_same(SLICE_NONE, SLICE("CMBCCNBS")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bic_has_8_or_11_capital_letters_and_digits),
        cmocka_unit_test(a_head_office_is_the_same_with_and_without_xxx),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
