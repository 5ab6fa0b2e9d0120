/* What is written, and what is not when a value or its absence breaks a rule. */
#include "small_shape.h"

/* A path with its values, divided by '+'; no values: absent.  Every path may be
   absent but those of the first two lines. */
struct line {
    const char *path, *values;
};

static void add_values(struct record *record, size_t slot, const char *values, struct arena *arena)
{
    while (values != NULL) {
        size_t size = strcspn(values, "+");
        record_add(record, slot, (struct slice){ values, size }, arena);
        values = values[size] == '+' ? values + size + 1 : NULL;
    }
}

/* What is written of the lines, or the error. */
static struct slice composed(const struct line *lines, size_t count, bool *fine)
{
    static struct writer writer;
    struct slice paths[16];
    struct place places[16];
    bool optional[16];
    struct arena arena;
    struct error_list errors;
    struct error error;
    arena_init(&arena, ARENA_UNLIMITED);
    error_list_init(&errors, 0);
    writer_reset(&writer);
    struct record record = record_take(&arena, count);
    for (size_t i = 0; i < count; i++) {
        paths[i] = slice_of(lines[i].path);
        places[i] = (struct place){ "m.yaml", (unsigned)i + 1, 1, 0 };
        optional[i] = i >= 2;
        add_values(&record, i, lines[i].values, &arena);
    }
    struct shape_composer *composer =
        shape->operations->composer(shape, paths, places, optional, count, PLACE_NONE, &errors);
    assert_non_null(composer);
    *fine = shape->operations->compose(composer, &record, &writer, &error);
    if (!*fine) {
        writer_reset(&writer);
        error_write(&error, &writer);
    }
    shape->operations->composer_free(composer);
    error_list_fini(&errors);
    arena_fini(&arena);
    return writer_slice(&writer);
}

static void assert_written(const struct line *lines, size_t count, const char *body)
{
    struct writer expected;
    bool fine;
    writer_init(&expected, 0);
    writer_format(&expected, "<Document xmlns=\"" SMALL_NAMESPACE "\"><Smal>%s</Smal></Document>",
                  body);
    struct slice written = composed(lines, count, &fine);
    assert_slice_equal(written, writer_slice(&expected).at);
    assert_slice_equal(small_findings(written.at), "");
    writer_fini(&expected);
}

static void assert_error(const struct line *lines, size_t count, const char *expected)
{
    bool fine;
    assert_slice_equal(composed(lines, count, &fine), expected);
    assert_false(fine);
}

#define ID                                                                                         \
    { "Id", "A" },                                                                                 \
    {                                                                                              \
        "Sts.Cd", "DONE"                                                                           \
    }
#define STS "<Sts><Cd>DONE</Cd></Sts>"
#define LINES(...)                                                                                 \
    (const struct line[]){ __VA_ARGS__ },                                                          \
        sizeof((const struct line[]){ __VA_ARGS__ }) / sizeof(struct line)

static void elements_come_in_the_order_of_the_schema(void **state)
{
    (void)state;
    assert_written(LINES({ "Sts.Cd", "BUSY" }, { "Id", "A" }, { "Amt.value", "1.50" },
                         { "Dt", "2024-02-29" }, { "Amt.Ccy", "CNY" }),
                   "<Id>A</Id><Dt>2024-02-29</Dt><Amt Ccy=\"CNY\">1.50</Amt>"
                   "<Sts><Cd>BUSY</Cd></Sts>");
}

static void what_is_absent_is_not_written_nor_a_parent_of_nothing_else(void **state)
{
    (void)state;
    assert_written(LINES(ID, { "Dt", NULL }, { "Grp.No", NULL }, { "Grp.Tx.Ref", NULL },
                         { "Amt.value", NULL }, { "Amt.Ccy", NULL }),
                   "<Id>A</Id>" STS);
}

static void a_parent_is_written_when_anything_in_it_is(void **state)
{
    (void)state;
    assert_written(LINES(ID, { "Grp.No", "1" }, { "Grp.Tx.Ref", NULL }),
                   "<Id>A</Id>" STS "<Grp><No>1</No></Grp>");
}

