/* Writes a FIX message: fields in order, BodyLength and CheckSum at the end. */
#ifndef PENSTOCK_CODECS_FIX_COMPOSE_H
#define PENSTOCK_CODECS_FIX_COMPOSE_H

#include "codecs/base/moment.h"
#include "codecs/base/writer.h"

struct fix_compose {
    struct writer *writer;
    size_t start, body;
    enum moment_precision precision; /* of times; milliseconds unless set after the begin */
};

/* Starts a message behind what writer holds. */
void fix_compose_begin(struct fix_compose *compose, struct writer *writer,
                       struct slice begin_string, struct slice msg_type);
void fix_compose_text(struct fix_compose *compose, uint32_t tag, struct slice value);
void fix_compose_u64(struct fix_compose *compose, uint32_t tag, uint64_t value);
void fix_compose_time(struct fix_compose *compose, uint32_t tag, int64_t utc_ns);
/* tag=value fields, each ended by SOH, as they are. */
void fix_compose_fields(struct fix_compose *compose, struct slice fields);
/* Adds BodyLength and CheckSum; returns the whole message, good until the next
   write.  Absent: the writer ran over its limit. */
struct slice fix_compose_end(struct fix_compose *compose);

/* One field, "tag=value" and SOH, for bodies that are written without a header. */
void fix_write_field(struct writer *writer, uint32_t tag, struct slice value);
void fix_write_number(struct writer *writer, uint32_t tag, uint64_t value);

#endif
