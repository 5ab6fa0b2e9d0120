#include "kit/kit.h"

#include "codecs/base/xml.h"
#include "codecs/iso20022/catalogue.h"
#include "codecs/iso20022/envelope.h"

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static const struct iso_envelope_parts *parts(void)
{
    static struct iso_envelope_parts parts;
    parts = (struct iso_envelope_parts){
        .header = SLICE("<AppHdr/>"),
        .document = SLICE("<Document/>"),
        .id = SLICE("A&B"),
        .definition = SLICE("pacs.008.001.08"),
        .sender = SLICE("ALBRGB2LXXX"),
        .receiver = SLICE("ICBXCNBJXXX"),
    };
    return &parts;
}

static void assert_text_written(struct slice text, const char *expected)
{
    struct writer writer;
    struct error error;
    writer_init(&writer, 0);
    assert_true(iso_envelope_write(text, parts(), &writer, &error));
    assert_slice_equal(writer_slice(&writer), expected);
    writer_fini(&writer);
}

static void assert_written(enum iso_envelope_kind kind, const char *expected)
{
    assert_text_written(iso_envelope_text(kind), expected);
}

static void a_wrapper_goes_around_header_and_document(void **state)
{
    (void)state;
    assert_written(ISO_ENVELOPE_REQUEST_PAYLOAD,
                   DECLARATION "<RequestPayload><AppHdr/><Document/></RequestPayload>\n");
    assert_written(ISO_ENVELOPE_BUSINESS_MESSAGE,
                   DECLARATION "<BusinessMessage><AppHdr/><Document/></BusinessMessage>\n");
}

static void header_and_document_may_have_places_of_their_own(void **state)
{
    (void)state;
    assert_written(ISO_ENVELOPE_NVLP,
                   DECLARATION "<BizMsgEnvlp xmlns=\"" ISO_NAMESPACE "nvlp.001.001.01\">"
                               "<Hdr><AppHdr/></Hdr><Doc><Document/></Doc></BizMsgEnvlp>\n");
}

static void without_a_wrapper_the_document_stands_alone(void **state)
{
    (void)state;
    assert_written(ISO_ENVELOPE_NONE, DECLARATION "<Document/>\n");
}

static void what_the_header_says_may_stand_in_the_wrapper_too(void **state)
{
    (void)state;
    assert_text_written(SLICE("<w a='{id}'>{sender}{receiver}{definition}{header}{document}</w>"),
                        DECLARATION "<w a='A&amp;B'>ALBRGB2LXXXICBXCNBJXXXpacs.008.001.08"
                                    "<AppHdr/><Document/></w>\n");
}

static void the_federal_reserve_has_names_for_messages(void **state)
{
    struct iso_envelope_parts other = *parts();
    struct writer writer;
    struct error error;
    (void)state;
    assert_written(ISO_ENVELOPE_FEDNOW_INCOMING, DECLARATION
                   "<FedNowIncoming xmlns=\"urn:fednow:incoming:v001\"><FedNowIncomingMessage>"
                   "<FedNowCustomerCreditTransfer><AppHdr/><Document/>"
                   "</FedNowCustomerCreditTransfer></FedNowIncomingMessage></FedNowIncoming>\n");
    other.definition = SLICE("camt.053.001.08");
    writer_init(&writer, 0);
    assert_false(iso_envelope_write(iso_envelope_text(ISO_ENVELOPE_FEDNOW_INCOMING), &other,
                                    &writer, &error));
    assert_ptr_equal(error.kind, &iso_envelope_message_fault);
    assert_string_equal(error.detail, "camt.053.001.08");
    writer_fini(&writer);
}

/* Each is well-formed and says its own outermost element and namespace. */
static void every_envelope_is_known_again(void **state)
{
    (void)state;
    for (unsigned kind = ISO_ENVELOPE_NONE + 1; kind < ISO_ENVELOPE_OTHER; kind++) {
        struct xml_reader *reader = xml_reader_new(NULL, &xml_limits_default);
        struct xml_event event;
        struct writer writer;
        struct error error;
        writer_init(&writer, 0);
        assert_true(iso_envelope_write(iso_envelope_text((enum iso_envelope_kind)kind), parts(),
                                       &writer, &error));
        assert_true(xml_reader_feed(reader, writer_slice(&writer), true, &error));
        assert_true(xml_reader_next(reader, &event));
        assert_int_equal(iso_envelope_around(event.name, event.namespace), kind);
        xml_reader_free(reader);
        writer_fini(&writer);
    }
}

