/* What stands between the bytes of a document and the parser: the encoding, and
   the limits.  A guard sees each byte before the parser does.  Internal to
   xml.c. */
#ifndef PENSTOCK_CODECS_BASE_XML_GUARD_H
#define PENSTOCK_CODECS_BASE_XML_GUARD_H

#include "codecs/base/xml.h"

enum {
    XML_GUARD_CHUNK_SIZE_MAX = 4096, /* handed on at once: bounds how much is queued */
    XML_GUARD_PROLOGUE_SIZE_MAX = 1024,
};

struct xml_guard {
    struct xml_limits limits;
    unsigned depth;
    size_t total_size, quiet_size; /* bytes in all; bytes since the last event */
    bool prologue_seen;
    char prologue[XML_GUARD_PROLOGUE_SIZE_MAX]; /* held back until the encoding is known */
    size_t prologue_size;
};

void xml_guard_init(struct xml_guard *guard, const struct xml_limits *limits);

/* Takes bytes from the front of *bytes, at least one when there is one, and gives
   what the parser may have now, which may be nothing; good until the next call.
   last: no more than these will come.  false: *error says why, without a place. */
bool xml_guard_take(struct xml_guard *guard, struct slice *bytes, bool last, struct slice *fit,
                    struct error *error);

/* The parser told of something. */
void xml_guard_event(struct xml_guard *guard);

/* The parser told of these; false: *error says why, without a place. */
bool xml_guard_start(struct xml_guard *guard, size_t name_size, size_t attribute_count,
                     struct error *error);
bool xml_guard_value(const struct xml_guard *guard, size_t size, struct error *error);
void xml_guard_end(struct xml_guard *guard);

#endif
