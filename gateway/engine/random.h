/* Randomness without a source of its own: SHA-256 over a seed and a counter, so
   that the same seed gives the same UETRs. */
#ifndef PENSTOCK_GATEWAY_ENGINE_RANDOM_H
#define PENSTOCK_GATEWAY_ENGINE_RANDOM_H

#include <stdint.h>

struct random {
    unsigned char seed[32];
    uint64_t counter;
};

void random_init(struct random *random, const unsigned char seed[32]);

#define UETR_SIZE 36

/* A UUID of version 4 in lower case, terminated by a NUL. */
void random_uetr(struct random *random, char uetr[UETR_SIZE + 1]);

#endif
