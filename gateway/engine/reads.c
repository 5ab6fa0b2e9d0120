/* Questions to the store, each with the one who wants its answer. */
#include "gateway/engine/machine.h"

#include <stdlib.h>

void reads_ask(struct engine *engine, struct query *query, read_taker *take, void *owner)
{
    struct read *read = memory_take(sizeof *read);

    *read = (struct read){ .ticket = ++engine->last_ticket, .take = take, .owner = owner };
    *engine->reads_last = read;
    engine->reads_last = &read->next;

    query->ticket = read->ticket;
    engine_effect(engine, &(struct effect){ .kind = EFFECT_READ, .query = query }, true);
}

static struct read *take_out(struct engine *engine, struct read **place)
{
    struct read *read = *place;

    *place = read->next;
    if (engine->reads_last == &read->next)
        engine->reads_last = place;
    return read;
}

/* Answers come nearly in the order of their questions: the search is short. */
void reads_answer(struct engine *engine, uint64_t ticket, const struct answer *answer)
{
    struct read **place = &engine->reads;

    while (*place != NULL && (*place)->ticket != ticket)
        place = &(*place)->next;
    if (*place == NULL)
        return;

    struct read *read = take_out(engine, place);
    read_taker *take = read->take;
    void *owner = read->owner;

    free(read);
    arena_reset(&engine->scratch);
    take(engine, owner, answer);
}

void reads_forget(struct engine *engine, const void *owner, read_taker *take)
{
    struct read **place = &engine->reads;

    while (*place != NULL) {
        if ((*place)->owner == owner && (take == NULL || (*place)->take == take))
            free(take_out(engine, place));
        else
            place = &(*place)->next;
    }
}

void reads_fini(struct engine *engine)
{
    while (engine->reads != NULL)
        free(take_out(engine, &engine->reads));
}
