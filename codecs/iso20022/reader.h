/* What maps want to know of a message, as a tree beside its schema; and the
   records that are filled while the message goes by.  Internal. */
#ifndef PENSTOCK_CODECS_ISO20022_READER_H
#define PENSTOCK_CODECS_ISO20022_READER_H

#include "codecs/iso20022/schema.h"

struct reader_slot {
    size_t slot;
    const struct reader_slot *next;
};

/* An element that a path leads through.  A scope is one that encloses the
   records: when it ends, what was read in it goes into every record that was
   made in it. */
struct reader_node {
    const struct iso_element *element;
    struct reader_node *children, *next; /* next: beside it */
    struct reader_slot *texts, *attributes;
    bool is_scope;
    struct reader_slot *scope_slots; /* slots whose innermost scope this is */
};

struct shape_reader {
    struct arena arena;
    const struct iso_schema *schema;
    size_t slot_count;
    struct reader_node *message;
    const struct reader_node *each; /* its end makes a record */
};

/* NULL: nobody wants to know of this child. */
const struct reader_node *reader_child(const struct reader_node *node,
                                       const struct iso_element *element);

struct shape_reader *reader_new(const struct shape *shape, const struct slice *paths, size_t count,
                                struct slice each, struct error_list *errors);
void reader_free(struct shape_reader *reader);

/* The records of one part of a document. */
struct fill {
    const struct shape_reader *reader; /* NULL: nothing is to be filled */
    struct arena *arena;               /* for texts and values */
    struct value *values;              /* one per slot: what was read in the open scopes */
    struct value **ends;               /* the last value of each slot's list */
    struct record *records;
    size_t record_count, record_room;
};

void fill_init(struct fill *fill, const struct shape_reader *reader, struct arena *arena);
void fill_fini(struct fill *fill);
void fill_open(struct fill *fill, const struct reader_node *node);
void fill_add(struct fill *fill, const struct reader_slot *slots, struct slice text);
/* first_record: how many records there were when the node was opened. */
void fill_close(struct fill *fill, const struct reader_node *node, size_t first_record);

#endif
