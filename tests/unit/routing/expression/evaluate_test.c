#include "unit/routing/expression/fixture.h"

static void fact(struct fixture *fixture, enum fact which, const char *text)
{
    fixture->facts.values[which] = slice_of(text);
}

static void texts_are_equal_byte_for_byte(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "abc");
    give(fixture, "Other", "abc");
    give(fixture, "Code", "CC");
    assert_true(holds(fixture, "Id == abc"));
    assert_true(holds(fixture, "Id == \"abc\""));
    assert_true(holds(fixture, "abc == Id"));
    assert_true(holds(fixture, "Id == Other"));
    assert_false(holds(fixture, "Id == ABC"));
    assert_false(holds(fixture, "Id == abcd"));
    assert_false(holds(fixture, "Id == ab"));
    assert_false(holds(fixture, "Id != abc"));
    assert_true(holds(fixture, "Id != Code"));
    assert_true(holds(fixture, "Code in [A, CC]"));
    assert_false(holds(fixture, "Code in [A, B]"));
    assert_true(holds(fixture, "Id in [\"a b\", 5, abc]"));
}

static void numbers_are_compared_exactly(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Amount", "0100.10");
    give(fixture, "Count", "007");
    assert_true(holds(fixture, "Amount == 100.1"));
    assert_true(holds(fixture, "Amount == \"100.100\""));
    assert_true(holds(fixture, "Amount < 100.100000000000001"));
    assert_true(holds(fixture, "Amount > 100.099999999999999"));
    assert_true(holds(fixture, "100.1 <= Amount"));
    assert_false(holds(fixture, "100.1 < Amount"));
    assert_true(holds(fixture, "Amount <= 100.1"));
    assert_false(holds(fixture, "Amount <= 100.09"));
    assert_true(holds(fixture, "Amount >= 100.1"));
    assert_true(holds(fixture, "Count == 7"));
    assert_true(holds(fixture, "Count < Amount"));
    assert_true(holds(fixture, "Count > -8"));
    assert_true(holds(fixture, "Count in [6, 7.0]"));
}

static void neighbours_at_the_end_of_18_digits_differ(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Amount", "999999999999999998");
    assert_true(holds(fixture, "Amount < 999999999999999999"));
    assert_true(holds(fixture, "Amount != 999999999999999999"));
    assert_true(holds(fixture, "Amount == 999999999999999998"));
    give_nothing(fixture);
    give(fixture, "Amount", "0.3");
    assert_true(holds(fixture, "Amount == 0.30"));
    assert_true(holds(fixture, "Amount < 0.30000000000000001"));
}

static void a_number_of_more_than_18_digits_compares_with_nothing(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Amount", "1000000000000000000");
    assert_false(holds(fixture, "Amount > 5"));
    assert_false(holds(fixture, "Amount <= 5"));
    assert_false(holds(fixture, "Amount == 5"));
    assert_true(holds(fixture, "Amount != 5"));
}

static void dates_and_times_have_one_form_to_compare(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Day", "20260302");
    give(fixture, "IsoDay", "2026-03-02+08:00");
    give(fixture, "Time", "20260302-10:00:00");
    give(fixture, "IsoTime", "2026-03-02T18:00:00.0009+08:00");
    fact(fixture, FACT_today, "2026-03-03");
    assert_true(holds(fixture, "Day == IsoDay"));
    assert_true(holds(fixture, "Day < today"));
    assert_true(holds(fixture, "Day >= \"2026-03-02\""));
    assert_true(holds(fixture, "Day in [2026-03-01, 2026-03-02]"));
    assert_true(holds(fixture, "Time == IsoTime"));
    assert_true(holds(fixture, "Time > \"2026-03-02T09:59:59.999Z\""));
    assert_true(holds(fixture, "Time == \"2026-03-02T12:00:00+02:00\""));
    assert_true(holds(fixture, "date(IsoTime) == Day"));
}

