/* PROXY protocol, version 2: a load balancer's word, in front of all others, about
   who has connected to it. */
#ifndef PENSTOCK_GATEWAY_NET_PROXY_H
#define PENSTOCK_GATEWAY_NET_PROXY_H

#include "codecs/base/slice.h"

enum proxy_verdict {
    PROXY_PARTIAL, /* more bytes are needed */
    PROXY_WHOLE,
    PROXY_BAD, /* not version 2, or longer than PROXY_SIZE_MAX */
};

enum { PROXY_SIZE_MAX = 1024 };

struct proxy_header {
    size_t size;   /* bytes of it */
    char host[64]; /* empty: the balancer speaks for itself, or does not say for whom */
    unsigned port;
};

enum proxy_verdict proxy_header_take(struct slice bytes, struct proxy_header *header);

#endif
