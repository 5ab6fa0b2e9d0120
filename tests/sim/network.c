/* The connection between a broker and the gateway: bytes arrive in pieces, late,
   or not at all. */
#include "world.h"

#include "routing/custody/owned.h"

#define FULL_SIZE 3000 /* much less than in production, so that it comes to that */

/* How many bytes arrive now. */
static size_t some_of(struct world *world, struct line *line)
{
    size_t size = line->bytes.used;

    if (size == 0 || (world->faults.on && world->step < line->still_until))
        return 0;
    if (fault_strikes(world, FAULT_BYTES_DELAYED)) {
        line->still_until =
            world->step + 1 + (unsigned)fault_random(world, FAULT_BYTES_DELAYED, 300);
        return 0;
    }
    if (fault_strikes(world, FAULT_BYTES_SPLIT))
        size = 1 + (size_t)fault_random(world, FAULT_BYTES_SPLIT, size);
    return size;
}

static void to_gateway(struct broker *broker)
{
    struct writer *waiting = &broker->to_gateway.bytes;

    if (broker->cut || broker->paused)
        return;
    size_t size = some_of(broker->world, &broker->to_gateway);
    if (size == 0)
        return;
    struct slice bytes = owned_copy((struct slice){ waiting->at, size });

    writer_drop(waiting, size);
    world_give(broker->world,
               &(struct input){ .kind = INPUT_LINK_BYTES, .link = broker->link, .bytes = bytes });
    owned_free(bytes);
    if (broker->machine != NULL && waiting->used != 0 &&
        fault_strikes(broker->world, FAULT_BYTES_CUT))
        broker_drop(broker);
}

/* As gateway/net does, which tells it behind the effect that wrote. */
void network_written(struct broker *broker)
{
    struct line *line = &broker->from_gateway;
    struct world *world = broker->world;

    if (line->bytes.used < FULL_SIZE || line->full == broker->link)
        return;
    line->full = broker->link;
    engine_take(world->engine, &(struct input){ .kind = INPUT_LINK_FULL, .link = broker->link },
                world->now);
}

static void from_gateway(struct broker *broker)
{
    struct line *line = &broker->from_gateway;

    broker_hear(broker, broker->cut ? line->bytes.used : some_of(broker->world, line));
    if (broker->machine == NULL || line->full != broker->link || line->bytes.used > FULL_SIZE / 2)
        return;
    line->full = 0;
    world_give(broker->world, &(struct input){ .kind = INPUT_LINK_DRAINED, .link = broker->link });
}

void network_step(struct broker *broker)
{
    if (broker->machine == NULL)
        return;
    if (broker->calm || world_chance(broker->world, 50))
        to_gateway(broker);
    if (broker->machine != NULL && (broker->calm || world_chance(broker->world, 50)))
        from_gateway(broker);
}
