/* One mistake is one finding: nothing follows from it that would have to be mended, too. */
#include "small.h"

#include <stdio.h>

#define STATUS "<Sts><Cd>DONE</Cd></Sts>"

/* That the finding begins like this and is the only one. */
static void assert_one(const char *xml, const char *finding)
{
    struct slice found = small_findings(xml);
    const char *end = found.size == 0 ? NULL : memchr(found.at, '\n', found.size);
    if (end == NULL || end + 1 != found.at + found.size || !slice_starts(found, slice_of(finding)))
        fail_msg("%s: expected only %s, found\n%.*s", xml, finding, SLICE_ARG(found));
}

static void a_misspelt_element_is_not_missing_as_well(void **state)
{
    (void)state;
    assert_one(SMALL_DOCUMENT("<Idd>A</Idd>" STATUS), "1:72: /Document/Smal/Idd: is not expected");
    assert_one(SMALL_DOCUMENT("<Id>A</Id><Stss><Cd>DONE</Cd></Stss>"),
               "1:82: /Document/Smal/Stss: is not expected");
    assert_one(SMALL_DOCUMENT("<Id>A</Id><Sts><Code>DONE</Code></Sts>"),
               "1:87: /Document/Smal/Sts/Code: is not expected");
    assert_one("<Document xmlns=\"" SMALL_NAMESPACE "\"><Small><Id/></Small></Document>",
               "1:66: /Document/Small: is not expected");
}

static void an_element_that_comes_too_early_or_too_late_is_not_missing_as_well(void **state)
{
    (void)state;
    assert_one(SMALL_DOCUMENT(STATUS "<Id>A</Id>"), "1:96: /Document/Smal/Id: is not expected");
    assert_one(SMALL_DOCUMENT("<Note/><Id>A</Id>" STATUS),
               "1:79: /Document/Smal/Id: is not expected here, it belongs before Note");
    assert_one(SMALL_DOCUMENT("<Id>A</Id>" STATUS "<Note/><Dt>2024-02-29</Dt>"),
               "1:113: /Document/Smal/Dt: is not expected here, it belongs before Note");
}

static void a_row_of_late_elements_is_told_by_its_first(void **state)
{
    (void)state;
    assert_one(
        SMALL_DOCUMENT("<Grp><No>1</No></Grp><Id>A</Id><Dt>2024-02-29</Dt>" STATUS "<Note/>"),
        "1:93: /Document/Smal/Id: is not expected here, it belongs before Grp");
}

static void of_too_many_only_the_first_is_told(void **state)
{
    (void)state;
    assert_one(SMALL_DOCUMENT(SMALL_BODY "<Note/><Note/><Note/><Note/><Note/><Note/>"),
               "1:127: /Document/Smal/Note: is there too often");
}

static void a_place_with_text_is_not_empty_as_well(void **state)
{
    (void)state;
    assert_one(SMALL_DOCUMENT("<Id>A</Id><Sts>DONE</Sts>"), "1:87: /Document/Smal/Sts: \"DONE\"");
    assert_one(SMALL_DOCUMENT(SMALL_BODY "<Free>text</Free>"),
               "1:112: /Document/Smal/Free[1]: \"text\"");
    assert_one(SMALL_DOCUMENT(SMALL_BODY "x<Note/>y<Note/>z"), "1:106: /Document/Smal: \"x\"");
}

static void what_is_below_a_fault_is_not_told(void **state)
{
    (void)state;
    assert_one(SMALL_DOCUMENT(SMALL_BODY "<Foo><Id/><Bar x='1'/>text</Foo>"),
               "1:106: /Document/Smal/Foo: ");
    assert_one(SMALL_DOCUMENT("<Id><b>x</b>y<c/></Id>" STATUS), "1:76: /Document/Smal/Id/b: ");
    assert_one("<Document xmlns=\"" ISO_NAMESPACE "none.001.001.01\"><a/><b/></Document>",
               "1:1: /Document: no schema");
}

static void an_element_that_says_nil_is_told_for_that_only(void **state)
{
    (void)state;
    assert_one(SMALL_DOCUMENT("<Id xmlns:x='http://www.w3.org/2001/XMLSchema-instance' "
                              "x:nil='true'/>" STATUS),
               "1:128: /Document/Smal/Id/@nil: ");
    assert_one(SMALL_DOCUMENT("<Id>A</Id><Sts xmlns:x='http://www.w3.org/2001/XMLSchema-instance' "
                              "x:nil='true'/>"),
               "1:139: /Document/Smal/Sts/@nil: ");
}

/* What stands beside a mistake is still looked at. */
static void two_mistakes_are_two_findings(void **state)
{
    (void)state;
    assert_slice_equal(
        small_findings(SMALL_DOCUMENT("<Idd/>\n<Dt>x</Dt><Sts><Cd>x</Cd></Sts>\n<Grp><Tx/></Grp>")),
        "1:72: /Document/Smal/Idd: is not expected here, expected Id (rule "
        "cvc-complex-type.2.4.a)\n"
        "2:5: /Document/Smal/Dt: \"x\", expected a date, as 2024-02-29 (rule cvc-datatype-valid)\n"
        "2:20: /Document/Smal/Sts/Cd: \"x\", expected one of BUSY, DONE (rule "
        "cvc-enumeration-valid)\n"
        "3:6: /Document/Smal/Grp[1]/Tx[1]/Ref: is missing (rule cvc-complex-type.2.4.b)\n"
        "3:6: /Document/Smal/Grp[1]/No: is missing (rule cvc-complex-type.2.4.a)\n");
    assert_slice_equal(small_findings(SMALL_DOCUMENT(STATUS "\n<Id>ABCDEF</Id>\n<Id/>")),
                       "2:1: /Document/Smal/Id: is not expected here, it belongs before Sts (rule "
                       "cvc-complex-type.2.4.a)\n"
                       "2:5: /Document/Smal/Id: \"ABCDEF\", expected at most 5 characters (rule "
                       "cvc-maxLength-valid)\n"
                       "3:1: /Document/Smal/Id: is not expected here, it belongs before Sts (rule "
                       "cvc-complex-type.2.4.a)\n"
                       "3:1: /Document/Smal/Id: \"\", expected at least 1 character (rule "
                       "cvc-minLength-valid)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_misspelt_element_is_not_missing_as_well),
        cmocka_unit_test(an_element_that_comes_too_early_or_too_late_is_not_missing_as_well),
        cmocka_unit_test(a_row_of_late_elements_is_told_by_its_first),
        cmocka_unit_test(of_too_many_only_the_first_is_told),
        cmocka_unit_test(a_place_with_text_is_not_empty_as_well),
        cmocka_unit_test(what_is_below_a_fault_is_not_told),
        cmocka_unit_test(an_element_that_says_nil_is_told_for_that_only),
        cmocka_unit_test(two_mistakes_are_two_findings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
