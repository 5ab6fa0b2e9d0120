/* What may change while the gateway runs, and what only its next start may
   change: the tables say it of each key. */
#include "config/tables.h"

#include <string.h>

const struct error_kind config_restart = { "config.restart",
                                           "takes effect at the next start only" };

static bool same_address(const struct key_address *one, const struct key_address *other)
{
    return slice_equal(one->host, other->host) && one->port == other->port;
}

static bool same_value(const struct key *key, const void *one, const void *other)
{
    switch (key->kind) {
    case KEY_TEXT:
    case KEY_NAME:
    case KEY_BIC:
    case KEY_REASON:
    case KEY_FLOW:
    case KEY_PATH:
        return slice_equal(*(const struct slice *)one, *(const struct slice *)other);
    case KEY_ADDRESS:
        return same_address(one, other);
    default:
        return memcmp(one, other, key->size) == 0;
    }
}

/* name: of the session or channel; absent: there is one such thing only. */
static void compare(const struct key_table *table, struct slice name, const void *now,
                    const void *next, struct error_list *errors)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct key *key = &table->keys[i];
        const char *one = (const char *)now + key->offset;
        const char *other = (const char *)next + key->offset;

        if (key->reload == KEY_RESTART && !same_value(key, one, other))
            error_list_at(errors, &config_restart, PLACE_NONE, "%s%s%.*s: %s", table->name,
                          name.at == NULL ? "" : " ", SLICE_ARG(name), key->name);
    }
}

static struct gateway_values values_of(const struct config *config)
{
    return (struct gateway_values){
        .id = config->gateway_id,
        .store = config->store_path,
        .store_window_s = config->store_window_s,
        .logon_failures_max = config->logon_failures_max,
        .logon_pause_s = config->logon_pause_s,
        .admin_socket = config->admin_path,
    };
}

/* Sessions may come and go. */
static void compare_sessions(const struct config *now, const struct config *next,
                             struct error_list *errors)
{
    for (size_t i = 0; i < now->session_count; i++) {
        const struct config_session *session = &now->sessions[i];
        const struct config_session *other = config_session_named(next, session->name);

        if (other != NULL)
            compare(&session_table, session->name, session, other, errors);
    }
}

static struct listener_values values_of_listener(const struct config_listener *listener)
{
    return (struct listener_values){ .name = listener->name,
                                     .address = { listener->host, listener->port } };
}

static void compare_listeners(const struct config *now, const struct config *next,
                              struct error_list *errors)
{
    for (size_t i = 0; i < now->listener_count; i++) {
        const struct config_listener *listener = &now->listeners[i];
        const struct config_listener *other = config_listener_named(next, listener->name);

        if (other == NULL) {
            error_list_at(errors, &config_restart, PLACE_NONE, "listeners: %.*s is gone",
                          SLICE_ARG(listener->name));
            continue;
        }
        struct listener_values one = values_of_listener(listener);
        struct listener_values two = values_of_listener(other);
        compare(&listener_table, listener->name, &one, &two, errors);
    }
    for (size_t i = 0; i < next->listener_count; i++)
        if (config_listener_named(now, next->listeners[i].name) == NULL)
            error_list_at(errors, &config_restart, PLACE_NONE, "listeners: %.*s is new",
                          SLICE_ARG(next->listeners[i].name));
}

static void compare_channels(const struct config *now, const struct config *next,
                             struct error_list *errors)
{
    for (size_t i = 0; i < now->channel_count; i++) {
        const struct config_channel *channel = &now->channels[i];
        const struct config_channel *other = config_channel_named(next, channel->name);

        if (other != NULL)
            compare(&channel_table, channel->name, channel, other, errors);
        else
            error_list_at(errors, &config_restart, PLACE_NONE, "channels: %.*s is gone",
                          SLICE_ARG(channel->name));
    }
    for (size_t i = 0; i < next->channel_count; i++)
        if (config_channel_named(now, next->channels[i].name) == NULL)
            error_list_at(errors, &config_restart, PLACE_NONE, "channels: %.*s is new",
                          SLICE_ARG(next->channels[i].name));
}

bool config_reloadable(const struct config *now, const struct config *next,
                       struct error_list *errors)
{
    struct gateway_values one = values_of(now), other = values_of(next);
    size_t before = errors->count + errors->dropped;

    compare(&gateway_table, SLICE_NONE, &one, &other, errors);
    compare_listeners(now, next, errors);
    compare_sessions(now, next, errors);
    compare_channels(now, next, errors);
    return errors->count + errors->dropped == before;
}
