/* Proves what a store must hold (checks.def), on one that is in use or on a copy.

   It reads one state between two commits, while whoever owns the store goes on
   writing: the log of the store grows meanwhile, and is used again afterwards. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_VERIFY_H
#define PENSTOCK_GATEWAY_STORE_STORE_VERIFY_H

#include "codecs/base/error.h"
#include "codecs/base/slice.h"

enum {
    STORE_VERIFY_SHOWN = 10,    /* rows that are named */
    STORE_VERIFY_COUNTED = 1000 /* rows that are counted; there may be more */
};

struct store_check {
    const char *name, *sentence;
    size_t broken;      /* rows that break it; 0: it holds */
    struct slice shown; /* the first of them, with commas between */
};

typedef void store_check_taker(void *owner, const struct store_check *check);

/* Tells each check, in order, and how many do not hold.  archive: the file with
   all that was ever archived, and both are proved together as if nothing had
   been; NULL: the live store proves itself.  false: *error says why it cannot be
   read. */
bool store_verify(const char *path, const char *archive, store_check_taker *take, void *owner,
                  size_t *broken, struct error *error);

#endif
