/* The system's clock is set, forward and back, while its steady clock goes on;
   brokers and banks have clocks of their own, which are right. */
#include "world.h"

#define DAY_S 86400

struct moment clock_of_peers(const struct world *world)
{
    return (struct moment){ world->now.steady_ns, world->now.utc_ns - world->clock_wrong_ns };
}

static void set_clock(struct world *world, int64_t wrong_ns)
{
    world->now.utc_ns += wrong_ns - world->clock_wrong_ns;
    world->clock_wrong_ns = wrong_ns;
}

void clock_set_right(struct world *world)
{
    set_clock(world, 0);
}

/* By some seconds, which nobody may notice, or by up to a day. */
static void jump(struct world *world, enum fault fault, int sign)
{
    uint64_t most_s = fault_random(world, fault, 2) == 0 ? DAY_S : 60;
    int64_t by_ns = MILLIS_NS((int64_t)fault_random(world, fault, most_s * 1000));

    set_clock(world, world->clock_wrong_ns + sign * by_ns);
    if (world->clock_wrong_ns > SECONDS_NS(DAY_S) || world->clock_wrong_ns < -SECONDS_NS(DAY_S))
        set_clock(world, sign * SECONDS_NS(DAY_S));
    world->clock_right_step = world->step + (unsigned)fault_random(world, fault, 150);
}

void clock_step(struct world *world)
{
    if (fault_strikes(world, FAULT_CLOCK_FORWARD))
        jump(world, FAULT_CLOCK_FORWARD, 1);
    else if (fault_strikes(world, FAULT_CLOCK_BACK))
        jump(world, FAULT_CLOCK_BACK, -1);
    else if (world->step >= world->clock_right_step)
        clock_set_right(world);
}

void clock_while_down(struct world *world)
{
    if (fault_strikes(world, FAULT_CLOCK_WHILE_DOWN))
        jump(world, FAULT_CLOCK_WHILE_DOWN,
             fault_random(world, FAULT_CLOCK_WHILE_DOWN, 2) == 0 ? 1 : -1);
}
