#include "unit/routing/expression/fixture.h"

#include "routing/expression/node.h"

static void an_expression_has_at_most_4096_bytes(void **state)
{
    struct fixture *fixture = *state;
    char text[EXPRESSION_SIZE_MAX + 2];
    memset(text, ' ', sizeof text);
    memcpy(text, "flow == deposit", 15);
    text[EXPRESSION_SIZE_MAX] = '\0';
    assert_non_null(compile(fixture, text));
    text[EXPRESSION_SIZE_MAX] = ' ';
    text[EXPRESSION_SIZE_MAX + 1] = '\0';
    assert_refused(fixture, text, "penstock.yaml:7:11: syntax error: longer than 4096 bytes");
}

static void an_expression_is_utf8(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "Id == \"\xff\"",
                   "penstock.yaml:7:11: syntax error: this is not UTF-8");
    assert_non_null(compile(fixture, "Id == \"\xe5\xbc\xa0\""));
}

static void what_is_compiled_does_not_need_its_text_any_more(void **state)
{
    struct fixture *fixture = *state;
    char text[] = "Id or \"else\"";
    const struct expression *expression = compile(fixture, text);
    memset(text, 'x', sizeof text - 1);
    const struct record record = record_of(fixture);
    struct value value;
    fixture->surroundings.source = &record;
    assert_true(expression_evaluate(expression, &fixture->surroundings, &value, &fixture->error));
    assert_slice_equal(value.text, "else");
    assert_slice_equal(fixture->scope.paths[0], "Id");
}

static void a_constant_is_told_as_such(void **state)
{
    struct fixture *fixture = *state;
    const struct expression *constant = expression_constant(SLICE("CLRG"), &fixture->scope);
    assert_slice_equal(*expression_constant_text(constant), "CLRG");
    assert_int_equal(expression_type(constant).length_max, 4);
    assert_slice_equal(*expression_constant_text(compile(fixture, "\"abc\"")), "abc");
    assert_null(expression_constant_text(compile(fixture, "Id")));
    assert_null(expression_constant_text(compile(fixture, "Id or \"abc\"")));
}

static void a_condition_is_a_boolean(void **state)
{
    const struct place place = { "penstock.yaml", 7, 11, 0 };
    struct fixture *fixture = *state;
    struct error_list errors;
    error_list_init(&errors, 0);
    assert_non_null(expression_condition(SLICE("Flag"), place, &fixture->scope, &errors));
    assert_int_equal(errors.count, 0);
    assert_null(expression_condition(SLICE("Id"), place, &fixture->scope, &errors));
    assert_null(expression_condition(SLICE("Id =="), place, &fixture->scope, &errors));
    assert_int_equal(errors.count, 2);
    assert_ptr_equal(errors.at[0].kind, &expression_type_clash);
    assert_string_equal(errors.at[0].detail, "a condition is expected, this is a text");
    assert_ptr_equal(errors.at[1].kind, &expression_syntax);
    assert_int_equal(errors.at[1].place.column, 16);
    error_list_fini(&errors);
}

struct outcomes {
    char text[200];
};

static void note(void *context, struct slice constant, struct place place)
{
    struct outcomes *outcomes = context;
    size_t used = strlen(outcomes->text);
    snprintf(outcomes->text + used, sizeof outcomes->text - used, "%.*s@%u ", SLICE_ARG(constant),
             place.column);
}

