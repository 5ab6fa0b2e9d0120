/* The store in memory: the same promises as the durable one, for tests,
   benchmarks and the simulator. */
#include "gateway/store/store_memory.h"

#include "gateway/store/store_common.h"
#include "gateway/store/store_memory_rows.h"

#include <assert.h>
#include <stdlib.h>

/* Rules that a batch must keep. */

struct kept *memory_find(const struct memory *memory, const struct row *row)
{
    if (!row_has_key(row))
        return NULL;
    struct table_entry *at = table_first(&memory->keys, row_key_hash(row));
    for (; at != NULL; at = table_next(at)) {
        struct kept *kept = at->owner;
        if (row_same_key(&kept->row, row))
            return kept;
    }
    return NULL;
}

static uint64_t request_hash(const struct instruction *instruction)
{
    const struct slice parts[] = {
        instruction_get(instruction, INSTRUCTION_TEXT_asker),
        instruction_get(instruction, INSTRUCTION_TEXT_request_id),
    };
    return table_hash(parts, 2);
}

static bool same_request(const struct instruction *one, const struct instruction *other)
{
    return slice_equal(instruction_get(one, INSTRUCTION_TEXT_asker),
                       instruction_get(other, INSTRUCTION_TEXT_asker)) &&
           slice_equal(instruction_get(one, INSTRUCTION_TEXT_request_id),
                       instruction_get(other, INSTRUCTION_TEXT_request_id));
}

/* Another instruction with the same asker and request id. */
static bool request_is_taken(const struct memory *memory, const struct instruction *instruction)
{
    const struct table_entry *at = table_first(&memory->requests, request_hash(instruction));
    for (; at != NULL; at = table_next(at)) {
        const struct kept *kept = at->owner;
        if (kept->row.instruction->number != instruction->number &&
            same_request(kept->row.instruction, instruction))
            return true;
    }
    return false;
}

static bool session_is_there(const struct memory *memory, struct slice name)
{
    return memory_find(memory, &(struct row){ .kind = ROW_SESSION, .session = { .name = name } }) !=
           NULL;
}

static bool instruction_is_there(const struct memory *memory, uint64_t number)
{
    const struct instruction instruction = { .number = number };
    return number == 0 || memory_find(memory, &(struct row){ .kind = ROW_INSTRUCTION,
                                                             .instruction = &instruction });
}

static bool balance_is_there(const struct memory *memory, const struct balance_key *key)
{
    return memory_find(memory, &(struct row){ .kind = ROW_BALANCE, .balance = { .key = *key } }) !=
           NULL;
}

/* Does what the row speaks of exist?  Asked when the whole batch is in. */
static bool refers_well(const struct memory *memory, const struct row *row)
{
    switch (row->kind) {
    case ROW_MESSAGE_OUT:
    case ROW_MESSAGE_IN:
        return session_is_there(memory, row->message.session);
    case ROW_EVENT:
        return row->event.instruction != 0 && instruction_is_there(memory, row->event.instruction);
    case ROW_LEDGER:
        return instruction_is_there(memory, row->ledger.instruction) &&
               balance_is_there(memory, &row->ledger.movement.key);
    case ROW_DOCUMENT:
        return instruction_is_there(memory, row->document.instruction);
    default:
        return true;
    }
}

static bool instruction_is_good(const struct memory *memory, const struct instruction *instruction)
{
    return instruction->amount_minor >= 0 &&
           instruction_get(instruction, INSTRUCTION_TEXT_id).at != NULL &&
           instruction_get(instruction, INSTRUCTION_TEXT_asker).at != NULL &&
           instruction_get(instruction, INSTRUCTION_TEXT_request_id).at != NULL &&
           !request_is_taken(memory, instruction);
}

static bool is_good(const struct memory *memory, const struct row *row)
{
    switch (row->kind) {
    case ROW_INSTRUCTION:
        return instruction_is_good(memory, row->instruction);
    case ROW_BALANCE:
        return row->balance.free_minor >= 0 && row->balance.reserved_minor >= 0;
    case ROW_LEDGER:
        return row->ledger.movement.amount_minor > 0 &&
               row->ledger.movement.from != row->ledger.movement.to;
    case ROW_FILTER:
        return row->filter.first > 0 && row->filter.last >= row->filter.first &&
               row->filter.bits.size > 0;
    default:
        return true;
    }
}

struct change_list {
    struct change *at;
    size_t count, room;
};

void kept_list_add(struct kept_list *list, struct kept *kept)
{
    list->at = memory_room(list->at, list->count, &list->room, sizeof(void *));
    list->at[list->count++] = kept;
}

