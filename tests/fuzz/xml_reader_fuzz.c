/* Any bytes as XML, under small limits: what is told does not depend on how they were
   cut, nothing that is told goes over a limit, and what is open is closed. */
#include "codecs/base/charset.h"
#include "codecs/base/xml.h"
#include "fuzz/fuzz.h"

static const struct xml_limits limits = {
    .depth_max = 6,
    .element_count_max = 60,
    .attribute_count_max = 4,
    .name_size_max = 20,
    .name_count_max = 40,
    .text_size_max = 200,
    .markup_size_max = 300,
    .total_size_max = 3000,
};

struct hearing {
    struct writer *writer;
    unsigned depth;
};

static void hear_start(struct hearing *hearing, const struct xml_event *event)
{
    CHECK(++hearing->depth <= limits.depth_max);
    CHECK(event->name.size <= limits.name_size_max && event->name.size > 0);
    CHECK(event->attribute_count <= limits.attribute_count_max);
    writer_format(hearing->writer, "<%.*s %.*s", SLICE_ARG(event->name),
                  SLICE_ARG(event->namespace));
    for (size_t i = 0; i < event->attribute_count; i++) {
        const struct xml_attribute *attribute = &event->attributes[i];
        CHECK(attribute->value.size <= limits.text_size_max && utf8_valid(attribute->value));
        writer_format(hearing->writer, " %.*s %.*s %.*s=%.*s", SLICE_ARG(attribute->name),
                      SLICE_ARG(attribute->namespace), SLICE_ARG(attribute->value_namespace),
                      SLICE_ARG(attribute->value));
    }
    writer_char(hearing->writer, '>');
}

static void hear(struct hearing *hearing, const struct xml_event *event)
{
    if (event->kind == XML_EVENT_START) {
        hear_start(hearing, event);
    } else if (event->kind == XML_EVENT_END) {
        CHECK(hearing->depth-- > 0);
        writer_format(hearing->writer, "</%.*s>", SLICE_ARG(event->name));
    } else {
        CHECK(event->text.size <= limits.text_size_max && utf8_valid(event->text));
        CHECK(hearing->depth > 0);
        writer_bytes(hearing->writer, event->text);
    }
}

/* false: it was refused. */
static bool read_in_chunks(struct xml_reader *reader, struct slice xml, size_t chunk_size,
                           struct writer *writer)
{
    struct hearing hearing = { writer, 0 };
    struct xml_event event;
    struct error error = { 0 };
    bool fine = true, last = false;
    while (fine && !last) {
        size_t size = xml.size < chunk_size ? xml.size : chunk_size;
        last = size == xml.size;
        fine = xml_reader_feed(reader, (struct slice){ xml.at, size }, last, &error);
        xml = slice_after(xml, size);
        while (xml_reader_next(reader, &event))
            hear(&hearing, &event);
    }
    CHECK(fine == (error.kind == NULL));
    CHECK(!fine || hearing.depth == 0);
    return fine;
}

/* For another document: the same reader, unless there was something wrong with the last. */
static struct xml_reader *go_on(struct xml_reader *reader, bool fine)
{
    if (xml_reader_again(reader, "x", &limits)) {
        CHECK(fine);
        return reader;
    }
    xml_reader_free(reader);
    return xml_reader_new("x", &limits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice xml = { (const char *)data, size };
    struct xml_reader *reader = xml_reader_new("x", &limits);
    struct writer whole, parts;
    writer_init(&whole, 0);
    writer_init(&parts, 0);
    bool fine = read_in_chunks(reader, xml, size + 1, &whole);
    reader = go_on(reader, fine);
    bool same =
        fine == read_in_chunks(reader, xml, size == 0 ? 1 : 1 + data[size / 2] % 16, &parts);
    CHECK(same || fuzz_cut_counts(xml));
    if (fine && same)
        CHECK(slice_equal(writer_slice(&whole), writer_slice(&parts)));
    writer_fini(&whole);
    writer_fini(&parts);
    xml_reader_free(reader);
    return 0;
}
