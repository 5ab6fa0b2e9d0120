#include "kit/kit.h"

#include "codecs/iso20022/parse.h"
#include "codecs/iso20022/value.h"

static enum iso_verdict check(const struct iso_facets *facets, const char *text)
{
    struct slice value = guarded(slice_of(text));
    return iso_value_check(facets, &value);
}

static void assert_expected(const struct iso_facets *facets, enum iso_verdict verdict,
                            const char *text)
{
    struct writer writer;
    writer_init(&writer, 0);
    const struct slice start = SLICE("\"x\", expected ");
    iso_value_tell(facets, verdict, SLICE("x"), &writer);
    assert_true(slice_starts(writer_slice(&writer), start));
    assert_slice_equal(slice_after(writer_slice(&writer), start.size), text);
    writer_fini(&writer);
}

static void lengths_count_characters(void **state)
{
    struct iso_facets facets = iso_no_facets;
    (void)state;
    facets.length_min = 1;
    facets.length_max = 3;
    assert_int_equal(check(&facets, ""), ISO_VALUE_TOO_SHORT);
    assert_int_equal(check(&facets, "abc"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "\xf0\x9f\x98\x80\xe4\xb8\xad\xc3\xa9"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "abcd"), ISO_VALUE_TOO_LONG);
    assert_int_equal(check(&facets, "    "), ISO_VALUE_TOO_LONG);
    assert_expected(&facets, ISO_VALUE_TOO_SHORT, "at least 1 character");
    assert_expected(&facets, ISO_VALUE_TOO_LONG, "at most 3 characters");
}

static void lengths_of_base64_count_octets(void **state)
{
    struct iso_facets facets = iso_no_facets;
    (void)state;
    facets.base = ISO_BASE64;
    facets.length_min = 1;
    facets.length_max = 2;
    assert_int_equal(check(&facets, " QUI= "), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, ""), ISO_VALUE_TOO_SHORT);
    assert_int_equal(check(&facets, "QUJD"), ISO_VALUE_TOO_LONG);
    assert_int_equal(check(&facets, "Q"), ISO_VALUE_NOT_OF_TYPE);
    assert_expected(&facets, ISO_VALUE_TOO_LONG, "at most 2 octets");
}

static void a_string_without_facets_takes_anything(void **state)
{
    (void)state;
    assert_int_equal(check(&iso_no_facets, ""), ISO_VALUE_FINE);
    assert_int_equal(check(&iso_no_facets, " \n x "), ISO_VALUE_FINE);
}

static void decimals_by_digits_fraction_and_range(void **state)
{
    struct iso_facets facets = iso_no_facets;
    (void)state;
    facets.base = ISO_DECIMAL;
    facets.digits_max = 5;
    facets.fraction_max = 2;
    facets.minimum = SLICE("0");
    facets.maximum = SLICE("900");
    assert_int_equal(check(&facets, "123.4500"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "000000123.45"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "-0"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "900.00"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "1234.56"), ISO_VALUE_DIGITS);
    assert_int_equal(check(&facets, "1.234"), ISO_VALUE_FRACTION);
    assert_int_equal(check(&facets, "-0.01"), ISO_VALUE_TOO_SMALL);
    assert_int_equal(check(&facets, "900.01"), ISO_VALUE_TOO_LARGE);
    assert_int_equal(check(&facets, "1e2"), ISO_VALUE_NOT_OF_TYPE);
    assert_expected(&facets, ISO_VALUE_DIGITS, "at most 5 digits");
    assert_expected(&facets, ISO_VALUE_FRACTION, "at most 2 decimals");
    assert_expected(&facets, ISO_VALUE_TOO_SMALL, "at least 0");
    assert_expected(&facets, ISO_VALUE_TOO_LARGE, "at most 900");
    assert_expected(&facets, ISO_VALUE_NOT_OF_TYPE, "a decimal number");
}

static void leading_zeros_of_a_fraction_are_digits(void **state)
{
    struct iso_facets facets = iso_no_facets;
    (void)state;
    facets.base = ISO_DECIMAL;
    facets.digits_max = 2;
    assert_int_equal(check(&facets, "0.05"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "0.005"), ISO_VALUE_DIGITS);
}

