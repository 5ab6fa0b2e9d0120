/* Texts that a long-lived thing owns, each with a life of its own. */
#ifndef PENSTOCK_ROUTING_CUSTODY_OWNED_H
#define PENSTOCK_ROUTING_CUSTODY_OWNED_H

#include "codecs/base/arena.h"

#include <stdlib.h>

/* A copy, terminated by a NUL behind its end; absent stays absent. */
static inline struct slice owned_copy(struct slice text)
{
    if (text.at == NULL)
        return SLICE_NONE;
    char *copy = memory_take(text.size + 1);
    if (text.size != 0)
        memcpy(copy, text.at, text.size);
    copy[text.size] = '\0';
    return (struct slice){ copy, text.size };
}

static inline void owned_free(struct slice text)
{
    free((char *)text.at);
}

#endif
