/* Numbers in both directions: what is expected, what is missing and was asked
   for, what the peer asks for again, and the start from 1.

   A message from behind a gap is held until its turn comes (session_held.c); the
   copy that the replay brings is then passed over.  What finds no room is dropped:
   the replay brings it again.  While a replay is under way that covers what is missing, nothing is
   asked twice; the gap that is left behind it is asked for with the next message from behind it, or
   after a rest.  While the peer waits for a replay of ours nothing is asked: what it does not
   expect it may drop (case 20). */
#include "codecs/fix/session_machine.h"

#include <assert.h>

enum {
    REST_S = 1,      /* between a replay's end and asking for what is still missing */
    PATIENCE_S = 30, /* with a replay that does not come, or stops */
};

static void set_next_in(struct fix_session *session, uint64_t next_in)
{
    struct fix_gap *gap = &session->gap;
    session->next_in = next_in;
    fix_held_drop_below(session, next_in);
    if (gap->last < next_in) {
        *gap = (struct fix_gap){ .ask_ns = NEVER };
        session->held.full = false;
        return;
    }
    bool done = gap->asked_until < next_in;
    if (done)
        gap->asked_until = 0;
    gap->ask_ns = session->now.steady_ns + SECONDS_NS(done ? REST_S : PATIENCE_S);
}

/* A new message in its turn proves that nothing is missing before it, whatever
   numbers were seen: who sends one behind others has begun to count anew. */
void fix_sequence_count(struct fix_session *session, const struct fix_incoming *incoming)
{
    if (!incoming->numbered || incoming->number != session->next_in)
        return;
    if (!incoming->possible_duplicate && !incoming->held && incoming->kind != FIX_SEQUENCE_RESET) {
        session->gap.last = 0;
        fix_held_forget(session);
    }
    set_next_in(session, session->next_in + 1);
}

/* What a gap fill stands for is not to be acted upon, held or not; behind a reset
   the numbers are new ones. */
void fix_sequence_jump(struct fix_session *session, const struct fix_incoming *incoming,
                       uint64_t next_in)
{
    if (incoming->resets)
        fix_held_forget(session);
    set_next_in(session, next_in);
}

void fix_sequence_pass(struct fix_session *session)
{
    set_next_in(session, session->next_in + 1);
}

/* The last one of a chunk: what is held needs no asking. */
static uint64_t end_of_chunk(const struct fix_session *session, size_t chunk)
{
    uint64_t last = session->gap.last, held = fix_held_first(session);
    if (held != 0 && held <= last)
        last = held - 1;
    return last - session->next_in < chunk ? last : session->next_in + chunk - 1;
}

void fix_sequence_ask(struct fix_session *session)
{
    struct fix_gap *gap = &session->gap;
    size_t chunk = session->options.agreement->resend_chunk;
    bool all = chunk == 0;
    gap->asked_until = all ? gap->last : end_of_chunk(session, chunk);
    gap->ask_ns = session->now.steady_ns + SECONDS_NS(PATIENCE_S);
    fix_note(session, &fix_fault_sequence_gap, 0, session->next_in);
    fix_admin_resend_request(session, all ? 0 : gap->asked_until);
}

static bool asks_for_the_rest(const struct fix_session *session)
{
    return session->gap.last >= session->next_in && session->gap.asked_until == 0 &&
           !session->replay.active && !fix_held_due(session);
}

void fix_sequence_next_chunk(struct fix_session *session)
{
    if (session->options.agreement->resend_chunk > 0 && fix_rules_open(session) &&
        asks_for_the_rest(session))
        fix_sequence_ask(session);
}

static void look_ahead(struct fix_session *session, uint64_t number)
{
    if (number > session->gap.last)
        session->gap.last = number;
    if (asks_for_the_rest(session))
        fix_sequence_ask(session);
}

void fix_sequence_early(struct fix_session *session, const struct fix_incoming *incoming)
{
    fix_held_add(session, incoming);
    look_ahead(session, incoming->number);
}

/* Our Logon has asked for all below the peer's; should that not come, it is asked
   for as ever. */
static void await(struct fix_session *session, uint64_t number)
{
    session->gap.last = session->gap.asked_until = number;
    session->gap.ask_ns = session->now.steady_ns + SECONDS_NS(PATIENCE_S);
    fix_note(session, &fix_fault_sequence_gap, 0, session->next_in);
}

void fix_sequence_spend(struct fix_session *session, const struct fix_incoming *incoming)
{
    fix_held_spend(session, incoming->number);
    if (incoming->kind == FIX_LOGON && fix_expected_agreed(session, incoming->message))
        await(session, incoming->number);
    else
        look_ahead(session, incoming->number);
}

void fix_sequence_reset(struct fix_session *session)
{
    session->next_in = session->next_out = 1;
    session->gap = (struct fix_gap){ .ask_ns = NEVER };
    session->replay = (struct fix_replay){ 0 };
    session->proof = (struct fix_proof){ .since_ns = NEVER };
    session->held.taken_until = 0;
    fix_held_forget(session);
    fix_events_add(&session->events, &(struct fix_event){ .kind = FIX_EVENT_RESET });
}

static void start_replay(struct fix_session *session, uint64_t first, uint64_t last)
{
    struct fix_event event = { .kind = FIX_EVENT_REPLAY,
                               .replay = { .first = first, .last = last } };
    session->replay = (struct fix_replay){ .active = true, .next = first, .last = last };
    fix_events_add(&session->events, &event);
}

/* One replay at a time: ranges that are asked for meanwhile become one that
   comes after it. */
void fix_sequence_replay(struct fix_session *session, uint64_t first, uint64_t last)
{
    struct fix_replay *replay = &session->replay;
    if (!replay->active) {
        start_replay(session, first, last);
        return;
    }
    if (!replay->again || first < replay->again_first)
        replay->again_first = first;
    if (!replay->again || last > replay->again_last)
        replay->again_last = last;
    replay->again = true;
}

/* One gap fill for all numbers of the replay before this one that were not kept. */
static void fill_up_to(struct fix_session *session, uint64_t number)
{
    if (session->replay.next < number)
        fix_admin_gap_fill(session, session->replay.next, number);
    session->replay.next = number;
}

static void finish_replay(struct fix_session *session)
{
    struct fix_replay replay = session->replay;
    fill_up_to(session, replay.last + 1);
    session->replay.active = false;
    if (replay.again)
        start_replay(session, replay.again_first, replay.again_last);
    else if (asks_for_the_rest(session))
        fix_sequence_ask(session);
}

void fix_sequence_repeat(struct fix_session *session, uint64_t number, struct slice kept)
{
    struct fix_replay *replay = &session->replay;
    if (!replay->active)
        return;
    if (kept.at == NULL) {
        finish_replay(session);
        return;
    }
    assert(number >= replay->next && number <= replay->last);
    if (!fix_admin_repeat_fits(session, number, kept)) {
        fix_note(session, &fix_fault_longer_than_peer_takes, 0, number);
        return;
    }
    fill_up_to(session, number);
    fix_admin_repeat(session, number, kept);
    replay->next = number + 1;
}
