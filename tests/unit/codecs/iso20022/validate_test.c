/* Each rule of a schema from both sides: a document that keeps it and one that
   breaks it, with the finding as an operator reads it. */
#include "small.h"

#define XSI "xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\""

static void assert_valid(const char *xml)
{
    assert_slice_equal(small_findings(xml), "");
}

static void assert_found(const char *xml, const char *findings)
{
    assert_slice_equal(small_findings(xml), findings);
}

static void the_smallest_and_the_fullest_document_are_valid(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY));
    assert_valid(SMALL_DOCUMENT(
        "<Id>A</Id><Dt>2024-02-29</Dt><Amt Ccy=\"CNY\">1.50</Amt><Sts><Prtry>x</Prtry></Sts>"
        "<Note/><Note>b</Note><Note>c</Note><Grp><No>1</No><Tx><Ref>r</Ref><Amt Ccy=\"CNY\">0"
        "</Amt><Rsn>a</Rsn></Tx><Tx><Ref>r</Ref></Tx></Grp><Grp><No>2</No></Grp>"
        "<Free><any>thing</any></Free><Sgn><s xmlns=\"urn:sign\"/></Sgn><Skip><Smal/></Skip>"));
}

static void an_unknown_element_is_not_expected(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Id>A</Id>\n<Foo><Id/></Foo><Sts><Cd>DONE</Cd></Sts>"),
                 "2:1: this element is not expected here: /Document/Smal/Foo: expected Dt, Amt, "
                 "Sts\n");
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Skip><a/></Skip><Foo/>"),
                 "1:123: this element is not expected here: /Document/Smal/Foo: nothing more may "
                 "follow\n");
}

static void a_known_name_of_another_namespace_is_unknown(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT(SMALL_BODY "\n<Note xmlns=\"urn:o\"/>\n<Note xmlns=\"\"/>"),
                 "2:1: this element is not expected here: /Document/Smal/Note: it is of namespace "
                 "urn:o, expected Note, Grp, Free, Sgn, Skip\n"
                 "3:1: this element is not expected here: /Document/Smal/Note: it is of no "
                 "namespace, expected Note, Grp, Free, Sgn, Skip\n");
}

static void what_is_missing_is_told_where_it_is_noticed(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("\n<Sts><Cd>DONE</Cd></Sts>"),
                 "2:1: an element is missing: /Document/Smal/Id\n");
    assert_found(SMALL_DOCUMENT("\n"), "1:66: an element is missing: /Document/Smal/Id\n"
                                       "1:66: an element is missing: /Document/Smal/Sts\n");
    assert_found("<Document xmlns=\"" SMALL_NAMESPACE "\"/>",
                 "1:1: an element is missing: /Document/Smal\n");
}

static void the_order_is_that_of_the_schema(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Sts><Cd>DONE</Cd></Sts>\n<Id>A</Id>"),
                 "1:72: an element is missing: /Document/Smal/Id\n"
                 "2:1: this element is not expected here: /Document/Smal/Id: expected Note, Grp, "
                 "Free, Sgn, Skip\n");
}

static void an_element_comes_as_often_as_it_may(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Note/><Note/><Note/>"));
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Note/><Note/><Note/>\n<Note/>"),
                 "2:1: this element is there too often: /Document/Smal/Note: expected at most 3\n");
    assert_found(SMALL_DOCUMENT("<Id>A</Id>\n<Id>A</Id><Sts><Cd>DONE</Cd></Sts>"),
                 "2:1: this element is there too often: /Document/Smal/Id: expected at most 1\n");
}

