/* Rules as their editors write them to struct rule_definition, and what they
   need: channels, sessions and maps that exist and fit. */
#include "config/loader.h"

#include <stdlib.h>

/* The actions, and the keys of their arguments. */
static const struct {
    const char *name;
    enum rule_action action;
    const struct key_table *table; /* NULL: no arguments */
} actions[] = {
    { "route", RULE_ROUTE, &route_table },
    { "refuse", RULE_REFUSE, &refuse_table },
    { "hold", RULE_HOLD, &hold_table },
    { "echo", RULE_ECHO, NULL },
};

enum { ACTION_COUNT = sizeof actions / sizeof actions[0] };

/* What the gateway needs maps for when a rule routes to a channel or to a session. */
static const enum map_use channel_needs[] = {
    MAP_USE_REQUEST, MAP_USE_ACKNOWLEDGE, MAP_USE_REPORT,
    MAP_USE_HEADER,  MAP_USE_READ_HEADER, MAP_USE_STATUS
};
static const enum map_use session_needs[] = {
    MAP_USE_REQUEST, MAP_USE_ANSWER,      MAP_USE_REPLY,
    MAP_USE_HEADER,  MAP_USE_READ_HEADER, MAP_USE_REFUSE
};

/* One way that a rule may send messages. */
struct way {
    const char *what;
    const char *flow;
    enum map_use use;
    const enum map_use *needs;
    size_t need_count;
};

static const struct way to_channel = { "channel", "withdrawal", MAP_USE_ORDER, channel_needs,
                                       sizeof channel_needs / sizeof channel_needs[0] };
static const struct way to_session = { "session", "deposit", MAP_USE_ANNOUNCE, session_needs,
                                       sizeof session_needs / sizeof session_needs[0] };

static const char *use_name(enum map_use use)
{
    static const char *const names[] = {
#define MAP_USE(identifier, name, what) name,
        MAP_USES(MAP_USE)
#undef MAP_USE
    };
    return names[use];
}

static bool check_map(struct loader *loader, const struct way *way, const struct map *map,
                      struct place place)
{
    struct slice flow = map_flow(map);
    if (map_use(map) != way->use)
        return error_list_at(loader->errors, &config_bad_value, place,
                             "a route to a %s needs a map of use %s, and %.*s is of use %s",
                             way->what, use_name(way->use), SLICE_ARG(map_name(map)),
                             use_name(map_use(map)));
    if (flow.at != NULL && !slice_is(flow, way->flow))
        return error_list_at(loader->errors, &config_bad_value, place,
                             "a route to a %s is for flow %s, and map %.*s for flow %.*s",
                             way->what, way->flow, SLICE_ARG(map_name(map)), SLICE_ARG(flow));
    return true;
}

/* Does the session's dictionary have the message that the map writes? */
static bool check_session_map(struct loader *loader, const struct config_session *session,
                              const struct map *map, struct place place)
{
    const struct shape *target =
        session->dictionary == NULL
            ? NULL
            : fix_dictionary_shape(session->dictionary, slice_of(map_target(map)->name));
    if (session->dictionary == NULL ||
        (target != NULL &&
         map_set_form(&loader->config->maps, map_name(map), NULL, target) != NULL))
        return true;
    return error_list_at(loader->errors, &config_bad_value, place,
                         "map %.*s writes messages of another dictionary than session %.*s has",
                         SLICE_ARG(map_name(map)), SLICE_ARG(session->name));
}

static bool check_route(struct loader *loader, const struct rule_definition *definition,
                        const struct yaml_value *arguments)
{
    const struct config *config = loader->config;
    struct place to = yaml_get(arguments, "to")->place, place = yaml_get(arguments, "map")->place;
    const struct config_session *session = config_session_named(config, definition->to);
    const struct map *map = map_set_named(&config->maps, definition->map);
    if ((session == NULL || session->is_template) &&
        config_channel_named(config, definition->to) == NULL)
        return error_list_at(loader->errors, &config_unknown_name, to,
                             "no channel or session is named %.*s", SLICE_ARG(definition->to));
    if (!loader->maps_whole)
        return false;
    if (map == NULL)
        return error_list_at(loader->errors, &config_unknown_name, place, "no map is named %.*s",
                             SLICE_ARG(definition->map));
    const struct way *way = session == NULL ? &to_channel : &to_session;
    return check_map(loader, way, map, place) &&
           (session == NULL || check_session_map(loader, session, map, place));
}

static bool check_hold(struct loader *loader, const struct rule_definition *definition,
                       const struct yaml_value *arguments)
{
    if (slice_is(definition->hold_for, "approval") || slice_is(definition->hold_for, "review"))
        return true;
    return error_list_at(loader->errors, &config_bad_value, yaml_get(arguments, "for")->place,
                         "for: \"%.*s\" is neither approval nor review",
                         SLICE_ARG(definition->hold_for));
}

