/* Documents of banks, each channel's in order: done with once, whatever is sent
   twice, and nothing before it is known to be valid to its end. */
#include "gateway/engine/filing.h"

#include <stdlib.h>

/* --- the queue --- */

static struct inbox *inbox_of(struct engine *engine, struct slice channel)
{
    struct inbox *inbox = engine->inboxes;

    while (inbox != NULL && !slice_equal(inbox->channel, channel))
        inbox = inbox->next;
    if (inbox == NULL) {
        inbox = memory_take(sizeof *inbox);
        *inbox = (struct inbox){ .channel = owned_copy(channel), .next = engine->inboxes };
        engine->inboxes = inbox;
    }
    return inbox;
}

static void resume(struct engine *engine, void *owner)
{
    (void)engine;
    (void)owner; /* inboxes_run() goes on with it at the end of this input */
}

void inbox_take(struct engine *engine, const struct input *input)
{
    struct inbox *inbox = inbox_of(engine, input->channel);
    struct incoming *incoming = memory_take(sizeof *incoming);

    *incoming = (struct incoming){ .inbox = inbox,
                                   .name = owned_copy(input->name),
                                   .bytes = owned_copy(input->bytes),
                                   .digest = digest_of(input->bytes) };
    incoming->waiter.resume = resume;
    incoming->waiter.owner = incoming;
    if (inbox->first == NULL)
        inbox->first = incoming;
    else
        inbox->last->next = incoming;
    inbox->last = incoming;
}

/* Back to how it came in. */
static void reset(struct incoming *incoming)
{
    parses_free(incoming);
    configuration_drop(incoming->configuration);
    incoming->configuration = NULL;
    waiter_forget(&incoming->waiter);
    owned_free(incoming->known.verdict);
    owned_free(incoming->known.answer);
    owned_free(incoming->refusal);
    incoming->known = (struct known){ 0 };
    incoming->refusal = SLICE_NONE;
    incoming->decided = incoming->done = false;
}

static void free_incoming(struct incoming *incoming)
{
    reset(incoming);
    owned_free(incoming->name);
    owned_free(incoming->bytes);
    free(incoming);
}

void inbox_filed(struct incoming *incoming)
{
    struct inbox *inbox = incoming->inbox;
    struct incoming *before = NULL;

    for (struct incoming *at = inbox->first; at != incoming; at = at->next)
        before = at;
    if (before == NULL)
        inbox->first = incoming->next;
    else
        before->next = incoming->next;
    if (inbox->last == incoming)
        inbox->last = before;
    free_incoming(incoming);
}

void inboxes_forget(struct engine *engine)
{
    for (struct inbox *inbox = engine->inboxes; inbox != NULL; inbox = inbox->next)
        for (struct incoming *incoming = inbox->first; incoming != NULL; incoming = incoming->next)
            reset(incoming);
}

void inboxes_fini(struct engine *engine)
{
    while (engine->inboxes != NULL) {
        struct inbox *inbox = engine->inboxes;

        while (inbox->first != NULL) {
            struct incoming *incoming = inbox->first;

            inbox->first = incoming->next;
            free_incoming(incoming);
        }
        engine->inboxes = inbox->next;
        owned_free(inbox->channel);
        free(inbox);
    }
}

/* --- seen before? --- */

static void take_row(struct engine *engine, void *owner, const struct answer *answer)
{
    struct incoming *incoming = owner;
    struct known *known = &incoming->known;

    if (answer->count != 0) {
        const struct inbox_row *row = &answer->rows[0].inbox;

        known->found = true;
        known->content = row->content;
        known->verdict = owned_copy(row->verdict);
        known->answer = owned_copy(row->answer);
    }
    waiter_answered(engine, &incoming->waiter);
}

static bool same_content(const struct incoming *incoming)
{
    return digest_equal(&incoming->known.content, &incoming->digest);
}

