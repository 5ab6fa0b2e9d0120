#include "unit/routing/expression/fixture.h"

static struct expression_type type_of(struct fixture *fixture, const char *text)
{
    const struct expression *expression = compile(fixture, text);
    if (expression == NULL)
        fail_msg("%s: %s", text, error_text(fixture));
    return expression_type(expression);
}

static void assert_type(struct fixture *fixture, const char *text, enum shape_kind kind,
                        size_t length_max, bool optional)
{
    struct expression_type type = type_of(fixture, text);
    assert_int_equal(type.kind, kind);
    assert_int_equal(type.length_max, length_max);
    assert_int_equal(type.optional, optional);
    assert_false(type.repeats);
}

static void a_name_is_a_fact_or_a_field(void **state)
{
    struct fixture *fixture = *state;
    assert_type(fixture, "bank", SHAPE_TEXT, 11, true);
    assert_type(fixture, "now", SHAPE_TIMESTAMP, 0, false);
    assert_type(fixture, "Id", SHAPE_TEXT, 0, true);
    assert_type(fixture, "Short", SHAPE_TEXT, 5, false);
    assert_type(fixture, "Parties[Role=3].Id", SHAPE_TEXT, 0, true);
    assert_true(type_of(fixture, "Lines.Text").repeats);
}

static void a_path_has_one_slot_however_often_it_is_named(void **state)
{
    struct fixture *fixture = *state;
    compile(fixture, "Other == Id or Id == Other");
    compile(fixture, "id35(Id or client)");
    assert_int_equal(fixture->scope.path_count, 2);
    assert_slice_equal(fixture->scope.paths[0], "Other");
    assert_slice_equal(fixture->scope.paths[1], "Id");
}

static void what_repeats_in_each_does_not_repeat_within_it(void **state)
{
    struct fixture *fixture = *state;
    fixture->scope.each = SLICE("Lines");
    assert_type(fixture, "Lines.Text", SHAPE_TEXT, 70, true);
}

static void conditions_are_never_absent(void **state)
{
    static const char *const conditions[] = {
        "Id == x", "Id in [a, b]", "not Flag", "Flag and IsoFlag", "Flag or IsoFlag",
    };
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++)
        assert_type(*state, conditions[i], SHAPE_BOOLEAN, 0, false);
}

static void or_is_absent_only_when_all_are(void **state)
{
    struct fixture *fixture = *state;
    assert_type(fixture, "Id or Other", SHAPE_TEXT, 0, true);
    assert_type(fixture, "Other or Short", SHAPE_TEXT, 20, false);
    assert_type(fixture, "Code or \"abc\"", SHAPE_CODE, 3, false);
    assert_type(fixture, "Code or Short", SHAPE_TEXT, 5, false);
    assert_type(fixture, "Count or Amount", SHAPE_DECIMAL, 0, false);
    assert_type(fixture, "Count or 0", SHAPE_INTEGER, 0, false);
    assert_type(fixture, "Day or today", SHAPE_DATE, 0, false);
    assert_true(type_of(fixture, "Other or Lines.Text").repeats);
}

