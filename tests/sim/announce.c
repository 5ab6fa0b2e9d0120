/* Deposits that a bank announces, once and again, and what it is told of them. */
#include "world.h"

#include "codecs/base/arena.h"

#include <stdio.h>
#include <stdlib.h>

void bank_forget_transfers(struct bank *bank)
{
    free(bank->transfers);
    free(bank->announcements);
    free(bank->invalid);
    free(bank->replies);
}

/* --- written --- */

static void describe(const struct bank *bank, const struct announcement *announcement,
                     struct bank_deposit *deposit, char amount[32])
{
    const struct transfer *transfer = &bank->transfers[announcement->transfer];
    bool north = bank->channel[0] == 'n';

    snprintf(amount, 32, "%u.%02u", announcement->cents / 100, announcement->cents % 100);
    *deposit = (struct bank_deposit){
        .transaction_id = announcement->transaction_id,
        .end_to_end_id = "E-1",
        .amount = amount,
        .currency = "EUR",
        .client = transfer->client,
        .account = transfer->account,
        .payer_account = north ? "DE73993040500071230455" : "883300471",
        .payer_bank = "PAYXDEFFXXX",
        .uetr = transfer->uetr[0] == '\0' ? NULL : transfer->uetr,
    };
}

void bank_write_announcements(const struct bank *bank, struct writer *writer,
                              const struct bank_party *party, const struct announcement *first,
                              size_t count)
{
    struct bank_deposit deposits[TOGETHER_MAX];
    char amounts[TOGETHER_MAX][32];

    for (size_t i = 0; i < count; i++)
        describe(bank, &first[i], &deposits[i], amounts[i]);
    bank_write_deposits(writer, party, first->message_id, deposits, count);
}

/* The last announcements, as one message. */
static void put_last(struct bank *bank, size_t count)
{
    const struct announcement *first = &bank->announcements[bank->announcement_count - count];
    struct writer writer;

    writer_init(&writer, 0);
    bank_write_announcements(bank, &writer, bank->party, first, count);
    bank_put_file(bank, writer_slice(&writer), first->message_id);
    writer_fini(&writer);
}

void bank_name_transfer(struct bank *bank, size_t transfer, bool again, char id[40])
{
    if (again)
        snprintf(id, 40, "T-%s-%zu-%u", bank->channel, transfer, ++bank->transfers[transfer].told);
    else
        snprintf(id, 40, "T-%s-%zu", bank->channel, transfer);
}

static struct announcement *add_announcement(struct bank *bank, size_t transfer,
                                             const char *message_id, unsigned cents)
{
    bank->announcements = memory_room(bank->announcements, bank->announcement_count,
                                      &bank->announcement_room, sizeof *bank->announcements);
    struct announcement *announcement = &bank->announcements[bank->announcement_count++];

    *announcement = (struct announcement){ .transfer = transfer, .cents = cents };
    snprintf(announcement->message_id, sizeof announcement->message_id, "%s", message_id);
    bank_name_transfer(bank, transfer, false, announcement->transaction_id);
    return announcement;
}

static void make_uetr(struct world *world, char uetr[40])
{
    snprintf(uetr, 40, "%08x-%04x-4%03x-9%03x-%012llx",
             (unsigned)world_random(world, UINT64_C(0x100000000)),
             (unsigned)world_random(world, 0x10000), (unsigned)world_random(world, 0x1000),
             (unsigned)world_random(world, 0x1000),
             (unsigned long long)world_random(world, UINT64_C(0x1000000000000)));
}

static unsigned some_cents(struct world *world)
{
    return 1 + (unsigned)(world_chance(world, 5) ? 5000000 + world_random(world, 4000000)
                                                 : world_random(world, 50000));
}

/* A client may also be found by the payer's account. */
size_t bank_add_transfer(struct bank *bank)
{
    struct world *world = bank->world;
    bool north = bank->channel[0] == 'n';

    bank->transfers = memory_room(bank->transfers, bank->transfer_count, &bank->transfer_room,
                                  sizeof *bank->transfers);
    struct transfer *transfer = &bank->transfers[bank->transfer_count];
    *transfer = (struct transfer){ .client = north ? "C-1" : "C-3",
                                   .account = north ? "ACC-7001" : "ACC-9001",
                                   .cents = some_cents(world) };
    if (world_chance(world, 70))
        make_uetr(world, transfer->uetr);
    if (world_chance(world, 10))
        transfer->client = NULL;
    if (fault_strikes(world, FAULT_DEPOSIT_UNKNOWN_CLIENT))
        transfer->client = "C-404";
    if (fault_strikes(world, FAULT_DEPOSIT_WRONG_ACCOUNT))
        transfer->account = "ACC-0000";
    return bank->transfer_count++;
}

void bank_announce(struct bank *bank)
{
    struct world *world = bank->world;
    size_t wanted = world_chance(world, 20) ? 2 + (size_t)world_random(world, TOGETHER_MAX - 1) : 1;
    size_t count = 0;
    char id[40];

    bank_new_id(bank, id);
    while (count < wanted && world_asks(world)) {
        size_t transfer = bank_add_transfer(bank);
        add_announcement(bank, transfer, id, bank->transfers[transfer].cents);
        count++;
    }
    if (count != 0)
        put_last(bank, count);
}

