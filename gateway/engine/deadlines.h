/* What is to happen at a time: a heap of deadlines that live inside what they
   are deadlines of, so that a tick costs what is due and no more. */
#ifndef PENSTOCK_GATEWAY_ENGINE_DEADLINES_H
#define PENSTOCK_GATEWAY_ENGINE_DEADLINES_H

#include <stddef.h>
#include <stdint.h>

enum deadline_kind {
    DEADLINE_WIRE,        /* a connection without a Logon */
    DEADLINE_SESSION,     /* the session machine wants a tick */
    DEADLINE_SCHEDULE,    /* a period of the session may begin or end */
    DEADLINE_DIAL,        /* connect to the broker */
    DEADLINE_INSTRUCTION, /* no final answer yet */
    DEADLINE_DOCUMENT,    /* offer it again */
    DEADLINE_STORE,       /* try to commit again */
    DEADLINE_READS,       /* try to read again */
    DEADLINE_ARCHIVE,     /* move the next old rows */
};

#define DEADLINE_NEVER INT64_MAX

/* Zero is a deadline that is not set. */
struct deadline {
    int64_t at_ns;
    size_t place; /* in the heap, counted from 1; 0: not set */
    enum deadline_kind kind;
    void *owner;
};

struct deadlines {
    struct deadline **heap;
    size_t count, room;
};

void deadlines_fini(struct deadlines *deadlines); /* the deadlines belong to their owners */

/* Sets or moves the deadline; DEADLINE_NEVER takes it out. */
void deadlines_set(struct deadlines *deadlines, struct deadline *deadline, int64_t at_ns);
void deadlines_clear(struct deadlines *deadlines, struct deadline *deadline);

/* The earliest, DEADLINE_NEVER: none is set. */
int64_t deadlines_first_ns(const struct deadlines *deadlines);

/* Takes out the earliest that is due; NULL: none is. */
struct deadline *deadlines_due(struct deadlines *deadlines, int64_t now_ns);

#endif
