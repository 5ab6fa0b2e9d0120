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
                 "2:1: /Document/Smal/Foo: is not expected here, expected Dt, Amt, Sts (rule "
                 "cvc-complex-type.2.4.a)\n");
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Skip><a/></Skip><Foo/>"),
                 "1:123: /Document/Smal/Foo: is not expected here, nothing more may follow (rule "
                 "cvc-complex-type.2.4.d)\n");
}

static void a_known_name_of_another_namespace_is_unknown(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT(SMALL_BODY "\n<Note xmlns=\"urn:o\"/>\n<Note xmlns=\"\"/>"),
                 "2:1: /Document/Smal/Note: is of namespace urn:o, expected Note, Grp, Free, Sgn, "
                 "Skip (rule cvc-complex-type.2.4.a)\n"
                 "3:1: /Document/Smal/Note: is of no namespace, expected Note, Grp, Free, Sgn, "
                 "Skip (rule cvc-complex-type.2.4.a)\n");
}

static void what_is_missing_is_told_where_it_is_noticed(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("\n<Sts><Cd>DONE</Cd></Sts>"),
                 "2:1: /Document/Smal/Id: is missing (rule cvc-complex-type.2.4.a)\n");
    assert_found(SMALL_DOCUMENT("\n"),
                 "1:66: /Document/Smal/Id: is missing (rule cvc-complex-type.2.4.b)\n"
                 "1:66: /Document/Smal/Sts: is missing (rule cvc-complex-type.2.4.b)\n");
    assert_found("<Document xmlns=\"" SMALL_NAMESPACE "\"/>",
                 "1:1: /Document/Smal: is missing (rule cvc-complex-type.2.4.b)\n");
}

static void the_order_is_that_of_the_schema(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Sts><Cd>DONE</Cd></Sts>\n<Id>A</Id>"),
                 "2:1: /Document/Smal/Id: is not expected here, it belongs before Sts (rule "
                 "cvc-complex-type.2.4.a)\n");
}

static void an_element_comes_as_often_as_it_may(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Note/><Note/><Note/>"));
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Note/><Note/><Note/>\n<Note/>"),
                 "2:1: /Document/Smal/Note: is there too often, expected at most 3 (rule "
                 "cvc-complex-type.2.4.d)\n");
    assert_found(SMALL_DOCUMENT("<Id>A</Id>\n<Id>A</Id><Sts><Cd>DONE</Cd></Sts>"),
                 "2:1: /Document/Smal/Id: is there too often, expected at most 1 (rule "
                 "cvc-complex-type.2.4.d)\n");
}

static void a_choice_takes_one_branch(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Id>A</Id>\n<Sts/>"),
                 "2:1: /Document/Smal/Sts: nothing is chosen, expected Cd or another branch (rule "
                 "cvc-complex-type.2.4.b)\n");
    assert_found(SMALL_DOCUMENT("<Id>A</Id><Sts><Cd>DONE</Cd>\n<Prtry>x</Prtry></Sts>"),
                 "2:1: /Document/Smal/Sts/Prtry: is not expected here, nothing more may follow "
                 "(rule cvc-complex-type.2.4.d)\n");
    assert_found(SMALL_DOCUMENT("<Id>A</Id><Sts><Cd>DONE</Cd>\n<Cd>DONE</Cd></Sts>"),
                 "2:1: /Document/Smal/Sts/Cd: is there too often, expected at most 1 (rule "
                 "cvc-complex-type.2.4.d)\n");
}

static void text_stands_only_where_the_type_has_some(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(" \n\t&#32;<![CDATA[ ]]>" SMALL_BODY));
    assert_found(SMALL_DOCUMENT("\n<Id>A</Id>x<Sts><Cd>DONE</Cd></Sts>"),
                 "2:11: /Document/Smal: \"x\" is not expected here, expected elements (rule "
                 "cvc-complex-type.2.3)\n");
    assert_found(
        SMALL_DOCUMENT(SMALL_BODY "\xc2\xa0"),
        "1:106: /Document/Smal: \"\xc2\xa0\" is not expected here, expected elements (rule "
        "cvc-complex-type.2.3)\n");
    assert_found(SMALL_DOCUMENT("<Id>A<b/>C</Id><Sts><Cd>DONE</Cd></Sts>"),
                 "1:77: /Document/Smal/Id/b: is not expected here, expected only text (rule "
                 "cvc-complex-type.2.2)\n");
}

