/* A CA, a server and a broker with certificates of it, in files of a folder. */
#ifndef PENSTOCK_TESTS_UNIT_GATEWAY_NET_TLS_KIT_H
#define PENSTOCK_TESTS_UNIT_GATEWAY_NET_TLS_KIT_H

#include "gateway/net/tls.h"
#include "kit/certificates.h"
#include "kit/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char tls_folder[] = "/tmp/penstock-tls-XXXXXX";
static struct owner tls_ca, tls_other_ca, tls_server, tls_broker;

static inline const char *tls_path(const char *name)
{
    static char paths[16][64];
    static unsigned next;
    char *path = paths[next++ % 16];
    snprintf(path, sizeof paths[0], "%s/%s", tls_folder, name);
    return path;
}

static inline void tls_write(const char *name, const struct owner *owner)
{
    char file[32];
    snprintf(file, sizeof file, "%s.pem", name);
    certificate_write(tls_path(file), owner, NULL);
    snprintf(file, sizeof file, "%s.key", name);
    certificate_write_key(tls_path(file), owner, NULL);
}

static inline int tls_make_files(void **state)
{
    (void)state;
    if (mkdtemp(tls_folder) == NULL)
        return -1;
    tls_ca = certificate_make(&(struct certificate_wish){ .common_name = "Test CA" });
    tls_other_ca = certificate_make(&(struct certificate_wish){ .common_name = "Another CA" });
    tls_server =
        certificate_make(&(struct certificate_wish){ .common_name = "gateway",
                                                     .other_names = "DNS:gateway.test,IP:127.0.0.1",
                                                     .issuer = &tls_ca });
    tls_broker = certificate_make(
        &(struct certificate_wish){ .common_name = "Broker Alpha",
                                    .other_names = "URI:fix:BRKALPHA,email:a@b.test",
                                    .issuer = &tls_ca });
    tls_write("ca", &tls_ca);
    tls_write("other", &tls_other_ca);
    tls_write("server", &tls_server);
    tls_write("broker", &tls_broker);
    return 0;
}

static inline int tls_remove_files(void **state)
{
    char command[64];
    (void)state;
    certificate_free(&tls_ca);
    certificate_free(&tls_other_ca);
    certificate_free(&tls_server);
    certificate_free(&tls_broker);
    snprintf(command, sizeof command, "rm -r %s", tls_folder);
    return system(command);
}

/* A server that wants no certificate, and a client that shows none. */
static inline struct tls_options tls_server_options(void)
{
    return (struct tls_options){ .side = TLS_SERVER,
                                 .certificate = tls_path("server.pem"),
                                 .key = tls_path("server.key") };
}

static inline struct tls_options tls_client_options(void)
{
    return (struct tls_options){ .side = TLS_CLIENT,
                                 .trusted = tls_path("ca.pem"),
                                 .host = "gateway.test" };
}

static inline struct tls_context *tls_context_of(const struct tls_options *wanted)
{
    struct error error;
    struct tls_context *context = tls_context_new(wanted, &error);
    if (context == NULL)
        fail_msg("%s: %s", error.place.source, error.detail);
    return context;
}

#endif
