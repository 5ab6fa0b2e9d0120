/* Element content, child by child: parser and composer go by the same steps. */
#ifndef PENSTOCK_CODECS_ISO20022_CONTENT_H
#define PENSTOCK_CODECS_ISO20022_CONTENT_H

#include "codecs/iso20022/schema.h"

/* Where in a type's elements its content stands. */
struct content {
    size_t row;     /* of the last child; NAMES_NONE: there was none yet */
    uint32_t count; /* how often it came */
};

#define CONTENT_START ((struct content){ NAMES_NONE, 0 })

enum content_verdict {
    CONTENT_FINE,
    CONTENT_TOO_OFTEN,
    CONTENT_OTHER_BRANCH, /* of a choice that is made */
    CONTENT_TOO_LATE,     /* it belongs before an element that came already */
};

/* A child of this row comes.  What should have come before it tells
   content_missing(), to be asked first. */
enum content_verdict content_step(const struct iso_type *type, struct content *content, size_t row);

/* The first row from *from on that had to come before a child of row `until`
   (the type's element_count: before the end) and did not; *from moves behind
   it.  NAMES_NONE: no more.  Starts with *from 0. */
size_t content_missing(const struct iso_type *type, struct content content, size_t until,
                       size_t *from);

#endif
