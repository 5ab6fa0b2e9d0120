#include "codecs/base/xml.h"

#include "kit/kit.h"

#include <stdio.h>

/* All events of a document as one line: <name@line:column attr=v>text</@line:column>. */
static bool write_events(struct xml_reader *reader, struct slice document, size_t chunk_size,
                         struct writer *writer, struct error *error)
{
    struct xml_event event;
    bool fine = true;
    for (size_t at = 0; fine && at < document.size; at += chunk_size) {
        size_t size = document.size - at < chunk_size ? document.size - at : chunk_size;
        bool last = at + size == document.size;
        fine = xml_reader_feed(reader, (struct slice){ document.at + at, size }, last, error);
        while (xml_reader_next(reader, &event)) {
            if (event.kind == XML_EVENT_TEXT) {
                writer_bytes(writer, event.text);
                continue;
            }
            writer_format(writer, event.kind == XML_EVENT_START ? "<%.*s@%u:%u" : "</%.*s@%u:%u",
                          SLICE_ARG(event.name), event.place.line, event.place.column);
            for (size_t i = 0; i < event.attribute_count; i++)
                writer_format(writer, " %.*s=%.*s", SLICE_ARG(event.attributes[i].name),
                              SLICE_ARG(event.attributes[i].value));
            writer_char(writer, '>');
        }
    }
    return fine;
}

static bool read_in_chunks(struct slice document, size_t chunk_size,
                           const struct xml_limits *limits, struct writer *writer,
                           struct error *error)
{
    struct xml_reader *reader = xml_reader_new("test.xml", limits);
    bool fine = write_events(reader, document, chunk_size, writer, error);
    xml_reader_free(reader);
    return fine;
}

static const char document[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<a xmlns=\"urn:x\">\n"
    "  <b  c=\"1\"\n     d='&lt;2'>ja<!-- no -->in &amp; <![CDATA[<out>]]></b>\n"
    "  <e/>\xe4\xb8\xad\n"
    "\xe4\xb8\xad<f g='\xe4\xb8\xad'/> <h\ni='\xe4\xb8\xad'/>\n"
    "</a>\n";
static const char document_events[] =
    "<a@2:1>\n  <b@3:3 c=1 d=<2>jain & <out></@4:59>\n  <e@5:3></@5:7>\xe4\xb8\xad\n"
    "\xe4\xb8\xad<f@6:2 g=\xe4\xb8\xad></@6:12> <h@6:13 i=\xe4\xb8\xad></@7:8>\n</@8:5>";

static void chunks_of_any_size_give_the_same_events(void **state)
{
    (void)state;
    for (size_t chunk_size = 1; chunk_size <= sizeof document; chunk_size++) {
        struct writer writer;
        struct error error = { 0 };
        writer_init(&writer, 0);
        assert_true(
            read_in_chunks(SLICE(document), chunk_size, &xml_limits_default, &writer, &error));
        assert_slice_equal(writer_slice(&writer), document_events);
        writer_fini(&writer);
    }
}

static void a_tag_in_which_the_document_ends_is_no_event(void **state)
{
    static const char *const cut[] = { "<a><b", "<a><b ", "<a><b c='d'", "<a><b c='d'/",
                                       "<a><b /" };
    (void)state;
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        struct writer writer;
        struct error error = { 0 };
        writer_init(&writer, 0);
        assert_false(read_in_chunks(slice_of(cut[i]), 2, &xml_limits_default, &writer, &error));
        assert_slice_equal(writer_slice(&writer), "<a@1:1>");
        assert_ptr_equal(error.kind, &xml_malformed);
        writer_fini(&writer);
    }
}

static const struct xml_attribute *attribute_named(const struct xml_event *event, const char *name)
{
    size_t row = 0;
    while (row < event->attribute_count && !slice_is(event->attributes[row].name, name))
        row++;
    assert_true(row < event->attribute_count);
    return &event->attributes[row];
}

