/* Addresses of hosts and networks of them, as "10.1.0.0/16", "2001:db8::/32" or a
   single address.  IPv4 addresses are kept as IPv6 ones that stand for them. */
#ifndef PENSTOCK_CODECS_BASE_NETWORK_H
#define PENSTOCK_CODECS_BASE_NETWORK_H

#include "codecs/base/slice.h"

enum { NETWORK_ADDRESS_SIZE = 16 };

struct network {
    unsigned char address[NETWORK_ADDRESS_SIZE];
    unsigned prefix_bits;
};

/* false: not a network, or one with bits set behind its prefix. */
bool network_parse(struct slice text, struct network *network);

/* host: the text of an address; one that is none is in no network. */
bool network_has(const struct network *network, struct slice host);

#endif
