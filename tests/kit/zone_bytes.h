/* TZif files of version 2 for tests. */
#ifndef PENSTOCK_TESTS_KIT_ZONE_BYTES_H
#define PENSTOCK_TESTS_KIT_ZONE_BYTES_H

#include "codecs/base/writer.h"

struct zone_bytes_change {
    int64_t utc_s;
    int32_t offset_s; /* from then on */
};

/* A table that begins with first_offset_s, and what stands between the newlines
   of its footer. */
void zone_bytes_write(int32_t first_offset_s, const struct zone_bytes_change *changes, size_t count,
                      const char *footer, struct writer *writer);

#endif