/* libxml2 hands them over as references. */
static void ampersands_of_attributes_are_characters(void **state)
{
    const struct slice xml =
        SLICE("<a xmlns='urn:x?1&amp;2' b='&amp;' c='&#38;&#x26;' d='x&amp;#38;&lt;y' e=''/>");
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    struct xml_event event;
    struct error error;
    (void)state;
    assert_true(xml_reader_feed(reader, xml, true, &error));
    assert_true(xml_reader_next(reader, &event));
    assert_slice_equal(event.namespace, "urn:x?1&2");
    assert_slice_equal(attribute_named(&event, "b")->value, "&");
    assert_slice_equal(attribute_named(&event, "b")->value_namespace, "urn:x?1&2");
    assert_slice_equal(attribute_named(&event, "c")->value, "&&");
    assert_slice_equal(attribute_named(&event, "d")->value, "x&#38;<y");
    assert_slice_equal(attribute_named(&event, "e")->value, "");
    xml_reader_free(reader);
}

/* absent: NULL */
static void assert_namespace(const struct xml_event *event, const char *name, const char *expected)
{
    const struct xml_attribute *found = attribute_named(event, name);
    if (expected == NULL)
        assert_null(found->value_namespace.at);
    else
        assert_slice_equal(found->value_namespace, expected);
}

static struct xml_event next_start(struct xml_reader *reader)
{
    struct xml_event event;
    do
        assert_true(xml_reader_next(reader, &event));
    while (event.kind != XML_EVENT_START);
    return event;
}

static void a_value_that_is_a_name_has_the_namespace_of_its_place(void **state)
{
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    struct error error;
    (void)state;
    assert_true(xml_reader_feed(
        reader,
        SLICE("<a b='c' d='p:c' xmlns:p='urn:p'><e b='c' d=' p:c ' xmlns='urn:e' xmlns:p='urn:q' "
              "x='o:c' y=':c'><f b='c' xmlns=''/></e><g b='c' d='p:c'/></a>"),
        true, &error));
    struct xml_event event = next_start(reader);
    assert_namespace(&event, "b", NULL);
    assert_namespace(&event, "d", "urn:p");
    event = next_start(reader);
    assert_namespace(&event, "b", "urn:e");
    assert_namespace(&event, "d", "urn:q");
    assert_namespace(&event, "x", "");
    assert_namespace(&event, "y", "");
    event = next_start(reader);
    assert_namespace(&event, "b", NULL);
    event = next_start(reader);
    assert_namespace(&event, "b", NULL);
    assert_namespace(&event, "d", "urn:p");
    xml_reader_free(reader);
}

static void a_local_part_has_no_prefix_and_no_white_space(void **state)
{
    (void)state;
    assert_slice_equal(xml_local_part(SLICE("a")), "a");
    assert_slice_equal(xml_local_part(SLICE("\n p:a ")), "a");
    assert_slice_equal(xml_local_part(SLICE("p:a:b")), "a:b");
    assert_slice_equal(xml_local_part(SLICE("")), "");
    assert_slice_equal(xml_local_part(SLICE(" ")), "");
    assert_slice_equal(xml_local_part(SLICE(":")), "");
}

static void assert_refused(const char *text, const struct error_kind *kind)
{
    size_t sizes[] = { 1, 7, 100000 };
    for (size_t i = 0; i < 3; i++) {
        struct writer writer;
        struct error error = { 0 };
        writer_init(&writer, 0);
        if (read_in_chunks(slice_of(text), sizes[i], &xml_limits_default, &writer, &error))
            fail_msg("taken: %s", text);
        if (error.kind != kind)
            fail_msg("%s: %s instead of %s", text, error.kind->name, kind->name);
        writer_fini(&writer);
    }
}

static void what_is_not_xml_is_refused(void **state)
{
    (void)state;
    assert_refused("x", &xml_malformed);
    assert_refused("<a>", &xml_malformed);
    assert_refused("<a></b>", &xml_malformed);
    assert_refused("<a/><b/>", &xml_malformed);
    assert_refused("<a b='1' b='2'/>", &xml_malformed);
    assert_refused("<a>&nbsp;</a>", &xml_malformed);
    assert_refused("<a>\xff</a>", &xml_malformed);
    assert_refused("<a>\xed\xa0\x80</a>", &xml_malformed);
    assert_refused("<a>\xc0\xaf</a>", &xml_malformed);
    assert_refused("<a>\x01</a>", &xml_malformed);
    assert_refused("<x:a/>", &xml_malformed);
    assert_refused(" \n", &xml_malformed);
}

