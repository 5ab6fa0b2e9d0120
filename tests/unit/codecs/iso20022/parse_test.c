/* From bytes to an outcome: wrappers, parts, chunks and limits. */
#include "small.h"

#include <stdlib.h>

static struct iso_catalogue *catalogue;

static int set_up(void **state)
{
    (void)state;
    catalogue = small_catalogue();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    return 0;
}

static struct iso_parser *parsed(const char *xml, const struct iso_outcome **outcome)
{
    static struct iso_parse_options options;
    options = (struct iso_parse_options){ .catalogue = catalogue, .error_count_max = 20 };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, slice_of(xml));
    *outcome = iso_parser_end(parser);
    return parser;
}

static void assert_parts(const char *xml, enum iso_envelope_kind envelope, bool header,
                         bool document)
{
    const struct iso_outcome *outcome;
    struct iso_parser *parser = parsed(xml, &outcome);
    if (outcome->errors.count > 0)
        fail_msg("%s", outcome->errors.at[0].detail);
    assert_int_equal(outcome->envelope, envelope);
    assert_int_equal(outcome->header.schema != NULL, header);
    assert_int_equal(outcome->document.schema != NULL, document);
    iso_parser_free(parser);
}

#define BOTH SMALL_HEADER(SMALL_ID) SMALL_DOCUMENT(SMALL_BODY)

static void bare_parts_and_parts_in_wrappers_are_found(void **state)
{
    (void)state;
    assert_parts(SMALL_DOCUMENT(SMALL_BODY), ISO_ENVELOPE_NONE, false, true);
    assert_parts(SMALL_HEADER(SMALL_ID), ISO_ENVELOPE_NONE, true, false);
    assert_parts("<RequestPayload>" BOTH "</RequestPayload>", ISO_ENVELOPE_REQUEST_PAYLOAD, true,
                 true);
    assert_parts("<BusinessMessage> " BOTH "</BusinessMessage>", ISO_ENVELOPE_BUSINESS_MESSAGE,
                 true, true);
}

static void other_wrappers_of_any_depth_are_fine(void **state)
{
    (void)state;
    assert_parts("<soap:Envelope xmlns:soap=\"urn:soap\"><soap:Header>text</soap:Header>"
                 "<soap:Body id=\"1\"><Msg>" BOTH "</Msg><More/></soap:Body></soap:Envelope>",
                 ISO_ENVELOPE_OTHER, true, true);
    assert_parts("<w>" SMALL_DOCUMENT(SMALL_BODY) SMALL_HEADER(SMALL_ID) "</w>", ISO_ENVELOPE_OTHER,
                 true, true);
}

static void what_an_envelope_writes_is_read(void **state)
{
    const struct iso_envelope_parts parts = { .header = SLICE(SMALL_HEADER(SMALL_ID)),
                                              .document = SLICE(SMALL_DOCUMENT(SMALL_BODY)),
                                              .id = SLICE("1"),
                                              .definition = SLICE("pacs.008.001.08"),
                                              .sender = SLICE("ALBRGB2LXXX"),
                                              .receiver = SLICE("ICBXCNBJXXX") };
    struct writer writer;
    struct error error;
    (void)state;
    for (unsigned kind = ISO_ENVELOPE_NONE; kind < ISO_ENVELOPE_OTHER; kind++) {
        writer_init(&writer, 0);
        assert_true(iso_envelope_write(iso_envelope_text((enum iso_envelope_kind)kind), &parts,
                                       &writer, &error));
        assert_parts(writer_slice(&writer).at, (enum iso_envelope_kind)kind,
                     kind != ISO_ENVELOPE_NONE, true);
        writer_fini(&writer);
    }
}

static void assert_kind(const char *xml, const struct error_kind *kind, const char *detail)
{
    const struct iso_outcome *outcome;
    struct iso_parser *parser = parsed(xml, &outcome);
    if (outcome->errors.count == 0)
        fail_msg("%s is taken", xml);
    assert_string_equal(outcome->errors.at[0].kind->name, kind->name);
    assert_string_equal(outcome->errors.at[0].detail, detail);
    iso_parser_free(parser);
}

static void a_wrapper_holds_one_header_and_one_document(void **state)
{
    (void)state;
    assert_kind("<w/>", &iso_envelope_fault, "AppHdr and Document are missing in the envelope");
    assert_kind("<w>" SMALL_HEADER(SMALL_ID) "</w>", &iso_envelope_fault,
                "Document is missing in the envelope");
    assert_kind("<w>" SMALL_DOCUMENT(SMALL_BODY) "</w>", &iso_envelope_fault,
                "AppHdr is missing in the envelope");
    assert_kind("<w>" BOTH SMALL_DOCUMENT(SMALL_BODY) "</w>", &iso_envelope_fault,
                "/Document: is the second, expected one AppHdr and one Document");
    assert_kind("<w>" SMALL_HEADER(SMALL_ID) BOTH "</w>", &iso_envelope_fault,
                "/AppHdr: is the second, expected one AppHdr and one Document");
}

