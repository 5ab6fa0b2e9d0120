/* Documents that their channel has not taken yet: offered once they are durable,
   and again after a fault or a restart, always with the same bytes. */
#include "gateway/engine/machine.h"

static uint64_t hash_of(struct slice id)
{
    return table_hash(&id, 1);
}

struct document *outbox_find(const struct engine *engine, struct slice id)
{
    for (struct table_entry *at = table_first(&engine->outbox, hash_of(id)); at != NULL;
         at = table_next(at)) {
        struct document *document = at->owner;
        if (slice_equal(document->id, id))
            return document;
    }
    return NULL;
}

static void insert(struct engine *engine, struct document *document)
{
    table_add(&engine->outbox, &document->by_id, hash_of(document->id), document);
    document->previous = engine->outbox_last;
    document->next = NULL;
    if (engine->outbox_last == NULL)
        engine->outbox_first = document;
    else
        engine->outbox_last->next = document;
    engine->outbox_last = document;
}

static void take_out(struct engine *engine, struct document *document)
{
    table_remove(&engine->outbox, &document->by_id);
    if (document->previous == NULL)
        engine->outbox_first = document->next;
    else
        document->previous->next = document->next;
    if (document->next == NULL)
        engine->outbox_last = document->previous;
    else
        document->next->previous = document->previous;
    deadlines_clear(&engine->deadlines, &document->deadline);
    document_free(document);
}

static void record(struct engine *engine, const struct document *document,
                   enum document_state state)
{
    struct row row = { .kind = ROW_DOCUMENT,
                       .document = { .id = document->id,
                                     .channel = document->channel,
                                     .definition = document->definition,
                                     .instruction = document->instruction,
                                     .utc_ns = document->utc_ns,
                                     .state = state,
                                     .bytes = document->bytes } };

    engine_record(engine, &row);
}

static void send(struct engine *engine, const struct document *document, bool durable)
{
    engine_effect(engine,
                  &(struct effect){ .kind = EFFECT_SEND,
                                    .channel = document->channel,
                                    .name = document->id,
                                    .bytes = document->bytes },
                  durable);
}

void outbox_add(struct engine *engine, struct document *document)
{
    insert(engine, document);
    record(engine, document, DOCUMENT_WAITING);
    send(engine, document, true);
}

void outbox_load(struct engine *engine, const struct document_row *row)
{
    if (row->state == DOCUMENT_WAITING)
        insert(engine, document_of_row(row));
}

void outbox_offer(struct engine *engine, struct document *document)
{
    /* While the store is down nothing is offered: what was taken could not be
       kept.  All is offered when it is well again. */
    if (!engine->store.down)
        send(engine, document, false);
}

void outbox_offer_all(struct engine *engine)
{
    for (struct document *document = engine->outbox_first; document != NULL;
         document = document->next)
        outbox_offer(engine, document);
}

static void order_taken(struct engine *engine, const struct document *document)
{
    struct entry *entry =
        document->instruction == 0 ? NULL : instructions_find(engine, document->instruction);
    struct cause cause = { "channel", document->channel, SLICE_NONE };
    struct error error;

    /* An answer may have overtaken it: then there is nothing left to say. */
    if (entry == NULL || entry->instruction == NULL ||
        entry->instruction->flow != FLOW_WITHDRAWAL ||
        entry->instruction->state != INSTRUCTION_ACCEPTED)
        return;
    instruction_enter(engine, entry, INSTRUCTION_SENT, &cause, &error);
}

void outbox_took(struct engine *engine, const struct input *input)
{
    struct document *document = outbox_find(engine, input->name);

    if (document == NULL || engine->store.down || engine->store.failed)
        return;
    record(engine, document, DOCUMENT_TAKEN);
    SAY_DURABLE(engine, document_sent, { "id", document->id }, { "channel", document->channel },
                { "definition", document->definition });
    order_taken(engine, document);
    take_out(engine, document);
}

void outbox_not_took(struct engine *engine, const struct input *input)
{
    struct document *document = outbox_find(engine, input->name);

    if (document == NULL)
        return;
    SAY(engine, channel_fault, { "id", document->id }, { "channel", document->channel },
        { "why", input->text });
    deadlines_set(&engine->deadlines, &document->deadline,
                  engine->now.steady_ns + SECONDS_NS(DOCUMENT_RETRY_S));
}

/* --- one that the channel took before, wanted again by the bank --- */

static void take_document(struct engine *engine, void *owner, const struct answer *answer)
{
    struct waiter *waiter = owner;

    if (answer->count != 0 && outbox_find(engine, answer->rows[0].document.id) == NULL)
        outbox_add(engine, document_of_row(&answer->rows[0].document));
    waiter_answered(engine, waiter);
}

void outbox_again(struct engine *engine, struct slice id, struct waiter *waiter)
{
    struct query query = { .kind = QUERY_DOCUMENT, .id = id, .limit = 1 };

    if (outbox_find(engine, id) != NULL)
        return;
    waiter->open++;
    reads_ask(engine, &query, take_document, waiter);
}

void outbox_fini(struct engine *engine)
{
    while (engine->outbox_first != NULL)
        take_out(engine, engine->outbox_first);
    table_fini(&engine->outbox);
    table_init(&engine->outbox);
}
