/* The end: nothing goes wrong any more, all come to rest, and whoever left
   something open does his part. */
#include "world.h"

#include <stdio.h>

static bool is_quiet(const struct world *world)
{
    bool quiet = world->batch == NULL && world->read_count == 0 && world->close_count == 0 &&
                 !world->waiting.on && !world->archiving.waits;

    for (unsigned i = 0; quiet && i < BROKERS; i++)
        quiet = broker_is_quiet(&world->brokers[i]) && bank_is_quiet(&world->banks[i]) &&
                disk_is_quiet(&world->disks[i]);
    return quiet;
}

/* What keeps it from resting. */
static void tell_unrest(struct world *world)
{
    char text[400];
    size_t used = 0;

    used += (size_t)snprintf(text, sizeof text, "batch %d, questions %zu, ends %zu",
                             world->batch != NULL, world->read_count, world->close_count);
    for (unsigned i = 0; i < BROKERS; i++)
        used += (size_t)snprintf(
            text + used, sizeof text - used, "; %s %s, %zu out, %zu in; %s %s, its disk %s",
            world->brokers[i].name, world->brokers[i].machine == NULL ? "away" : "connected",
            world->brokers[i].to_gateway.bytes.used, world->brokers[i].from_gateway.bytes.used,
            world->banks[i].channel, bank_is_quiet(&world->banks[i]) ? "quiet" : "waits",
            disk_is_quiet(&world->disks[i]) ? "quiet" : "works");
    world_fail(world, "it does not come to rest: %s", text);
}

static void settle_once(struct world *world)
{
    process_commit(world);
    process_answer(world);
    give_close(world);
    for (unsigned i = 0; i < BROKERS; i++) {
        network_step(&world->brokers[i]);
        disk_step(&world->disks[i]);
        disk_collect(&world->disks[i]);
        bank_give(&world->banks[i]);
    }
    pass_time(world, MILLIS_NS(20));
}

static void settle(struct world *world)
{
    for (unsigned i = 0; i < 20000; i++) {
        settle_once(world);
        if (is_quiet(world))
            return;
    }
    tell_unrest(world);
}

static void settle_for(struct world *world, unsigned seconds)
{
    for (unsigned i = 0; i < seconds; i++) {
        settle(world);
        pass_time(world, SECONDS_NS(1));
    }
    settle(world);
}

/* What is still in doubt is ended as the bank has it. */
static void resolve_doubts(struct world *world)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction;
        if (instruction->state != INSTRUCTION_IN_DOUBT)
            continue;
        uint64_t number = instruction->number;
        resolve(world, instruction);
        settle(world);
        if (world->status != 0)
            world_fail(world, "resolve %llu: %s", (unsigned long long)number, world->reply);
    }
}

static bool any_held(const struct world *world)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++)
        if (store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction->state ==
            INSTRUCTION_HELD)
            return true;
    return false;
}

static void decide_all_held(struct world *world)
{
    for (unsigned i = 0; i < 500 && any_held(world); i++) {
        decide_held(world);
        settle(world);
    }
}

/* A broker's session is gone with a restart, and a reload brings it back. */
static void come_back(struct world *world)
{
    configuration_shrink(world);
    process_crash(world);
    for (unsigned i = 0; i < 50; i++)
        settle_once(world);
    configuration_calm(world);
    settle_for(world, 5);
}

void calm_down(struct world *world)
{
    clock_set_right(world);
    configuration_calm(world);
    for (unsigned i = 0; i < BROKERS; i++)
        world->brokers[i].calm = true;
    settle_for(world, 40); /* the store is well again, gaps are asked for again */
    check_deadlines(world);
    check_outbox(world);
    for (unsigned i = 0; i < BROKERS; i++)
        broker_repeat_open(&world->brokers[i]);
    settle_for(world, 5);
    decide_all_held(world);
    for (unsigned i = 0; i < BROKERS; i++)
        bank_last_words(&world->banks[i]);
    settle_for(world, 2);
    decide_all_held(world); /* what was announced again, and is not known any more */
    settle_for(world, 40);  /* deadlines pass */
    check_alerts(world);
    resolve_doubts(world);
    settle_for(world, 2);
    for (unsigned i = 0; i < BROKERS; i++)
        broker_repeat_open(&world->brokers[i]);
    settle_for(world, 5);
    come_back(world);
}
