/* The listeners for brokers, each with its door; together they number the links. */
#include "gateway/gateway_parts.h"

#include <stdlib.h>
#include <sys/resource.h>

#define BROKER_COUNT_MAX      4096
#define BROKER_QUEUE_SIZE_MAX (4U << 20)
#define BROKER_STUCK_MS       30000
#define FILES_RESERVED        64

/* A link's number is its listener's, times the count of listeners, plus which one;
   behind the doors comes the way out. */
static link_id link_of(const struct gateway_door *door, uint64_t id)
{
    const struct gateway *gateway = door->gateway;
    uint64_t which =
        door == &gateway->outward ? gateway->door_count : (uint64_t)(door - gateway->doors);

    return id * (gateway->door_count + 1) + which;
}

struct listener *gateway_listener_of(const struct gateway *gateway, link_id link, uint64_t *id)
{
    size_t which = link % (gateway->door_count + 1);

    *id = link / (gateway->door_count + 1);
    return which == gateway->door_count ? gateway->outward.listener
                                        : gateway->doors[which].listener;
}

/* ------------------------------------------------------------ what brokers do */

static void link_opened(void *owner, uint64_t id, const struct listener_peer *peer)
{
    const struct gateway_door *door = owner;
    bool is_outward = door == &door->gateway->outward;
    char name[GATEWAY_NAME_SIZE];

    gateway_take(
        door->gateway,
        &(struct input){ .kind = INPUT_LINK_OPENED,
                         .name = is_outward ? gateway_dialled(door->gateway, id, name) : SLICE_NONE,
                         .link = link_of(door, id),
                         .text = peer->host,
                         .port = peer->port,
                         .secure = peer->secure,
                         .names = peer->names });
}

static void link_bytes(void *owner, uint64_t id, struct slice bytes)
{
    const struct gateway_door *door = owner;

    gateway_take(
        door->gateway,
        &(struct input){ .kind = INPUT_LINK_BYTES, .link = link_of(door, id), .bytes = bytes });
}

static void link_closed(void *owner, uint64_t id, const char *why)
{
    const struct gateway_door *door = owner;

    if (door == &door->gateway->outward && gateway_dial_failed(door->gateway, id, why))
        return;
    gateway_take(door->gateway, &(struct input){ .kind = INPUT_LINK_CLOSED,
                                                 .link = link_of(door, id),
                                                 .text = slice_of(why) });
}

static void link_drained(void *owner, uint64_t id)
{
    const struct gateway_door *door = owner;

    gateway_take(door->gateway,
                 &(struct input){ .kind = INPUT_LINK_DRAINED, .link = link_of(door, id) });
}

/* A flood of connections must not become a flood of the log. */
static void link_refused(void *owner, const char *why)
{
    const struct gateway_door *door = owner;
    struct gateway *gateway = door->gateway;
    int64_t now_ns = gateway_now(gateway).steady_ns;

    if (gateway->refused_ns != 0 && now_ns - gateway->refused_ns < SECONDS_NS(1))
        return;
    gateway->refused_ns = now_ns;
    gateway_log(gateway, &log_connection_refused,
                (const struct log_pair[]){ { "why", slice_of(why) } }, 1);
}

static const struct listener_events events = {
    .opened = link_opened,
    .bytes = link_bytes,
    .closed = link_closed,
    .refused = link_refused,
    .drained = link_drained,
};

/* ------------------------------------------------------------ doors */

void doors_free(struct door **doors, size_t count)
{
    for (size_t i = 0; doors != NULL && i < count; i++)
        door_free(doors[i]);
    free(doors);
}

struct door **doors_new(const struct config *config, struct error *error)
{
    struct door **doors = memory_take(config->listener_count * sizeof(struct door *));

    for (size_t i = 0; i < config->listener_count; i++) {
        doors[i] = door_new(&config->listeners[i], error);
        if (doors[i] == NULL) {
            doors_free(doors, i);
            return NULL;
        }
    }
    return doors;
}

