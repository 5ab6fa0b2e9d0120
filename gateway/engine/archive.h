/* Old days that leave the live store: how old they must be, and what is told. */
#ifndef PENSTOCK_GATEWAY_ENGINE_ARCHIVE_H
#define PENSTOCK_GATEWAY_ENGINE_ARCHIVE_H

#include "gateway/engine/deadlines.h"
#include "gateway/engine/query.h"

/* What was changed before *before_utc_ns may leave: before that date (as
   2026-11-21), or, when it is absent, before the window.  Within the window
   resends and duplicates must be known.  Returns NULL, or why not. */
const char *archive_before(struct slice date, int64_t now_utc_ns, unsigned window_s,
                           int64_t *before_utc_ns);

void archive_add(struct archive_progress *sum, const struct archive_progress *progress);
/* "3 instructions, 6 messages and 3 documents of banks moved to FILE" */
void archive_write(const struct archive_progress *sum, struct slice file, struct writer *writer);

/* --- operator_archive.c: a little at a time, while business goes on --- */

struct engine;
struct input;
struct operator_command;

struct archiving {
    struct operator_command *command; /* NULL: nobody wants it */
    struct archive_order order;       /* of the last turn */
    struct archive_progress sum;
    struct deadline deadline; /* of the next turn */
};

void archive_took(struct engine *engine, const struct input *input);
void archive_go_on(struct engine *engine);
/* The command is gone. */
void archive_forget(struct engine *engine);

#endif
