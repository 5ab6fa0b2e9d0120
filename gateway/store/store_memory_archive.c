/* Old days in memory: rows are copied from one list to another, and then leave the
   first. */
#include "gateway/store/store_common.h"
#include "gateway/store/store_memory_rows.h"

#include <assert.h>

static bool has_waiting_document(const struct memory *memory, uint64_t instruction)
{
    const struct kept_list *list = &memory->rows[ROW_DOCUMENT];
    for (size_t i = 0; i < list->count; i++) {
        const struct document_row *document = &list->at[i]->row.document;
        if (document->instruction == instruction && document->state == DOCUMENT_WAITING)
            return true;
    }
    return false;
}

/* Marks the next old instructions; false: all have been looked at. */
static bool mark_instructions(struct memory *memory, const struct archive_order *order,
                              struct archive_progress *progress)
{
    const struct kept_list *list = &memory->rows[ROW_INSTRUCTION];
    size_t end = memory->archive_index + order->limit;
    for (size_t i = memory->archive_index; i < list->count && i < end; i++) {
        const struct instruction *instruction = list->at[i]->row.instruction;
        list->at[i]->leaves = !store_state_is_open(instruction->state) &&
                              instruction->changed_utc_ns < order->before_utc_ns &&
                              instruction->number < order->spared &&
                              !has_waiting_document(memory, instruction->number);
        progress->instructions += list->at[i]->leaves;
    }
    memory->archive_index = end - progress->instructions;
    return end < list->count;
}

static bool instruction_leaves(const struct memory *memory, uint64_t number)
{
    const struct instruction instruction = { .number = number };
    const struct kept *kept =
        memory_find(memory, &(struct row){ .kind = ROW_INSTRUCTION, .instruction = &instruction });
    return kept != NULL && kept->leaves;
}

/* What belongs to an instruction goes with it; the rest goes by its time, when
   all instructions have been looked at. */
static bool leaves(const struct memory *memory, const struct row *row,
                   const struct archive_order *order, struct archive_progress *progress)
{
    bool rest = !progress->more;
    switch (row->kind) {
    case ROW_EVENT:
        return instruction_leaves(memory, row->event.instruction);
    case ROW_LEDGER:
        return instruction_leaves(memory, row->ledger.instruction);
    case ROW_DOCUMENT:
        return instruction_leaves(memory, row->document.instruction) ||
               (rest && !order->documents_spared && row->document.instruction == 0 &&
                row->document.state == DOCUMENT_TAKEN &&
                row->document.utc_ns < order->before_utc_ns);
    case ROW_INBOX:
        rest = rest && row->inbox.utc_ns < order->before_utc_ns;
        progress->documents += rest;
        return rest;
    case ROW_MESSAGE_OUT:
    case ROW_MESSAGE_IN:
        rest = rest && row->message.utc_ns < order->before_utc_ns;
        progress->messages += rest;
        return rest;
    default:
        return false;
    }
}

static struct kept *find_carried(const struct memory *memory, const struct movement *movement)
{
    const struct kept_list *list = &memory->rows[ROW_LEDGER];
    for (size_t i = 0; i < list->count; i++) {
        const struct ledger_row *line = &list->at[i]->row.ledger;
        if (line->instruction == 0 && line->sequence == 0 &&
            line->movement.from == movement->from && line->movement.to == movement->to &&
            slice_equal(line->movement.key.account, movement->key.account) &&
            slice_equal(line->movement.key.client, movement->key.client) &&
            slice_equal(line->movement.key.currency, movement->key.currency))
            return list->at[i];
    }
    return NULL;
}

/* What a line did to its balance stays, in a line without an instruction. */
static void carry(struct memory *memory, const struct ledger_row *line)
{
    struct row row = { .kind = ROW_LEDGER, .ledger = *line };
    struct change change;
    struct kept *kept = find_carried(memory, &line->movement);
    if (kept != NULL) {
        kept->row.ledger.movement.amount_minor += line->movement.amount_minor;
        return;
    }
    row.ledger.instruction = row.ledger.sequence = 0;
    row.ledger.who = SLICE("archive");
    memory_keep(memory, &row, &change);
}

/* Each number of the inbox is another row there: an id may come again when the
   first one is not known any more. */
static struct kept *find_archived(const struct memory *memory, const struct row *row)
{
    struct table_entry *at = table_first(&memory->archived_keys, row_key_hash(row));
    for (; at != NULL; at = table_next(at)) {
        struct kept *kept = at->owner;
        if (row_same_key(&kept->row, row) &&
            (row->kind != ROW_INBOX || kept->row.inbox.number == row->inbox.number))
            return kept;
    }
    return NULL;
}