/* Brokers' connections must leave files for the store, channels and operators. */
static size_t count_connections_max(void)
{
    struct rlimit files = { 0, 0 };

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur <= FILES_RESERVED)
        return 1;
    return files.rlim_cur - FILES_RESERVED < BROKER_COUNT_MAX ? files.rlim_cur - FILES_RESERVED
                                                              : BROKER_COUNT_MAX;
}

static struct listener_options options_of(struct gateway_door *door, size_t connection_count_max)
{
    return (struct listener_options){
        .events = &events,
        .owner = door,
        .connection_count_max = connection_count_max,
        .limits = { .queue_size_max = BROKER_QUEUE_SIZE_MAX, .stuck_ms = BROKER_STUCK_MS },
        .door = door->door == NULL ? NULL : door_of(door->door),
    };
}

static bool open_door(struct gateway *gateway, size_t index, size_t connection_count_max,
                      struct error *error)
{
    struct gateway_door *door = &gateway->doors[index];
    const struct config_listener *wanted = &gateway->config->listeners[index];
    const struct listener_options options =
        options_of(door, connection_count_max / gateway->door_count + 1);

    door->listener = listener_open(&gateway->loop, wanted->host, wanted->port, &options, error);
    return door->listener != NULL;
}

static void open_outward(struct gateway *gateway, size_t connection_count_max)
{
    gateway->outward = (struct gateway_door){ .gateway = gateway };
    const struct listener_options options = options_of(&gateway->outward, connection_count_max);

    gateway->outward.listener = listener_open_outward(&gateway->loop, &options);
}

bool gateway_open_doors(struct gateway *gateway)
{
    struct error error;
    size_t connection_count_max = count_connections_max();
    struct door **doors = doors_new(gateway->config, &error);

    if (doors == NULL)
        return gateway_fail(gateway, &error);
    gateway->door_count = gateway->config->listener_count;
    gateway->doors = memory_take(gateway->door_count * sizeof *gateway->doors);
    for (size_t i = 0; i < gateway->door_count; i++)
        gateway->doors[i] = (struct gateway_door){ .gateway = gateway, .door = doors[i] };
    free(doors);
    open_outward(gateway, connection_count_max);
    for (size_t i = 0; i < gateway->door_count; i++)
        if (!open_door(gateway, i, connection_count_max, &error))
            return gateway_fail(gateway, &error);
    return true;
}

/* Listeners keep their place: a reload neither adds one nor takes one away, but may
   name them in another order. */
void gateway_change_doors(struct gateway *gateway, const struct config *config, struct door **doors)
{
    for (size_t i = 0; i < gateway->door_count; i++) {
        struct gateway_door *door = &gateway->doors[i];
        size_t at = (size_t)(config_listener_named(config, gateway->config->listeners[i].name) -
                             config->listeners);

        listener_change_door(door->listener, door_of(doors[at]));
        door_free(door->door);
        door->door = doors[at];
    }
    free(doors);
}

void gateway_stop_doors(struct gateway *gateway)
{
    for (size_t i = 0; i < gateway->door_count; i++)
        listener_stop(gateway->doors[i].listener);
}

void gateway_close_doors(struct gateway *gateway)
{
    gateway_stop_dials(gateway);
    if (gateway->outward.listener != NULL)
        listener_close(gateway->outward.listener);
    for (size_t i = 0; i < gateway->door_count; i++)
        if (gateway->doors[i].listener != NULL)
            listener_close(gateway->doors[i].listener);
}

void gateway_forget_doors(struct gateway *gateway)
{
    for (size_t i = 0; i < gateway->door_count; i++)
        door_free(gateway->doors[i].door);
    free(gateway->doors);
}

void gateway_write_addresses(const struct gateway *gateway, struct writer *writer)
{
    for (size_t i = 0; i < gateway->door_count; i++)
        writer_format(writer, "%s%s", i == 0 ? "" : ",",
                      listener_address(gateway->doors[i].listener));
}
