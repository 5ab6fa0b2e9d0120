/* A message as a map writes it: the paths of its body's fields and their values. */
#ifndef PENSTOCK_TESTS_KIT_FIX_PATHS_H
#define PENSTOCK_TESTS_KIT_FIX_PATHS_H

#include "codecs/fix/message.h"

/* Lives in the arena; values are lent from the message. */
struct fix_paths {
    struct arena *arena;
    struct slice *paths;
    struct record record;
    size_t count;
};

/* The message is valid: counts and lengths, which no map writes, are left out. */
struct fix_paths fix_paths_of(const struct fix_message *message, struct arena *arena);

/* What writes such messages; fails the test when there can't be one.  The shape's
   operations free it. */
struct shape_composer *fix_paths_composer(const struct fix_paths *paths, const struct shape *shape);

#endif
