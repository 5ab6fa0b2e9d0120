/* Looks for the smallest plan that still fails. */
#ifndef PENSTOCK_TESTS_SIM_SHRINK_H
#define PENSTOCK_TESTS_SIM_SHRINK_H

#include "plan.h"

/* false: the plan does not fail.  Else it is the smallest one found: fewer
   faults, an earlier end, fewer instructions; and words are how that one fails. */
bool shrink(struct plan *plan, char *words, size_t size);

#endif
