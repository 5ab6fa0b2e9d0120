/* Tables of codes: in order, so that every row of them is found, and only those. */
#include "kit/kit.h"

#include "codecs/iso20022/code_table.h"

#include <stdio.h>

static const char *const countries[] = {
#define COUNTRY(code) #code,
#include "codecs/iso20022/countries.def"
#undef COUNTRY
};

#define CURRENCY(code) #code,
static const char *const specials[] = {
#include "codecs/iso20022/currencies_special.def"
};
static const char *const historic[] = {
#include "codecs/iso20022/currencies_historic.def"
};
#undef CURRENCY

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static void every_country_is_found(void **state)
{
    (void)state;
    assert_int_equal(COUNT_OF(countries), 249);
    for (size_t i = 0; i < COUNT_OF(countries); i++)
        assert_true(code_table_country(slice_of(countries[i])));
    assert_true(code_table_country(SLICE("XK")));
    assert_false(code_table_country(SLICE("UK")));
    assert_false(code_table_country(SLICE("XX")));
    assert_false(code_table_country(SLICE("D")));
    assert_false(code_table_country(SLICE("DEU")));
    assert_false(code_table_country(SLICE("")));
}

static void a_currency_is_in_one_table_only(void **state)
{
    (void)state;
    assert_int_equal(COUNT_OF(specials), 13);
    for (size_t i = 0; i < COUNT_OF(specials); i++) {
        assert_true(code_table_currency_special(slice_of(specials[i])));
        assert_true(code_table_currency(slice_of(specials[i])));
        assert_false(code_table_currency_historic(slice_of(specials[i])));
    }
    for (size_t i = 0; i < COUNT_OF(historic); i++) {
        assert_true(code_table_currency_historic(slice_of(historic[i])));
        assert_false(code_table_currency(slice_of(historic[i])));
    }
    assert_true(code_table_currency(SLICE("EUR")));
    assert_false(code_table_currency_special(SLICE("EUR")));
    assert_false(code_table_currency(SLICE("CNH")));
    assert_false(code_table_currency_historic(SLICE("CNH")));
    assert_false(code_table_currency(SLICE("")));
}

static struct slice code_at(const struct code_set *set, size_t row)
{
    struct slice code = { set->codes + row * set->size, set->size };
    while (code.at[code.size - 1] == ' ')
        code.size--;
    return code;
}

static void every_code_of_every_set_is_found(void **state)
{
    size_t count = 0;
    (void)state;
    assert_int_equal(code_set_count, 49);
    for (size_t i = 0; i < code_set_count; i++) {
        const struct code_set *set = &code_sets[i];
        size_t rows = strlen(set->codes) / set->size;
        assert_int_equal(strlen(set->codes) % set->size, 0);
        assert_ptr_equal(code_set_named(slice_of(set->name)), set);
        for (size_t row = 0; row < rows; row++)
            assert_true(code_set_has(set, code_at(set, row)));
        count += rows;
    }
    assert_int_equal(count, 1852);
}

static void what_is_near_a_code_is_none(void **state)
{
    const struct code_set *purposes = code_set_named(SLICE("ExternalPurpose1Code"));
    (void)state;
    assert_true(code_set_has(purposes, SLICE("SALA")));
    assert_false(code_set_has(purposes, SLICE("SAL")));
    assert_false(code_set_has(purposes, SLICE("SALA ")));
    assert_false(code_set_has(purposes, SLICE("sala")));
    assert_false(code_set_has(purposes, SLICE("ALAS")));
    assert_false(code_set_has(purposes, SLICE("")));
    assert_null(code_set_named(SLICE("ExternalPurpose2Code")));
}

/* The lists beside the repository. */
static void the_code_sets_are_those_that_are_published(void **state)
{
    const char *shared = kit_shared("code_table_test");
    char path[512];
    size_t count = 0;
    (void)state;
    if (shared == NULL)
        skip();
    snprintf(path, sizeof path, "%s/iso20022/lists/external-codes.tsv", shared);
    struct slice file = kit_read_file(path);
    const char *at = strchr(file.at, '\n') + 1;
    while (*at != '\0') {
        const char *tab = strchr(at, '\t'), *end = strchr(at, '\n');
        const struct code_set *set = code_set_named((struct slice){ at, (size_t)(tab - at) });
        assert_non_null(set);
        assert_true(code_set_has(set, (struct slice){ tab + 1, (size_t)(end - tab) - 1 }));
        at = end + 1;
        count++;
    }
    kit_free_file(file);
    assert_int_equal(count, 1852);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_country_is_found),
        cmocka_unit_test(a_currency_is_in_one_table_only),
        cmocka_unit_test(every_code_of_every_set_is_found),
        cmocka_unit_test(what_is_near_a_code_is_none),
        cmocka_unit_test(the_code_sets_are_those_that_are_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
