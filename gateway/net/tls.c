/* What connections over TLS share: files are read once, and all that is wrong with
   them is told before anybody connects. */
#include "gateway/net/tls_parts.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "codecs/base/arena.h"

const struct error_kind tls_unusable = { "tls.unusable", "cannot be used for TLS" };

/* Forward secrecy and authenticated encryption only. */
#define CIPHERS_1_2 "ECDHE+AESGCM:ECDHE+CHACHA20"

static bool fail(struct error *error, const char *path, const char *what)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);

    ERR_clear_error();
    return error_at(error, &tls_unusable, (struct place){ .source = path }, "%s%s%s", what,
                    reason == NULL ? "" : ": ", reason == NULL ? "" : reason);
}

/* Nobody sits at a terminal. */
static int no_pass_phrase(char *buffer, int size, int writes, void *owner)
{
    (void)buffer;
    (void)size;
    (void)writes;
    (void)owner;
    return -1;
}

static bool use_certificate(SSL_CTX *ssl, const struct tls_options *options, struct error *error)
{
    if (options->certificate == NULL)
        return true;
    SSL_CTX_set_default_passwd_cb(ssl, no_pass_phrase);
    if (SSL_CTX_use_certificate_chain_file(ssl, options->certificate) != 1)
        return fail(error, options->certificate, "no certificate in PEM form");
    if (SSL_CTX_use_PrivateKey_file(ssl, options->key, SSL_FILETYPE_PEM) != 1)
        return fail(error, options->key,
                    "no private key in PEM form without a pass phrase for the "
                    "certificate");
    return true;
}

static bool trust(SSL_CTX *ssl, const struct tls_options *options, struct error *error)
{
    if (options->trusted == NULL)
        return true;
    if (SSL_CTX_load_verify_file(ssl, options->trusted) != 1)
        return fail(error, options->trusted, "no certificates in PEM form");
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    if (options->side == TLS_SERVER)
        SSL_CTX_set_client_CA_list(ssl, SSL_load_client_CA_file(options->trusted));
    return true;
}

static bool revoke(SSL_CTX *ssl, const struct tls_options *options, struct error *error)
{
    X509_STORE *store = SSL_CTX_get_cert_store(ssl);

    if (options->revoked == NULL)
        return true;
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    if (lookup == NULL || X509_load_crl_file(lookup, options->revoked, X509_FILETYPE_PEM) < 1)
        return fail(error, options->revoked, "no revocation lists in PEM form");
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    return true;
}

static bool check_wholeness(const struct tls_options *options, struct error *error)
{
    bool is_server = options->side == TLS_SERVER;
    const char *what = is_server && options->certificate == NULL ? "a server needs a certificate"
                       : (options->certificate == NULL) != (options->key == NULL)
                           ? "a certificate and its key belong together"
                       : !is_server && options->trusted == NULL
                           ? "a client needs to know whom to trust"
                       : options->revoked != NULL && options->trusted == NULL
                           ? "revocation lists are of CAs that are trusted"
                           : NULL;

    return what == NULL || error_at(error, &tls_unusable, PLACE_NONE, "%s", what);
}

static void set_up(SSL_CTX *ssl, const struct tls_options *options)
{
    SSL_CTX_set_min_proto_version(ssl, options->only_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(ssl, CIPHERS_1_2);
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_num_tickets(ssl, 0);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_max_cert_list(ssl, TLS_CERTIFICATES_SIZE_MAX);
}

struct tls_context *tls_context_new(const struct tls_options *options, struct error *error)
{
    if (!check_wholeness(options, error))
        return NULL;
    struct tls_context *context = memory_take(sizeof *context);
    SSL_CTX *ssl =
        SSL_CTX_new(options->side == TLS_SERVER ? TLS_server_method() : TLS_client_method());

    *context = (struct tls_context){ .ssl = ssl, .side = options->side };
    if (options->host != NULL)
        context->host = strdup(options->host);
    ERR_clear_error();
    set_up(ssl, options);
    if (use_certificate(ssl, options, error) && trust(ssl, options, error) &&
        revoke(ssl, options, error))
        return context;
    tls_context_free(context);
    return NULL;
}

void tls_context_free(struct tls_context *context)
{
    if (context == NULL)
        return;
    SSL_CTX_free(context->ssl);
    free(context->host);
    free(context);
}
