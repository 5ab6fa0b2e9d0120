/* Certificates for tests, made when they are needed, so that none is checked in
   and none expires. */
#ifndef PENSTOCK_TESTS_KIT_CERTIFICATES_H
#define PENSTOCK_TESTS_KIT_CERTIFICATES_H

#include <openssl/x509.h>

/* A certificate and its key. */
struct owner {
    X509 *certificate;
    EVP_PKEY *key;
};

struct certificate_wish {
    const char *common_name;
    const char *other_names;    /* "DNS:a,URI:b,IP:127.0.0.1"; NULL: none */
    const struct owner *issuer; /* NULL: itself, a root */
    int begins_s, ends_s;       /* from now on; 0, 0: a day around now */
};

struct owner certificate_make(const struct certificate_wish *wish);
void certificate_free(struct owner *owner);

/* In PEM form. */
void certificate_write(const char *path, const struct owner *first, const struct owner *second);
void certificate_write_key(const char *path, const struct owner *owner, const char *pass_phrase);
/* The list of what the CA has revoked; NULL: nothing. */
void certificate_write_revoked(const char *path, const struct owner *ca,
                               const struct owner *revoked);

#endif
