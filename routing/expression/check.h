/* Between the parts of the check. */
#ifndef PENSTOCK_ROUTING_EXPRESSION_CHECK_H
#define PENSTOCK_ROUTING_EXPRESSION_CHECK_H

#include "routing/expression/node.h"

struct check {
    struct scope *scope;
    struct error *error;
};

/* Types a node and all below it; false: *check->error says why. */
bool check_node(const struct check *check, struct expression *node);
/* check_call.c */
bool check_call(const struct check *check, struct expression *call);

/* A bare word becomes a constant; false: it looks like a path. */
bool check_word(const struct check *check, struct expression *word);
/* Type of a constant that stands alone. */
bool check_constant(const struct check *check, struct expression *constant);

/* The larger of two lengths, where 0 is without limit. */
size_t check_longer(size_t one, size_t other);

#endif