static void configuration_names_those_that_can_be_written(void **state)
{
    enum iso_envelope_kind kind;
    struct error error;
    (void)state;
    for (unsigned i = 0; i < ISO_ENVELOPE_OTHER; i++) {
        const char *name = iso_envelope_name((enum iso_envelope_kind)i);
        assert_true(iso_envelope_named(slice_of(name), &kind));
        assert_int_equal(kind, i);
        assert_int_equal(iso_envelope_text_check(iso_envelope_text(kind), &error),
                         kind != ISO_ENVELOPE_NONE);
    }
    assert_false(iso_envelope_named(SLICE("other"), &kind));
    assert_false(iso_envelope_named(SLICE(""), &kind));
    assert_string_equal(iso_envelope_name(ISO_ENVELOPE_REQUEST_PAYLOAD), "request-payload");
    assert_string_equal(iso_envelope_name(ISO_ENVELOPE_OTHER), "other");
}

static void a_text_of_ones_own_holds_both_parts_once(void **state)
{
    static const struct {
        const char *text, *detail;
    } cases[] = {
        { "<w>{header}</w>", "it needs {header} and {document} once each" },
        { "<w>{header}{document}{document}</w>", "it needs {header} and {document} once each" },
        { "<w a=\"{id}\"><!--{header}-->{document}</w>",
          "it needs {header} and {document} once each" },
        { "<w>{header}{document}{nothing}</w>", "there is no {nothing}" },
        { "<w>{header}{document}{</w>", "there is no {}" },
    };
    struct error error;
    (void)state;
    assert_true(iso_envelope_text_check(SLICE("<w><h>{header}</h>{document}</w>"), &error));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(iso_envelope_text_check(slice_of(cases[i].text), &error));
        assert_ptr_equal(error.kind, &iso_envelope_text_fault);
        assert_string_equal(error.detail, cases[i].detail);
    }
    assert_false(iso_envelope_text_check(SLICE("<w>{header}{document}"), &error));
    assert_false(iso_envelope_text_check(SLICE("{header}{document}"), &error));
    assert_false(iso_envelope_text_check(SLICE(""), &error));
}

static void an_outermost_element_tells_the_kind_with_its_namespace(void **state)
{
    (void)state;
    assert_int_equal(iso_envelope_around(SLICE("RequestPayload"), SLICE_NONE),
                     ISO_ENVELOPE_REQUEST_PAYLOAD);
    assert_int_equal(iso_envelope_around(SLICE("Envelope"), SLICE("urn:swift:xsd:envelope")),
                     ISO_ENVELOPE_SWIFT);
    assert_int_equal(
        iso_envelope_around(SLICE("Envelope"), SLICE("http://schemas.xmlsoap.org/soap/envelope/")),
        ISO_ENVELOPE_SOAP_11);
    assert_int_equal(iso_envelope_around(SLICE("Envelope"), SLICE_NONE), ISO_ENVELOPE_OTHER);
    assert_int_equal(iso_envelope_around(SLICE(""), SLICE_NONE), ISO_ENVELOPE_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrapper_goes_around_header_and_document),
        cmocka_unit_test(header_and_document_may_have_places_of_their_own),
        cmocka_unit_test(without_a_wrapper_the_document_stands_alone),
        cmocka_unit_test(what_the_header_says_may_stand_in_the_wrapper_too),
        cmocka_unit_test(the_federal_reserve_has_names_for_messages),
        cmocka_unit_test(every_envelope_is_known_again),
        cmocka_unit_test(configuration_names_those_that_can_be_written),
        cmocka_unit_test(a_text_of_ones_own_holds_both_parts_once),
        cmocka_unit_test(an_outermost_element_tells_the_kind_with_its_namespace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
