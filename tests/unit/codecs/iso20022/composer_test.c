/* What is proved of a map's paths before anything is written. */
#include "small_shape.h"

/* Paths are divided by spaces; one that may be absent ends in '?'.  Path n stands
   on line n of m.yaml, the map on line 99.  errors: one a line, or "". */
static void assert_proof(const char *path_list, const char *expected)
{
    struct slice paths[32];
    struct place places[32];
    bool optional[32];
    size_t count = 0;
    for (const char *at = path_list; *at != '\0'; count++) {
        size_t size = strcspn(at, " ");
        optional[count] = at[size - 1] == '?';
        paths[count] = (struct slice){ at, size - optional[count] };
        places[count] = (struct place){ "m.yaml", (unsigned)count + 1, 1, 0 };
        at += size + (at[size] == ' ');
    }
    struct error_list errors;
    struct writer writer;
    struct place whole = { "m.yaml", 99, 1, 0 };
    error_list_init(&errors, 0);
    writer_init(&writer, 0);
    struct shape_composer *composer =
        shape->operations->composer(shape, paths, places, optional, count, whole, &errors);
    assert_int_equal(composer == NULL, errors.count > 0);
    error_list_write(&errors, &writer);
    assert_slice_equal(writer_slice(&writer), expected);
    shape->operations->composer_free(composer);
    error_list_fini(&errors);
    writer_fini(&writer);
}

static void whole_messages_are_proved(void **state)
{
    (void)state;
    assert_proof("Id Sts.Cd", "");
    assert_proof("Smal.Id Smal.Sts.Prtry", "");
    assert_proof("Sts.Cd Id Amt.value Amt.Ccy Note[2] Note Grp[1].No Grp.No Grp.Tx[3].Ref", "");
}

static void what_is_mandatory_is_written(void **state)
{
    (void)state;
    assert_proof("", "m.yaml:99:1: a mandatory field is not written: Smal.Id\n"
                     "m.yaml:99:1: a mandatory field is not written: Smal.Sts\n");
    assert_proof("Id", "m.yaml:99:1: a mandatory field is not written: Smal.Sts\n");
    assert_proof("Id Sts.Cd Grp.Tx.Ref", "m.yaml:3:1: a mandatory field is not written: Grp.No\n");
    assert_proof("Id Sts.Cd Grp.No Grp.Tx.Rsn",
                 "m.yaml:4:1: a mandatory field is not written: Grp.Tx.Ref\n");
}

static void an_attribute_goes_with_its_element(void **state)
{
    (void)state;
    assert_proof("Id Sts.Cd Amt.value", "m.yaml:3:1: a mandatory field is not written: Amt.Ccy\n");
    assert_proof("Id Sts.Cd Amt.Ccy", "m.yaml:3:1: a mandatory field is not written: Amt.value\n");
    assert_proof("Id Sts.Cd Amt.Ccy? Amt.value?", "");
    assert_proof("Id Sts.Cd Amt.Ccy Amt.value?",
                 "m.yaml:3:1: a mandatory field is not written: Amt.value: it may turn out "
                 "absent\n");
    assert_proof("Id Sts.Cd Amt.Ccy? Amt.value",
                 "m.yaml:3:1: a mandatory field is not written: Amt.Ccy: it may turn out absent\n");
}

static void what_may_be_absent_does_not_count_as_written(void **state)
{
    (void)state;
    assert_proof(
        "Id? Sts.Cd",
        "m.yaml:99:1: a mandatory field is not written: Smal.Id: it may turn out absent\n");
    assert_proof("Id Sts.Cd Grp.No? Grp.Tx.Ref",
                 "m.yaml:3:1: a mandatory field is not written: Grp.No: it may turn out absent\n");
}

static void where_the_parent_may_be_absent_too_it_is_checked_when_written(void **state)
{
    (void)state;
    assert_proof("Id Sts.Cd Grp.No? Grp.Tx.Ref?", "");
    assert_proof("Id Sts.Cd Note? Dt?", "");
}

static void branches_of_a_choice_exclude_each_other(void **state)
{
    (void)state;
    assert_proof("Id Sts.Cd Sts.Prtry",
                 "m.yaml:2:1: only one of these may be written: Sts.Cd and another branch of the "
                 "choice\n");
    assert_proof("Id Sts.Cd Sts.Prtry?",
                 "m.yaml:2:1: only one of these may be written: Sts.Cd and another branch of the "
                 "choice\n");
    assert_proof("Id Sts.Cd? Sts.Prtry?", "m.yaml:99:1: a mandatory field is not written: "
                                          "Smal.Sts: it may turn out absent\n");
}

