/* Each that is taken costs its part of a second; a burst may owe as much as it has
   messages. */
#include "gateway/engine/rate.h"

#include "codecs/base/moment.h"

bool rate_take(struct rate *rate, const struct rate_terms *terms, int64_t now_ns)
{
    if (terms->per_second == 0)
        return true;
    int64_t cost_ns = SECONDS_NS(1) / terms->per_second;

    if (rate->until_ns < now_ns)
        rate->until_ns = now_ns;
    if (rate->until_ns - now_ns > cost_ns * (terms->burst - 1))
        return false;
    rate->until_ns += cost_ns;
    return true;
}