/* Looks for the row of an earlier document with this id; false: it waits. */
static bool look(struct engine *engine, struct incoming *incoming, struct slice id)
{
    struct query query = { .kind = QUERY_INBOX, .session = incoming->inbox->channel, .id = id };
    struct whereabouts where;

    if (incoming->known.asked ||
        !keys_maybe(engine, INDEX_INBOX, incoming->inbox->channel, id, &where))
        return true;
    incoming->known.asked = true;
    incoming->waiter.open++;
    query.first = where.first;
    query.last = where.last;
    reads_ask_behind(engine, &query, where.batch, take_row, incoming);
    return false;
}

/* A document whose id was used for another content goes by its digest from then
   on, so that it is recognised too when it comes again; false: it waits. */
static bool find_known(struct engine *engine, struct incoming *incoming, struct filing *filing)
{
    struct slice digest = digest_text(engine, &incoming->digest);

    if (filing->id.at == NULL)
        filing->id = digest;
    if (!incoming->known.clash && !look(engine, incoming, filing->id))
        return false;
    if (!incoming->known.clash && incoming->known.found && !same_content(incoming) &&
        !filing_is_repeat(filing)) {
        owned_free(incoming->known.verdict);
        owned_free(incoming->known.answer);
        incoming->known = (struct known){ .clash = true };
    }
    if (!incoming->known.clash)
        return true;
    filing->id = digest;
    return look(engine, incoming, digest);
}

/* --- what becomes of it --- */

static void refuse_unread(struct engine *engine, struct filing *filing)
{
    filing_refuse(filing, "no map reads %.*s here", SLICE_ARG(filing->definition));
    filing_refuse_message(engine, filing, "UNSUPPORTED");
}

static void refuse_unreadable(struct engine *engine, struct filing *filing, struct slice why)
{
    filing_refuse(filing, "%.*s", SLICE_ARG(why));
    filing_refuse_message(engine, filing, "INCOMPLETE");
}

/* It came before, and was refused or taken as it is now.  What was answered to
   the whole of it is offered again; true: that is all. */
static bool repeat(struct engine *engine, struct incoming *incoming, struct filing *filing,
                   const struct error_list *findings)
{
    if (findings->count != 0)
        filing_tell_log(engine, filing, findings);
    if (!slice_is(incoming->known.verdict, "taken"))
        filing_refuse(filing, "%.*s", SLICE_ARG(incoming->known.verdict));
    if (incoming->known.answer.at != NULL)
        outbox_again(engine, incoming->known.answer, &incoming->waiter);
    return incoming->known.answer.at != NULL || incoming->known.clash || findings->count != 0;
}

/* false: it waits. */
static bool take_valid(struct engine *engine, struct incoming *incoming, struct filing *filing)
{
    struct reading reading = { .incoming = incoming, .filing = filing };
    struct error error;

    if (!reading_choose(engine, &reading)) {
        if (!filing->repeat)
            refuse_unread(engine, filing);
        return true;
    }
    if (!reading_check(engine, &reading, &error)) {
        if (!filing->repeat)
            refuse_unreadable(engine, filing, slice_of(error.detail));
        return true;
    }
    return map_use(reading.map) == MAP_USE_STATUS ? status_take(engine, &reading)
                                                  : deposit_take(engine, &reading);
}

/* false: it waits, and nothing has been done. */
static bool decide(struct engine *engine, struct incoming *incoming, struct filing *filing)
{
    const struct parse *parse = parse_first(engine, incoming);
    const struct error_list *findings = &parse->outcome->errors;

    filing_read_header(engine, filing, parse);
    if (!find_known(engine, incoming, filing))
        return false;
    filing->repeat = incoming->known.found;
    if (filing->repeat)
        return repeat(engine, incoming, filing, findings) || take_valid(engine, incoming, filing);
    filing->number = ++engine->last_number;
    if (incoming->known.clash)
        return filing_refuse_clash(engine, incoming, filing);
    filing_check_header(engine, filing);
    if (filing->refusal.used != 0)
        return true;
    return findings->count != 0 ? filing_refuse_invalid(engine, incoming, filing, findings)
                                : take_valid(engine, incoming, filing);
}

