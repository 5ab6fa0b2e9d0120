/* Sums bytes eight at a time. */
#include "codecs/fix/checksum.h"

enum {
    MODULUS = 256,
    WORD_SIZE = sizeof(uint64_t),
    LANE_BITS = 16,
    WORDS_AT_ONCE = 128, /* each adds two bytes to a lane: 128 * 2 * 255 fits it */
};

#define ONE_BYTE_OF_A_LANE UINT64_C(0x00FF00FF00FF00FF)
#define ONE_IN_EACH_LANE   UINT64_C(0x0001000100010001)

/* The sum of count words, in four lanes that a multiplication adds up. */
static unsigned sum_words(const char *at, size_t count)
{
    uint64_t word, lanes = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(&word, at + i * WORD_SIZE, WORD_SIZE);
        lanes += (word & ONE_BYTE_OF_A_LANE) + (word >> 8 & ONE_BYTE_OF_A_LANE);
    }
    return (unsigned)(lanes * ONE_IN_EACH_LANE >> (64 - LANE_BITS));
}

unsigned fix_checksum(struct slice bytes)
{
    unsigned sum = 0;
    while (bytes.size >= WORD_SIZE) {
        size_t words = bytes.size / WORD_SIZE;
        if (words > WORDS_AT_ONCE)
            words = WORDS_AT_ONCE;
        sum += sum_words(bytes.at, words);
        bytes = slice_after(bytes, words * WORD_SIZE);
    }
    for (size_t i = 0; i < bytes.size; i++)
        sum += (unsigned char)bytes.at[i];
    return sum % MODULUS;
}
