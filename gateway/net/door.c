/* Keeps what a listener's rules point to. */
#include "gateway/net/door.h"

#include <stdlib.h>

#include "codecs/base/arena.h"

#define MS_PER_S 1000

struct door {
    struct listener_door rules;
    struct network *allowed;
};

/* false: its files are at fault. */
static bool read_tls(struct door *door, const struct config_listener *listener, struct error *error)
{
    const struct tls_options options = { .side = TLS_SERVER,
                                         .certificate = listener->certificate.at,
                                         .key = listener->key.at,
                                         .trusted = listener->trusted.at,
                                         .revoked = listener->revoked.at,
                                         .only_1_3 = listener->only_1_3 };

    if (listener->certificate.at == NULL)
        return true;
    door->rules.entry.tls = tls_context_new(&options, error);
    return door->rules.entry.tls != NULL;
}

struct door *door_new(const struct config_listener *listener, struct error *error)
{
    size_t size = listener->allowed_count * sizeof *listener->allowed;
    struct door *door = memory_take(sizeof *door);

    *door = (struct door){ .allowed = memory_take(size + 1) };
    if (size > 0)
        memcpy(door->allowed, listener->allowed, size);
    door->rules =
        (struct listener_door){ .entry = { .proxy = listener->proxy,
                                           .entry_ms = listener->entry_timeout_s * MS_PER_S },
                                .allowed = door->allowed,
                                .allowed_count = listener->allowed_count };
    if (read_tls(door, listener, error))
        return door;
    door_free(door);
    return NULL;
}

void door_free(struct door *door)
{
    if (door == NULL)
        return;
    tls_context_free(door->rules.entry.tls);
    free(door->allowed);
    free(door);
}

const struct listener_door *door_of(const struct door *door)
{
    return &door->rules;
}
