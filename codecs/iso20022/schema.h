/* A message's schema as tables: what the compiler makes of an XSD, and what
   parser, shapes and composer work with.  Internal to codecs/iso20022.

   Every content model is a sequence of places.  A place is taken by an element
   or by one branch of a choice; in no type does a name occur twice, so that
   the index of the last element is the whole state of a check. */
#ifndef PENSTOCK_CODECS_ISO20022_SCHEMA_H
#define PENSTOCK_CODECS_ISO20022_SCHEMA_H

#include "codecs/base/names.h"
#include "codecs/iso20022/catalogue.h"
#include "codecs/iso20022/value.h"

#define ISO_UNBOUNDED UINT32_MAX

enum iso_content {
    ISO_TEXT,     /* a simple type */
    ISO_AMOUNT,   /* text and one attribute */
    ISO_ELEMENTS, /* a sequence, a choice, or choices in a sequence */
    ISO_WILDCARD, /* one element of any kind */
};

struct iso_type;

struct iso_element {
    struct slice name;
    const struct iso_type *type;
    uint32_t min, max;
    uint32_t place;      /* branches of one choice share a place */
    bool place_required; /* no branch of the place may be left out */
    bool is_branch;      /* of a choice */
};

struct iso_attribute {
    struct slice name;
    const struct iso_type *type;
    bool required;
};

enum iso_wildcard_process { ISO_STRICT, ISO_LAX, ISO_SKIP };

struct iso_wildcard {
    struct slice namespace; /* absent: any */
    enum iso_wildcard_process process;
};

struct iso_type {
    struct slice name;
    enum iso_content content;
    struct iso_facets facets;           /* TEXT */
    const struct iso_type *base;        /* AMOUNT: the type of its text */
    struct iso_attribute attribute;     /* AMOUNT */
    const struct iso_element *elements; /* ELEMENTS */
    size_t element_count;
    struct iso_wildcard wildcard; /* WILDCARD */
};

struct iso_rule_book;

struct iso_schema {
    struct slice id, namespace;
    struct iso_element root;             /* Document or AppHdr */
    const struct iso_element *message;   /* the element below Document; of a header its root */
    const struct iso_type *const *types; /* by name */
    size_t type_count;
    struct names type_names; /* to rows of types */
    struct shape shape;
    const struct iso_rule_book *rules; /* NULL: it has none */
};

/* What types of all schemas of a catalogue share. */
struct iso_pool {
    struct arena arena;
    struct names type_keys, pattern_texts;
    const struct iso_type **types;
    size_t type_count, type_room;
    const struct iso_pattern **patterns;
    size_t pattern_count, pattern_room;
};

void iso_pool_init(struct iso_pool *pool);
void iso_pool_fini(struct iso_pool *pool);

extern const struct error_kind iso_xsd_unsupported, iso_xsd_invalid, iso_xsd_name, iso_xsd_pattern,
    iso_xsd_repeated;

/* Compiles an XSD; what it makes lives in pool, but for what iso_schema_fini()
   gives back.  NULL: errors say why. */
struct iso_schema *iso_schema_compile(struct iso_pool *pool, struct slice xsd, const char *source,
                                      struct error_list *errors);

void iso_schema_fini(struct iso_schema *schema);

/* The facets of an element's text; NULL: it has none. */
const struct iso_facets *iso_type_facets(const struct iso_type *type);

/* The row of the element with this name, looked for from row `from` on and then
   in front of it; NAMES_NONE: the type has none. */
size_t iso_type_find(const struct iso_type *type, struct slice name, size_t from);

/* NULL: the schema has no type of that name. */
const struct iso_type *iso_schema_type(const struct iso_schema *schema, struct slice name);

/* One type in the normal form (schema_write.c). */
void iso_type_write(const struct iso_type *type, struct writer *writer);

extern const struct shape_operations iso_shape_operations;

#endif
