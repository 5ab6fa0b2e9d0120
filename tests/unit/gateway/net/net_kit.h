/* A listener on the loop and a connection that is dialled to it; what both tell is
   one story. */
#ifndef PENSTOCK_TESTS_UNIT_GATEWAY_NET_NET_KIT_H
#define PENSTOCK_TESTS_UNIT_GATEWAY_NET_NET_KIT_H

#include "gateway/net/listener.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "gateway/net/address.h"
#include "gateway/net/connection.h"
#include "kit/kit.h"

#define QUEUE_SIZE_MAX 1000000
#define STUCK_MS       300

static uv_loop_t loop;
static struct listener *listener;
static struct writer story; /* what the listener and the dialled connection told */
static uint64_t last_id;

/* ------------------------------------------------------------ the listening side */

static inline void tell_opened(void *owner, uint64_t id, const struct listener_peer *peer)
{
    (void)owner;
    last_id = id;
    writer_format(&story, "opened %.*s%s\n", SLICE_ARG(peer->host),
                  peer->port > 0 ? " with a port" : "");
    if (peer->secure)
        writer_format(&story, "secure\n%.*s", SLICE_ARG(peer->names));
}

static inline void tell_bytes(void *owner, uint64_t id, struct slice bytes)
{
    (void)owner;
    assert_int_equal(id, last_id);
    writer_format(&story, "bytes %.*s\n", SLICE_ARG(bytes));
}

static inline void tell_closed(void *owner, uint64_t id, const char *why)
{
    (void)owner;
    (void)id;
    writer_format(&story, "closed: %s\n", why);
}

static inline void tell_refused(void *owner, const char *why)
{
    (void)owner;
    writer_format(&story, "refused: %s\n", why);
}

static inline void tell_drained(void *owner, uint64_t id)
{
    (void)owner;
    assert_int_equal(id, last_id);
    writer_text(&story, "drained\n");
}

static const struct listener_events events = { tell_opened, tell_bytes, tell_closed, tell_refused,
                                               tell_drained };
static const struct listener_options options = {
    &events, NULL, 2, { QUEUE_SIZE_MAX, STUCK_MS }, NULL
};

/* ------------------------------------------------------------ the dialling side */

static inline void dialled_opened(void *owner)
{
    (void)owner;
    writer_text(&story, "dialled\n");
}

static inline void dialled_bytes(void *owner, struct slice bytes)
{
    (void)owner;
    writer_format(&story, "answer %.*s\n", SLICE_ARG(bytes));
}

static inline void dialled_closed(void *owner, const char *why)
{
    (void)why;
    writer_text(&story, "dialled connection ended\n");
    *(struct connection **)owner = NULL;
}

static const struct connection_events dialled_events = { dialled_opened, dialled_bytes,
                                                         dialled_closed, NULL };
static const struct connection_limits dialled_limits = { QUEUE_SIZE_MAX, 0 };

static inline struct connection *dial_through(struct connection **owner,
                                              const struct entry_options *entry)
{
    struct sockaddr_storage address;
    struct slice host;
    struct error error;
    unsigned port;

    assert_true(address_split(slice_of(listener_address(listener)), &host, &port, &error));
    assert_true(address_resolve(host, port, &address, &error));
    *owner = connection_dial(&loop, (struct sockaddr *)&address, NULL, &dialled_limits, entry,
                             &dialled_events, owner);
    return *owner;
}

static inline struct connection *dial(struct connection **owner)
{
    return dial_through(owner, NULL);
}

/* ------------------------------------------------------------ both */

static inline void run_until_told(const char *text)
{
    for (int i = 0; i < 5000 && strstr(writer_slice(&story).at, text) == NULL; i++) {
        uv_run(&loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    if (strstr(writer_slice(&story).at, text) == NULL)
        fail_msg("never told: %s; but:\n%s", text, writer_slice(&story).at);
}

static inline int open_listener(void **state)
{
    struct error error;

    (void)state;
    uv_loop_init(&loop);
    writer_init(&story, 0);
    writer_text(&story, "");
    listener = listener_open(&loop, SLICE("127.0.0.1"), 0, &options, &error);
    return listener == NULL ? -1 : 0;
}

static inline int close_listener(void **state)
{
    (void)state;
    listener_close(listener);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    writer_fini(&story);
    return 0;
}

#endif
