/* What must hold whatever happens: money is conserved, histories are permitted,
   nothing leaves before its commit, and in the end all sides agree. */
#include "world.h"

#include "codecs/base/digest.h"
#include "routing/custody/custody.h"

#include <stdio.h>

static const struct instruction *instruction_at(const struct world *world, size_t index)
{
    return store_memory_at(world->store, ROW_INSTRUCTION, index)->instruction;
}

static size_t count(const struct world *world, enum row_kind kind)
{
    return store_memory_count(world->store, kind);
}

/* --- money --- */

static int64_t ledger_sum(const struct world *world, const struct balance *balance,
                          enum ledger_side side)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count(world, ROW_LEDGER); i++) {
        const struct movement *movement =
            &store_memory_at(world->store, ROW_LEDGER, i)->ledger.movement;
        if (!slice_equal(movement->key.client, balance->key.client))
            continue;
        sum += movement->to == side ? movement->amount_minor : 0;
        sum -= movement->from == side ? movement->amount_minor : 0;
    }
    return sum;
}

/* What the states of a client's instructions say. */
static int64_t state_sum(const struct world *world, struct slice client, enum ledger_side side)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count(world, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction = instruction_at(world, i);
        enum ledger_side at = custody_side(instruction->flow, instruction->state);
        enum ledger_side before = custody_side(instruction->flow, INSTRUCTION_NONE);

        if (!slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_client), client))
            continue;
        sum += at == side && before != side ? instruction->amount_minor : 0;
        sum -= before == side && at != side ? instruction->amount_minor : 0;
    }
    return sum;
}

static void check_balance(struct world *world, const struct balance *balance)
{
    int64_t opening = -ledger_sum(world, balance, LEDGER_OPENING);
    int64_t free_minor = ledger_sum(world, balance, LEDGER_FREE);
    int64_t reserved_minor = ledger_sum(world, balance, LEDGER_RESERVED);

    if (free_minor != balance->free_minor || reserved_minor != balance->reserved_minor)
        world_fail(world, "%.*s: the ledger does not explain the balance",
                   SLICE_ARG(balance->key.client));
    if (reserved_minor != state_sum(world, balance->key.client, LEDGER_RESERVED))
        world_fail(world, "%.*s: what is reserved is not what is under way",
                   SLICE_ARG(balance->key.client));
    if (free_minor != opening + state_sum(world, balance->key.client, LEDGER_FREE))
        world_fail(world, "%.*s: money is not conserved", SLICE_ARG(balance->key.client));
}

/* --- histories --- */

static void check_history(struct world *world, const struct instruction *instruction)
{
    enum instruction_state state = INSTRUCTION_NONE;
    unsigned sequence = 0;

    for (size_t i = 0; i < count(world, ROW_EVENT); i++) {
        const struct event_row *event = &store_memory_at(world->store, ROW_EVENT, i)->event;
        if (event->instruction != instruction->number)
            continue;
        if (event->sequence != ++sequence || event->from != state ||
            (event->to != event->from && !instruction_may(event->from, event->to)))
            world_fail(world, "instruction %llu: event %u goes from %s to %s",
                       (unsigned long long)instruction->number, event->sequence,
                       instruction_state_name(event->from), instruction_state_name(event->to));
        state = event->to;
    }
    if (state != instruction->state || sequence != instruction->event_count)
        world_fail(world, "instruction %llu is %s, its events say %s",
                   (unsigned long long)instruction->number,
                   instruction_state_name(instruction->state), instruction_state_name(state));
}

/* --- what came in --- */

static bool came_in(const struct world *world, const struct session_row *session, uint64_t number)
{
    for (size_t i = 0; i < count(world, ROW_MESSAGE_IN); i++) {
        const struct message_row *row = &store_memory_at(world->store, ROW_MESSAGE_IN, i)->message;
        if (row->number == number && row->generation == session->generation &&
            slice_equal(row->session, session->name))
            return true;
    }
    return false;
}

/* What the gateway will not ask for again it must have done with. */
static void check_came_in(struct world *world, const struct broker *broker)
{
    struct session_row session = world_session(world, broker->name);

    if (session.generation != broker->generation)
        return; /* a reset is under way */
    for (size_t i = 0; i < broker->kept_count; i++)
        if (broker->kept[i].number < session.next_in &&
            !came_in(world, &session, broker->kept[i].number))
            world_fail(world, "%s: message %llu is behind next_in and was never taken",
                       broker->name, (unsigned long long)broker->kept[i].number);
}

void check_store(struct world *world)
{
    for (unsigned i = 0; i < BROKERS; i++)
        check_came_in(world, &world->brokers[i]);
    for (size_t i = 0; i < count(world, ROW_BALANCE); i++)
        check_balance(world, &store_memory_at(world->store, ROW_BALANCE, i)->balance);
    for (size_t i = 0; i < count(world, ROW_INSTRUCTION); i++)
        check_history(world, instruction_at(world, i));
}

