/* Judges each batch that came into the store by what it changes. */
#include "witness.h"

#include "world.h"

#include "codecs/base/digest.h"
#include "routing/custody/custody.h"

#include <stdlib.h>

void witness_init(struct witness *witness)
{
    *witness = (struct witness){ 0 };
    arena_init(&witness->arena, ARENA_UNLIMITED);
    table_init(&witness->instructions);
    table_init(&witness->documents);
    table_init(&witness->inbox);
    table_init(&witness->names);
}

void witness_fini(struct witness *witness)
{
    table_fini(&witness->instructions);
    table_fini(&witness->documents);
    table_fini(&witness->inbox);
    table_fini(&witness->names);
    free(witness->sessions.at);
    free(witness->accounts.at);
    free(witness->filed.at);
    free(witness->all.at);
    free(witness->rejections.at);
    free(witness->copied.at);
    arena_fini(&witness->arena);
}

void witness_list_add(struct witness_list *list, void *one)
{
    list->at = memory_room(list->at, list->count, &list->room, sizeof *list->at);
    list->at[list->count++] = one;
}

static void *add(struct witness *witness, struct witness_list *list, size_t size)
{
    void *one = arena_take(&witness->arena, size);

    witness_list_add(list, one);
    return one;
}

static uint64_t number_hash(uint64_t number)
{
    return number * UINT64_C(0x9E3779B97F4A7C15);
}

/* --- sessions --- */

static struct witness_session *session_of(struct witness *witness, struct slice name)
{
    for (size_t i = 0; i < witness->sessions.count; i++) {
        struct witness_session *session = witness->sessions.at[i];
        if (slice_equal(session->name, name))
            return session;
    }
    struct witness_session *session = add(witness, &witness->sessions, sizeof *session);
    session->name = arena_copy(&witness->arena, name);
    return session;
}

/* What no connection has had outlives a reset: where nobody has logged on since, all of it
   goes into the new generation. */
static void check_carried(struct world *world, const struct witness_session *session)
{
    const struct session_row *before = &session->row;

    if (before->untold_first == 0 || session->wire_before_row.connected ||
        session->wire.logons != session->wire_before_row.logons)
        return;
    for (uint64_t number = before->untold_first; number < before->untold_next; number++) {
        const struct row like = { .kind = ROW_MESSAGE_OUT,
                                  .message = { .session = session->name,
                                               .generation = before->generation,
                                               .number = number } };
        if (store_memory_find(world->store, &like) != NULL)
            world_fail(world, "%.*s: message %llu waited, and was left behind by a reset",
                       SLICE_ARG(session->name), (unsigned long long)number);
    }
}

/* Numbers never go back, but with a new generation; and what was reserved ahead
   and not used is given back by a process that stops in good order. */
static void see_session(struct world *world, const struct row *row)
{
    struct witness_session *session = session_of(&world->witness, row->session.name);
    const struct session_row *before = &session->row;

    if (row->session.generation < before->generation ||
        (row->session.generation == before->generation &&
         (row->session.next_in < before->next_in ||
          (row->session.next_out < before->next_out && !world->stopping))))
        world_fail(world, "%.*s: its numbers go back", SLICE_ARG(session->name));
    if (row->session.generation != before->generation) {
        check_carried(world, session);
        session->came_in = 1;
    }
    session->wire_before_row = session->wire_then;
    session->row = row->session;
    session->row.name = session->name;
}

static void note_wires(struct witness *witness)
{
    for (size_t i = 0; i < witness->sessions.count; i++) {
        struct witness_session *session = witness->sessions.at[i];
        session->wire_then = session->wire;
    }
}

/* In whatever generation: a batch may have more than one reset. */
static bool is_live_behind(const struct world *world, const struct message_row *archived)
{
    bool live = false;

    for (size_t i = 0; !live && i < store_memory_count(world->store, ROW_MESSAGE_OUT); i++) {
        const struct message_row *row = &store_memory_at(world->store, ROW_MESSAGE_OUT, i)->message;
        live = row->generation > archived->generation && slice_equal(row->bytes, archived->bytes);
    }
    return live;
}

static bool is_archived_and_live(const struct world *world, const struct carry_row *carry,
                                 uint64_t number)
{
    const struct row like = {
        .kind = ROW_MESSAGE_OUT,
        .message = { .session = carry->session, .generation = carry->generation, .number = number }
    };
    const struct row *archived = store_memory_archived_find(world->store, &like);

    return archived != NULL && is_live_behind(world, &archived->message);
}

