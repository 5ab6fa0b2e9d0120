/* The functions of expressions: the table is functions.def. */
#ifndef PENSTOCK_ROUTING_EXPRESSION_FUNCTION_H
#define PENSTOCK_ROUTING_EXPRESSION_FUNCTION_H

#include "routing/expression/node.h"

enum {
    FUNCTION_ARGUMENTS_MAX = 2,
};

enum function_result {
    FUNCTION_FIXED,
    FUNCTION_CUT,
    FUNCTION_PARTS,
    FUNCTION_LONGEST,
    FUNCTION_SUM,
    FUNCTION_SAME,
    FUNCTION_ONE,
};

/* One call while it is evaluated: all arguments are present. */
struct call {
    const struct expression *node;
    const struct value *arguments;
    const struct surroundings *surroundings;
    struct error *error;
};

/* false: *call->error says what was refused. */
typedef bool function_call(const struct call *call, struct value *result);

struct function {
    const char *name;
    const char *arguments;
    enum function_result result;
    enum shape_kind kind;
    size_t length_max;
    bool may_be_absent;
    function_call *call;
};

#define FUNCTION(name, arguments, result, kind, length_max, presence, what)                        \
    function_call function_##name;
#include "routing/expression/functions.def"
#undef FUNCTION

/* NULL: *error suggests one. */
const struct function *function_find(struct slice name, struct place place, struct error *error);

/* The texts that a function takes out of a constant argument: the words of
   one_of, the values of lookup's table.  words: those of a slice, by blanks. */
bool function_next_word(struct slice *rest, struct slice *word);

#endif
