/* A bank's desk: documents that it takes, and the files that it leaves for the
   gateway, until they are done with. */
#include "world.h"

#include "codecs/base/arena.h"
#include "routing/custody/owned.h"

#include <stdio.h>
#include <stdlib.h>

static const struct bank_party parties[BROKERS] = {
    { "NRTXDEFFXXX", "ALBRGB2LXXX", "2026-03-02T09:00:00Z" },
    { "STHXFRPPXXX", "BTBRGB2LXXX", "2026-03-02T09:00:00Z" },
};

void bank_init(struct bank *bank, struct world *world, unsigned index)
{
    static const char *const channels[BROKERS] = { "north", "south" };

    *bank = (struct bank){ .world = world, .channel = channels[index], .party = &parties[index] };
}

void bank_fini(struct bank *bank)
{
    for (size_t i = 0; i < bank->file_count; i++)
        owned_free(bank->files[i].bytes);
    free(bank->files);
    free(bank->orders);
    free(bank->receipts);
    bank_forget_transfers(bank);
}

void bank_step(struct bank *bank)
{
    struct world *world = bank->world;
    uint64_t what = world_random(world, 100);

    bank_announce_invalid(bank);
    if (what < 70)
        bank_speak(bank);
    else if (what < 90)
        bank_announce(bank);
    else if (what < 97)
        bank_announce_again(bank);
    else
        bank_babble(bank);
}

void bank_last_words(struct bank *bank)
{
    for (size_t i = 0; i < bank->order_count; i++)
        bank_last_word(bank, i);
    bank_announce_open(bank);
}

/* --- files for the gateway --- */

void bank_new_id(struct bank *bank, char *id)
{
    snprintf(id, 40, "%s-%u", bank->channel, ++bank->messages);
}

struct bank_file *bank_put_file(struct bank *bank, struct slice bytes, const char *message_id)
{
    bank->files = memory_room(bank->files, bank->file_count, &bank->file_room, sizeof *bank->files);
    struct bank_file *file = &bank->files[bank->file_count++];

    *file = (struct bank_file){ .bytes = owned_copy(bytes),
                                .content = digest_of(bytes),
                                .order = NO_ORDER };
    snprintf(file->name, sizeof file->name, "f%zu.xml", bank->file_count);
    snprintf(file->message_id, sizeof file->message_id, "%s", message_id);
    return file;
}

const struct bank_file *bank_find_file(const struct bank *bank, const struct digest *content)
{
    for (size_t i = 0; i < bank->file_count; i++)
        if (digest_equal(&bank->files[i].content, content))
            return &bank->files[i];
    return NULL;
}

/* The next one, or any. */
void bank_give(struct bank *bank)
{
    struct world *world = bank->world;
    bool any = fault_strikes(world, FAULT_FILES_OVERTAKE);

    while (bank->first_open < bank->file_count && bank->files[bank->first_open].state == FILE_GONE)
        bank->first_open++;
    for (size_t i = bank->first_open; i < bank->file_count; i++) {
        struct bank_file *file = &bank->files[i];

        if (file->state != FILE_IN || (any && fault_random(world, FAULT_FILES_OVERTAKE, 2) == 0))
            continue;
        file->state = FILE_GIVEN;
        /* The list may grow meanwhile. */
        struct input input = { .kind = INPUT_DOCUMENT,
                               .channel = slice_of(bank->channel),
                               .bytes = file->bytes };
        char name[sizeof file->name];
        memcpy(name, file->name, sizeof name);
        input.name = slice_of(name);
        world_give(world, &input);
        return;
    }
}

static struct bank_file *find_file(struct bank *bank, struct slice name)
{
    for (size_t i = bank->first_open; i < bank->file_count; i++)
        if (slice_is(name, bank->files[i].name))
            return &bank->files[i];
    world_fail(bank->world, "%s: nobody has left a file %.*s", bank->channel, SLICE_ARG(name));
}

void bank_filed(struct bank *bank, struct slice name)
{
    struct bank_file *file = find_file(bank, name);

    if (file->state != FILE_GIVEN)
        world_fail(bank->world, "%s: %s is filed, and was not given", bank->channel, file->name);
    file->state = FILE_DONE;
    check_filed(bank->world, slice_of(bank->channel), file->bytes);
}

void bank_file_moved(struct bank *bank, struct slice name)
{
    find_file(bank, name)->state = FILE_MOVED;
}

void bank_files_synced(struct bank *bank)
{
    for (size_t i = bank->first_open; i < bank->file_count; i++)
        if (bank->files[i].state == FILE_MOVED)
            bank->files[i].state = FILE_GONE;
}

void bank_restart(struct bank *bank, bool power_lost)
{
    for (size_t i = bank->first_open; i < bank->file_count; i++) {
        struct bank_file *file = &bank->files[i];
        bool back = file->state != FILE_MOVED ||
                    (power_lost && fault_random(bank->world, FAULT_POWER_LOST, 2) == 0);

        if (file->state != FILE_GONE)
            file->state = back ? FILE_IN : FILE_GONE;
    }
}

bool bank_is_quiet(const struct bank *bank)
{
    for (size_t i = bank->first_open; i < bank->file_count; i++)
        if (bank->files[i].state != FILE_GONE)
            return false;
    return true;
}

/* --- documents of ours --- */

bool bank_has(const struct bank *bank, struct slice id)
{
    for (size_t i = 0; i < bank->receipt_count; i++)
        if (slice_is(id, bank->receipts[i].id))
            return true;
    return false;
}