static void booleans_have_one_form_to_compare(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Flag", "Y");
    give(fixture, "IsoFlag", "1");
    assert_true(holds(fixture, "Flag"));
    assert_true(holds(fixture, "Flag == IsoFlag"));
    assert_true(holds(fixture, "Flag == true"));
    assert_false(holds(fixture, "not Flag"));
    give_nothing(fixture);
    give(fixture, "Flag", "N");
    give(fixture, "IsoFlag", "false");
    assert_false(holds(fixture, "Flag or IsoFlag"));
    assert_true(holds(fixture, "Flag == false and IsoFlag != true"));
}

static void an_absent_value_makes_a_comparison_false_and_unequal_true(void **state)
{
    struct fixture *fixture = *state;
    assert_false(holds(fixture, "Id == abc"));
    assert_false(holds(fixture, "Id == Other"));
    assert_true(holds(fixture, "Id != abc"));
    assert_false(holds(fixture, "Id in [abc]"));
    assert_false(holds(fixture, "Amount < 5"));
    assert_false(holds(fixture, "Amount >= 5"));
    assert_false(holds(fixture, "Flag and IsoFlag"));
    assert_true(holds(fixture, "not Flag"));
    assert_absent(fixture, "Flag");
    assert_absent(fixture, "Id");
    assert_absent(fixture, "client");
}

static void an_amount_compares_only_in_its_currency(void **state)
{
    struct fixture *fixture = *state;
    fact(fixture, FACT_amount, "5000000");
    fact(fixture, FACT_currency, "CNY");
    assert_true(holds(fixture, "amount >= 5000000.00 CNY"));
    assert_true(holds(fixture, "5000000.00 CNY <= amount"));
    assert_false(holds(fixture, "amount > 5000000 CNY"));
    assert_false(holds(fixture, "amount >= 1.00 USD"));
    assert_false(holds(fixture, "amount < 9000000.00 USD"));
    assert_true(holds(fixture, "amount != 5000000 USD"));
    assert_true(holds(fixture, "amount in [5000000 USD, 5000000 CNY]"));
    assert_true(holds(fixture, "amount == 5000000"));
    fact(fixture, FACT_currency, NULL);
    assert_false(holds(fixture, "amount >= 1.00 CNY"));
    assert_true(holds(fixture, "amount >= 1.00"));
}

static void and_or_not_stop_at_what_decides(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "not a bic");
    assert_false(holds(fixture, "Flag and bic(Id) == x"));
    assert_true(holds(fixture, "not Flag or bic(Id) == x"));
    assert_refused(fixture, "bic(Id) in [x]",
                   "penstock.yaml:7:11: value refused: \"not a bic\" is not a BIC");
    assert_refused(fixture, "Flag or bic(Id) == x",
                   "penstock.yaml:7:19: value refused: \"not a bic\" is not a BIC");
}

static void or_takes_the_first_that_is_present(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Other", "second");
    give(fixture, "Short", "third");
    assert_value(fixture, "Id or Other or Short", "second");
    assert_value(fixture, "Id or \"none\"", "none");
    assert_value(fixture, "Count or 0", "0");
    assert_value(fixture, "\"always\" or Id", "always");
    assert_absent(fixture, "Id or client");
    fact(fixture, FACT_today, "2026-03-03");
    assert_value(fixture, "Day or today", "2026-03-03");
    give(fixture, "Day", "20260302");
    assert_value(fixture, "Day or today", "2026-03-02");
    assert_value(fixture, "IsoDay or \"2026-01-01\"", "2026-01-01");
}

static void all_occurrences_come_in_order(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Lines.Text", "one");
    give(fixture, "Lines.Text", "two");
    give(fixture, "Lines.Text", "three");
    struct value value = value_of(fixture, "Other or Lines.Text");
    assert_slice_equal(value.text, "one");
    assert_slice_equal(value.next->text, "two");
    assert_slice_equal(value.next->next->text, "three");
    assert_null(value.next->next->next);
}

static void an_absent_argument_makes_the_result_absent(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Other", "x");
    assert_absent(fixture, "id35(Id)");
    assert_absent(fixture, "concat(Other, Id)");
    assert_absent(fixture, "concat(Id, Other)");
    assert_absent(fixture, "date(Time)");
    assert_absent(fixture, "join(Lines.Text)");
    assert_absent(fixture, "when(Flag, Other)");
}

