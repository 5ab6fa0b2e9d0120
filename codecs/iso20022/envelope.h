/* AppHdr and Document are two roots: the wrapper around them is not part of ISO
   20022 and differs by network.  On files the default is RequestPayload.

   Whatever is around one AppHdr and one Document is taken off when it is read; an
   envelope with several messages is refused, since each has to be answered by
   itself.  Those that can be written are rows of envelopes.def, and a channel may
   have a text of its own in the same form. */
#ifndef PENSTOCK_CODECS_ISO20022_ENVELOPE_H
#define PENSTOCK_CODECS_ISO20022_ENVELOPE_H

#include "codecs/base/error.h"

enum iso_envelope_kind {
#define ENVELOPE(identifier, name, element, namespace, text) ISO_ENVELOPE_##identifier,
#include "codecs/iso20022/envelopes.def"
#undef ENVELOPE
    ISO_ENVELOPE_OTHER, /* any other wrapper: read, never written */
};

/* The name used in configuration: "none", "request-payload", ... */
const char *iso_envelope_name(enum iso_envelope_kind kind);
bool iso_envelope_named(struct slice name, enum iso_envelope_kind *kind);

/* What is written for the kind: see envelopes.def. */
struct slice iso_envelope_text(enum iso_envelope_kind kind);

/* Is it the text of an envelope: XML with {header} and {document} once each, as
   elements?  false: *error says why. */
bool iso_envelope_text_check(struct slice text, struct error *error);

/* Which one has this outermost element; ISO_ENVELOPE_OTHER when none has. */
enum iso_envelope_kind iso_envelope_around(struct slice element, struct slice namespace);

extern const struct error_kind iso_envelope_text_fault, iso_envelope_message_fault;

struct iso_envelope_parts {
    struct slice header, document;                 /* XML */
    struct slice id, definition, sender, receiver; /* as in the header */
};

/* XML declaration, wrapper, header and document.  false: the envelope has no name
   for the message. */
bool iso_envelope_write(struct slice text, const struct iso_envelope_parts *parts,
                        struct writer *writer, struct error *error);

#endif