static void a_doctype_is_refused_before_anything_expands(void **state)
{
    (void)state;
    assert_refused("<!DOCTYPE a><a/>", &xml_doctype);
    assert_refused("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", &xml_doctype);
    assert_refused("<!DOCTYPE a SYSTEM \"file:///etc/hostname\"><a/>", &xml_doctype);
}

static void other_encodings_are_refused(void **state)
{
    (void)state;
    assert_refused("<?xml version='1.0' encoding='GB18030'?><a/>", &xml_encoding);
    assert_refused("<?xml version='1.0' encoding=\"ISO-8859-1\"?><a/>", &xml_encoding);
    assert_refused("\xff\xfe<", &xml_encoding);
}

static void a_byte_order_mark_is_taken(void **state)
{
    (void)state;
    struct writer writer;
    struct error error = { 0 };
    writer_init(&writer, 0);
    assert_true(read_in_chunks(SLICE("\xef\xbb\xbf<a/>"), 1, &xml_limits_default, &writer, &error));
    writer_fini(&writer);
}

/* The same document in GB18030: characters of one, two and four bytes. */
static const char gb18030_document[] =
    "<?xml version=\"1.0\" encoding=\"GB18030\"?>\n"
    "<a>\xd6\xd0\xce\xc4\n"
    "\xd6\xd0<b c='\x95\x34\xb2\x35'>\xa1\xa3\x81\x30\x81\x30</b><d/></a>\n";
static const char gb18030_events[] =
    "<a@2:1>\xe4\xb8\xad\xe6\x96\x87\n"
    "\xe4\xb8\xad<b@3:2 c=\xf0\xa0\xae\xb7>\xe3\x80\x82\xc2\x80</@3:17><d@3:17></@3:21></@3:25>";

static struct xml_limits with_gb18030(void)
{
    struct xml_limits limits = xml_limits_default;
    limits.charset = CHARSET_GB18030;
    return limits;
}

static void gb18030_is_read_where_it_is_allowed_however_it_is_cut(void **state)
{
    const struct xml_limits limits = with_gb18030();
    (void)state;
    for (size_t chunk_size = 1; chunk_size <= sizeof gb18030_document; chunk_size++) {
        struct writer writer;
        struct error error = { 0 };
        writer_init(&writer, 0);
        if (!read_in_chunks(SLICE(gb18030_document), chunk_size, &limits, &writer, &error))
            fail_msg("%u:%u %s: %s", error.place.line, error.place.column, error.kind->name,
                     error.detail);
        assert_slice_equal(writer_slice(&writer), gb18030_events);
        writer_fini(&writer);
    }
}

/* Reads text with limits; the events, or the fault: "2:3 xml.limit: ...". */
static void read_to(const struct xml_limits *limits, struct slice text, struct writer *said)
{
    struct error error = { 0 };
    writer_reset(said);
    if (read_in_chunks(text, 3, limits, said, &error))
        return;
    writer_reset(said);
    writer_format(said, "%u:%u %s: %s", error.place.line, error.place.column, error.kind->name,
                  error.detail);
}

static void who_says_nothing_is_in_the_encoding_that_is_allowed(void **state)
{
    const struct xml_limits limits = with_gb18030();
    struct writer said;
    (void)state;
    writer_init(&said, 0);
    read_to(&limits, SLICE("<a>\xd6\xd0</a>"), &said);
    assert_slice_equal(writer_slice(&said), "<a@1:1>\xe4\xb8\xad</@1:9>");
    read_to(&limits, SLICE("\x84\x31\x95\x33<a>\xd6\xd0</a>"), &said);
    assert_slice_equal(writer_slice(&said), "<a@1:1>\xe4\xb8\xad</@1:9>");
    read_to(&limits, SLICE("\xef\xbb\xbf<a>\xe4\xb8\xad</a>"), &said);
    assert_slice_equal(writer_slice(&said), "<a@1:1>\xe4\xb8\xad</@1:9>");
    read_to(&limits, SLICE("<?xml version='1.0' encoding='utf-8'?><a>\xe4\xb8\xad</a>"), &said);
    assert_slice_equal(writer_slice(&said), "<a@1:39>\xe4\xb8\xad</@1:47>");
    read_to(&limits, SLICE("<?xml version='1.0' encoding='GBK'?><a/>"), &said);
    assert_slice_equal(writer_slice(&said), "1:1 xml.encoding: GBK; send UTF-8 or GB18030");
    writer_fini(&said);
}