static void the_header_is_of_the_document(void **state)
{
    (void)state;
    assert_kind("<w>" SMALL_HEADER("pacs.008.001.08") SMALL_DOCUMENT(SMALL_BODY) "</w>",
                &iso_header_mismatch,
                "/AppHdr/MsgDefIdr: \"pacs.008.001.08\" is not the message of the Document, "
                "expected " SMALL_ID "");
    assert_kind("<w>" SMALL_DOCUMENT(SMALL_BODY) SMALL_HEADER(SMALL_ID "0") "</w>",
                &iso_header_mismatch,
                "/AppHdr/MsgDefIdr: \"" SMALL_ID
                "0\" is not the message of the Document, expected " SMALL_ID "");
}

static void an_unknown_namespace_is_named(void **state)
{
    (void)state;
    assert_kind("<Document xmlns=\"" ISO_NAMESPACE "pacs.008.001.99\"/>", &iso_namespace_unknown,
                "/Document: no schema is loaded for namespace \"" ISO_NAMESPACE
                "pacs.008.001.99\"");
    assert_kind("<Document xmlns=\"" ISO_NAMESPACE "smal.001.001.02\"/>", &iso_namespace_unknown,
                "/Document: no schema is loaded for namespace \"" ISO_NAMESPACE
                "smal.001.001.02\", " SMALL_ID " is");
    assert_kind("<Document xmlns=\"" ISO_NAMESPACE "\"/>", &iso_namespace_unknown,
                "/Document: no schema is loaded for namespace \"" ISO_NAMESPACE "\"");
    assert_kind("<Document/>", &iso_namespace_unknown,
                "/Document: no schema is loaded for namespace \"\"");
    assert_kind("<AppHdr xmlns=\"urn:x\"/>", &iso_namespace_unknown,
                "/AppHdr: no schema is loaded for namespace \"urn:x\"");
    assert_kind("<Foo xmlns=\"" ISO_NAMESPACE "x.1\"/>", &iso_namespace_unknown,
                "/Foo: no schema is loaded for namespace \"" ISO_NAMESPACE "x.1\"");
    assert_kind("<w>" SMALL_HEADER(SMALL_ID) "<Document xmlns=\"urn:y\"/></w>",
                &iso_namespace_unknown, "/Document: no schema is loaded for namespace \"urn:y\"");
}

static void the_root_is_that_of_its_namespace(void **state)
{
    (void)state;
    assert_kind("<Smal xmlns=\"" SMALL_NAMESPACE "\"/>", &iso_element_unexpected,
                "/Smal: is not expected here, expected Document");
    assert_kind("<AppHdr xmlns=\"" SMALL_NAMESPACE "\"/>", &iso_element_unexpected,
                "/AppHdr: is not expected here, expected Document");
}

