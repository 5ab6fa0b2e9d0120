/* The end of a world: every party has the same outcome of all that was asked
   for; where a party contradicted itself, its first final word counts and an
   alert is open.  What was archived ended with what was said until then: who was
   not told of it by then need not be. */
#include "world.h"

#include "codecs/base/arena.h"

#include <stdlib.h>

static const struct witness_instruction *seen_as(const struct world *world,
                                                 const struct instruction *instruction)
{
    return witness_find(&world->witness, instruction->number);
}

static bool has_left(const struct world *world, const struct instruction *instruction)
{
    return seen_as(world, instruction)->left != 0;
}

static size_t count(const struct world *world, enum row_kind kind)
{
    return store_memory_count(world->store, kind);
}

static const char *state_of(const struct instruction *instruction)
{
    return instruction_state_name(instruction->state);
}

/* What took it to the state that it is in. */
static struct slice ended_by(const struct world *world, const struct instruction *instruction)
{
    return seen_as(world, instruction)->cause;
}

/* Live ones, then archived ones that have left. */
static void for_each(struct world *world, unsigned index,
                     void (*agree)(struct world *world, unsigned index,
                                   const struct instruction *instruction))
{
    for (size_t i = 0; i < count(world, ROW_INSTRUCTION); i++)
        agree(world, index, store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction);
    for (size_t i = 0; i < store_memory_archived_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_archived_at(world->store, ROW_INSTRUCTION, i)->instruction;
        if (has_left(world, instruction))
            agree(world, index, instruction);
    }
}

static bool is_asked_by(const struct instruction *instruction, const char *asker)
{
    return slice_is(instruction_get(instruction, INSTRUCTION_TEXT_asker), asker);
}

static void check_arrived(struct world *world, const char *asker, const char *id)
{
    if (witness_named(&world->witness, slice_of(asker), slice_of(id)) == NULL)
        world_fail(world, "%s: %s never arrived", asker, id);
}

/* --- withdrawals --- */

/* What the gateway has heard of an order, in its order. */
struct hearing {
    enum said first;      /* PAID, REFUSED or WRONG; NOTHING: none of them */
    bool pending;         /* and the bank had begun to speak of it */
    bool paid, refused;   /* ever */
    bool wrong, unproved; /* ever */
    bool refusal_late;    /* an order that it has spoken of was refused as a message */
    bool foreign;         /* some of it was said of an earlier order with the same InstrId */
    bool unsure;          /* and came with the batch that ordered this one: before it, or behind */
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

/* Was the order known at that time? */
static bool was_known(const struct world *world, const struct order *order, unsigned when)
{
    const struct witness_instruction *seen = witness_find(&world->witness, order->number);

    return seen->ordered <= when && (seen->left == 0 || when < seen->left);
}

static bool came_with(const struct world *world, const struct order *order, unsigned when)
{
    return witness_find(&world->witness, order->number)->ordered == when;
}

/* Under an InstrId is meant what is known by it, whatever the bank has in mind. */
static void hear_file(const struct world *world, const struct bank *bank, struct hearing *hearings,
                      const struct bank_file *file, unsigned when)
{
    const struct order *meant = &bank->orders[file->order];

    for (size_t i = 0; i < bank->order_count; i++) {
        const struct order *order = &bank->orders[i];
        if ((order == meant ||
             (file->by_instruction && strcmp(order->instruction, meant->instruction) == 0)) &&
            was_known(world, order, when)) {
            hearings[i].foreign = hearings[i].foreign || order != meant;
            hearings[i].unsure =
                hearings[i].unsure || (order != meant && came_with(world, order, when));
            hear(&hearings[i], file->said);
        }
    }
}

/* One for each order.  A file under an id that another had before is not read. */
static struct hearing *hear_all(const struct world *world, const struct bank *bank)
{
    struct hearing *hearings = memory_take((bank->order_count + 1) * sizeof *hearings);
    const struct witness_list *filed = &world->witness.filed;