static void results_are_as_long_as_their_function_makes_them(void **state)
{
    const char *keys[] = { "a", "b" };
    const struct slice key_slices[] = { slice_of(keys[0]), slice_of(keys[1]) };
    const struct slice values[] = { SLICE("ABCD"), SLICE("AB") };
    const struct lookup_table tables[] = { { SLICE("other"), NULL, NULL, 0 },
                                           { SLICE("codes"), key_slices, values, 2 } };
    struct fixture *fixture = *state;
    fixture->scope.tables = tables;
    fixture->scope.table_count = 2;
    assert_type(fixture, "id35(Short)", SHAPE_TEXT, 35, false);
    assert_type(fixture, "id35(Id)", SHAPE_TEXT, 35, true);
    assert_type(fixture, "bic(Short)", SHAPE_TEXT, 11, false);
    assert_type(fixture, "iban(Short)", SHAPE_TEXT, 34, true);
    assert_type(fixture, "account(Short)", SHAPE_TEXT, 34, true);
    assert_type(fixture, "text(Short, 3)", SHAPE_TEXT, 3, false);
    assert_type(fixture, "join(Lines.Text)", SHAPE_TEXT, 0, true);
    assert_type(fixture, "concat(Short, \"...\")", SHAPE_TEXT, 8, false);
    assert_type(fixture, "concat(Id, Short)", SHAPE_TEXT, 0, true);
    assert_type(fixture, "first(Lines.Text)", SHAPE_TEXT, 70, true);
    assert_type(fixture, "when(Flag, Day)", SHAPE_DATE, 0, true);
    assert_type(fixture, "lookup(codes, Short)", SHAPE_TEXT, 4, true);
    assert_type(fixture, "lookup(\"codes\", Short) or \"12345\"", SHAPE_TEXT, 5, false);
    assert_type(fixture, "one_of(Short, \"CASH  SECUR A\")", SHAPE_TEXT, 5, true);
    assert_type(fixture, "date(now)", SHAPE_DATE, 0, false);
    assert_true(type_of(fixture, "split(Short, 2)").repeats);
    assert_int_equal(type_of(fixture, "split(Short, 2)").length_max, 2);
    assert_true(type_of(fixture, "when(Flag, Lines.Text)").repeats);
    assert_refused(fixture, "lookup(codez, Id)",
                   "penstock.yaml:7:18: unknown name: the map has no table codez");
}

static void an_unknown_name_is_told_with_what_is_near(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "clint == x",
                   "penstock.yaml:7:11: no such fact: clint (did you mean client?)");
    assert_refused(fixture, "Clint in [x]",
                   "penstock.yaml:7:11: no such field: Source has no Clint");
    assert_refused(fixture, "id35(Nope) == x",
                   "penstock.yaml:7:16: no such field: Source has no Nope");
    assert_refused(fixture, "one_of(Id, A.B)",
                   "penstock.yaml:7:22: unknown name: A.B (a text is written in quotes)");
    assert_refused(fixture, "not (Flag and Nope)",
                   "penstock.yaml:7:25: no such field: Source has no Nope");
    assert_refused(fixture, "status.cod",
                   "penstock.yaml:7:11: no such fact: status.cod (did you mean status.code?)");
    assert_refused(fixture, "concatt(Id, Id)",
                   "penstock.yaml:7:11: unknown name: there is no function concatt() (did you "
                   "mean concat?)");
    fixture->scope.source = NULL;
    assert_refused(fixture, "Id == x", "penstock.yaml:7:11: no such fact: Id");
}

static void a_path_is_not_taken_for_a_bare_word(void **state)
{
    struct fixture *fixture = *state;
    assert_non_null(compile(fixture, "message == pacs.008.001.08"));
    assert_refused(fixture, "client == link.bnk",
                   "penstock.yaml:7:21: unknown name: link.bnk (a text is written in quotes)");
    assert_refused(fixture, "Id == Parties[Role=4].Id",
                   "penstock.yaml:7:17: unknown name: Parties[Role=4].Id (a text is written in "
                   "quotes)");
    assert_refused(fixture, "Id in [A.B]",
                   "penstock.yaml:7:18: unknown name: A.B (a text is written in quotes)");
    assert_non_null(compile(fixture, "client == \"link.bnk\""));
}

static void two_constants_are_not_compared(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "1 == 1",
                   "penstock.yaml:7:11: types do not fit: 1 is compared with another constant");
    assert_refused(fixture, "\"a\" in [a]",
                   "penstock.yaml:7:11: types do not fit: a is a constant, and so is the list");
    assert_refused(fixture, "5 == abc", "penstock.yaml:7:16: no such fact: abc");
    assert_refused(fixture, "abc == def", "penstock.yaml:7:11: no such fact: abc");
}

