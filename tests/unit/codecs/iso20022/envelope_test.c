#include "kit/kit.h"

#include "codecs/iso20022/envelope.h"

static void assert_written(enum iso_envelope_kind kind, struct slice header, const char *expected)
{
    struct writer writer;
    writer_init(&writer, 0);
    iso_envelope_write(kind, header, SLICE("<Document/>"), &writer);
    assert_slice_equal(writer_slice(&writer), expected);
    writer_fini(&writer);
}

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void a_wrapper_goes_around_header_and_document(void **state)
{
    (void)state;
    assert_written(ISO_ENVELOPE_REQUEST_PAYLOAD, SLICE("<AppHdr/>"),
                   DECLARATION "<RequestPayload><AppHdr/><Document/></RequestPayload>\n");
    assert_written(ISO_ENVELOPE_BUSINESS_MESSAGE, SLICE("<AppHdr/>"),
                   DECLARATION "<BusinessMessage><AppHdr/><Document/></BusinessMessage>\n");
}

static void without_a_wrapper_the_document_stands_alone(void **state)
{
    (void)state;
    assert_written(ISO_ENVELOPE_NONE, SLICE_NONE, DECLARATION "<Document/>\n");
}

static void configuration_names_those_that_can_be_written(void **state)
{
    static const enum iso_envelope_kind kinds[] = { ISO_ENVELOPE_NONE, ISO_ENVELOPE_REQUEST_PAYLOAD,
                                                    ISO_ENVELOPE_BUSINESS_MESSAGE };
    enum iso_envelope_kind kind;
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_true(iso_envelope_named(slice_of(iso_envelope_name(kinds[i])), &kind));
        assert_int_equal(kind, kinds[i]);
    }
    assert_false(iso_envelope_named(SLICE("other"), &kind));
    assert_false(iso_envelope_named(SLICE(""), &kind));
    assert_string_equal(iso_envelope_name(ISO_ENVELOPE_REQUEST_PAYLOAD), "request-payload");
}

static void an_outermost_element_tells_the_kind(void **state)
{
    (void)state;
    assert_int_equal(iso_envelope_around(SLICE("RequestPayload")), ISO_ENVELOPE_REQUEST_PAYLOAD);
    assert_int_equal(iso_envelope_around(SLICE("BusinessMessage")), ISO_ENVELOPE_BUSINESS_MESSAGE);
    assert_int_equal(iso_envelope_around(SLICE("Envelope")), ISO_ENVELOPE_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrapper_goes_around_header_and_document),
        cmocka_unit_test(without_a_wrapper_the_document_stands_alone),
        cmocka_unit_test(configuration_names_those_that_can_be_written),
        cmocka_unit_test(an_outermost_element_tells_the_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
