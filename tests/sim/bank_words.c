/* What a bank says of our orders.  The truth on each is settled before its first
   word; what else is said is a fault with a name, and the file remembers what it
   means. */
#include "world.h"

#include <stdio.h>

static const char *const pending_words[] = { "RCVD", "ACTC", "ACCP", "ACSP", "PDNG" };
static const char *const refusals[] = { "AC04", "AM04", "MS03", NULL };
static const char *const technical_reasons[] = { "TECH", "AB06", "NOAS", "AM05" };
static const char *const unserved_reasons[] = { "UNAVAILABLE", "SOMETHING" };

#define ANY(world, words) (words)[world_random(world, sizeof(words) / sizeof *(words))]

static void settle_truth(struct world *world, struct order *order)
{
    if (order->truth == TRUTH_OPEN)
        order->truth = world_chance(world, 70) ? TRUTH_PAID : TRUTH_REFUSED;
}

/* --- one word --- */

static void put(struct bank *bank, struct slice bytes, const char *message_id, size_t order,
                enum said said, bool by_instruction)
{
    unsigned copies = fault_strikes(bank->world, FAULT_FILE_REPEATED) ? 2 : 1;

    while (copies-- != 0) {
        struct bank_file *file = bank_put_file(bank, bytes, message_id);
        file->order = order;
        file->said = said;
        file->by_instruction = by_instruction;
        file->refusal = said == SAID_UNREADABLE || said == SAID_UNSERVED;
    }
}

static void put_status(struct bank *bank, const struct bank_status *status, size_t order,
                       enum said said)
{
    struct writer writer;

    writer_init(&writer, 0);
    bank_write_status(&writer, bank->party, status);
    put(bank, writer_slice(&writer), status->message_id, order, said,
        status->order_id == NULL || strcmp(status->order_id, "NOTPROVIDED") == 0);
    writer_fini(&writer);
}

/* It goes by the id of the message, by InstrId alone, or by both and the UETR. */
static void name_order(struct world *world, const struct order *order, struct bank_status *status)
{
    uint64_t how = world_random(world, 10);

    status->instruction_id = order->instruction;
    if (how < 3)
        status->order_id = how == 0 ? NULL : "NOTPROVIDED";
    else
        status->order_id = order->id;
    if (how >= 8)
        status->uetr = order->uetr;
}

/* One part of what it repeats is not what the order had. */
static enum said name_other(struct world *world, const struct order *order,
                            struct bank_status *status)
{
    status->order_id = order->id;
    status->instruction_id = NULL;
    switch (fault_random(world, FAULT_WORD_NAMES_OTHER, 3)) {
    case 0:
        status->instruction_id = "SOMETHING-ELSE";
        break;
    case 1:
        status->uetr = "00000000-0000-4000-8000-000000000000";
        break;
    default:
        status->amount = "99999999.99";
        status->currency = "EUR";
        break;
    }
    return SAID_WRONG;
}

/* What is not a message of ours to this bank, or names nothing that is looked for. */
static enum said name_nothing(struct bank *bank, const struct order *order,
                              struct bank_status *status)
{
    struct world *world = bank->world;
    const struct bank *other = &world->banks[bank == &world->banks[0]];

    status->order_id = status->instruction_id = status->uetr = NULL;
    if (fault_random(world, FAULT_WORD_FOREIGN, 3) == 0)
        status->uetr = order->uetr;
    else if (other->order_count != 0)
        status->order_id =
            other->orders[fault_random(world, FAULT_WORD_FOREIGN, other->order_count)].id;
    else
        status->order_id = "PSTK-SEEDED-999999-1";
    return SAID_NOTHING;
}

static void say(struct bank *bank, size_t index, const char *code, const char *reason,
                enum said said)
{
    struct world *world = bank->world;
    const struct order *order = &bank->orders[index];
    char id[40];
    struct bank_status status = { .message_id = id, .status = code, .reason = reason };

    bank_new_id(bank, id);
    name_order(world, order, &status);
    if (fault_strikes(world, FAULT_WORD_NAMES_OTHER))
        said = name_other(world, order, &status);
    else if (fault_strikes(world, FAULT_WORD_FOREIGN))
        said = name_nothing(bank, order, &status);
    put_status(bank, &status, said == SAID_NOTHING ? NO_ORDER : index, said);
}

static void say_last(struct bank *bank, size_t index, enum truth truth)
{
    struct world *world = bank->world;

    if (truth == TRUTH_PAID)
        say(bank, index, world_chance(world, 80) ? "ACSC" : "ACCC", NULL, SAID_PAID);
    else
        say(bank, index, "RJCT", ANY(world, refusals), SAID_REFUSED);
}

static void say_unreadable(struct bank *bank, size_t index)
{
    struct world *world = bank->world;
    struct order *order = &bank->orders[index];
    bool final = order->truth == TRUTH_REFUSED && world_chance(world, 60);
    struct writer writer;
    char id[40];

    bank_new_id(bank, id);
    writer_init(&writer, 0);
    bank_write_refusal(&writer, bank->party, id, order->id,
                       final ? "SCHEMA" : ANY(world, unserved_reasons));
    put(bank, writer_slice(&writer), id, index, final ? SAID_UNREADABLE : SAID_UNSERVED, false);
    writer_fini(&writer);
    order->spoken = order->spoken || final;
}

/* --- one order --- */

static enum truth opposite(enum truth truth)
{
    return truth == TRUTH_PAID ? TRUTH_REFUSED : TRUTH_PAID;
}

static void contradict(struct bank *bank, size_t index)
{
    bank->orders[index].twisted = true;
    say_last(bank, index, opposite(bank->orders[index].truth));
}

