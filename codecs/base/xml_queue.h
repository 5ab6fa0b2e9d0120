/* Events that wait until they are asked for.  Internal to xml.c. */
#ifndef PENSTOCK_CODECS_BASE_XML_QUEUE_H
#define PENSTOCK_CODECS_BASE_XML_QUEUE_H

#include "codecs/base/arena.h"
#include "codecs/base/xml.h"

struct xml_queue {
    struct arena arena; /* what they point to */
    struct xml_event *events;
    size_t count, room, next;
};

void xml_queue_init(struct xml_queue *queue);
void xml_queue_fini(struct xml_queue *queue);

/* Adds a copy of the event, but for names, which live as long as the reader.  owner is
   the queue. */
void xml_queue_take(void *owner, const struct xml_event *event);

/* false: none is left. */
bool xml_queue_next(struct xml_queue *queue, struct xml_event *event);

/* When none is left, makes room for more. */
void xml_queue_forget(struct xml_queue *queue);

#endif
