/* What a peer has to pass before its bytes count: the header of a load balancer,
   then TLS.  It stands between the wire and the owner of a connection, and knows
   no socket. */
#ifndef PENSTOCK_GATEWAY_NET_ENTRY_H
#define PENSTOCK_GATEWAY_NET_ENTRY_H

#include "gateway/net/proxy.h"
#include "gateway/net/tls.h"

extern const struct error_kind entry_refused;

struct entry_options {
    struct tls_context *tls; /* NULL: plain */
    bool proxy;              /* a PROXY header comes first */
    unsigned entry_ms;       /* time for all of it; 0: without end */
};

struct entry;

struct entry *entry_new(const struct entry_options *options);
void entry_free(struct entry *entry);

/* What we say first. */
void entry_begin(struct entry *entry, struct writer *wire);

/* Bytes that came, cut anywhere: appends to plain what is the owner's, to wire
   what is to be answered.  false: *error says why no more is taken; what is in wire is
   still to be sent. */
bool entry_take(struct entry *entry, struct slice bytes, struct writer *plain, struct writer *wire,
                struct error *error);

/* What the owner says; kept until the entry is passed. */
void entry_put(struct entry *entry, struct slice plain, struct writer *wire);
void entry_end(struct entry *entry, struct writer *wire);

bool entry_passed(const struct entry *entry);
bool entry_ended(const struct entry *entry); /* the peer has said its last word */

/* Of the PROXY header; host is empty when there is none. */
const struct proxy_header *entry_proxy(const struct entry *entry);
/* NULL: plain. */
const struct tls_stream *entry_tls(const struct entry *entry);

#endif
