/* How findings read: excerpts, long paths, and when it is enough. */
#include "small.h"

#include "codecs/iso20022/parser.h"

static void a_long_value_is_told_by_its_beginning(void **state)
{
    (void)state;
    assert_slice_equal(
        small_findings(SMALL_DOCUMENT(
            "<Id>0123456789012345678901234567890123456789012345678901234567890123456789</Id>"
            "<Sts><Cd>DONE</Cd></Sts>")),
        "1:72: the value is not allowed: /Document/Smal/Id: "
        "\"012345678901234567890123456789012345678901234567890123456789...\", expected at most 5 "
        "characters\n");
}

static void a_value_of_several_lines_is_told_on_one(void **state)
{
    (void)state;
    assert_slice_equal(small_findings(SMALL_DOCUMENT("<Id>one\ntwo&#9;three</Id>"
                                                     "<Sts><Cd>DONE</Cd></Sts>")),
                       "1:72: the value is not allowed: /Document/Smal/Id: \"one two three\", "
                       "expected at most 5 characters\n");
}

/* A message that nests elements with long names, eight deep. */
static void write_deep_schema(struct writer *xsd)
{
    writer_text(xsd, XSD_OPEN(SMALL_ID, "Document") XSD_DOCUMENT XSD_TEXTS
                "<xs:complexType name='Smal'><xs:sequence>"
                "<xs:element name='ElementWithAVeryLongName0' type='T0'/></xs:sequence>"
                "</xs:complexType>\n");
    for (int i = 0; i < 7; i++)
        writer_format(xsd,
                      "<xs:complexType name='T%d'><xs:sequence><xs:element "
                      "name='ElementWithAVeryLongName%d' type='T%d'/></xs:sequence>"
                      "</xs:complexType>\n",
                      i, i + 1, i + 1);
    writer_text(xsd, "<xs:complexType name='T7'><xs:sequence><xs:element name='Id' type='Text5'/>"
                     "</xs:sequence></xs:complexType>" XSD_CLOSE);
}

static void a_long_path_keeps_its_end(void **state)
{
    struct writer xsd, xml;
    struct error_list errors;
    struct iso_catalogue *catalogue = iso_catalogue_new();
    (void)state;
    writer_init(&xsd, 0);
    writer_init(&xml, 0);
    error_list_init(&errors, 0);
    write_deep_schema(&xsd);
    assert_true(iso_catalogue_add(catalogue, writer_slice(&xsd), "x.xsd", &errors));
    writer_text(&xml, "<Document xmlns=\"" SMALL_NAMESPACE "\"><Smal>");
    for (int i = 0; i < 8; i++)
        writer_format(&xml, "<ElementWithAVeryLongName%d>", i);
    writer_text(&xml, "<Id/>");
    for (int i = 7; i >= 0; i--)
        writer_format(&xml, "</ElementWithAVeryLongName%d>", i);
    writer_text(&xml, "</Smal></Document>");
    struct iso_parse_options options = { .catalogue = catalogue };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, writer_slice(&xml));
    const struct iso_outcome *outcome = iso_parser_end(parser);
    assert_int_equal(outcome->errors.count, 1);
    assert_string_equal(outcome->errors.at[0].detail,
                        ".../ElementWithAVeryLongName3/ElementWithAVeryLongName4"
                        "/ElementWithAVeryLongName5/ElementWithAVeryLongName6"
                        "/ElementWithAVeryLongName7/Id: \"\", expected at least 1 character");
    iso_parser_free(parser);
    iso_catalogue_free(catalogue);
    writer_fini(&xsd);
    writer_fini(&xml);
}

static void a_long_list_of_what_may_come_is_cut(void **state)
{
    struct writer xsd;
    struct error_list errors;
    struct iso_catalogue *catalogue = iso_catalogue_new();
    (void)state;
    writer_init(&xsd, 0);
    error_list_init(&errors, 0);
    writer_text(&xsd, XSD_OPEN(SMALL_ID, "Document") XSD_DOCUMENT XSD_TEXTS
                "<xs:complexType name='Smal'><xs:sequence>");
    for (int i = 0; i < 12; i++)
        writer_format(&xsd, "<xs:element name='E%d' type='Text5' minOccurs='0'/>", i);
    writer_text(&xsd, "</xs:sequence></xs:complexType>" XSD_CLOSE);
    assert_true(iso_catalogue_add(catalogue, writer_slice(&xsd), "x.xsd", &errors));
    struct iso_parse_options options = { .catalogue = catalogue };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, slice_of(SMALL_DOCUMENT("<X/>")));
    assert_string_equal(iso_parser_end(parser)->errors.at[0].detail,
                        "/Document/Smal/X: expected E0, E1, E2, E3, E4, E5, E6, E7, ...");
    iso_parser_free(parser);
    iso_catalogue_free(catalogue);
    writer_fini(&xsd);
}

static void at_the_limit_no_more_is_taken(void **state)
{
    struct iso_catalogue *catalogue = small_catalogue();
    struct iso_parse_options options = { .catalogue = catalogue, .error_count_max = 2 };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    (void)state;
    assert_true(iso_parser_feed(parser, slice_of("<Document xmlns=\"" SMALL_NAMESPACE "\"><a/>")));
    assert_false(iso_parser_feed(parser, slice_of("<b/><c/>")));
    assert_false(iso_parser_feed(parser, slice_of("<d/>")));
    const struct iso_outcome *outcome = iso_parser_end(parser);
    assert_int_equal(outcome->errors.count, 2);
    assert_int_equal(outcome->errors.dropped, 0);
    iso_parser_free(parser);
    iso_catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_value_is_told_by_its_beginning),
        cmocka_unit_test(a_value_of_several_lines_is_told_on_one),
        cmocka_unit_test(a_long_path_keeps_its_end),
        cmocka_unit_test(a_long_list_of_what_may_come_is_cut),
        cmocka_unit_test(at_the_limit_no_more_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