static void a_constant_must_be_a_value_of_what_it_meets(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "flow == withdrawl",
                   "penstock.yaml:7:19: the field cannot have this value: flow can't be "
                   "\"withdrawl\"");
    assert_refused(fixture, "Code in [A, D]",
                   "penstock.yaml:7:23: the field cannot have this value: Code can't be D");
    assert_refused(fixture, "Action == 2",
                   "penstock.yaml:7:21: the field cannot have this value: Action can't be 2");
    assert_non_null(compile(fixture, "Action < 2"));
    assert_refused(fixture, "Short != toolong",
                   "penstock.yaml:7:20: the field cannot have this value: Short can't be toolong");
    assert_refused(fixture, "bank == \"ICBKCNBJXXXX\"",
                   "penstock.yaml:7:19: the field cannot have this value: bank can't be "
                   "\"ICBKCNBJXXXX\"");
    assert_refused(fixture, "Count == abc",
                   "penstock.yaml:7:20: types do not fit: abc is not a number");
    assert_refused(fixture, "Amount > 1e5",
                   "penstock.yaml:7:20: types do not fit: 1e5 is not a number");
    assert_refused(fixture, "Day == 20260302",
                   "penstock.yaml:7:18: types do not fit: \"20260302\" is not a date");
    assert_refused(fixture, "Day < \"2026-02-29\"",
                   "penstock.yaml:7:17: types do not fit: \"2026-02-29\" is not a date");
    assert_refused(fixture, "Time >= noon",
                   "penstock.yaml:7:19: types do not fit: \"noon\" is not a time");
    assert_refused(fixture, "Flag == yes",
                   "penstock.yaml:7:19: types do not fit: \"yes\" is not a boolean");
}

static void kinds_that_do_not_compare_clash(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "Id == Amount",
                   "penstock.yaml:7:17: types do not fit: Amount is a number, but Id is a text");
    assert_refused(fixture, "Day == Time",
                   "penstock.yaml:7:18: types do not fit: Time is a time, but Day is a date "
                   "(date() takes the date of a time)");
    assert_refused(fixture, "Raw == abc",
                   "penstock.yaml:7:11: types do not fit: Raw is data and can't be compared");
    assert_non_null(compile(fixture, "Id == Code"));
    assert_non_null(compile(fixture, "Count <= Amount"));
    assert_non_null(compile(fixture, "date(Time) == IsoDay"));
}

static void texts_codes_and_booleans_have_no_order(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "Id < Other",
                   "penstock.yaml:7:14: types do not fit: Id is a text and has no order: only == "
                   "and != compare it");
    assert_refused(fixture, "Code >= A",
                   "penstock.yaml:7:16: types do not fit: Code is a code and has no order: only "
                   "== and != compare it");
    assert_refused(fixture, "Flag > true",
                   "penstock.yaml:7:16: types do not fit: Flag is a boolean and has no order: "
                   "only == and != compare it");
}

static void what_may_occur_more_than_once_has_no_one_value(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "Lines.Text == x",
                   "penstock.yaml:7:11: types do not fit: Lines.Text may occur more than once: "
                   "first() takes one");
    assert_refused(fixture, "Id == Lines.Text",
                   "penstock.yaml:7:17: types do not fit: Lines.Text may occur more than once: "
                   "first() takes one");
    assert_refused(fixture, "text(Lines.Text, 5)",
                   "penstock.yaml:7:16: types do not fit: Lines.Text may occur more than once: "
                   "first() takes one, join() all");
}

static void an_amount_with_a_currency_meets_only_the_fact_amount(void **state)
{
    struct fixture *fixture = *state;
    assert_non_null(compile(fixture, "amount >= 5000000.00 CNY"));
    assert_non_null(compile(fixture, "5 JPY < amount"));
    assert_non_null(compile(fixture, "amount in [1 CNY, 2.500 KWD]"));
    assert_refused(fixture, "Amount > 5 CNY",
                   "penstock.yaml:7:20: types do not fit: 5 with a currency can only be compared "
                   "with the fact amount");
    assert_refused(fixture, "Id or 5 CNY",
                   "penstock.yaml:7:17: types do not fit: 5 with a currency can only be compared "
                   "with the fact amount");
    assert_refused(fixture, "amount > 5 XQX",
                   "penstock.yaml:7:20: types do not fit: there is no currency XQX");
    assert_refused(fixture, "amount > 5.001 CNY",
                   "penstock.yaml:7:20: types do not fit: CNY has 2 decimals, not 3");
    assert_refused(fixture, "amount > 0.5 JPY",
                   "penstock.yaml:7:20: types do not fit: JPY has 0 decimals, not 1");
}