static void what_is_no_gb18030_is_refused_at_its_place(void **state)
{
    static const struct {
        struct slice text;
        const char *place;
    } faults[] = {
        { { "<a>\n\xd6\xd0\xff</a>", 11 }, "2:2" },
        { { "<a>\xe3\x32\x9a\x36</a>", 11 }, "1:4" },
        { { "<a></a>\xd6", 8 }, "1:8" },
    };
    const struct xml_limits limits = with_gb18030();
    struct writer said, expected;
    (void)state;
    writer_init(&said, 0);
    writer_init(&expected, 0);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        writer_reset(&expected);
        writer_format(&expected, "%s xml.malformed: bytes that are no character of GB18030",
                      faults[i].place);
        read_to(&limits, faults[i].text, &said);
        assert_slice_equal(writer_slice(&said), writer_slice(&expected).at);
    }
    writer_fini(&said);
    writer_fini(&expected);
}

static void one_that_is_not_whole_says_so(void **state)
{
    static const struct {
        const char *text, *fault;
    } rows[] = {
        { " \n", "1:1 xml.malformed: there is no element in it" },
        { "hello", "1:1 xml.malformed: it does not begin with a tag" },
        { "<abc>", "1:6 xml.malformed: it breaks off before its last tag" },
        { "<a>\n<b>12", "2:6 xml.malformed: it breaks off before its last tag" },
        { "<a/><b/>", "1:5 xml.malformed: Extra content at the end of the document" },
    };
    struct writer said;
    (void)state;
    writer_init(&said, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        read_to(&xml_limits_default, slice_of(rows[i].text), &said);
        assert_slice_equal(writer_slice(&said), rows[i].fault);
    }
    writer_fini(&said);
}

static void a_document_is_written_in_gb18030_and_read_back(void **state)
{
    const struct xml_limits limits = with_gb18030();
    struct slice ours =
        SLICE("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\xe4\xb8\xad\xf0\xa0\xae\xb7</a>\n");
    struct writer encoded, said;
    struct error error;
    (void)state;
    writer_init(&encoded, 0);
    writer_init(&said, 0);
    assert_true(xml_encode(CHARSET_GB18030, ours, &encoded, &error));
    assert_slice_equal(writer_slice(&encoded), "<?xml version=\"1.0\" encoding=\"GB18030\"?>\n"
                                               "<a>\xd6\xd0\x95\x34\xb2\x35</a>\n");
    read_to(&limits, writer_slice(&encoded), &said);
    assert_slice_equal(writer_slice(&said), "<a@2:1>\xe4\xb8\xad\xf0\xa0\xae\xb7</@2:10>");
    writer_reset(&encoded);
    assert_true(xml_encode(CHARSET_UTF8, ours, &encoded, &error));
    assert_true(slice_equal(writer_slice(&encoded), ours));
    assert_false(xml_encode(CHARSET_GB18030, SLICE("<?xml ?>\xff"), &encoded, &error));
    writer_fini(&encoded);
    writer_fini(&said);
}

static void a_fault_is_at_the_markup_or_the_character_that_it_is_about(void **state)
{
    struct xml_limits limits = xml_limits_default;
    struct writer said;
    (void)state;
    writer_init(&said, 0);
    limits.depth_max = 2;
    limits.text_size_max = 10;
    read_to(&limits, SLICE("<a>\n <b><c/></b></a>"), &said);
    assert_slice_equal(writer_slice(&said), "2:5 xml.limit: elements are nested deeper than 2; "
                                            "raise depth-max to take it");
    read_to(&limits, SLICE("<a>12345\n7890123</a>"), &said);
    assert_slice_equal(writer_slice(&said), "2:5 xml.limit: a text or value is longer than 10 "
                                            "bytes; raise text-size-max to take it");
    read_to(&limits, SLICE("<a>12\0</a>"), &said);
    assert_slice_equal(writer_slice(&said), "1:6 xml.malformed: there is no NUL character in XML");
    read_to(&limits, SLICE("<!-- -->\n <!DOCTYPE a>"), &said);
    assert_slice_equal(writer_slice(&said), "2:2 xml.doctype: leave it out");
    writer_fini(&said);
}

