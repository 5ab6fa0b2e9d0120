/* Messages from behind a gap, kept until their turn comes: bounded in number and
   in bytes, and nothing is allocated while there is no gap.  For one that was
   acted upon when it came, its number stands alone. */
#include "codecs/fix/session_machine.h"

#include <assert.h>
#include <stdlib.h>

static size_t weight(size_t size)
{
    return sizeof(struct fix_held_message) + size;
}

static bool has_room(struct fix_session *session, size_t size)
{
    const struct fix_agreement *agreement = session->options.agreement;
    struct fix_held *held = &session->held;
    return held->count < agreement->gap_messages_max &&
           held->size + weight(size) <= agreement->gap_size_max;
}

/* The first one that does not come before this number. */
static struct fix_held_message **place_of(struct fix_held *held, uint64_t number)
{
    struct fix_held_message **at = &held->first;
    if (held->last != NULL && held->last->number < number)
        at = &held->last->next;
    while (*at != NULL && (*at)->number < number)
        at = &(*at)->next;
    return at;
}

/* What there is no room for is asked for again: the log hears of it once in a gap. */
static void drop(struct fix_session *session, uint64_t number)
{
    if (!session->held.full && session->options.agreement->gap_messages_max > 0)
        fix_note(session, &fix_fault_gap_full, 0, number);
    session->held.full = true;
}

/* NULL: it has its place already, or there is none. */
static struct fix_held_message *add(struct fix_session *session, uint64_t number, size_t size)
{
    struct fix_held *held = &session->held;
    struct fix_held_message **at = place_of(held, number);
    if (*at != NULL && (*at)->number == number)
        return NULL;
    if (!has_room(session, size)) {
        drop(session, number);
        return NULL;
    }
    struct fix_held_message *message = memory_take(weight(size));
    *message = (struct fix_held_message){ .next = *at, .number = number };
    *at = message;
    if (message->next == NULL)
        held->last = message;
    held->count++;
    held->size += weight(size);
    return message;
}

/* The same part of a copy. */
static struct slice moved(struct slice part, struct slice from, const char *to)
{
    return (struct slice){ to + (part.at - from.at), part.size };
}

void fix_held_add(struct fix_session *session, const struct fix_incoming *incoming)
{
    const struct fix_frame *frame = incoming->frame;
    if (incoming->finding.fault == &fix_fault_message_too_long)
        return; /* its bytes have gone by */
    struct fix_held_message *message = add(session, incoming->number, frame->bytes.size);
    if (message == NULL)
        return;
    memcpy(message->bytes, frame->bytes.at, frame->bytes.size);
    message->came_ns = incoming->came_ns;
    message->frame.bytes = moved(frame->bytes, frame->bytes, message->bytes);
    message->frame.begin_string = moved(frame->begin_string, frame->bytes, message->bytes);
    message->frame.body = moved(frame->body, frame->bytes, message->bytes);
}

void fix_held_spend(struct fix_session *session, uint64_t number)
{
    add(session, number, 0);
}

uint64_t fix_held_first(const struct fix_session *session)
{
    return session->held.first == NULL ? 0 : session->held.first->number;
}

bool fix_held_due(const struct fix_session *session)
{
    return fix_rules_open(session) && fix_held_first(session) == session->next_in;
}

static struct fix_held_message *take_first(struct fix_held *held)
{
    struct fix_held_message *message = held->first;
    held->first = message->next;
    held->count--;
    held->size -= weight(message->frame.bytes.size);
    if (held->first == NULL)
        held->last = NULL;
    return message;
}

const struct fix_held_message *fix_held_take(struct fix_session *session)
{
    struct fix_held *held = &session->held;
    assert(fix_held_due(session));
    fix_held_release(session);
    held->taken = take_first(held);
    held->taken_until = held->taken->number;
    return held->taken;
}

void fix_held_release(struct fix_session *session)
{
    free(session->held.taken);
    session->held.taken = NULL;
}

void fix_held_drop_below(struct fix_session *session, uint64_t number)
{
    while (session->held.first != NULL && session->held.first->number < number)
        free(take_first(&session->held));
}

void fix_held_forget(struct fix_session *session)
{
    fix_held_drop_below(session, UINT64_MAX);
}
