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

/* More digits than surely fit. */
static bool long_number(struct slice slice, uint64_t most, uint64_t *number)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < slice.size; i++) {
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

bool slice_to_u64(struct slice slice, uint64_t most, uint64_t *number)
{
    uint64_t sum = 0;
    if (slice.size > SHORT_DIGITS)
        return long_number(slice, most, number);
    for (size_t i = 0; i < slice.size; i++) {
        unsigned digit = (unsigned char)slice.at[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        sum = sum * 10 + digit;
    }
    if (slice.size == 0 || sum > most)
        return false;
    *number = sum;
    return true;
}
