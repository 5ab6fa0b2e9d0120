/* Questions to the store, each with the one who wants its answer. */
#include "gateway/engine/machine.h"

#include <stdlib.h>

static void ask(struct engine *engine, const struct read *read, uint64_t batch)
{
    effects_push(&engine->effects, &(struct effect){ .kind = EFFECT_READ, .query = &read->query },
                 batch);
}

void reads_ask_behind(struct engine *engine, const struct query *query, uint64_t batch,
                      read_taker *take, void *owner)
{
    struct read *read = memory_take(sizeof *read);

    *read = (struct read){ .query = *query, .take = take, .owner = owner };
    read->query.ticket = ++engine->last_ticket;
    read->query.session = owned_copy(query->session);
    read->query.id = owned_copy(query->id);
    *engine->reads_last = read;
    engine->reads_last = &read->next;
    ask(engine, read, batch);
}

void reads_ask(struct engine *engine, const struct query *query, read_taker *take, void *owner)
{
    reads_ask_behind(engine, query, engine_durable(engine), take, owner);
}

static struct read *take_out(struct engine *engine, struct read **place)
{
    struct read *read = *place;

    *place = read->next;
    if (engine->reads_last == &read->next)
        engine->reads_last = place;
    return read;
}

static void free_read(struct read *read)
{
    owned_free(read->query.session);
    owned_free(read->query.id);
    free(read);
}

/* Answers come nearly in the order of their questions: the search is short. */
static struct read **find(struct engine *engine, uint64_t ticket)
{
    struct read **place = &engine->reads;

    while (*place != NULL && (*place)->query.ticket != ticket)
        place = &(*place)->next;
    return place;
}

static void fail(struct engine *engine, struct read *read, struct slice why)
{
    SAY(engine, store_fault, { "why", why });
    read->failed = true;
    deadlines_set(&engine->deadlines, &engine->reads_deadline,
                  engine->now.steady_ns + SECONDS_NS(STORE_RETRY_S));
}

void reads_answer(struct engine *engine, const struct input *input)
{
    struct read **place = find(engine, input->ticket);

    if (*place == NULL)
        return;
    if (input->answer == NULL) {
        fail(engine, *place, input->text);
        return;
    }
    struct read *read = take_out(engine, place);
    read->take(engine, read->owner, input->answer);
    free_read(read);
}

void reads_again(struct engine *engine)
{
    for (struct read *read = engine->reads; read != NULL; read = read->next) {
        if (read->failed)
            ask(engine, read, engine_durable(engine));
        read->failed = false;
    }
}

void reads_forget(struct engine *engine, const void *owner, read_taker *take)
{
    struct read **place = &engine->reads;

    while (*place != NULL) {
        if ((*place)->owner == owner && (take == NULL || (*place)->take == take))
            free_read(take_out(engine, place));
        else
            place = &(*place)->next;
    }
}

uint64_t reads_lowest_document(const struct engine *engine)
{
    uint64_t lowest = UINT64_MAX, number;

    for (const struct read *read = engine->reads; read != NULL; read = read->next)
        if (read->query.kind == QUERY_DOCUMENT && own_id_read(engine, read->query.id, &number) &&
            number < lowest)
            lowest = number;
    return lowest;
}

void reads_fini(struct engine *engine)
{
    deadlines_clear(&engine->deadlines, &engine->reads_deadline);
    while (engine->reads != NULL)
        free_read(take_out(engine, &engine->reads));
}
