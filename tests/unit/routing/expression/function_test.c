#include "routing/expression/function.h"

#include "kit/kit.h"

static const struct place place = { "map.yaml", 4, 12, 0 };

static void every_function_of_the_table_is_found(void **state)
{
    struct error error;
    (void)state;
#define FUNCTION(called, letters, result_rule, shape, most, presence, what)                        \
    {                                                                                              \
        const struct function *function = function_find(SLICE(#called), place, &error);            \
        assert_non_null(function);                                                                 \
        assert_ptr_equal(function->call, function_##called);                                       \
        assert_string_equal(function->arguments, letters);                                         \
        assert_in_range(strlen(letters), 1, FUNCTION_ARGUMENTS_MAX);                               \
        assert_int_equal(strspn(letters, "TLVMBCI"), strlen(letters));                             \
        assert_int_equal(function->result, FUNCTION_##result_rule);                                \
        assert_int_equal(function->may_be_absent, strcmp(#presence, "MAYBE") == 0);                \
    }
#include "routing/expression/functions.def"
#undef FUNCTION
}

static void another_name_is_told_with_what_is_near(void **state)
{
    struct error error;
    (void)state;
    assert_null(function_find(SLICE("id36"), place, &error));
    assert_ptr_equal(error.kind, &expression_unknown);
    assert_string_equal(error.detail, "there is no function id36() (did you mean id35?)");
    assert_int_equal(error.place.column, 12);
    assert_null(function_find(SLICE("ID35"), place, &error));
    assert_null(function_find(SLICE("id3"), place, &error));
    assert_null(function_find(SLICE(""), place, &error));
}

static void words_are_between_blanks(void **state)
{
    struct slice rest = SLICE("  one two   three "), word;
    (void)state;
    assert_true(function_next_word(&rest, &word));
    assert_slice_equal(word, "one");
    assert_true(function_next_word(&rest, &word));
    assert_slice_equal(word, "two");
    assert_true(function_next_word(&rest, &word));
    assert_slice_equal(word, "three");
    assert_false(function_next_word(&rest, &word));
    rest = SLICE("");
    assert_false(function_next_word(&rest, &word));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_of_the_table_is_found),
        cmocka_unit_test(another_name_is_told_with_what_is_near),
        cmocka_unit_test(words_are_between_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
