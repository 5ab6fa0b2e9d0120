/* What is read of an XSD before its names are resolved.  Internal to the
   schema compiler: schema_read.c makes it, schema_facet.c fills in the facets,
   schema_link.c turns it into tables. */
#ifndef PENSTOCK_CODECS_ISO20022_DRAFT_H
#define PENSTOCK_CODECS_ISO20022_DRAFT_H

#include "codecs/base/xml.h"
#include "codecs/iso20022/schema.h"

/* A type by its name, as something refers to it. */
struct iso_draft_reference {
    struct slice name;
    struct place place;
};

struct iso_draft_element {
    struct iso_element element; /* without its type */
    struct iso_draft_reference type;
    struct slice fixed; /* its only value; absent: any */
};

struct iso_draft_facet {
    struct slice name, value;
    struct place place;
};

struct iso_draft_type {
    struct iso_type type; /* without what it refers to */
    struct place place;
    struct iso_draft_reference base;      /* AMOUNT; TEXT that restricts another type */
    struct iso_draft_reference attribute; /* AMOUNT */
    struct slice attribute_fixed;         /* its only value; absent: any */
    size_t first_element;                 /* row of the draft's elements */
    size_t first_facet, facet_count;      /* row of the draft's facets */
    const struct iso_type *linked;        /* what became of it; NULL: nothing yet */
    bool linking;                         /* what it refers to is being linked */
    bool failed;                          /* the errors have been told */
};

struct iso_draft {
    struct iso_pool *pool;
    struct error_list *errors;
    struct arena arena; /* for what is not kept */
    struct slice namespace;
    struct place place; /* of the schema */
    struct iso_draft_element root;
    struct iso_draft_type *types;
    size_t type_count, type_room;
    struct iso_draft_element *elements;
    size_t element_count, element_room;
    struct iso_draft_facet *facets;
    size_t facet_count, facet_room;
};

/* Adds to errors what is wrong. */
void iso_draft_read(struct iso_draft *draft, struct slice xsd, const char *source);

/* Is there a facet of this name in the subset? */
bool iso_draft_facet_known(struct slice name);
void iso_draft_facet_add(struct iso_draft *draft, struct iso_draft_type *type, struct slice name,
                         struct slice value, struct place place);
/* When all facets of the type are there, and its type.facets are those of its
   base: restricts them. */
void iso_draft_facets_apply(struct iso_draft *draft, struct iso_draft_type *type);

/* NULL: draft's errors say why. */
struct iso_schema *iso_draft_link(struct iso_draft *draft);

#endif
