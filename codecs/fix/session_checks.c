/* What can be wrong with a message, looked for in a fixed order: place, version,
   CompIDs, ApplVerID, MsgType, header, SendingTime, number, body.  The first fault found
   is answered. */
#include "codecs/fix/session_machine.h"

/* These are acted upon even when their number is too high: a ResendRequest that
   waited for our own gap to be filled would leave both sides waiting. */
static const bool acts_ahead[FIX_KIND_COUNT] = {
    [FIX_RESEND_REQUEST] = true,
    [FIX_LOGOUT] = true,
    [FIX_LOGON] = true,
};

typedef bool check(struct fix_session *session, const struct fix_incoming *incoming);

static bool place_is_right(struct fix_session *session, const struct fix_incoming *incoming)
{
    return fix_rules_allow(session, incoming->kind) ||
           fix_refuse(session, incoming, &fix_fault_logon_missing, 0);
}

static bool version_is_ours(struct fix_session *session, const struct fix_incoming *incoming)
{
    struct slice ours = fix_dictionary_begin_string(session->options.dictionary);
    return slice_equal(incoming->message->begin_string, ours) ||
           fix_refuse(session, incoming, &fix_fault_begin_string_wrong, 0);
}

static bool comp_ids_are_right(struct fix_session *session, const struct fix_incoming *incoming)
{
    const struct fix_session_options *options = &session->options;
    if (!options->agreement->validation.comp_ids && incoming->kind != FIX_LOGON)
        return true;
    uint32_t tag = fix_sides_differ(&options->sides, incoming->message);
    return tag == 0 || fix_refuse(session, incoming, &fix_fault_compid_wrong, tag);
}

static bool application_is_spoken(struct fix_session *session, const struct fix_incoming *incoming)
{
    return !incoming->version_unknown ||
           fix_refuse(session, incoming, &fix_fault_appl_version_unknown, TAG_APPL_VER_ID);
}

static bool type_is_known(struct fix_session *session, const struct fix_incoming *incoming)
{
    return incoming->message->type != NULL ||
           fix_refuse(session, incoming, &fix_fault_msg_type_invalid, TAG_MSG_TYPE);
}

static bool sending_time_is_there(struct fix_session *session, const struct fix_incoming *incoming)
{
    struct slice text = fix_message_get(incoming->message, TAG_SENDING_TIME);
    int64_t sent_ns;
    if (text.at == NULL)
        return fix_refuse(session, incoming, &fix_fault_required_missing, TAG_SENDING_TIME);
    return fix_timestamp_parse(text, &sent_ns) ||
           fix_refuse(session, incoming, &fix_fault_value_format, TAG_SENDING_TIME);
}

/* Cases 2f and 2g.  A SequenceReset is not held to this: nothing is repeated by
   it, and to refuse a gap fill would leave the gap open. */
static bool first_sending_is_told(struct fix_session *session, const struct fix_incoming *incoming)
{
    struct slice first = fix_message_get(incoming->message, TAG_ORIG_SENDING_TIME);
    struct slice sent = fix_message_get(incoming->message, TAG_SENDING_TIME);
    int64_t first_ns, sent_ns;
    if (!incoming->possible_duplicate || incoming->kind == FIX_SEQUENCE_RESET)
        return true;
    if (first.at == NULL)
        return !session->options.agreement->validation.orig_sending_time ||
               fix_refuse(session, incoming, &fix_fault_orig_sending_time_missing,
                          TAG_ORIG_SENDING_TIME);
    if (!fix_timestamp_parse(first, &first_ns))
        return fix_refuse(session, incoming, &fix_fault_value_format, TAG_ORIG_SENDING_TIME);
    return (fix_timestamp_parse(sent, &sent_ns) && first_ns <= sent_ns) ||
           fix_refuse(session, incoming, &fix_fault_orig_sending_time_late, TAG_ORIG_SENDING_TIME);
}

static bool sending_time_is_near(struct fix_session *session, const struct fix_incoming *incoming)
{
    int64_t most_ns = SECONDS_NS(session->options.latency_max_s), came_ns = incoming->came_ns;
    int64_t sent_ns = came_ns;
    if (!session->options.agreement->validation.latency)
        return true;
    fix_timestamp_parse(fix_message_get(incoming->message, TAG_SENDING_TIME), &sent_ns);
    if (most_ns == 0 || (sent_ns >= came_ns - most_ns && sent_ns <= came_ns + most_ns))
        return true;
    return fix_refuse(session, incoming, &fix_fault_sending_time_off, TAG_SENDING_TIME);
}

