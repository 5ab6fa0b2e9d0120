/* Comparing slices and reading numbers from them. */
#include "codecs/base/slice.h"

enum {
    SHORT_DIGITS = 19, /* 10^19 - 1 fits 64 bits */
};

int slice_compare(struct slice one, struct slice other)
{
    size_t shared = one.size < other.size ? one.size : other.size;
    int order = shared == 0 ? 0 : memcmp(one.at, other.at, shared);
    if (order != 0)
        return order;
    return (one.size > other.size) - (one.size < other.size);
}

/* Digits that can't overflow 64 bits. */
static bool short_number(struct slice slice, uint64_t *number)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < slice.size; i++) {
        unsigned digit = (unsigned char)slice.at[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        sum = sum * 10 + digit;
    }
    *number = sum;
    return true;
}

bool slice_to_u64(struct slice slice, uint64_t most, uint64_t *number)
{
    uint64_t sum;
    size_t short_size = slice.size < SHORT_DIGITS ? slice.size : SHORT_DIGITS;
    if (slice.size == 0 || !short_number((struct slice){ slice.at, short_size }, &sum))
        return false;
    for (size_t i = short_size; i < slice.size; i++) {
        unsigned digit = (unsigned char)slice.at[i] - (unsigned)'0';
        if (digit > 9 || sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    if (sum > most)
        return false;
    *number = sum;
    return true;
}
