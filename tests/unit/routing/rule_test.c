#include "routing/rule.h"

#include "kit/kit.h"

#include <stdlib.h>

enum {
    DEFINITION_COUNT_MAX = 8,
};

struct fixture {
    struct rule_definition definitions[DEFINITION_COUNT_MAX];
    size_t count;
    struct rules rules;
    struct error_list errors;
    struct facts facts;
    struct arena arena;
    struct surroundings surroundings;
};

static int setup(void **state)
{
    struct fixture *fixture = memory_take(sizeof *fixture);
    *fixture = (struct fixture){ .count = 0 };
    arena_init(&fixture->arena, ARENA_UNLIMITED);
    error_list_init(&fixture->errors, 0);
    fixture->surroundings =
        (struct surroundings){ .facts = &fixture->facts, .arena = &fixture->arena };
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    rules_fini(&fixture->rules);
    error_list_fini(&fixture->errors);
    arena_fini(&fixture->arena);
    free(fixture);
    return 0;
}

/* Rule number n stands in line n, its condition in column 11. */
static struct rule_definition *add(struct fixture *fixture, const char *name, const char *when,
                                   enum rule_action action)
{
    struct rule_definition *definition = &fixture->definitions[fixture->count++];
    *definition = (struct rule_definition){
        .name = slice_of(name),
        .place = { "rules.yaml", (unsigned)fixture->count, 5, 0 },
        .when = slice_of(when),
        .when_place = { "rules.yaml", (unsigned)fixture->count, 11, 0 },
        .action = action,
    };
    if (action == RULE_ROUTE)
        definition->to = SLICE("icbc");
    if (action == RULE_REFUSE)
        definition->reason = SLICE("RC01");
    if (action == RULE_HOLD)
        definition->hold_for = SLICE("approval");
    return definition;
}

static bool load(struct fixture *fixture)
{
    return rules_init(&fixture->rules, fixture->definitions, fixture->count, &fixture->errors);
}

static void assert_decides(struct fixture *fixture, const struct rule *after, const char *expected)
{
    const struct rule *rule = rules_decide(&fixture->rules, after, &fixture->surroundings);
    if (expected == NULL)
        assert_null(rule);
    else
        assert_slice_equal(rule->name, expected);
}

static void add_usual_rules(struct fixture *fixture)
{
    add(fixture, "echo-test", "message in [D, d, C]", RULE_ECHO);
    add(fixture, "two-person", "flow == withdrawal and amount >= 5000000.00 CNY", RULE_HOLD);
    add(fixture, "to-icbc", "flow == withdrawal and bank == \"ICBKCNBJXXX\"", RULE_ROUTE);
    add(fixture, "nothing-matched", NULL, RULE_REFUSE);
}

static void the_first_match_decides(void **state)
{
    struct fixture *fixture = *state;
    struct slice *values = fixture->facts.values;
    add_usual_rules(fixture);
    assert_true(load(fixture));
    assert_decides(fixture, NULL, "nothing-matched");
    values[FACT_message] = SLICE("d");
    assert_decides(fixture, NULL, "echo-test");
    values[FACT_message] = SLICE("DY");
    values[FACT_flow] = SLICE("withdrawal");
    values[FACT_bank] = SLICE("ICBKCNBJXXX");
    values[FACT_amount] = SLICE("4999999.99");
    values[FACT_currency] = SLICE("CNY");
    assert_decides(fixture, NULL, "to-icbc");
    values[FACT_amount] = SLICE("5000000");
    assert_decides(fixture, NULL, "two-person");
    values[FACT_currency] = SLICE("USD");
    assert_decides(fixture, NULL, "to-icbc");
}

static void a_released_hold_goes_on_behind_the_rule_that_held(void **state)
{
    struct fixture *fixture = *state;
    struct slice *values = fixture->facts.values;
    add_usual_rules(fixture);
    assert_true(load(fixture));
    values[FACT_flow] = SLICE("withdrawal");
    values[FACT_bank] = SLICE("ICBKCNBJXXX");
    values[FACT_amount] = SLICE("5000000");
    values[FACT_currency] = SLICE("CNY");
    assert_decides(fixture, &fixture->rules.at[1], "to-icbc");
    assert_decides(fixture, &fixture->rules.at[2], "nothing-matched");
    assert_decides(fixture, &fixture->rules.at[3], NULL);
}

