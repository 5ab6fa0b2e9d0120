#include "kit/certificates.h"

#include "kit/kit.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#define DAY_S 86400

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void set_serial(X509 *certificate)
{
    static long serial;
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
}

static void set_names(X509 *certificate, const struct certificate_wish *wish, X509 *issuer)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)wish->common_name,
                               -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    add_extension(certificate, issuer, NID_basic_constraints,
                  wish->issuer == NULL ? "critical,CA:TRUE" : "CA:FALSE");
    if (wish->other_names != NULL)
        add_extension(certificate, issuer, NID_subject_alt_name, wish->other_names);
}

struct owner certificate_make(const struct certificate_wish *wish)
{
    struct owner owner = { X509_new(), EVP_EC_gen("P-256") };
    X509 *issuer = wish->issuer == NULL ? owner.certificate : wish->issuer->certificate;
    bool is_default = wish->begins_s == 0 && wish->ends_s == 0;
    X509_set_version(owner.certificate, X509_VERSION_3);
    set_serial(owner.certificate);
    X509_gmtime_adj(X509_getm_notBefore(owner.certificate), is_default ? -DAY_S : wish->begins_s);
    X509_gmtime_adj(X509_getm_notAfter(owner.certificate), is_default ? DAY_S : wish->ends_s);
    X509_set_pubkey(owner.certificate, owner.key);
    set_names(owner.certificate, wish, issuer);
    assert_true(X509_sign(owner.certificate, wish->issuer == NULL ? owner.key : wish->issuer->key,
                          EVP_sha256()) > 0);
    return owner;
}

void certificate_free(struct owner *owner)
{
    X509_free(owner->certificate);
    EVP_PKEY_free(owner->key);
}

static FILE *create(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    return file;
}

void certificate_write(const char *path, const struct owner *first, const struct owner *second)
{
    FILE *file = create(path);
    assert_int_equal(PEM_write_X509(file, first->certificate), 1);
    if (second != NULL)
        assert_int_equal(PEM_write_X509(file, second->certificate), 1);
    fclose(file);
}

void certificate_write_key(const char *path, const struct owner *owner, const char *pass_phrase)
{
    FILE *file = create(path);
    assert_int_equal(PEM_write_PrivateKey(file, owner->key,
                                          pass_phrase == NULL ? NULL : EVP_aes_128_cbc(), NULL, 0,
                                          NULL, (void *)(uintptr_t)pass_phrase),
                     1);
    fclose(file);
}

static void add_revoked(X509_CRL *list, const struct owner *owner, ASN1_TIME *now)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(owner->certificate));
    X509_REVOKED_set_revocationDate(entry, now);
    X509_CRL_add0_revoked(list, entry);
}

void certificate_write_revoked(const char *path, const struct owner *ca,
                               const struct owner *revoked)
{
    X509_CRL *list = X509_CRL_new();
    ASN1_TIME *now = X509_gmtime_adj(NULL, -DAY_S), *next = X509_gmtime_adj(NULL, DAY_S);
    X509_CRL_set_version(list, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(ca->certificate));
    X509_CRL_set1_lastUpdate(list, now);
    X509_CRL_set1_nextUpdate(list, next);
    if (revoked != NULL)
        add_revoked(list, revoked, now);
    assert_true(X509_CRL_sign(list, ca->key, EVP_sha256()) > 0);
    FILE *file = create(path);
    assert_int_equal(PEM_write_X509_CRL(file, list), 1);
    fclose(file);
    ASN1_TIME_free(now);
    ASN1_TIME_free(next);
    X509_CRL_free(list);
}