static void the_constants_that_may_come_out_are_told(void **state)
{
    const struct slice keys[] = { SLICE("a"), SLICE("b") };
    const struct slice values[] = { SLICE("ACSP"), SLICE("RJCT") };
    const struct lookup_table table = { SLICE("t"), keys, values, 2 };
    static const struct {
        const char *text, *outcomes;
    } cases[] = {
        { "\"CLRG\"", "CLRG@11 " },
        { "Id or \"CASH\"", "CASH@17 " },
        { "lookup(t, Id) or Other or \"PDNG\"", "ACSP@11 RJCT@11 PDNG@37 " },
        { "one_of(Id, \"CASH SECU\")", "CASH@22 SECU@22 " },
        { "when(Id == \"A\", \"B\")", "B@27 " },
        { "when(Flag, one_of(Id, X))", "X@33 " },
        { "concat(\"A\", Id)", "" },
        { "id35(Id)", "" },
    };
    struct fixture *fixture = *state;
    fixture->scope.tables = &table;
    fixture->scope.table_count = 1;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct outcomes outcomes = { "" };
        expression_outcomes(compile(fixture, cases[i].text), note, &outcomes);
        assert_string_equal(outcomes.text, cases[i].outcomes);
    }
}

static const char *const pieces[] = {
    "Id",
    "Code",
    "Count",
    "Amount",
    "Flag",
    "Day",
    "Time",
    "IsoTime",
    "Lines.Text",
    "Raw",
    "flow",
    "amount",
    "bank",
    "now",
    "client",
    "today",
    "id35",
    "bic",
    "iban",
    "text",
    "split",
    "join",
    "concat",
    "first",
    "when",
    "lookup",
    "one_of",
    "date",
    "(",
    ")",
    "(",
    ")",
    ",",
    "[",
    "]",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "in [",
    "and",
    "or",
    "not",
    "\"a\"",
    "'",
    "\"",
    "5",
    "-1.50",
    "5 CNY",
    "0.0001",
    "withdrawal",
    "A",
    "true",
    "=",
    "x[",
    ".",
    "#",
    "\xe5",
    "\n",
    "2026-03-02",
    "999999999999999999999999",
    "Parties[Role=3].Id",
};

static size_t random_text(struct kit_random *random, char *text, size_t room)
{
    size_t used = 0;
    for (size_t count = 1 + kit_random_below(random, 14); count > 0; count--) {
        const char *piece = pieces[kit_random_below(random, sizeof pieces / sizeof pieces[0])];
        used += (size_t)snprintf(text + used, room - used, "%s%s", piece,
                                 kit_random_below(random, 5) == 0 ? "" : " ");
    }
    return used;
}

/* Whatever it is: it compiles or has an error inside its text, and what compiles
   has a value or an error. */
static void random_expressions_do_no_harm(void **state)
{
    struct fixture *fixture = *state;
    struct kit_random random = { 42 };
    const struct place place = { "penstock.yaml", 7, 11, 0 };
    unsigned compiled = 0;
    give(fixture, "Id", "a/b_c");
    give(fixture, "Amount", "12.50");
    give(fixture, "Flag", "Y");
    give(fixture, "Time", "20260302-10:00:00");
    give(fixture, "Lines.Text", "one");
    give(fixture, "Lines.Text", "two");
    fixture->facts.values[FACT_amount] = SLICE("5");
    fixture->facts.values[FACT_currency] = SLICE("CNY");
    for (int round = 0; round < 10000; round++) {
        char text[512];
        struct value value = { SLICE_NONE, NULL };
        size_t size = random_text(&random, text, sizeof text);
        const struct expression *expression =
            expression_new((struct slice){ text, size }, place, &fixture->scope, &fixture->error);
        if (expression == NULL) {
            assert_non_null(fixture->error.kind);
            assert_in_range(fixture->error.place.column, 11, 11 + size);
            continue;
        }
        compiled++;
        const struct record record = record_of(fixture);
        fixture->surroundings.source = &record;
        if (!expression_evaluate(expression, &fixture->surroundings, &value, &fixture->error))
            assert_ptr_equal(fixture->error.kind, &expression_value);
        arena_reset(&fixture->scratch);
    }
    assert_in_range(compiled, 200, 9000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(an_expression_has_at_most_4096_bytes),
        fixture_test(an_expression_is_utf8),
        fixture_test(what_is_compiled_does_not_need_its_text_any_more),
        fixture_test(a_constant_is_told_as_such),
        fixture_test(a_condition_is_a_boolean),
        fixture_test(the_constants_that_may_come_out_are_told),
        fixture_test(random_expressions_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