static void assert_limited(struct xml_limits limits, const char *text)
{
    struct writer writer;
    struct error error = { 0 };
    writer_init(&writer, 0);
    assert_false(read_in_chunks(slice_of(text), 3, &limits, &writer, &error));
    assert_ptr_equal(error.kind, &xml_limit);
    writer_fini(&writer);
}

static void every_limit_holds(void **state)
{
    (void)state;
    struct xml_limits limits = xml_limits_default;
    limits.depth_max = 2;
    assert_limited(limits, "<a><b><c/></b></a>");
    assert_limited(limits, "<a><b/><b></b><b><c></c></b></a>");
    limits = xml_limits_default;
    limits.attribute_count_max = 1;
    assert_limited(limits, "<a b='1' c='2'/>");
    limits = xml_limits_default;
    limits.name_size_max = 3;
    assert_limited(limits, "<abcd/>");
    limits = xml_limits_default;
    limits.text_size_max = 3;
    assert_limited(limits, "<a>1234</a>");
    assert_limited(limits, "<a b='1234'/>");
    limits = xml_limits_default;
    limits.total_size_max = 10;
    assert_limited(limits, "<a>123456789</a>");
    limits = xml_limits_default;
    limits.element_count_max = 2;
    assert_limited(limits, "<a><b/><c/></a>");
    assert_limited(limits, "<a><b></b><c></c></a>");
    limits = xml_limits_default;
    limits.name_count_max = 10;
    assert_limited(limits, "<a><b/><c/><d/><e/><f/><g/><h/><i/><j/><k/></a>");
    limits = xml_limits_default;
    limits.markup_size_max = 10;
    assert_limited(limits, "<a><!-- 34567 --></a>");
}

static void a_tag_of_megabytes_is_stopped_early(void **state)
{
    (void)state;
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    struct error error = { 0 };
    size_t fed = 0;
    char blanks[1024];
    memset(blanks, ' ', sizeof blanks);
    assert_true(xml_reader_feed(reader, SLICE("<?xml version='1.0'?><a "), false, &error));
    while (fed < 10u << 20 &&
           xml_reader_feed(reader, (struct slice){ blanks, sizeof blanks }, false, &error))
        fed += sizeof blanks;
    assert_true(fed < 100000);
    assert_ptr_equal(error.kind, &xml_limit);
    xml_reader_free(reader);
}

static void escaped_text_reads_back(void **state)
{
    (void)state;
    struct writer writer;
    writer_init(&writer, 0);
    xml_escape(SLICE("a<b>&\"c\"\r\n\t'"), &writer);
    assert_slice_equal(writer_slice(&writer), "a&lt;b&gt;&amp;&quot;c&quot;&#13;&#10;&#9;'");
    writer_fini(&writer);
}

static void what_is_plain_needs_no_escape(void **state)
{
    char text[9];
    (void)state;
    assert_true(xml_is_plain(SLICE("")));
    for (size_t size = 1; size <= sizeof text; size++) {
        for (unsigned at = 0; at < size * 256; at++) {
            char byte = (char)(at % 256);
            memset(text, '~', sizeof text);
            text[at / 256] = byte;
            bool special = byte == '&' || byte == '<' || byte == '>' || byte == '"';
            assert_int_equal(xml_is_plain(guarded((struct slice){ text, size })),
                             byte >= ' ' && byte <= '~' && !special);
        }
    }
}

static bool read_with(struct xml_reader *reader, const char *xml)
{
    struct writer writer;
    struct error error = { 0 };
    writer_init(&writer, 0);
    bool fine = write_events(reader, slice_of(xml), 7, &writer, &error);
    writer_fini(&writer);
    return fine;
}