static void a_value_is_one_whatever_splits_it(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT("<Id>A<!-- c -->B<?pi?>&#67;<![CDATA[DE]]></Id>"
                                "<Sts><Cd><![CDATA[DONE]]></Cd></Sts>"));
    assert_found(SMALL_DOCUMENT("<Id>A<!-- c -->BCD<![CDATA[EF]]></Id><Sts><Cd>DONE</Cd></Sts>"),
                 "1:76: /Document/Smal/Id: \"ABCDEF\", expected at most 5 characters (rule "
                 "cvc-maxLength-valid)\n");
}

static void values_meet_their_facets(void **state)
{
    (void)state;
    assert_found(
        SMALL_DOCUMENT("<Id/>\n<Dt>2023-02-29</Dt>\n<Sts><Cd>NONE</Cd></Sts>"),
        "1:72: /Document/Smal/Id: \"\", expected at least 1 character (rule cvc-minLength-valid)\n"
        "2:5: /Document/Smal/Dt: \"2023-02-29\", expected a date, as 2024-02-29 (rule "
        "cvc-datatype-valid)\n"
        "3:10: /Document/Smal/Sts/Cd: \"NONE\", expected one of BUSY, DONE (rule "
        "cvc-enumeration-valid)\n");
}

static void occurrences_are_counted_in_the_path(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Grp><No>1</No></Grp><Grp><No>2</No><Tx><Ref>r</Ref>"
                                           "</Tx>\n<Tx><Ref/></Tx></Grp>"),
                 "2:5: /Document/Smal/Grp[2]/Tx[2]/Ref: \"\", expected at least 1 character (rule "
                 "cvc-minLength-valid)\n");
}

static void an_amount_needs_its_attribute_and_nothing_else(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Id>A</Id>\n<Amt>1</Amt><Sts><Cd>DONE</Cd></Sts>"),
                 "2:1: /Document/Smal/Amt/@Ccy: is missing (rule cvc-complex-type.4)\n");
    assert_found(SMALL_DOCUMENT("<Id>A</Id>\n<Amt Ccy=\"cny\">1</Amt><Sts><Cd>DONE</Cd></Sts>"),
                 "2:6: /Document/Smal/Amt/@Ccy: \"cny\", expected the form [A-Z]{3} (rule "
                 "cvc-pattern-valid)\n");
    assert_found(
        SMALL_DOCUMENT(
            "<Id Ccy=\"CNY\">A</Id>\n<Amt Ccy=\"CNY\" x=\"1\">1</Amt><Sts><Cd>DONE</Cd></Sts>"),
        "1:76: /Document/Smal/Id/@Ccy: \"CNY\" is not expected here (rule cvc-complex-type.3.2.2)\n"
        "2:16: /Document/Smal/Amt/@x: \"1\" is not expected here (rule cvc-complex-type.3.2.2)\n");
}

