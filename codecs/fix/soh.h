/* Where fields end: every SOH of 64 bytes at once, as the bits of a word; the
   byte in front is the lowest bit.  Inline, since every byte of every message
   goes through here. */
#ifndef PENSTOCK_CODECS_FIX_SOH_H
#define PENSTOCK_CODECS_FIX_SOH_H

#include "codecs/base/slice.h"

#include <endian.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    FIX_SOH = 1,
    FIX_SOH_BLOCK = 64, /* bytes looked at together */
};

/* A word with the same in each byte. */
#define FIX_EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* On any machine, a word at a time. */
static inline uint64_t fix_soh_by_words(const char *block)
{
    uint64_t ends = 0;
    for (unsigned i = 0; i < FIX_SOH_BLOCK; i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, block + i, sizeof word);
        word = le64toh(word) ^ FIX_EACH_BYTE(FIX_SOH); /* a SOH is now 0 */
        uint64_t others = ((word & FIX_EACH_BYTE(0x7F)) + FIX_EACH_BYTE(0x7F)) | word;
        uint64_t each = ~others >> 7 & FIX_EACH_BYTE(1);
        /* Moves the lowest bits of the eight bytes next to each other. */
        ends |= each * UINT64_C(0x0102040810204080) >> 56 << i;
    }
    return ends;
}

#if defined(__SSE2__)
static inline uint64_t fix_soh_of_vector(const char *at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(FIX_SOH)));
}

/* Where there are vectors of 16 bytes. */
static inline uint64_t fix_soh_by_vectors(const char *block)
{
    return fix_soh_of_vector(block) | fix_soh_of_vector(block + 16) << 16 |
           fix_soh_of_vector(block + 32) << 32 | fix_soh_of_vector(block + 48) << 48;
}
#endif

static inline uint64_t fix_soh_of_block(const char *block)
{
#if defined(__SSE2__)
    return fix_soh_by_vectors(block);
#else
    return fix_soh_by_words(block);
#endif
}

/* Of the bytes from first on, as far as a block goes; nothing outside bytes is
   read. */
static inline uint64_t fix_soh_ends(struct slice bytes, size_t first)
{
    size_t left = bytes.size - first;
    if (left >= FIX_SOH_BLOCK)
        return fix_soh_of_block(bytes.at + first);
    if (bytes.size >= FIX_SOH_BLOCK)
        return fix_soh_of_block(bytes.at + bytes.size - FIX_SOH_BLOCK) >> 1 >>
               (FIX_SOH_BLOCK - 1 - left);
    char last[FIX_SOH_BLOCK] = { 0 };
    memcpy(last, bytes.at + first, left);
    return fix_soh_of_block(last);
}

#endif
