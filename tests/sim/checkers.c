/* What must hold whatever happens: money is conserved, histories are permitted,
   and nothing leaves before its commit. */
#include "world.h"

#define DEADLINE_MAX_S 32 /* the longest that is configured, and the time of a commit */

static const struct instruction *instruction_at(const struct world *world, size_t index)
{
    return store_memory_at(world->store, ROW_INSTRUCTION, index)->instruction;
}

static size_t count(const struct world *world, enum row_kind kind)
{
    return store_memory_count(world->store, kind);
}

/* --- the whole store --- */

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

static void check_balance(struct world *world, const struct balance *balance)
{
    if (ledger_sum(world, balance, LEDGER_FREE) != balance->free_minor ||
        ledger_sum(world, balance, LEDGER_RESERVED) != balance->reserved_minor)
        world_fail(world, "%.*s: the ledger does not explain the balance",
                   SLICE_ARG(balance->key.client));
}

/* As the store has it and as its batches were seen. */
static void check_instruction(struct world *world, const struct instruction *instruction)
{
    const struct witness_instruction *seen = witness_find(&world->witness, instruction->number);
    struct row last = { .kind = ROW_EVENT,
                        .event = { .instruction = instruction->number,
                                   .sequence = instruction->event_count } };
    const struct row *event = store_memory_find(world->store, &last);

    if (seen == NULL || seen->left != 0 || seen->state != instruction->state ||
        seen->amount_minor != instruction->amount_minor || event == NULL ||
        event->event.to != instruction->state)
        world_fail(world, "instruction %llu: the store has it as %s",
                   (unsigned long long)instruction->number,
                   instruction_state_name(instruction->state));
}

void check_store(struct world *world)
{
    size_t events = 0;

    for (size_t i = 0; i < count(world, ROW_BALANCE); i++)
        check_balance(world, &store_memory_at(world->store, ROW_BALANCE, i)->balance);
    for (size_t i = 0; i < count(world, ROW_INSTRUCTION); i++) {
        check_instruction(world, instruction_at(world, i));
        events += instruction_at(world, i)->event_count;
    }
    if (events != count(world, ROW_EVENT))
        world_fail(world, "there are %zu events, the instructions have %zu",
                   count(world, ROW_EVENT), events);
    check_both_places(world);
}

/* By the steady clock: the other one may have jumped. */
void check_deadlines(struct world *world)
{
    for (size_t i = 0; i < count(world, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction = instruction_at(world, i);
        int64_t since_ns = witness_find(&world->witness, instruction->number)->expected_ns;
        bool under_way = instruction->state == INSTRUCTION_ACCEPTED ||
                         instruction->state == INSTRUCTION_SENT ||
                         instruction->state == INSTRUCTION_PENDING;
        if (since_ns < world->began_ns)
            since_ns = world->began_ns;
        if (under_way && world->now.steady_ns - since_ns > SECONDS_NS(DEADLINE_MAX_S))
            world_fail(world, "instruction %llu is %s, and its deadline is over",
                       (unsigned long long)instruction->number,
                       instruction_state_name(instruction->state));
    }
}

/* --- what leaves --- */

void check_send(struct world *world, struct slice name, struct slice bytes)
{
    const struct row like = { .kind = ROW_DOCUMENT, .document = { .id = name } };
    const struct row *row = store_memory_find(world->store, &like);

    if (row == NULL || !slice_equal(row->document.bytes, bytes))
        world_fail(world, "document %.*s left before it was kept", SLICE_ARG(name));
}

void check_filed(struct world *world, struct slice channel, struct slice bytes)
{
    if (!witness_inbox(&world->witness, channel, bytes))
        world_fail(world, "a document was filed before it was kept");
}

void check_alerts(struct world *world)
{
    for (size_t i = 0; i < count(world, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction = instruction_at(world, i);
        if (instruction->state == INSTRUCTION_IN_DOUBT &&
            !witness_find(&world->witness, instruction->number)->alerted)
            world_fail(world, "instruction %llu is in doubt, and nobody was told",
                       (unsigned long long)instruction->number);
    }
}

void check_outbox(struct world *world)
{
    for (size_t i = 0; i < count(world, ROW_DOCUMENT); i++) {
        const struct document_row *document =
            &store_memory_at(world->store, ROW_DOCUMENT, i)->document;
        if (document->state == DOCUMENT_WAITING)
            world_fail(world, "document %.*s still waits in the outbox", SLICE_ARG(document->id));
    }
}
