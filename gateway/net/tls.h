/* TLS over memory: no socket, no loop.  A context is what connections share:
   certificate, key, whom it trusts.  A stream is the TLS of one connection: bytes
   from the wire in, plain bytes out, and the other way round.

   TLS 1.2 and 1.3, without compression, renegotiation and tickets: each handshake
   proves both sides anew, so that a certificate that was revoked since is noticed
   when its owner connects again. */
#ifndef PENSTOCK_GATEWAY_NET_TLS_H
#define PENSTOCK_GATEWAY_NET_TLS_H

#include "codecs/base/error.h"
#include "codecs/base/writer.h"

extern const struct error_kind tls_unusable, tls_failed;

enum tls_side {
    TLS_SERVER,
    TLS_CLIENT,
};

/* Paths of PEM files; NULL: none.  An error's place points to them. */
struct tls_options {
    enum tls_side side;
    const char *certificate; /* ours, then those between it and the root; a server needs one */
    const char *key;         /* of it, without a pass phrase */
    const char *trusted;     /* roots.  Server: each client has to show a certificate of theirs */
    const char *revoked;     /* revocation lists of all CAs on the way to a root */
    const char *host;        /* client: whose certificate it has to be, and SNI */
    bool only_1_3;
};

struct tls_context;
struct tls_stream;

/* NULL: *error says which file is at fault and why (tls_unusable). */
struct tls_context *tls_context_new(const struct tls_options *options, struct error *error);
/* Streams that were made from it live on. */
void tls_context_free(struct tls_context *context);

struct tls_stream *tls_stream_new(struct tls_context *context);
void tls_stream_free(struct tls_stream *stream);

/* The client's first words. */
void tls_stream_begin(struct tls_stream *stream, struct writer *wire);

/* Takes bytes that came, appends to plain what they say and to wire what has to
   be answered.  false: *error says why (tls_failed); what is in wire is still to
   be sent, so that the peer learns it too. */
bool tls_stream_take(struct tls_stream *stream, struct slice bytes, struct writer *plain,
                     struct writer *wire, struct error *error);

/* Only when the stream is open. */
void tls_stream_put(struct tls_stream *stream, struct slice plain, struct writer *wire);

/* The last word.  After it nothing is put. */
void tls_stream_end(struct tls_stream *stream, struct writer *wire);

/* The handshake is done: plain bytes may go. */
bool tls_stream_open(const struct tls_stream *stream);
/* The peer has said its last word. */
bool tls_stream_ended(const struct tls_stream *stream);

/* Who the peer is, one name a line: "CN=...", "DNS:...", "URI:...", "email:..." of its
   certificate, and "SHA256:..." of all of it in hex.  Nothing when it showed none. */
void tls_stream_write_names(const struct tls_stream *stream, struct writer *writer);

/* When the peer's certificate ends: "2026-11-22T13:00:00Z".  Nothing when it showed none. */
void tls_stream_write_end(const struct tls_stream *stream, struct writer *writer);

/* "TLSv1.3 TLS_AES_256_GCM_SHA384", for people. */
void tls_stream_write_kind(const struct tls_stream *stream, struct writer *writer);

#endif
