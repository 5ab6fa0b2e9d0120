/* Rows: which texts they have, which of them are keys; and batches that own
   what their rows point to. */
#include "gateway/engine/row.h"

#include "codecs/base/writer.h"
#include "routing/custody/table.h"

#include <assert.h>
#include <stdlib.h>

enum {
    TEXTS_MAX = 8,
    PARTS_MAX = 3,
};

#define TEXT(member) offsetof(struct row, member)

/* Where a row's texts are; 0 ends the list, as kind stands there. */
static const size_t texts[ROW_KIND_COUNT][TEXTS_MAX + 1] = {
    [ROW_SESSION] = { TEXT(session.name) },
    [ROW_MESSAGE_OUT] = { TEXT(message.session), TEXT(message.bytes) },
    [ROW_MESSAGE_IN] = { TEXT(message.session), TEXT(message.bytes) },
    [ROW_EVENT] = { TEXT(event.cause), TEXT(event.who), TEXT(event.rule), TEXT(event.map),
                    TEXT(event.text) },
    [ROW_LEDGER] = { TEXT(ledger.movement.key.account), TEXT(ledger.movement.key.client),
                     TEXT(ledger.movement.key.currency), TEXT(ledger.who) },
    [ROW_BALANCE] = { TEXT(balance.key.account), TEXT(balance.key.client),
                      TEXT(balance.key.currency) },
    [ROW_LINK] = { TEXT(link.client), TEXT(link.account), TEXT(link.session), TEXT(link.bank),
                   TEXT(link.payee_bank), TEXT(link.payee_account), TEXT(link.client_name),
                   TEXT(link.currency) },
    [ROW_DOCUMENT] = { TEXT(document.id), TEXT(document.channel), TEXT(document.definition),
                       TEXT(document.bytes) },
    [ROW_INBOX] = { TEXT(inbox.channel), TEXT(inbox.id), TEXT(inbox.definition),
                    TEXT(inbox.verdict), TEXT(inbox.answer) },
    [ROW_FILTER] = { TEXT(filter.bits) },
    [ROW_CONFIGURATION] = { TEXT(configuration.text) },
    [ROW_CARRY] = { TEXT(carry.session) },
    [ROW_ALERT] = { TEXT(alert.event), TEXT(alert.id), TEXT(alert.who), TEXT(alert.why) },
};

enum part_kind {
    PART_NONE,
    PART_TEXT,
    PART_U64,
    PART_UNSIGNED,
    PART_DIGEST,
};

struct key_part {
    enum part_kind kind;
    size_t offset; /* in the row; in the instruction, for an instruction */
};

#define PART(kind, member)                                                                         \
    {                                                                                              \
        PART_##kind, offsetof(struct row, member)                                                  \
    }
#define MESSAGE_KEY                                                                                \
    {                                                                                              \
        PART(TEXT, message.session), PART(U64, message.generation), PART(U64, message.number)      \
    }

static const struct key_part keys[ROW_KIND_COUNT][PARTS_MAX + 1] = {
    [ROW_SESSION] = { PART(TEXT, session.name) },
    [ROW_MESSAGE_OUT] = MESSAGE_KEY,
    [ROW_MESSAGE_IN] = MESSAGE_KEY,
    [ROW_INSTRUCTION] = { { PART_U64, offsetof(struct instruction, number) } },
    [ROW_EVENT] = { PART(U64, event.instruction), PART(UNSIGNED, event.sequence) },
    [ROW_LEDGER] = { PART(U64, ledger.instruction), PART(UNSIGNED, ledger.sequence) },
    [ROW_BALANCE] = { PART(TEXT, balance.key.account), PART(TEXT, balance.key.client),
                      PART(TEXT, balance.key.currency) },
    [ROW_LINK] = { PART(TEXT, link.client), PART(TEXT, link.account) },
    [ROW_DOCUMENT] = { PART(TEXT, document.id) },
    [ROW_INBOX] = { PART(TEXT, inbox.channel), PART(TEXT, inbox.id) },
    [ROW_FILTER] = { PART(U64, filter.first) },
    [ROW_CONFIGURATION] = { PART(DIGEST, configuration.digest) },
    [ROW_CARRY] = { PART(TEXT, carry.session), PART(U64, carry.generation) },
    [ROW_ALERT] = { PART(U64, alert.number) },
    [ROW_TOLD] = { PART(U64, told.number) },
};

#undef MESSAGE_KEY
#undef PART
#undef TEXT

static struct slice *text_of(struct row *row, size_t offset)
{
    return (struct slice *)((char *)row + offset);
}

static const struct instruction *instruction_in(const struct instruction *instruction,
                                                struct arena *arena)
{
    struct instruction *copy = arena_take(arena, sizeof *copy);
    *copy = *instruction;
    for (size_t i = 0; i < INSTRUCTION_TEXT_COUNT; i++)
        copy->texts[i] = arena_copy(arena, instruction->texts[i]);
    return copy;
}

struct row row_copy(const struct row *row, struct arena *arena)
{
    struct row copy = *row;
    for (const size_t *text = texts[row->kind]; *text != 0; text++)
        *text_of(&copy, *text) = arena_copy(arena, *text_of(&copy, *text));
    if (row->kind == ROW_INSTRUCTION)
        copy.instruction = instruction_in(row->instruction, arena);
    return copy;
}

bool row_is_state(enum row_kind kind)
{
    static const bool state[ROW_KIND_COUNT] = {
        [ROW_SESSION] = true, [ROW_INSTRUCTION] = true, [ROW_BALANCE] = true,
        [ROW_LINK] = true,    [ROW_DOCUMENT] = true,    [ROW_FILTER] = true,
    };
    assert(kind < ROW_KIND_COUNT);
    return state[kind];
}

