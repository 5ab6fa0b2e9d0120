/* Slots and what is in them. */
#include "codecs/record.h"

struct record record_take(struct arena *arena, size_t count)
{
    struct record record = { arena_take_array(arena, count, sizeof(struct value)), count };
    if (record.values == NULL)
        record.count = 0;
    return record;
}

void record_add(struct record *record, size_t slot, struct slice text, struct arena *arena)
{
    struct value *value = &record->values[slot];
    if (value->text.at == NULL) {
        value->text = text;
        return;
    }
    struct value *last = arena_take(arena, sizeof *last);
    if (last == NULL)
        return;
    last->text = text;
    while (value->next != NULL)
        value = (struct value *)value->next;
    value->next = last;
}