void check_deadlines(struct world *world)
{
    for (size_t i = 0; i < count(world, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction = instruction_at(world, i);
        bool under_way = instruction->state == INSTRUCTION_ACCEPTED ||
                         instruction->state == INSTRUCTION_SENT ||
                         instruction->state == INSTRUCTION_PENDING;
        if (under_way && instruction->deadline_utc_ns < world->now.utc_ns)
            world_fail(world, "instruction %llu is %s, and its deadline is over",
                       (unsigned long long)instruction->number,
                       instruction_state_name(instruction->state));
    }
}

/* --- what leaves --- */

void check_send(struct world *world, struct slice name, struct slice bytes)
{
    for (size_t i = 0; i < count(world, ROW_DOCUMENT); i++) {
        const struct document_row *document =
            &store_memory_at(world->store, ROW_DOCUMENT, i)->document;
        if (slice_equal(document->id, name) && slice_equal(document->bytes, bytes))
            return;
    }
    world_fail(world, "document %.*s left before it was kept", SLICE_ARG(name));
}

void check_filed(struct world *world, struct slice channel, struct slice bytes)
{
    struct digest digest = digest_of(bytes);

    for (size_t i = 0; i < count(world, ROW_INBOX); i++) {
        const struct inbox_row *inbox = &store_memory_at(world->store, ROW_INBOX, i)->inbox;
        if (slice_equal(inbox->channel, channel) && digest_equal(&inbox->content, &digest))
            return;
    }
    world_fail(world, "a document was filed before it was kept");
}

/* --- the end --- */

static const struct instruction *find_request(const struct world *world, const char *asker,
                                              const char *id)
{
    for (size_t i = 0; i < count(world, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction = instruction_at(world, i);
        if (slice_is(instruction_get(instruction, INSTRUCTION_TEXT_asker), asker) &&
            slice_is(instruction_get(instruction, INSTRUCTION_TEXT_request_id), id))
            return instruction;
    }
    return NULL;
}

static void agree_with_bank(struct world *world, const struct bank *bank,
                            const struct instruction *instruction)
{
    const struct order *order =
        bank_find_order(bank, instruction_get(instruction, INSTRUCTION_TEXT_order_id));
    bool paid = order != NULL && order->truth == TRUTH_PAID;
    bool settled = instruction->state == INSTRUCTION_SETTLED;

    if (!settled && instruction->state != INSTRUCTION_REFUSED)
        world_fail(world, "instruction %llu is still %s", (unsigned long long)instruction->number,
                   instruction_state_name(instruction->state));
    if (paid != settled)
        world_fail(world, "instruction %llu is %s, and the bank has %s it",
                   (unsigned long long)instruction->number,
                   instruction_state_name(instruction->state), paid ? "paid" : "not paid");
}

static void agree_on_requests(struct world *world, unsigned index)
{
    const struct broker *broker = &world->brokers[index];

    for (size_t i = 0; i < broker->request_count; i++) {
        const struct request *request = &broker->requests[i];
        const struct instruction *instruction = find_request(world, broker->name, request->id);

        if (instruction == NULL)
            world_fail(world, "%s: %s never arrived", broker->name, request->id);
        agree_with_bank(world, &world->banks[index], instruction);
        if (request->rank != (instruction->state == INSTRUCTION_SETTLED ? 3 : 4))
            world_fail(world, "%s: %s is %s, and the broker was told %d", broker->name, request->id,
                       instruction_state_name(instruction->state), request->rank);
    }
}

static unsigned answers(const struct broker *broker, struct slice report_id, bool yes)
{
    for (size_t i = 0; i < broker->announced_count; i++)
        if (slice_is(report_id, broker->announced[i].report_id))
            return yes ? broker->announced[i].yes : broker->announced[i].no;
    return 0;
}

static void agree_on_deposits(struct world *world, unsigned index)
{
    const struct bank *bank = &world->banks[index];

    for (size_t i = 0; i < bank->transfer_count; i++) {
        const struct bank_transfer *transfer = &bank->transfers[i];
        const struct instruction *instruction =
            find_request(world, bank->channel, transfer->transaction_id);

        if (instruction == NULL)
            world_fail(world, "%s never arrived", transfer->transaction_id);
        bool settled = instruction->state == INSTRUCTION_SETTLED;
        struct slice report = instruction_get(instruction, INSTRUCTION_TEXT_report_id);
        if (transfer->yes != settled)
            world_fail(world, "%s is %s, and the bank was told %s", transfer->transaction_id,
                       instruction_state_name(instruction->state), transfer->last_status);
        if (settled && answers(&world->brokers[index], report, false) != 0)
            world_fail(world, "%s is settled, and the broker said no", transfer->transaction_id);
        if (!settled && answers(&world->brokers[index], report, true) != 0)
            world_fail(world, "%s is %s, and the broker said yes", transfer->transaction_id,
                       instruction_state_name(instruction->state));
    }
}

void check_agreement(struct world *world)
{
    for (unsigned i = 0; i < BROKERS; i++) {
        agree_on_requests(world, i);
        agree_on_deposits(world, i);
    }
}
