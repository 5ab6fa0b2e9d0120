#include "codecs/base/iban.h"

#include "kit/kit.h"

#include <stdio.h>

static void an_iban_is_brought_to_its_electronic_form(void **state)
{
    (void)state;
    char iban[35];

    assert_true(iban_parse(SLICE("GB82 WEST 1234 5698 7654 32"), iban));
    assert_string_equal(iban, "GB82WEST12345698765432");
    assert_true(iban_parse(SLICE("de89370400440532013000"), iban));
    assert_string_equal(iban, "DE89370400440532013000");
}

static void what_is_not_an_iban_is_not_taken(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        " ",
        "GB",
        "GB82",
        "GB82WEST12345698765433",                /* one digit changed */
        "GB82WEST1234569876543",                 /* one missing */
        "GB82WEST123456987654320",               /* one more */
        "8282WEST12345698765432",                /* no country */
        "GBX2WEST12345698765432",                /* check digits are not digits */
        "GB82-WEST-1234-5698-7654-32",           /* other bytes */
        "GB82WEST1234569876543\xc3\xa9",         /* letters of other alphabets */
        "XZ82123456789012345678901234567890123", /* too long for any */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char iban[35];
        assert_false(iban_parse(guarded(slice_of(wrong[i])), iban));
    }
}

static void the_length_of_a_country_counts_even_when_the_sum_is_right(void **state)
{
    (void)state;
    char iban[35];
    unsigned right = 0;
    for (unsigned check = 2; check <= 98; check++) {
        char text[35];
        snprintf(text, sizeof text, "DE%02u37040044053201300", check);
        right += iban_parse(slice_of(text), iban);
    }
    assert_int_equal(right, 0);
}

static void a_country_without_a_known_length_needs_the_right_sum(void **state)
{
    (void)state;
    char iban[35];
    unsigned right = 0;
    for (unsigned check = 0; check <= 99; check++) {
        char text[35];
        snprintf(text, sizeof text, "ZZ%02u00012345", check);
        right += iban_parse(slice_of(text), iban);
    }
    assert_int_equal(right, 1);
}

static void other_account_numbers_stay_as_they_are(void **state)
{
    (void)state;
    char iban[35];

    assert_slice_equal(iban_electronic(SLICE("6225 0001"), iban), "6225 0001");
    assert_slice_equal(iban_electronic(SLICE("gb82 west 12345698765432"), iban),
                       "GB82WEST12345698765432");
    assert_null(iban_electronic(SLICE_NONE, iban).at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_iban_is_brought_to_its_electronic_form),
        cmocka_unit_test(what_is_not_an_iban_is_not_taken),
        cmocka_unit_test(the_length_of_a_country_counts_even_when_the_sum_is_right),
        cmocka_unit_test(a_country_without_a_known_length_needs_the_right_sum),
        cmocka_unit_test(other_account_numbers_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
