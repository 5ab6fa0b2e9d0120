/* A listener's door as the configuration describes it. */
#ifndef PENSTOCK_GATEWAY_NET_DOOR_H
#define PENSTOCK_GATEWAY_NET_DOOR_H

#include "config/config.h"
#include "gateway/net/listener.h"

struct door;

/* Reads its files; outlives the configuration.  NULL: *error says which file is at
   fault. */
struct door *door_new(const struct config_listener *listener, struct error *error);
void door_free(struct door *door);

const struct listener_door *door_of(const struct door *door);

#endif