static void a_reader_reads_one_document_after_another(void **state)
{
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    (void)state;
    for (size_t chunk_size = 1; chunk_size <= sizeof document; chunk_size++) {
        struct writer writer;
        struct error error = { 0 };
        writer_init(&writer, 0);
        assert_true(write_events(reader, SLICE(document), chunk_size, &writer, &error));
        assert_slice_equal(writer_slice(&writer), document_events);
        writer_fini(&writer);
        assert_true(xml_reader_again(reader, "test.xml", &xml_limits_default));
    }
    xml_reader_free(reader);
}

/* Each is read in its own way at its beginning. */
static void documents_that_begin_in_different_ways_follow_each_other(void **state)
{
    static const char *const documents[] = {
        "<a>1</a>",
        "\xef\xbb\xbf<a>1</a>",
        "<?xml version='1.0'?><a>1</a>",
        "\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8' standalone='yes'?><!-- 1 --><a>1</a>",
        "<?xml version='1.1' encoding='US-ASCII'?>\n\n<a>1</a>",
        "<a xml:space='preserve'>1</a>",
    };
    enum { COUNT = sizeof documents / sizeof *documents };
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    (void)state;
    for (size_t i = 0; i < (size_t)2 * COUNT * COUNT; i++) {
        const char *xml = documents[i % 2 == 0 ? i / 2 / COUNT : i / 2 % COUNT];
        struct writer one, other;
        struct error error = { 0 };
        writer_init(&one, 0);
        writer_init(&other, 0);
        assert_true(write_events(reader, slice_of(xml), 1 + i % 9, &one, &error));
        assert_true(read_in_chunks(slice_of(xml), 50, &xml_limits_default, &other, &error));
        assert_slice_equal(writer_slice(&one), other.at);
        writer_fini(&one);
        writer_fini(&other);
        if (!xml_reader_again(reader, "test.xml", &xml_limits_default)) {
            xml_reader_free(reader);
            reader = xml_reader_new("test.xml", &xml_limits_default);
        }
    }
    xml_reader_free(reader);
}

static void a_name_keeps_its_address_from_document_to_document(void **state)
{
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    struct error error;
    (void)state;
    assert_true(xml_reader_feed(reader, SLICE("<a><b/></a>"), true, &error));
    struct slice a = next_start(reader).name, b = next_start(reader).name;
    while (xml_reader_next(reader, &(struct xml_event){ 0 }))
        ;
    assert_true(xml_reader_again(reader, "test.xml", &xml_limits_default));
    assert_true(xml_reader_feed(reader, SLICE("<b><c/><a/></b>"), true, &error));
    assert_ptr_equal(next_start(reader).name.at, b.at);
    assert_slice_equal(next_start(reader).name, "c");
    assert_ptr_equal(next_start(reader).name.at, a.at);
    xml_reader_free(reader);
}

static void what_was_wrong_with_a_document_is_not_kept(void **state)
{
    static const char *const wrong[] = { "<a><b></a>", "<a>&c;</a>", "<!DOCTYPE a><a/>", "<a/><b/>",
                                         "<a/" };
    struct xml_limits limits = xml_limits_default;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
        assert_false(read_with(reader, wrong[i]));
        assert_false(xml_reader_again(reader, "test.xml", &xml_limits_default));
        xml_reader_free(reader);
    }
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    assert_false(xml_reader_again(reader, "test.xml", &xml_limits_default)); /* has not ended */
    xml_reader_free(reader);
    limits.charset = CHARSET_GB18030;
    reader = xml_reader_new("test.xml", &limits);
    assert_true(read_with(reader, "<?xml version='1.0' encoding='GB18030'?><a/>"));
    assert_false(xml_reader_again(reader, "test.xml", &xml_limits_default));
    xml_reader_free(reader);
}

