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

struct configuration *configuration_new(struct config *config)
{
    struct configuration *configuration = memory_take(sizeof *configuration);

    *configuration =
        (struct configuration){ .config = config, .users = 1, .learned = iso_learned_new() };
    arena_init(&configuration->arena, ARENA_UNLIMITED);
    names_init(&configuration->derived_names);
    collect_readers(configuration);
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
    iso_learned_free(configuration->learned);
    free(configuration->derived);
    names_fini(&configuration->derived_names);
    arena_fini(&configuration->arena);
    config_free(configuration->config);
    free(configuration);
}

const struct config_session *configuration_session(struct configuration *configuration,
                                                   struct slice name)
{
    const struct config_session *found = config_session_of(configuration->config, name);

    if (found == NULL || !found->is_template)
        return found;
    if (slice_equal(found->name, name))
        return NULL;
    size_t row = names_find(&configuration->derived_names, name);
    if (row != NAMES_NONE)
        return configuration->derived[row];
    found = config_template_session(found, name, &configuration->arena);
    configuration->derived =
        memory_room(configuration->derived, configuration->derived_count,
                    &configuration->derived_room, sizeof(const struct config_session *));
    names_add(&configuration->derived_names, found->name, configuration->derived_count);
    configuration->derived[configuration->derived_count++] = found;
    return found;
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

/* --- may it be taken? --- */

const struct error_kind configuration_lacks = {
    "engine.configuration-lacks", "the configuration lacks what open instructions need"
};

/* Its end must be durable: a failed commit would open it again. */
static bool is_open(const struct entry *entry)
{
    return instruction_live(entry->instruction) || entry->dirty || entry->writing;
}

static bool is_served(const struct instruction *instruction, const struct config *config,
                      struct error *error)
{
    struct slice id = instruction_get(instruction, INSTRUCTION_TEXT_id);
    struct slice session = instruction_get(instruction, INSTRUCTION_TEXT_session);
    struct slice channel = instruction_get(instruction, INSTRUCTION_TEXT_channel);

    if (session.at != NULL && config_session_of(config, session) == NULL)
        return error_at(error, &configuration_lacks, PLACE_NONE,
                        "session %.*s must stay until %.*s has ended", SLICE_ARG(session),
                        SLICE_ARG(id));
    if (channel.at != NULL && config_channel_named(config, channel) == NULL)
        return error_at(error, &configuration_lacks, PLACE_NONE,
                        "channel %.*s must stay until %.*s has ended", SLICE_ARG(channel),
                        SLICE_ARG(id));
    return true;
}

static bool instructions_are_served(const struct engine *engine, const struct config *config,
                                    struct error *error)
{
    for (size_t i = 0; i < engine->instructions.bucket_count; i++)
        for (struct table_entry *at = engine->instructions.buckets[i].first; at != NULL;
             at = at->next) {
            const struct entry *entry = at->owner;
            if (entry->instruction != NULL && is_open(entry) &&
                !is_served(entry->instruction, config, error))
                return false;
        }
    return true;
}

static bool outbox_is_served(const struct engine *engine, const struct config *config,
                             struct error *error)
{
    for (const struct document *document = engine->outbox_first; document != NULL;
         document = document->next)
        if (config_channel_named(config, document->channel) == NULL)
            return error_at(error, &configuration_lacks, PLACE_NONE,
                            "channel %.*s must stay until it has taken %.*s",
                            SLICE_ARG(document->channel), SLICE_ARG(document->id));
    return true;
}

bool engine_accepts(const struct engine *engine, const struct config *config, struct error *error)
{
    return instructions_are_served(engine, config, error) &&
           outbox_is_served(engine, config, error);
}