static void conditions_join_conditions(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "Flag and Id",
                   "penstock.yaml:7:20: types do not fit: and takes conditions, Id is a text");
    assert_refused(fixture, "not Amount",
                   "penstock.yaml:7:15: types do not fit: not takes conditions, Amount is a "
                   "number");
    assert_refused(fixture, "Flag or Id",
                   "penstock.yaml:7:19: types do not fit: or takes conditions, Id is a text");
    assert_refused(fixture, "Id or Flag",
                   "penstock.yaml:7:17: types do not fit: Flag is a boolean, but Id is a text");
    assert_refused(fixture, "Count or \"abc\"",
                   "penstock.yaml:7:20: types do not fit: abc is not a number");
}

static void functions_take_what_their_letters_say(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "id35()",
                   "penstock.yaml:7:16: syntax error: a name, text, number or ( is expected, "
                   "not )");
    assert_refused(fixture, "id35(Id, Id)",
                   "penstock.yaml:7:11: types do not fit: id35() takes 1 argument");
    assert_refused(fixture, "concat(Id)",
                   "penstock.yaml:7:11: types do not fit: concat() takes 2 arguments");
    assert_refused(fixture, "id35(Day)",
                   "penstock.yaml:7:16: types do not fit: id35() wants a text here, Day is a "
                   "date");
    assert_refused(fixture, "date(Day)",
                   "penstock.yaml:7:16: types do not fit: date() wants a time here, Day is a "
                   "date");
    assert_refused(fixture, "when(Id, Id)",
                   "penstock.yaml:7:16: types do not fit: when() wants a condition here, Id is a "
                   "text");
    assert_refused(fixture, "text(Id, Count)",
                   "penstock.yaml:7:20: types do not fit: text() wants a whole number above 0 "
                   "here, not Count");
    assert_refused(fixture, "text(Id, 0)",
                   "penstock.yaml:7:20: types do not fit: text() wants a whole number above 0 "
                   "here, not 0");
    assert_refused(fixture, "split(Id, 2.5)",
                   "penstock.yaml:7:21: types do not fit: split() wants a whole number above 0 "
                   "here, not 2.5");
    assert_refused(fixture, "one_of(Id, id35(Id))",
                   "penstock.yaml:7:22: types do not fit: one_of() wants a constant here, not "
                   "id35");
    assert_refused(fixture, "join(Nope)", "penstock.yaml:7:16: no such field: Source has no Nope");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_name_is_a_fact_or_a_field),
        fixture_test(a_path_has_one_slot_however_often_it_is_named),
        fixture_test(what_repeats_in_each_does_not_repeat_within_it),
        fixture_test(conditions_are_never_absent),
        fixture_test(or_is_absent_only_when_all_are),
        fixture_test(results_are_as_long_as_their_function_makes_them),
        fixture_test(an_unknown_name_is_told_with_what_is_near),
        fixture_test(a_path_is_not_taken_for_a_bare_word),
        fixture_test(two_constants_are_not_compared),
        fixture_test(a_constant_must_be_a_value_of_what_it_meets),
        fixture_test(kinds_that_do_not_compare_clash),
        fixture_test(texts_codes_and_booleans_have_no_order),
        fixture_test(what_may_occur_more_than_once_has_no_one_value),
        fixture_test(an_amount_with_a_currency_meets_only_the_fact_amount),
        fixture_test(conditions_join_conditions),
        fixture_test(functions_take_what_their_letters_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
