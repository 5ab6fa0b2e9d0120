/* Reads a configuration from its file and the files that this names: all
   errors at once, nothing of it is used before all is good. */
#include "config/config.h"

#include "config/loader.h"

#include <stdlib.h>

static struct slice folder_of(struct slice path)
{
    const char *end = memrchr(path.at, '/', path.size);
    return end == NULL ? SLICE_NONE : (struct slice){ path.at, (size_t)(end - path.at) };
}

static struct slice base_of(struct slice path)
{
    const char *end = memrchr(path.at, '/', path.size);
    return end == NULL ? path : slice_after(path, (size_t)(end - path.at) + 1);
}

const struct yaml_value *loader_yaml(struct loader *loader, struct slice path, struct slice label,
                                     struct place asked_at)
{
    struct source source;
    if (!source_read(&loader->sources, path, label, asked_at, &source))
        return NULL;
    struct yaml_reading reading = { .source = source.name,
                                    .arena = &loader->config->arena,
                                    .errors = loader->errors,
                                    .variables = &loader->sources.variables };
    loader->scope.folder = folder_of(slice_of(source.name));
    const struct yaml_value *value = yaml_read(source.bytes, &reading);
    source_free(&source);
    return value;
}

void taken_init(struct taken *taken)
{
    *taken = (struct taken){ .count = 0 };
    names_init(&taken->names);
}

void taken_fini(struct taken *taken)
{
    names_fini(&taken->names);
    free(taken->places);
}

bool loader_take_name(struct loader *loader, struct taken *taken, struct slice name,
                      struct place place, const char *what)
{
    if (name.at == NULL)
        return true;
    if (!names_add(&taken->names, name, taken->count)) {
        struct place first = taken->places[names_find(&taken->names, name)];
        return error_list_at(loader->errors, &config_duplicate, place, "%s %.*s (first in %s:%u)",
                             what, SLICE_ARG(name), first.source, first.line);
    }
    taken->places = memory_room(taken->places, taken->count, &taken->room, sizeof *taken->places);
    taken->places[taken->count++] = place;
    return true;
}

struct place loader_place(const struct yaml_value *mapping, const char *key)
{
    const struct yaml_value *value = yaml_get(mapping, key);
    return value == NULL ? mapping->place : value->place;
}

static void read_gateway(struct loader *loader, struct config *config)
{
    struct gateway_values values = { 0 };
    if (loader->files.gateway == NULL ||
        !keys_read(&gateway_table, loader->files.gateway, &loader->scope, &values))
        return;
    config->gateway_id = values.id;
    config->store_path = values.store;
    config->store_window_s = values.store_window_s;
    config->logon_failures_max = values.logon_failures_max;
    config->logon_pause_s = values.logon_pause_s;
    config->admin_path = values.admin_socket;
}

static bool read_schema(struct loader *loader, struct slice folder, struct slice name,
                        struct place place)
{
    struct source source;
    struct slice path =
        arena_format(&loader->config->arena, "%.*s/%.*s", SLICE_ARG(folder), SLICE_ARG(name));
    bool good =
        source_read(&loader->sources, path, name, place, &source) &&
        iso_catalogue_add(loader->config->catalogue, source.bytes, source.name, loader->errors);
    source_free(&source);
    return good;
}

static void read_schemas(struct loader *loader, struct slice folder, struct place place)
{
    struct slice *names;
    size_t count;
    loader->config->catalogue = iso_catalogue_new();
    loader->schemas_whole =
        folder.at == NULL || source_list(&loader->sources, folder, ".xsd", place, &names, &count);
    if (folder.at == NULL || !loader->schemas_whole)
        return;
    for (size_t i = 0; i < count; i++) {
        if (!read_schema(loader, folder, names[i], place))
            loader->schemas_whole = false;
    }
    free(names);
}

/* Of one without a dictionary nobody knows: that was told already. */
static bool same_version(const struct config_session *one, const struct config_session *other)
{
    return one->dictionary != NULL && other->dictionary != NULL &&
           slice_equal(fix_dictionary_begin_string(one->dictionary),
                       fix_dictionary_begin_string(other->dictionary));
}

/* One connection may not fit two sessions. */
static void check_comp_ids(struct loader *loader, size_t index, struct place place)
{
    const struct config_session *session = &loader->config->sessions[index];
    for (size_t i = 0; i < index && session->sides.target_comp_id.at != NULL; i++) {
        const struct config_session *other = &loader->config->sessions[i];
        if (fix_sides_clash(&session->sides, &other->sides) && same_version(session, other))
            error_list_at(loader->errors, &config_duplicate, place,
                          "BeginString and CompIDs of session %.*s are those of session %.*s",
                          SLICE_ARG(session->name), SLICE_ARG(other->name));
    }
}

