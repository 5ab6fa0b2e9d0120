/* What left the store for the archive: old, ended, whole, and in one of the two
   places; what it did to balances stays behind. */
#include "world.h"

static struct row instruction_like(const struct instruction *instruction)
{
    return (struct row){ .kind = ROW_INSTRUCTION, .instruction = instruction };
}

static bool is_over(enum instruction_state state)
{
    return instruction_state_ended(state) || state == INSTRUCTION_SETTLED;
}

/* --- what was copied --- */

static void check_instruction(struct world *world, const struct archive_order *order,
                              const struct instruction *instruction)
{
    if (!is_over(instruction->state) || instruction->changed_utc_ns >= order->before_utc_ns ||
        instruction->number >= order->spared)
        world_fail(world, "instruction %llu is archived, and is %s, young or worked on",
                   (unsigned long long)instruction->number,
                   instruction_state_name(instruction->state));
    witness_list_add(&world->witness.copied, witness_find(&world->witness, instruction->number));
}

/* It goes with its instruction. */
static void check_belonging(struct world *world, uint64_t number)
{
    const struct instruction instruction = { .number = number };
    const struct row like = instruction_like(&instruction);

    if (store_memory_archived_find(world->store, &like) == NULL)
        world_fail(world, "a part of instruction %llu is archived without it",
                   (unsigned long long)number);
}

static void check_time(struct world *world, const struct archive_order *order, int64_t utc_ns)
{
    if (utc_ns >= order->before_utc_ns)
        world_fail(world, "what is within the window was archived");
}

static void check_row(struct world *world, const struct archive_order *order, const struct row *row)
{
    switch (row->kind) {
    case ROW_INSTRUCTION:
        check_instruction(world, order, row->instruction);
        break;
    case ROW_EVENT:
        check_belonging(world, row->event.instruction);
        break;
    case ROW_LEDGER:
        check_belonging(world, row->ledger.instruction);
        break;
    case ROW_DOCUMENT:
        if (row->document.state != DOCUMENT_TAKEN)
            world_fail(world, "document %.*s is archived before it left",
                       SLICE_ARG(row->document.id));
        if (row->document.instruction != 0)
            check_belonging(world, row->document.instruction);
        else
            check_time(world, order, row->document.utc_ns);
        break;
    case ROW_INBOX:
        check_time(world, order, row->inbox.utc_ns);
        break;
    case ROW_MESSAGE_IN:
    case ROW_MESSAGE_OUT:
        check_time(world, order, row->message.utc_ns);
        break;
    default:
        world_fail(world, "rows that are never archived are in the archive");
    }
}

static void check_copied(struct world *world, const struct archive_order *order)
{
    for (enum row_kind kind = 0; kind < ROW_KIND_COUNT; kind++) {
        size_t count = store_memory_archived_count(world->store, kind);
        for (size_t *index = &world->witness.archived[kind]; *index < count; ++*index)
            check_row(world, order, store_memory_archived_at(world->store, kind, *index));
    }
}

/* --- what has left --- */

static void check_history(struct world *world, const struct witness_instruction *seen,
                          const struct instruction *archived)
{
    struct row event = { .kind = ROW_EVENT, .event = { .instruction = seen->number } };

    if (archived->state != seen->state || archived->event_count != seen->events)
        world_fail(world, "instruction %llu is %s, and the archive has it as %s",
                   (unsigned long long)seen->number, instruction_state_name(seen->state),
                   instruction_state_name(archived->state));
    for (event.event.sequence = 1; event.event.sequence <= seen->events; event.event.sequence++)
        if (store_memory_archived_find(world->store, &event) == NULL ||
            store_memory_find(world->store, &event) != NULL)
            world_fail(world, "instruction %llu: event %u is not where its instruction is",
                       (unsigned long long)seen->number, event.event.sequence);
}

static bool has_waiting_document(const struct world *world, uint64_t number)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_DOCUMENT); i++) {
        const struct document_row *row = &store_memory_at(world->store, ROW_DOCUMENT, i)->document;
        if (row->instruction == number && row->state == DOCUMENT_WAITING)
            return true;
    }
    return false;
}

/* May it be in both places behind this turn?  Since it was copied it may have
   changed, or somebody works on it. */