    memset(hearings, 0, (bank->order_count + 1) * sizeof *hearings);
    for (size_t i = 0; i < filed->count; i++) {
        const struct witness_filed *entry = filed->at[i];
        const struct bank_file *file =
            slice_is(entry->channel, bank->channel) ? bank_find_file(bank, &entry->content) : NULL;
        if (file != NULL && file->order != NO_ORDER && slice_is(entry->id, file->message_id))
            hear_file(world, bank, hearings, file, entry->when);
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
    if ((slice_is(cause, "operator") || (!order->twisted && !hearing->foreign)) &&
        !is_true(order, instruction->state))
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
    bool plain = !order->twisted && !hearing->foreign && !hearing->wrong &&
                 !hearing->refusal_late && !hearing->unproved && by_bank;

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
    if (order == NULL || hearings[order - bank->orders].unsure)
        return;
    agree_on_end(world, instruction, order, &hearings[order - bank->orders]);
    agree_on_alert(world, instruction, order, &hearings[order - bank->orders]);
}

/* What ended is told once and for all; of what is still known the last word is. */
static void agree_on_rank(struct world *world, const struct broker *broker,
                          const struct instruction *instruction)
{
    int told = broker_told(broker, instruction->number);
    int wanted = instruction->state == INSTRUCTION_SETTLED ? 3 : 4;

    if (told != wanted && (told >= 3 || !has_left(world, instruction)))
        world_fail(world, "%s: %.*s is %s, and the broker was told %d", broker->name,
                   SLICE_ARG(instruction_get(instruction, INSTRUCTION_TEXT_request_id)),
                   state_of(instruction), told);
}

static void agree_on_withdrawal(struct world *world, unsigned index,
                                const struct instruction *instruction)
{
    const struct broker *broker = &world->brokers[index];

    if (!is_asked_by(instruction, broker->name))
        return;
    agree_on_request(world, &world->banks[index], world->hearings, instruction);
    agree_on_rank(world, broker, instruction);
}

static void agree_on_requests(struct world *world, unsigned index)
{
    const struct broker *broker = &world->brokers[index];

    for (size_t i = 0; i < broker->request_count; i++)
        check_arrived(world, broker->name, broker->requests[i].id);
    world->hearings = hear_all(world, &world->banks[index]);
    for_each(world, index, agree_on_withdrawal);
    free(world->hearings);
}

/* --- deposits --- */

static void agree_with_broker(struct world *world, const struct instruction *instruction)
{
    struct slice report = instruction_get(instruction, INSTRUCTION_TEXT_report_id);
    const struct witness_answers *answers = &seen_as(world, instruction)->answers;
    bool settled = instruction->state == INSTRUCTION_SETTLED;

    if (report.at == NULL)
        return; /* it never got there */
    if (slice_is(ended_by(world, instruction), "answer") && answers->first != (settled ? '1' : '2'))
        world_fail(world, "%.*s is %s, and the broker's first answer was another",
                   SLICE_ARG(report), state_of(instruction));
    if ((settled ? answers->no : answers->yes) && !instruction->contradicted)
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

static bool is_of_transfer(const struct announcement *announcement,
                           const struct instruction *instruction)
{
    return slice_equal(witness_transfer(slice_of(announcement->transaction_id)),
                       witness_transfer(instruction_get(instruction, INSTRUCTION_TEXT_request_id)));
}

/* Does nothing but this one and its copies know of the transfer? */
static bool is_only_one(const struct world *world, const struct instruction *instruction)
{
    const struct witness_instruction *seen = seen_as(world, instruction);

    return seen->left == 0 && seen->earlier == NULL;
}

/* What the bank was told of one announcement; true: how it ended. */
static bool agree_on_announcement(struct world *world, const struct bank *bank, size_t index,
                                  const struct instruction *instruction)
{
    const struct announcement *announcement = &bank->announcements[index];
    const struct reply *reply = bank_find_reply(bank, index, instruction->number);
    bool settled = instruction->state == INSTRUCTION_SETTLED;
    bool taken = is_taken(announcement, instruction);

    if (reply != NULL && ((reply->yes && (!settled || !taken)) || (reply->no && settled)))
        world_fail(world, "%s: %s in %s: the bank was told %s, and %s is %s", bank->channel,
                   announcement->transaction_id, announcement->message_id,
                   reply->yes ? "yes" : "no", taken ? "it" : "what was taken in its place",
                   state_of(instruction));
    if (!taken && (reply == NULL || !reply->duplicate) && is_only_one(world, instruction))
        world_fail(world, "%s: %s in %s is a copy, and the bank was not told", bank->channel,
                   announcement->transaction_id, announcement->message_id);
    return taken && reply != NULL && (reply->yes || reply->no);
}

static void agree_on_deposit(struct world *world, unsigned index,
                             const struct instruction *instruction)
{
    const struct bank *bank = &world->banks[index];
    bool told = false;

    if (!is_asked_by(instruction, bank->channel))
        return;
    if (instruction->state != INSTRUCTION_SETTLED && instruction->state != INSTRUCTION_REFUSED)
        world_fail(world, "deposit %llu is %s in the end", (unsigned long long)instruction->number,
                   state_of(instruction));
    for (size_t i = 0; i < bank->announcement_count; i++)
        if (is_of_transfer(&bank->announcements[i], instruction))
            told = agree_on_announcement(world, bank, i, instruction) || told;
    if (!told && !has_left(world, instruction))
        world_fail(world, "instruction %llu is %s, and the bank was not told",
                   (unsigned long long)instruction->number, state_of(instruction));
    agree_with_broker(world, instruction);
}

static void agree_on_deposits(struct world *world, unsigned index)
{
    const struct bank *bank = &world->banks[index];

    for (size_t i = 0; i < bank->announcement_count; i++)
        check_arrived(world, bank->channel, bank->announcements[i].transaction_id);
    for_each(world, index, agree_on_deposit);
}

/* --- documents --- */

/* What a channel said to have taken durably, the bank has, or will see. */
static void check_document_taken(struct world *world, const struct document_row *row)
{
    const struct bank *bank = world_bank(world, row->channel);

    if (row->state == DOCUMENT_TAKEN && !bank_has(bank, row->id) &&
        !disk_shows(&world->disks[bank - world->banks], row->id))
        world_fail(world, "document %.*s was taken, and the bank will never see it",
                   SLICE_ARG(row->id));
}

void check_taken(struct world *world)
{
    for (size_t i = 0; i < count(world, ROW_DOCUMENT); i++)
        check_document_taken(world, &store_memory_at(world->store, ROW_DOCUMENT, i)->document);
    for (size_t i = 0; i < store_memory_archived_count(world->store, ROW_DOCUMENT); i++)
        check_document_taken(world,
                             &store_memory_archived_at(world->store, ROW_DOCUMENT, i)->document);
}

void check_agreement(struct world *world)
{
    check_taken(world);
    for (unsigned i = 0; i < BROKERS; i++) {
        agree_on_requests(world, i);
        agree_on_deposits(world, i);
    }
}
