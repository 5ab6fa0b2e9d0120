/* Members of messages after all components are put in place. */
#include "shipped.h"

#include <stdio.h>

static const char fields[] = "<fields><field name='Text' number='58' type='STRING'/>"
                             "<field name='Count' number='100' type='INT'/>"
                             "<field name='Other' number='101' type='NUMINGROUP'/>"
                             "<field name='Size' number='102' type='INT'/>"
                             "<field name='Bytes' number='103' type='DATA'/></fields>";

/* A dictionary with one message, and components. */
static struct fix_dictionary *message_of(const char *body, const char *components,
                                         struct writer *text)
{
    static char xml[65536];
    snprintf(xml, sizeof xml,
             "<fix major='4' minor='4'>%s<messages><message name='M' msgtype='M'>\n%s</message>"
             "</messages><components>\n%s</components></fix>",
             fields, body, components);
    struct fix_dictionary_file file = { slice_of(xml), "own.xml" };
    writer_init(text, 0);
    return load(&file, 1, text);
}

static void assert_refused(const char *body, const char *components, const char *expected)
{
    struct writer text;
    assert_null(message_of(body, components, &text));
    assert_slice_equal(writer_slice(&text), expected);
    writer_fini(&text);
}

static void a_component_is_mandatory_as_far_as_it_is_asked_for(void **state)
{
    const char *components = "<component name='C'><field name='Text' required='Y'/></component>";
    struct writer text;
    (void)state;
    struct fix_dictionary *dictionary =
        message_of("<component name='C' required='Y'/>", components, &text);
    assert_true(fix_dictionary_message(dictionary, SLICE("M"))->body.at[0].required);
    fix_dictionary_free(dictionary);
    writer_fini(&text);
    dictionary = message_of("<component name='C' required='N'/>", components, &text);
    assert_false(fix_dictionary_message(dictionary, SLICE("M"))->body.at[0].required);
    fix_dictionary_free(dictionary);
    writer_fini(&text);
}

static void a_member_named_twice_is_one_member(void **state)
{
    struct writer text;
    (void)state;
    struct fix_dictionary *dictionary =
        message_of("<field name='Text' required='N'/><component name='C' required='Y'/>",
                   "<component name='C'><field name='Text' required='Y'/></component>", &text);
    const struct fix_members *body = &fix_dictionary_message(dictionary, SLICE("M"))->body;
    assert_int_equal(body->count, 1);
    assert_true(body->at[0].required);
    assert_int_equal(body->required_count, 1);
    fix_dictionary_free(dictionary);
    writer_fini(&text);
}

static void data_and_length_are_paired_by_their_places(void **state)
{
    struct writer text;
    (void)state;
    struct fix_dictionary *dictionary = message_of(
        "<field name='Size' required='N'/><field name='Bytes' required='N'/>", "", &text);
    assert_int_equal(fix_dictionary_field(dictionary, 103)->length_tag, 102);
    fix_dictionary_free(dictionary);
    writer_fini(&text);
    dictionary = message_of("<field name='Text' required='N'/><field name='Bytes' required='N'/>",
                            "", &text);
    assert_int_equal(fix_dictionary_field(dictionary, 103)->length_tag, 0);
    fix_dictionary_free(dictionary);
    writer_fini(&text);
}

static void a_group_may_be_counted_by_an_int(void **state)
{
    struct writer text;
    (void)state;
    struct fix_dictionary *dictionary = message_of(
        "<group name='Count' required='N'><field name='Text' required='N'/></group>", "", &text);
    const struct fix_members *body = &fix_dictionary_message(dictionary, SLICE("M"))->body;
    assert_int_equal(body->at[0].group->at[0].field->tag, 58);
    fix_dictionary_free(dictionary);
    writer_fini(&text);
}

static void names_are_known(void **state)
{
    (void)state;
    assert_refused("<field name='Txt' required='N'/>\n", "",
                   "own.xml:2:1: no such name: Txt: no such field\n");
    assert_refused("<component name='C' required='N'/>\n", "",
                   "own.xml:2:1: no such name: C: no such component\n");
}

static void required_is_yes_or_no(void **state)
{
    (void)state;
    assert_refused("<field name='Text' required='true'/>", "",
                   "own.xml:2:1: an attribute is missing or wrong: Text: required is Y or N\n");
}

static void a_group_has_a_first_field(void **state)
{
    (void)state;
    assert_refused("<group name='Count' required='N'/>", "",
                   "own.xml:2:1: this element has no place here: Count: a group needs a first "
                   "field\n");
}

static void one_field_does_not_count_two_groups(void **state)
{
    (void)state;
    assert_refused("<field name='Count' required='N'/>"
                   "<group name='Count' required='N'><field name='Text' required='N'/></group>",
                   "",
                   "own.xml:2:35: redefinition: Count: two different groups, or a group and a "
                   "field\n");
}

static void nothing_contains_itself(void **state)
{
    (void)state;
    assert_refused("<component name='C' required='N'/>",
                   "<component name='C'><component name='D' required='N'/></component>\n"
                   "<component name='D'><component name='C' required='N'/></component>",
                   "own.xml:3:1: a component or group contains itself: C\n");
    assert_refused("<component name='C' required='N'/>",
                   "<component name='C'><group name='Count' required='N'>"
                   "<component name='C' required='N'/></group></component>",
                   "own.xml:3:1: a component or group contains itself: C\n");
}

/* 2^12 members, if each were counted. */
static void components_that_multiply_are_stopped(void **state)
{
    char components[8192] = "";
    struct writer text;
    (void)state;
    for (int i = 0; i < 12; i++) {
        size_t used = strlen(components);
        snprintf(components + used, sizeof components - used,
                 "<component name='A%d'><component name='A%d' required='N'/>"
                 "<component name='B%d' required='N'/></component>"
                 "<component name='B%d'><component name='A%d' required='N'/>"
                 "<component name='B%d' required='N'/></component>",
                 i, i + 1, i + 1, i, i + 1, i + 1);
    }
    strcat(components, "<component name='A12'/><component name='B12'/>");
    assert_null(message_of("<component name='A0' required='N'/>", components, &text));
    assert_non_null(strstr(writer_slice(&text).at, "over a limit"));
    writer_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_component_is_mandatory_as_far_as_it_is_asked_for),
        cmocka_unit_test(a_member_named_twice_is_one_member),
        cmocka_unit_test(data_and_length_are_paired_by_their_places),
        cmocka_unit_test(a_group_may_be_counted_by_an_int),
        cmocka_unit_test(names_are_known),
        cmocka_unit_test(required_is_yes_or_no),
        cmocka_unit_test(a_group_has_a_first_field),
        cmocka_unit_test(one_field_does_not_count_two_groups),
        cmocka_unit_test(nothing_contains_itself),
        cmocka_unit_test(components_that_multiply_are_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
