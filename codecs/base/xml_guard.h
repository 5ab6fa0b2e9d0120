/* What stands between the bytes of a document and the parser: its encoding, and
   the limits.  A guard sees each byte before the parser does.  Internal to
   xml.c. */
#ifndef PENSTOCK_CODECS_BASE_XML_GUARD_H
#define PENSTOCK_CODECS_BASE_XML_GUARD_H

#include "codecs/base/gb18030.h"
#include "codecs/base/xml_scan.h"

enum {
    XML_GUARD_CHUNK_SIZE_MAX = 4096, /* taken at once: bounds how much is queued */
    XML_GUARD_BEGINNING_SIZE_MAX = 1024,
};

struct xml_guard {
    struct xml_limits limits;
    struct xml_scan scan;
    size_t total_size; /* of the document as it came */
    bool begun;
    char beginning[XML_GUARD_BEGINNING_SIZE_MAX]; /* held back until the encoding is known */
    size_t beginning_size;
    struct gb18030 *codec; /* NULL: it is in UTF-8 */
    struct writer coded;   /* what a code that is cut short has so far, and the chunk behind it */
    struct writer text;    /* the UTF-8 of it */
};

/* The guard stays where it is while it is used. */
void xml_guard_init(struct xml_guard *guard, const struct xml_limits *limits);
void xml_guard_fini(struct xml_guard *guard);

/* Takes bytes from the front of *bytes, at least one when there is one, and gives
   what the parser may have now, which may be nothing; good until the next call.
   last: no more than these will come.  false: *error says why, without a place;
   its place is behind *fit, or the markup that begins there. */
bool xml_guard_take(struct xml_guard *guard, struct slice *bytes, bool last, struct slice *fit,
                    struct error *error);

/* What the parser says when it was given all of *fit: how many different names it
   holds, and how many bytes it could not take yet. */
bool xml_guard_parsed(const struct xml_guard *guard, size_t name_count, size_t waiting_size,
                      struct error *error);

#endif