static void a_repeating_leaf_writes_all_its_values(void **state)
{
    (void)state;
    assert_written(LINES(ID, { "Note", "a+b+" }),
                   "<Id>A</Id>" STS "<Note>a</Note><Note>b</Note><Note></Note>");
    assert_written(LINES(ID, { "Note[1]", "b" }, { "Note[0]", "a" }),
                   "<Id>A</Id>" STS "<Note>a</Note><Note>b</Note>");
    assert_error(LINES(ID, { "Note", "a+b+c+d" }),
                 "m.yaml:3:1: this element is there too often: Note");
}

static void instances_are_written_in_order_without_those_that_are_absent(void **state)
{
    (void)state;
    assert_written(LINES(ID, { "Grp[2].No", "3" }, { "Grp[0].No", NULL }, { "Grp[1].No", "2" }),
                   "<Id>A</Id>" STS "<Grp><No>2</No></Grp><Grp><No>3</No></Grp>");
}

static void characters_with_a_meaning_are_escaped(void **state)
{
    (void)state;
    assert_written(LINES({ "Id", "<&>\"'" }, { "Sts.Cd", "DONE" }),
                   "<Id>&lt;&amp;&gt;&quot;'</Id>" STS);
    assert_written(LINES({ "Id", "\t\r\n \xe4\xb8\xad" }, { "Sts.Cd", "DONE" }),
                   "<Id>&#9;&#13;&#10; \xe4\xb8\xad</Id>" STS);
}

static void every_value_meets_its_facets(void **state)
{
    (void)state;
    assert_error(LINES({ "Id", "ABCDEF" }, { "Sts.Cd", "DONE" }),
                 "m.yaml:1:1: the value is not allowed: Id: \"ABCDEF\", expected at most 5 "
                 "characters");
    assert_error(
        LINES({ "Id", "A" }, { "Sts.Cd", "NONE" }),
        "m.yaml:2:1: the value is not in the list: Sts.Cd: \"NONE\", expected one of BUSY, "
        "DONE");
    assert_error(LINES(ID, { "Grp[1].No", "" }),
                 "m.yaml:3:1: the value is not allowed: Grp[1].No: \"\", expected at least 1 "
                 "character");
    assert_error(LINES(ID, { "Amt.value", "1" }, { "Amt.Ccy", "cny" }),
                 "m.yaml:3:1: the value is not allowed: Amt.Ccy: \"cny\", expected the form "
                 "[A-Z]{3}");
    assert_error(LINES(ID, { "Amt.value", "-1" }, { "Amt.Ccy", "CNY" }),
                 "m.yaml:3:1: the value is not allowed: Amt: \"-1\", expected at least 0");
}

static void white_space_that_does_not_count_is_not_written(void **state)
{
    (void)state;
    assert_written(LINES(ID, { "Dt", " 2024-02-29 " }), "<Id>A</Id><Dt>2024-02-29</Dt>" STS);
}

static void what_xml_can_not_carry_is_refused(void **state)
{
    static const char *const texts[] = { "a\x01", "\x1f",         "\x0b",         "\xff",
                                         "\xc3",  "\xef\xbf\xbe", "\xef\xbf\xbf", "\xed\xa0\x80" };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_error(LINES({ "Id", texts[i] }, { "Sts.Cd", "DONE" }),
                     "m.yaml:1:1: the value is not of its type: Id: it has characters that XML "
                     "can't carry");
    assert_written(LINES({ "Id", "\xef\xbf\xbd" }, { "Sts.Cd", "DONE" }),
                   "<Id>\xef\xbf\xbd</Id>" STS);
}

static void a_mandatory_child_that_turns_out_absent_is_an_error(void **state)
{
    (void)state;
    assert_error(LINES(ID, { "Grp.No", NULL }, { "Grp.Tx.Ref", "r" }),
                 "m.yaml:3:1: an element is missing: Grp.No");
    assert_error(LINES(ID, { "Grp.No", "1" }, { "Grp.Tx.Ref", NULL }, { "Grp.Tx.Rsn", "x" }),
                 "m.yaml:4:1: an element is missing: Grp.Tx.Ref");
    assert_error(LINES(ID, { "Amt.value", "1" }, { "Amt.Ccy", NULL }),
                 "m.yaml:3:1: an attribute is missing: Amt.Ccy");
    assert_error(LINES(ID, { "Amt.value", NULL }, { "Amt.Ccy", "CNY" }),
                 "m.yaml:3:1: an element is missing: Amt.value");
    assert_error(LINES({ "Id", NULL }, { "Sts.Cd", "DONE" }), "an element is missing: Smal.Id");
}

