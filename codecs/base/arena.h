/* Memory with one life: take as often as you like, give all back at once.

   An arena grows by chunks up to its limit.  Running over the limit is sticky:
   arena_take() returns NULL from then on, the helpers pass that through, and
   arena_ok() tells it once at the end.  An arena without a limit never runs
   over: when the system has no memory left the process ends, which is safe
   because everything that was acknowledged is durable. */
#ifndef PENSTOCK_CODECS_BASE_ARENA_H
#define PENSTOCK_CODECS_BASE_ARENA_H

#include "codecs/base/slice.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *newest;
    size_t used;  /* bytes taken since init or reset */
    size_t limit; /* 0: none */
    bool overrun;
};

#define ARENA_UNLIMITED 0

void arena_init(struct arena *arena, size_t limit);
void arena_fini(struct arena *arena);

/* Forgets everything taken; keeps the first chunk for the next message. */
void arena_reset(struct arena *arena);

/* size bytes set to zero and aligned for any type; good until reset or fini. */
void *arena_take(struct arena *arena, size_t size);
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* A copy that is also terminated by a NUL behind its end.  Absent stays absent. */
struct slice arena_copy(struct arena *arena, struct slice slice);

/* As printf. */
struct slice arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline bool arena_ok(const struct arena *arena)
{
    return !arena->overrun;
}

/* malloc and realloc that end the process when there is no memory (see above). */
void *memory_take(size_t size);
void *memory_grow(void *memory, size_t size);

/* Makes room in a growing array for one more element behind count: doubles
 *room (0 at first) and moves the array when needed.  Returns the array. */
void *memory_room(void *array, size_t count, size_t *room, size_t element_size);

#endif
