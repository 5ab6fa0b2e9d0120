/* Sums bytes in vectors. */
#include "codecs/fix/checksum.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { MODULUS = 256 };

typedef uint64_t lanes __attribute__((vector_size(16)));

static inline lanes load(const char *at)
{
    lanes bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* In each lane the sum of its bytes. */
static inline lanes sum_bytes(lanes bytes)
{
#ifdef __SSE2__
    return (lanes)_mm_sad_epu8((__m128i)bytes, _mm_setzero_si128());
#else
    const uint64_t every_other = 0x00FF00FF00FF00FF, ones = 0x0001000100010001;
    return ((bytes & every_other) + (bytes >> 8 & every_other)) * ones >> 48;
#endif
}

/* From byte count on: hides all but the last count bytes of a vector. */
static const char end_mask[2 * sizeof(lanes)] = {
    [sizeof(lanes)] = -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
};

/* At least as many as a vector has. */
static unsigned sum_vectors(struct slice bytes)
{
    const char *at = bytes.at, *last = bytes.at + bytes.size - sizeof(lanes);
    lanes sums = { 0 };
    for (; at <= last; at += sizeof(lanes))
        sums += sum_bytes(load(at));
    sums += sum_bytes(load(last) & load(end_mask + (last + sizeof(lanes) - at)));
    return (unsigned)(sums[0] + sums[1]);
}

unsigned fix_checksum(struct slice bytes)
{
    unsigned sum = 0;
    if (bytes.size >= sizeof(lanes))
        return sum_vectors(bytes) % MODULUS;
    for (size_t i = 0; i < bytes.size; i++)
        sum += (unsigned char)bytes.at[i];
    return sum % MODULUS;
}