/* What was copied before and has not left may have changed since. */
static void copy_row(struct memory *memory, const struct row *row)
{
    struct kept *copy = find_archived(memory, row);
    if (copy != NULL) {
        copy->row = *row;
        return;
    }
    copy = arena_take(&memory->arena, sizeof *copy);
    copy->row = *row;
    kept_list_add(&memory->archived[row->kind], copy);
    table_add(&memory->archived_keys, &copy->by_key, row_key_hash(row), copy);
}

static void copy_marked(struct memory *memory, enum row_kind kind)
{
    const struct kept_list *list = &memory->rows[kind];
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i]->leaves)
            copy_row(memory, &list->at[i]->row);
}

static void drop_marked(struct memory *memory, enum row_kind kind)
{
    struct kept_list *list = &memory->rows[kind];
    size_t stays = 0, count = list->count; /* carried lines come behind */
    for (size_t i = 0; i < count; i++) {
        struct kept *kept = list->at[i];
        if (!kept->leaves) {
            list->at[stays++] = kept;
            continue;
        }
        if (kind == ROW_LEDGER)
            carry(memory, &kept->row.ledger);
        table_remove(&memory->keys, &kept->by_key);
        if (kind == ROW_INSTRUCTION)
            table_remove(&memory->requests, &kept->by_request);
    }
    for (size_t i = count; i < list->count; i++)
        list->at[stays++] = list->at[i];
    list->count = stays;
}

static void mark(struct memory *memory, enum row_kind kind, const struct archive_order *order,
                 struct archive_progress *progress)
{
    const struct kept_list *list = &memory->rows[kind];
    for (size_t i = 0; i < list->count; i++)
        list->at[i]->leaves = leaves(memory, &list->at[i]->row, order, progress);
}

/* Instructions last: the others are marked by them. */
static const enum row_kind moved[] = { ROW_EVENT,       ROW_LEDGER,     ROW_DOCUMENT,   ROW_INBOX,
                                       ROW_MESSAGE_OUT, ROW_MESSAGE_IN, ROW_INSTRUCTION };

enum { MOVED_COUNT = sizeof moved / sizeof *moved };

static bool fail(struct memory *memory, enum store_memory_archive_fault fault,
                 const struct error_kind *kind, struct error *error)
{
    if (memory->archive_fault != fault)
        return false;
    memory->archive_fault = STORE_MEMORY_ARCHIVE_WELL;
    error_at(error, kind, PLACE_NONE, "archiving");
    return true;
}

static void unmark(struct memory *memory)
{
    for (size_t i = 0; i < MOVED_COUNT; i++)
        for (size_t j = 0; j < memory->rows[moved[i]].count; j++)
            memory->rows[moved[i]].at[j]->leaves = false;
}

bool memory_archive(struct store *store, const char *path, const struct archive_order *order,
                    struct archive_progress *progress, struct error *error)
{
    struct memory *memory = memory_of(store);
    struct archive_progress turn = { .more = false };
    (void)path;
    *progress = turn;
    if (fail(memory, STORE_MEMORY_ARCHIVE_FULL, &store_archive_failed, error))
        return false;
    if (order->first)
        memory->archive_index = 0;
    turn.more = mark_instructions(memory, order, &turn);
    for (size_t i = 0; i + 1 < MOVED_COUNT; i++)
        mark(memory, moved[i], order, &turn);
    for (size_t i = 0; i < MOVED_COUNT; i++)
        copy_marked(memory, moved[i]);
    if (fail(memory, STORE_MEMORY_ARCHIVE_TORN, &store_io, error)) {
        unmark(memory);
        return false;
    }
    for (size_t i = 0; i < MOVED_COUNT; i++)
        drop_marked(memory, moved[i]);
    *progress = turn;
    return true;
}

void store_memory_fail_archive(struct store *store, enum store_memory_archive_fault fault)
{
    memory_of(store)->archive_fault = fault;
}

size_t store_memory_archived_count(const struct store *store, enum row_kind kind)
{
    return memory_of(store)->archived[kind].count;
}

const struct row *store_memory_archived_at(const struct store *store, enum row_kind kind,
                                           size_t index)
{
    const struct kept_list *list = &memory_of(store)->archived[kind];
    assert(index < list->count);
    return &list->at[index]->row;
}

const struct row *store_memory_archived_find(const struct store *store, const struct row *like)
{
    const struct kept *kept = find_archived(memory_of(store), like);
    return kept == NULL ? NULL : &kept->row;
}
