/* A bank: takes orders, decides each once, says so sometimes late, twice or out of
   order, and announces deposits. */
#include "world.h"

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
    for (size_t i = 0; i < bank->order_count; i++)
        owned_free(bank->orders[i].bytes);
    for (size_t i = 0; i < bank->file_count; i++)
        owned_free(bank->files[i].bytes);
    free(bank->orders);
    free(bank->files);
    free(bank->transfers);
}

/* --- files for the gateway --- */

static void put_file(struct bank *bank, struct slice bytes)
{
    bank->files = memory_room(bank->files, bank->file_count, &bank->file_room, sizeof *bank->files);
    struct bank_file *file = &bank->files[bank->file_count++];

    *file = (struct bank_file){ .bytes = owned_copy(bytes) };
    snprintf(file->name, sizeof file->name, "f%zu.xml", bank->file_count);
}

/* The next one, or any. */
void bank_give(struct bank *bank)
{
    struct world *world = bank->world;
    bool any = fault_strikes(world, FAULT_FILES_OVERTAKE);

    while (bank->first_open < bank->file_count && bank->files[bank->first_open].filed)
        bank->first_open++;
    for (size_t i = bank->first_open; i < bank->file_count; i++) {
        struct bank_file *file = &bank->files[i];

        if (file->given || (any && fault_random(world, FAULT_FILES_OVERTAKE, 2) == 0))
            continue;
        file->given = true;
        world_give(world, &(struct input){ .kind = INPUT_DOCUMENT,
                                           .channel = slice_of(bank->channel),
                                           .name = slice_of(file->name),
                                           .bytes = file->bytes });
        return;
    }
}

void bank_filed(struct bank *bank, struct slice name)
{
    for (size_t i = 0; i < bank->file_count; i++) {
        struct bank_file *file = &bank->files[i];

        if (!slice_is(name, file->name))
            continue;
        if (!file->given || file->filed)
            world_fail(bank->world, "%s is filed twice", file->name);
        file->filed = true;
        check_filed(bank->world, slice_of(bank->channel), file->bytes);
        return;
    }
    world_fail(bank->world, "%.*s is filed and was never given", SLICE_ARG(name));
}

/* The gateway has started again and looks into its folder. */
void bank_restart(struct bank *bank)
{
    for (size_t i = bank->first_open; i < bank->file_count; i++)
        bank->files[i].given = bank->files[i].filed;
}

bool bank_is_quiet(const struct bank *bank)
{
    for (size_t i = bank->first_open; i < bank->file_count; i++)
        if (!bank->files[i].filed)
            return false;
    return true;
}

/* --- orders --- */

const struct order *bank_find_order(const struct bank *bank, struct slice id)
{
    for (size_t i = 0; i < bank->order_count; i++)
        if (slice_is(id, bank->orders[i].id))
            return &bank->orders[i];
    return NULL;
}

static void receive_order(struct bank *bank, struct slice name, struct slice bytes)
{
    struct world *world = bank->world;

    for (size_t i = 0; i < bank->order_count; i++) {
        struct order *order = &bank->orders[i];
        if (!slice_is(name, order->id))
            continue;
        order->copies++;
        if (!slice_equal(order->bytes, bytes))
            world_fail(world, "order %s came again with other bytes", order->id);
        return;
    }
    bank->orders =
        memory_room(bank->orders, bank->order_count, &bank->order_room, sizeof *bank->orders);
    struct order *order = &bank->orders[bank->order_count++];
    struct slice instruction = bank_read(bytes, "InstrId");

    *order = (struct order){ .bytes = owned_copy(bytes), .copies = 1 };
    snprintf(order->id, sizeof order->id, "%.*s", SLICE_ARG(name));
    snprintf(order->instruction, sizeof order->instruction, "%.*s", SLICE_ARG(instruction));
    for (size_t i = 0; i + 1 < bank->order_count; i++)
        if (strcmp(bank->orders[i].instruction, order->instruction) == 0)
            world_fail(world, "%s was ordered twice: %s and %s", order->instruction,
                       bank->orders[i].id, order->id);
}

static void receive_reply(struct bank *bank, struct slice bytes)
{
    struct world *world = bank->world;
    struct slice id = bank_read(bytes, "OrgnlTxId");
    struct slice status = bank_read(bytes, "TxSts");
    bool am05 = slice_is(bank_read(bytes, "Cd"), "AM05");

    for (size_t i = 0; i < bank->transfer_count; i++) {
        struct bank_transfer *transfer = &bank->transfers[i];

        if (!slice_is(id, transfer->transaction_id) || am05)
            continue;
        bool yes = slice_is(status, "ACSP") || slice_is(status, "ACCC");
        if (transfer->yes && slice_is(status, "RJCT"))
            world_fail(world, "%s was taken and is now refused", transfer->transaction_id);
        if (yes && strcmp(transfer->last_status, "RJCT") == 0)
            world_fail(world, "%s was refused and is now taken", transfer->transaction_id);
        transfer->yes = transfer->yes || yes;
        if (!transfer->yes || yes)
            snprintf(transfer->last_status, sizeof transfer->last_status, "%.*s",
                     SLICE_ARG(status));
    }
}

void bank_receive(struct bank *bank, struct slice name, struct slice bytes)
{
    struct slice definition = bank_read(bytes, "MsgDefIdr");

    if (slice_is(definition, "pacs.008.001.08"))
        receive_order(bank, name, bytes);
    else if (slice_is(definition, "pacs.002.001.10"))
        receive_reply(bank, bytes);
}