struct order *bank_find_order(struct bank *bank, struct slice id)
{
    for (size_t i = 0; i < bank->order_count; i++)
        if (slice_is(id, bank->orders[i].id))
            return &bank->orders[i];
    return NULL;
}

static struct slice from_element(struct slice bytes, const char *element)
{
    const char *at = memmem(bytes.at, bytes.size, element, strlen(element));

    return slice_after(bytes, at == NULL ? bytes.size : (size_t)(at - bytes.at));
}

static struct slice payee_of(struct slice order)
{
    struct slice account = from_element(order, "<CdtrAcct>");
    struct slice iban = bank_read(account, "IBAN");

    return iban.at != NULL ? iban : bank_read(from_element(account, "<Othr>"), "Id");
}

/* An order pays to the account that its instruction has, and that is the
   client's own, whatever the broker named. */
static void check_payee(struct bank *bank, const struct order *order, struct slice bytes)
{
    struct world *world = bank->world;
    struct slice payee = payee_of(bytes);
    const struct instruction like = { .number = order->number };
    const struct row *row =
        world_row(world, &(struct row){ ROW_INSTRUCTION, .instruction = &like });

    if (row == NULL ||
        !slice_is(instruction_get(row->instruction, INSTRUCTION_TEXT_order_id), order->id))
        world_fail(world, "order %s has no instruction", order->id);
    if (!slice_equal(payee, instruction_get(row->instruction, INSTRUCTION_TEXT_payee_account)) ||
        !is_own_account(instruction_get(row->instruction, INSTRUCTION_TEXT_client), payee))
        world_fail(world, "order %s pays to \"%.*s\"", order->id, SLICE_ARG(payee));
}

/* The same InstrId again is another order only when the first is not known any more. */
static void check_once(const struct bank *bank, const struct order *order)
{
    for (const struct order *other = bank->orders; other != order; other++)
        if (strcmp(other->instruction, order->instruction) == 0 &&
            witness_find(&bank->world->witness, other->number)->left == 0)
            world_fail(bank->world, "%s was ordered twice: %s and %s", order->instruction,
                       other->id, order->id);
}

static void take_order(struct bank *bank, struct slice name, struct slice bytes)
{
    bank->orders =
        memory_room(bank->orders, bank->order_count, &bank->order_room, sizeof *bank->orders);
    struct order *order = &bank->orders[bank->order_count++];
    struct slice instruction = bank_read(bytes, "InstrId"), uetr = bank_read(bytes, "UETR");

    *order = (struct order){ .silent = fault_strikes(bank->world, FAULT_BANK_SILENT),
                             .number = witness_number(name) };
    snprintf(order->id, sizeof order->id, "%.*s", SLICE_ARG(name));
    snprintf(order->instruction, sizeof order->instruction, "%.*s", SLICE_ARG(instruction));
    snprintf(order->uetr, sizeof order->uetr, "%.*s", SLICE_ARG(uetr));
    check_payee(bank, order, bytes);
    check_once(bank, order);
}

/* The gateway refuses a message of the bank: one that deserves it, and never a
   refusal. */
static void take_refusal(struct bank *bank, struct slice bytes)
{
    struct slice reference = bank_read(bytes, "Ref");
    bool bad = false, known = false;

    for (size_t i = 0; i < bank->file_count; i++) {
        const struct bank_file *file = &bank->files[i];
        if (!slice_is(reference, file->message_id))
            continue;
        known = true;
        bad = bad || (file->bad && !file->refusal);
    }
    if (!known)
        world_fail(bank->world, "%s: %.*s is refused, and was never said", bank->channel,
                   SLICE_ARG(reference));
    if (!bad)
        world_fail(bank->world, "%s: %.*s is refused: %.*s", bank->channel, SLICE_ARG(reference),
                   SLICE_ARG(bank_read(bytes, "RsnDesc")));
}

static struct receipt *file_receipt(struct bank *bank, struct slice name, struct slice bytes)
{
    struct digest content = digest_of(bytes);

    for (size_t i = 0; i < bank->receipt_count; i++) {
        if (!slice_is(name, bank->receipts[i].id))
            continue;
        if (!digest_equal(&bank->receipts[i].content, &content))
            world_fail(bank->world, "document %.*s came again with other bytes", SLICE_ARG(name));
        return &bank->receipts[i];
    }
    bank->receipts = memory_room(bank->receipts, bank->receipt_count, &bank->receipt_room,
                                 sizeof *bank->receipts);
    struct receipt *receipt = &bank->receipts[bank->receipt_count++];
    *receipt = (struct receipt){ .content = content };
    snprintf(receipt->id, sizeof receipt->id, "%.*s", SLICE_ARG(name));
    return receipt;
}

void bank_receive(struct bank *bank, struct slice name, struct slice bytes)
{
    struct slice definition = bank_read(bytes, "MsgDefIdr");
    struct receipt *receipt = file_receipt(bank, name, bytes);
    bool reply = slice_is(definition, "pacs.002.001.10");

    if (receipt->read || (reply && fault_strikes(bank->world, FAULT_REPLY_LOST)))
        return;
    receipt->read = true;
    if (slice_is(definition, "pacs.008.001.08"))
        take_order(bank, name, bytes);
    else if (reply)
        bank_take_reply(bank, name, bytes);
    else if (slice_is(definition, "admi.002.001.01"))
        take_refusal(bank, bytes);
    else
        world_fail(bank->world, "%s: a document of no use: %.*s", bank->channel, SLICE_ARG(name));
}