static bool read_arguments(struct loader *loader, const struct key_table *table,
                           const struct yaml_value *arguments, struct rule_definition *definition)
{
    if (!keys_read(table, arguments, &loader->scope, definition))
        return false;
    if (definition->action == RULE_ROUTE)
        return check_route(loader, definition, arguments);
    return definition->action != RULE_HOLD || check_hold(loader, definition, arguments);
}

static bool refuse_action(struct loader *loader, struct slice name, struct place place)
{
    const char *names[ACTION_COUNT];
    for (size_t i = 0; i < ACTION_COUNT; i++)
        names[i] = actions[i].name;
    return error_list_at(loader->errors, &config_bad_value, place,
                         "\"%.*s\" is no action: route, refuse, hold or echo%s", SLICE_ARG(name),
                         error_suggestion(name, names, ACTION_COUNT));
}

/* echo, or ACTION {arguments}, which yaml.c has read as {ACTION: {arguments}}. */
static bool read_action(struct loader *loader, const struct yaml_value *then,
                        struct rule_definition *definition)
{
    bool bare = then->kind == YAML_TEXT;
    if (then->kind == YAML_FAULT)
        return false;
    if (!bare && (then->kind != YAML_MAPPING || then->count != 1))
        return error_list_at(loader->errors, &config_bad_value, then->place,
                             "then: one action, as route {to: NAME, map: NAME}");
    struct slice name = bare ? then->text : then->entries[0].key;
    size_t action = 0;
    while (action < ACTION_COUNT && !slice_is(name, actions[action].name))
        action++;
    if (action == ACTION_COUNT)
        return refuse_action(loader, name, then->place);
    if (bare != (actions[action].table == NULL))
        return error_list_at(loader->errors, &config_bad_value, then->place, "%s %s", name.at,
                             bare ? "needs arguments in braces" : "takes no arguments");
    definition->action = actions[action].action;
    return bare ||
           read_arguments(loader, actions[action].table, then->entries[0].value, definition);
}

/* A rule whose action is at fault stays, with an action that nothing is said
   of, so that the errors in its condition show, too. */
static struct rule_definition stand_in(const struct loader *loader, struct place place)
{
    return (struct rule_definition){
        .name = arena_format(&loader->config->arena, "rule in line %u", place.line),
        .place = place,
        .action = RULE_HOLD,
        .hold_for = SLICE("review"),
    };
}

static struct rule_definition read_rule(struct loader *loader, const struct yaml_value *item)
{
    struct rule_definition definition = stand_in(loader, item->place), action = { 0 };
    struct rule_values values = { 0 };
    bool good = keys_read(&rule_table, item, &loader->scope, &values);
    if (values.then != NULL && read_action(loader, values.then, &action) && good)
        definition = action;
    if (values.name.at != NULL) {
        definition.name = values.name;
        definition.place = yaml_get(item, "name")->place;
    }
    if (values.when != NULL) {
        definition.when = values.when->text;
        definition.when_place = values.when->place;
    }
    return definition;
}

/* What the first rule that goes this way needs beside its own map. */
static void check_needs(struct loader *loader, const struct way *way, struct place place)
{
    for (size_t i = 0; i < way->need_count; i++) {
        if (map_set_next(&loader->config->maps, NULL, way->needs[i], NULL, SLICE_NONE) == NULL)
            error_list_at(loader->errors, &config_unknown_name, place,
                          "no map has the use %s, which a route to a %s needs",
                          use_name(way->needs[i]), way->what);
    }
}

static void check_ways(struct loader *loader, const struct rule_definition *definitions,
                       size_t count)
{
    bool channel_checked = false, session_checked = false;
    for (size_t i = 0; loader->maps_whole && i < count; i++) {
        if (definitions[i].action != RULE_ROUTE)
            continue;
        bool channel = config_session_named(loader->config, definitions[i].to) == NULL;
        bool *checked = channel ? &channel_checked : &session_checked;
        if (!*checked)
            check_needs(loader, channel ? &to_channel : &to_session, definitions[i].place);
        *checked = true;
    }
}

void loader_rule_list(struct loader *loader, const struct yaml_value *list)
{
    struct rule_definition *definitions =
        arena_take_array(&loader->config->arena, list->count, sizeof *definitions);
    for (size_t i = 0; i < list->count; i++)
        definitions[i] = read_rule(loader, list->items[i]);
    check_ways(loader, definitions, list->count);
    rules_init(&loader->config->rules, definitions, list->count, loader->errors);
}

void loader_rules(struct loader *loader, const struct yaml_value *path)
{
    struct rules_values values = { 0 };
    if (loader->files.rules.at == NULL)
        return;
    const struct yaml_value *file =
        loader_yaml(loader, loader->files.rules, path->text, path->place);
    if (file != NULL && keys_read(&rules_table, file, &loader->scope, &values))
        loader_rule_list(loader, values.rules);
}