/* One that a torn archiving has left in both places becomes two. */
static void see_carry(struct world *world, const struct row *row)
{
    for (uint64_t number = row->carry.first; number <= row->carry.last; number++)
        world->witness.rows[ROW_MESSAGE_OUT] += is_archived_and_live(world, &row->carry, number);
}

static bool has_come_in(const struct world *world, const struct session_row *session,
                        uint64_t number)
{
    const struct row like = {
        .kind = ROW_MESSAGE_IN,
        .message = { .session = session->name, .generation = session->generation, .number = number }
    };

    return world_row(world, &like) != NULL;
}

/* What the gateway will not ask for again it must have done with. */
static void check_came_in(struct world *world, const struct broker *broker)
{
    struct witness_session *session = session_of(&world->witness, slice_of(broker->name));

    if (session->row.generation != broker->generation)
        return; /* a reset is under way */
    for (; session->came_in < session->row.next_in; session->came_in++)
        if (broker_kept(broker, session->came_in) &&
            !has_come_in(world, &session->row, session->came_in))
            world_fail(world, "%s: message %llu is behind next_in and was never taken",
                       broker->name, (unsigned long long)session->came_in);
}

/* --- money --- */

static struct witness_account *account_of(struct witness *witness, struct slice client)
{
    for (size_t i = 0; i < witness->accounts.count; i++) {
        struct witness_account *account = witness->accounts.at[i];
        if (slice_equal(account->client, client))
            return account;
    }
    struct witness_account *account = add(witness, &witness->accounts, sizeof *account);
    account->client = arena_copy(&witness->arena, client);
    return account;
}

static void see_ledger(struct world *world, const struct row *row)
{
    const struct movement *movement = &row->ledger.movement;
    struct witness_account *account = account_of(&world->witness, movement->key.client);

    account->ledger[movement->from] -= movement->amount_minor;
    account->ledger[movement->to] += movement->amount_minor;
}

static void see_balance(struct world *world, const struct row *row)
{
    struct witness_account *account = account_of(&world->witness, row->balance.key.client);

    account->balance.free_minor = row->balance.free_minor;
    account->balance.reserved_minor = row->balance.reserved_minor;
}

static void check_account(struct world *world, const struct witness_account *account)
{
    const struct balance *balance = &account->balance;
    int64_t opening = -account->ledger[LEDGER_OPENING];

    if (balance->free_minor < 0 || balance->reserved_minor < 0)
        world_fail(world, "%.*s: a balance is below its floor", SLICE_ARG(account->client));
    if (account->ledger[LEDGER_FREE] != balance->free_minor ||
        account->ledger[LEDGER_RESERVED] != balance->reserved_minor)
        world_fail(world, "%.*s: the ledger does not explain the balance",
                   SLICE_ARG(account->client));
    if (balance->reserved_minor != account->states[LEDGER_RESERVED])
        world_fail(world, "%.*s: what is reserved is not what is under way",
                   SLICE_ARG(account->client));
    if (balance->free_minor != opening + account->states[LEDGER_FREE])
        world_fail(world, "%.*s: money is not conserved", SLICE_ARG(account->client));
}

/* --- instructions --- */

struct witness_instruction *witness_find(const struct witness *witness, uint64_t number)
{
    struct table_entry *at = table_first(&witness->instructions, number_hash(number));

    for (; at != NULL; at = table_next(at)) {
        struct witness_instruction *instruction = at->owner;
        if (instruction->number == number)
            return instruction;
    }
    return NULL;
}

static struct witness_instruction *instruction_of(struct witness *witness, uint64_t number)
{
    struct witness_instruction *instruction = witness_find(witness, number);

    if (instruction != NULL)
        return instruction;
    instruction = add(witness, &witness->all, sizeof *instruction);
    instruction->number = number;
    table_add(&witness->instructions, &instruction->by_number, number_hash(number), instruction);
    return instruction;
}

/* The money of an instruction lies where its state says; sign -1: no longer. */
static void lay_money(struct witness *witness, const struct witness_instruction *instruction,
                      int sign)
{
    struct witness_account *account = account_of(witness, instruction->client);
    enum ledger_side from = custody_side(instruction->flow, INSTRUCTION_NONE);
    enum ledger_side to = custody_side(instruction->flow, instruction->state);

    account->states[from] -= sign * instruction->amount_minor;
    account->states[to] += sign * instruction->amount_minor;
}

