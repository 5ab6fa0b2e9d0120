/* One thing after the other: a broker, a bank, an operator, the network, the
   store or the clock moves a little. */
#include "world.h"

void give_close(struct world *world)
{
    if (world->close_count == 0)
        return;
    link_id link = world->closes[0];

    world->close_count--;
    memmove(world->closes, world->closes + 1, world->close_count * sizeof world->closes[0]);
    world_give(world, &(struct input){ .kind = INPUT_LINK_CLOSED, .link = link });
}

void pass_time(struct world *world, int64_t step_ns)
{
    world->now.steady_ns += step_ns;
    world->now.utc_ns += step_ns;
    if (world->waiting.on && world->waiting.retry_ns <= world->now.steady_ns)
        process_load_again(world);
    if (engine_deadline_ns(world->engine) <= world->now.steady_ns)
        world_give(world, &(struct input){ .kind = INPUT_TICK });
    for (unsigned i = 0; i < BROKERS; i++)
        broker_tick(&world->brokers[i]);
}

/* --- which comes next --- */

static unsigned one_of(struct world *world)
{
    return (unsigned)world_random(world, BROKERS);
}

static void some_bytes(struct world *world)
{
    network_step(&world->brokers[one_of(world)]);
}

static void some_broker(struct world *world)
{
    broker_step(&world->brokers[one_of(world)]);
}

static void some_bank(struct world *world)
{
    bank_step(&world->banks[one_of(world)]);
}

static void some_file(struct world *world)
{
    bank_give(&world->banks[one_of(world)]);
}

static void some_disk(struct world *world)
{
    disk_step(&world->disks[one_of(world)]);
}

static void some_collecting(struct world *world)
{
    disk_collect(&world->disks[one_of(world)]);
}

static void some_time(struct world *world)
{
    if (fault_strikes(world, FAULT_STOP))
        process_stop(world);
    pass_time(world, MILLIS_NS(world_random(world, world_chance(world, 50) ? 4000 : 50)));
}

static const struct {
    unsigned weight;
    void (*take)(struct world *world);
} steps[] = {
    { 6, process_commit },   { 3, process_answer }, { 12, some_disk },
    { 4, some_collecting },  { 1, give_close },     { 6, some_bytes },
    { 5, some_broker },      { 5, some_bank },      { 5, some_file },
    { 2, some_time },        { 1, decide_held },    { 1, look_into_doubt },
    { 1, import_links },     { 1, clock_step },     { 1, configuration_step },
    { 2, archive_old_days }, { 1, days_pass },      { 1, reset_session },
};

enum { STEP_COUNT = sizeof steps / sizeof *steps };

static void one_step(struct world *world)
{
    unsigned weights = 0, index = 0;

    for (size_t i = 0; i < STEP_COUNT; i++)
        weights += steps[i].weight;
    for (uint64_t at = world_random(world, weights); at >= steps[index].weight; index++)
        at -= steps[index].weight;
    steps[index].take(world);
}

/* Until all has been asked for, and then as long again as a tenth of it took. */
void steps_run(struct world *world)
{
    const struct plan *plan = world->plan;
    unsigned last = plan->until;

    for (; world->step < last; world->step++) {
        one_step(world);
        if (last == plan->until && world->instructions == plan->instructions &&
            world->step + world->step / 10 < last)
            last = world->step + world->step / 10;
        if (world->step > 20000 + 200 * plan->instructions)
            world_fail(world, "only %u instructions were asked for", world->instructions);
    }
}
