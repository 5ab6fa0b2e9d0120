/* Profiles: which rules beyond the schema hold for what a bank sends. */
#include "config/loader.h"

#include <stdlib.h>

static struct iso_profile *add_profile(struct config *config, struct slice name)
{
    struct iso_profile *profile = iso_profile_new(config->catalogue);
    config->profiles = memory_room(config->profiles, config->profile_count, &config->profile_room,
                                   sizeof *config->profiles);
    config->profiles[config->profile_count++] = (struct config_profile){ name, profile };
    return profile;
}

static const struct iso_profile *find_profile(const struct config *config, struct slice name)
{
    for (size_t i = 0; i < config->profile_count; i++) {
        if (slice_equal(config->profiles[i].name, name))
            return config->profiles[i].profile;
    }
    return NULL;
}

const struct iso_profile *config_profile_named(struct config *config, struct slice name)
{
    const struct iso_profile *found = find_profile(config, name);
    if (found != NULL || !iso_profile_exists(name))
        return found;
    struct iso_profile *profile = add_profile(config, name);
    iso_profile_like(profile, name);
    iso_profile_bind(profile);
    return profile;
}

static void switch_all(struct loader *loader, struct iso_profile *profile,
                       const struct yaml_value *list, bool on)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct yaml_value *item = list->items[i];
        if (item->kind == YAML_FAULT)
            continue;
        if (item->kind != YAML_TEXT)
            error_list_at(loader->errors, &config_bad_value, item->place,
                          "%s is a list of names of rules and sets", on ? "with" : "without");
        else if (!iso_profile_switch(profile, item->text, on))
            error_list_at(loader->errors, &config_unknown_name, item->place,
                          "no rule or set of rules is named %.*s%s", SLICE_ARG(item->text),
                          iso_profile_switch_suggestion(item->text));
    }
}

static void add_codes(struct loader *loader, struct iso_profile *profile,
                      const struct yaml_entry *entry)
{
    const struct yaml_value *list = entry->value;
    if (list->kind == YAML_FAULT)
        return;
    if (list->kind != YAML_LIST) {
        error_list_at(loader->errors, &config_bad_value, list->place, "%.*s is a list of codes",
                      SLICE_ARG(entry->key));
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_value *item = list->items[i];
        if (item->kind != YAML_TEXT)
            error_list_at(loader->errors, &config_bad_value, item->place, "%.*s is a list of codes",
                          SLICE_ARG(entry->key));
        else if (!iso_profile_add_code(profile, entry->key, item->text) && loader->schemas_whole)
            error_list_at(loader->errors, &config_unknown_name, entry->place,
                          "no code set or type is named %.*s", SLICE_ARG(entry->key));
    }
}

static void read_profile(struct loader *loader, const struct yaml_value *item, struct taken *taken)
{
    struct profile_values values = { 0 };
    struct config *config = loader->config;
    bool good = keys_read(&profile_table, item, &loader->scope, &values);
    if (values.name.at == NULL || !good)
        return;
    if (iso_profile_exists(values.name)) {
        error_list_at(loader->errors, &config_duplicate, item->place,
                      "profile %.*s (it comes with penstock)", SLICE_ARG(values.name));
        return;
    }
    if (!loader_take_name(loader, taken, values.name, item->place, "profile"))
        return;
    struct iso_profile *profile = add_profile(config, values.name);
    if (!iso_profile_like(profile, values.like))
        error_list_at(loader->errors, &config_unknown_name, item->place,
                      "no profile of penstock is named %.*s%s", SLICE_ARG(values.like),
                      iso_profile_suggestion(values.like));
    switch_all(loader, profile, values.with, true);
    switch_all(loader, profile, values.without, false);
    for (size_t i = 0; values.codes != NULL && i < values.codes->count; i++)
        add_codes(loader, profile, &values.codes->entries[i]);
    iso_profile_bind(profile);
}

void loader_profiles(struct loader *loader)
{
    const struct yaml_value *list = loader->files.profiles;
    struct taken taken;
    taken_init(&taken);
    for (size_t i = 0; list != NULL && i < list->count; i++)
        read_profile(loader, list->items[i], &taken);
    taken_fini(&taken);
}

void profiles_fini(struct config *config)
{
    for (size_t i = 0; i < config->profile_count; i++)
        iso_profile_free(config->profiles[i].profile);
    free(config->profiles);
}
