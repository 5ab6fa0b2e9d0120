#include "routing/facts.h"

#include "kit/kit.h"
#include "routing/custody/instruction.h"

static const struct place place = { "map.yaml", 5, 9, 0 };

static void every_fact_is_found_by_its_name(void **state)
{
    struct error error;
    (void)state;
    for (size_t i = 0; i < FACT_COUNT; i++) {
        enum fact fact;
        assert_true(fact_find(slice_of(fact_name((enum fact)i)), place, &fact, &error));
        assert_int_equal(fact, i);
        assert_true(fact_field(fact).iso_form);
    }
}

static void another_name_is_told_with_what_is_near(void **state)
{
    enum fact fact;
    struct error error;
    (void)state;
    assert_false(fact_find(SLICE("instruction.ammount"), place, &fact, &error));
    assert_ptr_equal(error.kind, &fact_unknown);
    assert_int_equal(error.place.line, 5);
    assert_string_equal(error.detail, "instruction.ammount (did you mean instruction.amount?)");
    assert_false(fact_find(SLICE(""), place, &fact, &error));
    assert_false(fact_find(SLICE("Client"), place, &fact, &error));
}

static void what_is_always_there_is_required(void **state)
{
    (void)state;
    assert_true(fact_field(FACT_now).required);
    assert_true(fact_field(FACT_message_id).required);
    assert_false(fact_field(FACT_client).required);
    assert_false(fact_field(FACT_report_reject_text).required);
}

static void a_fact_accepts_values_of_its_kind_only(void **state)
{
    static const struct {
        enum fact fact;
        const char *text;
        bool accepted;
    } cases[] = {
        { FACT_bank, "ICBKCNBJXXX", true },
        { FACT_bank, "ICBKCNBJXXXX", false },
        { FACT_client, "\xe5\xbc\xa0", true },
        { FACT_client, "\xe5\xbc", false },
        { FACT_client, "", false },
        { FACT_flow, "deposit", true },
        { FACT_flow, "deposits", false },
        { FACT_amount, "12.50", true },
        { FACT_amount, "1e5", false },
        { FACT_report_trans_type, "2", true },
        { FACT_report_trans_type, "2.5", false },
        { FACT_report_trans_type, "two", false },
        { FACT_link_legal_person, "true", true },
        { FACT_link_legal_person, "Y", false },
        { FACT_today, "2026-03-02", true },
        { FACT_today, "20260302", false },
        { FACT_now, "2026-03-02T10:00:00Z", true },
        { FACT_now, "2026-03-02T10:00:00", false },
        { FACT_now, "2026-03-02", false },
    };
    struct error error;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slice text = guarded(slice_of(cases[i].text));
        if (fact_accepts(cases[i].fact, text, place, &error) != cases[i].accepted)
            fail_msg("%s and \"%s\"", fact_name(cases[i].fact), cases[i].text);
        if (!cases[i].accepted)
            assert_ptr_equal(error.kind, &shape_bad_constant);
    }
}

static void the_flows_are_those_of_custody(void **state)
{
    static const char *const names[] = {
#define FLOW(name) name,
        FACT_FLOWS(FLOW)
#undef FLOW
    };
    (void)state;
    assert_int_equal(sizeof names / sizeof names[0], FLOW_COUNT);
    for (size_t i = 0; i < FLOW_COUNT; i++)
        assert_string_equal(names[i], flow_name((enum flow)i));
}

static void a_group_is_a_shape_with_the_names_behind_the_point(void **state)
{
    const struct shape *status = facts_shape(SLICE("status"));
    struct shape_field field;
    struct error error;
    (void)state;
    assert_true(facts_is_shape(status));
    assert_string_equal(status->name, "status");
    assert_true(status->operations->find(status, SLICE("time"), SLICE_NONE, place, &field, &error));
    assert_int_equal(field.kind, SHAPE_TIMESTAMP);
    assert_false(
        status->operations->find(status, SLICE("reasn"), SLICE_NONE, place, &field, &error));
    assert_ptr_equal(error.kind, &fact_unknown);
    assert_string_equal(error.detail, "status.reasn (did you mean reason?)");
    assert_false(
        status->operations->find(status, SLICE("status.time"), SLICE_NONE, place, &field, &error));
    assert_null(facts_shape(SLICE("link")));
    assert_null(facts_shape(SLICE("stat")));
    assert_null(facts_shape(SLICE("")));
}

static void a_group_accepts_what_its_facts_accept(void **state)
{
    const struct shape *instruction = facts_shape(SLICE("instruction"));
    const struct shape_operations *operations = instruction->operations;
    struct shape_field field;
    struct error error;
    (void)state;
    assert_true(operations->find(instruction, SLICE("flow"), SLICE_NONE, place, &field, &error));
    assert_true(operations->accepts(instruction, &field, SLICE("deposit"), place, &error));
    assert_false(operations->accepts(instruction, &field, SLICE("x"), place, &error));
    assert_string_equal(error.detail, "instruction.flow can't be \"x\"");
}

static void a_composer_of_unknown_facts_is_refused_with_all_of_them(void **state)
{
    const struct shape *answer = facts_shape(SLICE("answer"));
    const struct slice paths[] = { SLICE("status"), SLICE("x"), SLICE("y") };
    const struct place places[] = { place, place, place };
    const bool optional[] = { true, true, true };
    struct error_list errors;
    (void)state;
    error_list_init(&errors, 0);
    assert_null(answer->operations->composer(answer, paths, places, optional, 3, place, &errors));
    assert_int_equal(errors.count, 2);
    error_list_fini(&errors);
}

static void taken_facts_are_set_or_absent_and_others_stay(void **state)
{
    const struct shape *answer = facts_shape(SLICE("answer"));
    const struct slice paths[] = { SLICE("text"), SLICE("status") };
    const struct place places[] = { place, place };
    const bool optional[] = { true, true };
    struct facts facts = { .values = { [FACT_answer_text] = SLICE("old"),
                                       [FACT_answer_reason] = SLICE("103"),
                                       [FACT_status_text] = SLICE("other group") } };
    struct error_list errors;
    struct arena arena;
    (void)state;
    error_list_init(&errors, 0);
    arena_init(&arena, ARENA_UNLIMITED);
    struct shape_composer *composer =
        answer->operations->composer(answer, paths, places, optional, 2, place, &errors);
    struct record record = record_take(&arena, 2);
    record_add(&record, 1, SLICE("2"), &arena);
    facts_take(&facts, composer, &record);
    assert_null(facts.values[FACT_answer_text].at);
    assert_slice_equal(facts.values[FACT_answer_status], "2");
    assert_slice_equal(facts.values[FACT_answer_reason], "103");
    assert_slice_equal(facts.values[FACT_status_text], "other group");
    answer->operations->composer_free(composer);
    arena_fini(&arena);
    error_list_fini(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_is_found_by_its_name),
        cmocka_unit_test(another_name_is_told_with_what_is_near),
        cmocka_unit_test(what_is_always_there_is_required),
        cmocka_unit_test(a_fact_accepts_values_of_its_kind_only),
        cmocka_unit_test(the_flows_are_those_of_custody),
        cmocka_unit_test(a_group_is_a_shape_with_the_names_behind_the_point),
        cmocka_unit_test(a_group_accepts_what_its_facts_accept),
        cmocka_unit_test(a_composer_of_unknown_facts_is_refused_with_all_of_them),
        cmocka_unit_test(taken_facts_are_set_or_absent_and_others_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
