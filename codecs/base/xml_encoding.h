/* In which encoding a document is, by its first bytes and its XML declaration.
   Internal to xml_guard.c. */
#ifndef PENSTOCK_CODECS_BASE_XML_ENCODING_H
#define PENSTOCK_CODECS_BASE_XML_ENCODING_H

#include "codecs/base/slice.h"

/* Bytes that tell the encodings apart, for us and for libxml2. */
enum { XML_SIGNATURE_SIZE = 4 };

/* Its name, which lives as long as beginning; absent: nothing tells it.  beginning goes up to the
 * end of the XML declaration when there is one. */
struct slice xml_encoding_of(struct slice beginning);

/* Without regard to case; a name is ASCII. */
bool xml_encoding_is(struct slice encoding, const char *name);

#endif
