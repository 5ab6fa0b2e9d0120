/* Any bytes as a file of a configuration: as the main file, as a map and as
   rules.  What is refused is refused with an error in a line of the file. */
#include "config/loader.h"
#include "fuzz/fuzz.h"

/* The demo lends its dictionary, schemas, sessions and channels. */
static const struct config *demo(void)
{
    static struct config *config;
    struct error_list errors;
    if (config != NULL)
        return config;
    error_list_init(&errors, 0);
    config = config_load(PENSTOCK_SOURCE_DIR "/config/examples/demo.yaml", &errors);
    CHECK(config != NULL);
    error_list_fini(&errors);
    return config;
}

static void read_all(struct loader *loader, const struct yaml_value *tree)
{
    struct rules_values rules = { 0 };
    struct config_channel channel = { 0 };
    struct taken taken;
    size_t error_count = loader->errors->count + loader->errors->dropped;
    taken_init(&taken);
    if (!loader_map(loader, tree, &taken))
        CHECK(tree->kind == YAML_FAULT ||
              loader->errors->count + loader->errors->dropped > error_count || error_count > 0);
    taken_fini(&taken);
    if (keys_read(&rules_table, tree, &loader->scope, &rules))
        loader_rule_list(loader, rules.rules);
    keys_read(&file_table, tree, &loader->scope, &loader->files);
    keys_read(&channel_table, tree, &loader->scope, &channel);
}

static void check_errors(struct error_list *errors, size_t size)
{
    struct writer said;
    writer_init(&said, 0);
    for (size_t i = 0; i < errors->count; i++)
        CHECK(errors->at[i].place.line >= 1 && errors->at[i].place.line <= size + 1);
    error_list_write(errors, &said);
    writer_fini(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config config = *demo();
    struct error_list errors;
    arena_init(&config.arena, ARENA_UNLIMITED);
    map_set_init(&config.maps);
    config.rules = (struct rules){ .count = 0 };
    error_list_init(&errors, 0);
    struct loader loader = { .config = &config,
                             .errors = &errors,
                             .scope = { &config.arena, SLICE("etc"), &errors },
                             .dictionaries_whole = true,
                             .schemas_whole = true,
                             .maps_whole = true };
    struct yaml_reading reading = { "fuzz.yaml", &config.arena, &errors, NULL };
    const struct yaml_value *tree = yaml_read((struct slice){ (const char *)data, size }, &reading);
    CHECK(tree != NULL || errors.count > 0);
    if (tree != NULL)
        read_all(&loader, tree);
    check_errors(&errors, size);
    rules_fini(&config.rules);
    map_set_fini(&config.maps);
    error_list_fini(&errors);
    arena_fini(&config.arena);
    return 0;
}
