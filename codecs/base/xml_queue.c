/* A growing row of events, which starts again when all were asked for. */
#include "codecs/base/xml_queue.h"

#include <stdlib.h>

void xml_queue_init(struct xml_queue *queue)
{
    *queue = (struct xml_queue){ .count = 0 };
    arena_init(&queue->arena, ARENA_UNLIMITED);
}

void xml_queue_fini(struct xml_queue *queue)
{
    arena_fini(&queue->arena);
    free(queue->events);
}

static void keep_attributes(struct xml_queue *queue, struct xml_event *event)
{
    struct xml_attribute *kept =
        arena_take_array(&queue->arena, event->attribute_count, sizeof *kept);
    for (size_t i = 0; i < event->attribute_count; i++) {
        kept[i] = event->attributes[i];
        kept[i].value = arena_copy(&queue->arena, kept[i].value);
    }
    event->attributes = kept;
    event->tag = arena_copy(&queue->arena, event->tag);
}

void xml_queue_take(void *owner, const struct xml_event *event)
{
    struct xml_queue *queue = owner;
    queue->events = memory_room(queue->events, queue->count, &queue->room, sizeof *queue->events);
    struct xml_event *kept = &queue->events[queue->count++];
    *kept = *event;
    kept->text = arena_copy(&queue->arena, kept->text);
    if (kept->attribute_count > 0)
        keep_attributes(queue, kept);
}

bool xml_queue_next(struct xml_queue *queue, struct xml_event *event)
{
    if (queue->next == queue->count)
        return false;
    *event = queue->events[queue->next++];
    return true;
}

void xml_queue_forget(struct xml_queue *queue)
{
    if (queue->next < queue->count)
        return;
    queue->count = queue->next = 0;
    arena_reset(&queue->arena);
}
