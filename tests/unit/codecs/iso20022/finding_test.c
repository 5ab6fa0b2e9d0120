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
        "1:76: /Document/Smal/Id: "
        "\"012345678901234567890123456789012345678901234567890123456789...\", expected at most 5 "
        "characters (rule cvc-maxLength-valid)\n");
}

static void a_value_of_several_lines_is_told_on_one(void **state)
{
    (void)state;
    assert_slice_equal(small_findings(SMALL_DOCUMENT("<Id>one\ntwo&#9;three</Id>"
                                                     "<Sts><Cd>DONE</Cd></Sts>")),
                       "1:76: /Document/Smal/Id: \"one\\ntwo\\tthree\", "
                       "expected at most 5 characters (rule cvc-maxLength-valid)\n");
    assert_slice_equal(small_findings(SMALL_DOCUMENT("<Id>a&#127;b\xc2\x85\xc2\xa9!&#13;</Id>"
                                                     "<Sts><Cd>DONE</Cd></Sts>")),
                       "1:76: /Document/Smal/Id: \"a\\u007Fb\\u0085\xc2\xa9!\\r\", "
                       "expected at most 5 characters (rule cvc-maxLength-valid)\n");
}

/* Wide characters before the place count once each, whatever their bytes, and so do
   line ends of two characters. */
static void columns_count_characters(void **state)
{
    (void)state;
    assert_slice_equal(
        small_findings(SMALL_DOCUMENT("<Id>\xe4\xb8\xad\xe5\x9b\xbd</Id><Sts><Cd>none</Cd></Sts>"
                                      "\r\n<Note>\xe4\xb8\xad</Note><Nope/>")),
        "1:92: /Document/Smal/Sts/Cd: \"none\", expected one of BUSY, DONE (rule "
        "cvc-enumeration-valid)\n"
        "2:15: /Document/Smal/Nope: is not expected here, expected Note, Grp, Free, Sgn, Skip "
        "(rule cvc-complex-type.2.4.a)\n");
    assert_slice_equal(
        small_findings(
            SMALL_DOCUMENT("<Id>\xf0\xa0\x80\x80</Id>\n<!-- \xe4\xb8\xad --><Amt Ccy='\xe5"
                           "\x85\x83' x='1'>1</Amt><Sts><Cd>DONE</Cd></Sts>")),
        "2:16: /Document/Smal/Amt/@Ccy: \"\xe5\x85\x83\", expected the form [A-Z]{3} (rule "
        "cvc-pattern-valid)\n"
        "2:24: /Document/Smal/Amt/@x: \"1\" is not expected here (rule cvc-complex-type.3.2.2)\n");
}

static void an_attribute_on_another_line_is_told_there(void **state)
{
    (void)state;
    assert_slice_equal(
        small_findings(SMALL_DOCUMENT(
            "<Id>A</Id>\n<Amt\n  xmlns:a = 'urn:a'\n  Ccy\n=\n'cny'\n\ta:b='>'\n>1</Amt><Sts>"
            "<Cd>DONE</Cd></Sts>")),
        "4:3: /Document/Smal/Amt/@Ccy: \"cny\", expected the form [A-Z]{3} (rule "
        "cvc-pattern-valid)\n"
        "7:2: /Document/Smal/Amt/@b: \">\" is not expected here (rule cvc-complex-type.3.2.2)\n");
}

static void a_path_can_be_told_from_the_words(void **state)
{
    struct error finding;
    (void)state;
    error_at(&finding, &iso_rule, PLACE_NONE, "/Document/Smal/Id: \"a: b\" is wrong");
    assert_slice_equal(iso_finding_path(&finding), "/Document/Smal/Id");
    error_at(&finding, &iso_rule, PLACE_NONE, ".../Grp[3]/@No: x");
    assert_slice_equal(iso_finding_path(&finding), ".../Grp[3]/@No");
    error_at(&finding, &iso_rule, PLACE_NONE, "not well-formed XML: x");
    assert_null(iso_finding_path(&finding).at);
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
                        "/Document/Smal/X: is not expected here, expected E0, E1, E2, E3, E4, E5, "
                        "E6, E7, ...");
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
        cmocka_unit_test(columns_count_characters),
        cmocka_unit_test(an_attribute_on_another_line_is_told_there),
        cmocka_unit_test(a_path_can_be_told_from_the_words),
        cmocka_unit_test(a_long_path_keeps_its_end),
        cmocka_unit_test(a_long_list_of_what_may_come_is_cut),
        cmocka_unit_test(at_the_limit_no_more_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
