/* The gateway's process: starts, crashes, and what its store does to it. */
#include "world.h"

#include "routing/custody/owned.h"

#include <stdio.h>
#include <stdlib.h>

/* false: the store could not be read to its end. */
static bool load_all(struct world *world, size_t most)
{
    struct loaded loaded;
    struct error error = { 0 };

    world->store->operations->load(world->store);
    while (world->store->operations->load_next(world->store, &loaded, &error)) {
        if (most-- == 0)
            return false;
        engine_load(world->engine, &loaded);
    }
    if (error.kind != NULL)
        world_fail(world, "load: %s", error.detail);
    return true;
}

static void begin(struct world *world)
{
    engine_begin(world->engine, world->now);
    world->began_ns = world->now.steady_ns;
}

void process_start(struct world *world)
{
    const struct store_operations *operations = world->store->operations;
    struct engine_start start = {
        .configuration = configuration_begin(world),
        .identity = operations->identity(world->store),
        .epoch = operations->epoch(world->store),
        .last_batch = operations->last_batch(world->store),
        .last_number = operations->last_number(world->store),
        .seal_count = 16, /* nearly all ids are old ones */
        .gathered_rows_max = world->gathered_rows_max,
        .now = world->now,
    };

    struct error error;

    world->started = world->now;
    for (size_t i = 0; i < sizeof start.seed; i++)
        start.seed[i] = (unsigned char)world_random(world, 256);
    world->engine = engine_new(&start);
    world->life++;
    load_all(world, SIZE_MAX);
    if (!engine_accepts(world->engine, start.configuration, &error)) {
        engine_free(world->engine); /* so it does not start, and the file is mended */
        start.configuration = configuration_begin_again(world);
        world->engine = engine_new(&start);
        load_all(world, SIZE_MAX);
    }
    begin(world);
    engine_flush(world->engine, world->now);
}

void process_load_again(struct world *world)
{
    unsigned life = world->life;
    size_t most = SIZE_MAX;

    waiting_begin(world);
    engine_rebuild(world->engine, world->now);
    world_perform(world);
    if (world->life != life)
        return; /* it has ended, and another one runs */
    if (fault_strikes(world, FAULT_LOAD_FAILED))
        most = (size_t)fault_random(world, FAULT_LOAD_FAILED, 10);
    if (!load_all(world, most))
        return;
    begin(world);
    waiting_end(world);
    world_give(world, &(struct input){ .kind = INPUT_TICK });
}

static void rebuild(struct world *world, uint64_t batch, const struct error *error)
{
    unsigned life = world->life;
    struct input archived;
    bool behind = archiving_behind_failure(world, &archived);

    world_give(world, &(struct input){ .kind = INPUT_COMMIT_FAILED,
                                       .batch = batch,
                                       .text = slice_of(error->kind->text) });
    if (world->life == life)
        process_load_again(world);
    if (world->life == life && behind)
        world_give(world, &archived);
}

/* --- what a store does --- */

static const struct {
    enum fault fault;
    enum store_memory_fault how;
    const struct error_kind *kind;
    unsigned commits; /* that fail at most */
} commit_faults[] = {
    { FAULT_COMMIT_FULL, STORE_MEMORY_FAILS_BEFORE, &store_full, 6 },
    { FAULT_COMMIT_READ_ONLY, STORE_MEMORY_FAILS_BEFORE, &store_read_only, 6 },
    { FAULT_COMMIT_IO, STORE_MEMORY_FAILS_BEFORE, &store_io, 3 },
    { FAULT_COMMIT_UNANSWERED, STORE_MEMORY_FAILS_AFTER, &store_io, 2 },
};

static void break_store(struct world *world)
{
    for (size_t i = 0; i < sizeof commit_faults / sizeof *commit_faults; i++)
        if (fault_strikes(world, commit_faults[i].fault))
            store_memory_fail(
                world->store, commit_faults[i].how,
                1 + (unsigned)fault_random(world, commit_faults[i].fault, commit_faults[i].commits),
                commit_faults[i].kind);
}

/* true: the store says that the batch is in.  What it says need not be so. */
static bool put(struct world *world, struct batch *batch, struct error *error)
{
    const struct store_operations *operations = world->store->operations;
    bool committed = operations->commit(world->store, batch, error);

    if (!committed && error->kind == &store_refused)
        world_fail(world, "the store refuses a batch: %s", error->detail);
    if (operations->last_batch(world->store) == batch_number(batch)) {
        witness_batch(world, batch);
        check_decisions(world, batch);
        see_asking(world, batch);
    }
    batch_free(batch);
    return committed;
}

static void commit(struct world *world)
{
    struct batch *batch = world->batch;
    uint64_t number = batch_number(batch);
    struct error error = { 0 };

    world->batch = NULL;
    break_store(world);
    if (put(world, batch, &error))
        world_give(world, &(struct input){ .kind = INPUT_COMMITTED, .batch = number });
    else
        rebuild(world, number, &error);
}

void process_commit(struct world *world)
{
    if (archiving_is_next(world))
        archiving_turn(world);
    else if (world->batch == NULL)
        world_give(world, &(struct input){ .kind = INPUT_TICK });
    else if (fault_strikes(world, FAULT_COMMIT_SLOW))
        world->batch_slow_until =
            world->step + 1 + (unsigned)fault_random(world, FAULT_COMMIT_SLOW, 200);
    else if (!world->faults.on || world->step >= world->batch_slow_until)
        commit(world);
}

void process_answer(struct world *world)
{
    struct arena arena;
    struct answer answer;
    struct error error = { 0 };

    if (archiving_is_next(world)) {
        archiving_turn(world);
        return;
    }
    if (world->read_count == 0)
        return;
    archiving_answered(world);
    struct query query = world->reads[0];
    world->read_count--;
    memmove(world->reads, world->reads + 1, world->read_count * sizeof world->reads[0]);
    arena_init(&arena, ARENA_UNLIMITED);
    if (!world->store->operations->read(world->store, &query, &arena, &answer, &error))
        world_fail(world, "read: %s", error.detail);
    bool failed = fault_strikes(world, FAULT_READ_FAILED);
    world_give(world, &(struct input){ .kind = INPUT_ANSWER,
                                       .ticket = query.ticket,
                                       .answer = failed ? NULL : &answer,
                                       .text = SLICE("the disk is slow") });
    arena_fini(&arena);
    owned_free(query.session);
    owned_free(query.id);
}

/* --- the end of the process --- */

/* What it had in memory is gone, connections are, and a batch on its way may or
   may not have come through. */
static void begin_again(struct world *world, bool power_lost)
{
    struct error error;

    if (world->batch != NULL && !fault_strikes(world, FAULT_BATCH_LOST))
        put(world, world->batch, &error);
    else
        batch_free(world->batch);
    world->batch = NULL;
    engine_free(world->engine);
    world_forget_reads(world);
    world->close_count = 0;
    world->stopping = world->stopped = false;
    waiting_forget(&world->waiting);
    archiving_forget(world);
    for (unsigned i = 0; i < BROKERS; i++) {
        world->brokers[i].cut = true;
        bank_restart(&world->banks[i], power_lost);
        disk_crash(&world->disks[i], power_lost);
    }
    clock_while_down(world);
    store_memory_reopen(world->store);
    check_store(world);
    process_start(world);
}

void process_crash(struct world *world)
{
    begin_again(world, fault_strikes(world, FAULT_POWER_LOST));
}

void process_stop(struct world *world)
{
    world->stopping = true;
    world_give(world, &(struct input){ .kind = INPUT_DRAIN });
}

void process_stopped(struct world *world)
{
    begin_again(world, false);
}