static void a_choice_takes_one_branch(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Id>A</Id>\n<Sts/>"),
                 "2:1: nothing is chosen: /Document/Smal/Sts: expected Cd or another branch\n");
    assert_found(SMALL_DOCUMENT("<Id>A</Id><Sts><Cd>DONE</Cd>\n<Prtry>x</Prtry></Sts>"),
                 "2:1: this element is not expected here: /Document/Smal/Sts/Prtry: nothing more "
                 "may follow\n");
    assert_found(SMALL_DOCUMENT("<Id>A</Id><Sts><Cd>DONE</Cd>\n<Cd>DONE</Cd></Sts>"),
                 "2:1: this element is there too often: /Document/Smal/Sts/Cd: expected at most "
                 "1\n");
}

static void text_stands_only_where_the_type_has_some(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(" \n\t&#32;<![CDATA[ ]]>" SMALL_BODY));
    assert_found(SMALL_DOCUMENT("\n<Id>A</Id>x<Sts><Cd>DONE</Cd></Sts>"),
                 "1:66: there is text between elements: /Document/Smal: expected elements\n");
    assert_found(SMALL_DOCUMENT(SMALL_BODY "\xc2\xa0"),
                 "1:66: there is text between elements: /Document/Smal: expected elements\n");
    assert_found(SMALL_DOCUMENT("<Id>A<b/>C</Id><Sts><Cd>DONE</Cd></Sts>"),
                 "1:77: this element is not expected here: /Document/Smal/Id/b: expected only "
                 "text\n");
}

static void a_value_is_one_whatever_splits_it(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT("<Id>A<!-- c -->B<?pi?>&#67;<![CDATA[DE]]></Id>"
                                "<Sts><Cd><![CDATA[DONE]]></Cd></Sts>"));
    assert_found(
        SMALL_DOCUMENT("<Id>A<!-- c -->BCD<![CDATA[EF]]></Id><Sts><Cd>DONE</Cd></Sts>"),
        "1:72: the value is not allowed: /Document/Smal/Id: \"ABCDEF\", expected at most 5 "
        "characters\n");
}

static void values_meet_their_facets(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Id/>\n<Dt>2023-02-29</Dt>\n<Sts><Cd>NONE</Cd></Sts>"),
                 "1:72: the value is not allowed: /Document/Smal/Id: \"\", expected at least 1 "
                 "character\n"
                 "2:1: the value is not of its type: /Document/Smal/Dt: \"2023-02-29\", expected a "
                 "date, as 2024-02-29\n"
                 "3:6: the value is not in the list: /Document/Smal/Sts/Cd: \"NONE\", expected one "
                 "of BUSY, DONE\n");
}

static void occurrences_are_counted_in_the_path(void **state)
{
    (void)state;
    assert_found(
        SMALL_DOCUMENT(SMALL_BODY "<Grp><No>1</No></Grp><Grp><No>2</No><Tx><Ref>r</Ref>"
                                  "</Tx>\n<Tx><Ref/></Tx></Grp>"),
        "2:5: the value is not allowed: /Document/Smal/Grp[2]/Tx[2]/Ref: \"\", expected at "
        "least 1 character\n");
}

static void an_amount_needs_its_attribute_and_nothing_else(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Id>A</Id>\n<Amt>1</Amt><Sts><Cd>DONE</Cd></Sts>"),
                 "2:1: an attribute is missing: /Document/Smal/Amt/@Ccy\n");
    assert_found(
        SMALL_DOCUMENT("<Id>A</Id>\n<Amt Ccy=\"cny\">1</Amt><Sts><Cd>DONE</Cd></Sts>"),
        "2:1: the value is not allowed: /Document/Smal/Amt/@Ccy: \"cny\", expected the form "
        "[A-Z]{3}\n");
    assert_found(
        SMALL_DOCUMENT(
            "<Id Ccy=\"CNY\">A</Id>\n<Amt Ccy=\"CNY\" x=\"1\">1</Amt><Sts><Cd>DONE</Cd></Sts>"),
        "1:72: this attribute is not expected here: /Document/Smal/Id/@Ccy: \"CNY\"\n"
        "2:1: this attribute is not expected here: /Document/Smal/Amt/@x: \"1\"\n");
}

