/* Files that extend one another, and what may not be in them. */
#include "shipped.h"

static const char base[] =
    "<fix type='FIX' major='4' minor='4'>"
    "<fields>\n"
    "<field number='35' name='MsgType' type='STRING'/>\n"
    "<field number='58' name='Text' type='STRING'/>\n"
    "<field number='447' name='PartyIDSource' type='CHAR'><value enum='B'/></field>\n"
    "<field number='448' name='PartyID' type='STRING'/>\n"
    "<field number='453' name='NoPartyIDs' type='NUMINGROUP'/>\n"
    "</fields>\n"
    "<header><field name='MsgType' required='Y'/></header><trailer/>\n"
    "<components><component name='Parties'><group name='NoPartyIDs' required='Y'>"
    "<field name='PartyID' required='N'/></group></component></components>\n"
    "<messages><message name='News' msgtype='B' msgcat='app'>"
    "<field name='Text' required='Y'/></message></messages>"
    "</fix>";

/* The dictionary of the base and one more file. */
static struct fix_dictionary *extend(const char *extension, struct writer *text)
{
    struct fix_dictionary_file files[] = { { slice_of(base), "base.xml" },
                                           { slice_of(extension), "more.xml" } };
    writer_init(text, 0);
    return load(files, 2, text);
}

static void assert_refused(const char *extension, const char *expected)
{
    struct writer text;
    assert_null(extend(extension, &text));
    assert_slice_equal(writer_slice(&text), expected);
    writer_fini(&text);
}

static void an_extension_adds_fields_values_members_and_messages(void **state)
{
    struct writer text;
    (void)state;
    struct fix_dictionary *dictionary =
        extend("<fix major='4' minor='4'>"
               "<messages><message name='News' msgtype='B'>"
               "<component name='Parties' required='N'/></message>"
               "<message name='Extra' msgtype='U1'><field name='Text' required='N'/></message>"
               "</messages>"
               "<components><component name='Parties'><group name='NoPartyIDs' required='Y'>"
               "<field name='PartyIDSource' required='N'/></group></component></components>"
               "<fields><field number='447' name='PartyIDSource' type='CHAR'>"
               "<value enum='N'/></field></fields></fix>",
               &text);
    assert_slice_equal(writer_slice(&text), "");
    const struct fix_members *news = &fix_dictionary_message(dictionary, SLICE("B"))->body;
    assert_int_equal(news->count, 2);
    assert_true(news->at[0].required);
    assert_non_null(fix_members_find(fix_members_find(news, 453)->group, 447));
    assert_int_equal(fix_dictionary_field(dictionary, 447)->value_count, 2);
    assert_non_null(fix_dictionary_message(dictionary, SLICE("U1")));
    fix_dictionary_free(dictionary);
    writer_fini(&text);
}

static void the_same_said_again_changes_nothing(void **state)
{
    struct writer text;
    (void)state;
    struct fix_dictionary *dictionary = extend(base, &text);
    assert_slice_equal(writer_slice(&text), "");
    assert_int_equal(fix_dictionary_message(dictionary, SLICE("B"))->body.count, 1);
    assert_int_equal(fix_dictionary_field(dictionary, 447)->value_count, 1);
    fix_dictionary_free(dictionary);
    writer_fini(&text);
}

static void a_redefinition_names_both_positions(void **state)
{
    (void)state;
    assert_refused("<fix major='4' minor='4'><fields>\n"
                   " <field number='58' name='Text' type='INT'/></fields></fix>",
                   "more.xml:2:2: redefinition: <field Text> has type=\"INT\" here and \"STRING\" "
                   "at base.xml:3:1\n");
    assert_refused("<fix major='4' minor='4'><messages>\n"
                   "<message name='News' msgtype='BB'/></messages></fix>",
                   "more.xml:2:1: redefinition: <message News> has msgtype=\"BB\" here and \"B\" "
                   "at base.xml:10:11\n");
    assert_refused("<fix major='4' minor='4'><messages><message name='News' msgtype='B'>\n"
                   "<field name='Text' required='N'/></message></messages></fix>",
                   "more.xml:2:1: redefinition: <field Text> has required=\"N\" here and \"Y\" "
                   "at base.xml:10:57\n");
    assert_refused("<fix major='4' minor='4'><fields>\n"
                   "<field number='448' name='Other' type='STRING'/></fields></fix>",
                   "more.xml:2:1: redefinition: tag 448 is Other here and PartyID at "
                   "base.xml:5:1\n");
}

static void one_message_type_has_one_name(void **state)
{
    (void)state;
    assert_refused("<fix major='4' minor='4'><messages>\n"
                   "<message name='Bulletin' msgtype='B'/></messages></fix>",
                   "more.xml:2:1: redefinition: MsgType B is Bulletin here and News at "
                   "base.xml:10:11\n");
}

static void an_extension_has_the_version_of_its_base(void **state)
{
    (void)state;
    assert_refused("<fix major='4' minor='2'/>",
                   "more.xml:1:1: redefinition: <fix FIX> has minor=\"2\" here and \"4\" at "
                   "base.xml:1:1\n");
}

static void all_errors_are_found_in_one_run(void **state)
{
    (void)state;
    assert_refused("<fix major='4' minor='4'><fields>\n"
                   "<field name='Text' number='58' type='INT'><value/></field>\n"
                   "<field name='A' number='5000'/>\n"
                   "<group/></fields>\n"
                   "<extra><field/></extra></fix>",
                   "more.xml:2:1: redefinition: <field Text> has type=\"INT\" here and \"STRING\" "
                   "at base.xml:3:1\n"
                   "more.xml:3:1: an attribute is missing or wrong: <field> needs type\n"
                   "more.xml:4:1: this element has no place here: <group> in <fields>\n"
                   "more.xml:5:1: this element has no place here: <extra> in <fix>\n");
}

static void something_else_than_a_dictionary_is_refused(void **state)
{
    (void)state;
    assert_refused("<repository/>", "more.xml:1:1: this element has no place here: "
                                    "<repository>\n");
}

static void every_prefix_of_a_file_is_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size + 1 < sizeof base; size++) {
        struct writer text;
        struct fix_dictionary_file file = { guarded((struct slice){ base, size }), "base.xml" };
        writer_init(&text, 0);
        assert_null(load(&file, 1, &text));
        writer_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_extension_adds_fields_values_members_and_messages),
        cmocka_unit_test(the_same_said_again_changes_nothing),
        cmocka_unit_test(a_redefinition_names_both_positions),
        cmocka_unit_test(one_message_type_has_one_name),
        cmocka_unit_test(an_extension_has_the_version_of_its_base),
        cmocka_unit_test(all_errors_are_found_in_one_run),
        cmocka_unit_test(something_else_than_a_dictionary_is_refused),
        cmocka_unit_test(every_prefix_of_a_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
