#include "codecs/base/currency.h"

#include "kit/kit.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(currencies_have_their_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
