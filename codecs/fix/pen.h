/* Writes fields, each "tag=value" and SOH, in order.

   While a pen is open its writer is written by nobody else; what the pen wrote
   counts once it is closed, and writer_ok() tells then whether all fitted. */
#ifndef PENSTOCK_CODECS_FIX_PEN_H
#define PENSTOCK_CODECS_FIX_PEN_H

#include "codecs/base/moment.h"
#include "codecs/base/writer.h"
#include "codecs/fix/tag_text.h"

struct fix_pen {
    struct writer *writer;
    char *at, *end; /* the writer's room from here on; NULL: it ran over */
};

void fix_pen_open(struct fix_pen *pen, struct writer *writer);
void fix_pen_close(struct fix_pen *pen);

/* A field of a dictionary has its tag's text: sooner written than the number is. */
void fix_pen_field(struct fix_pen *pen, const struct fix_tag_text *tag, struct slice value);
void fix_pen_text(struct fix_pen *pen, uint32_t tag, struct slice value);
void fix_pen_u64(struct fix_pen *pen, uint32_t tag, uint64_t value);
void fix_pen_time(struct fix_pen *pen, uint32_t tag, int64_t utc_ns,
                  enum moment_precision precision);
/* Whole fields, as they are. */
void fix_pen_fields(struct fix_pen *pen, struct slice fields);

#endif
