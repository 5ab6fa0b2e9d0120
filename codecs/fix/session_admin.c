/* Composes what a session sends: its own messages, application messages under
   its header, and both again in a replay. */
#include "codecs/fix/compose.h"
#include "codecs/fix/session_machine.h"
#include "codecs/fix/soh.h"
#include "codecs/fix/value.h"

#include <assert.h>
#include <stdio.h>

static struct slice begin_string(const struct fix_session *session)
{
    return fix_dictionary_begin_string(session->dictionary);
}

/* What the dictionary's message says of a field; NULL: it has no such field. */
static const struct fix_field_type *field_in(const struct fix_dictionary *dictionary,
                                             const char *msg_type, uint32_t tag)
{
    const struct fix_message_type *type = fix_dictionary_message(dictionary, slice_of(msg_type));
    const struct fix_member *member = type == NULL ? NULL : fix_members_find(&type->body, tag);
    return member == NULL ? NULL : member->field;
}

static const struct fix_field_type *field_of(const struct fix_session *session,
                                             const char *msg_type, uint32_t tag)
{
    return field_in(session->dictionary, msg_type, tag);
}

static bool fits(const struct fix_session *session, size_t size)
{
    return size <= session->peer_size_max;
}

uint64_t fix_admin_end_of_all(const struct fix_session *session)
{
    return fix_dictionary_standard(session->dictionary)->plain ? 999999 : 0;
}

static void begin_bare(struct fix_session *session, struct fix_compose *compose,
                       struct slice begin_string, struct slice msg_type)
{
    fix_compose_begin(compose, &session->events.bytes, begin_string, msg_type);
    compose->precision = fix_dictionary_standard(session->dictionary)->plain
                             ? MOMENT_SECONDS
                             : session->options.agreement->sending_time_precision;
}

/* After it LastMsgSeqNumProcessed at most: split() relies on it. */
static void put_sending_time(struct fix_session *session, struct fix_compose *compose)
{
    fix_compose_time(compose, TAG_SENDING_TIME, session->now.utc_ns);
    if (session->options.agreement->last_processed && session->next_in > 1 &&
        fix_members_find(fix_dictionary_header(session->dictionary),
                         TAG_LAST_MSG_SEQ_NUM_PROCESSED) != NULL)
        fix_compose_u64(compose, TAG_LAST_MSG_SEQ_NUM_PROCESSED, session->next_in - 1);
}

static struct fix_compose begin(struct fix_session *session, struct slice msg_type, uint64_t number)
{
    struct fix_compose compose;
    begin_bare(session, &compose, begin_string(session), msg_type);
    fix_sides_compose(&session->options.sides, &compose);
    fix_compose_u64(&compose, TAG_MSG_SEQ_NUM, number);
    put_sending_time(session, &compose);
    return compose;
}

static struct fix_compose begin_next(struct fix_session *session, struct slice msg_type)
{
    return begin(session, msg_type, session->next_out++);
}

static void offer(struct fix_session *session, struct slice bytes, struct fix_event *event)
{
    event->kind = FIX_EVENT_SEND;
    if (!event->send.keep_only)
        session->written_ns = session->now.steady_ns;
    fix_events_add_send(&session->events, event, bytes);
}

/* A session message under the newest number. */
static void end_next(struct fix_session *session, struct fix_compose *compose)
{
    struct fix_event event = { .send = { .number = session->next_out - 1 } };
    offer(session, fix_compose_end(compose), &event);
}

bool fix_admin_logon_has(const struct fix_session *session, uint32_t tag)
{
    return field_of(session, "A", tag) != NULL;
}

/* Whoever asks for a session says who it is, and not who answers. */
static void put_credentials(const struct fix_session *session, struct fix_compose *compose)
{
    const struct fix_session_options *options = &session->options;
    if (options->role != FIX_INITIATOR)
        return;
    if (options->username.at != NULL)
        fix_compose_text(compose, TAG_USERNAME, options->username);
    if (options->password.at != NULL)
        fix_compose_text(compose, TAG_PASSWORD, options->password);
}

/* Who asks us to log on hears our limit when it has told its own: what it does not
   know it may refuse. */
static bool tells_size_max(const struct fix_session *session)
{
    bool asked = session->options.role == FIX_INITIATOR || session->peer_size_max != SIZE_MAX;
    return asked && fix_admin_logon_has(session, TAG_MAX_MESSAGE_SIZE);
}

