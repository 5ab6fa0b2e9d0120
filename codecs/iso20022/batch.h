/* The second pass over a document: its records in batches, in little memory.

   For a document that is too large to be kept.  A first pass with an iso_parser
   has shown that it is valid to its end; this one reads the same bytes again and
   hands out the records that its reader makes of them.  Batch by batch they are
   the records that iso_outcome would have, in their order, and they are numbered
   from 1, so that whoever was interrupted goes on where it stopped.  Fed, then
   drained:

       iso_batches_feed(batches, bytes, last);
       while (iso_batches_next(batches, &batch))
           ...

   The pass checks again what the first one did.  Its findings can only mean that
   the bytes are not those of the first: then nothing more is handed out. */
#ifndef PENSTOCK_CODECS_ISO20022_BATCH_H
#define PENSTOCK_CODECS_ISO20022_BATCH_H

#include "codecs/iso20022/parse.h"

struct iso_batch_options {
    struct iso_parse_options parse; /* with one reader; its memory_max holds for what rules keep,
                                       for one batch, and for what is kept around its records */
    uint64_t first;   /* the number of the first record; those before it are not kept */
    size_t count_max; /* records of a batch; it has fewer when they are large */
};

struct iso_batch {
    uint64_t first; /* the number of its first record */
    const struct record *records;
    size_t count;
};

struct iso_batches;

/* Can the reader's records be handed out before the document ends?  false: it
   wants a field that comes behind its `each`, which *error names. */
bool iso_batches_can_read(const struct shape_reader *reader, struct error *error);

/* The reader is one that can be read; options.parse points to what outlives the batches. */
struct iso_batches *iso_batches_new(const struct iso_batch_options *options, const char *source);
void iso_batches_free(struct iso_batches *batches);

/* Chunks may end anywhere; bytes stay good until next has said false. */
void iso_batches_feed(struct iso_batches *batches, struct slice bytes, bool last);

/* What a batch lends is good until the next call.  false: feed more, or it is at the
   end, or there are findings. */
bool iso_batches_next(struct iso_batches *batches, struct iso_batch *batch);

const struct error_list *iso_batches_findings(const struct iso_batches *batches);

#endif