static void attributes_of_other_namespaces_are_not_expected(void **state)
{
    (void)state;
    assert_found(SMALL_DOCUMENT("<Id xml:lang=\"en\">A</Id><Sts><Cd>DONE</Cd></Sts>"),
                 "1:76: /Document/Smal/Id/@lang: \"en\" is not expected here (rule "
                 "cvc-complex-type.3.2.2)\n");
    assert_found(
        SMALL_DOCUMENT("<Id xmlns:o=\"urn:o\" o:a=\"\">A</Id><Sts><Cd>DONE</Cd></Sts>"),
        "1:92: /Document/Smal/Id/@a: \"\" is not expected here (rule cvc-complex-type.3.2.2)\n");
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
        "1:128: /Document/Smal/Id/@type: \"Text70\" is not expected here (rule cvc-elt.4.3)\n");
    assert_found(
        SMALL_DOCUMENT("<Id " XSI " x:nil=\"false\">A</Id><Sts><Cd>DONE</Cd></Sts>"),
        "1:128: /Document/Smal/Id/@nil: \"false\" is not expected here (rule cvc-elt.3.1)\n");
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
        "1:144: /Document/Smal/Id/@type: \"o:Text5\" is not expected here (rule cvc-elt.4.2)\n");
    assert_found(
        SMALL_DOCUMENT("<Id " XSI " x:type=\"o:Text5\">A</Id><Sts><Cd>DONE</Cd></Sts>"),
        "1:128: /Document/Smal/Id/@type: \"o:Text5\" is not expected here (rule cvc-elt.4.2)\n");
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Free>\n<a " XSI " x:type=\"date\">1</a></Free>"),
                 "2:56: /Document/Smal/Free[1]/@type: there is no type date (rule cvc-elt.4.2)\n");
    assert_found(
        SMALL_DOCUMENT(SMALL_BODY "<Free>\n<a xmlns=\"\" " XSI " x:type=\"Text5\"/></Free>"),
        "2:65: /Document/Smal/Free[1]/@type: there is no type Text5 (rule cvc-elt.4.2)\n");
    assert_found(SMALL_DOCUMENT(SMALL_BODY
                                "<Free>\n<a xmlns:s=\"http://www.w3.org/2001/XMLSchema\" " XSI
                                " x:type=\"s:Text5\">1</a></Free>"),
                 "2:99: /Document/Smal/Free[1]/@type: there is no type Text5 (rule cvc-elt.4.2)\n");
}

static void a_wildcard_takes_one_element(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free> <a xmlns=\"\"/> </Free>"));
    assert_found(SMALL_DOCUMENT(SMALL_BODY "\n<Free/>\n<Free>text</Free>\n<Free><a/><b/></Free>"),
                 "2:1: /Document/Smal/Free[1]: is empty, expected one element (rule "
                 "cvc-complex-type.2.4.b)\n"
                 "3:7: /Document/Smal/Free[2]: \"text\" is not expected here, expected elements "
                 "(rule cvc-complex-type.2.3)\n"
                 "4:11: /Document/Smal/Free[3]/b: is not expected here, expected no other (rule "
                 "cvc-complex-type.2.4.d)\n");
}

static void a_wildcard_of_one_namespace_takes_no_other(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Sgn><a xmlns=\"urn:sign\"/></Sgn>"));
    assert_found(SMALL_DOCUMENT(SMALL_BODY "\n<Sgn><a/></Sgn>"),
                 "2:6: /Document/Smal/Sgn/a: is not expected here, expected one of namespace "
                 "urn:sign (rule cvc-complex-type.2.4.c)\n");
}

static void below_a_lax_wildcard_what_the_schema_knows_is_checked(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free><a>" SMALL_DOCUMENT(SMALL_BODY) "</a></Free>"));
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free><Smal><Id/></Smal></Free>"));
    assert_found(
        SMALL_DOCUMENT(SMALL_BODY "<Free><a x=\"1\">\n<Document/></a></Free>"),
        "2:1: /Document/Smal/Free[1]/*/Document/Smal: is missing (rule cvc-complex-type.2.4.b)\n");
}

static void below_a_lax_wildcard_xsi_type_is_obeyed(void **state)
{
    (void)state;
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free><a " XSI " x:type=\"Text5\">abc</a></Free>"));
    assert_valid(SMALL_DOCUMENT(SMALL_BODY "<Free><a " XSI
                                           " xmlns:s=\"http://www.w3.org/2001/XMLSchema\""
                                           " x:type=\"s:date\">2024-02-29</a></Free>"));
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Free>\n<a " XSI " x:type=\"Text5\">abcdef</a></Free>"),
                 "2:71: /Document/Smal/Free[1]/*: \"abcdef\", expected at most 5 characters (rule "
                 "cvc-maxLength-valid)\n");
    assert_found(SMALL_DOCUMENT(SMALL_BODY "<Free>\n<a " XSI " x:type=\"None\"/></Free>"),
                 "2:56: /Document/Smal/Free[1]/@type: there is no type None (rule cvc-elt.4.2)\n");
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