static void attributes_of_other_namespaces_are_not_expected(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Id xml:lang=\"en\">A</Id><Sts><Cd>DONE</Cd></Sts>"),
                 "1:72: this attribute is not expected here: /Document/Smal/Id/@lang: \"en\"\n");
    assert_found(SMALL_DOCUMENT("<Id xmlns:o=\"urn:o\" o:a=\"\">A</Id><Sts><Cd>DONE</Cd></Sts>"),
                 "1:72: this attribute is not expected here: /Document/Smal/Id/@a: \"\"\n");
}

static void schema_locations_are_hints_and_types_must_be_the_declared_ones(void **state)
{
    (void)state;
    assert_valid("<Document xmlns=\"" SMALL_NAMESPACE "\" " XSI
                 " x:schemaLocation=\"a b\" x:type=\"Document\"><Smal>"
                 "<Id x:type=\"Text5\" x:noNamespaceSchemaLocation=\"c\">A</Id>"
                 "<Sts><Cd>DONE</Cd></Sts></Smal></Document>");
    assert_found(
        SMALL_DOCUMENT("<Id " XSI " x:type=\"Text70\">A</Id><Sts><Cd>DONE</Cd></Sts>"),
        "1:72: this attribute is not expected here: /Document/Smal/Id/@type: \"Text70\"\n");
    assert_found(SMALL_DOCUMENT("<Id " XSI " x:nil=\"false\">A</Id><Sts><Cd>DONE</Cd></Sts>"),
                 "1:72: this attribute is not expected here: /Document/Smal/Id/@nil: \"false\"\n");
}

static void a_named_type_is_told_by_its_namespace(void **state)
{
    (void)state;
    assert_valid("<p:Document xmlns:p=\"" SMALL_NAMESPACE "\" " XSI
                 " x:type=\"p:Document\"><p:Smal>"
                 "<p:Id x:type=\" p:Text5 \">A</p:Id><p:Sts><p:Cd>DONE</p:Cd></p:Sts></p:Smal>"
                 "</p:Document>");
    assert_found(
        SMALL_DOCUMENT("<Id " XSI " xmlns:o=\"urn:o\" x:type=\"o:Text5\">A</Id>"
                       "<Sts><Cd>DONE</Cd></Sts>"),
        "1:72: this attribute is not expected here: /Document/Smal/Id/@type: \"o:Text5\"\n");
    assert_found(
        SMALL_DOCUMENT("<Id " XSI " x:type=\"o:Text5\">A</Id><Sts><Cd>DONE</Cd></Sts>"),
        "1:72: this attribute is not expected here: /Document/Smal/Id/@type: \"o:Text5\"\n");
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Free>\n<a " XSI " x:type=\"date\">1</a></Free>"),
                 "2:1: this attribute is not expected here: /Document/Smal/Free[1]/@type: there is "
                 "no type date\n");
    assert_found(
        SMALL_DOCUMENT(SMALL_BODY "<Free>\n<a xmlns=\"\" " XSI " x:type=\"Text5\"/></Free>"),
        "2:1: this attribute is not expected here: /Document/Smal/Free[1]/@type: there is "
        "no type Text5\n");
    assert_found(SMALL_DOCUMENT(SMALL_BODY
                                "<Free>\n<a xmlns:s=\"http://www.w3.org/2001/XMLSchema\" " XSI
                                " x:type=\"s:Text5\">1</a></Free>"),
                 "2:1: this attribute is not expected here: /Document/Smal/Free[1]/@type: there is "
                 "no type Text5\n");
}

static void a_wildcard_takes_one_element(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free> <a xmlns=\"\"/> </Free>"));
    assert_found(SMALL_DOCUMENT(SMALL_BODY "\n<Free/>\n<Free>text</Free>\n<Free><a/><b/></Free>"),
                 "2:1: this place takes one element: /Document/Smal/Free[1]: it is empty\n"
                 "3:1: there is text between elements: /Document/Smal/Free[2]: expected elements\n"
                 "3:1: this place takes one element: /Document/Smal/Free[2]: it is empty\n"
                 "4:11: this place takes one element: /Document/Smal/Free[3]/b: expected no "
                 "other\n");
}