static void without_a_match_there_is_no_rule(void **state)
{
    struct fixture *fixture = *state;
    assert_true(load(fixture));
    assert_decides(fixture, NULL, NULL);
    rules_fini(&fixture->rules);
    add(fixture, "one", "flow == deposit", RULE_ECHO);
    assert_true(load(fixture));
    assert_decides(fixture, NULL, NULL);
}

static void a_rule_keeps_what_its_action_needs(void **state)
{
    char reason[] = "TM01", words[] = "after 16:00";
    struct fixture *fixture = *state;
    struct rule_definition *refuse = add(fixture, "late", "flow == deposit", RULE_REFUSE);
    refuse->reason = slice_of(reason);
    refuse->text = slice_of(words);
    struct rule_definition *route = add(fixture, "on", NULL, RULE_ROUTE);
    route->map = SLICE("withdrawal-pacs008");
    assert_true(load(fixture));
    memset(reason, 'x', 4);
    memset(words, 'x', 4);
    assert_int_equal(fixture->rules.at[0].action, RULE_REFUSE);
    assert_slice_equal(fixture->rules.at[0].reason, "TM01");
    assert_slice_equal(fixture->rules.at[0].text, "after 16:00");
    assert_slice_equal(fixture->rules.at[1].to, "icbc");
    assert_slice_equal(fixture->rules.at[1].map, "withdrawal-pacs008");
    assert_null(fixture->rules.at[1].hold_for.at);
}

static void all_wrong_conditions_are_told_with_their_place(void **state)
{
    struct fixture *fixture = *state;
    struct writer writer;
    add(fixture, "a", "flow == withdrawl", RULE_ECHO);
    add(fixture, "b", "bank", RULE_ECHO);
    add(fixture, "c", "flow == deposit", RULE_ECHO);
    add(fixture, "d", "amount >", RULE_ECHO);
    add(fixture, "e", "PayRequestID == x", RULE_ECHO);
    assert_false(load(fixture));
    assert_int_equal(fixture->rules.count, 0);
    writer_init(&writer, 0);
    error_list_write(&fixture->errors, &writer);
    assert_slice_equal(
        writer_slice(&writer),
        "rules.yaml:1:19: the field cannot have this value: flow can't be \"withdrawl\"\n"
        "rules.yaml:2:11: types do not fit: a condition is expected, this is a text\n"
        "rules.yaml:4:19: syntax error: a name, text, number or ( is expected, but the text "
        "ends\n"
        "rules.yaml:5:11: no such fact: PayRequestID\n");
    writer_fini(&writer);
}

static void a_rule_behind_one_that_always_matches_is_told(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, "first", "flow == deposit", RULE_ECHO);
    add(fixture, "all", NULL, RULE_REFUSE);
    add(fixture, "never", "flow == deposit", RULE_ECHO);
    add(fixture, "neither", NULL, RULE_ROUTE);
    assert_false(load(fixture));
    assert_int_equal(fixture->errors.count, 2);
    assert_ptr_equal(fixture->errors.at[0].kind, &rule_unreachable);
    assert_int_equal(fixture->errors.at[0].place.line, 3);
    assert_string_equal(fixture->errors.at[0].detail,
                        "never stands behind all, which always matches");
    assert_string_equal(fixture->errors.at[1].detail,
                        "neither stands behind all, which always matches");
}

static void a_hold_of_everything_shuts_nothing_off(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, "hold-all", NULL, RULE_HOLD);
    add(fixture, "behind", NULL, RULE_ROUTE);
    assert_true(load(fixture));
    assert_decides(fixture, NULL, "hold-all");
    assert_decides(fixture, &fixture->rules.at[0], "behind");
}

#define rule_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        rule_test(the_first_match_decides),
        rule_test(a_released_hold_goes_on_behind_the_rule_that_held),
        rule_test(without_a_match_there_is_no_rule),
        rule_test(a_rule_keeps_what_its_action_needs),
        rule_test(all_wrong_conditions_are_told_with_their_place),
        rule_test(a_rule_behind_one_that_always_matches_is_told),
        rule_test(a_hold_of_everything_shuts_nothing_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
