/* What all unit tests include: cmocka, slices in assertions, guarded bytes. */
#ifndef PENSTOCK_TESTS_KIT_KIT_H
#define PENSTOCK_TESTS_KIT_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "codecs/base/arena.h"
#include "codecs/base/error.h"
#include "codecs/base/slice.h"
#include "codecs/base/writer.h"

/* Fails with both texts when they differ. */
#define assert_slice_equal(actual, expected)                                                       \
    kit_assert_slice((actual), slice_of(expected), __FILE__, __LINE__)
void kit_assert_slice(struct slice actual, struct slice expected, const char *file, int line);

/* A copy whose last byte is followed by an unreadable page: reading over the
   end crashes.  Good until the next call. */
struct slice guarded(struct slice bytes);

/* The whole file; fails the test when it can't be read.  Freed with kit_free_file(). */
struct slice kit_read_file(const char *path);
void kit_free_file(struct slice bytes);

/* The folder of reference data beside the repository; NULL, with a note that
   names the test, when it is not at hand: the test then calls skip(). */
const char *kit_shared(const char *test);

/* Random numbers that a seed repeats (xorshift). */
struct kit_random {
    uint64_t state;
};
uint64_t kit_random_next(struct kit_random *random);
uint64_t kit_random_below(struct kit_random *random, uint64_t bound);

#endif