/* A copy of the text that is kept already is no new one. */
static void keep_text(struct witness *witness, struct slice *kept, const struct row *row,
                      enum instruction_text text)
{
    struct slice value = instruction_get(row->instruction, text);

    if (!slice_equal(value, *kept))
        *kept = arena_copy(&witness->arena, value);
}

static void see_instruction(struct world *world, const struct row *row)
{
    struct witness *witness = &world->witness;
    struct witness_instruction *instruction = instruction_of(witness, row->instruction->number);
    bool is_new = instruction->state == INSTRUCTION_NONE;

    if (instruction->left != 0)
        world_fail(world, "instruction %llu was archived, and is live again",
                   (unsigned long long)instruction->number);
    if (is_new)
        witness_name(world, row->instruction, instruction);
    else
        lay_money(witness, instruction, -1);
    witness->rows[ROW_INSTRUCTION] += is_new;
    keep_text(witness, &instruction->client, row, INSTRUCTION_TEXT_client);
    keep_text(witness, &instruction->session, row, INSTRUCTION_TEXT_session);
    keep_text(witness, &instruction->order_instruction, row, INSTRUCTION_TEXT_order_instruction);
    keep_text(witness, &instruction->bank_message, row, INSTRUCTION_TEXT_bank_message_id);
    if (instruction->order_instruction.size != 0 && instruction->ordered == 0)
        instruction->ordered = witness->now;
    instruction->flow = row->instruction->flow;
    instruction->amount_minor = row->instruction->amount_minor;
    instruction->state = row->instruction->state;
    instruction->row_events = row->instruction->event_count;
    lay_money(witness, instruction, 1);
}

static bool is_expecting(enum instruction_state state)
{
    return state == INSTRUCTION_ACCEPTED || state == INSTRUCTION_SENT ||
           state == INSTRUCTION_PENDING;
}

static void see_event(struct world *world, const struct row *row)
{
    const struct event_row *event = &row->event;
    struct witness_instruction *instruction = instruction_of(&world->witness, event->instruction);

    if (event->sequence != instruction->events + 1 || event->from != instruction->told ||
        (event->to != event->from && !instruction_may(event->from, event->to)))
        world_fail(world, "instruction %llu: event %u goes from %s to %s",
                   (unsigned long long)event->instruction, event->sequence,
                   instruction_state_name(event->from), instruction_state_name(event->to));
    if (event->to == INSTRUCTION_IN_DOUBT && event->from != event->to)
        instruction->alerted = false;
    if (!is_expecting(event->from) && is_expecting(event->to))
        instruction->expected_ns = world->now.steady_ns;
    if (event->from != event->to)
        instruction->cause = arena_copy(&world->witness.arena, event->cause);
    instruction->events = event->sequence;
    instruction->told = event->to;
    instruction->been |= 1u << event->to;
}

static void check_instruction(struct world *world, uint64_t number)
{
    const struct witness_instruction *instruction = witness_find(&world->witness, number);

    if (instruction->told != instruction->state || instruction->events != instruction->row_events)
        world_fail(world, "instruction %llu is %s, its events say %s", (unsigned long long)number,
                   instruction_state_name(instruction->state),
                   instruction_state_name(instruction->told));
}

/* --- documents --- */

struct document {
    struct table_entry by_id;
    struct slice id, bytes;
};

static struct document *find_document(const struct witness *witness, struct slice id)
{
    struct table_entry *at = table_first(&witness->documents, table_hash(&id, 1));

    for (; at != NULL; at = table_next(at)) {
        struct document *document = at->owner;
        if (slice_equal(document->id, id))
            return document;
    }
    return NULL;
}

/* What an id stands for never changes. */
static void see_document(struct world *world, const struct row *row)
{
    struct witness *witness = &world->witness;
    struct document *document = find_document(witness, row->document.id);

    if (document == NULL) {
        document = arena_take(&witness->arena, sizeof *document);
        document->id = arena_copy(&witness->arena, row->document.id);
        document->bytes = arena_copy(&witness->arena, row->document.bytes);
        table_add(&witness->documents, &document->by_id, table_hash(&document->id, 1), document);
        rejections_see(world, row->document.channel, document->id, document->bytes);
        witness->rows[ROW_DOCUMENT]++;
    } else if (!slice_equal(document->bytes, row->document.bytes)) {
        world_fail(world, "document %.*s has other content now", SLICE_ARG(document->id));
    }
}

