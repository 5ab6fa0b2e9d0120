/* What a parser learned of other documents changes nothing of what it finds in the next. */
#include "small.h"

#include "codecs/shape.h"

#include <stdlib.h>

static struct iso_catalogue *catalogue;
static const struct shape *shape;

static int set_up(void **state)
{
    (void)state;
    catalogue = small_catalogue();
    shape = iso_schema_shape(iso_catalogue_find(catalogue, SLICE(SMALL_ID)));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    return 0;
}

static void write_part(const struct iso_part *part, struct writer *writer)
{
    for (size_t i = 0; i < part->record_count; i++) {
        for (size_t slot = 0; slot < part->records[i].count; slot++) {
            const struct value *value = &part->records[i].values[slot];
            for (; value != NULL && value->text.at != NULL; value = value->next)
                writer_format(writer, "%zu.%zu=%.*s ", i, slot, SLICE_ARG(value->text));
        }
    }
    writer_char(writer, '\n');
}

/* Findings with their places, and records. */
static void write_outcome(const struct iso_parse_options *options, struct slice xml,
                          struct writer *writer)
{
    struct iso_parser *parser = iso_parser_new(options, NULL);
    iso_parser_feed(parser, xml);
    const struct iso_outcome *outcome = iso_parser_end(parser);
    struct error_list errors = outcome->errors;
    writer_reset(writer);
    error_list_write(&errors, writer);
    write_part(&outcome->header, writer);
    write_part(&outcome->document, writer);
    iso_parser_free(parser);
}

static void assert_same_as_alone(const struct iso_parse_options *options, struct slice xml)
{
    struct iso_parse_options alone = *options;
    struct writer found, expected;
    alone.learned = NULL;
    writer_init(&found, 0);
    writer_init(&expected, 0);
    write_outcome(options, xml, &found);
    write_outcome(&alone, xml, &expected);
    assert_slice_equal(writer_slice(&found), writer_slice(&expected).at);
    writer_fini(&found);
    writer_fini(&expected);
}

static struct shape_reader *reader_of(const char *path, const char *each)
{
    struct error_list errors;
    struct slice wanted = slice_of(path);
    error_list_init(&errors, 0);
    struct shape_reader *reader =
        shape->operations->reader(shape, &wanted, 1, slice_of(each), &errors);
    assert_non_null(reader);
    error_list_fini(&errors);
    return reader;
}

#define GROUP(content)  SMALL_BODY "<Grp><No>1</No>" content "</Grp>"
#define SCHEMA_INSTANCE "xmlns:i='http://www.w3.org/2001/XMLSchema-instance'"

