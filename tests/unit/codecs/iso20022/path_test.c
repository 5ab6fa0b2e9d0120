#include "small.h"

#include "codecs/iso20022/path.h"

static struct iso_catalogue *catalogue;
static const struct iso_schema *schema;

static int set_up(void **state)
{
    (void)state;
    catalogue = small_catalogue();
    schema = iso_catalogue_find(catalogue, SLICE(SMALL_ID));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    return 0;
}

static struct iso_path resolved(const char *text)
{
    struct iso_path path;
    struct error error;
    if (!iso_path_resolve(schema, slice_of(text), PLACE_NONE, &path, &error))
        fail_msg("%s: %s", text, error.detail);
    return path;
}

static void a_path_leads_down_from_the_message(void **state)
{
    (void)state;
    struct iso_path path = resolved("Grp.Tx.Ref");
    assert_int_equal(path.count, 3);
    assert_slice_equal(path.steps[1].element->name, "Tx");
    assert_int_equal(path.steps[1].row, 1);
    assert_int_equal(path.steps[1].instance, NAMES_NONE);
    assert_int_equal(path.end, ISO_PATH_ELEMENT);
}

static void the_message_element_may_stand_in_front(void **state)
{
    (void)state;
    assert_int_equal(resolved("Smal.Grp.No").count, 2);
    assert_int_equal(resolved("Smal.Id").count, 1);
}

static void brackets_hold_the_number_of_the_instance(void **state)
{
    (void)state;
    struct iso_path path = resolved("Grp[0].Tx[12].Rsn[3]");
    assert_int_equal(path.steps[0].instance, 0);
    assert_int_equal(path.steps[1].instance, 12);
    assert_int_equal(path.steps[2].instance, 3);
}

static void an_amount_has_a_value_and_an_attribute(void **state)
{
    (void)state;
    assert_int_equal(resolved("Amt.value").end, ISO_PATH_VALUE);
    assert_int_equal(resolved("Amt.Ccy").end, ISO_PATH_ATTRIBUTE);
    assert_int_equal(resolved("Amt").end, ISO_PATH_ELEMENT);
}

static void assert_wrong(const char *text, const struct error_kind *kind, const char *detail)
{
    struct iso_path path;
    struct error error;
    struct place place = { "m.yaml", 3, 7, 0 };
    assert_false(iso_path_resolve(schema, guarded(slice_of(text)), place, &path, &error));
    assert_ptr_equal(error.kind, kind);
    assert_string_equal(error.detail, detail);
    assert_int_equal(error.place.column, 7);
}

static void an_unknown_name_suggests_one_that_is_near(void **state)
{
    (void)state;
    assert_wrong("Grp.Txx", &shape_unknown_path, "Grp.Txx (did you mean Tx?)");
    assert_wrong("Konto.No", &shape_unknown_path, "Konto");
    assert_wrong("Id.x", &shape_unknown_path, "Id.x");
    assert_wrong("Amt.ccy", &shape_unknown_path, "Amt.ccy");
}

static void what_is_no_path_is_refused(void **state)
{
    (void)state;
    assert_wrong("", &shape_bad_path, ": a name is missing");
    assert_wrong(".Id", &shape_bad_path, ": a name is missing");
    assert_wrong("Grp.", &shape_bad_path, "Grp: a name is missing behind the point");
    assert_wrong("Grp..No", &shape_bad_path, "Grp.: a name is missing");
    assert_wrong("Smal.", &shape_bad_path, "Smal.: a name is missing");
    assert_wrong("Grp[", &shape_bad_path, "Grp: a bracket is not closed");
    assert_wrong("Grp[]", &shape_bad_path, "Grp: in brackets stands a number, as [0]");
    assert_wrong("Grp[No=1].Tx", &shape_bad_path, "Grp: in brackets stands a number, as [0]");
    assert_wrong("Grp[0]Tx", &shape_bad_path, "Grp: behind a bracket stands a point");
    assert_wrong("Note[3]", &shape_bad_path, "Note: it does not occur that often");
    assert_wrong("Id[1]", &shape_bad_path, "Id: it does not occur that often");
    assert_wrong("Amt.Ccy.x", &shape_bad_path, "Amt.Ccy: nothing is below it");
    assert_wrong("Free.x", &shape_bad_path, "Free.x: what is in it is free XML");
}

