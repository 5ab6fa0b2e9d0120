/* Bloom filters over the keys of ranges of numbers: "no" is sure, "maybe" must
   be asked of the store.

   Each filter covers the numbers first..last, and every key of an instruction
   or inbox row with such a number is in it, whenever the key came: one that
   comes late, because the order of a held instruction is written late, is put
   into the filter of its number.  Filters are added in the order of their
   numbers, and each begins behind the one before.

   Filters of one size lie beside each other, bit by bit, so that one look at a
   byte asks eight of them.  What the store keeps of a filter depends on the
   digests of index.h and on the two numbers below: whoever changes one of them
   removes the stored filters in a migration, and they are made again. */
#ifndef PENSTOCK_GATEWAY_ENGINE_FILTER_H
#define PENSTOCK_GATEWAY_ENGINE_FILTER_H

#include "codecs/base/slice.h"

#define FILTER_BITS_PER_KEY 24
#define FILTER_PROBES       17 /* bits of each key; a wrong maybe in 100,000, in each filter */
#define FILTER_LANES        8

struct filter {
    uint64_t first, last;
};

/* Filters with the same number of bits. */
struct filter_group {
    struct filter filters[FILTER_LANES];
    unsigned count;
    size_t size;          /* of one filter's bits, in bytes */
    unsigned char *lanes; /* bit n of byte i: bit i of filter n */
};

struct filters {
    struct filter_group *groups;
    size_t count, room;
};

void filters_fini(struct filters *filters);

/* An empty one, for about so many keys. */
void filters_add(struct filters *filters, uint64_t first, uint64_t last, size_t key_count);
/* One whose bits were stored; bits are eight or more bytes. */
void filters_load(struct filters *filters, uint64_t first, uint64_t last, struct slice bits);

/* A filter must cover the number. */
void filters_put(struct filters *filters, uint64_t number, uint64_t digest);

/* false: no filter of numbers above this one has it; else *where is the range in
   which it may be. */
bool filters_find(const struct filters *filters, uint64_t digest, uint64_t above,
                  struct filter *where);

/* The filter that covers the number: its range and, in memory that the caller
   frees, its bits. */
struct filter filters_bits(const struct filters *filters, uint64_t number, struct slice *bits);

#endif
