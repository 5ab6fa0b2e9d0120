/* penstock-sim --seed N [--seeds COUNT] [--steps N]: worlds full of faults, each
   made by its seed.  The first that breaks a promise is told in one line that
   makes it happen again, and ends the run with 1. */
#include "world.h"

#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>

const struct fix_dictionary *sim_dictionary;

static struct config *load(void)
{
    struct error_list errors;

    error_list_init(&errors, 5);
    struct config *config =
        config_load(PENSTOCK_SOURCE_DIR "/tests/kit/engine/engine.yaml", &errors);
    if (config == NULL) {
        fprintf(stderr, "%s\n", errors.at[0].detail);
        exit(3);
    }
    error_list_fini(&errors);
    return config;
}

struct totals {
    unsigned long long settled, refused, deposits, crashes, failures, drops;
};

static void count(struct totals *totals, const struct world *world)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction;
        bool settled = instruction->state == INSTRUCTION_SETTLED;
        if (instruction->flow == FLOW_DEPOSIT)
            totals->deposits += settled;
        else if (settled)
            totals->settled++;
        else
            totals->refused++;
    }
    totals->crashes += world->crashes;
    totals->failures += world->failures;
    totals->drops += world->drops;
}

static void run(uint64_t seed, unsigned steps, struct totals *totals)
{
    static struct world world;

    world_init(&world, seed, steps);
    world_run(&world);
    count(totals, &world);
    world_fini(&world);
}

static uint64_t number(const char *text)
{
    uint64_t value;

    if (text == NULL || !slice_to_u64(slice_of(text), UINT64_MAX, &value)) {
        fputs("penstock-sim --seed N [--seeds COUNT] [--steps N]\n", stderr);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    uint64_t seed = 1, seeds = 1, steps = 800;
    struct totals totals = { 0 };

    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0)
            seed = number(argv[i + 1]);
        else if (strcmp(argv[i], "--seeds") == 0)
            seeds = number(argv[i + 1]);
        else if (strcmp(argv[i], "--steps") == 0)
            steps = number(argv[i + 1]);
        else
            number(NULL);
    }
    struct config *config = load();
    sim_dictionary = config->dictionaries[0];
    for (uint64_t i = 0; i < seeds; i++)
        run(seed + i, (unsigned)steps, &totals);
    printf("%llu seeds: %llu withdrawals settled, %llu refused, %llu deposits settled; "
           "%llu crashes, %llu failed commits, %llu lost connections\n",
           (unsigned long long)seeds, totals.settled, totals.refused, totals.deposits,
           totals.crashes, totals.failures, totals.drops);
    config_free(config);
    return 0;
}