/* As many as it may have, and one more. */
static void the_names_of_each_document_are_counted_by_themselves(void **state)
{
    static const struct {
        const char *xml;
        bool fine;
    } documents[] = {
        { "<a b='1' xmlns:p='urn:p'><p:c/></a>", true },
        { "<a b='1' xmlns:p='urn:p'><p:c/><?d?></a>", false },
        { "<e><f/><g/>&amp;&lt;<h/><i/></e>", true },
        { "<e><f/><g/>&amp;&lt;<h/><i/><a/></e>", false },
        { "<?c?><a><b/><b/><c/><p/><a/><e/></a>", true },
        { "<?c?><a><b/><b/><d/><p/><a/><e/></a>", false },
        { "<?c?><f><b/><b/><c/><p/><a/><e/></f>", false },
        { "<a><b/><c/><d/><e/></a>", true },
        { "<a xmlns:p='urn:p'><p:b:c/><d/></a>", true },
        { "<a xmlns:p='urn:p'><p:b:c/><d/><e/></a>", false },
    };
    enum { COUNT = sizeof documents / sizeof *documents };
    struct xml_limits limits = xml_limits_default;
    (void)state;
    limits.name_count_max = 5;
    for (size_t i = 0; i < (size_t)COUNT * COUNT; i++) {
        struct xml_reader *reader = xml_reader_new("test.xml", &limits);
        assert_int_equal(read_with(reader, documents[i / COUNT].xml), documents[i / COUNT].fine);
        if (xml_reader_again(reader, "test.xml", &limits))
            assert_int_equal(read_with(reader, documents[i % COUNT].xml),
                             documents[i % COUNT].fine);
        else
            assert_false(documents[i / COUNT].fine);
        xml_reader_free(reader);
    }
}

/* More than are looked up at a glance, and more than are kept. */
static void many_names_stay_apart(void **state)
{
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    struct writer xml;
    (void)state;
    writer_init(&xml, 0);
    for (unsigned count = 100; count <= 3200; count *= 2) {
        struct writer events;
        struct error error = { 0 };
        writer_init(&events, 0);
        writer_reset(&xml);
        writer_text(&xml, "<a>");
        for (unsigned i = 0; i < count; i++)
            writer_format(&xml, "<b%u/>", i);
        writer_text(&xml, "</a>");
        assert_true(write_events(reader, writer_slice(&xml), 1000, &events, &error));
        for (unsigned i = 0; i < count; i++) {
            char expected[32];
            snprintf(expected, sizeof expected, "<b%u@", i);
            assert_non_null(strstr(events.at, expected));
        }
        writer_fini(&events);
        assert_int_equal(xml_reader_again(reader, "test.xml", &xml_limits_default), count < 500);
        if (count >= 500) {
            xml_reader_free(reader);
            reader = xml_reader_new("test.xml", &xml_limits_default);
        }
    }
    writer_fini(&xml);
    xml_reader_free(reader);
}

/* Pieces of a text that libxml2 tells from elsewhere: references, what is not ASCII, and
   what it converts. */
static void a_text_in_pieces_is_one(void **state)
{
    static const char *const documents[] = {
        "<a>b&amp;c<![CDATA[d]]>\xe4\xb8\xadz&#102;g<?h?>i]]j]</a>",
        "<?xml version='1.0' encoding='US-ASCII'?><a>b&amp;c<![CDATA[d]]>&#x4e2d;z&#102;g<?h?>i]]j]"
        "</a>",
    };
    (void)state;
    for (size_t i = 0; i < 240; i++) {
        struct slice xml = slice_of(documents[i / 120]);
        struct writer writer;
        struct error error = { 0 };
        writer_init(&writer, 0);
        assert_true(read_in_chunks(xml, 1 + i % 120, &xml_limits_default, &writer, &error));
        writer_drop(&writer, (size_t)(strchr(writer.at, '>') + 1 - writer.at));
        assert_true(slice_starts(writer_slice(&writer), SLICE("b&cd\xe4\xb8\xadzfgi]]j]</@")));
        writer_fini(&writer);
    }
}

/* They are names of the document, and as long as a text. */
static void long_namespaces_are_not_kept(void **state)
{
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    struct writer xml;
    unsigned count = 0;
    (void)state;
    writer_init(&xml, 0);
    do {
        writer_reset(&xml);
        writer_format(&xml, "<a xmlns='urn:%08000u'/>", count);
        assert_true(read_with(reader, xml.at));
    } while (++count < 20 && xml_reader_again(reader, "test.xml", &xml_limits_default));
    assert_in_range(count, 2, 16);
    writer_fini(&xml);
    xml_reader_free(reader);
}

