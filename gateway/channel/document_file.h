/* A document that is too large to be read at once: it stays on disk.

   A first pass validates it to its end; only then a second pass hands out its
   records in batches (codecs/iso20022/batch.h).  The first pass notes a SHA-256
   of each block of the file, and the second takes no block that has another
   one: nothing is handed out that was not validated, and when the file has
   changed in between nothing more is.  Memory is that of a block, a batch, and
   32 bytes for each MiB of the file. */
#ifndef PENSTOCK_GATEWAY_CHANNEL_DOCUMENT_FILE_H
#define PENSTOCK_GATEWAY_CHANNEL_DOCUMENT_FILE_H

#include "codecs/base/digest.h"
#include "codecs/iso20022/batch.h"

extern const struct error_kind document_file_fault, document_file_changed;

struct document_file {
    const char *path;
    int file;               /* -1: not open */
    char *block;            /* the one that is read now */
    struct digest *digests; /* of all blocks, by the first pass */
    size_t digest_count, digest_room;
    const struct iso_schema *schema; /* of the Document; NULL: there is none, or it is not valid */
    struct iso_batches *batches;     /* of the second pass */
    size_t block_next;
    bool ended;
};

/* path lives as long as the file.  false: *error says why; only a regular file can
   be read twice. */
bool document_file_open(struct document_file *file, const char *path, struct error *error);
void document_file_close(struct document_file *file);

/* The first pass.  false: errors say why it can't be read or is not valid. */
bool document_file_validate(struct document_file *file, const struct iso_parse_options *options,
                            struct error_list *errors);

/* Begins the second pass; what options point to outlives it. */
void document_file_begin(struct document_file *file, const struct iso_batch_options *options);

/* What a batch lends is good until the next call.  false: the end, or *error says
   why nothing more is handed out; its kind is NULL at the end. */
bool document_file_next(struct document_file *file, struct iso_batch *batch, struct error *error);

#endif