void memory_keep(struct memory *memory, const struct row *row, struct change *change)
{
    struct kept_list *list = &memory->rows[row->kind];
    struct kept *kept = arena_take(&memory->arena, sizeof *kept);
    kept->row = row_copy(row, &memory->arena);
    kept_list_add(list, kept);
    table_add(&memory->keys, &kept->by_key, row_key_hash(row), kept);
    if (row->kind == ROW_INSTRUCTION)
        table_add(&memory->requests, &kept->by_request, request_hash(row->instruction), kept);
    *change = (struct change){ .kept = kept, .is_new = true };
}

/* Its key may be another one then. */
static void replace(struct memory *memory, struct kept *kept, const struct row *row)
{
    table_remove(&memory->keys, &kept->by_key);
    kept->row = *row;
    table_add(&memory->keys, &kept->by_key, row_key_hash(row), kept);
}

static void take_back(struct memory *memory, const struct change *change)
{
    struct kept *kept = change->kept;
    if (!change->is_new) {
        replace(memory, kept, &change->before);
        return;
    }
    memory->rows[kept->row.kind].count--;
    table_remove(&memory->keys, &kept->by_key);
    if (kept->row.kind == ROW_INSTRUCTION)
        table_remove(&memory->requests, &kept->by_request);
}

static struct change *add_change(struct change_list *changes)
{
    changes->at = memory_room(changes->at, changes->count, &changes->room, sizeof *changes->at);
    return &changes->at[changes->count++];
}

static bool is_carried(const struct message_row *message, const struct carry_row *carry)
{
    return slice_equal(message->session, carry->session) &&
           message->generation == carry->generation && message->number >= carry->first &&
           message->number <= carry->last;
}

static bool put_carry(struct memory *memory, const struct carry_row *carry,
                      struct change_list *changes)
{
    const struct kept_list *list = &memory->rows[ROW_MESSAGE_OUT];
    for (size_t i = 0; i < list->count; i++) {
        struct row row = list->at[i]->row;
        if (!is_carried(&row.message, carry))
            continue;
        *add_change(changes) = (struct change){ .kept = list->at[i], .before = row };
        row.message.generation++;
        row.message.number += carry->number - carry->first;
        replace(memory, list->at[i], &row);
    }
    return true;
}

static bool put(struct memory *memory, const struct row *row, struct change_list *changes)
{
    if (row->kind == ROW_CARRY)
        return put_carry(memory, &row->carry, changes);
    if (!is_good(memory, row))
        return false;
    struct kept *kept = memory_find(memory, row);
    if (kept != NULL && row->kind == ROW_CONFIGURATION)
        return true; /* active again */
    if (kept != NULL && !row_is_state(row->kind))
        return false;
    struct change *change = add_change(changes);
    if (kept == NULL) {
        memory_keep(memory, row, change);
    } else {
        *change = (struct change){ .kept = kept, .before = kept->row };
        kept->row = row_copy(row, &memory->arena);
    }
    return true;
}

static bool put_all(struct memory *memory, const struct batch *batch, struct change_list *changes)
{
    for (size_t i = 0; i < batch_count(batch); i++)
        if (!put(memory, batch_at(batch, i), changes))
            return false;
    for (size_t i = 0; i < batch_count(batch); i++)
        if (!refers_well(memory, batch_at(batch, i)))
            return false;
    return true;
}

static bool apply(struct memory *memory, const struct batch *batch, struct error *error)
{
    struct change_list changes = { NULL, 0, 0 };
    bool good = put_all(memory, batch, &changes);
    while (!good && changes.count > 0)
        take_back(memory, &changes.at[--changes.count]);
    free(changes.at);
    if (!good)
        return error_at(error, &store_refused, PLACE_NONE, "batch %llu",
                        (unsigned long long)batch_number(batch));
    uint64_t highest = store_highest_number(batch);
    memory->last_batch = batch_number(batch);
    if (highest > memory->last_number)
        memory->last_number = highest;
    return true;
}

static bool memory_commit(struct store *store, const struct batch *batch, struct error *error)
{
    struct memory *memory = memory_of(store);
    enum store_memory_fault fault = memory->faults_left > 0 ? memory->fault : STORE_MEMORY_WELL;
    if (batch_epoch(batch) != memory->epoch || batch_number(batch) <= memory->last_batch)
        return error_at(error, &store_fenced, PLACE_NONE, "batch %llu of epoch %llu",
                        (unsigned long long)batch_number(batch),
                        (unsigned long long)batch_epoch(batch));
    if (fault != STORE_MEMORY_FAILS_BEFORE && !apply(memory, batch, error))
        return false;
    if (fault == STORE_MEMORY_WELL)
        return true;
    memory->faults_left--;
    return error_at(error, memory->fault_kind, PLACE_NONE, "batch %llu",
                    (unsigned long long)batch_number(batch));
}

