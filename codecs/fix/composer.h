/* What a map writes of a message, as a tree in the order of the dictionary.
   Internal: composer.c builds and proves it, compose_body.c writes by it. */
#ifndef PENSTOCK_CODECS_FIX_COMPOSER_H
#define PENSTOCK_CODECS_FIX_COMPOSER_H

#include "codecs/fix/shape_operations.h"

/* A field, or one instance of a group. */
struct composer_node {
    const struct composer_node *parent;
    const struct fix_member *member; /* the field, or the count of the group */
    size_t index;                    /* of the instance */
    struct composer_node *children;  /* of an instance: its first is the group's first field */
    struct composer_node *next;      /* beside it, in order of member and index */
    size_t slot;                     /* of a field */
    bool sure;                       /* present in every message that has the parent */
    struct place place;              /* of the first path that leads here */
};

struct shape_composer {
    struct arena arena;
    const struct fix_message_type *type;
    struct composer_node root; /* its children are those of the body */
};

/* "NoPartyIDs[0].PartyID", as a map writes it. */
void fix_composer_node_write_path(const struct composer_node *node, struct writer *writer);

#endif
