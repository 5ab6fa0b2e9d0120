/* Instructions in memory: those that may still change, and for a short while
   those that somebody speaks of, fetched from the store. */
#include "gateway/engine/machine.h"

#include <assert.h>
#include <stdlib.h>

bool instruction_live(const struct instruction *instruction)
{
    return !instruction_state_ended(instruction->state) &&
           instruction->state != INSTRUCTION_SETTLED;
}

static void list_add(struct entry_list *list, struct entry *entry)
{
    list->at = memory_room(list->at, list->count, &list->room, sizeof(struct entry *));
    list->at[list->count++] = entry;
}

static void list_fini(struct entry_list *list)
{
    free(list->at);
    *list = (struct entry_list){ 0 };
}

static struct entry *entry_new(struct engine *engine, uint64_t number,
                               struct instruction *instruction)
{
    struct entry *entry = memory_take(sizeof *entry);

    *entry = (struct entry){ .number = number, .instruction = instruction };
    entry->deadline = (struct deadline){ .kind = DEADLINE_INSTRUCTION, .owner = entry };
    table_add(&engine->instructions, &entry->by_number, number, entry);
    return entry;
}

static void entry_free(struct engine *engine, struct entry *entry)
{
    deadlines_clear(&engine->deadlines, &entry->deadline);
    table_remove(&engine->instructions, &entry->by_number);
    if (entry->fetched) {
        *entry->fetched_place = entry->next_fetched;
        if (entry->next_fetched != NULL)
            entry->next_fetched->fetched_place = entry->fetched_place;
    }
    instruction_free(entry->instruction);
    free(entry->waiters);
    free(entry);
}

/* Lets go of what the store can tell again. */
static void release(struct engine *engine, struct entry *entry)
{
    if (entry->pins == 0 && !entry->fetching && !entry->dirty && !entry->writing &&
        (entry->instruction == NULL || !instruction_live(entry->instruction)))
        entry_free(engine, entry);
}

struct entry *instructions_find(struct engine *engine, uint64_t number)
{
    for (struct table_entry *at = table_first(&engine->instructions, number); at != NULL;
         at = table_next(at)) {
        struct entry *entry = at->owner;
        if (entry->number == number)
            return entry;
    }
    return NULL;
}

struct entry *instructions_add(struct engine *engine, struct instruction *instruction)
{
    assert(instructions_find(engine, instruction->number) == NULL);
    if (instruction->number > engine->last_number)
        engine->last_number = instruction->number;
    return entry_new(engine, instruction->number, instruction);
}

static void fetched(struct engine *engine, void *owner, const struct answer *answer)
{
    struct entry *entry = owner;
    struct waiter **waiters = entry->waiters;
    size_t count = entry->waiter_count;

    entry->fetching = false;
    entry->waiters = NULL;
    entry->waiter_count = entry->waiter_room = 0;
    if (answer->count != 0 && answer->rows[0].kind == ROW_INSTRUCTION)
        entry->instruction = instruction_copy(answer->rows[0].instruction);
    for (size_t i = 0; i < count; i++)
        waiter_answered(engine, waiters[i]);
    free(waiters);
}

static void fetch(struct engine *engine, struct entry *entry)
{
    struct query query = { .kind = QUERY_INSTRUCTION, .number = entry->number, .limit = 1 };

    entry->fetching = entry->fetched = true;
    entry->next_fetched = engine->fetched;
    entry->fetched_place = &engine->fetched;
    if (engine->fetched != NULL)
        engine->fetched->fetched_place = &entry->next_fetched;
    engine->fetched = entry;
    reads_ask(engine, &query, fetched, entry);
}

struct entry *instructions_want(struct engine *engine, uint64_t number, struct waiter *waiter)
{
    struct entry *entry = instructions_find(engine, number);

    if (entry == NULL) {
        entry = entry_new(engine, number, NULL);
        fetch(engine, entry);
    }
    entry->pins++;
    list_add(&waiter->pinned, entry);
    if (!entry->fetching)
        return entry;

    entry->waiters = memory_room(entry->waiters, entry->waiter_count, &entry->waiter_room,
                                 sizeof(struct waiter *));
    entry->waiters[entry->waiter_count++] = waiter;
    waiter->open++;
    return NULL;
}

/* What is looked for, and what of it was found. */
struct search {
    enum index_kind kind;
    struct slice scope, id;
    struct waiter *waiter;
    struct entry *found;
    unsigned count;
    bool waits;
};

