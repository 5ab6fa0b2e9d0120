/* The clock.  Read once per loop turn by whoever owns the loop, and handed to
   everything else as a struct moment. */
#ifndef PENSTOCK_GATEWAY_OPS_CLOCK_H
#define PENSTOCK_GATEWAY_OPS_CLOCK_H

#include "codecs/base/moment.h"

struct moment clock_now(void);

#endif
