/* The end of a world: every party has the same outcome of all that was asked
   for; where a party contradicted itself, its first final word counts and an
   alert is open. */
#include "world.h"

#include "codecs/base/arena.h"

#include <stdlib.h>

static const struct instruction *instruction_at(const struct world *world, size_t index)
{
    return store_memory_at(world->store, ROW_INSTRUCTION, index)->instruction;
}

static size_t count(const struct world *world, enum row_kind kind)
{
    return store_memory_count(world->store, kind);
}

static const char *state_of(const struct instruction *instruction)
{
    return instruction_state_name(instruction->state);
}

static bool is_by(const struct instruction *instruction, const char *asker, const char *id)
{
    return slice_is(instruction_get(instruction, INSTRUCTION_TEXT_request_id), id) &&
           slice_is(instruction_get(instruction, INSTRUCTION_TEXT_asker), asker);
}

/* What took it to the state that it is in. */
static struct slice ended_by(const struct world *world, const struct instruction *instruction)
{
    for (size_t i = count(world, ROW_EVENT); i-- != 0;) {
        const struct event_row *event = &store_memory_at(world->store, ROW_EVENT, i)->event;
        if (event->instruction == instruction->number && event->from != event->to)
            return event->cause;
    }
    return SLICE_NONE;
}

static const struct instruction *find_request(struct world *world, const char *asker,
                                              const char *id)
{
    const struct instruction *found = NULL;

    for (size_t i = 0; i < count(world, ROW_INSTRUCTION); i++) {
        if (!is_by(instruction_at(world, i), asker, id))
            continue;
        if (found != NULL)
            world_fail(world, "%s: %s became two instructions", asker, id);
        found = instruction_at(world, i);
    }
    if (found == NULL)
        world_fail(world, "%s: %s never arrived", asker, id);
    return found;
}

/* --- withdrawals --- */

/* What the gateway has heard of an order, in its order. */
struct hearing {
    enum said first;      /* PAID, REFUSED or WRONG; NOTHING: none of them */
    bool pending;         /* and the bank had begun to speak of it */
    bool paid, refused;   /* ever */
    bool wrong, unproved; /* ever */
    bool refusal_late;    /* an order that it has spoken of was refused as a message */
};

/* An order that is refused as a message after the bank has spoken of it is not
   refused; unless somebody ended it meanwhile, an alert is open. */
static enum said meaning(const struct hearing *hearing, enum said said)
{
    bool undecided = hearing->first == SAID_NOTHING;

    if (said == SAID_UNREADABLE)
        return undecided && hearing->pending ? SAID_WRONG : SAID_REFUSED;
    if (said == SAID_UNSERVED)
        return undecided && hearing->pending ? SAID_WRONG : SAID_UNPROVED;
    return said;
}

static void hear(struct hearing *hearing, enum said said)
{
    bool as_message = said == SAID_UNREADABLE || said == SAID_UNSERVED;

    said = meaning(hearing, said);
    hearing->refusal_late = hearing->refusal_late || (as_message && said == SAID_WRONG);
    hearing->paid = hearing->paid || said == SAID_PAID;
    hearing->refused = hearing->refused || said == SAID_REFUSED;
    hearing->wrong = hearing->wrong || (!as_message && said == SAID_WRONG);
    hearing->unproved = hearing->unproved || said == SAID_UNPROVED;
    if (said == SAID_PENDING || said == SAID_UNPROVED)
        hearing->pending = said == SAID_PENDING;
    else if (hearing->first == SAID_NOTHING)
        hearing->first = said;
}

/* One for each order.  A file under an id that another had before is not read. */
static struct hearing *hear_all(const struct world *world, const struct bank *bank)
{
    struct hearing *hearings = memory_take((bank->order_count + 1) * sizeof *hearings);

    memset(hearings, 0, (bank->order_count + 1) * sizeof *hearings);
    for (size_t i = 0; i < count(world, ROW_INBOX); i++) {
        const struct inbox_row *row = &store_memory_at(world->store, ROW_INBOX, i)->inbox;
        const struct bank_file *file =
            slice_is(row->channel, bank->channel) ? bank_find_file(bank, &row->content) : NULL;
        if (file != NULL && file->order != NO_ORDER && slice_is(row->id, file->message_id))
            hear(&hearings[file->order], file->said);
    }
    return hearings;
}

static bool is_true(const struct order *order, enum instruction_state state)
{
    if (state == INSTRUCTION_REFUSED)
        return order->truth == TRUTH_REFUSED;
    return order->truth == TRUTH_PAID && (state != INSTRUCTION_REVERSED || order->reversed);
}

