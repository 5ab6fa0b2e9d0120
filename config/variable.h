/* ${NAME} and ${NAME:-default} in values, from the environment. */
#ifndef PENSTOCK_CONFIG_VARIABLE_H
#define PENSTOCK_CONFIG_VARIABLE_H

#include "config/yaml.h"

/* Replaces what *text names; as in a shell the default is taken when the
   variable is empty or not set.  What comes in is not expanded again.
   false: the errors say why. */
bool variable_expand(struct slice *text, struct place place, const struct yaml_reading *reading);

#endif
