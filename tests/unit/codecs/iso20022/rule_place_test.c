/* Which places the words of a value rule name. */
#include "kit/kit.h"

#include "codecs/iso20022/rule.h"

static const struct iso_type parent = { .name = { "ClearingMember2", 15 },
                                        .content = ISO_ELEMENTS };
static const struct iso_type text = { .name = { "IBAN2007Identifier", 18 }, .content = ISO_TEXT };
static const struct iso_type number = { .name = { "Amount_SimpleType", 17 }, .content = ISO_TEXT };
static const struct iso_type currency = { .name = { "ActiveCurrencyCode__2", 21 },
                                          .content = ISO_TEXT };
static const struct iso_type amount = { .name = { "CurrencyAndAmount__1", 20 },
                                        .content = ISO_AMOUNT,
                                        .base = &number,
                                        .attribute = { { "Ccy", 3 }, &currency, true } };
static const struct iso_element account = { .name = { "Acct", 4 }, .type = &text };
static const struct iso_element sum = { .name = { "TtlAmt", 6 }, .type = &amount };

static const struct iso_rule_place at_account = { &parent, &account, NULL };
static const struct iso_rule_place at_sum = { &parent, &sum, NULL };
static const struct iso_rule_place at_currency = { &parent, &sum, &amount.attribute };

static void a_type_is_named_with_stars(void **state)
{
    (void)state;
    assert_true(iso_rule_place_is(&at_account, "IBAN2007Identifier"));
    assert_true(iso_rule_place_is(&at_account, "IBAN*Identifier"));
    assert_true(iso_rule_place_is(&at_account, "*"));
    assert_true(iso_rule_place_is(&at_account, "*2007*"));
    assert_true(iso_rule_place_is(&at_account, "IBAN2007Identifier*"));
    assert_false(iso_rule_place_is(&at_account, "IBAN*Identifie"));
    assert_false(iso_rule_place_is(&at_account, "BAN*Identifier"));
    assert_false(iso_rule_place_is(&at_account, "IBAN*2008*"));
    assert_false(iso_rule_place_is(&at_account, "Acct"));
    assert_false(iso_rule_place_is(&at_account, ""));
}

static void a_tighter_type_has_the_name_of_the_wider(void **state)
{
    (void)state;
    assert_true(iso_rule_place_is(&at_sum, "CurrencyAndAmount"));
    assert_true(iso_rule_place_is(&at_sum, "Amount_SimpleType"));
    assert_true(iso_rule_place_is(&at_currency, "ActiveCurrencyCode"));
    assert_false(iso_rule_place_is(&at_currency, "CurrencyAndAmount"));
}

static void an_element_is_named_alone_or_in_its_type(void **state)
{
    (void)state;
    assert_true(iso_rule_place_is(&at_account, ".Acct"));
    assert_true(iso_rule_place_is(&at_account, ".Ac*"));
    assert_true(iso_rule_place_is(&at_account, "Clearing*.Acct"));
    assert_true(iso_rule_place_is(&at_account, "Clearing*.*"));
    assert_false(iso_rule_place_is(&at_account, ".Acc"));
    assert_false(iso_rule_place_is(&at_account, "Clearing.Acct"));
    assert_false(iso_rule_place_is(&at_currency, ".TtlAmt"));
}

static void an_attribute_is_not_what_stands_beside_it(void **state)
{
    (void)state;
    assert_true(iso_rule_place_is(&at_currency, "@Ccy"));
    assert_true(iso_rule_place_is(&at_currency, ".TtlAmt@Ccy"));
    assert_false(iso_rule_place_is(&at_currency, ".Amt@Ccy"));
    assert_false(iso_rule_place_is(&at_currency, "@Cc"));
    assert_false(iso_rule_place_is(&at_currency, "beside@Ccy"));
    assert_true(iso_rule_place_is(&at_sum, "beside@Ccy"));
    assert_false(iso_rule_place_is(&at_sum, "beside@Cc"));
    assert_false(iso_rule_place_is(&at_sum, "@Ccy"));
    assert_false(iso_rule_place_is(&at_account, "beside@Ccy"));
    assert_false(iso_rule_place_is(&at_account, "@Ccy"));
}

static void any_word_will_do_but_for_exceptions(void **state)
{
    (void)state;
    assert_true(iso_rule_place_is(&at_account, "LEI .Acct"));
    assert_true(iso_rule_place_is(&at_account, ".Acct LEI"));
    assert_true(iso_rule_place_is(&at_account, ".Acct but .Othr"));
    assert_false(iso_rule_place_is(&at_account, "* but .Othr .Acct"));
    assert_false(iso_rule_place_is(&at_account, "LEI but .Othr"));
    assert_false(iso_rule_place_is(&at_account, "LEI but .Acct"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_type_is_named_with_stars),
        cmocka_unit_test(a_tighter_type_has_the_name_of_the_wider),
        cmocka_unit_test(an_element_is_named_alone_or_in_its_type),
        cmocka_unit_test(an_attribute_is_not_what_stands_beside_it),
        cmocka_unit_test(any_word_will_do_but_for_exceptions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