static void the_same_record_gives_the_same_bytes(void **state)
{
    bool fine;
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    struct slice first = arena_copy(&arena, composed(LINES(ID, { "Note", "a+b" }), &fine));
    assert_slice_equal(composed(LINES(ID, { "Note", "a+b" }), &fine), first.at);
    arena_fini(&arena);
}

static void a_header_is_written_like_a_document(void **state)
{
    const struct shape *header = iso_schema_shape(iso_catalogue_at(catalogue, 1));
    struct slice paths[] = { SLICE("MsgDefIdr"), SLICE("AppHdr.Id") };
    struct place places[] = { PLACE_NONE, PLACE_NONE };
    bool optional[] = { false, false };
    struct value values[] = { { SLICE(SMALL_ID), NULL }, { SLICE("1"), NULL } };
    struct record record = { values, 2 };
    struct error_list errors;
    struct error error;
    struct writer writer;
    (void)state;
    error_list_init(&errors, 0);
    writer_init(&writer, 0);
    struct shape_composer *composer =
        header->operations->composer(header, paths, places, optional, 2, PLACE_NONE, &errors);
    assert_true(header->operations->compose(composer, &record, &writer, &error));
    assert_slice_equal(writer_slice(&writer), SMALL_HEADER(SMALL_ID));
    header->operations->composer_free(composer);
    writer_fini(&writer);
}

/* A message of that content alone. */
#define SHAPE_OF(own, content)                                                                     \
    shape_of(own, XSD_OPEN("smal.002.001.01", "Document") XSD_DOCUMENT XSD_TEXTS                   \
             "<xs:complexType name='Smal'>" content "</xs:complexType>" XSD_CLOSE)

static const struct shape *shape_of(struct iso_catalogue *own, const char *xsd)
{
    struct error_list errors;
    error_list_init(&errors, 0);
    assert_true(iso_catalogue_add(own, slice_of(xsd), "x.xsd", &errors));
    error_list_fini(&errors);
    return iso_schema_shape(iso_catalogue_at(own, 0));
}

static void two_branches_of_a_choice_are_refused_when_written(void **state)
{
    struct iso_catalogue *own = iso_catalogue_new();
    struct error_list errors;
    struct error error;
    struct writer writer;
    (void)state;
    error_list_init(&errors, 0);
    writer_init(&writer, 0);
    const struct shape *choice = SHAPE_OF(own, "<xs:choice><xs:element name='a' type='Text5'/>"
                                               "<xs:element name='b' type='Text5'/></xs:choice>");
    struct slice paths[] = { SLICE("a"), SLICE("b") };
    struct place places[] = { PLACE_NONE, PLACE_NONE };
    bool optional[] = { true, true };
    struct value values[] = { { SLICE("1"), NULL }, { SLICE("2"), NULL } };
    struct record record = { values, 2 };
    struct shape_composer *composer =
        choice->operations->composer(choice, paths, places, optional, 2, PLACE_NONE, &errors);
    assert_non_null(composer);
    assert_false(choice->operations->compose(composer, &record, &writer, &error));
    assert_ptr_equal(error.kind, &iso_element_unexpected);
    assert_string_equal(error.detail, "b: another branch of the choice is written");
    values[0].text = values[1].text = SLICE_NONE;
    assert_false(choice->operations->compose(composer, &record, &writer, &error));
    assert_ptr_equal(error.kind, &iso_choice_empty);
    values[1].text = SLICE("2");
    writer_reset(&writer);
    assert_true(choice->operations->compose(composer, &record, &writer, &error));
    choice->operations->composer_free(composer);
    iso_catalogue_free(own);
    writer_fini(&writer);
}

/* What is written with the values, which are all there is: a, a, c of a sequence in which
   a comes twice or three times. */