static void which_branch_may_be_settled_by_the_message(void **state)
{
    struct error_list errors;
    (void)state;
    error_list_init(&errors, 0);
    struct iso_catalogue *own = iso_catalogue_new();
    assert_true(iso_catalogue_add(
        own,
        slice_of(XSD_OPEN("smal.002.001.01", "Document") XSD_DOCUMENT XSD_TEXTS
                 "<xs:complexType name='Smal'><xs:sequence><xs:element name='Id' type='Text5'/>"
                 "<xs:choice><xs:element name='a' type='Text5'/><xs:element name='b' type='Text5'/>"
                 "</xs:choice></xs:sequence></xs:complexType>" XSD_CLOSE),
        "x.xsd", &errors));
    const struct shape *choice = iso_schema_shape(iso_catalogue_at(own, 0));
    struct slice paths[] = { SLICE("Id"), SLICE("a"), SLICE("b") };
    struct place places[3] = { PLACE_NONE, PLACE_NONE, PLACE_NONE };
    bool optional[] = { false, true, true };
    struct shape_composer *composer =
        choice->operations->composer(choice, paths, places, optional, 3, PLACE_NONE, &errors);
    assert_non_null(composer);
    choice->operations->composer_free(composer);
    assert_null(choice->operations->composer(choice, paths, places, optional, 2, PLACE_NONE,
                                             &errors)); /* a alone may be absent */
    error_list_fini(&errors);
    iso_catalogue_free(own);
}

/* Nothing in it is mandatory: any of its fields makes it, and if none does the
   message is refused when it is written. */
static void several_fields_that_may_be_absent_can_make_a_mandatory_element(void **state)
{
    struct error_list errors;
    struct error error;
    struct writer writer;
    struct arena arena;
    (void)state;
    error_list_init(&errors, 0);
    writer_init(&writer, 0);
    arena_init(&arena, ARENA_UNLIMITED);
    struct iso_catalogue *own = iso_catalogue_new();
    assert_true(iso_catalogue_add(
        own,
        slice_of(XSD_OPEN("smal.003.001.01", "Document") XSD_DOCUMENT XSD_TEXTS
                 "<xs:complexType name='Smal'><xs:sequence><xs:element name='No' type='Text5'/>"
                 "<xs:element name='Pty' type='Party'/></xs:sequence></xs:complexType>"
                 "<xs:complexType name='Party'><xs:sequence>"
                 "<xs:element name='Nm' type='Text5' minOccurs='0'/>"
                 "<xs:element name='Id' type='Text5' minOccurs='0'/>"
                 "</xs:sequence></xs:complexType>" XSD_CLOSE),
        "x.xsd", &errors));
    const struct shape *party = iso_schema_shape(iso_catalogue_at(own, 0));
    struct slice paths[] = { SLICE("No"), SLICE("Pty.Nm"), SLICE("Pty.Id") };
    struct place places[3] = { PLACE_NONE, PLACE_NONE, PLACE_NONE };
    bool optional[] = { false, true, true };
    struct shape_composer *composer =
        party->operations->composer(party, paths, places, optional, 3, PLACE_NONE, &errors);
    assert_non_null(composer);
    struct record record = record_take(&arena, 3);
    record_add(&record, 0, SLICE("1"), &arena);
    assert_false(party->operations->compose(composer, &record, &writer, &error));
    assert_ptr_equal(error.kind, &iso_element_missing);
    record_add(&record, 2, SLICE("A"), &arena);
    assert_true(party->operations->compose(composer, &record, &writer, &error));
    party->operations->composer_free(composer);
    assert_null(party->operations->composer(party, paths, places, optional, 2, PLACE_NONE,
                                            &errors)); /* Nm alone may be absent */
    error_list_fini(&errors);
    writer_fini(&writer);
    arena_fini(&arena);
    iso_catalogue_free(own);
}

static void nothing_is_written_twice(void **state)
{
    (void)state;
    assert_proof("Id Sts.Cd Smal.Id", "m.yaml:3:1: this is not a path: Smal.Id: it is written "
                                      "twice\n");
    assert_proof("Id Sts.Cd Note[0] Note", "m.yaml:4:1: this is not a path: Note: it is written "
                                           "twice\n");
}

static void paths_that_do_not_exist_are_all_told(void **state)
{
    (void)state;
    assert_proof("Idd Sts.Cod Note[3]",
                 "m.yaml:1:1: no such field: Idd (did you mean Id?)\n"
                 "m.yaml:2:1: no such field: Sts.Cod (did you mean Cd?)\n"
                 "m.yaml:3:1: this is not a path: Note: it does not occur that often\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_messages_are_proved),
        cmocka_unit_test(what_is_mandatory_is_written),
        cmocka_unit_test(an_attribute_goes_with_its_element),
        cmocka_unit_test(what_may_be_absent_does_not_count_as_written),
        cmocka_unit_test(where_the_parent_may_be_absent_too_it_is_checked_when_written),
        cmocka_unit_test(branches_of_a_choice_exclude_each_other),
        cmocka_unit_test(which_branch_may_be_settled_by_the_message),
        cmocka_unit_test(several_fields_that_may_be_absent_can_make_a_mandatory_element),
        cmocka_unit_test(nothing_is_written_twice),
        cmocka_unit_test(paths_that_do_not_exist_are_all_told),
    };
    return cmocka_run_group_tests(tests, small_set_up, small_tear_down);
}
