/* What a map writes of a message, as a tree in the order of its schema.
   Internal: composer.c builds and proves it, compose.c writes by it. */
#ifndef PENSTOCK_CODECS_ISO20022_COMPOSER_H
#define PENSTOCK_CODECS_ISO20022_COMPOSER_H

#include "codecs/iso20022/schema.h"

struct iso_composer_node {
    const struct iso_element *element;
    const struct iso_facets *facets; /* of a leaf's text; NULL: it has children */
    struct slice opening, closing;   /* its tags; of an amount only up to the attribute */
    struct slice attribute_opening;
    size_t row;      /* of the element in its parent's type */
    size_t instance; /* of a repeating element */
    size_t depth;
    const struct iso_composer_node *parent;
    struct iso_composer_node *children, *next; /* in the order of the schema */
    size_t text_slot, attribute_slot;          /* NAMES_NONE: not written */
    bool text_sure, attribute_sure;            /* present in every message */
    bool sure;                                 /* so is something in it */
    bool text_plain, attribute_plain;          /* no value of the type needs an escape */
    struct place place;                        /* of the first path that leads here */

    /* Of a leaf: all tags between the leaf that it follows in the list and its own value,
       absent when they are not the same in all messages that have both. */
    const struct iso_composer_node *follows;
    struct slice lead;
};

struct shape_composer {
    struct arena arena;
    const struct iso_schema *schema;
    struct iso_composer_node *root;    /* Document or AppHdr */
    struct iso_composer_node *message; /* below Document; AppHdr itself */
    struct iso_composer_node **leaves; /* all that have a slot, in order */
    size_t leaf_count;
    struct slice end; /* all tags behind the last leaf; absent as a leaf's lead */
};

struct shape_composer *iso_composer_new(const struct shape *shape, const struct slice *paths,
                                        const struct place *places, const bool *optional,
                                        size_t count, struct place whole,
                                        struct error_list *errors);
void iso_composer_free(struct shape_composer *composer);

/* Makes the leads of the leaves.  slot_count: of the records that will be written. */
void iso_composer_settle(struct shape_composer *composer, size_t slot_count);

bool iso_composer_write(const struct shape_composer *composer, const struct record *record,
                        struct writer *writer, struct error *error);

/* "CdtTrfTxInf.PmtId", as a map writes it; the message itself by its name. */
void iso_composer_node_write_path(const struct shape_composer *composer,
                                  const struct iso_composer_node *node, struct writer *writer);

#endif
