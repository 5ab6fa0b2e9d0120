/* Connections to brokers that we begin: names are looked up while the loop goes on,
   and files of TLS are read anew for each, so that certificates that were renewed
   are shown at once. */
#include "gateway/gateway_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/net/address.h"

#define ENTRY_MS 10000

/* One from the engine's wish until it is open or has failed. */
struct dial {
    struct dial *next;
    struct gateway *gateway;
    struct slice session; /* its name, behind the dial */
    size_t attempt;
    uint64_t id; /* 0: its address is being looked up */
    uv_getaddrinfo_t lookup;
};

static void forget(struct dial *dial)
{
    struct dial **at = &dial->gateway->dials;

    while (*at != dial)
        at = &(*at)->next;
    *at = dial->next;
    free(dial);
}

static void fail(struct dial *dial, const char *why)
{
    struct gateway *gateway = dial->gateway;
    char text[300];

    snprintf(text, sizeof text, "%s", why);
    gateway_take(gateway, &(struct input){ .kind = INPUT_NOT_DIALLED,
                                           .name = dial->session,
                                           .text = slice_of(text) });
    forget(dial);
}

static const struct config_initiator *initiator_of(const struct dial *dial)
{
    const struct config_session *session =
        config_session_named(dial->gateway->config, dial->session);

    return session == NULL ? NULL : session->initiator;
}

static const struct config_address *address_of(const struct dial *dial,
                                               const struct config_initiator *initiator)
{
    return &initiator->addresses[dial->attempt % initiator->address_count];
}

/* NULL: plain, or *error is set. */
static struct tls_context *context_of(const struct dial *dial,
                                      const struct config_initiator *initiator, struct error *error)
{
    struct slice host =
        initiator->host.at != NULL ? initiator->host : address_of(dial, initiator)->host;
    const struct tls_options options = { .side = TLS_CLIENT,
                                         .certificate = initiator->certificate.at,
                                         .key = initiator->key.at,
                                         .trusted = initiator->trusted.at,
                                         .revoked = initiator->revoked.at,
                                         .host = host.at };

    *error = (struct error){ .kind = NULL };
    return initiator->trusted.at == NULL ? NULL : tls_context_new(&options, error);
}

static bool connect_to(struct dial *dial, const struct config_initiator *initiator,
                       const struct sockaddr *address, struct error *error)
{
    struct sockaddr_storage local;
    struct listener_target target = { .address = address };
    struct tls_context *context = context_of(dial, initiator, error);

    if (error->kind != NULL)
        return false;
    target.entry = (struct entry_options){ .tls = context, .entry_ms = ENTRY_MS };
    bool good = initiator->local.host.at == NULL ||
                address_resolve(initiator->local.host, initiator->local.port, &local, error);
    if (good && initiator->local.host.at != NULL)
        target.local = (const struct sockaddr *)&local;
    if (good)
        dial->id = listener_dial(dial->gateway->outward.listener, &target);
    tls_context_free(context);
    if (good && dial->id == 0)
        error_at(error, &listener_failed, PLACE_NONE, "too many connections");
    return good && dial->id != 0;
}

static void looked_up(uv_getaddrinfo_t *lookup, int status, struct addrinfo *found)
{
    struct dial *dial = lookup->data;
    const struct config_initiator *initiator = initiator_of(dial);
    struct error error;

    if (dial->gateway->closing)
        forget(dial);
    else if (status != 0)
        fail(dial, uv_strerror(status));
    else if (initiator == NULL)
        fail(dial, "the session is not one of ours any more");
    else if (!connect_to(dial, initiator, found->ai_addr, &error))
        fail(dial, error.detail);
    uv_freeaddrinfo(found);
}

static int look_up(struct dial *dial)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
    const struct config_initiator *initiator = initiator_of(dial);
    char port[8];

    if (initiator == NULL)
        return UV_ENOENT;
    const struct config_address *address = address_of(dial, initiator);
    snprintf(port, sizeof port, "%u", address->port);
    return uv_getaddrinfo(&dial->gateway->loop, &dial->lookup, looked_up, address->host.at, port,
                          &hints);
}

/* What fails at once the engine hears behind this effect. */
void gateway_dial(struct gateway *gateway, const struct effect *effect)
{
    struct dial *dial = memory_take(sizeof *dial + effect->name.size);

    *dial = (struct dial){ .next = gateway->dials,
                           .gateway = gateway,
                           .session = { (char *)(dial + 1), effect->name.size },
                           .attempt = effect->attempt };
    memcpy(dial + 1, effect->name.at, effect->name.size);
    dial->lookup.data = dial;
    gateway->dials = dial;
    int status = look_up(dial);
    if (status == 0)
        return;
    const struct input failed = { .kind = INPUT_NOT_DIALLED,
                                  .name = dial->session,
                                  .text = slice_of(uv_strerror(status)) };
    engine_take(gateway->engine, &failed, gateway_now(gateway));
    forget(dial);
}

/* NULL: it stands already, or nobody waits for it. */
static struct dial *find(const struct gateway *gateway, uint64_t id)
{
    struct dial *dial = gateway->dials;

    while (dial != NULL && dial->id != id)
        dial = dial->next;
    return dial;
}

struct slice gateway_dialled(struct gateway *gateway, uint64_t id, char name[GATEWAY_NAME_SIZE])
{
    struct dial *dial = find(gateway, id);

    if (dial == NULL)
        return SLICE_NONE;
    snprintf(name, GATEWAY_NAME_SIZE, "%.*s", SLICE_ARG(dial->session));
    forget(dial);
    return slice_of(name);
}

bool gateway_dial_failed(struct gateway *gateway, uint64_t id, const char *why)
{
    struct dial *dial = find(gateway, id);

    if (dial != NULL)
        fail(dial, why);
    return dial != NULL;
}

void gateway_stop_dials(struct gateway *gateway)
{
    struct dial *next;

    for (struct dial *dial = gateway->dials; dial != NULL; dial = next) {
        next = dial->next;
        if (dial->id == 0)
            uv_cancel((uv_req_t *)&dial->lookup);
        else
            forget(dial);
    }
}