static void a_limit_may_be_excluded(void **state)
{
    struct iso_facets facets = iso_no_facets;
    (void)state;
    facets.base = ISO_DECIMAL;
    facets.minimum = SLICE("0");
    facets.maximum = SLICE("9.5");
    facets.minimum_excluded = facets.maximum_excluded = true;
    assert_int_equal(check(&facets, "0.00"), ISO_VALUE_TOO_SMALL);
    assert_int_equal(check(&facets, "0.01"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "9.49"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "9.50"), ISO_VALUE_TOO_LARGE);
    assert_expected(&facets, ISO_VALUE_TOO_SMALL, "more than 0");
    assert_expected(&facets, ISO_VALUE_TOO_LARGE, "less than 9.5");
}

static void numbers_are_listed_by_value(void **state)
{
    const struct slice codes[] = { SLICE("1.0"), SLICE("20") };
    struct iso_facets facets = iso_no_facets;
    (void)state;
    facets.base = ISO_DECIMAL;
    facets.codes = codes;
    facets.code_count = 2;
    assert_int_equal(check(&facets, "1"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "+020.0"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "2"), ISO_VALUE_NOT_IN_LIST);
}

static void a_fixed_value_is_the_only_one(void **state)
{
    struct iso_facets facets = iso_no_facets;
    (void)state;
    facets.fixed = SLICE("SEPA");
    assert_int_equal(check(&facets, "SEPA"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "SEPA "), ISO_VALUE_NOT_FIXED);
    assert_int_equal(check(&facets, ""), ISO_VALUE_NOT_FIXED);
    assert_expected(&facets, ISO_VALUE_NOT_FIXED, "always SEPA");
    assert_ptr_equal(iso_value_error(ISO_VALUE_NOT_FIXED), &iso_value_facet);
    facets.base = ISO_DECIMAL;
    facets.fixed = SLICE("1.50");
    assert_int_equal(check(&facets, " 01.5 "), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "1.51"), ISO_VALUE_NOT_FIXED);
    facets.base = ISO_BOOLEAN;
    facets.fixed = SLICE("true");
    assert_int_equal(check(&facets, "1"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "true"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "0"), ISO_VALUE_NOT_FIXED);
    facets.fixed = SLICE("0");
    assert_int_equal(check(&facets, "false"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "true"), ISO_VALUE_NOT_FIXED);
}

static void a_code_is_in_the_list_exactly(void **state)
{
    static const struct slice codes[] = { { "BUSY", 4 }, { "DONE", 4 }, { "OPEN", 4 } };
    struct iso_facets facets = iso_no_facets;
    (void)state;
    facets.codes = codes;
    facets.code_count = 3;
    assert_int_equal(check(&facets, "BUSY"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "DONE"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "OPEN"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "DONE "), ISO_VALUE_NOT_IN_LIST);
    assert_int_equal(check(&facets, "DON"), ISO_VALUE_NOT_IN_LIST);
    assert_int_equal(check(&facets, ""), ISO_VALUE_NOT_IN_LIST);
    assert_expected(&facets, ISO_VALUE_NOT_IN_LIST, "one of BUSY, DONE, OPEN");
}

static void white_space_around_counts_in_strings_only(void **state)
{
    struct slice value = SLICE(" \t\r\n2024-02-29 \n");
    struct iso_facets facets = iso_no_facets;
    (void)state;
    facets.base = ISO_DATE;
    assert_int_equal(iso_value_check(&facets, &value), ISO_VALUE_FINE);
    assert_slice_equal(value, "2024-02-29");
    value = SLICE(" x ");
    assert_int_equal(iso_value_check(&iso_no_facets, &value), ISO_VALUE_FINE);
    assert_slice_equal(value, " x ");
}

static void a_pattern_meets_the_value_without_white_space_around(void **state)
{
    struct arena arena;
    const char *fault;
    struct iso_facets facets = iso_no_facets;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    facets.base = ISO_DATE_TIME;
    facets.pattern_text = SLICE(".*Z");
    facets.pattern = iso_pattern_compile(facets.pattern_text, &arena, &fault);
    assert_int_equal(check(&facets, " 2024-02-29T13:05:00Z\n"), ISO_VALUE_FINE);
    assert_int_equal(check(&facets, "2024-02-29T13:05:00"), ISO_VALUE_NOT_IN_PATTERN);
    assert_int_equal(check(&facets, "Z"), ISO_VALUE_NOT_OF_TYPE);
    assert_expected(&facets, ISO_VALUE_NOT_IN_PATTERN, "the form .*Z");
    arena_fini(&arena);
}

