/* Where a start tag begins.  Internal to xml.c. */
#ifndef PENSTOCK_CODECS_BASE_XML_PLACE_H
#define PENSTOCK_CODECS_BASE_XML_PLACE_H

#include "codecs/base/xml.h"

/* bytes end in a start tag, and *place is that of their end: moves it to the tag's
   '<', and gives the tag.  Absent: the '<' is not among the bytes. */
struct slice xml_place_of_tag(struct slice bytes, struct place *place);

#endif