static void add_text(void *owner, const struct xml_event *event)
{
    if (event->kind == XML_EVENT_TEXT)
        writer_bytes(owner, event->text);
}

/* Feeds the document up to each of these places. */
static void read_texts(struct slice xml, const size_t *cuts, size_t count, struct writer *texts)
{
    const struct xml_taker taker = { texts, { add_text, add_text, add_text } };
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    struct error error;
    size_t at = 0;
    for (size_t i = 0; i < count; at = cuts[i++]) {
        struct slice piece = { xml.at + at, cuts[i] - at };
        assert_true(xml_reader_pass(reader, piece, i + 1 == count, taker, &error));
    }
    xml_reader_free(reader);
}

/* A carriage return that ends a piece makes libxml2's buffer grow, once that is full, when
   the text before it was told; the comment has it keep all before. */
static void a_text_stays_when_the_buffer_grows_behind_it(void **state)
{
    enum { TEXT_SIZE = 500, FIRST = 1024, COMMENT = 4000, SECOND = 5120, BUFFER = 8192 };
    (void)state;
    for (size_t end = BUFFER - 10; end < BUFFER + 10; end++) {
        struct writer xml, texts;
        writer_init(&xml, 0);
        writer_init(&texts, 0);
        writer_format(&xml, "<a>%*s<!--", COMMENT, "");
        writer_format(&xml, "%*s--><b>", (int)(end - TEXT_SIZE - 6 - xml.used), "");
        while (xml.used < end - 1)
            writer_char(&xml, 'x');
        writer_text(&xml, "\rx</b></a>");
        read_texts(writer_slice(&xml), (const size_t[]){ FIRST, SECOND, end, xml.used }, 4, &texts);
        assert_int_equal(texts.used, COMMENT + TEXT_SIZE + 1);
        for (size_t i = COMMENT; i < texts.used; i++)
            assert_int_equal(texts.at[i], i + 2 == texts.used ? '\n' : 'x');
        writer_fini(&xml);
        writer_fini(&texts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_reads_one_document_after_another),
        cmocka_unit_test(documents_that_begin_in_different_ways_follow_each_other),
        cmocka_unit_test(a_name_keeps_its_address_from_document_to_document),
        cmocka_unit_test(what_was_wrong_with_a_document_is_not_kept),
        cmocka_unit_test(the_names_of_each_document_are_counted_by_themselves),
        cmocka_unit_test(many_names_stay_apart),
        cmocka_unit_test(a_text_in_pieces_is_one),
        cmocka_unit_test(long_namespaces_are_not_kept),
        cmocka_unit_test(a_text_stays_when_the_buffer_grows_behind_it),
        cmocka_unit_test(chunks_of_any_size_give_the_same_events),
        cmocka_unit_test(one_that_is_not_whole_says_so),
        cmocka_unit_test(a_tag_in_which_the_document_ends_is_no_event),
        cmocka_unit_test(ampersands_of_attributes_are_characters),
        cmocka_unit_test(a_value_that_is_a_name_has_the_namespace_of_its_place),
        cmocka_unit_test(a_local_part_has_no_prefix_and_no_white_space),
        cmocka_unit_test(what_is_not_xml_is_refused),
        cmocka_unit_test(a_doctype_is_refused_before_anything_expands),
        cmocka_unit_test(other_encodings_are_refused),
        cmocka_unit_test(a_byte_order_mark_is_taken),
        cmocka_unit_test(gb18030_is_read_where_it_is_allowed_however_it_is_cut),
        cmocka_unit_test(who_says_nothing_is_in_the_encoding_that_is_allowed),
        cmocka_unit_test(what_is_no_gb18030_is_refused_at_its_place),
        cmocka_unit_test(a_document_is_written_in_gb18030_and_read_back),
        cmocka_unit_test(a_fault_is_at_the_markup_or_the_character_that_it_is_about),
        cmocka_unit_test(every_limit_holds),
        cmocka_unit_test(a_tag_of_megabytes_is_stopped_early),
        cmocka_unit_test(escaped_text_reads_back),
        cmocka_unit_test(what_is_plain_needs_no_escape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
