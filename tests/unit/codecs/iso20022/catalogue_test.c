#include "small.h"

static void a_schema_is_found_by_its_message_id(void **state)
{
    struct iso_catalogue *catalogue = small_catalogue();
    (void)state;
    const struct iso_schema *schema = iso_catalogue_find(catalogue, SLICE(SMALL_ID));
    assert_non_null(schema);
    assert_slice_equal(iso_schema_id(schema), SMALL_ID);
    assert_slice_equal(iso_schema_namespace(schema), SMALL_NAMESPACE);
    assert_null(iso_catalogue_find(catalogue, SLICE("smal.001.001.02")));
    assert_null(iso_catalogue_find(catalogue, SLICE("")));
    assert_int_equal(iso_catalogue_count(catalogue), 2);
    assert_ptr_equal(iso_catalogue_at(catalogue, 0), schema);
    iso_catalogue_free(catalogue);
}

static void a_header_has_no_message_element(void **state)
{
    struct iso_catalogue *catalogue = small_catalogue();
    (void)state;
    assert_slice_equal(iso_schema_message_element(iso_catalogue_at(catalogue, 0)), "Smal");
    assert_null(iso_schema_message_element(iso_catalogue_at(catalogue, 1)).at);
    iso_catalogue_free(catalogue);
}

static void a_second_schema_of_one_message_is_refused(void **state)
{
    struct iso_catalogue *catalogue = small_catalogue();
    struct error_list errors;
    (void)state;
    error_list_init(&errors, 0);
    assert_false(iso_catalogue_add(catalogue, slice_of(small_xsd), "again.xsd", &errors));
    assert_int_equal(errors.count, 1);
    assert_ptr_equal(errors.at[0].kind, &iso_xsd_repeated);
    assert_int_equal(iso_catalogue_count(catalogue), 2);
    error_list_fini(&errors);
    iso_catalogue_free(catalogue);
}

static void a_shape_bears_the_message_id(void **state)
{
    struct iso_catalogue *catalogue = small_catalogue();
    (void)state;
    assert_string_equal(iso_schema_shape(iso_catalogue_at(catalogue, 0))->name, SMALL_ID);
    iso_catalogue_free(catalogue);
}

static void types_that_are_shared_are_counted_once(void **state)
{
    struct iso_catalogue *catalogue = small_catalogue();
    (void)state;
    size_t one = iso_schema_type_count(iso_catalogue_at(catalogue, 0));
    size_t other = iso_schema_type_count(iso_catalogue_at(catalogue, 1));
    assert_int_equal(other, 6); /* all but AppHdr are shared */
    assert_int_equal(iso_catalogue_type_count(catalogue), one + 1);
    iso_catalogue_free(catalogue);
}

static void a_schema_tells_its_source_and_size(void **state)
{
    struct iso_catalogue *catalogue = small_catalogue();
    (void)state;
    const struct iso_schema *one = iso_catalogue_at(catalogue, 0);
    const struct iso_schema *other = iso_catalogue_at(catalogue, 1);
    assert_string_equal(iso_schema_source(one), "small.xsd");
    assert_string_equal(iso_schema_source(other), "head.xsd");
    assert_true(iso_schema_size(other) > 0);
    assert_true(iso_schema_size(one) > iso_schema_size(other));
    assert_true(iso_catalogue_size(catalogue) > iso_schema_size(one) + iso_schema_size(other));
    iso_catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schema_is_found_by_its_message_id),
        cmocka_unit_test(a_header_has_no_message_element),
        cmocka_unit_test(a_second_schema_of_one_message_is_refused),
        cmocka_unit_test(types_that_are_shared_are_counted_once),
        cmocka_unit_test(a_schema_tells_its_source_and_size),
        cmocka_unit_test(a_shape_bears_the_message_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
