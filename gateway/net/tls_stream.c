/* The TLS of one connection, between two buffers in memory. */
#include "gateway/net/tls_parts.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "codecs/base/arena.h"
#include "codecs/base/digest.h"

const struct error_kind tls_failed = { "tls.failed", "TLS failed" };

#define PIECE_SIZE 16384

/* Reasons that the library gives for what a peer's alert says begin here. */
#define ALERT_REASONS SSL_AD_REASON_OFFSET

struct tls_stream {
    SSL *ssl;
    BIO *in, *out; /* the SSL owns them */
    bool open, ended, failed;
};

static bool is_number(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

static void expect_host(SSL *ssl, const char *host)
{
    if (is_number(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
        return;
    }
    SSL_set_tlsext_host_name(ssl, host);
    SSL_set1_host(ssl, host);
}

struct tls_stream *tls_stream_new(struct tls_context *context)
{
    struct tls_stream *stream = memory_take(sizeof *stream);

    *stream = (struct tls_stream){ .ssl = SSL_new(context->ssl),
                                   .in = BIO_new(BIO_s_mem()),
                                   .out = BIO_new(BIO_s_mem()) };
    SSL_set_bio(stream->ssl, stream->in, stream->out);
    if (context->side == TLS_SERVER)
        SSL_set_accept_state(stream->ssl);
    else
        SSL_set_connect_state(stream->ssl);
    if (context->host != NULL)
        expect_host(stream->ssl, context->host);
    return stream;
}

void tls_stream_free(struct tls_stream *stream)
{
    if (stream == NULL)
        return;
    SSL_free(stream->ssl);
    free(stream);
}

/* ------------------------------------------------------------ why it failed */

/* "tlsv1 alert unknown ca": the version is that of the alert's first definition. */
static const char *alert_of(unsigned long code)
{
    const char *reason = ERR_reason_error_string(code);
    const char *alert = reason == NULL ? NULL : strstr(reason, "alert ");

    return alert == NULL ? "for a reason that is not known" : alert + strlen("alert ");
}

static bool fail(struct tls_stream *stream, struct error *error)
{
    unsigned long code = ERR_peek_error();
    int reason = ERR_GET_REASON(code);
    long verdict = SSL_get_verify_result(stream->ssl);

    stream->failed = true;
    if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)
        error_at(error, &tls_failed, PLACE_NONE, "the peer does not speak TLS");
    else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
        error_at(error, &tls_failed, PLACE_NONE, "the peer's certificate: %s",
                 X509_verify_cert_error_string(verdict));
    else if (reason > ALERT_REASONS)
        error_at(error, &tls_failed, PLACE_NONE, "the peer refuses: %s", alert_of(code));
    else
        error_at(error, &tls_failed, PLACE_NONE, "%s",
                 code == 0 ? "the peer broke off" : ERR_reason_error_string(code));
    ERR_clear_error();
    return false;
}

/* What a call of the library came to: done, more bytes are needed, or it failed. */
static bool goes_on(struct tls_stream *stream, int result, struct error *error)
{
    switch (SSL_get_error(stream->ssl, result)) {
    case SSL_ERROR_NONE:
    case SSL_ERROR_WANT_READ:
        return true;
    case SSL_ERROR_ZERO_RETURN:
        stream->ended = true;
        return true;
    default:
        return fail(stream, error);
    }
}

/* ------------------------------------------------------------ bytes */

static void send_out(struct tls_stream *stream, struct writer *wire)
{
    char *bytes;
    long size = BIO_get_mem_data(stream->out, &bytes);

    if (size > 0)
        writer_bytes(wire, (struct slice){ bytes, (size_t)size });
    (void)BIO_reset(stream->out);
}

static bool shake_hands(struct tls_stream *stream, struct error *error)
{
    int result = SSL_do_handshake(stream->ssl);

    stream->open = result == 1;
    return result == 1 || goes_on(stream, result, error);
}

static bool read_all(struct tls_stream *stream, struct writer *plain, struct error *error)
{
    char piece[PIECE_SIZE];
    int size;

    while ((size = SSL_read(stream->ssl, piece, sizeof piece)) > 0)
        writer_bytes(plain, (struct slice){ piece, (size_t)size });
    return goes_on(stream, size, error);
}

void tls_stream_begin(struct tls_stream *stream, struct writer *wire)
{
    struct error error;

    ERR_clear_error();
    shake_hands(stream, &error);
    send_out(stream, wire);
}

bool tls_stream_take(struct tls_stream *stream, struct slice bytes, struct writer *plain,
                     struct writer *wire, struct error *error)
{
    bool good = !stream->failed;

    if (!good || stream->ended)
        return good;
    ERR_clear_error();
    BIO_write(stream->in, bytes.at, (int)bytes.size);
    if (!stream->open)
        good = shake_hands(stream, error);
    if (good && stream->open)
        good = read_all(stream, plain, error);
    send_out(stream, wire);
    return good;
}

void tls_stream_put(struct tls_stream *stream, struct slice plain, struct writer *wire)
{
    if (stream->failed || plain.size == 0)
        return;
    ERR_clear_error();
    SSL_write(stream->ssl, plain.at, (int)plain.size);
    send_out(stream, wire);
}

void tls_stream_end(struct tls_stream *stream, struct writer *wire)
{
    if (stream->failed || !stream->open)
        return;
    ERR_clear_error();
    SSL_shutdown(stream->ssl);
    send_out(stream, wire);
}

bool tls_stream_open(const struct tls_stream *stream)
{
    return stream->open && !stream->failed;
}

bool tls_stream_ended(const struct tls_stream *stream)
{
    return stream->ended;
}

/* ------------------------------------------------------------ the peer */

/* Texts of a certificate are its owner's: a line break in one would be a second name. */
static void write_name(const char *kind, const ASN1_STRING *name, struct writer *writer)
{
    unsigned char *text = NULL;
    int size = ASN1_STRING_to_UTF8(&text, name);

    if (size > 0 && memchr(text, '\n', (size_t)size) == NULL &&
        memchr(text, '\0', (size_t)size) == NULL)
        writer_format(writer, "%s%.*s\n", kind, size, (char *)text);
    OPENSSL_free(text);
}

static void write_common_name(X509 *certificate, struct writer *writer)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);

    if (at >= 0)
        write_name("CN=", X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)), writer);
}