void fix_admin_logon(struct fix_session *session, bool reset)
{
    struct fix_compose compose = begin_next(session, SLICE("A"));
    fix_compose_u64(&compose, TAG_ENCRYPT_METHOD, 0);
    fix_compose_u64(&compose, TAG_HEART_BT_INT, session->heartbeat_s);
    if (reset && fix_admin_logon_has(session, TAG_RESET_SEQ_NUM_FLAG))
        fix_compose_text(&compose, TAG_RESET_SEQ_NUM_FLAG, SLICE("Y"));
    if (tells_size_max(session))
        fix_compose_u64(&compose, TAG_MAX_MESSAGE_SIZE, session->options.message_size_max);
    if (fix_expected_told(session))
        fix_compose_u64(&compose, TAG_NEXT_EXPECTED_MSG_SEQ_NUM, session->next_in);
    put_credentials(session, &compose);
    if (session->spoken.ours != NULL)
        fix_compose_text(&compose, TAG_DEFAULT_APPL_VER_ID, session->spoken.ours->appl_ver_id);
    end_next(session, &compose);
}

void fix_admin_heartbeat(struct fix_session *session, struct slice test_req_id)
{
    struct fix_compose compose = begin_next(session, SLICE("0"));
    if (test_req_id.at != NULL)
        fix_compose_text(&compose, TAG_TEST_REQ_ID, test_req_id);
    end_next(session, &compose);
}

void fix_admin_test_request(struct fix_session *session, struct slice test_req_id)
{
    struct fix_compose compose = begin_next(session, SLICE("1"));
    fix_compose_text(&compose, TAG_TEST_REQ_ID, test_req_id);
    end_next(session, &compose);
}

void fix_admin_resend_request(struct fix_session *session, uint64_t last)
{
    struct fix_compose compose = begin_next(session, SLICE("2"));
    fix_compose_u64(&compose, TAG_BEGIN_SEQ_NO, session->next_in);
    fix_compose_u64(&compose, TAG_END_SEQ_NO, last == 0 ? fix_admin_end_of_all(session) : last);
    end_next(session, &compose);
}

/* A code that the version does not have, or has no field for, is for Text to say:
   before FIX.4.3 there are fewer reasons than faults. */
static void put_code(struct fix_compose *compose, const struct fix_field_type *field, int code)
{
    char digits[16];
    struct slice text = { digits, (size_t)snprintf(digits, sizeof digits, "%d", code) };
    if (field != NULL && code >= 0 && fix_value_listed(field, text))
        fix_compose_text(compose, field->tag, text);
}

/* FIX.4.0 and 4.1 have no more than the number and a text. */
void fix_admin_reject(struct fix_session *session, uint64_t number, struct slice msg_type,
                      struct slice header, const struct fix_finding *finding)
{
    bool about_tag = finding->tag != 0 || finding->fault == &fix_fault_tag_invalid;
    struct fix_compose compose = begin_next(session, SLICE("3"));
    fix_compose_fields(&compose, header);
    fix_compose_u64(&compose, TAG_REF_SEQ_NUM, number);
    if (about_tag && field_of(session, "3", TAG_REF_TAG_ID) != NULL)
        fix_compose_u64(&compose, TAG_REF_TAG_ID, finding->tag);
    if (msg_type.size > 0 && field_of(session, "3", TAG_REF_MSG_TYPE) != NULL)
        fix_compose_text(&compose, TAG_REF_MSG_TYPE, msg_type);
    put_code(&compose, field_of(session, "3", TAG_SESSION_REJECT_REASON), finding->fault->reason);
    fix_compose_text(&compose, TAG_TEXT, slice_of(finding->fault->text));
    end_next(session, &compose);
}

void fix_logout_compose(struct fix_compose *compose, const struct fix_dictionary *dictionary,
                        const struct fix_agreement *agreement, const struct fix_fault *fault,
                        struct slice text)
{
    if (fault != NULL && agreement->session_status)
        put_code(compose, field_in(dictionary, "5", TAG_SESSION_STATUS), fault->status);
    if (text.size > 0)
        fix_compose_text(compose, TAG_TEXT, text);
}

void fix_admin_logout(struct fix_session *session, const struct fix_fault *fault, struct slice text)
{
    struct fix_compose compose = begin_next(session, SLICE("5"));
    fix_logout_compose(&compose, session->dictionary, session->options.agreement, fault, text);
    end_next(session, &compose);
    session->logout_ns = session->now.steady_ns;
}

void fix_admin_gap_fill(struct fix_session *session, uint64_t number, uint64_t next)
{
    struct fix_event event = { .send = { .number = number, .repeat = true } };
    struct fix_compose compose = begin(session, SLICE("4"), number);
    fix_compose_text(&compose, TAG_POSS_DUP_FLAG, SLICE("Y"));
    fix_compose_time(&compose, TAG_ORIG_SENDING_TIME, session->now.utc_ns);
    fix_compose_text(&compose, TAG_GAP_FILL_FLAG, SLICE("Y"));
    fix_compose_u64(&compose, TAG_NEW_SEQ_NO, next);
    offer(session, fix_compose_end(&compose), &event);
}

