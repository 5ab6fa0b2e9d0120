/* What is answered to a fault: the parts of an answer are a table, which fault
   has which answer is faults.def. */
#include "codecs/fix/session_machine.h"

static const struct answer_parts {
    bool reject, logout, end;
} answers[] = {
    [FIX_ANSWER_IGNORE] = { false, false, false },     [FIX_ANSWER_REJECT] = { true, false, false },
    [FIX_ANSWER_REJECT_LOGOUT] = { true, true, true }, [FIX_ANSWER_LOGOUT] = { false, true, true },
    [FIX_ANSWER_DISCONNECT] = { false, false, true },
};

void fix_note(struct fix_session *session, const struct fix_fault *fault, uint32_t tag,
              uint64_t number)
{
    struct fix_event event = { .kind = FIX_EVENT_FAULT,
                               .fault = { .fault = fault, .tag = tag, .number = number } };
    fix_events_add(&session->events, &event);
}

void fix_end(struct fix_session *session, const struct fix_fault *fault)
{
    struct fix_event event = { .kind = FIX_EVENT_END, .end = { .fault = fault } };
    session->state = FIX_ENDED;
    session->replay = (struct fix_replay){ 0 };
    fix_events_add(&session->events, &event);
}

/* Before the logon there is no session yet in which a Reject could be sent. */
static enum fix_answer answer_now(const struct fix_session *session, const struct fix_fault *fault)
{
    bool rejects = answers[fault->answer].reject;
    bool before_logon = session->state == FIX_IDLE || session->state == FIX_LOGON_SENT;
    return rejects && before_logon ? FIX_ANSWER_LOGOUT : fault->answer;
}

/* Refusals are not refused, or two peers could go on for ever. */
static bool is_refusal(const struct fix_incoming *incoming)
{
    return incoming->kind == FIX_REJECT || slice_is(incoming->message->msg_type, "j");
}

static void reject(struct fix_session *session, const struct fix_incoming *incoming,
                   const struct fix_finding *finding)
{
    struct writer route;
    writer_init(&route, 0);
    fix_route_reverse(incoming->message, &route);
    fix_admin_reject(session, incoming->number, incoming->message->msg_type, writer_slice(&route),
                     finding);
    writer_fini(&route);
}

/* text is said once: a Logout behind a Reject has none.  What resets the
   numbers does not use up one when it is rejected (11c). */
static void answer(struct fix_session *session, const struct fix_incoming *incoming,
                   const struct fix_finding *finding, struct slice text)
{
    const struct answer_parts *parts = &answers[answer_now(session, finding->fault)];
    bool rejects = parts->reject && !is_refusal(incoming);
    fix_note(session, finding->fault, finding->tag, incoming->number);
    if (parts->reject && !incoming->resets)
        fix_sequence_count(session, incoming);
    if (rejects)
        reject(session, incoming, finding);
    if (parts->logout && session->state != FIX_LOGOUT_SENT)
        fix_admin_logout(session, finding->fault, rejects ? SLICE_NONE : text);
    if (parts->end)
        fix_end(session, finding->fault);
}

/* A message that only gets a Reject and came too early waits for its turn. */
bool fix_refuse(struct fix_session *session, const struct fix_incoming *incoming,
                const struct fix_fault *fault, uint32_t tag)
{
    bool early = incoming->numbered && !incoming->resets && incoming->number > session->next_in;
    struct writer text;
    if (early && answer_now(session, fault) == FIX_ANSWER_REJECT) {
        fix_sequence_early(session, incoming);
        return false;
    }
    writer_init(&text, 0);
    writer_text(&text, fault->text);
    if (tag != 0)
        writer_format(&text, " (%u)", (unsigned)tag); /* a Logout has no RefTagID */
    answer(session, incoming, &(struct fix_finding){ .fault = fault, .tag = tag },
           writer_slice(&text));
    writer_fini(&text);
    return false;
}

bool fix_refuse_saying(struct fix_session *session, const struct fix_incoming *incoming,
                       const struct fix_fault *fault, struct slice text)
{
    answer(session, incoming, &(struct fix_finding){ .fault = fault }, text);
    return false;
}
