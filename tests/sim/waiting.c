/* While the store cannot even be read: what gateway/gateway_wait.c does with
   what comes meanwhile. */
#include "world.h"

#include "routing/custody/owned.h"

#include <stdlib.h>

#define RETRY_NS SECONDS_NS(1)

static void keep(struct world *world, const struct input *input)
{
    struct waiting *waiting = &world->waiting;

    waiting->held =
        memory_room(waiting->held, waiting->held_count, &waiting->held_room, sizeof *waiting->held);
    waiting->held[waiting->held_count++] = (struct input){ .kind = input->kind,
                                                           .channel = owned_copy(input->channel),
                                                           .name = owned_copy(input->name),
                                                           .bytes = owned_copy(input->bytes) };
}

static void free_input(struct input *input)
{
    owned_free(input->channel);
    owned_free(input->name);
    owned_free(input->bytes);
}

bool waiting_takes(struct world *world, const struct input *input)
{
    switch (input->kind) {
    case INPUT_LINK_OPENED:
    case INPUT_LINK_BYTES:
    case INPUT_LINK_CLOSED:
    case INPUT_LINK_FULL:
    case INPUT_LINK_DRAINED:
    case INPUT_TICK:
        return true;
    case INPUT_DOCUMENT:
        keep(world, input);
        return false;
    case INPUT_COMMAND:
        world->status = 3;
        check_reply(world, input->command, 3);
        return false;
    case INPUT_DRAIN:
        process_stopped(world);
        return false;
    default:
        return false;
    }
}

void waiting_begin(struct world *world)
{
    world->waiting.on = true;
    world->waiting.retry_ns = world->now.steady_ns + RETRY_NS;
}

void waiting_end(struct world *world)
{
    struct waiting *waiting = &world->waiting;

    waiting->on = false;
    /* Each may end the process, which forgets the rest. */
    while (waiting->held_count != 0) {
        struct input input = waiting->held[0];
        memmove(waiting->held, waiting->held + 1, --waiting->held_count * sizeof input);
        world_give(world, &input);
        free_input(&input);
    }
}

void waiting_forget(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->held_count; i++)
        free_input(&waiting->held[i]);
    waiting->held_count = 0;
    waiting->on = false;
}

void waiting_fini(struct waiting *waiting)
{
    waiting_forget(waiting);
    free(waiting->held);
}
