/* Deposits in messages that are against their schema: new ones, and such as were
   announced before or will be as they should. */
#include "world.h"

#include "codecs/base/arena.h"

#include <stdio.h>

/* What stands in the message, and what the bank writes in its place; from the
   transaction that is broken on.  end: the tag that closes it. */
static const struct {
    const char *right, *wrong, *end, *wrong_end;
} faulty[] = {
    { "Ccy=\"EUR\">", "Ccy=\"EUR\">1,", NULL, NULL },
    { "Ccy=\"EUR\"", "Ccy=\"E\"", NULL, NULL },
    { "<ChrgBr>SHAR", "<ChrgBr>OURS", NULL, NULL },
    { "<ChrgBr>", "<Odd>1</Odd><ChrgBr>", NULL, NULL },
    { "<EndToEndId>", "<Odd/><EndToEndId>", NULL, NULL },
    { "<PmtId>", "<Odd><PmtId/></Odd><PmtId>", NULL, NULL },
    { "<ChrgBr>SHAR</ChrgBr>", "", NULL, NULL },
    { "</CdtTrfTxInf>", "</Odd>", NULL, NULL },
    { "<CdtTrfTxInf>", "<CdtTrf>", "</CdtTrfTxInf>", "</CdtTrf>" },
};

#define FAULTY_COUNT (sizeof faulty / sizeof *faulty)

static size_t place_of(struct slice text, size_t from, const char *words)
{
    const char *at = memmem(text.at + from, text.size - from, words, strlen(words));

    return at == NULL ? text.size : (size_t)(at - text.at);
}

/* Once, at its first place behind from. */
static void replace(struct writer *writer, size_t from, const char *right, const char *wrong)
{
    struct writer whole;

    writer_init(&whole, 0);
    struct slice text = writer_slice(writer);
    size_t at = place_of(text, from, right);
    writer_bytes(&whole, (struct slice){ text.at, at });
    if (at != text.size) {
        writer_text(&whole, wrong);
        writer_bytes(&whole, slice_after(text, at + strlen(right)));
    }
    writer_fini(writer);
    *writer = whole;
}

/* --- a message --- */

static struct announcement *last_ones(const struct bank *bank, size_t count)
{
    return &bank->invalid[bank->invalid_count - count];
}

static void add_invalid(struct bank *bank, size_t transfer, bool again)
{
    bank->invalid =
        memory_room(bank->invalid, bank->invalid_count, &bank->invalid_room, sizeof *bank->invalid);
    struct announcement *one = &bank->invalid[bank->invalid_count++];

    *one = (struct announcement){ .transfer = transfer, .cents = bank->transfers[transfer].cents };
    bank_name_transfer(bank, transfer, again, one->transaction_id);
}

static const struct announcement *keep(struct world *world, const struct announcement *one)
{
    struct announcement *kept = arena_take(&world->witness.arena, sizeof *kept);

    *kept = *one;
    return kept;
}

/* One that was announced as it should and taken; NULL: none this time. */
static const struct announcement *choose_taken(struct bank *bank)
{
    struct world *world = bank->world;

    if (!fault_strikes(world, FAULT_INVALID_BORROWED) || bank->announcement_count == 0)
        return NULL;
    const struct announcement *one =
        &bank->announcements[fault_random(world, FAULT_INVALID_BORROWED, bank->announcement_count)];
    const struct witness_instruction *taken =
        witness_named(&world->witness, slice_of(bank->channel), slice_of(one->transaction_id));
    bool is_its_message = taken != NULL && slice_is(taken->bank_message, one->message_id);
    return is_its_message && taken->left == 0 ? keep(world, one) : NULL;
}

/* The MsgId is another one's, the BizMsgIdr its own. */
static void borrow(struct writer *writer, const struct announcement *own,
                   const struct announcement *other)
{
    char right[64], wrong[64];

    snprintf(right, sizeof right, "<MsgId>%s<", own->message_id);
    snprintf(wrong, sizeof wrong, "<MsgId>%s<", other->message_id);
    replace(writer, 0, right, wrong);
}