static void every_base_has_a_name_and_says_what_it_expects(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ISO_BASE_COUNT; i++) {
        enum iso_base base;
        struct iso_facets facets = iso_no_facets;
        struct writer writer;
        facets.base = (enum iso_base)i;
        assert_true(iso_base_named(slice_of(iso_base_name(facets.base)), &base));
        assert_int_equal(base, i);
        writer_init(&writer, 0);
        iso_value_tell(&facets, ISO_VALUE_NOT_OF_TYPE, SLICE(""), &writer);
        assert_true(writer_slice(&writer).size > sizeof "\"\", expected ");
        writer_fini(&writer);
    }
    enum iso_base base;
    assert_false(iso_base_named(SLICE("int"), &base));
}

static void an_excerpt_ends_with_a_whole_character(void **state)
{
    char text[200];
    (void)state;
    for (size_t i = 0; i + 3 <= sizeof text; i += 3)
        memcpy(text + i, "\xe4\xb8\xad", 3);
    struct slice excerpt = iso_value_excerpt((struct slice){ text, 198 });
    assert_int_equal(excerpt.size, 60);
    excerpt = iso_value_excerpt((struct slice){ text + 1, 197 });
    assert_int_equal(excerpt.size, 59);
    assert_slice_equal(iso_value_excerpt(SLICE("abc")), "abc");
    assert_int_equal(iso_value_excerpt(SLICE_NONE).size, 0);
}

static void a_verdict_is_an_error_of_its_kind(void **state)
{
    (void)state;
    assert_ptr_equal(iso_value_error(ISO_VALUE_NOT_OF_TYPE), &iso_value_type);
    assert_ptr_equal(iso_value_error(ISO_VALUE_NOT_IN_LIST), &iso_value_code);
    assert_ptr_equal(iso_value_error(ISO_VALUE_TOO_LONG), &iso_value_facet);
}

static bool is_plain_in(const char *pattern)
{
    struct iso_facets facets = iso_no_facets;
    struct arena arena;
    const char *fault;
    arena_init(&arena, ARENA_UNLIMITED);
    facets.pattern = iso_pattern_compile(slice_of(pattern), &arena, &fault);
    bool plain = iso_facets_are_plain(&facets);
    arena_fini(&arena);
    return plain;
}

static void some_types_have_no_value_that_needs_an_escape(void **state)
{
    const struct slice plain[] = { SLICE("A"), SLICE("B") };
    const struct slice special[] = { SLICE("A"), SLICE("B&C") };
    struct iso_facets facets = iso_no_facets;
    (void)state;
    assert_false(iso_facets_are_plain(&facets));
    facets.codes = plain;
    facets.code_count = 2;
    assert_true(iso_facets_are_plain(&facets));
    facets.codes = special;
    assert_false(iso_facets_are_plain(&facets));
    facets.code_count = 0;
    facets.base = ISO_DATE;
    assert_true(iso_facets_are_plain(&facets));
    facets.base = ISO_BASE64;
    assert_false(iso_facets_are_plain(&facets));
    assert_true(is_plain_in("[A-Z]{2}[0-9a-z ]*|x"));
    assert_false(is_plain_in("[A-Z]{2}|[%-(]"));
    assert_false(is_plain_in("a\\s"));
    assert_false(is_plain_in("[a-\303\251]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_count_characters),
        cmocka_unit_test(lengths_of_base64_count_octets),
        cmocka_unit_test(a_string_without_facets_takes_anything),
        cmocka_unit_test(decimals_by_digits_fraction_and_range),
        cmocka_unit_test(leading_zeros_of_a_fraction_are_digits),
        cmocka_unit_test(a_limit_may_be_excluded),
        cmocka_unit_test(numbers_are_listed_by_value),
        cmocka_unit_test(a_fixed_value_is_the_only_one),
        cmocka_unit_test(a_code_is_in_the_list_exactly),
        cmocka_unit_test(white_space_around_counts_in_strings_only),
        cmocka_unit_test(a_pattern_meets_the_value_without_white_space_around),
        cmocka_unit_test(every_base_has_a_name_and_says_what_it_expects),
        cmocka_unit_test(an_excerpt_ends_with_a_whole_character),
        cmocka_unit_test(a_verdict_is_an_error_of_its_kind),
        cmocka_unit_test(some_types_have_no_value_that_needs_an_escape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