static void what_is_not_xml_is_not_taken(void **state)
{
    const struct iso_outcome *outcome;
    static const char *const cases[] = {
        "",
        " ",
        "x",
        "<",
        "<Document",
        "<?xml version=\"1.0\"?>",
        "<!DOCTYPE Document>" SMALL_DOCUMENT(SMALL_BODY),
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" SMALL_DOCUMENT(SMALL_BODY),
        SMALL_DOCUMENT(SMALL_BODY) SMALL_DOCUMENT(SMALL_BODY),
        SMALL_DOCUMENT(SMALL_BODY) "x",
        SMALL_DOCUMENT("<Id>\xff</Id>"),
        SMALL_DOCUMENT("<Id>&amp</Id>"),
        SMALL_DOCUMENT("<Id>&nbsp;</Id>"),
        SMALL_DOCUMENT("<p:Id/>"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct iso_parser *parser = parsed(cases[i], &outcome);
        if (outcome->errors.count == 0)
            fail_msg("%s is taken", cases[i]);
        iso_parser_free(parser);
    }
}

static void every_prefix_is_refused(void **state)
{
    static const char whole[] = "<w>" BOTH "</w>";
    (void)state;
    for (size_t size = 0; size < sizeof whole - 1; size++) {
        struct iso_parse_options options = { .catalogue = catalogue };
        struct iso_parser *parser = iso_parser_new(&options, NULL);
        iso_parser_feed(parser, guarded((struct slice){ whole, size }));
        assert_true(iso_parser_end(parser)->errors.count > 0);
        iso_parser_free(parser);
    }
}

/* What is told of a document that is fed in chunks of one size. */
static void write_outcome(struct slice xml, size_t chunk_size, struct writer *writer)
{
    struct iso_parse_options options = { .catalogue = catalogue };
    struct iso_parser *parser = iso_parser_new(&options, "x");
    for (size_t at = 0; at < xml.size; at += chunk_size) {
        size_t size = xml.size - at < chunk_size ? xml.size - at : chunk_size;
        iso_parser_feed(parser, (struct slice){ xml.at + at, size });
    }
    const struct iso_outcome *outcome = iso_parser_end(parser);
    struct error_list errors = outcome->errors;
    writer_format(writer, "%d %d %d\n", (int)outcome->envelope, outcome->header.schema != NULL,
                  outcome->document.schema != NULL);
    error_list_write(&errors, writer);
    iso_parser_free(parser);
}

static void chunks_of_any_size_have_the_same_outcome(void **state)
{
    static const char *const documents[] = {
        "<RequestPayload>" BOTH "</RequestPayload>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n" SMALL_DOCUMENT(
            "<!-- c -->\r\n<Id>\xe4\xb8\xad&#x4e2d;<![CDATA[<>]]></Id>\n<Dt>2024-13-01</Dt>"
            "<Amt Ccy=\"c&#110;y\">x</Amt><Foo/>\n<Sts/><Free>a<b/><c/></Free>"),
        "<w>" SMALL_HEADER("x") SMALL_DOCUMENT("<Id>ABCDEF</Id>") "</v>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct slice xml = slice_of(documents[i]);
        struct writer whole;
        writer_init(&whole, 0);
        write_outcome(xml, xml.size, &whole);
        for (size_t size = 1; size < xml.size; size++) {
            struct writer parts;
            writer_init(&parts, 0);
            write_outcome(xml, size, &parts);
            assert_slice_equal(writer_slice(&parts), writer_slice(&whole).at);
            writer_fini(&parts);
        }
        writer_fini(&whole);
    }
}

/* A document with many values that a reader wants. */
static void feed_many(struct iso_parser *parser, size_t count)
{
    struct writer xml;
    writer_init(&xml, 0);
    writer_text(&xml, "<Document xmlns=\"" SMALL_NAMESPACE "\"><Smal>" SMALL_BODY);
    for (size_t i = 0; i < count; i++)
        writer_text(&xml, "<Grp><No>1</No></Grp>");
    writer_text(&xml, "</Smal></Document>");
    iso_parser_feed(parser, writer_slice(&xml));
    writer_fini(&xml);
}

static void records_stay_within_their_memory(void **state)
{
    const struct shape *shape = iso_schema_shape(iso_catalogue_at(catalogue, 0));
    struct error_list errors;
    error_list_init(&errors, 0);
    struct slice path = SLICE("Grp.No");
    struct shape_reader *reader = shape->operations->reader(shape, &path, 1, SLICE("Grp"), &errors);
    const struct shape_reader *readers[] = { reader };
    struct iso_parse_options options = {
        .catalogue = catalogue, .memory_max = 20000, .readers = readers, .reader_count = 1
    };
    (void)state;
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    feed_many(parser, 50);
    const struct iso_outcome *outcome = iso_parser_end(parser);
    assert_int_equal(outcome->errors.count, 0);
    assert_int_equal(outcome->document.record_count, 50);
    iso_parser_free(parser);
    parser = iso_parser_new(&options, NULL);
    feed_many(parser, 5000);
    outcome = iso_parser_end(parser);
    assert_int_equal(outcome->errors.count, 1);
    assert_ptr_equal(outcome->errors.at[0].kind, &iso_memory);
    iso_parser_free(parser);
    shape->operations->reader_free(reader);
}

static void the_limits_of_xml_can_be_set(void **state)
{
    struct xml_limits limits = xml_limits_default;
    struct iso_parse_options options = { .catalogue = catalogue, .xml_limits = &limits };
    (void)state;
    limits.depth_max = 3;
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, slice_of(SMALL_DOCUMENT(SMALL_BODY)));
    const struct iso_outcome *outcome = iso_parser_end(parser);
    assert_int_equal(outcome->errors.count, 1);
    assert_ptr_equal(outcome->errors.at[0].kind, &xml_limit);
    iso_parser_free(parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bare_parts_and_parts_in_wrappers_are_found),
        cmocka_unit_test(other_wrappers_of_any_depth_are_fine),
        cmocka_unit_test(what_an_envelope_writes_is_read),
        cmocka_unit_test(a_wrapper_holds_one_header_and_one_document),
        cmocka_unit_test(the_header_is_of_the_document),
        cmocka_unit_test(an_unknown_namespace_is_named),
        cmocka_unit_test(the_root_is_that_of_its_namespace),
        cmocka_unit_test(what_is_not_xml_is_not_taken),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(chunks_of_any_size_have_the_same_outcome),
        cmocka_unit_test(records_stay_within_their_memory),
        cmocka_unit_test(the_limits_of_xml_can_be_set),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
