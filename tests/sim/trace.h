/* What goes into the engine and what comes out, a line each. */
#ifndef PENSTOCK_TESTS_SIM_TRACE_H
#define PENSTOCK_TESTS_SIM_TRACE_H

#include "world.h"

void trace_input(const struct world *world, const struct input *input);
void trace_effect(const struct world *world, const struct effect *effect);

#endif