static void assert_counted(struct slice first, const struct value *more, struct slice last,
                           const char *expected)
{
    struct iso_catalogue *own = iso_catalogue_new();
    const struct shape *counted =
        SHAPE_OF(own, "<xs:sequence><xs:element name='a' type='Text5' minOccurs='2' maxOccurs='3'/>"
                      "<xs:element name='c' type='Text5' minOccurs='0'/></xs:sequence>");
    struct slice paths[] = { SLICE("a[0]"), SLICE("a[1]"), SLICE("c") };
    struct place places[] = { PLACE_NONE, PLACE_NONE, PLACE_NONE };
    bool optional[] = { true, false, true };
    struct value values[] = { { first, NULL }, { SLICE("2"), more }, { last, NULL } };
    struct record record = { values, 3 };
    struct error_list errors;
    struct error error;
    struct writer writer;
    error_list_init(&errors, 0);
    writer_init(&writer, 0);
    struct shape_composer *composer =
        counted->operations->composer(counted, paths, places, optional, 3, PLACE_NONE, &errors);
    assert_non_null(composer);
    if (!counted->operations->compose(composer, &record, &writer, &error)) {
        writer_reset(&writer);
        error_write(&error, &writer);
    }
    assert_non_null(strstr(writer_slice(&writer).at, expected));
    counted->operations->composer_free(composer);
    iso_catalogue_free(own);
    writer_fini(&writer);
}

static void a_child_comes_as_often_as_it_must_and_no_more(void **state)
{
    const struct value fourth = { SLICE("4"), NULL }, third = { SLICE("3"), NULL };
    const struct value third_and_fourth = { SLICE("3"), &fourth };
    (void)state;
    assert_counted(SLICE("1"), NULL, SLICE("c"), "<Smal><a>1</a><a>2</a><c>c</c></Smal>");
    assert_counted(SLICE("1"), NULL, SLICE_NONE, "<Smal><a>1</a><a>2</a></Smal>");
    assert_counted(SLICE("1"), &third, SLICE("c"), "<a>2</a><a>3</a><c>c</c></Smal>");
    assert_counted(SLICE_NONE, &third, SLICE("c"), "<Smal><a>2</a><a>3</a><c>c</c></Smal>");
    assert_counted(SLICE_NONE, NULL, SLICE("c"), "an element is missing: Smal.a");
    assert_counted(SLICE_NONE, NULL, SLICE_NONE, "an element is missing: Smal.a");
    assert_counted(SLICE("1"), &third_and_fourth, SLICE("c"), "too often: a[1]");
}

/* Whatever is absent: what is there is written as by a composer that knows nothing else. */
static void what_is_absent_leaves_no_trace(void **state)
{
    static const struct line all[] = {
        { "Id", "A" },        { "Sts.Cd", "DONE" },        { "Dt", "2024-02-29" },
        { "Note[0]", "a" },   { "Note[1]", "b+c" },        { "Grp[0].No", "1" },
        { "Grp[1].No", "2" }, { "Grp[1].Tx[1].Ref", "r" }, { "Grp[2].No", "3" },
    };
    enum { COUNT = sizeof all / sizeof *all };
    struct arena arena;
    bool fine, again;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    for (unsigned subset = 0; subset < 1u << COUNT; subset++) {
        struct line some[COUNT], only[COUNT];
        size_t count = 0;
        for (unsigned i = 0; i < COUNT; i++) {
            bool there = i < 2 || subset >> i & 1 || (i == 6 && subset >> 7 & 1);
            some[i] = (struct line){ all[i].path, there ? all[i].values : NULL };
            if (there)
                only[count++] = all[i];
        }
        struct slice written = arena_copy(&arena, composed(some, COUNT, &fine));
        assert_slice_equal(composed(only, count, &again), written.at);
        assert_true(fine && again);
    }
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_come_in_the_order_of_the_schema),
        cmocka_unit_test(what_is_absent_is_not_written_nor_a_parent_of_nothing_else),
        cmocka_unit_test(a_parent_is_written_when_anything_in_it_is),
        cmocka_unit_test(a_repeating_leaf_writes_all_its_values),
        cmocka_unit_test(instances_are_written_in_order_without_those_that_are_absent),
        cmocka_unit_test(characters_with_a_meaning_are_escaped),
        cmocka_unit_test(every_value_meets_its_facets),
        cmocka_unit_test(white_space_that_does_not_count_is_not_written),
        cmocka_unit_test(what_xml_can_not_carry_is_refused),
        cmocka_unit_test(a_mandatory_child_that_turns_out_absent_is_an_error),
        cmocka_unit_test(the_same_record_gives_the_same_bytes),
        cmocka_unit_test(a_header_is_written_like_a_document),
        cmocka_unit_test(two_branches_of_a_choice_are_refused_when_written),
        cmocka_unit_test(a_child_comes_as_often_as_it_must_and_no_more),
        cmocka_unit_test(what_is_absent_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, small_set_up, small_tear_down);
}
