/* Counts what is long in the bytes of a document, before the parser has them, and
   finds a DOCTYPE.  Elements and their depth are the parser's to count.

   It follows the markup of a document that is well formed; where one is not, the
   parser refuses it as soon as it looks.  Internal to xml_guard.c. */
#ifndef PENSTOCK_CODECS_BASE_XML_SCAN_H
#define PENSTOCK_CODECS_BASE_XML_SCAN_H

#include "codecs/base/xml.h"

enum xml_limit_name {
#define XML_LIMIT(field, key, if_absent, what, unit) XML_LIMIT_##field,
#include "codecs/base/xml_limits.def"
#undef XML_LIMIT
    XML_LIMIT_NONE,
};

enum xml_scan_state {
    XML_SCAN_TEXT,
    XML_SCAN_REFERENCE, /* in text */
    XML_SCAN_OPENED,    /* behind "<" */
    XML_SCAN_DECLARED,  /* behind "<!" */
    XML_SCAN_TAG,
    XML_SCAN_VALUE,
    XML_SCAN_END_TAG,
    XML_SCAN_TARGET, /* the name of a processing instruction */
    XML_SCAN_INSTRUCTION,
    XML_SCAN_COMMENT,
    XML_SCAN_CDATA,
    XML_SCAN_STATE_COUNT
};

struct xml_declared;

struct xml_scan {
    const struct xml_limits *limits;
    enum xml_scan_state state;
    size_t plain_size_max; /* a tag and its text of so many bytes are within all limits */
    size_t attribute_count;
    size_t name_size, text_size, markup_size; /* of what is open */
    const struct xml_declared *declared;      /* what it may be; NULL: not yet known */
    const char *awaited;                      /* what begins or ends a comment and its like */
    size_t matched;                           /* of its bytes */
    char quote;                               /* that ends the value */
    enum xml_limit_name over;                 /* NONE: none */
    bool doctype;                             /* there is one */
    const char *special; /* of the bytes that are scanned: what may be no tag; NULL: not known */
};

/* limits stay where they are while it is used. */
void xml_scan_init(struct xml_scan *scan, const struct xml_limits *limits);

/* How many bytes from the front are fine; fewer than all: over or doctype say
   what is wrong. */
size_t xml_scan_take(struct xml_scan *scan, struct slice bytes);

/* limit is passed: fills in *error, without a place, and returns false. */
bool xml_limit_refuse(const struct xml_limits *limits, enum xml_limit_name limit,
                      struct error *error);

#endif
