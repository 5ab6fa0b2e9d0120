#include "unit/routing/expression/fixture.h"

static void first_takes_one_of_many(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Lines.Text", "one");
    give(fixture, "Lines.Text", "two");
    give(fixture, "Id", "alone");
    struct value value = value_of(fixture, "first(Lines.Text)");
    assert_slice_equal(value.text, "one");
    assert_null(value.next);
    assert_value(fixture, "first(Id)", "alone");
    assert_true(holds(fixture, "first(Lines.Text) == one"));
}

static void when_takes_the_value_only_if_the_condition_holds(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Lines.Text", "one");
    give(fixture, "Lines.Text", "two");
    give(fixture, "Code", "A");
    assert_value(fixture, "when(Code == A, \"yes\")", "yes");
    assert_absent(fixture, "when(Code == B, \"no\")");
    assert_value(fixture, "when(Code == B, \"no\") or \"else\"", "else");
    assert_absent(fixture, "when(Flag, \"absent is not true\")");
    struct value value = value_of(fixture, "when(not Flag, Lines.Text)");
    assert_slice_equal(value.text, "one");
    assert_slice_equal(value.next->text, "two");
}

static void when_looks_at_nothing_behind_a_condition_that_does_not_hold(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "not a bic");
    assert_absent(fixture, "when(Id == x, bic(Id))");
    assert_refused(fixture, "when(Id != x, bic(Id))",
                   "penstock.yaml:7:25: value refused: \"not a bic\" is not a BIC");
}

static void lookup_finds_the_value_of_a_key(void **state)
{
    const struct slice keys[] = { SLICE("1"), SLICE("2"), SLICE("22") };
    const struct slice values[] = { SLICE("ACSP"), SLICE("RJCT"), SLICE("PDNG") };
    const struct lookup_table tables[] = { { SLICE("empty"), NULL, NULL, 0 },
                                           { SLICE("statuses"), keys, values, 3 } };
    struct fixture *fixture = *state;
    fixture->scope.tables = tables;
    fixture->scope.table_count = 2;
    give(fixture, "Count", "2");
    assert_value(fixture, "lookup(statuses, Count)", "RJCT");
    assert_absent(fixture, "lookup(empty, Count)");
    give_nothing(fixture);
    give(fixture, "Count", "3");
    assert_absent(fixture, "lookup(statuses, Count)");
    assert_value(fixture, "lookup(statuses, Count) or \"NONE\"", "NONE");
}

static void one_of_lets_its_words_pass(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "CASH");
    assert_value(fixture, "one_of(Id, \"SECU CASH\")", "CASH");
    assert_absent(fixture, "one_of(Id, \"SECU CASHX CAS\")");
    assert_absent(fixture, "one_of(Id, cash)");
    assert_value(fixture, "one_of(Id, CASH)", "CASH");
    give_nothing(fixture);
    give(fixture, "Id", "SECU CASH");
    assert_absent(fixture, "one_of(Id, \"SECU CASH\")");
}

static void a_date_is_that_of_the_time_in_utc(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "IsoTime", "2026-03-02T01:00:00+08:00");
    give(fixture, "Time", "20260302-23:59:60");
    fixture->facts.values[FACT_now] = SLICE("2026-12-31T23:59:59.999Z");
    assert_value(fixture, "date(IsoTime)", "2026-03-01");
    assert_value(fixture, "date(Time)", "2026-03-02");
    assert_value(fixture, "date(now)", "2026-12-31");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(first_takes_one_of_many),
        fixture_test(when_takes_the_value_only_if_the_condition_holds),
        fixture_test(when_looks_at_nothing_behind_a_condition_that_does_not_hold),
        fixture_test(lookup_finds_the_value_of_a_key),
        fixture_test(one_of_lets_its_words_pass),
        fixture_test(a_date_is_that_of_the_time_in_utc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
