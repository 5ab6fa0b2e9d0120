/* A road to a bank.  Documents go out and come in whole; what lies below (a
   directory, later TCP, HTTPS or a queue) is behind this interface.

   What goes out is told to be taken once it is durable on the other side of
   the interface; offering the same document again is harmless.  What comes in
   is given once and stays in flight until it is filed. */
#ifndef PENSTOCK_GATEWAY_CHANNEL_CHANNEL_H
#define PENSTOCK_GATEWAY_CHANNEL_CHANNEL_H

#include <uv.h>

#include "codecs/base/error.h"
#include "config/config.h"

struct channel;

/* All are called on the loop, never from inside a channel call.  What they
   lend is good until they return. */
struct channel_events {
    void (*document)(void *owner, struct slice channel, struct slice name, struct slice bytes);
    void (*took)(void *owner, struct slice channel, struct slice name);
    void (*not_took)(void *owner, struct slice channel, struct slice name, struct slice why);
    /* Something is wrong with the channel or with a file that is not given. */
    void (*fault)(void *owner, struct slice channel, struct slice name, struct slice what);
};

struct channel_operations {
    /* Copies the bytes; took() or not_took() follows. */
    void (*send)(struct channel *channel, struct slice name, struct slice bytes);
    /* The document of this name is done with.  refusal: why it was refused;
       absent: it was taken. */
    void (*filed)(struct channel *channel, struct slice name, struct slice refusal);
    /* What may change while it is open, from now on. */
    void (*configure)(struct channel *channel, const struct config_channel *config);
    /* Ends it; work that is under way is finished first, and its memory is
       given back when the loop has run out. */
    void (*close)(struct channel *channel);
};

struct channel {
    const struct channel_operations *operations;
    const struct channel_events *events;
    void *owner;
    struct slice name; /* its own */
};

/* A folder with out/, in/, done/ and refused/.  NULL: *error says why. */
struct channel *channel_directory_open(uv_loop_t *loop, const struct config_channel *config,
                                       const struct channel_events *events, void *owner,
                                       struct error *error);

#endif
