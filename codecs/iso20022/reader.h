/* What maps want to know of a message, as a tree beside its schema; and the
   records that are filled while the message goes by.  Internal. */
#ifndef PENSTOCK_CODECS_ISO20022_READER_H
#define PENSTOCK_CODECS_ISO20022_READER_H

#include "codecs/iso20022/schema.h"

struct iso_reader_slot {
    size_t slot;
    const struct iso_reader_slot *next;
};

/* An element that a path leads through.  A scope is one that holds records: the
   message, what `each` names, and what repeats in between.  When it ends, what
   was read in it goes into every record that was made in it; when there was
   none it makes one, so that a group without a member is heard as well. */
struct iso_reader_node {
    const struct iso_element *element;
    struct iso_reader_node *children, *next; /* next: beside it */
    struct iso_reader_slot *texts, *attributes;
    bool is_scope;
    struct iso_reader_slot *scope_slots; /* slots whose innermost scope this is */
};

struct shape_reader {
    struct arena arena;
    const struct iso_schema *schema;
    size_t slot_count;
    struct iso_reader_node *message;
    size_t scope_count;  /* of those that lie in each other: the message, ... and `each` */
    struct slice behind; /* a path whose element comes behind `each`; absent: there is none */
};

/* NULL: nobody wants to know of this child. */
const struct iso_reader_node *iso_reader_child(const struct iso_reader_node *node,
                                               const struct iso_element *element);

struct shape_reader *iso_reader_new(const struct shape *shape, const struct slice *paths,
                                    size_t count, struct slice each, struct error_list *errors);
void iso_reader_free(struct shape_reader *reader);

struct iso_gather;

/* The records of one part of a document. */
struct iso_fill {
    const struct shape_reader *reader; /* NULL: nothing is to be filled */
    struct arena *arena;               /* for texts and values */
    struct value *values;              /* one per slot: what was read in the open scopes */
    struct value **ends;               /* the last value of each slot's list */
    struct iso_gather *gather;         /* takes the records; NULL: they stay here */
    struct record *records;
    size_t record_count, record_room; /* with gather: how many were made */
};

void iso_fill_init(struct iso_fill *fill, const struct shape_reader *reader, struct arena *arena,
                   struct iso_gather *gather);
void iso_fill_fini(struct iso_fill *fill);
void iso_fill_open(struct iso_fill *fill, const struct iso_reader_node *node);
void iso_fill_add(struct iso_fill *fill, const struct iso_reader_slot *slots, struct slice text);
/* first_record: how many records there were when the node was opened. */
void iso_fill_close(struct iso_fill *fill, const struct iso_reader_node *node, size_t first_record);

#endif
