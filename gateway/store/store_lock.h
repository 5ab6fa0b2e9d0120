/* A lock file beside the store: one process owns the store at a time. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_LOCK_H
#define PENSTOCK_GATEWAY_STORE_STORE_LOCK_H

#include "codecs/base/error.h"

/* Takes path.lock; closing *lock, or the process's end in any way, gives it
   back.  false: another process has it (store_locked, with its number), or the
   file cannot be made. */
bool store_lock_take(const char *path, int *lock, struct error *error);

/* The name of the store that was last opened under this lock, so that a store
   that has gone is not taken for one that never was.  "": none is known. */
struct store_name {
    char text[16];
};

struct store_name store_lock_name(int lock);
/* Without it the lock locks as well. */
void store_lock_set_name(int lock, struct slice name);

#endif