static void record(struct engine *engine, const struct incoming *incoming,
                   const struct filing *filing)
{
    struct slice refusal = writer_slice(&filing->refusal);
    struct row row = { .kind = ROW_INBOX,
                       .inbox = { .channel = incoming->inbox->channel,
                                  .id = filing->id,
                                  .content = incoming->digest,
                                  .number = filing->number,
                                  .utc_ns = engine->now.utc_ns,
                                  .definition = filing->definition,
                                  .verdict = refusal.size == 0 ? SLICE("taken") : refusal,
                                  .answer = filing->answer } };

    engine_record(engine, &row);
    keys_add(engine, INDEX_INBOX, incoming->inbox->channel, filing->id, filing->number);
}

static void say_filed(struct engine *engine, const struct incoming *incoming,
                      const struct filing *filing)
{
    struct slice refusal = writer_slice(&filing->refusal);
    struct slice again = filing->repeat ? SLICE("yes") : SLICE_NONE;

    if (refusal.size == 0)
        SAY_DURABLE(engine, document_in, { "channel", incoming->inbox->channel },
                    { "file", incoming->name }, { "id", filing->id },
                    { "definition", filing->definition }, { "again", again });
    else
        SAY_DURABLE(engine, document_refused, { "channel", incoming->inbox->channel },
                    { "file", incoming->name }, { "id", filing->id },
                    { "definition", filing->definition }, { "again", again },
                    { "why", filing->why.at == NULL ? refusal : filing->why });
}

/* false: it waits. */
static bool run(struct engine *engine, struct incoming *incoming)
{
    struct filing filing = { .channel = config_channel_named(engine->configuration->config,
                                                             incoming->inbox->channel) };

    arena_reset(&engine->scratch);
    if (filing.channel == NULL)
        return false; /* no longer configured: the file stays where it is */
    writer_init(&filing.refusal, 0);
    incoming->decided = decide(engine, incoming, &filing);
    if (incoming->decided) {
        if (!filing.repeat)
            record(engine, incoming, &filing);
        say_filed(engine, incoming, &filing);
        if (filing.refusal.used != 0)
            incoming->refusal = owned_copy(writer_slice(&filing.refusal));
    }
    writer_fini(&filing.refusal);
    return incoming->decided;
}

static void file(struct engine *engine, struct incoming *incoming)
{
    engine_effect(engine,
                  &(struct effect){ .kind = EFFECT_FILED,
                                    .channel = incoming->inbox->channel,
                                    .name = incoming->name,
                                    .text = incoming->refusal },
                  true);
    incoming->done = true;
    parses_free(incoming);
    waiter_done(engine, &incoming->waiter);
    engine_after(engine, (struct task){ .kind = TASK_FILED, .incoming = incoming });
}

/* One that is decided may still wait for a document of ours that is to be
   offered again. */
static bool run_to_end(struct engine *engine, struct incoming *incoming)
{
    if (incoming->done)
        return true;
    if (incoming->waiter.open != 0 || (!incoming->decided && !run(engine, incoming)) ||
        incoming->waiter.open != 0)
        return false;
    file(engine, incoming);
    return true;
}

static void run_inbox(struct engine *engine, struct inbox *inbox)
{
    struct incoming *incoming = inbox->first;

    while (incoming != NULL) {
        struct incoming *next = incoming->next;

        if (store_pressed(engine) || !run_to_end(engine, incoming))
            return;
        incoming = next;
    }
}

void inboxes_run(struct engine *engine)
{
    if (!engine_open(engine))
        return;
    for (struct inbox *inbox = engine->inboxes; inbox != NULL; inbox = inbox->next)
        run_inbox(engine, inbox);
}
