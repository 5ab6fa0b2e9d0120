/* Old days in memory: rows that are archived go from one list to another. */
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
               (rest && row->document.instruction == 0 && row->document.state == DOCUMENT_TAKEN &&
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

static void archive_marked(struct memory *memory, enum row_kind kind)
{
    struct kept_list *list = &memory->rows[kind];
    size_t stays = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct kept *kept = list->at[i];
        if (!kept->leaves) {
            list->at[stays++] = kept;
            continue;
        }
        kept_list_add(&memory->archived[kind], kept);
        table_remove(&memory->keys, &kept->by_key);
        if (kind == ROW_INSTRUCTION)
            table_remove(&memory->requests, &kept->by_request);
    }
    list->count = stays;
}

static void mark(struct memory *memory, enum row_kind kind, const struct archive_order *order,
                 struct archive_progress *progress)
{
    const struct kept_list *list = &memory->rows[kind];
    size_t count = list->count; /* carried lines come behind */
    for (size_t i = 0; i < count; i++) {
        struct kept *kept = list->at[i];
        kept->leaves = leaves(memory, &kept->row, order, progress);
        if (kept->leaves && kind == ROW_LEDGER)
            carry(memory, &kept->row.ledger);
    }
}

bool memory_archive(struct store *store, const char *path, const struct archive_order *order,
                    struct archive_progress *progress, struct error *error)
{
    static const enum row_kind others[] = { ROW_EVENT, ROW_LEDGER,      ROW_DOCUMENT,
                                            ROW_INBOX, ROW_MESSAGE_OUT, ROW_MESSAGE_IN };
    struct memory *memory = memory_of(store);
    (void)path;
    (void)error;
    *progress = (struct archive_progress){ .more = false };
    if (order->first)
        memory->archive_index = 0;
    progress->more = mark_instructions(memory, order, progress);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        mark(memory, others[i], order, progress);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        archive_marked(memory, others[i]);
    archive_marked(memory, ROW_INSTRUCTION);
    return true;
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
