/* The wrappers that are known, by name. */
#include "codecs/iso20022/envelope.h"

static const struct {
    const char *name, *element; /* element NULL: it is not written */
} envelopes[] = {
    [ISO_ENVELOPE_NONE] = { "none", NULL },
    [ISO_ENVELOPE_REQUEST_PAYLOAD] = { "request-payload", "RequestPayload" },
    [ISO_ENVELOPE_BUSINESS_MESSAGE] = { "business-message", "BusinessMessage" },
    [ISO_ENVELOPE_OTHER] = { "other", NULL },
};

const char *iso_envelope_name(enum iso_envelope_kind kind)
{
    return envelopes[kind].name;
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

enum iso_envelope_kind iso_envelope_around(struct slice element)
{
    for (unsigned i = 0; i < ISO_ENVELOPE_OTHER; i++) {
        if (envelopes[i].element != NULL && slice_is(element, envelopes[i].element))
            return (enum iso_envelope_kind)i;
    }
    return ISO_ENVELOPE_OTHER;
}

void iso_envelope_write(enum iso_envelope_kind kind, struct slice header, struct slice document,
                        struct writer *writer)
{
    const char *element = envelopes[kind].element;
    writer_text(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (element != NULL)
        writer_format(writer, "<%s>", element);
    if (header.at != NULL)
        writer_bytes(writer, header);
    writer_bytes(writer, document);
    if (element != NULL)
        writer_format(writer, "</%s>", element);
    writer_char(writer, '\n');
}
