/* Bugs made on purpose, by functions that the linker puts before those of
   production: the objects of production are the ones that everybody links. */
#ifndef PENSTOCK_TESTS_SIM_BUGS_H
#define PENSTOCK_TESTS_SIM_BUGS_H

#include <stdbool.h>

enum bug {
    BUG_NONE,
#define BUG(identifier, broken, promise, seen) BUG_##identifier,
#include "sim/bugs/bugs.def"
#undef BUG
    BUG_COUNT
};

/* From now on this bug is there, and no other. */
void bug_choose(enum bug bug);
bool bug_is(enum bug bug);

#endif
