/* The configurations that a gateway runs with, each read once, and their change
   while it runs or is down. */
#include "world.h"

#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>

#define FOLDER PENSTOCK_SOURCE_DIR "/tests/kit/engine/"

/* The first is the one that a world begins and ends with.  Empty: as it stands
   in the file. */
static const struct {
    const char *path, *rules, *maps, *deadline, *answer_deadline, *closes, *resets;
} variants[] = {
    { FOLDER "engine.yaml", "", "", "", "", "", "" },
    { FOLDER "engine.yaml", "rules-narrower.yaml", "", "", "", "", "" },
    { FOLDER "engine.yaml", "", PENSTOCK_SIM_MAPS, "", "", "", "" },
    { FOLDER "engine.yaml", "", "", "15s", "8s", "", "" },
    { FOLDER "engine.yaml", "rules-narrower.yaml", PENSTOCK_SIM_MAPS, "24s", "12s", "", "" },
    { FOLDER "engine-hours.yaml", "", "", "", "", "", "" }, /* open for half a minute a day */
    { FOLDER "engine-hours.yaml", "", "", "", "", "09:00:10", "" }, /* and closed for 10 s */
    { FOLDER "engine.yaml", "", "", "", "", "", "true" }, /* alpha, when its connection has ended */
    /* The last: without beta and south. */
    { FOLDER "engine-stricter.yaml", "", "", "", "", "", "" },
};

enum { VARIANT_COUNT = sizeof variants / sizeof *variants };

static struct config *configs[VARIANT_COUNT];

void __real_config_free(struct config *config);
void __wrap_config_free(struct config *config);

/* An engine owns its configuration; here all engines have the same ones. */
void __wrap_config_free(struct config *config)
{
    for (size_t i = 0; i < VARIANT_COUNT; i++)
        if (config == configs[i])
            return;
    __real_config_free(config);
}

static struct config *load(size_t index)
{
    struct error_list errors;

    setenv("ENGINE_RULES", variants[index].rules, 1);
    setenv("ENGINE_MAPS", variants[index].maps, 1);
    setenv("ENGINE_DEADLINE", variants[index].deadline, 1);
    setenv("ENGINE_WINDOW", "24h", 1); /* the shortest: worlds last minutes, or a few days */
    setenv("ENGINE_ANSWER_DEADLINE", variants[index].answer_deadline, 1);
    setenv("ENGINE_CLOSES", variants[index].closes, 1);
    setenv("ENGINE_RESETS", variants[index].resets, 1);
    error_list_init(&errors, 5);
    struct config *config = config_load(variants[index].path, &errors);
    if (config == NULL) {
        fprintf(stderr, "%s: %s\n", variants[index].path, errors.at[0].detail);
        exit(3);
    }
    error_list_fini(&errors);
    return config;
}

void process_configure(void)
{
    for (size_t i = 0; i < VARIANT_COUNT; i++)
        configs[i] = load(i);
}

void process_unconfigure(void)
{
    for (size_t i = 0; i < VARIANT_COUNT; i++)
        __real_config_free(configs[i]);
}

const struct config *process_config(void)
{
    return configs[0];
}

/* --- what a world has --- */

struct config *configuration_begin(struct world *world)
{
    if (fault_strikes(world, FAULT_CONFIGURED_WHILE_DOWN))
        world->configured =
            (unsigned)fault_random(world, FAULT_CONFIGURED_WHILE_DOWN, VARIANT_COUNT);
    world->configured_ever = 1u << world->configured;
    return configs[world->configured];
}

struct config *configuration_begin_again(struct world *world)
{
    world->configured = 0;
    world->configured_ever = 1;
    return configs[0];
}

static void reload(struct world *world, unsigned index)
{
    struct error error;

    /* Without what the store tells nobody knows what is needed. */
    if (world->waiting.on || !engine_accepts(world->engine, configs[index], &error))
        return;
    world->configured = index;
    world->configured_ever |= 1u << index;
    world_give(world,
               &(struct input){ .kind = INPUT_CONFIGURATION, .configuration = configs[index] });
}

void configuration_step(struct world *world)
{
    if (fault_strikes(world, FAULT_RELOAD))
        reload(world, (unsigned)fault_random(world, FAULT_RELOAD, VARIANT_COUNT));
}

void configuration_shrink(struct world *world)
{
    world->configured = VARIANT_COUNT - 1;
}

void configuration_calm(struct world *world)
{
    while (world->waiting.on)
        pass_time(world, SECONDS_NS(1));
    reload(world, 0);
}

bool is_configured(const struct world *world, struct slice session)
{
    return config_session_named(configs[world->configured], session) != NULL;
}

const struct config *configuration_of(const struct world *world, const struct digest *digest)
{
    for (size_t i = 0; i < VARIANT_COUNT; i++)
        if (digest_equal(&configs[i]->digest, digest) && (world->configured_ever & 1u << i) != 0)
            return configs[i];
    return NULL;
}
