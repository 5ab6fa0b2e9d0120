/* What a bank hears rejected it takes back: a pacs.002 with RJCT names no deposit
   that is in the book.

   It names the transfers of one message: those that the message has, when all of it is
   rejected, whether they could be read or not, and else the one by its TxId.  Of each
   of them, by its id or its UETR,
   - what was taken before must be refused, or have left the store: what is older than
     the window counts as new, for a rejection as for anything else;
   - what is taken later must have come in another message: the bank has announced it
     again, and what counts is the order in which its files reach us; or the rejected
     one had left by then, and the same message counts as new;
   - with AM05 a second message about the transfer is rejected, and the first one goes its
     way, so there too the messages must be others.
   Numbers of rejections and of instructions come from one count. */
#include "world.h"

#include "codecs/base/arena.h"

struct rejection {
    struct slice channel, message, id; /* no id: all of the message */
    uint64_t number;
    unsigned when;
    bool copy; /* AM05 of one transfer */
    bool judged;
};

void rejections_see(struct world *world, struct slice channel, struct slice document,
                    struct slice bytes)
{
    struct witness *witness = &world->witness;
    bool whole = slice_is(bank_read(bytes, "GrpSts"), "RJCT");
    bool one = slice_is(bank_read(bytes, "TxSts"), "RJCT");

    if (!slice_is(bank_read(bytes, "MsgDefIdr"), "pacs.002.001.10") || (!whole && !one))
        return;
    struct rejection *rejection = arena_take(&witness->arena, sizeof *rejection);
    *rejection = (struct rejection){
        .channel = arena_copy(&witness->arena, channel),
        .message = arena_copy(&witness->arena, bank_read(bytes, "OrgnlMsgId")),
        .id = whole ? SLICE_NONE : arena_copy(&witness->arena, bank_read(bytes, "OrgnlTxId")),
        .number = witness_number(document),
        .when = witness->now,
        .copy = !whole && slice_is(bank_read(bytes, "Cd"), "AM05"),
    };
    witness_list_add(&witness->rejections, rejection);
}

/* What was rejected by itself has an instruction, and is not known any more without it. */
static bool was_known(const struct world *world, const struct rejection *rejection, unsigned when)
{
    const struct witness_instruction *rejected = witness_find(&world->witness, rejection->number);

    return rejected == NULL || rejected->left == 0 || rejected->left > when;
}

static bool is_allowed(const struct world *world, const struct rejection *rejection,
                       const struct witness_instruction *instruction)
{
    bool later = instruction->number > rejection->number;

    if (instruction->state == INSTRUCTION_REFUSED ||
        (instruction->left != 0 && instruction->left <= rejection->when))
        return true;
    if (later && !was_known(world, rejection, instruction->came))
        return true;
    return (later || rejection->copy) &&
           !slice_equal(instruction->bank_message, rejection->message);
}

static void check_transfer(struct world *world, const struct rejection *rejection, struct slice id)
{
    const struct witness_instruction *at = witness_named(&world->witness, rejection->channel, id);

    for (; at != NULL; at = at->earlier)
        if (!is_allowed(world, rejection, at))
            world_fail(world, "%.*s: %.*s in %.*s is rejected, and instruction %llu is %s",
                       SLICE_ARG(rejection->channel), SLICE_ARG(id), SLICE_ARG(rejection->message),
                       (unsigned long long)at->number, instruction_state_name(at->state));
}

/* Only a message that is against its schema, and one that is for us, is rejected as
   a whole. */
static void check_message(struct world *world, const struct rejection *rejection)
{
    const struct bank *bank = world_bank(world, rejection->channel);
    bool known = false;

    for (size_t i = 0; i < bank->invalid_count; i++) {
        const struct announcement *one = &bank->invalid[i];
        bool borrowed =
            one->borrowed != NULL && slice_is(rejection->message, one->borrowed->message_id);
        if (!borrowed && !slice_is(rejection->message, one->message_id))
            continue;
        if (borrowed)
            check_transfer(world, rejection, slice_of(one->borrowed->transaction_id));
        if (one->foreign)
            world_fail(world, "%s: %s is rejected, and is not for us to reject", bank->channel,
                       one->message_id);
        known = true;
        check_transfer(world, rejection, slice_of(one->transaction_id));
    }
    if (!known)
        world_fail(world, "%s: all of %.*s is rejected, and it was valid", bank->channel,
                   SLICE_ARG(rejection->message));
}

static void check_rejection(struct world *world, const struct rejection *rejection)
{
    if (rejection->id.at == NULL)
        check_message(world, rejection);
    else
        check_transfer(world, rejection, rejection->id);
}

void check_new_rejections(struct world *world)
{
    const struct witness_list *rejections = &world->witness.rejections;

    for (size_t i = rejections->count; i != 0; i--) {
        struct rejection *rejection = rejections->at[i - 1];
        if (rejection->judged)
            return;
        rejection->judged = true;
        check_rejection(world, rejection);
    }
}

void check_rejections(struct world *world)
{
    const struct witness_list *rejections = &world->witness.rejections;

    for (size_t i = 0; i < rejections->count; i++)
        check_rejection(world, rejections->at[i]);
}
