/* What operators are told is done: it is in the store by then, as everything
   that leaves. */
#include "world.h"

#include <stdlib.h>

struct asked {
    command_id command;
    uint64_t number; /* of the instruction */
    bool approves;   /* and need not end it */
    enum instruction_state end;
};

void replies_expect(struct world *world, command_id command, const struct slice *words,
                    size_t count)
{
    struct replies *replies = &world->replies;
    struct asked asked = { .command = command, .end = INSTRUCTION_REFUSED };

    if (count < 4)
        return; /* it is about no instruction */
    asked.number = witness_number(words[1]);
    asked.approves = slice_is(words[0], "approve");
    if (slice_is(words[0], "resolve") && !instruction_state_named(words[3], &asked.end))
        world_fail(world, "there is no state %.*s", SLICE_ARG(words[3]));
    replies->at = memory_room(replies->at, replies->count, &replies->room, sizeof *replies->at);
    replies->at[replies->count++] = asked;
}

static void check_done(struct world *world, const struct asked *asked)
{
    const struct witness_instruction *seen = witness_find(&world->witness, asked->number);
    /* What is approved under other rules may be held by another one. */
    unsigned approved =
        1u << INSTRUCTION_ACCEPTED | 1u << INSTRUCTION_REFUSED | 1u << INSTRUCTION_HELD;
    unsigned wanted = asked->approves ? approved : 1u << asked->end;

    if (seen == NULL || (seen->been & wanted) == 0)
        world_fail(world, "an operator is told of %llu before it was kept",
                   (unsigned long long)asked->number);
}

void check_reply(struct world *world, command_id command, int status)
{
    struct replies *replies = &world->replies;

    archiving_replied(world, command);
    for (size_t i = 0; i < replies->count; i++) {
        struct asked asked = replies->at[i];
        if (asked.command != command)
            continue;
        replies->at[i] = replies->at[--replies->count];
        if (status == 0)
            check_done(world, &asked);
        return;
    }
}

void replies_fini(struct replies *replies)
{
    free(replies->at);
}
