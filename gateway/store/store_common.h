/* What all stores have in common. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_COMMON_H
#define PENSTOCK_GATEWAY_STORE_STORE_COMMON_H

#include "gateway/store/store.h"

/* Instructions in these states are loaded at start. */
bool store_state_is_open(enum instruction_state state);

/* The highest number that the batch gives to an instruction or inbox row, or
   says to be given. */
uint64_t store_highest_number(const struct batch *batch);

#endif