static void say(struct bank *bank, const struct order *order, const char *status)
{
    struct writer writer;
    char id[32];
    struct bank_status about = { .message_id = id,
                                 .order_id = order->id,
                                 .instruction_id = order->instruction,
                                 .status = status };

    snprintf(id, sizeof id, "%s-%u", bank->channel, ++bank->messages);
    if (strcmp(status, "RJCT") == 0) {
        about.reason = "AC04";
        about.text = "closed";
    }
    writer_init(&writer, 0);
    bank_write_status(&writer, bank->party, &about);
    put_file(bank, writer_slice(&writer));
    if (fault_strikes(bank->world, FAULT_FILE_REPEATED))
        put_file(bank, writer_slice(&writer));
    writer_fini(&writer);
}

static void refuse_message(struct bank *bank, const struct order *order, const char *reason)
{
    struct writer writer;
    char id[32];

    snprintf(id, sizeof id, "%s-%u", bank->channel, ++bank->messages);
    writer_init(&writer, 0);
    bank_write_refusal(&writer, bank->party, id, order->id, reason);
    put_file(bank, writer_slice(&writer));
    writer_fini(&writer);
}

static const char *final_word(const struct order *order)
{
    return order->truth == TRUTH_PAID ? "ACSC" : "RJCT";
}

/* The next word on some order; the truth is settled by then. */
static void speak(struct bank *bank)
{
    static const char *const words[] = { "RCVD", "ACCP", "ACSP" };
    struct world *world = bank->world;

    if (bank->order_count == 0)
        return;
    struct order *order = &bank->orders[world_random(world, bank->order_count)];
    if (order->truth == TRUTH_OPEN)
        order->truth = world_chance(world, 70) ? TRUTH_PAID : TRUTH_REFUSED;
    if (order->said == 0 && order->truth == TRUTH_REFUSED && world_chance(world, 20)) {
        refuse_message(bank, order, world_chance(world, 50) ? "SCHEMA" : "SOMETHING");
        order->said = 4;
        return;
    }
    order->said++;
    say(bank, order,
        order->said < 3 && world_chance(world, 70) ? words[world_random(world, 3)]
                                                   : final_word(order));
}

void bank_last_words(struct bank *bank)
{
    for (size_t i = 0; i < bank->order_count; i++) {
        struct order *order = &bank->orders[i];

        if (order->truth == TRUTH_OPEN)
            order->truth = world_chance(bank->world, 70) ? TRUTH_PAID : TRUTH_REFUSED;
        say(bank, order, final_word(order));
    }
    for (size_t i = 0; i < bank->transfer_count; i++)
        bank_announce_again(bank, i);
}

/* --- deposits --- */

static void write_transfer(struct bank *bank, const struct bank_transfer *transfer,
                           const char *message_id, unsigned cents)
{
    struct writer writer;
    char amount[32];
    bool north = bank->channel[0] == 'n';
    struct bank_deposit deposit = {
        .transaction_id = transfer->transaction_id,
        .end_to_end_id = "E-1",
        .amount = amount,
        .currency = "EUR",
        .client = transfer->client,
        .account = north ? "ACC-7001" : "ACC-9001",
        .payer_account = north ? "DE73993040500071230455" : "883300471",
        .payer_bank = "PAYXDEFFXXX",
    };

    snprintf(amount, sizeof amount, "%u.%02u", cents / 100, cents % 100);
    writer_init(&writer, 0);
    bank_write_deposits(&writer, bank->party, message_id, &deposit, 1);
    put_file(bank, writer_slice(&writer));
    writer_fini(&writer);
}

static void announce(struct bank *bank)
{
    struct world *world = bank->world;

    if (!world_asks(world))
        return;
    bank->transfers = memory_room(bank->transfers, bank->transfer_count, &bank->transfer_room,
                                  sizeof *bank->transfers);
    struct bank_transfer *transfer = &bank->transfers[bank->transfer_count++];
    *transfer = (struct bank_transfer){ .client = bank->channel[0] == 'n' ? "C-1" : "C-3",
                                        .cents = 1 + (unsigned)world_random(world, 50000),
                                        .asked = 1 };
    snprintf(transfer->transaction_id, sizeof transfer->transaction_id, "T-%s-%zu", bank->channel,
             bank->transfer_count);
    snprintf(transfer->message_id, sizeof transfer->message_id, "M-%s-%zu", bank->channel,
             bank->transfer_count);
    write_transfer(bank, transfer, transfer->message_id, transfer->cents);
}

/* The same document again, or the same transfer in another one, or another
   transfer under the same id. */
void bank_announce_again(struct bank *bank, size_t index)
{
    struct world *world = bank->world;
    struct bank_transfer *transfer = &bank->transfers[index];
    char id[48];

    snprintf(id, sizeof id, "%s-%u", transfer->message_id, ++transfer->asked);
    switch (world->faults.on ? world_random(world, 3) : 0) {
    case 0:
        write_transfer(bank, transfer, transfer->message_id, transfer->cents);
        break;
    case 1:
        write_transfer(bank, transfer, id, transfer->cents);
        break;
    default:
        write_transfer(bank, transfer, id, transfer->cents + 1);
        break;
    }
}

void bank_step(struct bank *bank)
{
    struct world *world = bank->world;
    uint64_t what = world_random(world, 100);

    if (what < 70)
        speak(bank);
    else if (what < 90)
        announce(bank);
    else if (bank->transfer_count != 0)
        bank_announce_again(bank, (size_t)world_random(world, bank->transfer_count));
}
