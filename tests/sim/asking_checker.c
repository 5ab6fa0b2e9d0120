/* Requests that come again: the same asked for is the same request, something
   else under its id is refused as AM05, each time. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

struct clashes {
    unsigned asked, told;
};

static struct slice field(struct slice message, const char *tag)
{
    char text[16];
    int size = snprintf(text, sizeof text, "\001%s=", tag);
    const char *found = memmem(message.at, message.size, text, (size_t)size);

    if (found == NULL)
        return SLICE_NONE;
    struct slice rest = slice_after(message, (size_t)(found + size - message.at));
    const char *end = memchr(rest.at, '\001', rest.size);
    return (struct slice){ rest.at, end == NULL ? 0 : (size_t)(end - rest.at) };
}

static size_t request_named(const struct broker *broker, struct slice id)
{
    size_t index = 0;

    while (index < broker->request_count && !slice_is(id, broker->requests[index].id))
        index++;
    return index;
}

static bool asks_for(struct slice message, const struct request *request)
{
    char amount[32];

    snprintf(amount, sizeof amount, "%u.%02u", request->cents / 100, request->cents % 100);
    return slice_is(field(message, "2817"), amount);
}

/* Messages that the gateway has taken, and that ask for something else. */
static void count_asked(const struct world *world, const struct broker *broker,
                        struct clashes *clashes)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_MESSAGE_IN); i++) {
        const struct message_row *row = &store_memory_at(world->store, ROW_MESSAGE_IN, i)->message;
        size_t index = request_named(broker, field(row->bytes, "2812"));

        if (slice_is(row->session, broker->name) && index < broker->request_count &&
            slice_is(field(row->bytes, "35"), "DY") &&
            !asks_for(row->bytes, &broker->requests[index]))
            clashes[index].asked++;
    }
}

static const struct instruction *instruction_numbered(const struct world *world, uint64_t number)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction;
        if (instruction->number == number)
            return instruction;
    }
    return NULL;
}

static void count_told(const struct world *world, const struct broker *broker,
                       struct clashes *clashes)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_EVENT); i++) {
        const struct event_row *event = &store_memory_at(world->store, ROW_EVENT, i)->event;
        if (!slice_starts(event->text, SLICE("AM05")) || !slice_is(event->who, broker->name))
            continue;
        const struct instruction *instruction = instruction_numbered(world, event->instruction);
        size_t index =
            instruction == NULL
                ? broker->request_count
                : request_named(broker, instruction_get(instruction, INSTRUCTION_TEXT_request_id));
        if (index < broker->request_count)
            clashes[index].told++;
    }
}

static void check_broker(struct world *world, const struct broker *broker)
{
    struct clashes *clashes = calloc(broker->request_count + 1, sizeof *clashes);

    count_asked(world, broker, clashes);
    count_told(world, broker, clashes);
    for (size_t i = 0; i < broker->request_count; i++)
        if (clashes[i].asked != clashes[i].told)
            world_fail(world,
                       "%s: %s was asked %u times for something else, and refused as AM05 %u times",
                       broker->name, broker->requests[i].id, clashes[i].asked, clashes[i].told);
    free(clashes);
}

void check_asking(struct world *world)
{
    for (unsigned i = 0; i < BROKERS; i++)
        check_broker(world, &world->brokers[i]);
}