static bool is_wanted(const struct search *search, const struct instruction *instruction)
{
    static const struct {
        enum instruction_text scope, id;
    } texts[] = {
        [INDEX_REQUEST] = { INSTRUCTION_TEXT_asker, INSTRUCTION_TEXT_request_id },
        [INDEX_PAYMENT] = { INSTRUCTION_TEXT_asker, INSTRUCTION_TEXT_uetr },
        [INDEX_ORDER] = { INSTRUCTION_TEXT_channel, INSTRUCTION_TEXT_order_instruction },
    };

    return slice_equal(instruction_get(instruction, texts[search->kind].scope), search->scope) &&
           slice_equal(instruction_get(instruction, texts[search->kind].id), search->id);
}

static void try(struct engine *engine, struct search *search, uint64_t number)
{
    struct entry *entry = instructions_want(engine, number, search->waiter);

    if (entry == NULL) {
        search->waits = true;
    } else if (entry != search->found && entry->instruction != NULL &&
               is_wanted(search, entry->instruction)) {
        search->found = entry;
        search->count++;
    }
}

bool instructions_with(struct engine *engine, enum index_kind kind, struct slice scope,
                       struct slice id, struct waiter *waiter, struct entry **found,
                       unsigned *count)
{
    const struct index *recent = &engine->keys.recent;
    struct index_cursor cursor = index_look(recent, kind, scope, id);
    struct search search = { .kind = kind, .scope = scope, .id = id, .waiter = waiter };
    uint64_t number;

    while (index_next(recent, &cursor, &number))
        try(engine, &search, number);
    const struct lookup *sealed = keys_look(engine, kind, scope, id, waiter);
    for (unsigned i = 0; sealed != NULL && i < sealed->count; i++)
        try(engine, &search, sealed->numbers[i]);
    *found = search.found;
    *count = search.count;
    return sealed != NULL && !search.waits;
}

void waiter_answered(struct engine *engine, struct waiter *waiter)
{
    assert(waiter->open != 0);
    if (--waiter->open == 0)
        waiter->resume(engine, waiter->owner);
}

void waiter_done(struct engine *engine, struct waiter *waiter)
{
    assert(waiter->open == 0);
    struct entry_list pinned = waiter->pinned;

    waiter->pinned = (struct entry_list){ 0 };
    lookups_free(waiter);
    for (size_t i = 0; i < pinned.count; i++) {
        pinned.at[i]->pins--;
        release(engine, pinned.at[i]);
    }
    list_fini(&pinned);
}

void waiter_forget(struct waiter *waiter)
{
    waiter->open = 0;
    list_fini(&waiter->pinned);
    lookups_free(waiter);
}

void instructions_changed(struct engine *engine, struct entry *entry)
{
    if (entry->dirty)
        return;
    entry->dirty = true;
    list_add(&engine->changed, entry);
    engine_batch(engine);
}

void instructions_write(struct engine *engine, struct batch *batch)
{
    struct entry_list changed = engine->changed;

    assert(engine->written.count == 0);
    engine->changed = engine->written;
    engine->written = changed;
    for (size_t i = 0; i < changed.count; i++) {
        struct row row = { .kind = ROW_INSTRUCTION, .instruction = changed.at[i]->instruction };

        batch_add(batch, &row);
        changed.at[i]->dirty = false;
        changed.at[i]->writing = true;
    }
}

void instructions_committed(struct engine *engine)
{
    for (size_t i = 0; i < engine->written.count; i++) {
        engine->written.at[i]->writing = false;
        release(engine, engine->written.at[i]);
    }
    engine->written.count = 0;
}

static uint64_t lowest_of(const struct entry_list *list, uint64_t lowest)
{
    for (size_t i = 0; i < list->count; i++)
        if (!instruction_live(list->at[i]->instruction) && list->at[i]->number < lowest)
            lowest = list->at[i]->number;
    return lowest;
}

uint64_t instructions_lowest_ended(const struct engine *engine)
{
    uint64_t lowest = lowest_of(&engine->changed, lowest_of(&engine->written, UINT64_MAX));

    for (const struct entry *entry = engine->fetched; entry != NULL; entry = entry->next_fetched)
        if (entry->number < lowest)
            lowest = entry->number;
    return lowest;
}

static void for_each(struct engine *engine, void (*visit)(struct engine *, struct entry *))
{
    for (size_t i = 0; i < engine->instructions.bucket_count; i++) {
        struct table_entry *next;
        for (struct table_entry *at = engine->instructions.buckets[i].first; at != NULL;
             at = next) {
            next = at->next;
            visit(engine, at->owner);
        }
    }
}

void instructions_arm(struct engine *engine)
{
    for_each(engine, instruction_arm);
}

void instructions_fini(struct engine *engine)
{
    for_each(engine, entry_free);
    table_fini(&engine->instructions);
    table_init(&engine->instructions);
    list_fini(&engine->changed);
    list_fini(&engine->written);
}
