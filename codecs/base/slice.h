/* Bytes that somebody else owns.

   A slice is passed by value and never freed; the function that returns one
   says how long it stays good.  A slice whose `at` is NULL means "absent";
   an empty slice that is present points somewhere and has size 0. */
#ifndef PENSTOCK_CODECS_BASE_SLICE_H
#define PENSTOCK_CODECS_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *at;
    size_t size;
};

#define SLICE(literal)   ((struct slice){ (literal), sizeof(literal) - 1 })
#define SLICE_NONE       ((struct slice){ NULL, 0 })
#define SLICE_ARG(slice) (int)(slice).size, (slice).at == NULL ? "" : (slice).at /* for "%.*s" */

/* text may be NULL: absent. */
static inline struct slice slice_of(const char *text)
{
    return (struct slice){ text, text == NULL ? 0 : strlen(text) };
}

static inline bool slice_equal(struct slice one, struct slice other)
{
    return one.size == other.size && (one.size == 0 || memcmp(one.at, other.at, one.size) == 0);
}

static inline bool slice_is(struct slice slice, const char *text)
{
    return slice_equal(slice, slice_of(text));
}

static inline bool slice_starts(struct slice slice, struct slice prefix)
{
    return slice.size >= prefix.size &&
           (prefix.size == 0 || memcmp(slice.at, prefix.at, prefix.size) == 0);
}

/* The part of slice behind its first count bytes; count is at most its size. */
static inline struct slice slice_after(struct slice slice, size_t count)
{
    return (struct slice){ slice.at + count, slice.size - count };
}

/* Moves behind the first byte of *slice when it is this one. */
static inline bool slice_take_char(struct slice *slice, char byte)
{
    if (slice->size == 0 || slice->at[0] != byte)
        return false;
    *slice = slice_after(*slice, 1);
    return true;
}

/* Copies slice and returns the place behind it.  What is short, as most values are,
   is there sooner than memcpy() is called. */
static inline char *slice_put(struct slice slice, char *to)
{
    size_t size = slice.size;
    if (size < 4) {
        if (size > 1) {
            memcpy(to, slice.at, 2);
            memcpy(to + size - 2, slice.at + size - 2, 2);
        } else if (size == 1) {
            *to = *slice.at;
        }
    } else if (size < 8) {
        memcpy(to, slice.at, 4);
        memcpy(to + size - 4, slice.at + size - 4, 4);
    } else if (size < 16) {
        memcpy(to, slice.at, 8);
        memcpy(to + size - 8, slice.at + size - 8, 8);
    } else {
        for (size_t i = 0; i < size - 16; i += 16)
            memcpy(to + i, slice.at + i, 16);
        memcpy(to + size - 16, slice.at + size - 16, 16);
    }
    return to + size;
}

/* Orders like strcmp. */
int slice_compare(struct slice one, struct slice other);

/* A decimal number without sign; false: not one, or above most. */
bool slice_to_u64(struct slice slice, uint64_t most, uint64_t *number);

#endif