/* What is told at start, step by step. */

static bool any(const struct memory *memory, const struct row *row)
{
    (void)memory;
    (void)row;
    return true;
}

static bool is_open(const struct memory *memory, const struct row *row)
{
    (void)memory;
    return store_state_is_open(row->instruction->state);
}

static bool is_waiting(const struct memory *memory, const struct row *row)
{
    (void)memory;
    return row->document.state == DOCUMENT_WAITING;
}

static bool is_untold(const struct memory *memory, const struct row *row)
{
    const struct row told = { .kind = ROW_TOLD, .told = { row->alert.number } };
    return memory_find(memory, &told) == NULL;
}

static const struct load_step {
    enum row_kind rows;
    bool (*wanted)(const struct memory *memory, const struct row *row);
} load_steps[] = {
    { ROW_LINK, any },        { ROW_BALANCE, any },         { ROW_SESSION, any },
    { ROW_FILTER, any },      { ROW_INSTRUCTION, is_open }, { ROW_DOCUMENT, is_waiting },
    { ROW_ALERT, is_untold },
};

enum { LOAD_STEP_COUNT = sizeof load_steps / sizeof *load_steps };

static uint64_t last_sealed(const struct memory *memory)
{
    const struct kept_list *filters = &memory->rows[ROW_FILTER];
    uint64_t last = 0;
    for (size_t i = 0; i < filters->count; i++)
        if (filters->at[i]->row.filter.last > last)
            last = filters->at[i]->row.filter.last;
    return last;
}

static void tell(struct memory *memory, enum loaded_kind kind, struct slice scope, struct slice id,
                 uint64_t number)
{
    if (id.at == NULL)
        return;
    memory->told =
        memory_room(memory->told, memory->told_count, &memory->told_room, sizeof *memory->told);
    memory->told[memory->told_count++] =
        (struct loaded){ .kind = kind, .scope = scope, .id = id, .number = number };
}

static void tell_instruction(struct memory *memory, const struct instruction *instruction)
{
    struct slice asker = instruction_get(instruction, INSTRUCTION_TEXT_asker);
    tell(memory, LOADED_INSTRUCTION_KEY, asker,
         instruction_get(instruction, INSTRUCTION_TEXT_request_id), instruction->number);
    if (instruction->flow == FLOW_DEPOSIT) {
        tell(memory, LOADED_PAYMENT_KEY, asker, instruction_get(instruction, INSTRUCTION_TEXT_uetr),
             instruction->number);
        tell(memory, LOADED_TAKEN_KEY, asker,
             instruction_get(instruction, INSTRUCTION_TEXT_bank_message_id), instruction->number);
    }
    tell(memory, LOADED_ORDER_KEY, instruction_get(instruction, INSTRUCTION_TEXT_channel),
         instruction_get(instruction, INSTRUCTION_TEXT_order_instruction), instruction->number);
}

static int by_number(const void *one, const void *other)
{
    const struct loaded *left = one, *right = other;
    if (left->number != right->number)
        return left->number < right->number ? -1 : 1;
    return left->kind < right->kind ? -1 : left->kind > right->kind;
}

static void collect_keys(struct memory *memory)
{
    const struct kept_list *instructions = &memory->rows[ROW_INSTRUCTION];
    const struct kept_list *inbox = &memory->rows[ROW_INBOX];
    uint64_t sealed = last_sealed(memory);
    memory->told_count = 0;
    for (size_t i = 0; i < instructions->count; i++)
        if (instructions->at[i]->row.instruction->number > sealed)
            tell_instruction(memory, instructions->at[i]->row.instruction);
    for (size_t i = 0; i < inbox->count; i++) {
        const struct inbox_row *row = &inbox->at[i]->row.inbox;
        if (row->number > sealed)
            tell(memory, LOADED_INBOX_KEY, row->channel, row->id, row->number);
    }
    if (memory->told_count > 0)
        qsort(memory->told, memory->told_count, sizeof *memory->told, by_number);
}

static void memory_load(struct store *store)
{
    struct memory *memory = memory_of(store);
    memory->load_step = memory->load_index = 0;
    collect_keys(memory);
}

