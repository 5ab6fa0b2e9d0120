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
    uint32_t required;   /* the first row from this on that begins a place which may not be
                            left out; the type's element_count: there is none */
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
    size_t row; /* in the pool, behind the types that it refers to */
    enum iso_content content;
    struct iso_facets facets;           /* TEXT */
    const struct iso_type *base;        /* AMOUNT: the type of its text */
    struct iso_attribute attribute;     /* AMOUNT */
    const struct iso_element *elements; /* ELEMENTS */
    size_t element_count;
    struct iso_wildcard wildcard; /* WILDCARD */
};

struct iso_schema {
    struct slice id, namespace;
    size_t row; /* in its catalogue */
    const char *source;
    size_t size;                         /* bytes of the tables that came with it */
    struct iso_element root;             /* Document or AppHdr */
    const struct iso_element *message;   /* the element below Document; of a header its root */
    const struct iso_type *const *types; /* by name */
    size_t type_count;
    struct shape shape;
};

struct iso_pool_row {
    const struct iso_type *type;
    size_t next; /* row of another type of its name; NAMES_NONE: there is none */
};

/* What all schemas of a catalogue share: whatever is equal is kept once. */
struct iso_pool {
    struct arena arena;
    struct names text_rows, pattern_rows, type_rows;
    struct slice *texts;
    size_t text_count, text_room;
    const struct iso_pattern **patterns;
    size_t pattern_count, pattern_room;
    struct iso_pool_row *types;
    size_t type_count, type_room;
};

void iso_pool_init(struct iso_pool *pool);
void iso_pool_fini(struct iso_pool *pool);

/* Bytes of all tables. */
size_t iso_pool_size(const struct iso_pool *pool);

/* The text as the pool has it, with a NUL behind it.  Absent stays absent. */
struct slice iso_pool_text(struct iso_pool *pool, struct slice text);

/* NULL: it is no pattern; *fault says why. */
const struct iso_pattern *iso_pool_pattern(struct iso_pool *pool, struct slice text,
                                           const char **fault);

/* The type as the pool has it.  The types that it refers to are the pool's. */
const struct iso_type *iso_pool_type(struct iso_pool *pool, const struct iso_type *type);

const struct iso_pool *iso_catalogue_pool(const struct iso_catalogue *catalogue);

extern const struct error_kind iso_xsd_unsupported, iso_xsd_invalid, iso_xsd_name, iso_xsd_pattern,
    iso_xsd_repeated;

/* Compiles an XSD; what it makes lives in pool.  NULL: errors say why. */
struct iso_schema *iso_schema_compile(struct iso_pool *pool, struct slice xsd, const char *source,
                                      struct error_list *errors);

/* The facets of an element's text; NULL: it has none. */
static inline const struct iso_facets *iso_type_facets(const struct iso_type *type)
{
    if (type->content == ISO_TEXT)
        return &type->facets;
    return type->content == ISO_AMOUNT ? &type->base->facets : NULL;
}

/* The row of the element with this name, looked for from row `from` on and then
   in front of it; NAMES_NONE: the type has none. */
size_t iso_type_find(const struct iso_type *type, struct slice name, size_t from);

/* NULL: the schema has no type of that name. */
const struct iso_type *iso_schema_type(const struct iso_schema *schema, struct slice name);

/* One type in the normal form (schema_write.c). */
void iso_type_write(const struct iso_type *type, struct writer *writer);

extern const struct shape_operations iso_shape_operations;

#endif