static void a_wildcard_of_one_namespace_takes_no_other(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Sgn><a xmlns=\"urn:sign\"/></Sgn>"));
    assert_found(SMALL_DOCUMENT(SMALL_BODY "\n<Sgn><a/></Sgn>"),
                 "2:6: this place takes one element: /Document/Smal/Sgn/a: expected one of "
                 "namespace urn:sign\n");
}

static void below_a_lax_wildcard_what_the_schema_knows_is_checked(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free><a>" SMALL_DOCUMENT(SMALL_BODY) "</a></Free>"));
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free><Smal><Id/></Smal></Free>"));
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Free><a x=\"1\">\n<Document/></a></Free>"),
                 "2:1: an element is missing: /Document/Smal/Free[1]/*/Document/Smal\n");
}

static void below_a_lax_wildcard_xsi_type_is_obeyed(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free><a " XSI " x:type=\"Text5\">abc</a></Free>"));
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free><a " XSI
                                           " xmlns:s=\"http://www.w3.org/2001/XMLSchema\""
                                           " x:type=\"s:date\">2024-02-29</a></Free>"));
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Free>\n<a " XSI " x:type=\"Text5\">abcdef</a></Free>"),
                 "2:1: the value is not allowed: /Document/Smal/Free[1]/*: \"abcdef\", expected at "
                 "most 5 characters\n");
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Free>\n<a " XSI " x:type=\"None\"/></Free>"),
                 "2:1: this attribute is not expected here: /Document/Smal/Free[1]/@type: there is "
                 "no type None\n");
}

static void below_a_skipping_wildcard_nothing_is_looked_at(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Skip><a " XSI
                                           " x:type=\"None\">" SMALL_DOCUMENT("") "</a></Skip>"));
}

static void comments_and_instructions_stand_anywhere(void **state)
{
    (void)state;
    assert_valid(
        "<!-- a --><?b?>" SMALL_DOCUMENT("<!-- c --><?d?>" SMALL_BODY "<?e?>") "<!-- f -->");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_and_the_fullest_document_are_valid),
        cmocka_unit_test(an_unknown_element_is_not_expected),
        cmocka_unit_test(a_known_name_of_another_namespace_is_unknown),
        cmocka_unit_test(what_is_missing_is_told_where_it_is_noticed),
        cmocka_unit_test(the_order_is_that_of_the_schema),
        cmocka_unit_test(an_element_comes_as_often_as_it_may),
        cmocka_unit_test(a_choice_takes_one_branch),
        cmocka_unit_test(text_stands_only_where_the_type_has_some),
        cmocka_unit_test(a_value_is_one_whatever_splits_it),
        cmocka_unit_test(values_meet_their_facets),
        cmocka_unit_test(occurrences_are_counted_in_the_path),
        cmocka_unit_test(an_amount_needs_its_attribute_and_nothing_else),
        cmocka_unit_test(attributes_of_other_namespaces_are_not_expected),
        cmocka_unit_test(schema_locations_are_hints_and_types_must_be_the_declared_ones),
        cmocka_unit_test(a_named_type_is_told_by_its_namespace),
        cmocka_unit_test(a_wildcard_takes_one_element),
        cmocka_unit_test(a_wildcard_of_one_namespace_takes_no_other),
        cmocka_unit_test(below_a_lax_wildcard_what_the_schema_knows_is_checked),
        cmocka_unit_test(below_a_lax_wildcard_xsi_type_is_obeyed),
        cmocka_unit_test(below_a_skipping_wildcard_nothing_is_looked_at),
        cmocka_unit_test(comments_and_instructions_stand_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