/* All that can come behind each other, in order and not. */
static const char *const documents[] = {
    SMALL_DOCUMENT(SMALL_BODY),
    SMALL_DOCUMENT("<Id>A</Id><Dt>2024-02-29</Dt><Amt Ccy='EUR'>1</Amt><Sts><Prtry>X</Prtry></Sts>"
                   "<Note>1</Note><Note>2</Note><Note>3</Note>"),
    SMALL_DOCUMENT(SMALL_BODY "<Note>1</Note><Note>2</Note><Note>3</Note><Note>4</Note>"
                              "<Note>5</Note><Sgn/>"),
    SMALL_DOCUMENT("<Id>A</Id><Sts><Cd>DONE</Cd><Prtry>X</Prtry></Sts>"),
    SMALL_DOCUMENT("<Id>A</Id><Sts><Prtry>X</Prtry><Cd>DONE</Cd><Cd>BUSY</Cd></Sts>"),
    SMALL_DOCUMENT("<Id>A</Id><Sts/><Note/>"),
    SMALL_DOCUMENT("<Sts><Cd>GONE</Cd></Sts><Id>TOO LONG</Id><Dt>2023-02-29</Dt>"),
    SMALL_DOCUMENT("<Id>A</Id><Note>1</Note><Sts><Cd>DONE</Cd></Sts><Note>2</Note><Note>3</Note>"),
    SMALL_DOCUMENT("<Id>A</Id><Id>B</Id><Sts><Cd>DONE</Cd></Sts><Dt>2024-02-29</Dt>"),
    SMALL_DOCUMENT("<Id>A</Id><Amt>1</Amt><Sts Ccy='EUR'><Cd>DONE</Cd></Sts><Amt Ccy='X'>.</Amt>"),
    SMALL_DOCUMENT("<Id>A<b/></Id>text<Sts><Cd>DONE</Cd></Sts><Strange/><Note>1</Note>"),
    SMALL_DOCUMENT(GROUP("<Tx><Ref>1</Ref></Tx><Tx><Ref>2</Ref><Amt Ccy='EUR'>2</Amt></Tx>")),
    SMALL_DOCUMENT(GROUP("<Tx><Ref>1</Ref><Rsn>a</Rsn><Rsn>b</Rsn></Tx><Tx><Rsn>c</Rsn></Tx>")),
    SMALL_DOCUMENT(GROUP("") "<Grp><No>2</No><Tx><Ref/></Tx></Grp><Grp><Tx/></Grp>"),
    SMALL_DOCUMENT(SMALL_BODY "<Free><x xmlns='urn:x'><Id/></x></Free><Free/>"),
    SMALL_DOCUMENT(SMALL_BODY "<Free>" SMALL_DOCUMENT(SMALL_BODY "<Id>B</Id>") "</Free>"),
    SMALL_DOCUMENT(SMALL_BODY "<Free><Smal i:type='Smal' " SCHEMA_INSTANCE
                              "><Id>A</Id><Id>B</Id></Smal></Free>"),
    SMALL_DOCUMENT(SMALL_BODY "<Sgn><s xmlns='urn:sign'/></Sgn><Skip><Id/></Skip>"),
    SMALL_DOCUMENT("<Id i:type='Text5' " SCHEMA_INSTANCE ">A</Id><Sts><Cd>DONE</Cd></Sts>"),
    "<p:Document xmlns:p='" SMALL_NAMESPACE "'><p:Smal><p:Id>A</p:Id><p:Sts><p:Cd>DONE</p:Cd>"
    "</p:Sts><Note/><p:Note xmlns:p='urn:other'/><q:Note xmlns:q='" SMALL_NAMESPACE "'/></p:Smal>"
    "</p:Document>",
    "<m>" SMALL_HEADER(SMALL_ID) SMALL_DOCUMENT(SMALL_BODY) "</m>",
    "<m>" SMALL_HEADER("other") SMALL_DOCUMENT(SMALL_BODY) "</m>",
    "<AppHdr xmlns='" SMALL_NAMESPACE "'/>",
    "<Document xmlns='urn:none'><Smal/></Document>",
    "<Document xmlns='" SMALL_NAMESPACE "'><Smal><Id>A</Id>",
    "",
};

enum { DOCUMENT_COUNT = sizeof documents / sizeof *documents };

static void any_document_may_come_behind_any_other(void **state)
{
    struct shape_reader *reader = reader_of("Grp.No", "Grp");
    const struct shape_reader *readers[] = { reader };
    struct iso_parse_options options = {
        .catalogue = catalogue, .error_count_max = 20, .readers = readers, .reader_count = 1
    };
    (void)state;
    for (size_t i = 0; i < (size_t)DOCUMENT_COUNT * DOCUMENT_COUNT; i++) {
        options.learned = iso_learned_new();
        assert_same_as_alone(&options, slice_of(documents[i / DOCUMENT_COUNT]));
        assert_same_as_alone(&options, slice_of(documents[i % DOCUMENT_COUNT]));
        assert_same_as_alone(&options, slice_of(documents[i / DOCUMENT_COUNT]));
        iso_learned_free(options.learned);
    }
    shape->operations->reader_free(reader);
}

static void documents_in_any_order_are_what_they_are_alone(void **state)
{
    struct kit_random random = { 20240229 };
    struct iso_parse_options options = { .catalogue = catalogue,
                                         .error_count_max = 20,
                                         .learned = iso_learned_new() };
    (void)state;
    for (size_t i = 0; i < 2000; i++)
        assert_same_as_alone(&options,
                             slice_of(documents[kit_random_below(&random, DOCUMENT_COUNT)]));
    iso_learned_free(options.learned);
}

