/* Reads the header by its fixed places; what stands behind the addresses is passed over. */
#include "gateway/net/proxy.h"

#include <arpa/inet.h>

enum {
    SIGNATURE_SIZE = 12,
    FIXED_SIZE = 16,
    COMMAND_LOCAL = 0x20, /* version 2 in the upper half */
    COMMAND_PROXY = 0x21,
    FAMILY_TCP4 = 0x11,
    FAMILY_TCP6 = 0x21,
};

static unsigned number_at(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

/* Source and destination address, then both ports. */
static bool take_addresses(const unsigned char *bytes, size_t size, unsigned family,
                           struct proxy_header *header)
{
    size_t address_size = family == FAMILY_TCP4 ? 4 : 16;

    if (family != FAMILY_TCP4 && family != FAMILY_TCP6)
        return true;
    if (size < 2 * address_size + 4)
        return false;
    inet_ntop(family == FAMILY_TCP4 ? AF_INET : AF_INET6, bytes, header->host, sizeof header->host);
    header->port = number_at(bytes + 2 * address_size);
    return true;
}

enum proxy_verdict proxy_header_take(struct slice bytes, struct proxy_header *header)
{
    static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";
    const unsigned char *at = (const unsigned char *)bytes.at;
    size_t same = bytes.size < SIGNATURE_SIZE ? bytes.size : SIGNATURE_SIZE;

    *header = (struct proxy_header){ .size = 0 };
    if (memcmp(bytes.at, signature, same) != 0)
        return PROXY_BAD;
    if (bytes.size < FIXED_SIZE)
        return PROXY_PARTIAL;
    header->size = FIXED_SIZE + number_at(at + 14);
    if (header->size > PROXY_SIZE_MAX || (at[12] != COMMAND_LOCAL && at[12] != COMMAND_PROXY))
        return PROXY_BAD;
    if (bytes.size < header->size)
        return PROXY_PARTIAL;
    if (at[12] == COMMAND_PROXY &&
        !take_addresses(at + FIXED_SIZE, header->size - FIXED_SIZE, at[13], header))
        return PROXY_BAD;
    return PROXY_WHOLE;
}
