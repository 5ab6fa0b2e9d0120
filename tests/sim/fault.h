/* What can go wrong, as a table (faults.def).  Each world draws how often from
   the ranges there, so that some worlds are calm and some are wild; each fault
   has a sequence of random numbers of its own, so that one that is switched off
   does not change when the others strike. */
#ifndef PENSTOCK_TESTS_SIM_FAULT_H
#define PENSTOCK_TESTS_SIM_FAULT_H

#include "codecs/base/slice.h"

struct world;

enum fault {
#define FAULT(identifier, name, least, most, text) FAULT_##identifier,
#include "faults.def"
#undef FAULT
    FAULT_COUNT
};

struct fault_kind {
    const char *name;
    unsigned least, most; /* in FAULT_CHANCES */
    const char *text;
};

#define FAULT_CHANCES 100000

extern const struct fault_kind fault_kinds[FAULT_COUNT];

/* Which faults may strike at all. */
struct fault_choice {
    bool off[FAULT_COUNT];
};

/* names: separated by commas, or "none"; false: one of them is no fault. */
bool fault_choice_without(struct fault_choice *choice, const char *names);
bool fault_choice_only(struct fault_choice *choice, const char *names);

/* How often each strikes in one world. */
struct fault_rate {
    uint64_t random;
    unsigned rate;
    unsigned long long struck;
};

struct faults {
    bool on; /* off: the world has calmed down */
    struct fault_rate at[FAULT_COUNT];
};

void faults_draw(struct faults *faults, uint64_t seed, const struct fault_choice *choice);
/* Does it happen now? */
bool fault_strikes(struct world *world, enum fault fault);
/* For how long, how much: below must not be 0. */
uint64_t fault_random(struct world *world, enum fault fault, uint64_t below);

/* The next number of a sequence. */
uint64_t random_next(uint64_t *random, uint64_t below);
uint64_t random_start(uint64_t seed, uint64_t sequence);

#endif
