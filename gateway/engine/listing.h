/* What an operator is shown: the same rows as text for people and as JSON for
   programs. */
#ifndef PENSTOCK_GATEWAY_ENGINE_LISTING_H
#define PENSTOCK_GATEWAY_ENGINE_LISTING_H

#include "codecs/base/slice.h"
#include "codecs/base/writer.h"

enum listing_style {
    LISTING_TABLE, /* a line of names, then a line for each row, values behind tabs */
    LISTING_CARD,  /* "name: value" lines, without what is absent */
};

struct listing {
    struct writer *writer;
    bool json;
    enum listing_style style;
    unsigned sections, rows, fields;
    struct writer names, values; /* of the row that is being written */
};

void listing_init(struct listing *listing, struct writer *writer, bool json);
void listing_fini(struct listing *listing); /* completes the text */

void listing_section(struct listing *listing, const char *name, enum listing_style style);
void listing_section_end(struct listing *listing);
void listing_row(struct listing *listing);
void listing_row_end(struct listing *listing);
void listing_text(struct listing *listing, const char *name, struct slice text);
void listing_number(struct listing *listing, const char *name, uint64_t number);

#endif