static void text_comes_in_the_charset_of_the_source(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "\xd5\xc5"); /* GB18030 */
    assert_refused(fixture, "Id",
                   "penstock.yaml:7:11: value refused: bytes that mean nothing in the sender's "
                   "charset");
    fixture->surroundings.charset = CHARSET_GB18030;
    assert_value(fixture, "Id", "\xe5\xbc\xa0");
    assert_true(holds(fixture, "Id == \"\xe5\xbc\xa0\""));
}

static void times_without_a_zone_are_in_that_of_the_source(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "IsoTime", "2026-03-02T02:00:00");
    assert_value(fixture, "IsoTime", "2026-03-02T02:00:00.000Z");
    fixture->surroundings.source_offset_minutes = 480;
    assert_value(fixture, "IsoTime", "2026-03-01T18:00:00.000Z");
    give_nothing(fixture);
    give(fixture, "IsoTime", "2026-03-02T02:00:00Z");
    give(fixture, "Time", "20260302-02:00:00");
    assert_value(fixture, "IsoTime", "2026-03-02T02:00:00.000Z");
    assert_value(fixture, "Time", "2026-03-02T02:00:00.000Z");
}

static void a_condition_with_a_refused_value_does_not_hold(void **state)
{
    struct fixture *fixture = *state;
    const struct expression *condition = compile(fixture, "not (bic(client) == ABCDEFGH)");
    fact(fixture, FACT_client, "ABCDEFGX");
    assert_true(expression_holds(condition, &fixture->surroundings));
    fact(fixture, FACT_client, "abc");
    assert_false(expression_holds(condition, &fixture->surroundings));
}

static void an_arena_that_runs_over_refuses_the_value(void **state)
{
    static const char *const texts[] = {
        "id35(Id)", "concat(Id, Id)", "join(Lines.Text)", "split(Id, 3)", "text(Other, 9)",
        "Day",      "Time",           "Lines.Text",       "iban(Short)",
    };
    struct fixture *fixture = *state;
    give(fixture, "Id", "an id that is longer than thirty-five characters");
    give(fixture, "Other", "a\tb");
    give(fixture, "Lines.Text", "one");
    give(fixture, "Lines.Text", "two");
    give(fixture, "Day", "20260302");
    give(fixture, "Time", "20260302-10:00:00");
    give(fixture, "Short", "GB82 WEST 1234 5698 7654 32");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct expression *expression = compile(fixture, texts[i]);
        const struct record record = record_of(fixture);
        struct arena tiny;
        struct value value;
        arena_init(&tiny, 1);
        const struct surroundings surroundings = { .source = &record, .arena = &tiny };
        assert_false(expression_evaluate(expression, &surroundings, &value, &fixture->error));
        assert_string_equal(fixture->error.detail, "the message needs more memory than it may");
        assert_false(expression_holds(expression, &surroundings));
        arena_fini(&tiny);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(texts_are_equal_byte_for_byte),
        fixture_test(numbers_are_compared_exactly),
        fixture_test(neighbours_at_the_end_of_18_digits_differ),
        fixture_test(a_number_of_more_than_18_digits_compares_with_nothing),
        fixture_test(dates_and_times_have_one_form_to_compare),
        fixture_test(booleans_have_one_form_to_compare),
        fixture_test(an_absent_value_makes_a_comparison_false_and_unequal_true),
        fixture_test(an_amount_compares_only_in_its_currency),
        fixture_test(and_or_not_stop_at_what_decides),
        fixture_test(or_takes_the_first_that_is_present),
        fixture_test(all_occurrences_come_in_order),
        fixture_test(an_absent_argument_makes_the_result_absent),
        fixture_test(text_comes_in_the_charset_of_the_source),
        fixture_test(times_without_a_zone_are_in_that_of_the_source),
        fixture_test(a_condition_with_a_refused_value_does_not_hold),
        fixture_test(an_arena_that_runs_over_refuses_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
