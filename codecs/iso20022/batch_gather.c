/* Copies what was read in the open scopes into the records of a batch. */
#include "codecs/iso20022/batch_gather.h"

#include <assert.h>
#include <stdlib.h>

void iso_gather_init(struct iso_gather *gather, const struct shape_reader *reader, uint64_t first,
                     size_t count_max, size_t memory_max)
{
    assert(count_max > 0);
    *gather = (struct iso_gather){
        .first = first,
        .count_max = count_max,
        .size_max = memory_max == 0 ? SIZE_MAX : memory_max / 2,
        .scopes = memory_take(reader->scope_count * sizeof *gather->scopes),
        .scope_count = reader->scope_count,
        .copies = memory_take(reader->slot_count * sizeof *gather->copies),
        .copied = memory_take(reader->slot_count * sizeof *gather->copied),
    };
    for (size_t i = 0; i < gather->scope_count; i++)
        arena_init(&gather->scopes[i].arena, memory_max);
    arena_init(&gather->arena, memory_max);
}

void iso_gather_fini(struct iso_gather *gather)
{
    for (size_t i = 0; i < gather->scope_count; i++)
        arena_fini(&gather->scopes[i].arena);
    arena_fini(&gather->arena);
    free(gather->scopes);
    free(gather->copies);
    free(gather->copied);
    free(gather->records);
}

static void forget(struct iso_gather *gather, const struct iso_reader_node *scope)
{
    for (const struct iso_reader_slot *slot = scope->scope_slots; slot != NULL; slot = slot->next)
        gather->copied[slot->slot] = false;
}

void iso_gather_reset(struct iso_gather *gather)
{
    arena_reset(&gather->arena);
    gather->count = 0;
    for (size_t i = 0; i < gather->depth; i++)
        forget(gather, gather->scopes[i].node);
}

/* Half of the memory is left for one record more. */
bool iso_gather_full(const struct iso_gather *gather)
{
    return gather->count == gather->count_max || gather->arena.used >= gather->size_max;
}

void iso_gather_open(struct iso_gather *gather, struct iso_fill *fill,
                     const struct iso_reader_node *node)
{
    assert(gather->depth < gather->scope_count);
    struct iso_gather_scope *scope = &gather->scopes[gather->depth++];
    scope->node = node;
    scope->above = fill->arena;
    arena_reset(&scope->arena);
    fill->arena = &scope->arena;
    forget(gather, node);
}

static struct value copy_list(const struct value *value, struct arena *arena)
{
    struct value first = { arena_copy(arena, value->text), NULL };
    const struct value **end = &first.next;
    while ((value = value->next) != NULL) {
        struct value *copy = arena_take(arena, sizeof *copy);
        if (copy == NULL)
            break;
        copy->text = arena_copy(arena, value->text);
        *end = copy;
        end = &copy->next;
    }
    return first;
}

static void copy_scope(struct iso_gather *gather, const struct iso_reader_node *scope,
                       const struct iso_fill *fill, struct record *record)
{
    for (const struct iso_reader_slot *slot = scope->scope_slots; slot != NULL; slot = slot->next) {
        size_t at = slot->slot;
        if (!gather->copied[at])
            gather->copies[at] = copy_list(&fill->values[at], &gather->arena);
        gather->copied[at] = true;
        record->values[at] = gather->copies[at];
    }
}

void iso_gather_add(struct iso_gather *gather, const struct iso_fill *fill, uint64_t number)
{
    if (number < gather->first)
        return;
    struct record record = record_take(&gather->arena, fill->reader->slot_count);
    for (size_t i = 0; i < gather->depth && arena_ok(&gather->arena); i++)
        copy_scope(gather, gather->scopes[i].node, fill, &record);
    gather->overrun = gather->overrun || !arena_ok(&gather->arena);
    gather->records =
        memory_room(gather->records, gather->count, &gather->room, sizeof *gather->records);
    gather->records[gather->count++] = record;
}

void iso_gather_close(struct iso_gather *gather, struct iso_fill *fill)
{
    const struct iso_gather_scope *scope = &gather->scopes[--gather->depth];
    gather->overrun = gather->overrun || !arena_ok(&scope->arena);
    fill->arena = scope->above;
}

bool iso_gather_skips(const struct iso_gather *gather, const struct iso_fill *fill)
{
    return gather->depth == gather->scope_count && fill->record_count + 1 < gather->first;
}
