/* XML as events: the one door to libxml2.  Dictionaries, schemas and ISO 20022
   messages all come through it.

   Fed with bytes in chunks that may end anywhere, a reader answers with
   events.  DOCTYPE is refused before anything is expanded; no network, no
   file is touched; the limits hold to the byte, those of size before libxml2 sees it.
   Encodings other than UTF-8, and GB18030 where it is allowed, are refused.  Comments and
   processing instructions are swallowed and do not split text; CDATA is text. */
#ifndef PENSTOCK_CODECS_BASE_XML_H
#define PENSTOCK_CODECS_BASE_XML_H

#include "codecs/base/charset.h"
#include "codecs/base/error.h"

struct xml_reader;

/* Names, texts and tags are counted in the bytes of their UTF-8, as they are
   written: references not yet replaced. */
struct xml_limits {
    size_t depth_max, element_count_max;
    size_t attribute_count_max; /* of one tag, namespace declarations included */
    size_t name_size_max;
    size_t name_count_max;  /* different ones: of elements, attributes, prefixes, namespaces */
    size_t text_size_max;   /* one text between two tags, and one attribute value */
    size_t markup_size_max; /* one tag, comment or processing instruction */
    size_t total_size_max;  /* in the document's own encoding */
    enum charset charset;   /* that a document may be in beside UTF-8, and is in when it
                               does not say */
};

extern const struct xml_limits xml_limits_default;

/* The one of that key (xml_limits.def); NULL: there is none. */
size_t *xml_limit_find(struct xml_limits *limits, struct slice key);

struct xml_attribute {
    struct slice name, namespace, value; /* namespace absent: none */
    /* Of the value, when it is a name: what its prefix stands for, or the default
       namespace.  Absent: none; empty: the prefix stands for nothing. */
    struct slice value_namespace;
};

enum xml_event_kind {
    XML_EVENT_START,
    XML_EVENT_TEXT, /* all text between two tags as one event; white space too */
    XML_EVENT_END,
};

enum { XML_EVENT_KIND_COUNT = XML_EVENT_END + 1 };

struct xml_event {
    enum xml_event_kind kind;
    struct place place; /* START: of the '<'; TEXT: behind the tag before it; END: behind
                           the tag.  Exact to the character, but for the offset. */
    /* START; namespace absent: none.  A reader has each name once: the same bytes are
       the same address as long as it lives. */
    struct slice name, namespace;
    const struct xml_attribute *attributes; /* START; without xmlns declarations */
    size_t attribute_count;
    struct slice tag;  /* START with attributes: as it stands in the document */
    struct slice text; /* TEXT: valid UTF-8 */
};

/* Where an attribute of a START event stands: its name. */
struct place xml_attribute_place(const struct xml_event *event, size_t attribute);

extern const struct error_kind xml_malformed, xml_doctype, xml_encoding, xml_limit;

/* source is only kept by pointer, for places. */
struct xml_reader *xml_reader_new(const char *source, const struct xml_limits *limits);
void xml_reader_free(struct xml_reader *reader);

/* Another document with a reader whose last one was read to its end: a name that it has
   met before keeps its address.  Nothing else is left of the last one.  false: there was
   something wrong with that, or it is not worth keeping; free the reader. */
bool xml_reader_again(struct xml_reader *reader, const char *source,
                      const struct xml_limits *limits);

/* Drain xml_reader_next() after each call.  last: no more bytes will come.
   false: *error says why; nothing more is taken. */
bool xml_reader_feed(struct xml_reader *reader, struct slice bytes, bool last, struct error *error);

/* What an event points to stays good until the next call on this reader.
   false: feed more. */
bool xml_reader_next(struct xml_reader *reader, struct xml_event *event);

/* Takes events by their kind; what they point to stays good until it returns. */
struct xml_taker {
    void *owner;
    void (*take[XML_EVENT_KIND_COUNT])(void *owner, const struct xml_event *event);
};

/* As xml_reader_feed(), but the events do not wait: taker has them at once. */
bool xml_reader_pass(struct xml_reader *reader, struct slice bytes, bool last,
                     struct xml_taker taker, struct error *error);

/* What a value says that is a name: without prefix and the white space around it. */
struct slice xml_local_part(struct slice value);

/* A document in UTF-8, which has an XML declaration, in that charset and with the
   declaration that says so.  false: *error says why. */
bool xml_encode(enum charset charset, struct slice document, struct writer *writer,
                struct error *error);

/* Is it printable ASCII that needs no escape? */
bool xml_is_plain(struct slice text);

/* text with &, <, >, " and control characters escaped for element content and
   attribute values. */
void xml_escape(struct slice text, struct writer *writer);

#endif
