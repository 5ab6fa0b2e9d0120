/* One pass: XML in; checked against the schema and the rules beyond it that a
   profile has, and filled into slots as the bytes arrive.  No tree, no callback: feed it,
   then ask for the outcome. Nothing that it found may be used before the end, when the whole
   document is known to be valid.

   Takes a bare Document, a bare AppHdr, or an envelope around one AppHdr and
   one Document (envelope.h). */
#ifndef PENSTOCK_CODECS_ISO20022_PARSE_H
#define PENSTOCK_CODECS_ISO20022_PARSE_H

#include "codecs/base/xml.h"
#include "codecs/iso20022/catalogue.h"
#include "codecs/iso20022/envelope.h"
#include "codecs/iso20022/profile.h"

struct iso_learned;

struct iso_parse_options {
    const struct iso_catalogue *catalogue;
    const struct iso_profile *profile;   /* of this catalogue, bound; NULL: the schema alone */
    const struct xml_limits *xml_limits; /* NULL: xml_limits_default */
    size_t error_count_max;
    size_t memory_max; /* for the records, and what rules keep; 0: no limit */
    /* Readers that iso shapes' `reader` operation made, one per message that is
       to be filled; a message without one is only validated. */
    const struct shape_reader *const *readers;
    size_t reader_count;
    struct iso_learned *learned; /* NULL: each document is the first */
};

struct iso_part {
    const struct iso_schema *schema;   /* NULL: the part is not there */
    const struct shape_reader *reader; /* NULL: none was given */
    /* One per `each` element.  A message, or an element that encloses some of
       them, in which none occurs has one record for itself. */
    struct record *records;
    size_t record_count;
};

struct iso_outcome {
    enum iso_envelope_kind envelope;
    struct iso_part header, document;
    struct error_list errors; /* empty: valid.  In the order of the document. */
};

/* Each finding has a place, which is exact, and its detail begins with the path of
   the element or attribute: this.  Absent: it is about no element. */
struct slice iso_finding_path(const struct error *finding);

extern const struct error_kind iso_element_unexpected, iso_element_missing, iso_element_repeated,
    iso_choice_empty, iso_text_unexpected, iso_attribute_unexpected, iso_attribute_missing,
    iso_value_type, iso_value_facet, iso_value_code, iso_namespace_unknown, iso_wildcard, iso_rule,
    iso_envelope_fault, iso_header_mismatch, iso_memory;

/* What one document leaves for the next, so that less is to be looked up: names, and which
   element followed which.  What a parser finds is the same with it and without.  It is of
   one parser at a time, until that one's outcome is there; others do without meanwhile.  It
   goes before the catalogue, the profiles and readers that its parsers had. */
struct iso_learned *iso_learned_new(void);
void iso_learned_free(struct iso_learned *learned);

struct iso_parser;

/* options and what they point to outlive the parser. */
struct iso_parser *iso_parser_new(const struct iso_parse_options *options, const char *source);
void iso_parser_free(struct iso_parser *parser);

/* Chunks may end anywhere.  false: no more is taken (too many findings, not XML);
   the outcome tells. */
bool iso_parser_feed(struct iso_parser *parser, struct slice bytes);

/* Ends the document.  What the outcome points to lives as long as the parser. */
const struct iso_outcome *iso_parser_end(struct iso_parser *parser);

#endif
