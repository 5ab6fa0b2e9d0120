/* Reads both clocks of the system. */
#include "gateway/ops/clock.h"

#include <time.h>

static int64_t clock_read_ns(clockid_t clock)
{
    struct timespec at;

    clock_gettime(clock, &at);
    return SECONDS_NS(at.tv_sec) + at.tv_nsec;
}

struct moment clock_now(void)
{
    return (struct moment){
        .steady_ns = clock_read_ns(CLOCK_MONOTONIC),
        .utc_ns = clock_read_ns(CLOCK_REALTIME),
    };
}
