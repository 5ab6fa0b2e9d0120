/* Sums bytes in vectors. */
#include "codecs/fix/checksum.h"

enum {
    MODULUS = 256,
    VECTORS_AT_ONCE = 128, /* each adds two bytes to a lane: 128 * 2 * 255 fits it */
};

typedef uint16_t lanes __attribute__((vector_size(16)));

static unsigned sum_vectors(const char *at, size_t count)
{
    lanes bytes, low = { 0 }, high = { 0 };
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(&bytes, at + i * sizeof bytes, sizeof bytes);
        low += bytes & 0xFF;
        high += bytes >> 8;
    }
    low += high;
    for (size_t i = 0; i < sizeof low / sizeof low[0]; i++)
        sum += low[i];
    return sum;
}

unsigned fix_checksum(struct slice bytes)
{
    unsigned sum = 0;
    while (bytes.size >= sizeof(lanes)) {
        size_t count = bytes.size / sizeof(lanes);
        if (count > VECTORS_AT_ONCE)
            count = VECTORS_AT_ONCE;
        sum += sum_vectors(bytes.at, count);
        bytes = slice_after(bytes, count * sizeof(lanes));
    }
    for (size_t i = 0; i < bytes.size; i++)
        sum += (unsigned char)bytes.at[i];
    return sum % MODULUS;
}
