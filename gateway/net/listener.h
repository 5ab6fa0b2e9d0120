/* Accepts connections on a TCP address or a local socket, and keeps them by
   number.  A number is never used again, so whoever holds one may speak to a
   connection that has gone: nothing happens. */
#ifndef PENSTOCK_GATEWAY_NET_LISTENER_H
#define PENSTOCK_GATEWAY_NET_LISTENER_H

#include <uv.h>

#include "codecs/base/error.h"
#include "codecs/base/network.h"
#include "gateway/net/connection.h"

extern const struct error_kind listener_failed, listener_busy;

struct listener;

/* Who has connected. */
struct listener_peer {
    struct slice host; /* as a number; empty on a local socket */
    unsigned port;
    bool secure;        /* over TLS */
    struct slice names; /* of its certificate, one a line (tls.h); empty: it showed none */
};

/* Who may connect, and what each has to pass first. */
struct listener_door {
    struct entry_options entry;
    const struct network *allowed; /* 0 of them: everybody */
    size_t allowed_count;
};

/* All are called on the loop, never from inside a listener_... call. */
struct listener_events {
    void (*opened)(void *owner, uint64_t id, const struct listener_peer *peer);
    void (*bytes)(void *owner, uint64_t id, struct slice bytes);
    void (*closed)(void *owner, uint64_t id, const char *why);
    void (*refused)(void *owner, const char *why); /* a connection could not be taken, or did not
                                                      pass the door */
    void (*drained)(void *owner, uint64_t id);     /* full no more; NULL: not wanted */
};

struct listener_options {
    const struct listener_events *events;
    void *owner;
    size_t connection_count_max;
    struct connection_limits limits;  /* of each connection */
    const struct listener_door *door; /* outlives the listener; NULL: open to all */
};

/* NULL: *error says why. */
struct listener *listener_open(uv_loop_t *loop, struct slice host, unsigned port,
                               const struct listener_options *options, struct error *error);

/* A socket in the file system that only its owner may use.  One that a dead
   process has left behind is replaced, one that answers is not. */
struct listener *listener_open_local(uv_loop_t *loop, const char *path,
                                     const struct listener_options *options, struct error *error);

/* One that nobody can connect to: its connections are those that it dials. */
struct listener *listener_open_outward(uv_loop_t *loop, const struct listener_options *options);

/* Whom to dial. */
struct listener_target {
    const struct sockaddr *address, *local; /* local NULL: the system chooses */
    struct entry_options entry;             /* without TLS: plain */
};

/* opened() or closed() follows with this number.  0: there are too many already. */
uint64_t listener_dial(struct listener *listener, const struct listener_target *target);

/* Another door, for those who connect from now on. */
void listener_change_door(struct listener *listener, const struct listener_door *door);

/* Takes no more connections; those that are open live on. */
void listener_stop(struct listener *listener);
/* Closes what is open once all is sent, without a word to the owner.  The loop
   has to run on until all memory is given back. */
void listener_close(struct listener *listener);

/* The address as it came out: "127.0.0.1:9880". */
const char *listener_address(const struct listener *listener);

/* true: it has become full with this; drained() will tell when no more. */
bool listener_write(struct listener *listener, uint64_t id, struct slice bytes);
void listener_hang_up(struct listener *listener, uint64_t id); /* once all is sent */
void listener_pause(struct listener *listener, uint64_t id);
void listener_resume(struct listener *listener, uint64_t id);
/* -1: it has gone. */
int listener_descriptor(const struct listener *listener, uint64_t id);

#endif