static bool refuse_low_number(struct fix_session *session, const struct fix_incoming *incoming)
{
    struct writer text;
    writer_init(&text, 0);
    writer_text(&text, "MsgSeqNum too low, expecting ");
    writer_u64(&text, session->next_in);
    writer_text(&text, " but received ");
    writer_u64(&text, incoming->number);
    fix_refuse_saying(session, incoming, &fix_fault_sequence_too_low, writer_slice(&text));
    writer_fini(&text);
    return false;
}

/* The replay that was asked for brings again what was held meanwhile.  Some gap fills
   in replays come without 43=Y. */
static bool is_copy(const struct fix_session *session, const struct fix_incoming *incoming)
{
    return incoming->number <= session->held.taken_until &&
           (incoming->possible_duplicate || incoming->kind == FIX_SEQUENCE_RESET);
}

static bool number_is_next(struct fix_session *session, const struct fix_incoming *incoming)
{
    if (!incoming->numbered)
        return fix_refuse(session, incoming, &fix_fault_sequence_missing, TAG_MSG_SEQ_NUM);
    if (incoming->resets || incoming->number == session->next_in)
        return true;
    if (incoming->number > session->next_in) {
        if (!acts_ahead[incoming->kind])
            fix_sequence_early(session, incoming);
        return acts_ahead[incoming->kind];
    }
    if (is_copy(session, incoming))
        return false;
    if (incoming->possible_duplicate)
        return fix_refuse(session, incoming, &fix_fault_sequence_seen, 0);
    return refuse_low_number(session, incoming);
}

static bool body_is_sound(struct fix_session *session, const struct fix_incoming *incoming)
{
    struct fix_finding finding = incoming->finding;
    if (finding.fault == NULL &&
        fix_message_validate(incoming->message, incoming->message->dictionary, &finding))
        return true;
    return fix_refuse(session, incoming, finding.fault, finding.tag);
}

static bool refuse_heartbeat(struct fix_session *session, const struct fix_incoming *incoming,
                             unsigned most_s)
{
    struct writer text;
    writer_init(&text, 0);
    writer_format(&text, "HeartBtInt must be 0 to %u", most_s);
    fix_refuse_saying(session, incoming, &fix_fault_heartbeat_invalid, writer_slice(&text));
    writer_fini(&text);
    return false;
}

/* An acceptor has a limit of its own; an initiator gets what it asked for, or less. */
static bool logon_is_acceptable(struct fix_session *session, const struct fix_incoming *incoming)
{
    const struct fix_session_options *options = &session->options;
    unsigned most_s =
        options->role == FIX_ACCEPTOR ? options->heartbeat_max_s : options->heartbeat_s;
    uint64_t method, heartbeat_s;
    if (incoming->kind != FIX_LOGON)
        return true;
    if (!fix_message_get_u64(incoming->message, TAG_ENCRYPT_METHOD, &method) || method != 0)
        return fix_refuse(session, incoming, &fix_fault_encryption_unsupported, TAG_ENCRYPT_METHOD);
    if (!fix_message_get_u64(incoming->message, TAG_HEART_BT_INT, &heartbeat_s) ||
        heartbeat_s > most_s)
        return refuse_heartbeat(session, incoming, most_s);
    if (!fix_version_acceptable(session, incoming->message))
        return fix_refuse(session, incoming, &fix_fault_default_version_unknown,
                          TAG_DEFAULT_APPL_VER_ID);
    return fix_expected_is_possible(session, incoming);
}

static check *const checks[] = {
    place_is_right, version_is_ours,       comp_ids_are_right,    application_is_spoken,
    type_is_known,  sending_time_is_there, first_sending_is_told, sending_time_is_near,
    number_is_next, body_is_sound,         logon_is_acceptable,
};

bool fix_checks_pass(struct fix_session *session, const struct fix_incoming *incoming)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!checks[i](session, incoming))
            return false;
    return true;
}
