/* Addresses as sixteen bytes, compared bit by bit. */
#include "codecs/base/network.h"

#include <arpa/inet.h>

enum {
    ADDRESS_BITS = 128,
    IPV4_BITS = 32,
    TEXT_SIZE_MAX = 45, /* INET6_ADDRSTRLEN without its end */
};

/* The number of its bits; 0: not an address. */
static unsigned parse_address(struct slice text, unsigned char address[NETWORK_ADDRESS_SIZE])
{
    static const unsigned char ipv4[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255 };
    char buffer[TEXT_SIZE_MAX + 1];

    if (text.size == 0 || text.size > TEXT_SIZE_MAX || memchr(text.at, '\0', text.size) != NULL)
        return 0;
    memcpy(buffer, text.at, text.size);
    buffer[text.size] = '\0';
    memcpy(address, ipv4, sizeof ipv4);
    if (inet_pton(AF_INET, buffer, address + sizeof ipv4) == 1)
        return IPV4_BITS;
    return inet_pton(AF_INET6, buffer, address) == 1 ? ADDRESS_BITS : 0;
}

static bool bit_of(const unsigned char *address, unsigned bit)
{
    return (address[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

static bool parse_prefix(struct slice text, unsigned most, unsigned *bits)
{
    if (text.size == 0 || text.size > 3)
        return false;
    *bits = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *bits = *bits * 10 + (unsigned)(text.at[i] - '0');
    }
    return *bits <= most;
}

bool network_parse(struct slice text, struct network *network)
{
    const char *slash = text.size == 0 ? NULL : memchr(text.at, '/', text.size);
    size_t size = slash == NULL ? text.size : (size_t)(slash - text.at);
    unsigned bits = parse_address((struct slice){ text.at, size }, network->address);
    unsigned prefix = bits;

    if (bits == 0 || (slash != NULL && !parse_prefix(slice_after(text, size + 1), bits, &prefix)))
        return false;
    network->prefix_bits = ADDRESS_BITS - bits + prefix;
    for (unsigned bit = network->prefix_bits; bit < ADDRESS_BITS; bit++)
        if (bit_of(network->address, bit))
            return false;
    return true;
}

bool network_has(const struct network *network, struct slice host)
{
    unsigned char address[NETWORK_ADDRESS_SIZE];

    if (parse_address(host, address) == 0)
        return false;
    for (unsigned bit = 0; bit < network->prefix_bits; bit++)
        if (bit_of(network->address, bit) != bit_of(address, bit))
            return false;
    return true;
}
