/* Writes a FIX message: fields in order, BodyLength and CheckSum at the end. */
#ifndef PENSTOCK_CODECS_FIX_COMPOSE_H
#define PENSTOCK_CODECS_FIX_COMPOSE_H

#include "codecs/fix/pen.h"

struct fix_compose {
    struct fix_pen pen;
    struct slice begin_string;
    size_t body;                     /* where it starts in the writer */
    enum moment_precision precision; /* of times; milliseconds unless set after the begin */
};

/* Starts a message behind what writer holds, and a few bytes that mean nothing.
   begin_string outlives it; msg_type absent: the fields bring their own 35. */
void fix_compose_begin(struct fix_compose *compose, struct writer *writer,
                       struct slice begin_string, struct slice msg_type);

static inline void fix_compose_field(struct fix_compose *compose, const struct fix_tag_text *tag,
                                     struct slice value)
{
    fix_pen_field(&compose->pen, tag, value);
}

static inline void fix_compose_text(struct fix_compose *compose, uint32_t tag, struct slice value)
{
    fix_pen_text(&compose->pen, tag, value);
}

static inline void fix_compose_u64(struct fix_compose *compose, uint32_t tag, uint64_t value)
{
    fix_pen_u64(&compose->pen, tag, value);
}

static inline void fix_compose_time(struct fix_compose *compose, uint32_t tag, int64_t utc_ns)
{
    fix_pen_time(&compose->pen, tag, utc_ns, compose->precision);
}

/* tag=value fields, each ended by SOH, as they are. */
static inline void fix_compose_fields(struct fix_compose *compose, struct slice fields)
{
    fix_pen_fields(&compose->pen, fields);
}

/* Adds BodyLength and CheckSum; returns the whole message, which ends where the
   writer does, good until the next write.  Absent: the writer ran over its limit. */
struct slice fix_compose_end(struct fix_compose *compose);

#endif
