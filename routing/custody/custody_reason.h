/* Words for reason codes (reasons.def). */
#ifndef PENSTOCK_ROUTING_CUSTODY_CUSTODY_REASON_H
#define PENSTOCK_ROUTING_CUSTODY_CUSTODY_REASON_H

#include "codecs/base/slice.h"

/* What the code means; "" when it is not in the table. */
const char *custody_reason_words(struct slice code);

#endif