static void what_is_read_may_change_between_documents(void **state)
{
    struct shape_reader *numbers = reader_of("Grp.No", "Grp"),
                        *amounts = reader_of("Grp.Tx.Amt.Ccy", "Grp.Tx");
    const struct shape_reader *readers[] = { numbers, amounts };
    struct iso_profile *profile = iso_profile_new(catalogue);
    struct iso_parse_options options = { .catalogue = catalogue,
                                         .error_count_max = 20,
                                         .learned = iso_learned_new() };
    (void)state;
    for (size_t i = 0; i < iso_profile_set_count; i++)
        assert_true(iso_profile_switch(profile, slice_of(iso_profile_sets[i].name), true));
    iso_profile_bind(profile);
    for (size_t i = 0; i < (size_t)6 * DOCUMENT_COUNT; i++) {
        options.profile = i % 2 == 0 ? NULL : profile;
        options.readers = readers + i % 2;
        options.reader_count = i % 3 == 0 ? 0 : 1;
        assert_same_as_alone(&options, slice_of(documents[i / 6]));
    }
    iso_learned_free(options.learned);
    iso_profile_free(profile);
    shape->operations->reader_free(numbers);
    shape->operations->reader_free(amounts);
}

static void it_is_of_one_parser_at_a_time(void **state)
{
    struct iso_parse_options options = { .catalogue = catalogue,
                                         .error_count_max = 20,
                                         .learned = iso_learned_new() };
    const struct slice xml = SLICE(SMALL_DOCUMENT(SMALL_BODY "<Note>1</Note>"));
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct iso_parser *one = iso_parser_new(&options, NULL),
                          *other = iso_parser_new(&options, NULL);
        for (size_t at = 0; at < xml.size; at++) {
            iso_parser_feed(one, (struct slice){ xml.at + at, 1 });
            iso_parser_feed(other, (struct slice){ xml.at + at, 1 });
        }
        assert_int_equal(iso_parser_end(one)->errors.count, 0);
        assert_same_as_alone(&options, xml);
        assert_int_equal(iso_parser_end(other)->errors.count, 0);
        iso_parser_free(one);
        iso_parser_free(other);
        iso_parser_free(iso_parser_new(&options, NULL)); /* which has not come to its end */
    }
    iso_learned_free(options.learned);
}

#define TWICE_DOCUMENT(body)                                                                       \
    "<Document xmlns='" ISO_NAMESPACE "twic.001.001.01'><Twic>" body "</Twic></Document>"

/* What may follow an element goes by how often that was there. */
static void an_element_that_has_to_repeat_is_followed_when_it_has(void **state)
{
    static const char xsd[] = XSD_OPEN("twic.001.001.01", "Document") XSD_TEXTS
        "<xs:complexType name='Document'><xs:sequence><xs:element name='Twic' type='Twic'/>"
        "</xs:sequence></xs:complexType>"
        "<xs:complexType name='Twic'><xs:sequence>"
        "<xs:element name='Two' type='Text5' minOccurs='2' maxOccurs='3'/>"
        "<xs:element name='End' type='Text5' "
        "minOccurs='0'/></xs:sequence></xs:complexType>" XSD_CLOSE;
    static const char *const bodies[] = {
        TWICE_DOCUMENT("<Two>1</Two><Two>2</Two><End>3</End>"),
        TWICE_DOCUMENT("<Two>1</Two><End>2</End>"),
        TWICE_DOCUMENT("<End>1</End>"),
        TWICE_DOCUMENT("<Two>1</Two><Two>2</Two><Two>3</Two>"),
        TWICE_DOCUMENT("<Two>1</Two><Two>2</Two><Two>3</Two><Two>4</Two><End>5</End>"),
        TWICE_DOCUMENT("<Two>1</Two>"),
    };
    enum { COUNT = sizeof bodies / sizeof *bodies };
    struct iso_catalogue *twice = iso_catalogue_new();
    struct iso_parse_options options = { .catalogue = twice,
                                         .error_count_max = 20,
                                         .learned = iso_learned_new() };
    struct error_list errors;
    (void)state;
    error_list_init(&errors, 0);
    assert_true(iso_catalogue_add(twice, slice_of(xsd), "twice.xsd", &errors));
    for (size_t i = 0; i < (size_t)COUNT * COUNT; i++) {
        assert_same_as_alone(&options, slice_of(bodies[i / COUNT]));
        assert_same_as_alone(&options, slice_of(bodies[i % COUNT]));
    }
    error_list_fini(&errors);
    iso_learned_free(options.learned);
    iso_catalogue_free(twice);
}