static void assert_no_value(const char *text, const char *detail)
{
    struct iso_path path = resolved(text);
    struct error error;
    assert_null(iso_path_facets(&path, slice_of(text), PLACE_NONE, &error));
    assert_ptr_equal(error.kind, &shape_bad_path);
    assert_string_equal(error.detail, detail);
}

static void only_what_has_text_has_a_value(void **state)
{
    struct error error;
    (void)state;
    struct iso_path path = resolved("Amt.Ccy");
    const struct iso_facets *facets = iso_path_facets(&path, SLICE("Amt.Ccy"), PLACE_NONE, &error);
    assert_non_null(facets->pattern);
    path = resolved("Amt.value");
    assert_int_equal(iso_path_facets(&path, SLICE("Amt.value"), PLACE_NONE, &error)->base,
                     ISO_DECIMAL);
    assert_no_value("Amt", "Amt: say .value or its attribute");
    assert_no_value("Grp.Tx", "Grp.Tx: it has no text, only elements");
    assert_no_value("Free", "Free: what is in it is free XML");
}

/* Of a message element with this name, which has an Id and itself again. */
static size_t steps_of(const char *name, const char *path_text)
{
    struct iso_catalogue *own = iso_catalogue_new();
    struct error_list errors;
    struct writer xsd;
    struct iso_path path;
    struct error error;
    error_list_init(&errors, 0);
    writer_init(&xsd, 0);
    writer_format(&xsd,
                  XSD_OPEN("smal.002.001.01", "Document") XSD_TEXTS
                  "<xs:complexType name='Document'><xs:sequence><xs:element name='%s' type='M'/>"
                  "</xs:sequence></xs:complexType>"
                  "<xs:complexType name='M'><xs:sequence><xs:element name='Id' type='Text5'/>"
                  "<xs:element name='%s' type='N'/></xs:sequence></xs:complexType>"
                  "<xs:complexType name='N'><xs:sequence><xs:element name='No' type='Text5'/>"
                  "</xs:sequence></xs:complexType>" XSD_CLOSE,
                  name, name);
    assert_true(iso_catalogue_add(own, writer_slice(&xsd), "x.xsd", &errors));
    bool fine =
        iso_path_resolve(iso_catalogue_at(own, 0), slice_of(path_text), PLACE_NONE, &path, &error);
    iso_catalogue_free(own);
    writer_fini(&xsd);
    return fine ? path.count : 0;
}

static void message_elements_may_have_points_in_their_names(void **state)
{
    (void)state;
    assert_int_equal(steps_of("smal.002", "smal.002.Id"), 1);
    assert_int_equal(steps_of("smal.002", "Id"), 1);
}

static void a_message_may_have_an_element_of_its_own_name(void **state)
{
    (void)state;
    assert_int_equal(steps_of("Smal", "Smal.Id"), 1);
    assert_int_equal(steps_of("Smal", "Smal.No"), 2);
    assert_int_equal(steps_of("Smal", "Smal.Smal.No"), 2);
    assert_int_equal(steps_of("Smal", "Smal.Smal.Id"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_leads_down_from_the_message),
        cmocka_unit_test(the_message_element_may_stand_in_front),
        cmocka_unit_test(brackets_hold_the_number_of_the_instance),
        cmocka_unit_test(an_amount_has_a_value_and_an_attribute),
        cmocka_unit_test(an_unknown_name_suggests_one_that_is_near),
        cmocka_unit_test(what_is_no_path_is_refused),
        cmocka_unit_test(only_what_has_text_has_a_value),
        cmocka_unit_test(message_elements_may_have_points_in_their_names),
        cmocka_unit_test(a_message_may_have_an_element_of_its_own_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
