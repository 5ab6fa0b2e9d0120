/* FIX.5.0 and later on FIXT.1.1. */
#include "shipped.h"

static struct fix_dictionary *load_small(const char *xml)
{
    struct fix_dictionary_file file = { slice_of(xml), "small.xml" };
    struct writer text;
    writer_init(&text, 0);
    struct fix_dictionary *dictionary = load(&file, 1, &text);
    assert_slice_equal(writer_slice(&text), "");
    writer_fini(&text);
    return dictionary;
}

static const char transport_xml[] =
    "<fix type='FIXT' major='1' minor='1'>"
    "<header><field name='Kind' required='Y'/><field name='SealLen' required='N'/>"
    "<field name='Seal' required='N'/></header><trailer><field name='Sum' required='Y'/></trailer>"
    "<messages><message name='Logon' msgtype='A'><field name='RawLen' required='N'/>"
    "<field name='Raw' required='N'/></message><message name='Any' msgtype='n'/></messages>"
    "<fields><field number='35' name='Kind' type='STRING'/><field number='90' name='SealLen' "
    "type='LENGTH'/><field number='91' name='Seal' type='DATA'/><field number='10' name='Sum' "
    "type='STRING'/><field number='95' name='RawLen' type='LENGTH'/><field number='96' name='Raw' "
    "type='DATA'/></fields></fix>";

static const char application_xml[] =
    "<fix major='5' minor='0' servicepack='2'>"
    "<messages><message name='News' msgtype='B'><field name='Line' required='Y'/></message>"
    "<message name='OldLogon' msgtype='A'/></messages>"
    "<fields><field number='58' name='Line' type='STRING'/><field number='96' name='Raw' "
    "type='DATA'/><field number='35' name='Kind' type='STRING'><value enum='B'/></field>"
    "</fields></fix>";

static void an_application_has_the_header_of_its_transport(void **state)
{
    struct fix_dictionary *transport = load_small(transport_xml);
    struct fix_dictionary *application = load_small(application_xml);
    (void)state;
    assert_int_equal(fix_dictionary_header(application)->count, 0);
    fix_dictionary_ride(application, transport);
    assert_slice_equal(fix_dictionary_version(application), "FIX.5.0SP2");
    assert_slice_equal(fix_dictionary_begin_string(application), "FIXT.1.1");
    assert_string_equal(fix_dictionary_standard(application)->appl_ver_id, "9");
    assert_int_equal(fix_dictionary_header(application)->count, 3);
    assert_true(fix_dictionary_field(application, 35)->in_header);
    assert_int_equal(fix_dictionary_field(application, 35)->value_count, 0);
    assert_int_equal(fix_dictionary_field(application, 91)->length_tag, 90);
    fix_dictionary_free(application);
    fix_dictionary_free(transport);
}

static void session_messages_are_those_of_the_transport(void **state)
{
    struct fix_dictionary *transport = load_small(transport_xml);
    struct fix_dictionary *application = load_small(application_xml);
    (void)state;
    fix_dictionary_ride(application, transport);
    assert_ptr_equal(fix_dictionary_message(application, SLICE("A")),
                     fix_dictionary_message(transport, SLICE("A")));
    assert_ptr_equal(fix_dictionary_message_named(application, SLICE("OldLogon")),
                     fix_dictionary_message(transport, SLICE("OldLogon")));
    assert_ptr_equal(fix_dictionary_message(application, SLICE("n")),
                     fix_dictionary_message(transport, SLICE("n")));
    assert_slice_equal(fix_dictionary_message(application, SLICE("B"))->name, "News");
    assert_null(fix_dictionary_message(application, SLICE("D")));
    assert_ptr_equal(fix_dictionary_shape(application, SLICE("Any")),
                     fix_dictionary_shape(transport, SLICE("Any")));
    assert_int_equal(fix_dictionary_field_named(application, SLICE("SealLen"))->tag, 90);
    /* Paired in the transport's Logon only. */
    assert_int_equal(fix_dictionary_field(application, 96)->length_tag, 95);
    fix_dictionary_free(application);
    fix_dictionary_free(transport);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_application_has_the_header_of_its_transport),
        cmocka_unit_test(session_messages_are_those_of_the_transport),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