/* A copy, or to somebody else, or from another bank. */
static bool write_foreign(struct bank *bank, struct writer *writer, size_t count)
{
    struct bank_party party = *bank->party;
    bool strikes = fault_strikes(bank->world, FAULT_INVALID_FOREIGN);
    uint64_t what = strikes ? fault_random(bank->world, FAULT_INVALID_FOREIGN, 3) : 3;

    if (what == 1)
        party.broker_bic = "NOBODY2LXXX";
    if (what == 2)
        party.bic = "THRDDEFFXXX";
    bank_write_announcements(bank, writer, &party, last_ones(bank, count), count);
    if (what == 0)
        replace(writer, 0, "</AppHdr>", "<CpyDplct>COPY</CpyDplct></AppHdr>");
    return strikes;
}

/* One of the transactions is broken, or the end of the message is missing. */
static void break_it(struct world *world, enum fault fault, struct writer *writer, size_t count)
{
    uint64_t what = fault_random(world, fault, FAULTY_COUNT + 1);
    size_t from = 0;

    for (uint64_t skip = fault_random(world, fault, count) + 1; skip != 0; skip--)
        from = place_of(writer_slice(writer), from + 1, "<CdtTrfTxInf>");
    if (what < FAULTY_COUNT) {
        replace(writer, from, faulty[what].right, faulty[what].wrong);
        if (faulty[what].end != NULL)
            replace(writer, from, faulty[what].end, faulty[what].wrong_end);
    } else {
        writer->used = from + 1 + (size_t)fault_random(world, fault, writer->used - from - 2);
    }
}

/* The last ones, together. */
static void put_invalid(struct bank *bank, enum fault fault, size_t count)
{
    struct writer writer;
    char id[40];

    bank_new_id(bank, id);
    for (size_t i = 0; i < count; i++)
        memcpy(last_ones(bank, count)[i].message_id, id, sizeof id);
    writer_init(&writer, 0);
    bool foreign = write_foreign(bank, &writer, count);
    const struct announcement *other = choose_taken(bank);
    for (size_t i = 0; i < count; i++) {
        last_ones(bank, count)[i].foreign = foreign;
        last_ones(bank, count)[i].borrowed = other;
    }
    if (other != NULL)
        borrow(&writer, last_ones(bank, count), other);
    break_it(bank->world, fault, &writer, count);
    bank_put_file(bank, writer_slice(&writer), id)->bad = true;
    writer_fini(&writer);
}

/* --- which --- */

static void announce_new(struct bank *bank)
{
    size_t count = 1 + (size_t)fault_random(bank->world, FAULT_INVALID_NEW, TOGETHER_MAX);

    for (size_t i = 0; i < count; i++)
        add_invalid(bank, bank_add_transfer(bank), false);
    put_invalid(bank, FAULT_INVALID_NEW, count);
}

/* By its id, or by its UETR under another id; before it or behind it may be new
   ones. */
static void announce_again(struct bank *bank)
{
    struct world *world = bank->world;
    uint64_t count = 1 + fault_random(world, FAULT_INVALID_AGAIN, TOGETHER_MAX);
    uint64_t place = fault_random(world, FAULT_INVALID_AGAIN, count);

    if (bank->announcement_count == 0)
        return;
    for (uint64_t i = 0; i < count; i++) {
        size_t old =
            bank->announcements[fault_random(world, FAULT_INVALID_AGAIN, bank->announcement_count)]
                .transfer;
        bool named = bank->transfers[old].uetr[0] != '\0' &&
                     fault_random(world, FAULT_INVALID_AGAIN, 2) == 0;
        if (i == place)
            add_invalid(bank, old, named);
        else
            add_invalid(bank, bank_add_transfer(bank), false);
    }
    put_invalid(bank, FAULT_INVALID_AGAIN, (size_t)count);
}

static bool is_announced(const struct bank *bank, size_t transfer)
{
    for (size_t i = 0; i < bank->announcement_count; i++)
        if (bank->announcements[i].transfer == transfer)
            return true;
    return false;
}

/* Its file may overtake the one that was not valid. */
static void correct(struct bank *bank)
{
    if (bank->invalid_count == 0)
        return;
    size_t transfer =
        bank->invalid[fault_random(bank->world, FAULT_INVALID_CORRECTED, bank->invalid_count)]
            .transfer;
    if (!is_announced(bank, transfer))
        bank_announce_transfer(bank, transfer);
}

void bank_announce_invalid(struct bank *bank)
{
    struct world *world = bank->world;

    if (fault_strikes(world, FAULT_INVALID_NEW))
        announce_new(bank);
    if (fault_strikes(world, FAULT_INVALID_CORRECTED))
        correct(bank);
    if (fault_strikes(world, FAULT_INVALID_AGAIN))
        announce_again(bank);
}
