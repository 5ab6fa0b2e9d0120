/* The queue between the machine and its caller.  What is sent is written into
   one writer, and its place is kept rather than its address: the writer moves
   while it grows. */
#include "codecs/fix/session_machine.h"

#include <stdlib.h>

void fix_events_init(struct fix_events *events)
{
    *events = (struct fix_events){ 0 };
    writer_init(&events->bytes, 0);
}

void fix_events_fini(struct fix_events *events)
{
    writer_fini(&events->bytes);
    free(events->queued);
}

static struct fix_queued *add(struct fix_events *events, const struct fix_event *event)
{
    events->queued =
        memory_room(events->queued, events->count, &events->room, sizeof *events->queued);
    struct fix_queued *queued = &events->queued[events->count++];
    *queued = (struct fix_queued){ .event = *event };
    return queued;
}

void fix_events_add(struct fix_events *events, const struct fix_event *event)
{
    add(events, event);
}

void fix_events_add_send(struct fix_events *events, const struct fix_event *event,
                         struct slice bytes)
{
    struct fix_queued *queued = add(events, event);
    queued->at = events->bytes.used - bytes.size;
    queued->size = bytes.size;
}

bool fix_events_take(struct fix_events *events, struct fix_event *event)
{
    if (events->first == events->count)
        return false;
    const struct fix_queued *queued = &events->queued[events->first++];
    *event = queued->event;
    if (event->kind == FIX_EVENT_SEND)
        event->send.bytes = (struct slice){ events->bytes.at + queued->at, queued->size };
    return true;
}

void fix_events_reset(struct fix_events *events)
{
    if (events->first < events->count)
        return;
    events->first = events->count = 0;
    writer_reset(&events->bytes);
}
