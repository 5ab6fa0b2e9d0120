/* Records on their way into a batch.  Internal.

   What was read in a scope (reader.h) lives until the next one of its kind
   opens; a record gets copies of all that holds for it, which live as long as
   the batch.  So memory does not grow with the number of records or scopes. */
#ifndef PENSTOCK_CODECS_ISO20022_BATCH_GATHER_H
#define PENSTOCK_CODECS_ISO20022_BATCH_GATHER_H

#include "codecs/iso20022/reader.h"

/* A scope that is open, or was. */
struct iso_gather_scope {
    const struct iso_reader_node *node;
    struct arena arena;  /* of what was read in it */
    struct arena *above; /* what the fill took from before */
};

struct iso_gather {
    uint64_t first; /* the records before it are not kept */
    size_t count_max, size_max;
    struct iso_gather_scope *scopes; /* those that lie in each other */
    size_t scope_count, depth;
    struct arena arena;     /* of the batch */
    struct value *copies;   /* one per slot: what the batch has of it */
    bool *copied;           /* per slot: the copy is of what holds now */
    struct record *records; /* of the batch */
    size_t count, room;
    bool overrun;
};

/* memory_max: of one scope, and of one batch; 0: no limit. */
void iso_gather_init(struct iso_gather *gather, const struct shape_reader *reader, uint64_t first,
                     size_t count_max, size_t memory_max);
void iso_gather_fini(struct iso_gather *gather);

/* The batch was handed out: another one begins. */
void iso_gather_reset(struct iso_gather *gather);

/* Nothing more fits into the batch. */
bool iso_gather_full(const struct iso_gather *gather);

void iso_gather_open(struct iso_gather *gather, struct iso_fill *fill,
                     const struct iso_reader_node *node);
/* The record with this number, from 1, of what the fill has read in the open scopes. */
void iso_gather_add(struct iso_gather *gather, const struct iso_fill *fill, uint64_t number);
void iso_gather_close(struct iso_gather *gather, struct iso_fill *fill);

/* Is what is read now for a record that is not kept? */
bool iso_gather_skips(const struct iso_gather *gather, const struct iso_fill *fill);

#endif
