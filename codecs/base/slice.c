/* Comparing slices and reading numbers from them. */
#include "codecs/base/slice.h"

int slice_compare(struct slice one, struct slice other)
{
    size_t shared = one.size < other.size ? one.size : other.size;
    int order = shared == 0 ? 0 : memcmp(one.at, other.at, shared);
    if (order != 0)
        return order;
    return (one.size > other.size) - (one.size < other.size);
}

bool slice_to_u64(struct slice slice, uint64_t most, uint64_t *number)
{
    uint64_t sum = 0;
    if (slice.size == 0)
        return false;
    for (size_t i = 0; i < slice.size; i++) {
        unsigned digit = (unsigned char)slice.at[i] - (unsigned)'0';
        if (digit > 9 || digit > most || sum > (most - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *number = sum;
    return true;
}