/* FIX.4.0 knows no locations. */
static void check_locations(struct loader *loader, const struct config_session *session,
                            const struct yaml_value *item)
{
    const struct {
        const char *key;
        uint32_t tag;
        struct slice id;
    } locations[] = {
        { "sender-location-id", 142, session->sides.sender.location_id },
        { "target-location-id", 143, session->sides.target.location_id },
    };
    for (size_t i = 0; i < sizeof locations / sizeof *locations; i++)
        if (locations[i].id.at != NULL && session->dictionary != NULL &&
            fix_members_find(fix_dictionary_header(session->dictionary), locations[i].tag) == NULL)
            error_list_at(loader->errors, &config_bad_value, loader_place(item, locations[i].key),
                          "%s: in its dictionary no header has field %u", locations[i].key,
                          (unsigned)locations[i].tag);
}

void loader_check_logon(struct loader *loader, const struct config_session *session, uint32_t tag,
                        struct place place)
{
    bool is_name = tag == TAG_USERNAME;
    if (session->dictionary == NULL)
        return;
    const struct fix_message_type *logon = fix_dictionary_message(session->dictionary, SLICE("A"));
    if (logon == NULL || fix_members_find(&logon->body, tag) == NULL)
        error_list_at(
            loader->errors, &config_bad_value, place, "%s: in its dictionary no Logon has %s (%u)",
            is_name ? "username" : "password", is_name ? "Username" : "Password", (unsigned)tag);
}

/* What is no hash may be a password, and is not repeated. */
static void read_password(struct loader *loader, struct config_session *session, struct place place)
{
    struct password_hash *hash = arena_take(&loader->config->arena, sizeof *hash);

    if (!password_hash_read(session->password_text, hash))
        error_list_at(loader->errors, &config_bad_value, place,
                      "password: it is not a hash as `penstock password` prints it");
    else
        loader_check_logon(loader, session, TAG_PASSWORD, place);
    session->password = hash;
}

/* What the broker's Logon has to have. */
static void read_credentials(struct loader *loader, struct config_session *session,
                             const struct yaml_value *item)
{
    struct place place = loader_place(item, session->username.at != NULL ? "username" : "password");
    if (session->initiator_value != NULL) {
        if (session->username.at != NULL || session->password_text.at != NULL)
            error_list_at(loader->errors, &config_bad_value, place,
                          "username and password: the broker does not log on, we do: they go "
                          "into `initiator`");
        return;
    }
    if (session->username.at != NULL)
        loader_check_logon(loader, session, TAG_USERNAME, place);
    if (session->password_text.at != NULL)
        read_password(loader, session, loader_place(item, "password"));
}

static void read_validation(struct loader *loader, struct config_session *session)
{
    static const struct yaml_value all = { .kind = YAML_MAPPING };
    const struct yaml_value *value = session->validation_value;

    keys_read(&validation_table, value == NULL ? &all : value, &loader->scope,
              &session->agreement.validation);
}

static void read_session(struct loader *loader, const struct yaml_value *item, size_t index,
                         struct taken *taken)
{
    struct config_session *session = &loader->config->sessions[index];
    keys_read(&session_table, item, &loader->scope, session);
    if (loader_take_name(loader, taken, session->name, loader_place(item, "name"), "name"))
        names_add(&loader->config->session_names, session->name, index);
    loader_session_dictionary(loader, session, item);
    loader_initiator(loader, session);
    loader_schedule(loader, session);
    read_validation(loader, session);
    read_credentials(loader, session, item);
    check_comp_ids(loader, index, loader_place(item, "target-comp-id"));
    check_locations(loader, session, item);
    loader_template(loader, session, item);
}

static void check_channel_session(struct loader *loader, const struct config_channel *channel,
                                  struct place place)
{
    const struct config_session *session = config_session_named(loader->config, channel->session);
    if (channel->session.at != NULL && (session == NULL || session->is_template))
        error_list_at(loader->errors, &config_unknown_name, place, "no session is named %.*s",
                      SLICE_ARG(channel->session));
}

static void choose_profile(struct loader *loader, struct config_channel *channel,
                           struct place place)
{
    struct slice name = channel->profile_name;
    if (name.at == NULL)
        return;
    channel->profile = config_profile_named(loader->config, name);
    if (channel->profile == NULL)
        error_list_at(loader->errors, &config_unknown_name, place, "no profile is named %.*s%s",
                      SLICE_ARG(name), iso_profile_suggestion(name));
}

static void read_channel(struct loader *loader, const struct yaml_value *item, size_t index,
                         struct taken *taken, struct taken *folders)
{
    struct config_channel *channel = &loader->config->channels[index];
    keys_read(&channel_table, item, &loader->scope, channel);
    loader_take_name(loader, taken, channel->name, loader_place(item, "name"), "name");
    loader_take_name(loader, folders, channel->directory, loader_place(item, "directory"),
                     "directory");
    check_channel_session(loader, channel, loader_place(item, "session"));
    choose_profile(loader, channel, loader_place(item, "profile"));
}