bool row_has_key(const struct row *row)
{
    return row->kind != ROW_LEDGER || row->ledger.instruction != 0;
}

/* The bytes of one part of a row's key. */
static struct slice part_of(const struct row *row, const struct key_part *part)
{
    static const size_t sizes[] = {
        [PART_U64] = sizeof(uint64_t),
        [PART_UNSIGNED] = sizeof(unsigned),
        [PART_DIGEST] = sizeof(struct digest),
    };
    const char *base =
        row->kind == ROW_INSTRUCTION ? (const char *)row->instruction : (const char *)row;
    if (part->kind == PART_TEXT)
        return *(const struct slice *)(base + part->offset);
    return (struct slice){ base + part->offset, sizes[part->kind] };
}

bool row_same_key(const struct row *one, const struct row *other)
{
    if (one->kind != other->kind || !row_has_key(one) || !row_has_key(other))
        return false;
    for (const struct key_part *part = keys[one->kind]; part->kind != PART_NONE; part++)
        if (!slice_equal(part_of(one, part), part_of(other, part)))
            return false;
    return true;
}

uint64_t row_key_hash(const struct row *row)
{
    struct slice parts[PARTS_MAX + 1] = { { (const char *)&row->kind, sizeof row->kind } };
    size_t count = 1;
    for (const struct key_part *part = keys[row->kind]; part->kind != PART_NONE; part++)
        parts[count++] = part_of(row, part);
    return table_hash(parts, count);
}

static const char *const names[ROW_KIND_COUNT] = {
    [ROW_SESSION] = "session",
    [ROW_MESSAGE_OUT] = "message out",
    [ROW_MESSAGE_IN] = "message in",
    [ROW_INSTRUCTION] = "instruction",
    [ROW_EVENT] = "event",
    [ROW_LEDGER] = "ledger",
    [ROW_BALANCE] = "balance",
    [ROW_LINK] = "link",
    [ROW_DOCUMENT] = "document",
    [ROW_INBOX] = "inbox",
    [ROW_FILTER] = "filter",
    [ROW_CONFIGURATION] = "configuration",
    [ROW_CARRY] = "carry",
    [ROW_ALERT] = "alert",
    [ROW_TOLD] = "told",
};

static void write_part(const struct row *row, const struct key_part *part, struct writer *writer)
{
    struct slice bytes = part_of(row, part);
    bool private = row->kind == ROW_BALANCE || row->kind == ROW_LINK;
    uint64_t number;
    unsigned count;
    switch (part->kind) {
    case PART_TEXT:
        writer_format(writer, private ? " \"%.*s\"" : " %.*s", SLICE_ARG(bytes));
        break;
    case PART_U64:
        memcpy(&number, bytes.at, sizeof number);
        writer_format(writer, " %llu", (unsigned long long)number);
        break;
    case PART_UNSIGNED:
        memcpy(&count, bytes.at, sizeof count);
        writer_format(writer, " %u", count);
        break;
    case PART_DIGEST:
    case PART_NONE:
        break;
    }
}

void row_write_key(const struct row *row, struct writer *writer)
{
    writer_text(writer, names[row->kind]);
    for (const struct key_part *part = keys[row->kind]; part->kind != PART_NONE; part++)
        write_part(row, part, writer);
}

struct state_entry {
    struct table_entry by_key;
    size_t index;
};

struct batch {
    uint64_t number, epoch;
    struct arena arena;
    struct row *rows;
    size_t count, room;
    struct table states; /* state rows by key */
};

struct batch *batch_new(uint64_t number, uint64_t epoch)
{
    struct batch *batch = memory_take(sizeof *batch);
    *batch = (struct batch){ .number = number, .epoch = epoch };
    arena_init(&batch->arena, ARENA_UNLIMITED);
    table_init(&batch->states);
    return batch;
}

void batch_free(struct batch *batch)
{
    if (batch == NULL)
        return;
    table_fini(&batch->states);
    arena_fini(&batch->arena);
    free(batch->rows);
    free(batch);
}

uint64_t batch_number(const struct batch *batch)
{
    return batch->number;
}

uint64_t batch_epoch(const struct batch *batch)
{
    return batch->epoch;
}

/* The place of a state row: that of an earlier one with its key, or a new one. */
static size_t place_of(struct batch *batch, const struct row *row)
{
    uint64_t hash = row_key_hash(row);
    for (struct table_entry *at = table_first(&batch->states, hash); at != NULL;
         at = table_next(at)) {
        const struct state_entry *entry = at->owner;
        if (row_same_key(&batch->rows[entry->index], row))
            return entry->index;
    }
    struct state_entry *entry = arena_take(&batch->arena, sizeof *entry);
    entry->index = batch->count;
    table_add(&batch->states, &entry->by_key, hash, entry);
    return entry->index;
}

void batch_add(struct batch *batch, const struct row *row)
{
    size_t place = row_is_state(row->kind) ? place_of(batch, row) : batch->count;
    if (place == batch->count) {
        batch->rows = memory_room(batch->rows, batch->count, &batch->room, sizeof *batch->rows);
        batch->count++;
    }
    batch->rows[place] = row_copy(row, &batch->arena);
}

size_t batch_count(const struct batch *batch)
{
    return batch->count;
}

size_t batch_size(const struct batch *batch)
{
    return batch->arena.used;
}

const struct row *batch_at(const struct batch *batch, size_t index)
{
    assert(index < batch->count);
    return &batch->rows[index];
}