static void see_inbox(struct world *world, const struct row *row)
{
    struct witness *witness = &world->witness;
    struct witness_filed *entry = add(witness, &witness->filed, sizeof *entry);

    entry->channel = arena_copy(&witness->arena, row->inbox.channel);
    entry->id = arena_copy(&witness->arena, row->inbox.id);
    entry->content = row->inbox.content;
    entry->when = witness->now;
    table_add(&witness->inbox, &entry->by_content, digest_u64(&entry->content), entry);
}

bool witness_inbox(const struct witness *witness, struct slice channel, struct slice bytes)
{
    struct digest content = digest_of(bytes);
    struct table_entry *at = table_first(&witness->inbox, digest_u64(&content));

    for (; at != NULL; at = table_next(at)) {
        const struct witness_filed *entry = at->owner;
        if (digest_equal(&entry->content, &content) && slice_equal(entry->channel, channel))
            return true;
    }
    return false;
}

/* --- a batch --- */

static void (*const seen[ROW_KIND_COUNT])(struct world *world, const struct row *row) = {
    [ROW_SESSION] = see_session, [ROW_INSTRUCTION] = see_instruction,
    [ROW_EVENT] = see_event,     [ROW_LEDGER] = see_ledger,
    [ROW_BALANCE] = see_balance, [ROW_DOCUMENT] = see_document,
    [ROW_INBOX] = see_inbox,     [ROW_CARRY] = see_carry,
};

void witness_batch(struct world *world, const struct batch *batch)
{
    struct witness *witness = &world->witness;

    witness->now++;
    for (size_t i = 0; i < batch_count(batch); i++) {
        const struct row *row = batch_at(batch, i);
        witness->rows[row->kind] += !row_is_state(row->kind);
        if (seen[row->kind] != NULL)
            seen[row->kind](world, row);
    }
    for (size_t i = 0; i < batch_count(batch); i++) {
        const struct row *row = batch_at(batch, i);
        if (row->kind == ROW_INSTRUCTION)
            check_instruction(world, row->instruction->number);
        else if (row->kind == ROW_EVENT)
            check_instruction(world, row->event.instruction);
    }
    for (size_t i = 0; i < witness->accounts.count; i++)
        check_account(world, witness->accounts.at[i]);
    for (unsigned i = 0; i < BROKERS; i++)
        check_came_in(world, &world->brokers[i]);
    note_wires(witness);
    check_new_rejections(world);
}

/* --- the log --- */

static struct slice pair_of(const struct log_event *event, const char *key)
{
    for (unsigned i = 0; i < event->count; i++)
        if (strcmp(event->pairs[i].key, key) == 0)
            return event->pairs[i].value;
    return SLICE_NONE;
}

/* An end without a session is that of a connection that had none. */
static void see_wire(struct witness *witness, struct slice name, bool logon)
{
    if (name.at == NULL)
        return;
    struct witness_session *session = session_of(witness, name);
    session->wire.logons += logon;
    session->wire.connected = logon;
}

/* What is refused for its SendingTime counts as heard, and is told by a Reject. */
static void see_fault(struct world *world, const struct log_event *event)
{
    uint64_t number;

    if (!slice_is(pair_of(event, "fault"), "sending_time_off") ||
        !slice_to_u64(pair_of(event, "number"), UINT64_MAX, &number))
        return;
    for (unsigned i = 0; i < BROKERS; i++)
        if (slice_is(pair_of(event, "session"), world->brokers[i].name))
            broker_refused(&world->brokers[i], number);
}

/* A line that tells of a state is an effect like any other. */
void witness_log(struct world *world, const struct log_event *event)
{
    struct witness_instruction *instruction =
        witness_find(&world->witness, witness_number(pair_of(event, "id")));
    enum instruction_state state;

    if (event->kind == &log_in_doubt && instruction != NULL)
        instruction->alerted = true;
    if (event->kind == &log_session_fault)
        see_fault(world, event);
    if (event->kind == &log_session_logon || event->kind == &log_session_end)
        see_wire(&world->witness, pair_of(event, "session"), event->kind == &log_session_logon);
    if (event->kind != &log_instruction)
        return;
    if (!instruction_state_named(pair_of(event, "state"), &state) || instruction == NULL ||
        (instruction->been & 1u << state) == 0)
        world_fail(world, "the log tells of %.*s before it was kept",
                   SLICE_ARG(pair_of(event, "id")));
}