static bool next_row(struct memory *memory, struct loaded *loaded)
{
    for (; memory->load_step < LOAD_STEP_COUNT; memory->load_step++, memory->load_index = 0) {
        const struct load_step *step = &load_steps[memory->load_step];
        const struct kept_list *list = &memory->rows[step->rows];
        while (memory->load_index < list->count) {
            const struct row *row = &list->at[memory->load_index++]->row;
            if (!step->wanted(memory, row))
                continue;
            *loaded = (struct loaded){ .kind = LOADED_ROW, .row = *row };
            return true;
        }
    }
    return false;
}

static bool memory_load_next(struct store *store, struct loaded *loaded, struct error *error)
{
    struct memory *memory = memory_of(store);
    if (next_row(memory, loaded))
        return true;
    if (memory->load_index < memory->told_count) {
        *loaded = memory->told[memory->load_index++];
        return true;
    }
    *error = (struct error){ .kind = NULL };
    return false;
}

/* Questions. */

static bool in_range(const struct query *query, uint64_t number)
{
    return query->first <= number && number <= query->last;
}

static bool names(const struct query *query, const struct instruction *instruction,
                  enum instruction_text scope, enum instruction_text id)
{
    return in_range(query, instruction->number) &&
           slice_equal(query->session, instruction_get(instruction, scope)) &&
           slice_equal(query->id, instruction_get(instruction, id));
}

static bool matches_instruction(const struct query *query, const struct instruction *instruction)
{
    switch (query->kind) {
    case QUERY_INSTRUCTION_BY_ID:
        return slice_equal(query->id, instruction_get(instruction, INSTRUCTION_TEXT_id)) ||
               slice_equal(query->id, instruction_get(instruction, INSTRUCTION_TEXT_request_id));
    case QUERY_BY_REQUEST:
        return names(query, instruction, INSTRUCTION_TEXT_asker, INSTRUCTION_TEXT_request_id);
    case QUERY_BY_PAYMENT:
        return instruction->flow == FLOW_DEPOSIT &&
               names(query, instruction, INSTRUCTION_TEXT_asker, INSTRUCTION_TEXT_uetr);
    case QUERY_BY_ORDER:
        return names(query, instruction, INSTRUCTION_TEXT_channel,
                     INSTRUCTION_TEXT_order_instruction);
    default:
        return query->state < 0 || query->state == (int)instruction->state;
    }
}

static bool matches_message(const struct query *query, const struct message_row *message)
{
    return slice_equal(query->session, message->session) &&
           query->generation == message->generation && query->first <= message->number &&
           message->number <= query->last;
}

static bool matches(const struct query *query, const struct row *row)
{
    switch (query->kind) {
    case QUERY_MESSAGES_OUT:
        return matches_message(query, &row->message);
    case QUERY_INSTRUCTION_BY_ID:
    case QUERY_BY_REQUEST:
    case QUERY_BY_PAYMENT:
    case QUERY_BY_ORDER:
    case QUERY_INSTRUCTIONS:
        return matches_instruction(query, row->instruction);
    case QUERY_EVENTS:
        return query->number == row->event.instruction;
    case QUERY_LEDGER:
        return query->number == row->ledger.instruction;
    case QUERY_DOCUMENTS:
        return query->number == row->document.instruction;
    default:
        return true;
    }
}

static const enum row_kind query_rows[] = {
    [QUERY_MESSAGES_OUT] = ROW_MESSAGE_OUT,
    [QUERY_INSTRUCTION] = ROW_INSTRUCTION,
    [QUERY_INSTRUCTION_BY_ID] = ROW_INSTRUCTION,
    [QUERY_BY_REQUEST] = ROW_INSTRUCTION,
    [QUERY_BY_PAYMENT] = ROW_INSTRUCTION,
    [QUERY_BY_ORDER] = ROW_INSTRUCTION,
    [QUERY_INSTRUCTIONS] = ROW_INSTRUCTION,
    [QUERY_EVENTS] = ROW_EVENT,
    [QUERY_LEDGER] = ROW_LEDGER,
    [QUERY_DOCUMENTS] = ROW_DOCUMENT,
    [QUERY_DOCUMENT] = ROW_DOCUMENT,
    [QUERY_INBOX] = ROW_INBOX,
    [QUERY_BALANCES] = ROW_BALANCE,
};

