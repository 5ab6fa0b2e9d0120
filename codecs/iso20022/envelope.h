/* AppHdr and Document are two roots: the wrapper around them is not part of ISO
   20022 and differs by network.  On files the default is RequestPayload. */
#ifndef PENSTOCK_CODECS_ISO20022_ENVELOPE_H
#define PENSTOCK_CODECS_ISO20022_ENVELOPE_H

#include "codecs/base/writer.h"

enum iso_envelope_kind {
    ISO_ENVELOPE_NONE,             /* a bare Document or AppHdr */
    ISO_ENVELOPE_REQUEST_PAYLOAD,  /* <RequestPayload> */
    ISO_ENVELOPE_BUSINESS_MESSAGE, /* <BusinessMessage> */
    ISO_ENVELOPE_OTHER,            /* any other wrapper: read, never written */
};

/* The name used in configuration: "none", "request-payload", "business-message". */
const char *iso_envelope_name(enum iso_envelope_kind kind);
bool iso_envelope_named(struct slice name, enum iso_envelope_kind *kind);

/* Which one has this outermost element; ISO_ENVELOPE_OTHER when none has. */
enum iso_envelope_kind iso_envelope_around(struct slice element);

/* XML declaration, wrapper, header and document; header absent: without one. */
void iso_envelope_write(enum iso_envelope_kind kind, struct slice header, struct slice document,
                        struct writer *writer);

#endif
