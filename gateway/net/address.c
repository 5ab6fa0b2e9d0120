/* Names and numbers of hosts to socket addresses and back. */
#include "gateway/net/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>

const struct error_kind address_bad = { "net.bad-address", "not an address of the form HOST:PORT" };
const struct error_kind address_unknown = { "net.unknown-address", "no such host" };

static struct slice without_brackets(struct slice host)
{
    if (host.size >= 2 && host.at[0] == '[' && host.at[host.size - 1] == ']')
        return (struct slice){ host.at + 1, host.size - 2 };
    return host;
}

bool address_split(struct slice text, struct slice *host, unsigned *port, struct error *error)
{
    const char *colon = text.size == 0 ? NULL : memrchr(text.at, ':', text.size);
    uint64_t number;

    if (colon == NULL || colon == text.at)
        return error_at(error, &address_bad, PLACE_NONE, "%.*s", SLICE_ARG(text));
    struct slice behind = slice_after(text, (size_t)(colon + 1 - text.at));
    if (!slice_to_u64(behind, 65535, &number))
        return error_at(error, &address_bad, PLACE_NONE, "%.*s (the port is a number up to 65535)",
                        SLICE_ARG(text));
    *host = without_brackets((struct slice){ text.at, (size_t)(colon - text.at) });
    *port = (unsigned)number;
    return true;
}

bool address_resolve(struct slice host, unsigned port, struct sockaddr_storage *address,
                     struct error *error)
{
    char name[256], service[8];
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found;

    if (host.size >= sizeof name)
        return error_at(error, &address_unknown, PLACE_NONE, "%.*s", SLICE_ARG(host));
    snprintf(name, sizeof name, "%.*s", SLICE_ARG(host));
    snprintf(service, sizeof service, "%u", port);
    int status = getaddrinfo(name, service, &hints, &found);
    if (status != 0)
        return error_at(error, &address_unknown, PLACE_NONE, "%s: %s", name, gai_strerror(status));
    memset(address, 0, sizeof *address);
    memcpy(address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

void address_print(const struct sockaddr_storage *address, char text[64], unsigned *port)
{
    text[0] = '\0';
    *port = 0;
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;

        inet_ntop(AF_INET, &v4->sin_addr, text, 64);
        *port = ntohs(v4->sin_port);
    } else if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;

        inet_ntop(AF_INET6, &v6->sin6_addr, text, 64);
        *port = ntohs(v6->sin6_port);
    }
}