/* A question for the one row with a key: *kept is the row, NULL when there is none. */
static bool asks_for_one(const struct memory *memory, const struct query *query,
                         const struct kept **kept)
{
    const struct instruction instruction = { .number = query->number };
    struct row row = { .kind = query_rows[query->kind] };
    if (query->kind == QUERY_INSTRUCTION) {
        row.instruction = &instruction;
    } else if (query->kind == QUERY_DOCUMENT) {
        row.document.id = query->id;
    } else if (query->kind == QUERY_INBOX) {
        row.inbox.channel = query->session;
        row.inbox.id = query->id;
    } else {
        return false;
    }
    *kept = memory_find(memory, &row);
    if (query->kind == QUERY_INBOX && *kept != NULL && !in_range(query, (*kept)->row.inbox.number))
        *kept = NULL;
    return true;
}

static bool memory_read(struct store *store, const struct query *query, struct arena *arena,
                        struct answer *answer, struct error *error)
{
    (void)error;
    const struct memory *memory = memory_of(store);
    const struct kept *one;
    if (asks_for_one(memory, query, &one)) {
        struct row *row = arena_take(arena, sizeof *row);
        if (one != NULL)
            *row = row_copy(&one->row, arena);
        *answer = (struct answer){ row, one != NULL };
        return true;
    }
    const struct kept_list *list = &memory->rows[query_rows[query->kind]];
    bool newest_first = query->kind == QUERY_INSTRUCTIONS;
    size_t limit = query->limit == 0 ? SIZE_MAX : query->limit;
    struct row *rows = arena_take_array(arena, list->count, sizeof *rows);
    size_t count = 0;
    for (size_t i = 0; i < list->count && count < limit; i++) {
        const struct row *row = &list->at[newest_first ? list->count - 1 - i : i]->row;
        if (matches(query, row))
            rows[count++] = row_copy(row, arena);
    }
    *answer = (struct answer){ rows, count };
    return true;
}

static void memory_close(struct store *store)
{
    struct memory *memory = memory_of(store);
    for (size_t i = 0; i < ROW_KIND_COUNT; i++) {
        free(memory->rows[i].at);
        free(memory->archived[i].at);
    }
    table_fini(&memory->keys);
    table_fini(&memory->requests);
    table_fini(&memory->archived_keys);
    arena_fini(&memory->arena);
    free(memory->told);
    free(memory);
}

static struct slice memory_identity(const struct store *store)
{
    return (struct slice){ memory_of(store)->identity, STORE_IDENTITY_SIZE };
}

static uint64_t memory_epoch(const struct store *store)
{
    return memory_of(store)->epoch;
}

static uint64_t memory_last_batch(const struct store *store)
{
    return memory_of(store)->last_batch;
}

static uint64_t memory_last_number(const struct store *store)
{
    return memory_of(store)->last_number;
}

static uint64_t memory_log_size(const struct store *store)
{
    (void)store;
    return 0;
}

static const struct store_operations operations = {
    .close = memory_close,
    .identity = memory_identity,
    .epoch = memory_epoch,
    .last_batch = memory_last_batch,
    .last_number = memory_last_number,
    .log_size = memory_log_size,
    .commit = memory_commit,
    .load = memory_load,
    .load_next = memory_load_next,
    .read = memory_read,
    .archive = memory_archive,
};

struct store *store_memory_open(struct slice identity)
{
    assert(identity.size == STORE_IDENTITY_SIZE);
    struct memory *memory = memory_take(sizeof *memory);
    *memory = (struct memory){ .store = { &operations }, .epoch = 1 };
    memcpy(memory->identity, identity.at, STORE_IDENTITY_SIZE);
    arena_init(&memory->arena, ARENA_UNLIMITED);
    table_init(&memory->keys);
    table_init(&memory->requests);
    table_init(&memory->archived_keys);
    return &memory->store;
}

void store_memory_fail(struct store *store, enum store_memory_fault fault, unsigned commits,
                       const struct error_kind *kind)
{
    struct memory *memory = memory_of(store);
    memory->fault = fault;
    memory->faults_left = commits;
    memory->fault_kind = kind;
}

void store_memory_reopen(struct store *store)
{
    struct memory *memory = memory_of(store);
    memory->epoch++;
    memory->faults_left = 0;
    memory->archive_fault = STORE_MEMORY_ARCHIVE_WELL;
    memory_load(store);
}

size_t store_memory_count(const struct store *store, enum row_kind kind)
{
    return memory_of(store)->rows[kind].count;
}

const struct row *store_memory_at(const struct store *store, enum row_kind kind, size_t index)
{
    const struct kept_list *list = &memory_of(store)->rows[kind];
    assert(index < list->count);
    return &list->at[index]->row;
}

const struct row *store_memory_find(const struct store *store, const struct row *like)
{
    const struct kept *kept = memory_find(memory_of(store), like);
    return kept == NULL ? NULL : &kept->row;
}