static void speak_after_last(struct bank *bank, size_t index)
{
    struct world *world = bank->world;

    if (fault_strikes(world, FAULT_BANK_CONTRADICTS))
        contradict(bank, index);
    else if (fault_strikes(world, FAULT_WORD_AFTER_LAST))
        say(bank, index, ANY(world, pending_words), NULL, SAID_PENDING);
    else if (world_chance(world, 10))
        say_last(bank, index, bank->orders[index].truth);
}

static void speak_before_last(struct bank *bank, size_t index)
{
    struct world *world = bank->world;
    struct order *order = &bank->orders[index];

    if (fault_strikes(world, FAULT_WORD_UNPROVED)) {
        say(bank, index, "RJCT", ANY(world, technical_reasons), SAID_UNPROVED);
    } else if (fault_strikes(world, FAULT_WORD_UNKNOWN)) {
        say(bank, index, "WHAT", NULL, SAID_UNPROVED);
    } else if (fault_strikes(world, FAULT_ORDER_UNREADABLE)) {
        say_unreadable(bank, index);
    } else if (fault_strikes(world, FAULT_BANK_CONTRADICTS)) {
        contradict(bank, index);
    } else if (order->words++ < 3 && world_chance(world, 50)) {
        say(bank, index, ANY(world, pending_words), NULL, SAID_PENDING);
    } else {
        order->spoken = true;
        say_last(bank, index, order->truth);
    }
}

/* Of the newest orders more often than of the old ones. */
void bank_speak(struct bank *bank)
{
    struct world *world = bank->world;
    size_t count = bank->order_count;

    if (count == 0)
        return;
    size_t among = count > 12 && world_chance(world, 80) ? 12 : count;
    size_t index = count - 1 - (size_t)world_random(world, among);
    struct order *order = &bank->orders[index];
    if (order->silent)
        return;
    settle_truth(world, order);
    if (order->spoken)
        speak_after_last(bank, index);
    else
        speak_before_last(bank, index);
}

void bank_last_word(struct bank *bank, size_t index)
{
    settle_truth(bank->world, &bank->orders[index]);
    say_last(bank, index, bank->orders[index].truth);
}

/* --- what counts for nothing --- */

static const struct bank_file *any_file(struct bank *bank, enum fault fault)
{
    if (bank->file_count == 0)
        return NULL;
    return &bank->files[fault_random(bank->world, fault, bank->file_count)];
}

static void repeat_file(struct bank *bank)
{
    const struct bank_file *old = any_file(bank, FAULT_FILE_OF_YESTERDAY);

    if (old == NULL)
        return;
    struct bank_file copy = *old;
    struct bank_file *file = bank_put_file(bank, copy.bytes, copy.message_id);
    file->bad = copy.bad;
    file->refusal = copy.refusal;
    file->order = copy.order;
    file->said = copy.said;
    file->by_instruction = copy.by_instruction;
}

/* Whichever comes first has the id. */
static void reuse_id(struct bank *bank)
{
    const struct bank_file *old = any_file(bank, FAULT_MESSAGE_ID_REUSED);
    char id[40];

    if (old == NULL || old->order == NO_ORDER || old->refusal)
        return;
    snprintf(id, sizeof id, "%s", old->message_id);
    const struct order *order = &bank->orders[old->order];
    struct bank_status status = { .message_id = id, .order_id = order->id, .status = "PRES" };
    put_status(bank, &status, old->order, SAID_PENDING);
    for (size_t i = 0; i < bank->file_count; i++)
        if (strcmp(bank->files[i].message_id, id) == 0)
            bank->files[i].bad = true;
}

static void put_bad(struct bank *bank, struct slice bytes, const char *message_id, bool refusal)
{
    struct bank_file *file = bank_put_file(bank, bytes, message_id);

    file->bad = true;
    file->refusal = refusal;
}

/* The end of it; the header stays readable. */
static void scramble(struct world *world, struct writer *writer)
{
    size_t size = writer->used / 4;

    for (size_t i = 0; i < size; i++)
        writer->at[writer->used - 1 - i] = (char)fault_random(world, FAULT_FILE_GARBAGE, 256);
}

/* Empty, not XML, cut short, or against its schema. */
static void write_garbage(struct bank *bank)
{
    struct world *world = bank->world;
    bool refusal = fault_random(world, FAULT_FILE_GARBAGE, 4) == 0;
    uint64_t what = fault_random(world, FAULT_FILE_GARBAGE, 8);
    struct writer writer;
    char id[40];
    struct bank_status status = { .message_id = id, .order_id = "X", .status = "TOOLONG" };

    bank_new_id(bank, id);
    writer_init(&writer, 0);
    if (refusal)
        bank_write_refusal(&writer, bank->party, id, "", "SCHEMA");
    else
        bank_write_status(&writer, bank->party, &status);
    if (what == 0)
        writer_reset(&writer);
    else if (what < 3)
        scramble(world, &writer);
    struct slice bytes = writer_slice(&writer);
    if (what >= 3 && what < 7)
        bytes.size = (size_t)fault_random(world, FAULT_FILE_GARBAGE, bytes.size - 20);
    put_bad(bank, bytes, id, refusal);
    writer_fini(&writer);
}

void bank_babble(struct bank *bank)
{
    struct world *world = bank->world;

    if (fault_strikes(world, FAULT_FILE_OF_YESTERDAY))
        repeat_file(bank);
    if (fault_strikes(world, FAULT_MESSAGE_ID_REUSED))
        reuse_id(bank);
    if (fault_strikes(world, FAULT_FILE_GARBAGE))
        write_garbage(bank);
}