static void write_other_name(const GENERAL_NAME *name, struct writer *writer)
{
    static const struct {
        int type;
        const char *kind;
    } kinds[] = { { GEN_DNS, "DNS:" }, { GEN_URI, "URI:" }, { GEN_EMAIL, "email:" } };
    int type;
    const ASN1_STRING *text = GENERAL_NAME_get0_value(name, &type);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (type == kinds[i].type)
            write_name(kinds[i].kind, text, writer);
}

static void write_other_names(X509 *certificate, struct writer *writer)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
        write_other_name(sk_GENERAL_NAME_value(names, i), writer);
    GENERAL_NAMES_free(names);
}

static void write_fingerprint(X509 *certificate, struct writer *writer)
{
    unsigned char *bytes = NULL;
    int size = i2d_X509(certificate, &bytes);

    if (size <= 0)
        return;
    struct digest digest = digest_of((struct slice){ (char *)bytes, (size_t)size });
    writer_text(writer, "SHA256:");
    digest_write_hex(&digest, writer);
    writer_char(writer, '\n');
    OPENSSL_free(bytes);
}

void tls_stream_write_names(const struct tls_stream *stream, struct writer *writer)
{
    X509 *certificate = SSL_get0_peer_certificate(stream->ssl);

    if (certificate == NULL)
        return;
    write_common_name(certificate, writer);
    write_other_names(certificate, writer);
    write_fingerprint(certificate, writer);
}

void tls_stream_write_end(const struct tls_stream *stream, struct writer *writer)
{
    X509 *certificate = SSL_get0_peer_certificate(stream->ssl);
    struct tm end;

    if (certificate != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1)
        writer_format(writer, "%04d-%02d-%02dT%02d:%02d:%02dZ", end.tm_year + 1900, end.tm_mon + 1,
                      end.tm_mday, end.tm_hour, end.tm_min, end.tm_sec);
}

void tls_stream_write_kind(const struct tls_stream *stream, struct writer *writer)
{
    writer_format(writer, "%s %s", SSL_get_version(stream->ssl), SSL_get_cipher(stream->ssl));
}
