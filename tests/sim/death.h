/* When production code ends the process (an assertion, a sanitizer, a signal),
   the line that makes it happen again is told as for any other failure. */
#ifndef PENSTOCK_TESTS_SIM_DEATH_H
#define PENSTOCK_TESTS_SIM_DEATH_H

struct world;

void death_tell(void);
/* Which world it is that lives now. */
void death_watch(const struct world *world);

#endif