void bank_announce_transfer(struct bank *bank, size_t transfer)
{
    char id[40];

    if (!world_asks(bank->world))
        return;
    bank_new_id(bank, id);
    add_announcement(bank, transfer, id, bank->transfers[transfer].cents);
    put_last(bank, 1);
}

/* --- and again --- */

static void repeat_message(struct bank *bank, const char *message_id)
{
    for (size_t i = 0; i < bank->file_count; i++) {
        if (strcmp(bank->files[i].message_id, message_id) != 0)
            continue;
        char id[40];
        snprintf(id, sizeof id, "%s", message_id);
        bank_put_file(bank, bank->files[i].bytes, id);
        return;
    }
}

/* The same message; or the same transfer in another message, under another id
   with its UETR, or with another amount. */
void bank_announce_again(struct bank *bank)
{
    struct world *world = bank->world;
    char id[40];

    if (bank->announcement_count == 0)
        return;
    struct announcement old = bank->announcements[world_random(world, bank->announcement_count)];
    struct transfer *transfer = &bank->transfers[old.transfer];

    bank_new_id(bank, id);
    if (fault_strikes(world, FAULT_ANNOUNCED_OTHER_AMOUNT)) {
        add_announcement(bank, old.transfer, id, old.cents + 1);
        put_last(bank, 1);
    } else if (transfer->uetr[0] != '\0' && fault_strikes(world, FAULT_ANNOUNCED_OTHER_ID)) {
        struct announcement *other = add_announcement(bank, old.transfer, id, old.cents);
        bank_name_transfer(bank, old.transfer, true, other->transaction_id);
        put_last(bank, 1);
    } else if (fault_strikes(world, FAULT_ANNOUNCED_OTHER_MESSAGE)) {
        struct announcement *other = add_announcement(bank, old.transfer, id, old.cents);
        memcpy(other->transaction_id, old.transaction_id, sizeof other->transaction_id);
        put_last(bank, 1);
    } else {
        repeat_message(bank, old.message_id);
    }
}

struct reply *bank_find_reply(const struct bank *bank, size_t announcement, uint64_t number)
{
    for (size_t i = bank->reply_count; i-- != 0;) {
        struct reply *reply = &bank->replies[i];
        if (reply->announcement == announcement && reply->number == number)
            return reply;
    }
    return NULL;
}

/* Its transfer is known now as an instruction on which this says nothing yet. */
static bool is_open(const struct bank *bank, size_t index)
{
    const struct witness_instruction *newest =
        witness_named(&bank->world->witness, slice_of(bank->channel),
                      slice_of(bank->announcements[index].transaction_id));
    const struct reply *reply =
        newest == NULL ? NULL : bank_find_reply(bank, index, newest->number);

    if (newest == NULL || newest->left != 0)
        return newest == NULL;
    return reply == NULL || (!reply->yes && !reply->no && !reply->duplicate);
}

void bank_announce_open(struct bank *bank)
{
    for (size_t i = 0; i < bank->announcement_count; i++)
        if (is_open(bank, i))
            repeat_message(bank, bank->announcements[i].message_id);
}

/* --- what the gateway says --- */

/* AM05 refuses a copy; what it is a copy of goes its way. */
static void note_reply(struct bank *bank, const struct announcement *announcement,
                       struct reply *reply, struct slice status, bool duplicate)
{
    struct world *world = bank->world;
    bool yes = slice_is(status, "ACSP") || slice_is(status, "ACCC");
    bool no = slice_is(status, "RJCT") && !duplicate;

    if ((yes && (reply->no || reply->duplicate)) || (no && (reply->yes || reply->duplicate)) ||
        (duplicate && (reply->yes || reply->no)))
        world_fail(world, "%s: %s in %s was answered otherwise before, and now by %.*s%s",
                   bank->channel, announcement->transaction_id, announcement->message_id,
                   SLICE_ARG(status), duplicate ? " as a duplicate" : "");
    reply->yes = reply->yes || yes;
    reply->no = reply->no || no;
    reply->duplicate = reply->duplicate || duplicate;
}

static struct reply *reply_of(struct bank *bank, size_t announcement, uint64_t number)
{
    struct reply *reply = bank_find_reply(bank, announcement, number);

    if (reply != NULL)
        return reply;
    bank->replies =
        memory_room(bank->replies, bank->reply_count, &bank->reply_room, sizeof *bank->replies);
    reply = &bank->replies[bank->reply_count++];
    *reply = (struct reply){ .announcement = announcement, .number = number };
    return reply;
}

void bank_take_reply(struct bank *bank, struct slice name, struct slice bytes)
{
    struct slice message = bank_read(bytes, "OrgnlMsgId"), id = bank_read(bytes, "OrgnlTxId");
    struct slice status = bank_read(bytes, "TxSts"), code = bank_read(bytes, "Cd");

    if (slice_is(bank_read(bytes, "GrpSts"), "RJCT"))
        return; /* rejection_checker.c has judged it */
    for (size_t i = 0; i < bank->announcement_count; i++) {
        struct announcement *announcement = &bank->announcements[i];
        if (slice_is(message, announcement->message_id) &&
            slice_is(id, announcement->transaction_id)) {
            note_reply(bank, announcement, reply_of(bank, i, witness_number(name)), status,
                       slice_is(code, "AM05"));
            return;
        }
    }
    world_fail(bank->world, "%s: an answer on %.*s in %.*s, which was never announced",
               bank->channel, SLICE_ARG(id), SLICE_ARG(message));
}
