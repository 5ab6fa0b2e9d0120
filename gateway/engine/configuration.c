/* One version of the configuration, with what the engine derives from it, kept
   for as long as a session or a document still uses it. */
#include "gateway/engine/machine.h"

#include <assert.h>
#include <stdlib.h>

static void add_reader(struct configuration *configuration, const struct map *map)
{
    configuration->readers =
        memory_room(configuration->readers, configuration->reader_count,
                    &configuration->reader_room, sizeof(struct shape_reader *));
    configuration->readers[configuration->reader_count++] = map_reader(map);
}

/* The first map in file order that reads this message of a bank. */
static const struct map *first_reader(const struct config *config, const struct shape *shape)
{
    static const enum map_use uses[] = { MAP_USE_READ_HEADER, MAP_USE_STATUS, MAP_USE_REQUEST };

    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        const struct map *map = map_set_next(&config->maps, NULL, uses[i], shape, SLICE_NONE);
        if (map != NULL)
            return map;
    }
    return NULL;
}

static void collect_readers(struct configuration *configuration)
{
    const struct config *config = configuration->config;

    for (size_t i = 0; i < iso_catalogue_count(config->catalogue); i++) {
        const struct shape *shape = iso_schema_shape(iso_catalogue_at(config->catalogue, i));
        const struct map *map = first_reader(config, shape);
        if (map != NULL)
            add_reader(configuration, map);
    }
}

/* What our orders carry as InstrId: banks name a request by it. */
static void compile_order_instruction(struct configuration *configuration)
{
    struct scope scope;
    struct error error;

    scope_init(&scope, NULL, &configuration->arena);
    configuration->order_instruction =
        expression_new(SLICE("id35(instruction.request_id)"), PLACE_NONE, &scope, &error);
    assert(configuration->order_instruction != NULL);
    scope_fini(&scope);
}

struct configuration *configuration_new(struct config *config)
{
    struct configuration *configuration = memory_take(sizeof *configuration);

    *configuration = (struct configuration){ .config = config, .users = 1 };
    arena_init(&configuration->arena, ARENA_UNLIMITED);
    collect_readers(configuration);
    compile_order_instruction(configuration);
    return configuration;
}

struct configuration *configuration_use(struct configuration *configuration)
{
    configuration->users++;
    return configuration;
}

void configuration_drop(struct configuration *configuration)
{
    if (configuration == NULL || --configuration->users != 0)
        return;
    free(configuration->readers);
    arena_fini(&configuration->arena);
    config_free(configuration->config);
    free(configuration);
}

struct slice order_instruction(const struct configuration *configuration,
                               const struct surroundings *around)
{
    struct value value = { 0 };
    struct error error;

    return expression_evaluate(configuration->order_instruction, around, &value, &error)
               ? value.text
               : SLICE_NONE;
}

void configuration_record(struct engine *engine)
{
    const struct config *config = engine->configuration->config;
    struct row row = { .kind = ROW_CONFIGURATION,
                       .configuration = { .digest = config->digest,
                                          .utc_ns = engine->now.utc_ns,
                                          .text = config->text } };

    engine_record(engine, &row);
}