static bool may_stay(const struct world *world, const struct archive_order *order,
                     const struct instruction *instruction)
{
    return !is_over(instruction->state) || instruction->changed_utc_ns >= order->before_utc_ns ||
           instruction->number >= order->spared || has_waiting_document(world, instruction->number);
}

/* Has it left?  It stays at most until all that is old is archived again. */
static bool has_left(struct world *world, const struct archive_order *order, bool complete,
                     struct witness_instruction *seen)
{
    const struct instruction instruction = { .number = seen->number };
    const struct row like = instruction_like(&instruction);
    const struct row *live = store_memory_find(world->store, &like);

    if (live == NULL) {
        seen->left = world->witness.now;
        check_history(world, seen, store_memory_archived_find(world->store, &like)->instruction);
        return true;
    }
    seen->may_stay = (seen->may_stay && !order->first) || may_stay(world, order, live->instruction);
    if (complete && !seen->may_stay)
        world_fail(world, "instruction %llu is archived, and has not left",
                   (unsigned long long)seen->number);
    return false;
}

void check_archived(struct world *world, const struct archive_order *order, bool complete)
{
    struct witness_list *copied = &world->witness.copied;
    size_t stay = 0;

    world->witness.now++;
    check_copied(world, order);
    for (size_t i = 0; i < copied->count; i++)
        if (!has_left(world, order, complete, copied->at[i]))
            copied->at[stay++] = copied->at[i];
    copied->count = stay;
}

/* --- both places together --- */

static bool is_carried(const struct row *row)
{
    return row->kind == ROW_LEDGER && row->ledger.instruction == 0 && row->ledger.sequence == 0;
}

static size_t count_in_both(const struct world *world, enum row_kind kind)
{
    size_t both = 0;

    for (size_t i = 0; i < store_memory_archived_count(world->store, kind); i++) {
        const struct row *row = store_memory_archived_at(world->store, kind, i);
        const struct row *live = store_memory_find(world->store, row);
        both += live != NULL && (kind != ROW_INBOX || live->inbox.number == row->inbox.number);
    }
    return both;
}

static bool same_way(const struct movement *one, const struct movement *other)
{
    return one->from == other->from && one->to == other->to &&
           slice_equal(one->key.client, other->key.client);
}

/* A line that was carried forward is all that left. */
static void check_carried(struct world *world, const struct movement *carried)
{
    int64_t left = 0;

    for (size_t i = 0; i < store_memory_archived_count(world->store, ROW_LEDGER); i++) {
        const struct row *row = store_memory_archived_at(world->store, ROW_LEDGER, i);
        if (same_way(&row->ledger.movement, carried) &&
            store_memory_find(world->store, row) == NULL)
            left += row->ledger.movement.amount_minor;
    }
    if (left != carried->amount_minor)
        world_fail(world, "%.*s: %lld was carried forward, and %lld has left",
                   SLICE_ARG(carried->key.client), (long long)carried->amount_minor,
                   (long long)left);
}

static size_t check_ledger(struct world *world)
{
    size_t carried = 0;

    for (size_t i = 0; i < store_memory_count(world->store, ROW_LEDGER); i++) {
        const struct row *row = store_memory_at(world->store, ROW_LEDGER, i);
        if (!is_carried(row))
            continue;
        carried++;
        check_carried(world, &row->ledger.movement);
    }
    return carried;
}

void check_both_places(struct world *world)
{
    static const struct {
        enum row_kind kind;
        const char *name;
    } kinds[] = {
        { ROW_INSTRUCTION, "instructions" }, { ROW_EVENT, "events" },
        { ROW_LEDGER, "ledger lines" },      { ROW_DOCUMENT, "documents" },
        { ROW_INBOX, "files of banks" },     { ROW_MESSAGE_IN, "messages in" },
        { ROW_MESSAGE_OUT, "messages out" },
    };
    size_t carried = check_ledger(world);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        enum row_kind kind = kinds[i].kind;
        size_t live = store_memory_count(world->store, kind);
        size_t archived = store_memory_archived_count(world->store, kind);
        size_t both = world->witness.torn ? count_in_both(world, kind) : 0;
        if (kind == ROW_LEDGER)
            live -= carried;
        if (live + archived - both != world->witness.rows[kind])
            world_fail(world, "of %zu %s there are %zu live, %zu archived, %zu of them both",
                       world->witness.rows[kind], kinds[i].name, live, archived, both);
    }
}
