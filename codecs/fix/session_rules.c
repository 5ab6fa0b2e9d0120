/* What each kind of message does in each state.  It has passed the checks. */
#include "codecs/fix/session_machine.h"

typedef void rule(struct fix_session *session, const struct fix_incoming *incoming);

static void tell_logon(struct fix_session *session)
{
    fix_events_add(&session->events, &(struct fix_event){ .kind = FIX_EVENT_LOGON });
}

static void hear(struct fix_session *session, const struct fix_incoming *incoming)
{
    (void)session, (void)incoming;
}

static void hear_heartbeat(struct fix_session *session, const struct fix_incoming *incoming)
{
    fix_proof_answer(session, fix_message_get(incoming->message, TAG_TEST_REQ_ID));
}

static void deliver(struct fix_session *session, const struct fix_incoming *incoming)
{
    struct slice resend = fix_message_get(incoming->message, TAG_POSS_RESEND);
    struct fix_event event = { .kind = FIX_EVENT_DELIVER,
                               .deliver = { .message = incoming->message,
                                            .number = incoming->number,
                                            .possible_resend = slice_is(resend, "Y") } };
    fix_events_add(&session->events, &event);
}

static void answer_test(struct fix_session *session, const struct fix_incoming *incoming)
{
    fix_admin_heartbeat(session, fix_message_get(incoming->message, TAG_TEST_REQ_ID));
}

/* The peer has refused a message of ours: its number and tag are for the log. */
static void note_reject(struct fix_session *session, const struct fix_incoming *incoming)
{
    uint64_t number = 0, tag = 0;
    fix_message_get_u64(incoming->message, TAG_REF_SEQ_NUM, &number);
    fix_message_get_u64(incoming->message, TAG_REF_TAG_ID, &tag);
    fix_note(session, &fix_fault_rejected_by_peer, (uint32_t)tag, number);
}

static void repeat(struct fix_session *session, uint64_t first, uint64_t last)
{
    fix_proof_lacks(session, first);
    fix_sequence_replay(session, first, last);
}

/* EndSeqNo 0, and what our version has for it, means all that was sent; what goes
   beyond that is cut (case 8). */
static void replay(struct fix_session *session, const struct fix_incoming *incoming)
{
    uint64_t first = 0, last = 0;
    fix_message_get_u64(incoming->message, TAG_BEGIN_SEQ_NO, &first);
    bool ends = fix_message_get_u64(incoming->message, TAG_END_SEQ_NO, &last);
    if (last == fix_admin_end_of_all(session))
        last = 0;
    if (first == 0 || first >= session->next_out)
        fix_refuse(session, incoming, &fix_fault_value_out_of_range, TAG_BEGIN_SEQ_NO);
    else if (!ends || (last != 0 && last < first))
        fix_refuse(session, incoming, &fix_fault_value_out_of_range, TAG_END_SEQ_NO);
    else
        repeat(session, first,
               last == 0 || last >= session->next_out ? session->next_out - 1 : last);
}

/* Both modes: a gap fill has used up its own number by now, so that one that
   does not go beyond it is too low (case 10), as is a reset that goes back (11). */
static void jump(struct fix_session *session, const struct fix_incoming *incoming)
{
    uint64_t next = 0;
    if (!fix_message_get_u64(incoming->message, TAG_NEW_SEQ_NO, &next) || next > FIX_NUMBER_MAX)
        fix_refuse(session, incoming, &fix_fault_value_out_of_range, TAG_NEW_SEQ_NO);
    else if (next < session->next_in)
        fix_refuse(session, incoming, &fix_fault_new_seq_no_low, TAG_NEW_SEQ_NO);
    else
        fix_sequence_jump(session, incoming, next);
}

static void take_terms(struct fix_session *session, const struct fix_incoming *incoming)
{
    uint64_t heartbeat_s = 0, size_max = 0;
    fix_message_get_u64(incoming->message, TAG_HEART_BT_INT, &heartbeat_s);
    session->heartbeat_s = (unsigned)heartbeat_s;
    session->peer_size_max = SIZE_MAX;
    if (fix_message_get_u64(incoming->message, TAG_MAX_MESSAGE_SIZE, &size_max) && size_max > 0)
        session->peer_size_max = (size_t)size_max;
    fix_version_take(session, incoming->message);
    session->state = FIX_ACTIVE;
    fix_proof_need(session, session->next_out - 1);
}

static bool asks_for_reset(const struct fix_incoming *incoming)
{
    return slice_is(fix_message_get(incoming->message, TAG_RESET_SEQ_NUM_FLAG), "Y");
}

static void accept_logon(struct fix_session *session, const struct fix_incoming *incoming)
{
    if (incoming->resets) {
        fix_sequence_reset(session);
        fix_sequence_count(session, incoming);
    }
    take_terms(session, incoming);
    fix_admin_logon(session, asks_for_reset(incoming));
    tell_logon(session);
    fix_expected_obey(session, incoming, session->next_out - 1);
}

