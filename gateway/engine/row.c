/* Rows: which texts they have, which of them are keys; and batches that own
   what their rows point to. */
#include "gateway/engine/row.h"

#include "routing/custody/table.h"

#include <assert.h>
#include <stdlib.h>

enum {
    TEXTS_MAX = 8,
    KEYS_MAX = 3,
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
    [ROW_CONFIGURATION] = { TEXT(configuration.text) },
};

/* Where the key of a state row is; an instruction's is its number. */
static const size_t keys[ROW_KIND_COUNT][KEYS_MAX + 1] = {
    [ROW_SESSION] = { TEXT(session.name) },
    [ROW_BALANCE] = { TEXT(balance.key.account), TEXT(balance.key.client),
                      TEXT(balance.key.currency) },
    [ROW_LINK] = { TEXT(link.client), TEXT(link.account) },
    [ROW_DOCUMENT] = { TEXT(document.id) },
};

#undef TEXT

static struct slice *text_of(struct row *row, size_t offset)
{
    return (struct slice *)((char *)row + offset);
}

static struct slice key_of(const struct row *row, size_t offset)
{
    return *(const struct slice *)((const char *)row + offset);
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
    assert(kind < ROW_KIND_COUNT);
    return kind == ROW_INSTRUCTION || keys[kind][0] != 0;
}

bool row_same_key(const struct row *one, const struct row *other)
{
    assert(row_is_state(one->kind));
    if (one->kind != other->kind)
        return false;
    if (one->kind == ROW_INSTRUCTION)
        return one->instruction->number == other->instruction->number;
    for (const size_t *key = keys[one->kind]; *key != 0; key++)
        if (!slice_equal(key_of(one, *key), key_of(other, *key)))
            return false;
    return true;
}

uint64_t row_key_hash(const struct row *row)
{
    assert(row_is_state(row->kind));
    struct slice parts[KEYS_MAX + 1] = { { (const char *)&row->kind, sizeof row->kind } };
    size_t count = 1;
    if (row->kind == ROW_INSTRUCTION)
        parts[count++] = (struct slice){ (const char *)&row->instruction->number,
                                         sizeof row->instruction->number };
    for (const size_t *key = keys[row->kind]; *key != 0; key++)
        parts[count++] = key_of(row, *key);
    return table_hash(parts, count);
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

const struct row *batch_at(const struct batch *batch, size_t index)
{
    assert(index < batch->count);
    return &batch->rows[index];
}
