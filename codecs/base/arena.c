/* Chunks of memory that are given back together. */
#include "codecs/base/arena.h"

#include "codecs/base/error.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CHUNK_SIZE_MIN = 4096,
    CHUNK_SIZE_MAX = 1 << 20,
};

struct arena_chunk {
    struct arena_chunk *older;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};

void *memory_take(size_t size)
{
    return memory_grow(NULL, size);
}

void *memory_grow(void *memory, size_t size)
{
    void *grown = realloc(memory, size == 0 ? 1 : size);
    if (grown == NULL) {
        fputs("penstock: out of memory; all that was acknowledged is durable, start again\n",
              stderr);
        abort();
    }
    return grown;
}

void *memory_room(void *array, size_t count, size_t *room, size_t element_size)
{
    if (count < *room)
        return array;
    *room = *room == 0 ? 8 : *room * 2;
    return memory_grow(array, *room * element_size);
}

void arena_init(struct arena *arena, size_t limit)
{
    *arena = (struct arena){ .limit = limit };
}

static void free_chunks(struct arena_chunk *chunk)
{
    while (chunk != NULL) {
        struct arena_chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
}

void arena_fini(struct arena *arena)
{
    free_chunks(arena->newest);
    arena_init(arena, arena->limit);
}

void arena_reset(struct arena *arena)
{
    struct arena_chunk *first = arena->newest;
    while (first != NULL && first->older != NULL) {
        struct arena_chunk *older = first->older;
        free(first);
        first = older;
    }
    if (first != NULL)
        first->used = 0;
    arena->newest = first;
    arena->used = 0;
    arena->overrun = false;
}

static APART struct arena_chunk *add_chunk(struct arena *arena, size_t size)
{
    size_t room = arena->newest == NULL ? CHUNK_SIZE_MIN : arena->newest->size * 2;
    if (room > CHUNK_SIZE_MAX)
        room = CHUNK_SIZE_MAX;
    if (room < size)
        room = size;
    struct arena_chunk *chunk = memory_take(sizeof *chunk + room);
    chunk->older = arena->newest;
    chunk->size = room;
    chunk->used = 0;
    arena->newest = chunk;
    return chunk;
}

/* As arena_take(), but the bytes are as they were. */
static inline void *take_room(struct arena *arena, size_t size)
{
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (rounded < size || (arena->limit != 0 && rounded > arena->limit - arena->used))
        arena->overrun = true;
    if (arena->overrun)
        return NULL;
    struct arena_chunk *chunk = arena->newest;
    if (chunk == NULL || chunk->size - chunk->used < rounded)
        chunk = add_chunk(arena, rounded);
    void *taken = chunk->bytes + chunk->used;
    chunk->used += rounded;
    arena->used += rounded;
    return taken;
}

void *arena_take(struct arena *arena, size_t size)
{
    void *taken = take_room(arena, size);
    return taken == NULL ? NULL : memset(taken, 0, size);
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        arena->overrun = true;
        return NULL;
    }
    return arena_take(arena, count * size);
}

struct slice arena_copy(struct arena *arena, struct slice slice)
{
    if (slice.at == NULL)
        return SLICE_NONE;
    char *copy = take_room(arena, slice.size + 1);
    if (copy == NULL)
        return SLICE_NONE;
    memcpy(copy, slice.at, slice.size);
    copy[slice.size] = '\0';
    return (struct slice){ copy, slice.size };
}

struct slice arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = size < 0 ? NULL : arena_take(arena, (size_t)size + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return (struct slice){ text, text == NULL ? 0 : (size_t)size };
}