static void agree_on_end(struct world *world, const struct instruction *instruction,
                         const struct order *order, const struct hearing *hearing)
{
    struct slice cause = ended_by(world, instruction);
    enum said wanted = instruction->state == INSTRUCTION_SETTLED ? SAID_PAID : SAID_REFUSED;

    if (slice_is(cause, "status") ? hearing->first != wanted : !slice_is(cause, "operator"))
        world_fail(world, "order %s is %s by %.*s, and the bank's first last word was another",
                   order->id, state_of(instruction), SLICE_ARG(cause));
    if ((slice_is(cause, "operator") || !order->twisted) && !is_true(order, instruction->state))
        world_fail(world, "order %s is %s by %.*s, and the bank has %s it", order->id,
                   state_of(instruction), SLICE_ARG(cause),
                   order->truth == TRUTH_PAID ? "paid" : "not paid");
}

static void agree_on_alert(struct world *world, const struct instruction *instruction,
                           const struct order *order, const struct hearing *hearing)
{
    bool otherwise = (hearing->paid && instruction->state != INSTRUCTION_SETTLED) ||
                     (hearing->refused && instruction->state != INSTRUCTION_REFUSED);
    bool by_bank = slice_is(ended_by(world, instruction), "status");
    bool plain = !order->twisted && !hearing->wrong && !hearing->refusal_late &&
                 !hearing->unproved && by_bank;

    /* An operator may have ended it before such a refusal came. */
    otherwise = otherwise || hearing->wrong || (hearing->refusal_late && by_bank);
    if (otherwise && !instruction->contradicted)
        world_fail(world, "order %s is %s, the bank said otherwise, and no alert is open",
                   order->id, state_of(instruction));
    if (plain && instruction->contradicted)
        world_fail(world, "order %s has an alert for nothing", order->id);
}

static void agree_on_request(struct world *world, struct bank *bank, const struct hearing *hearings,
                             const struct instruction *instruction)
{
    const struct order *order =
        bank_find_order(bank, instruction_get(instruction, INSTRUCTION_TEXT_order_id));
    enum instruction_state state = instruction->state;

    if (state != INSTRUCTION_REFUSED &&
        (order == NULL || (state != INSTRUCTION_SETTLED && state != INSTRUCTION_REVERSED)))
        world_fail(world, "instruction %llu is %s in the end%s",
                   (unsigned long long)instruction->number, state_of(instruction),
                   order == NULL ? ", and the bank has no order" : "");
    if (order == NULL)
        return;
    agree_on_end(world, instruction, order, &hearings[order - bank->orders]);
    agree_on_alert(world, instruction, order, &hearings[order - bank->orders]);
}

static void agree_on_requests(struct world *world, unsigned index)
{
    const struct broker *broker = &world->brokers[index];
    struct hearing *hearings = hear_all(world, &world->banks[index]);

    for (size_t i = 0; i < broker->request_count; i++) {
        const struct request *request = &broker->requests[i];
        const struct instruction *instruction = find_request(world, broker->name, request->id);

        agree_on_request(world, &world->banks[index], hearings, instruction);
        if (request->rank != (instruction->state == INSTRUCTION_SETTLED ? 3 : 4))
            world_fail(world, "%s: %s is %s, and the broker was told %d", broker->name, request->id,
                       state_of(instruction), request->rank);
    }
    free(hearings);
}

/* --- deposits --- */

/* What a broker's answers to one report were, as the gateway took them. */
struct answers {
    char first; /* '1' or '2'; '\0': none of them */
    bool yes, no;
};

static struct slice field(struct slice message, const char *tag)
{
    const char *at = memmem(message.at, message.size, tag, strlen(tag));

    if (at == NULL)
        return SLICE_NONE;
    at += strlen(tag);
    const char *end = memchr(at, '\001', (size_t)(message.at + message.size - at));
    return (struct slice){ at, end == NULL ? 0 : (size_t)(end - at) };
}

static struct answers answers_to(const struct world *world, const char *session,
                                 struct slice report_id)
{
    struct answers answers = { 0 };

    for (size_t i = 0; i < count(world, ROW_MESSAGE_IN); i++) {
        const struct message_row *row = &store_memory_at(world->store, ROW_MESSAGE_IN, i)->message;
        if (!slice_is(row->session, session) || !slice_is(field(row->bytes, "\00135="), "EB") ||
            !slice_equal(field(row->bytes, "\0012799="), report_id))
            continue;
        bool yes = slice_is(field(row->bytes, "\0012806="), "1");
        bool no = slice_is(field(row->bytes, "\0012806="), "2");
        if (answers.first == '\0' && (yes || no))
            answers.first = yes ? '1' : '2';
        answers.yes = answers.yes || yes;
        answers.no = answers.no || no;
    }
    return answers;
}

