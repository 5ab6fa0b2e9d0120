/* Who has tried to log on in vain, so that guessing costs time: after so many
   attempts, each soon after the one before, there are none for a while.

   A table of fixed size: one that is not there any more has its attempts again. */
#ifndef PENSTOCK_GATEWAY_ENGINE_THROTTLE_H
#define PENSTOCK_GATEWAY_ENGINE_THROTTLE_H

#include "codecs/base/slice.h"

#define THROTTLE_SETS 256
#define THROTTLE_WAYS 4

struct throttle_entry {
    uint64_t key; /* 0: free */
    int64_t last_ns;
    unsigned failures;
};

struct throttle {
    struct throttle_entry sets[THROTTLE_SETS][THROTTLE_WAYS];
};

struct throttle_terms {
    unsigned failures_max; /* then there is a pause; 0: never */
    int64_t pause_ns;      /* also the time after which a failure is forgotten */
};

enum throttle_kind {
    THROTTLE_ADDRESS,
    THROTTLE_SESSION,
};

/* Is it the time of a pause? */
bool throttle_closed(const struct throttle *throttle, const struct throttle_terms *terms,
                     enum throttle_kind kind, struct slice name, int64_t now_ns);
/* true: a pause begins with this. */
bool throttle_fail(struct throttle *throttle, const struct throttle_terms *terms,
                   enum throttle_kind kind, struct slice name, int64_t now_ns);
void throttle_forgive(struct throttle *throttle, enum throttle_kind kind, struct slice name);

#endif