/* Names of sessions and channels differ, since a rule routes to either. */
static void read_ends(struct loader *loader, struct config *config)
{
    const struct yaml_value *sessions = loader->files.sessions, *channels = loader->files.channels;
    struct taken taken, folders;
    taken_init(&taken);
    taken_init(&folders);
    config->session_count = yaml_count(sessions);
    config->channel_count = yaml_count(channels);
    config->sessions =
        arena_take_array(&config->arena, config->session_count, sizeof *config->sessions);
    config->channels =
        arena_take_array(&config->arena, config->channel_count, sizeof *config->channels);
    for (size_t i = 0; i < config->session_count; i++)
        read_session(loader, sessions->items[i], i, &taken);
    for (size_t i = 0; i < config->channel_count; i++)
        read_channel(loader, channels->items[i], i, &taken, &folders);
    taken_fini(&taken);
    taken_fini(&folders);
}

static bool writes_header(const struct config *config, struct slice header)
{
    const struct map *map = NULL;
    while ((map = map_set_next(&config->maps, map, MAP_USE_HEADER, NULL, SLICE_NONE)) != NULL) {
        if (slice_is(header, map_target(map)->name))
            return true;
    }
    return false;
}

static void check_headers(struct loader *loader, const struct config *config)
{
    for (size_t i = 0; loader->maps_whole && i < config->channel_count; i++) {
        struct slice header = config->channels[i].header;
        if (header.at != NULL && !writes_header(config, header))
            error_list_at(loader->errors, &config_unknown_name,
                          loader_place(loader->files.channels->items[i], "header"),
                          "no map of use header writes %.*s", SLICE_ARG(header));
    }
}

static void load_gateway(struct loader *loader, const struct yaml_value *file)
{
    loader->files.gateway = file->kind == YAML_MAPPING ? yaml_get(file, "gateway") : NULL;
    if (loader->files.gateway == NULL)
        error_list_at(loader->errors, &config_missing_key, file->place, "gateway of configuration");
    read_gateway(loader, loader->config);
}

static void load_all(struct loader *loader, const struct yaml_value *file)
{
    struct config *config = loader->config;
    keys_read(&file_table, file, &loader->scope, &loader->files);
    read_gateway(loader, config);
    loader_dictionaries(loader);
    read_schemas(loader, loader->files.schemas, loader_place(file, "schemas"));
    loader_profiles(loader);
    loader_listeners(loader);
    loader_calendars(loader);
    read_ends(loader, config);
    loader_maps(loader, loader_place(file, "maps"));
    check_headers(loader, config);
    loader_rules(loader, yaml_get(file, "rules"));
    config->text = sources_record(&loader->sources);
    config->digest = digest_of(config->text);
}

static struct config *load_by(void (*load)(struct loader *, const struct yaml_value *),
                              struct slice path, struct error_list *errors)
{
    struct config *config = memory_take(sizeof *config);
    size_t error_count = errors->count + errors->dropped;
    *config = (struct config){ 0 };
    arena_init(&config->arena, ARENA_UNLIMITED);
    map_set_init(&config->maps);
    struct loader loader = { .config = config, .errors = errors };
    loader.scope = (struct key_scope){ .arena = &config->arena, .errors = errors };
    sources_init(&loader.sources, &config->arena, errors);
    names_init(&loader.zone_names);
    const struct yaml_value *file = loader_yaml(&loader, path, base_of(path), PLACE_NONE);
    if (file != NULL)
        load(&loader, file);
    sources_fini(&loader.sources);
    names_fini(&loader.zone_names);
    free(loader.zones);
    if (errors->count + errors->dropped == error_count)
        return config;
    config_free(config);
    return NULL;
}

struct config *config_load(const char *path, struct error_list *errors)
{
    return load_by(load_all, slice_of(path), errors);
}

struct config *config_load_gateway(const char *path, struct error_list *errors)
{
    return load_by(load_gateway, slice_of(path), errors);
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    rules_fini(&config->rules);
    map_set_fini(&config->maps);
    profiles_fini(config);
    names_fini(&config->session_names);
    iso_catalogue_free(config->catalogue);
    for (size_t i = 0; i < config->dictionary_count; i++)
        fix_dictionary_free(config->dictionaries[i]);
    arena_fini(&config->arena);
    free(config);
}

const struct config_listener *config_listener_named(const struct config *config, struct slice name)
{
    for (size_t i = 0; i < config->listener_count; i++) {
        if (slice_equal(config->listeners[i].name, name))
            return &config->listeners[i];
    }
    return NULL;
}

const struct config_session *config_session_named(const struct config *config, struct slice name)
{
    size_t place = names_find(&config->session_names, name);

    return place == NAMES_NONE ? NULL : &config->sessions[place];
}

const struct config_channel *config_channel_named(const struct config *config, struct slice name)
{
    for (size_t i = 0; i < config->channel_count; i++) {
        if (slice_equal(config->channels[i].name, name))
            return &config->channels[i];
    }
    return NULL;
}
