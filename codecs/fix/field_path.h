/* Paths of maps, as codecs/shape.h describes them, resolved against a message. */
#ifndef PENSTOCK_CODECS_FIX_FIELD_PATH_H
#define PENSTOCK_CODECS_FIX_FIELD_PATH_H

#include "codecs/fix/dictionary_tables.h"

#define FIX_PATH_DEPTH_MAX 16

/* One instance of a group. */
struct fix_path_step {
    size_t row; /* of the group's count in the members around it */
    const struct fix_members *group;
    const struct fix_field_type *selector; /* NULL: the instance with this index */
    struct slice selected;                 /* the selector's value */
    size_t index;
};

struct fix_path {
    struct fix_path_step steps[FIX_PATH_DEPTH_MAX];
    size_t depth;
    const struct fix_members *members; /* those of the last step, or of the message */
    size_t row;                        /* of the field in members */
    bool in_header;
};

bool fix_path_resolve(const struct fix_message_shape *shape, struct slice text, struct place place,
                      struct fix_path *path, struct error *error);

#endif
