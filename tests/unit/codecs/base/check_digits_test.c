/* Check digits: identifiers that are published as examples, and what is wrong with
   others. */
#include "kit/kit.h"

#include "codecs/base/check_digits.h"

static void iso_7064_takes_what_leaves_1(void **state)
{
    (void)state;
    assert_true(check_digits_97(SLICE("GB29NWBK60161331926819"), 4));
    assert_true(check_digits_97(SLICE("gb29nwbk60161331926819"), 4));
    assert_true(check_digits_97(SLICE("RF18539007547034"), 4));
    assert_true(check_digits_97(SLICE("5493001KJTIIGC8Y1R12"), 0));
}

static void iso_7064_refuses_what_does_not(void **state)
{
    (void)state;
    assert_false(check_digits_97(SLICE("GB29NWBK60161331926891"), 4));
    assert_false(check_digits_97(SLICE("GB29NWBK60161331926819"), 0));
    assert_false(check_digits_97(SLICE("5493001KJTIIGC8Y1R21"), 0));
    assert_false(check_digits_97(SLICE("GB29 NWBK60161331926819"), 4));
    assert_false(check_digits_97(SLICE("GB29"), 4));
    assert_false(check_digits_97(SLICE(""), 0));
}

static void luhn_goes_over_the_digits_of_letters_too(void **state)
{
    (void)state;
    assert_true(check_digits_isin(SLICE("US0378331005")));
    assert_true(check_digits_isin(SLICE("AU0000XVGZA3")));
    assert_true(check_digits_isin(SLICE("GB0002634946")));
    assert_false(check_digits_isin(SLICE("US0378331006")));
    assert_false(check_digits_isin(SLICE("US0373831005")));
    assert_false(check_digits_isin(SLICE("US03783310-5")));
    assert_false(check_digits_isin(SLICE("")));
}

static void a_routing_number_has_nine_digits_that_fit(void **state)
{
    (void)state;
    assert_true(check_digits_aba(SLICE("021000021")));
    assert_true(check_digits_aba(SLICE("011401533")));
    assert_false(check_digits_aba(SLICE("021000012")));
    assert_false(check_digits_aba(SLICE("02100002")));
    assert_false(check_digits_aba(SLICE("0210000210")));
    assert_false(check_digits_aba(SLICE("02100002A")));
    assert_false(check_digits_aba(SLICE("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_7064_takes_what_leaves_1),
        cmocka_unit_test(iso_7064_refuses_what_does_not),
        cmocka_unit_test(luhn_goes_over_the_digits_of_letters_too),
        cmocka_unit_test(a_routing_number_has_nine_digits_that_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
