/* The insides of TLS, shared by its two files. */
#ifndef PENSTOCK_GATEWAY_NET_TLS_PARTS_H
#define PENSTOCK_GATEWAY_NET_TLS_PARTS_H

#include <openssl/ssl.h>

#include "gateway/net/tls.h"

/* What a peer that nobody knows yet may make us hold. */
#define TLS_CERTIFICATES_SIZE_MAX 32768

struct tls_context {
    SSL_CTX *ssl;
    enum tls_side side;
    char *host; /* NULL: not checked */
};

#endif