/* Only kept, not written, while there is no logon, and when the peer would not
   take a message of this size: it gets a gap fill for that one when it asks.
   Without a logon nobody knows what the peer takes that will ask for it. */
void fix_admin_application(struct fix_session *session, struct slice msg_type, struct slice header,
                           struct slice body)
{
    struct fix_event event = { .send = { .number = session->next_out, .application = true } };
    struct fix_compose compose = begin_next(session, msg_type);
    fix_compose_fields(&compose, header);
    fix_compose_fields(&compose, body);
    struct slice bytes = fix_compose_end(&compose);
    bool too_long = session->state == FIX_ACTIVE && !fits(session, bytes.size);
    event.send.too_long = too_long;
    event.send.keep_only = session->state != FIX_ACTIVE || too_long;
    offer(session, bytes, &event);
    if (session->state == FIX_LOGON_SENT)
        session->unwritten = true;
    if (too_long)
        fix_note(session, &fix_fault_longer_than_peer_takes, 0, event.send.number);
}

/* What stands between MsgType and MsgSeqNum, SendingTime, and the rest without
   LastMsgSeqNumProcessed. */
struct kept_parts {
    struct slice begin_string, msg_type, names, sent, rest;
};

static struct slice up_to(struct slice bytes, const char *end)
{
    return (struct slice){ bytes.at, (size_t)(end - bytes.at) };
}

static struct kept_parts split(struct slice kept)
{
    static const char number[] = { FIX_SOH, '3', '4', '=' },
                      sending_time[] = { FIX_SOH, '5', '2', '=' };
    const struct fix_fault *fault;
    struct fix_frame frame;
    enum fix_frame_verdict verdict = fix_frame_find(kept, kept.size, &frame, &fault);
    assert(verdict == FIX_FRAME_WHOLE);
    (void)verdict;
    struct kept_parts parts = { .begin_string = frame.begin_string };
    struct slice value = slice_after(frame.body, sizeof "35=" - 1);
    parts.msg_type = up_to(value, memchr(value.at, FIX_SOH, value.size));
    struct slice names = slice_after(value, parts.msg_type.size + 1);
    const char *time = memmem(names.at, names.size, sending_time, sizeof sending_time);
    assert(time != NULL);
    parts.names = up_to(names, memmem(names.at, names.size, number, sizeof number));
    parts.names.size++;
    struct slice sent = slice_after(names, (size_t)(time + sizeof sending_time - names.at));
    parts.sent = up_to(sent, memchr(sent.at, FIX_SOH, sent.size));
    parts.rest = slice_after(sent, parts.sent.size + 1);
    if (slice_starts(parts.rest, SLICE("369=")))
        parts.rest = slice_after(
            parts.rest,
            up_to(parts.rest, memchr(parts.rest.at, FIX_SOH, parts.rest.size)).size + 1);
    return parts;
}

/* Our clock may have gone back since; peers refuse what was sent before it was
   first sent, and would not get it at all. */
static void compose_first_sending(struct fix_session *session, struct fix_compose *compose,
                                  struct slice sent)
{
    int64_t sent_ns;

    if (fix_timestamp_parse(sent, &sent_ns) && sent_ns > session->now.utc_ns)
        fix_compose_time(compose, TAG_ORIG_SENDING_TIME, session->now.utc_ns);
    else
        fix_compose_text(compose, TAG_ORIG_SENDING_TIME, sent);
}

/* Under this number: in a new generation a message that waited may have another one
   than it was written with. */
static struct slice compose_repeat(struct fix_session *session, uint64_t number, struct slice kept)
{
    struct kept_parts parts = split(kept);
    struct fix_compose compose;
    begin_bare(session, &compose, parts.begin_string, parts.msg_type);
    fix_compose_fields(&compose, parts.names);
    fix_compose_u64(&compose, TAG_MSG_SEQ_NUM, number);
    fix_compose_text(&compose, TAG_POSS_DUP_FLAG, SLICE("Y"));
    put_sending_time(session, &compose);
    compose_first_sending(session, &compose, parts.sent);
    fix_compose_fields(&compose, parts.rest);
    return fix_compose_end(&compose);
}

/* Its size depends on what is said today in SendingTime and beside it, and not only on
   what is kept: it is composed to be measured, and again behind the gap fill. */
bool fix_admin_repeat_fits(struct fix_session *session, uint64_t number, struct slice kept)
{
    return session->peer_size_max == SIZE_MAX ||
           fits(session, compose_repeat(session, number, kept).size);
}

void fix_admin_repeat(struct fix_session *session, uint64_t number, struct slice kept)
{
    struct fix_event event = { .send = { .number = number, .application = true, .repeat = true } };
    offer(session, compose_repeat(session, number, kept), &event);
}
