/* The table of functions. */
#include "routing/expression/function.h"

enum function_presence {
    ALWAYS,
    MAYBE,
};

static const struct function functions[] = {
#define FUNCTION(name, arguments, result, kind, length_max, presence, what)                        \
    { #name,      arguments,           FUNCTION_##result, SHAPE_##kind,                            \
      length_max, (presence) == MAYBE, function_##name },
#include "routing/expression/functions.def"
#undef FUNCTION
};

static const char *const names[] = {
#define FUNCTION(name, arguments, result, kind, length_max, presence, what) #name,
#include "routing/expression/functions.def"
#undef FUNCTION
};

enum {
    FUNCTION_COUNT = sizeof functions / sizeof functions[0],
};

const struct function *function_find(struct slice name, struct place place, struct error *error)
{
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        if (slice_is(name, names[i]))
            return &functions[i];
    }
    error_at(error, &expression_unknown, place, "there is no function %.*s()%s", SLICE_ARG(name),
             error_suggestion(name, names, FUNCTION_COUNT));
    return NULL;
}

bool function_next_word(struct slice *rest, struct slice *word)
{
    while (rest->size > 0 && rest->at[0] == ' ')
        *rest = slice_after(*rest, 1);
    const char *end = rest->size == 0 ? NULL : memchr(rest->at, ' ', rest->size);
    word->at = rest->at;
    word->size = end == NULL ? rest->size : (size_t)(end - rest->at);
    *rest = slice_after(*rest, word->size);
    return word->size > 0;
}
