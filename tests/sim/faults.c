/* The store's part, and the end of the process. */
#include "world.h"

#include "config/config.h"
#include "routing/custody/owned.h"

#include <stdio.h>

#define CONFIG_PATH PENSTOCK_SOURCE_DIR "/tests/kit/engine/engine.yaml"

static struct config *load_config(struct world *world)
{
    struct error_list errors;

    error_list_init(&errors, 5);
    struct config *config = config_load(CONFIG_PATH, &errors);
    if (config == NULL)
        world_fail(world, "configuration: %s", errors.at[0].detail);
    error_list_fini(&errors);
    return config;
}

static void load_all(struct world *world)
{
    struct loaded loaded;
    struct error error = { 0 };

    world->store->operations->load(world->store);
    while (world->store->operations->load_next(world->store, &loaded, &error))
        engine_load(world->engine, &loaded);
    if (error.kind != NULL)
        world_fail(world, "load: %s", error.detail);
    engine_begin(world->engine, world->now);
}

void world_start(struct world *world)
{
    const struct store_operations *operations = world->store->operations;
    struct engine_start start = {
        .configuration = load_config(world),
        .identity = operations->identity(world->store),
        .epoch = operations->epoch(world->store),
        .last_batch = operations->last_batch(world->store),
        .last_number = operations->last_number(world->store),
        .now = world->now,
    };

    for (size_t i = 0; i < sizeof start.seed; i++)
        start.seed[i] = (unsigned char)world_random(world, 256);
    world->engine = engine_new(&start);
    load_all(world);
    engine_flush(world->engine, world->now);
}

static void rebuild(struct world *world, uint64_t batch, const struct error *error)
{
    world->failures++;
    engine_take(world->engine,
                &(struct input){ .kind = INPUT_COMMIT_FAILED,
                                 .batch = batch,
                                 .text = slice_of(error->kind->text) },
                world->now);
    engine_rebuild(world->engine, world->now);
    load_all(world);
    world_give(world, &(struct input){ .kind = INPUT_TICK });
}

void fault_commit(struct world *world)
{
    struct batch *batch = world->batch;
    struct error error = { 0 };

    if (batch == NULL) {
        world_give(world, &(struct input){ .kind = INPUT_TICK });
        return;
    }
    uint64_t number = batch_number(batch);
    world->batch = NULL;
    if (world->faults && world_chance(world, 2))
        store_memory_fail(world->store,
                          world_chance(world, 50) ? STORE_MEMORY_FAILS_BEFORE
                                                  : STORE_MEMORY_FAILS_AFTER,
                          1 + (unsigned)world_random(world, 3), &store_full);
    bool committed = world->store->operations->commit(world->store, batch, &error);

    batch_free(batch);
    if (!committed && error.kind == &store_refused)
        world_fail(world, "the store refuses a batch: %s", error.detail);
    check_store(world);
    if (committed)
        world_give(world, &(struct input){ .kind = INPUT_COMMITTED, .batch = number });
    else
        rebuild(world, number, &error);
}

void fault_answer(struct world *world)
{
    struct arena arena;
    struct answer answer;
    struct error error = { 0 };

    if (world->read_count == 0)
        return;
    struct query query = world->reads[0];
    world->read_count--;
    memmove(world->reads, world->reads + 1, world->read_count * sizeof world->reads[0]);
    arena_init(&arena, ARENA_UNLIMITED);
    if (!world->store->operations->read(world->store, &query, &arena, &answer, &error))
        world_fail(world, "read: %s", error.detail);
    bool lost = world->faults && world_chance(world, 5);
    world_give(world, &(struct input){ .kind = INPUT_ANSWER,
                                       .ticket = query.ticket,
                                       .answer = lost ? NULL : &answer,
                                       .text = SLICE("the disk is slow") });
    arena_fini(&arena);
    owned_free(query.session);
    owned_free(query.id);
}

/* The process dies: what it had in memory is gone, connections are, and a batch
   on its way may or may not have come through. */
void fault_crash(struct world *world)
{
    struct error error;

    world->crashes++;
    if (world->batch != NULL && world_chance(world, 50))
        world->store->operations->commit(world->store, world->batch, &error);
    batch_free(world->batch);
    world->batch = NULL;
    engine_free(world->engine);
    for (size_t i = 0; i < world->read_count; i++) {
        owned_free(world->reads[i].session);
        owned_free(world->reads[i].id);
    }
    world->read_count = world->took_count = world->close_count = 0;
    for (unsigned i = 0; i < BROKERS; i++) {
        world->brokers[i].cut = true;
        bank_restart(&world->banks[i]);
    }
    store_memory_reopen(world->store);
    check_store(world);
    world_start(world);
}