/* Elements b0, b1, ... with elements b0, b1, ... in them. */
enum { WIDTH = 80 };

static void write_wide_xsd(struct writer *xsd)
{
    writer_text(xsd, XSD_OPEN("wide.001.001.01", "Document") XSD_TEXTS);
    static const char *const types[] = { "Top", "Wide", "Text5" };
    writer_text(xsd, "<xs:complexType name='Document'><xs:sequence>"
                     "<xs:element name='Top' type='Top'/></xs:sequence></xs:complexType>");
    for (size_t i = 0; i < 2; i++) {
        writer_format(xsd, "<xs:complexType name='%s'><xs:sequence>", types[i]);
        for (unsigned row = 0; row < WIDTH; row++)
            writer_format(xsd, "<xs:element name='b%u' type='%s'/>", row, types[i + 1]);
        writer_text(xsd, "</xs:sequence></xs:complexType>");
    }
    writer_text(xsd, XSD_CLOSE);
}

/* There are more places than are learned; the last value is wrong. */
static void write_wide_document(struct writer *xml)
{
    writer_text(xml, "<Document xmlns='" ISO_NAMESPACE "wide.001.001.01'><Top>");
    for (unsigned i = 0; i < WIDTH; i++) {
        writer_format(xml, "<b%u>", i);
        for (unsigned row = 0; row < WIDTH; row++)
            writer_format(xml, "<b%u>%s</b%u>", row, i + row == 2 * WIDTH - 2 ? "" : "x", row);
        writer_format(xml, "</b%u>", i);
    }
    writer_text(xml, "</Top></Document>");
}

static void what_is_too_much_to_learn_is_found_without(void **state)
{
    struct iso_catalogue *wide = iso_catalogue_new();
    struct iso_parse_options options = { .catalogue = wide,
                                         .error_count_max = 20,
                                         .learned = iso_learned_new() };
    struct writer text, found;
    struct error_list errors;
    (void)state;
    writer_init(&text, 0);
    writer_init(&found, 0);
    error_list_init(&errors, 0);
    write_wide_xsd(&text);
    if (!iso_catalogue_add(wide, writer_slice(&text), "wide.xsd", &errors))
        fail_msg("%s", errors.at[0].detail);
    writer_reset(&text);
    write_wide_document(&text);
    for (size_t i = 0; i < 3; i++) {
        assert_same_as_alone(&options, writer_slice(&text));
        write_outcome(&options, writer_slice(&text), &found);
        assert_non_null(
            strstr(found.at, "/Document/Top/b79/b79: \"\", expected at least 1 character"));
        assert_int_equal(strchr(found.at, '\n')[1], '\n');
    }
    error_list_fini(&errors);
    writer_fini(&text);
    writer_fini(&found);
    iso_learned_free(options.learned);
    iso_catalogue_free(wide);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_document_may_come_behind_any_other),
        cmocka_unit_test(documents_in_any_order_are_what_they_are_alone),
        cmocka_unit_test(what_is_read_may_change_between_documents),
        cmocka_unit_test(it_is_of_one_parser_at_a_time),
        cmocka_unit_test(an_element_that_has_to_repeat_is_followed_when_it_has),
        cmocka_unit_test(what_is_too_much_to_learn_is_found_without),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
