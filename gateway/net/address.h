/* Names and numbers of hosts to socket addresses and back. */
#ifndef PENSTOCK_GATEWAY_NET_ADDRESS_H
#define PENSTOCK_GATEWAY_NET_ADDRESS_H

#include <sys/socket.h>

#include "codecs/base/error.h"

extern const struct error_kind address_bad, address_unknown;

/* "HOST:PORT", "[::1]:PORT"; host receives HOST without brackets. */
bool address_split(struct slice text, struct slice *host, unsigned *port, struct error *error);

/* Asks the resolver: may take a while, for use at start only. */
bool address_resolve(struct slice host, unsigned port, struct sockaddr_storage *address,
                     struct error *error);

/* The number in text form and the port; text has room for 64 bytes. */
void address_print(const struct sockaddr_storage *address, char text[64], unsigned *port);

#endif
