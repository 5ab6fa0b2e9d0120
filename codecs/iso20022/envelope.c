/* The wrappers that are known, by name, and texts of wrappers filled in. */
#include "codecs/iso20022/envelope.h"

#include "codecs/base/xml.h"
#include "codecs/iso20022/catalogue.h"

const struct error_kind iso_envelope_text_fault = { "iso.envelope-text",
                                                    "not the text of an envelope" };
const struct error_kind iso_envelope_message_fault = { "iso.envelope-message",
                                                       "the envelope has no name for the message" };

static const struct {
    const char *name, *element, *namespace, *text;
} envelopes[] = {
#define ENVELOPE(identifier, name, element, namespace, text) { name, element, namespace, text },
#include "codecs/iso20022/envelopes.def"
#undef ENVELOPE
};

/* Messages as the Federal Reserve's services name them. */
static const struct {
    const char *definition, *name;
} messages[] = {
    { "pacs.008.", "CustomerCreditTransfer" },
    { "pacs.002.", "PaymentStatus" },
    { "pacs.028.", "PaymentStatusRequest" },
    { "admi.002.", "MessageReject" },
};

const char *iso_envelope_name(enum iso_envelope_kind kind)
{
    return kind == ISO_ENVELOPE_OTHER ? "other" : envelopes[kind].name;
}

bool iso_envelope_named(struct slice name, enum iso_envelope_kind *kind)
{
    for (unsigned i = 0; i < ISO_ENVELOPE_OTHER; i++) {
        if (slice_is(name, envelopes[i].name)) {
            *kind = (enum iso_envelope_kind)i;
            return true;
        }
    }
    return false;
}

struct slice iso_envelope_text(enum iso_envelope_kind kind)
{
    return slice_of(envelopes[kind].text);
}

enum iso_envelope_kind iso_envelope_around(struct slice element, struct slice namespace)
{
    for (unsigned i = ISO_ENVELOPE_NONE + 1; i < ISO_ENVELOPE_OTHER; i++) {
        if (slice_is(element, envelopes[i].element) &&
            slice_is(namespace.at == NULL ? SLICE("") : namespace, envelopes[i].namespace))
            return (enum iso_envelope_kind)i;
    }
    return ISO_ENVELOPE_OTHER;
}

static struct slice message_name(struct slice definition)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        if (slice_starts(definition, slice_of(messages[i].definition)))
            return slice_of(messages[i].name);
    }
    return SLICE_NONE;
}

/* What stands for a {name}.  false: there is no such name, or nothing for it. */
static bool write_part(struct slice name, const struct iso_envelope_parts *parts,
                       struct writer *writer)
{
    const struct {
        const char *name;
        struct slice value;
        bool is_xml;
    } known[] = {
        { "header", parts->header, true },
        { "document", parts->document, true },
        { "id", parts->id, false },
        { "definition", parts->definition, false },
        { "sender", parts->sender, false },
        { "receiver", parts->receiver, false },
        { "message", message_name(parts->definition), false },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!slice_is(name, known[i].name) || known[i].value.at == NULL)
            continue;
        if (known[i].is_xml)
            writer_bytes(writer, known[i].value);
        else
            xml_escape(known[i].value, writer);
        return true;
    }
    return false;
}

/* The name in braces at the front of text; absent: it is not one. */
static struct slice name_at(struct slice text)
{
    const char *end = memchr(text.at, '}', text.size);
    return end == NULL ? SLICE_NONE : (struct slice){ text.at + 1, (size_t)(end - text.at) - 1 };
}

static bool fill_in(struct slice text, const struct iso_envelope_parts *parts,
                    struct writer *writer, struct slice *missing)
{
    while (text.size > 0) {
        const char *brace = memchr(text.at, '{', text.size);
        size_t size = brace == NULL ? text.size : (size_t)(brace - text.at);
        writer_bytes(writer, (struct slice){ text.at, size });
        text = slice_after(text, size);
        if (text.size == 0)
            return true;
        *missing = name_at(text);
        if (missing->at == NULL || !write_part(*missing, parts, writer))
            return false;
        text = slice_after(text, missing->size + 2);
    }
    return true;
}

bool iso_envelope_write(struct slice text, const struct iso_envelope_parts *parts,
                        struct writer *writer, struct error *error)
{
    struct slice missing;
    writer_text(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (!fill_in(text, parts, writer, &missing))
        return error_at(error, &iso_envelope_message_fault, PLACE_NONE, "%.*s",
                        SLICE_ARG(parts->definition));
    writer_char(writer, '\n');
    return true;
}

/* How often an empty element of the name occurs between tags. */
static bool count_parts(struct slice xml, unsigned *header_count, unsigned *document_count,
                        struct error *error)
{
    struct xml_reader *reader = xml_reader_new(NULL, &xml_limits_default);
    struct xml_event event;
    bool fine = xml_reader_feed(reader, xml, true, error);
    while (xml_reader_next(reader, &event)) {
        *header_count += event.kind == XML_EVENT_START && slice_is(event.name, "AppHdr");
        *document_count += event.kind == XML_EVENT_START && slice_is(event.name, "Document");
    }
    xml_reader_free(reader);
    return fine;
}

bool iso_envelope_text_check(struct slice text, struct error *error)
{
    const struct iso_envelope_parts sample = { SLICE("<AppHdr/>"), SLICE("<Document/>"),
                                               SLICE("i"),         SLICE("pacs.008.001.08"),
                                               SLICE("s"),         SLICE("r") };
    struct slice missing = SLICE_NONE;
    unsigned header_count = 0, document_count = 0;
    struct error fault;
    struct writer xml;
    writer_init(&xml, 0);
    bool filled = fill_in(text, &sample, &xml, &missing);
    bool fine = filled && count_parts(writer_slice(&xml), &header_count, &document_count, &fault);
    writer_fini(&xml);
    if (!filled)
        return error_at(error, &iso_envelope_text_fault, PLACE_NONE, "there is no {%.*s}",
                        SLICE_ARG(missing));
    if (!fine)
        return error_at(error, &iso_envelope_text_fault, PLACE_NONE, "%s: %s", fault.kind->text,
                        fault.detail);
    if (header_count != 1 || document_count != 1)
        return error_at(error, &iso_envelope_text_fault, PLACE_NONE,
                        "it needs {header} and {document} once each");
    return true;
}
