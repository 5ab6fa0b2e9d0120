/* A document as a tree: made from a schema, changed, written. */
#ifndef PENSTOCK_TESTS_DIFFERENTIAL_DOCUMENT_H
#define PENSTOCK_TESTS_DIFFERENTIAL_DOCUMENT_H

#include "kit/kit.h"

#include "codecs/iso20022/schema.h"

#define SCHEMA_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

struct node {
    const struct iso_element *element; /* NULL: no schema knows it */
    const struct iso_type *type;       /* NULL: the same */
    struct slice name;
    struct slice namespace;  /* absent: the message's; empty: none */
    struct slice text;       /* absent: none */
    struct slice attribute;  /* value of the type's attribute; absent: not there */
    struct slice attributes; /* markup: more of them, each with a blank in front */
    struct slice front;      /* markup in front of the element */
    struct slice inside;     /* markup at the beginning of its content */
    struct node *parent, *children, *next;
};

struct document {
    struct kit_random random;
    struct arena arena;
    const struct iso_schema *schema;
    struct node *root;
};

/* Everything that is told of a document follows from its seed. */
void document_init(struct document *document, const struct iso_schema *schema, uint64_t seed);
void document_fini(struct document *document);

/* From 0 to bound - 1. */
size_t document_below(struct document *document, size_t bound);
bool document_chance(struct document *document, unsigned percent);
#define DOCUMENT_ANY(document, array)                                                              \
    (array)[document_below((document), sizeof(array) / sizeof *(array))]

/* A node behind the children that parent has; NULL: it stands alone. */
struct node *node_new(struct document *document, struct node *parent, struct slice name);
/* A copy of the node and of all that is in it, without a parent. */
struct node *node_copy(struct document *document, const struct node *node);
void node_remove(struct node *node);
void node_insert_before(struct node *at, struct node *node);
void node_insert_behind(struct node *at, struct node *node);

/* The next node in the order of the document; NULL: there is none. */
struct node *node_after(const struct node *node);

/* Where it is, as penstock's findings say it: /Document/GrpHdr/Cdtr[2]. */
void node_write_path(const struct node *node, struct writer *writer);

/* document_make.c: a valid document. */
void document_make(struct document *document);
/* document_value.c: a text that the facets allow; and one that is near to them. */
struct slice document_value(struct document *document, const struct iso_facets *facets);
struct slice document_near_value(struct document *document, const struct iso_facets *facets);
/* document_pattern.c: a text that matches the pattern. */
struct slice document_match(struct document *document, struct slice pattern);
/* document_write.c: the tree as XML, in one of the many ways to write the same. */
void document_write(struct document *document, struct writer *writer);

#endif
