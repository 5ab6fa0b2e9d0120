/* How many a second: so many at once, and after that one for each that time has
   made room for. */
#ifndef PENSTOCK_GATEWAY_ENGINE_RATE_H
#define PENSTOCK_GATEWAY_ENGINE_RATE_H

#include <stdbool.h>
#include <stdint.h>

/* Zero: nothing has been taken. */
struct rate {
    int64_t until_ns; /* what was taken is paid for then */
};

struct rate_terms {
    unsigned per_second; /* 0: any number */
    unsigned burst;      /* at once, at least 1 */
};

/* false: one more is too many. */
bool rate_take(struct rate *rate, const struct rate_terms *terms, int64_t now_ns);

#endif