/* The answer to our Logon.  A peer that resets unasked takes that Logon for our
   number 1: would it not, it finds a gap at 2 and asks. */
static void confirm_logon(struct fix_session *session, const struct fix_incoming *incoming)
{
    if (incoming->resets && !session->options.reset_on_logon) {
        fix_sequence_reset(session);
        session->next_out = 2;
    }
    if (incoming->resets)
        fix_sequence_count(session, incoming);
    take_terms(session, incoming);
    tell_logon(session);
    if (!fix_expected_obey(session, incoming, session->next_out) && session->unwritten)
        fix_admin_heartbeat(session, SLICE_NONE); /* its number shows the peer what it lacks */
}

/* Both sequences may be reset without a new connection. */
static void log_on_again(struct fix_session *session, const struct fix_incoming *incoming)
{
    if (incoming->resets)
        accept_logon(session, incoming);
    else
        fix_refuse(session, incoming, &fix_fault_logon_again, 0);
}

static void finish(struct fix_session *session, const struct fix_incoming *incoming)
{
    (void)incoming;
    fix_end(session, &fix_fault_logout_done);
}

static void confirm_logout(struct fix_session *session, const struct fix_incoming *incoming)
{
    fix_admin_logout(session, NULL, SLICE_NONE);
    finish(session, incoming);
}

static void give_up(struct fix_session *session, const struct fix_incoming *incoming)
{
    (void)incoming;
    fix_end(session, &fix_fault_logon_refused);
}

/* NULL: the message has no place in that state. */
static rule *const rules[FIX_STATE_COUNT][FIX_KIND_COUNT] = {
    [FIX_IDLE] = { [FIX_LOGON] = accept_logon },
    [FIX_LOGON_SENT] = { [FIX_LOGON] = confirm_logon, [FIX_LOGOUT] = give_up },
    [FIX_ACTIVE] = { [FIX_HEARTBEAT] = hear_heartbeat,
                     [FIX_TEST_REQUEST] = answer_test,
                     [FIX_RESEND_REQUEST] = replay,
                     [FIX_REJECT] = note_reject,
                     [FIX_SEQUENCE_RESET] = jump,
                     [FIX_LOGOUT] = confirm_logout,
                     [FIX_LOGON] = log_on_again,
                     [FIX_APPLICATION] = deliver },
    [FIX_LOGOUT_SENT] = { [FIX_HEARTBEAT] = hear_heartbeat,
                          [FIX_TEST_REQUEST] = hear,
                          [FIX_RESEND_REQUEST] = replay,
                          [FIX_REJECT] = note_reject,
                          [FIX_SEQUENCE_RESET] = jump,
                          [FIX_LOGOUT] = finish,
                          [FIX_LOGON] = hear,
                          [FIX_APPLICATION] = deliver },
};

/* Session messages should not be replayed: of these nobody knows whether they are
   still meant. */
static const bool means_nothing_repeated[FIX_KIND_COUNT] = {
    [FIX_LOGOUT] = true,
    [FIX_LOGON] = true,
};

enum fix_kind fix_kind_of(struct slice msg_type)
{
    static const struct {
        char msg_type;
        enum fix_kind kind;
    } kinds[] = {
        { '0', FIX_HEARTBEAT }, { '1', FIX_TEST_REQUEST },   { '2', FIX_RESEND_REQUEST },
        { '3', FIX_REJECT },    { '4', FIX_SEQUENCE_RESET }, { '5', FIX_LOGOUT },
        { 'A', FIX_LOGON },
    };
    if (msg_type.size == 1)
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (kinds[i].msg_type == *msg_type.at)
                return kinds[i].kind;
    return FIX_APPLICATION;
}

bool fix_rules_allow(const struct fix_session *session, enum fix_kind kind)
{
    return rules[session->state][kind] != NULL;
}

bool fix_rules_open(const struct fix_session *session)
{
    return session->state == FIX_ACTIVE || session->state == FIX_LOGOUT_SENT;
}

void fix_rules_act(struct fix_session *session, const struct fix_incoming *incoming)
{
    bool over = incoming->possible_duplicate && fix_rules_open(session) &&
                means_nothing_repeated[incoming->kind];
    rule *act = over ? hear : rules[session->state][incoming->kind];
    if (!incoming->resets)
        fix_sequence_count(session, incoming);
    act(session, incoming);
    /* A Logon or ResendRequest from behind a gap: it is dealt with, now the gap. */
    if (fix_rules_open(session) && incoming->kind != FIX_SEQUENCE_RESET &&
        incoming->number > session->next_in)
        fix_sequence_spend(session, incoming);
}