static void agree_with_broker(struct world *world, unsigned index,
                              const struct instruction *instruction)
{
    struct slice report = instruction_get(instruction, INSTRUCTION_TEXT_report_id);
    struct answers answers = answers_to(world, world->brokers[index].name, report);
    bool settled = instruction->state == INSTRUCTION_SETTLED;

    if (report.at == NULL)
        return; /* it never got there */
    if (slice_is(ended_by(world, instruction), "answer") && answers.first != (settled ? '1' : '2'))
        world_fail(world, "%.*s is %s, and the broker's first answer was another",
                   SLICE_ARG(report), state_of(instruction));
    if ((settled ? answers.no : answers.yes) && !instruction->contradicted)
        world_fail(world, "%.*s is %s, the broker answered otherwise, and no alert is open",
                   SLICE_ARG(report), state_of(instruction));
}

/* The way in which the bank announced what the gateway took. */
static bool is_taken(const struct announcement *announcement, const struct instruction *instruction)
{
    return slice_is(instruction_get(instruction, INSTRUCTION_TEXT_request_id),
                    announcement->transaction_id) &&
           (instruction->amount_minor == announcement->cents || instruction->amount_minor == 0);
}

static void agree_on_reply(struct world *world, const struct bank *bank, size_t transfer,
                           const struct instruction *instruction)
{
    bool settled = instruction->state == INSTRUCTION_SETTLED, told = false;

    for (size_t i = 0; i < bank->announcement_count; i++) {
        const struct announcement *announcement = &bank->announcements[i];
        if (announcement->transfer != transfer)
            continue;
        bool taken = is_taken(announcement, instruction);
        if ((announcement->yes && (!settled || !taken)) || (announcement->no && settled))
            world_fail(world, "%s: %s in %s: the bank was told %s, and %s is %s", bank->channel,
                       announcement->transaction_id, announcement->message_id,
                       announcement->yes ? "yes" : "no",
                       taken ? "it" : "what was taken in its place", state_of(instruction));
        if (!taken && !announcement->duplicate)
            world_fail(world, "%s: %s in %s is a copy, and the bank was not told", bank->channel,
                       announcement->transaction_id, announcement->message_id);
        told = told || (taken && (announcement->yes || announcement->no));
    }
    if (!told)
        world_fail(world, "instruction %llu is %s, and the bank was not told",
                   (unsigned long long)instruction->number, state_of(instruction));
}

static const struct instruction *find_transfer(struct world *world, const struct bank *bank,
                                               size_t transfer)
{
    const struct instruction *found = NULL;

    for (size_t i = 0; i < bank->announcement_count; i++) {
        const struct announcement *announcement = &bank->announcements[i];
        if (announcement->transfer != transfer)
            continue;
        for (size_t j = 0; j < count(world, ROW_INSTRUCTION); j++) {
            const struct instruction *instruction = instruction_at(world, j);
            if (!is_by(instruction, bank->channel, announcement->transaction_id))
                continue;
            if (found != NULL && found != instruction)
                world_fail(world, "%s was taken twice", announcement->transaction_id);
            found = instruction;
        }
    }
    if (found == NULL)
        world_fail(world, "transfer %zu of %s never arrived", transfer, bank->channel);
    return found;
}

static void agree_on_deposits(struct world *world, unsigned index)
{
    const struct bank *bank = &world->banks[index];

    for (size_t i = 0; i < bank->transfer_count; i++) {
        const struct instruction *instruction = find_transfer(world, bank, i);

        if (instruction->state != INSTRUCTION_SETTLED && instruction->state != INSTRUCTION_REFUSED)
            world_fail(world, "deposit %llu is %s in the end",
                       (unsigned long long)instruction->number, state_of(instruction));
        agree_on_reply(world, bank, i, instruction);
        agree_with_broker(world, index, instruction);
    }
}

/* --- documents --- */

/* What a channel said to have taken durably, the bank has, or will see. */
void check_taken(struct world *world)
{
    for (size_t i = 0; i < count(world, ROW_DOCUMENT); i++) {
        const struct document_row *row = &store_memory_at(world->store, ROW_DOCUMENT, i)->document;
        const struct bank *bank = world_bank(world, row->channel);
        if (row->state == DOCUMENT_TAKEN && !bank_has(bank, row->id) &&
            !disk_shows(&world->disks[bank - world->banks], row->id))
            world_fail(world, "document %.*s was taken, and the bank will never see it",
                       SLICE_ARG(row->id));
    }
}

void check_agreement(struct world *world)
{
    check_taken(world);
    for (unsigned i = 0; i < BROKERS; i++) {
        agree_on_requests(world, i);
        agree_on_deposits(world, i);
    }
}
