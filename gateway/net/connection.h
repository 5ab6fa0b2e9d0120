/* One stream socket on the loop: bytes in, bytes out, both bounded.

   Bytes that are written wait in memory until the peer takes them; a peer that
   lets more than a limit pile up is cut off, and so is one that has taken none
   for a while.  Reading can be paused.  A
   connection ends once: closed() is its last event, after which it is gone. */
#ifndef PENSTOCK_GATEWAY_NET_CONNECTION_H
#define PENSTOCK_GATEWAY_NET_CONNECTION_H

#include <uv.h>

#include "codecs/base/slice.h"
#include "gateway/net/entry.h"

struct connection;

/* All are called on the loop, never from inside a connection_... call. */
struct connection_events {
    void (*opened)(void *owner); /* a dialled connection stands, an entry is passed; NULL: not
                                    wanted */
    void (*bytes)(void *owner, struct slice bytes);
    void (*closed)(void *owner, const char *why);
    void (*drained)(void *owner); /* full no more; NULL: not wanted */
};

/* What a peer may leave untaken. */
struct connection_limits {
    size_t queue_size_max; /* bytes that wait: over it the peer is cut off */
    unsigned stuck_ms;     /* time without a byte taken: the same; 0: for ever */
};

enum {
    CONNECTION_FULL_SIZE = 262144,   /* so many bytes wait: it is full */
    CONNECTION_DRAINED_SIZE = 65536, /* and so few: no more */
};

/* Takes a connection from a listening TCP or local socket.  entry: what the peer
   has to pass first, after which it is opened(); NULL: nothing, it is open. */
struct connection *connection_accept(uv_stream_t *server, const struct connection_limits *limits,
                                     const struct entry_options *entry,
                                     const struct connection_events *events, void *owner);

/* Starts to connect; opened() or closed() follows.  local: where our end is; NULL: the
   system chooses. */
struct connection *connection_dial(uv_loop_t *loop, const struct sockaddr *address,
                                   const struct sockaddr *local,
                                   const struct connection_limits *limits,
                                   const struct entry_options *entry,
                                   const struct connection_events *events, void *owner);

/* Copies the bytes.  Without effect once the connection is closing. */
void connection_write(struct connection *connection, struct slice bytes);

/* Does much wait for the peer?  drained() will tell when no more. */
bool connection_full(const struct connection *connection);

/* Closes once all that was written is sent and the peer has seen the end; a
   peer that does not take it loses the connection after some seconds. */
void connection_close(struct connection *connection);

/* Closes at once; what waits is lost. */
void connection_abort(struct connection *connection, const char *why);

void connection_pause(struct connection *connection);
void connection_resume(struct connection *connection);

/* For credentials of a local peer. */
int connection_descriptor(const struct connection *connection);
/* Address of a TCP peer; behind a load balancer that told it, of the one behind it. */
void connection_peer(const struct connection *connection, char text[64], unsigned *port);
/* NULL: it has none. */
const struct tls_stream *connection_tls(const struct connection *connection);

#endif
