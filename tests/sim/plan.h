/* What a run is asked to do.  The same plan makes the same world. */
#ifndef PENSTOCK_TESTS_SIM_PLAN_H
#define PENSTOCK_TESTS_SIM_PLAN_H

#include "fault.h"

#include <stdio.h>

#define PLAN_INSTRUCTIONS 200

struct plan {
    uint64_t seed;
    unsigned instructions; /* how many the brokers and banks ask for */
    unsigned until;        /* faults end with this step at the latest */
    struct fault_choice faults;
    bool trace;
};

struct plan plan_default(void);
/* An option of the command line with its value; false: it is none of these, or
   the value is wrong. */
bool plan_take(struct plan *plan, const char *option, const char *value);
/* The command that makes it again, without the end of the line. */
void plan_write(const struct plan *plan, FILE *file);

#endif
