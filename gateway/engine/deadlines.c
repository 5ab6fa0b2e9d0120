/* A binary heap of deadlines; each knows its place, so that it can be moved. */
#include "gateway/engine/deadlines.h"

#include "codecs/base/arena.h"

#include <assert.h>
#include <stdlib.h>

void deadlines_fini(struct deadlines *deadlines)
{
    free(deadlines->heap);
    *deadlines = (struct deadlines){ 0 };
}

static void put(struct deadlines *deadlines, size_t place, struct deadline *deadline)
{
    deadlines->heap[place - 1] = deadline;
    deadline->place = place;
}

static struct deadline *at(const struct deadlines *deadlines, size_t place)
{
    return deadlines->heap[place - 1];
}

static void rise(struct deadlines *deadlines, struct deadline *deadline)
{
    size_t place = deadline->place;

    while (place > 1 && at(deadlines, place / 2)->at_ns > deadline->at_ns) {
        put(deadlines, place, at(deadlines, place / 2));
        place /= 2;
    }
    put(deadlines, place, deadline);
}

static void sink(struct deadlines *deadlines, struct deadline *deadline)
{
    size_t place = deadline->place;

    for (;;) {
        size_t child = place * 2;
        if (child > deadlines->count)
            break;
        if (child < deadlines->count &&
            at(deadlines, child + 1)->at_ns < at(deadlines, child)->at_ns)
            child++;
        if (at(deadlines, child)->at_ns >= deadline->at_ns)
            break;
        put(deadlines, place, at(deadlines, child));
        place = child;
    }
    put(deadlines, place, deadline);
}

void deadlines_clear(struct deadlines *deadlines, struct deadline *deadline)
{
    if (deadline->place == 0)
        return;
    struct deadline *last = at(deadlines, deadlines->count);
    size_t place = deadline->place;

    deadlines->count--;
    deadline->place = 0;
    if (last == deadline)
        return;
    put(deadlines, place, last);
    rise(deadlines, last);
    sink(deadlines, last);
}

void deadlines_set(struct deadlines *deadlines, struct deadline *deadline, int64_t at_ns)
{
    if (at_ns == DEADLINE_NEVER) {
        deadlines_clear(deadlines, deadline);
        return;
    }
    deadline->at_ns = at_ns;
    if (deadline->place == 0) {
        deadlines->heap = memory_room(deadlines->heap, deadlines->count, &deadlines->room,
                                      sizeof(struct deadline *));
        deadlines->count++;
        put(deadlines, deadlines->count, deadline);
    }
    rise(deadlines, deadline);
    sink(deadlines, deadline);
}

int64_t deadlines_first_ns(const struct deadlines *deadlines)
{
    return deadlines->count == 0 ? DEADLINE_NEVER : at(deadlines, 1)->at_ns;
}

struct deadline *deadlines_due(struct deadlines *deadlines, int64_t now_ns)
{
    if (deadlines_first_ns(deadlines) > now_ns)
        return NULL;
    struct deadline *deadline = at(deadlines, 1);

    assert(deadline->place == 1);
    deadlines_clear(deadlines, deadline);
    return deadline;
}
