#include "small_shape.h"

static struct shape_field found(const char *path, const char *each)
{
    struct shape_field field;
    struct error error;
    if (!shape->operations->find(shape, slice_of(path), slice_of(each), PLACE_NONE, &field, &error))
        fail_msg("%s: %s", path, error.detail);
    return field;
}

static void fields_have_kind_and_limits(void **state)
{
    (void)state;
    assert_int_equal(found("Id", NULL).kind, SHAPE_TEXT);
    assert_int_equal(found("Id", NULL).length_max, 5);
    assert_int_equal(found("Dt", NULL).kind, SHAPE_DATE);
    assert_true(found("Dt", NULL).iso_form);
    assert_int_equal(found("Sts.Cd", NULL).kind, SHAPE_CODE);
    assert_int_equal(found("Amt.value", NULL).kind, SHAPE_DECIMAL);
    assert_int_equal(found("Amt.value", NULL).digits_max, 6);
    assert_int_equal(found("Amt.value", NULL).fraction_max, 2);
    assert_int_equal(found("Amt.Ccy", NULL).length_max, 3); /* its pattern says so */
}

static void a_field_repeats_when_anything_on_its_way_does(void **state)
{
    (void)state;
    assert_false(found("Id", NULL).repeats);
    assert_true(found("Note", NULL).repeats);
    assert_true(found("Grp.No", NULL).repeats);
    assert_false(found("Grp[0].No", NULL).repeats);
    assert_true(found("Grp[0].Tx.Ref", NULL).repeats);
}

static void within_each_it_does_so_only_below(void **state)
{
    (void)state;
    assert_false(found("Grp.No", "Grp").repeats);
    assert_true(found("Grp.Tx.Ref", "Grp").repeats);
    assert_false(found("Grp.Tx.Ref", "Grp.Tx").repeats);
    assert_true(found("Grp.Tx.Rsn", "Grp.Tx").repeats);
    assert_false(found("Grp.No", "Grp.Tx").repeats);
    assert_true(found("Note", "Grp.Tx").repeats);
}

static void a_field_is_required_when_all_on_its_way_is(void **state)
{
    (void)state;
    assert_true(found("Id", NULL).required);
    assert_false(found("Dt", NULL).required);
    assert_false(found("Sts.Cd", NULL).required); /* a branch of a choice */
    assert_false(found("Amt.Ccy", NULL).required);
    assert_false(found("Grp.No", NULL).required);
    assert_true(found("Grp.No", "Grp").required);
    assert_true(found("Grp.Tx.Ref", "Grp.Tx").required);
    assert_false(found("Grp.Tx.Amt.Ccy", "Grp.Tx").required);
}

static void what_is_not_there_is_an_error(void **state)
{
    struct shape_field field;
    struct error error;
    (void)state;
    assert_false(
        shape->operations->find(shape, SLICE("Idd"), SLICE_NONE, PLACE_NONE, &field, &error));
    assert_string_equal(error.detail, "Idd (did you mean Id?)");
    assert_false(
        shape->operations->find(shape, SLICE("Grp"), SLICE_NONE, PLACE_NONE, &field, &error));
    assert_false(
        shape->operations->find(shape, SLICE("Id"), SLICE("Grpp"), PLACE_NONE, &field, &error));
}

static void a_constant_meets_the_facets(void **state)
{
    struct shape_field code = found("Sts.Cd", NULL), amount = found("Amt.value", NULL);
    struct place place = { "m.yaml", 4, 9, 0 };
    struct error error;
    (void)state;
    assert_true(shape->operations->accepts(shape, &code, SLICE("DONE"), place, &error));
    assert_true(shape->operations->accepts(shape, &amount, SLICE("0.50"), place, &error));
    assert_false(shape->operations->accepts(shape, &code, SLICE("NONE"), place, &error));
    assert_ptr_equal(error.kind, &shape_bad_constant);
    assert_string_equal(error.detail, "\"NONE\", expected one of BUSY, DONE");
    assert_int_equal(error.place.line, 4);
    assert_false(shape->operations->accepts(shape, &amount, SLICE("0.505"), place, &error));
    assert_string_equal(error.detail, "\"0.505\", expected at most 2 decimals");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_have_kind_and_limits),
        cmocka_unit_test(a_field_repeats_when_anything_on_its_way_does),
        cmocka_unit_test(within_each_it_does_so_only_below),
        cmocka_unit_test(a_field_is_required_when_all_on_its_way_is),
        cmocka_unit_test(what_is_not_there_is_an_error),
        cmocka_unit_test(a_constant_meets_the_facets),
    };
    return cmocka_run_group_tests(tests, small_set_up, small_tear_down);
}
