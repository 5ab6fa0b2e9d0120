/* The log: one line per event, on a descriptor (standard error).

       2025-03-14T09:30:15.105Z info session-logon session=alpha peer=192.0.2.7

   Values with blanks, quotes, equals signs, control characters or bytes that
   are not UTF-8 are quoted and escaped, so that nothing that a peer sends can
   look like a line or a key of ours.  Warnings and alerts end with what to
   make of them. */
#ifndef PENSTOCK_GATEWAY_OPS_LOG_H
#define PENSTOCK_GATEWAY_OPS_LOG_H

#include "codecs/base/moment.h"
#include "codecs/base/writer.h"
#include "gateway/engine/log_event.h"

struct log {
    int descriptor;
    struct writer line;
};

void log_init(struct log *log, int descriptor);
void log_fini(struct log *log);

void log_write(struct log *log, const struct log_event *event, struct moment now);

/* One event as a line, with its newline. */
void log_format(const struct log_event *event, struct moment now, struct writer *line);

#endif
