/* Fields, their types and their lists. */
#include "shipped.h"

#include <stdio.h>

/* A dictionary of some fields in a version of FIX; freed by the caller. */
static struct fix_dictionary *fields_of(const char *minor, const char *fields, struct writer *text)
{
    char xml[2048];
    snprintf(xml, sizeof xml, "<fix major='4' minor='%s'><fields>\n%s</fields></fix>", minor,
             fields);
    struct fix_dictionary_file file = { slice_of(xml), "own.xml" };
    writer_init(text, 0);
    return load(&file, 1, text);
}

static void assert_type(const char *minor, const char *field, enum fix_type type)
{
    struct writer text;
    struct fix_dictionary *dictionary = fields_of(minor, field, &text);
    assert_slice_equal(writer_slice(&text), "");
    assert_int_equal(fix_dictionary_field(dictionary, 1)->type, type);
    fix_dictionary_free(dictionary);
    writer_fini(&text);
}

static void assert_refused(const char *fields, const char *expected)
{
    struct writer text;
    assert_null(fields_of("4", fields, &text));
    assert_slice_equal(writer_slice(&text), expected);
    writer_fini(&text);
}

static void types_have_many_names(void **state)
{
    (void)state;
    assert_type("4", "<field name='A' number='1' type='AMT'/>", FIX_TYPE_FLOAT);
    assert_type("4", "<field name='A' number='1' type='PRICEOFFSET'/>", FIX_TYPE_FLOAT);
    assert_type("4", "<field name='A' number='1' type='UTCDATE'/>", FIX_TYPE_UTC_DATE);
    assert_type("4", "<field name='A' number='1' type='MULTIPLECHARVALUE'/>",
                FIX_TYPE_MULTIPLE_VALUE);
    assert_type("0", "<field name='A' number='1' type='TIME'/>", FIX_TYPE_UTC_TIMESTAMP);
}

static void a_char_was_any_text_before_fix42(void **state)
{
    (void)state;
    assert_type("0", "<field name='A' number='1' type='CHAR'/>", FIX_TYPE_STRING);
    assert_type("1", "<field name='A' number='1' type='CHAR'/>", FIX_TYPE_STRING);
    assert_type("2", "<field name='A' number='1' type='CHAR'/>", FIX_TYPE_CHAR);
}

static void a_char_with_longer_values_is_text(void **state)
{
    (void)state;
    assert_type("4",
                "<field name='A' number='1' type='CHAR'><value enum='1'/><value enum='99'/>"
                "</field>",
                FIX_TYPE_STRING);
}

static void a_list_can_be_open(void **state)
{
    struct writer text;
    (void)state;
    struct fix_dictionary *dictionary =
        fields_of("4",
                  "<field name='A' number='1' type='STRING'><value enum='x'/></field>"
                  "<field name='B' number='2' type='STRING' allowOtherValues='true'>"
                  "<value enum='x'/></field>"
                  "<field name='C' number='3' type='STRING'><value enum='DTC'/>"
                  "<value enum='ISO Country Code'/></field>"
                  "<field name='MsgType' number='35' type='STRING'><value enum='0'/></field>",
                  &text);
    assert_false(fix_dictionary_field(dictionary, 1)->open);
    assert_true(fix_dictionary_field(dictionary, 2)->open);
    assert_true(fix_dictionary_field(dictionary, 3)->open);
    assert_true(fix_dictionary_field(dictionary, 35)->open);
    fix_dictionary_free(dictionary);
    writer_fini(&text);
}

static void a_tag_is_a_number_from_1(void **state)
{
    (void)state;
    assert_refused("<field name='A' number='0' type='INT'/>\n"
                   "<field name='B' number='x' type='INT'/>\n"
                   "<field name='C' number='1234567890' type='INT'/>\n",
                   "own.xml:2:1: an attribute is missing or wrong: A: 0 is not a tag\n"
                   "own.xml:3:1: an attribute is missing or wrong: B: x is not a tag\n"
                   "own.xml:4:1: an attribute is missing or wrong: C: 1234567890 is not a tag\n");
}

static void a_misspelt_type_gets_a_suggestion(void **state)
{
    (void)state;
    assert_refused("<field name='A' number='1' type='STRNG'/>",
                   "own.xml:2:1: an attribute is missing or wrong: A has the unknown type STRNG "
                   "(did you mean STRING?)\n");
}

static void whether_a_list_is_open_is_true_or_false(void **state)
{
    (void)state;
    assert_refused("<field name='A' number='1' type='INT' allowOtherValues='Y'/>",
                   "own.xml:2:1: an attribute is missing or wrong: A: allowOtherValues is true or "
                   "false, not Y\n");
}

static void a_shared_list_belongs_to_a_field_with_values(void **state)
{
    (void)state;
    assert_refused("<field name='A' number='1' type='INT' valuesOf='B'/>"
                   "<field name='B' number='2' type='INT'/>",
                   "own.xml:2:1: no such name: A: B has no values to share\n");
    assert_refused("<field name='A' number='1' type='INT' valuesOf='C'/>",
                   "own.xml:2:1: no such name: A: C has no values to share\n");
    assert_refused("<field name='A' number='1' type='INT' valuesOf='B'><value enum='1'/></field>"
                   "<field name='B' number='2' type='INT'><value enum='1'/></field>",
                   "own.xml:2:1: no such name: A: B would replace its own values\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_have_many_names),
        cmocka_unit_test(a_char_was_any_text_before_fix42),
        cmocka_unit_test(a_char_with_longer_values_is_text),
        cmocka_unit_test(a_list_can_be_open),
        cmocka_unit_test(a_tag_is_a_number_from_1),
        cmocka_unit_test(a_misspelt_type_gets_a_suggestion),
        cmocka_unit_test(whether_a_list_is_open_is_true_or_false),
        cmocka_unit_test(a_shared_list_belongs_to_a_field_with_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
