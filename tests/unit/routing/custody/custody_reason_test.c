#include "kit/kit.h"

#include "routing/custody/custody.h"
#include "routing/custody/custody_reason.h"

static void every_reason_of_the_table_is_known_and_has_words(void **state)
{
    (void)state;
    enum { DOUBT = false, FINAL = true };
    bool known;
#define REASON(code, verdict, words)                                                               \
    assert_int_equal(custody_reason_final(slice_of(code), &known), verdict);                       \
    assert_true(known);                                                                            \
    assert_string_equal(custody_reason_words(slice_of(code)), words);
#include "routing/custody/reasons.def"
#undef REASON
}

static void no_code_is_in_the_table_twice(void **state)
{
    (void)state;
    static const char *const codes[] = {
#define REASON(code, verdict, words) code,
#include "routing/custody/reasons.def"
#undef REASON
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(codes[i], codes[j]);
}

static void a_duplicate_says_nothing_about_the_first_copy(void **state)
{
    (void)state;
    static const char *const duplicates[] = { "AM05", "DUPL", "DU01", "DU02",     "DU03",
                                              "DU04", "DU05", "RF01", "PRTY 1029" };
    for (size_t i = 0; i < sizeof duplicates / sizeof *duplicates; i++) {
        bool known;
        assert_false(custody_reason_final(slice_of(duplicates[i]), &known));
        assert_true(known);
    }
}

static void the_banks_own_code_stands_behind_prty(void **state)
{
    (void)state;
    bool known;

    assert_false(custody_reason_final(SLICE("PRTY 2059"), &known));
    assert_true(known);
    assert_false(custody_reason_final(SLICE("PRTY 77"), &known));
    assert_false(known);
    assert_false(custody_reason_final(SLICE("PRTY"), &known));
    assert_false(known);
}

static void what_names_no_reason_is_not_known(void **state)
{
    (void)state;
    static const struct slice none[] = { { NULL, 0 }, { "", 0 }, { "MS03", 4 }, { "NARR", 4 } };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        bool known = true;
        assert_false(custody_reason_final(none[i], &known));
        assert_false(known);
        assert_string_equal(custody_reason_words(none[i]), "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_of_the_table_is_known_and_has_words),
        cmocka_unit_test(no_code_is_in_the_table_twice),
        cmocka_unit_test(a_duplicate_says_nothing_about_the_first_copy),
        cmocka_unit_test(the_banks_own_code_stands_behind_prty),
        cmocka_unit_test(what_names_no_reason_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
