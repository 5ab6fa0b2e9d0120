/* The session's doors: bytes, time and orders go in, events come out. */
#include "codecs/fix/session.h"

#include "codecs/fix/session_machine.h"
#include "codecs/fix/soh.h"

#include <assert.h>
#include <stdlib.h>

enum {
    LOGOUT_TIMEOUT_S = 10,
    MARGIN_PERCENT = 20, /* what a peer's Heartbeat may be late */
    FIELD_SIZE_MIN = 3,  /* a digit, "=" and SOH */
};

const struct fix_agreement fix_agreement_standard = {
    .test_req_id = { "TEST", sizeof "TEST" - 1 },
    .session_status = true,
    .gap_messages_max = 1000,
    .gap_size_max = 256 << 10,
    .sending_time_precision = MOMENT_MILLISECONDS,
    .validation = FIX_VALIDATION_WHOLE,
};

/* Each call begins with this. */
static void enter(struct fix_session *session, struct moment now)
{
    session->now = now;
    fix_events_reset(&session->events);
}

struct fix_session *fix_session_new(const struct fix_session_options *options, uint64_t next_in,
                                    uint64_t next_out, struct moment now)
{
    assert(next_in > 0 && next_out > 0);
    struct fix_session *session = memory_take(sizeof *session);
    *session = (struct fix_session){ .options = *options,
                                     .state = FIX_IDLE,
                                     .now = now,
                                     .next_in = next_in,
                                     .next_out = next_out,
                                     .heartbeat_s = options->heartbeat_s,
                                     .peer_size_max = SIZE_MAX,
                                     .started_ns = now.steady_ns,
                                     .test_ns = NEVER,
                                     .deaf_ns = NEVER,
                                     .proof.since_ns = NEVER,
                                     .gap.ask_ns = NEVER };
    if (options->agreement == NULL)
        session->options.agreement = &fix_agreement_standard;
    session->mends = fix_validation_mends(&session->options.agreement->validation);
    fix_version_init(session);
    writer_init(&session->oversize.head, 0);
    fix_events_init(&session->events);
    if (options->role == FIX_INITIATOR) {
        if (options->reset_on_logon)
            fix_sequence_reset(session);
        session->state = FIX_LOGON_SENT;
        fix_admin_logon(session, options->reset_on_logon);
    }
    return session;
}

void fix_session_free(struct fix_session *session)
{
    if (session == NULL)
        return;
    fix_held_forget(session);
    fix_held_release(session);
    fix_events_fini(&session->events);
    fix_version_fini(session);
    writer_fini(&session->oversize.head);
    free(session->message.fields);
    free(session);
}

/* Each field ends with SOH, so that their number is bounded by the frame's. */
static void make_room(struct fix_session *session, struct slice bytes)
{
    size_t count = 0, most = bytes.size / FIELD_SIZE_MIN;
    for (size_t i = 0; i < bytes.size && count < most; i++)
        count += bytes.at[i] == FIX_SOH;
    if (count > session->fields_room) {
        session->message.fields =
            memory_grow(session->message.fields, count * sizeof *session->message.fields);
        session->fields_room = count;
    }
    session->message.room = session->fields_room;
}

static bool is_yes(const struct fix_message *message, uint32_t tag)
{
    return slice_is(fix_message_get(message, tag), "Y");
}

static struct fix_incoming look_at(const struct fix_message *message)
{
    struct fix_incoming incoming = { .message = message,
                                     .kind = fix_kind_of(message->msg_type),
                                     .possible_duplicate = is_yes(message, TAG_POSS_DUP_FLAG) };
    incoming.numbered = fix_message_get_u64(message, TAG_MSG_SEQ_NUM, &incoming.number) &&
                        incoming.number <= FIX_NUMBER_MAX;
    if (!incoming.numbered)
        incoming.number = 0; /* one that is too long can't be told back in RefSeqNum */
    if (incoming.kind == FIX_SEQUENCE_RESET)
        incoming.resets = !is_yes(message, TAG_GAP_FILL_FLAG);
    if (incoming.kind == FIX_LOGON)
        incoming.resets = is_yes(message, TAG_RESET_SEQ_NUM_FLAG) && !incoming.possible_duplicate;
    return incoming;
}

/* Not counted, nothing is sent; but who starts with noise speaks no FIX.  The log
   hears of it once: noise can be many faults in a few bytes. */
void fix_take_garbled(struct fix_session *session, const struct fix_fault *fault)
{
    if (!session->garbled)
        fix_note(session, fault, 0, 0);
    session->garbled = true;
    if (session->state == FIX_IDLE)
        fix_end(session, &fix_fault_logon_missing);
}

/* Once more when the header shows that it has another version than most; false:
   it is garbled. */
static bool parse(struct fix_session *session, const struct fix_frame *frame,
                  struct fix_finding *finding, bool *version_unknown)
{
    struct fix_message *message = &session->message;
    make_room(session, frame->bytes);
    if (!fix_message_parse(message, frame, session->dictionary, finding) &&
        finding->fault->answer == FIX_ANSWER_IGNORE)
        return false;
    const struct fix_dictionary *dictionary = fix_version_of(session, message);
    *version_unknown = dictionary == NULL;
    return *version_unknown || dictionary == session->dictionary ||
           fix_message_parse(message, frame, dictionary, finding) ||
           finding->fault->answer != FIX_ANSWER_IGNORE;
}

/* What a message is, to checks and rules; false: it is garbled. */
static bool read(struct fix_session *session, const struct fix_frame *frame,
                 struct fix_incoming *incoming)
{
    struct fix_finding finding = { .fault = NULL };
    bool version_unknown;
    if (!parse(session, frame, &finding, &version_unknown)) {
        incoming->finding = finding;
        return false;
    }
    if (session->mends && session->message.type != NULL)
        fix_message_mend(&session->message, &session->options.agreement->validation);
    *incoming = look_at(&session->message);
    incoming->frame = frame;
    incoming->version_unknown = version_unknown;
    if (session->state == FIX_IDLE && session->options.reset_on_logon)
        incoming->resets = incoming->kind == FIX_LOGON; /* said or not */
    incoming->finding = finding;
    return true;
}

static void judge(struct fix_session *session, const struct fix_incoming *incoming)
{
    if (fix_checks_pass(session, incoming))
        fix_rules_act(session, incoming);
    fix_sequence_next_chunk(session);
}

void fix_take_message(struct fix_session *session, const struct fix_frame *frame,
                      const struct fix_fault *fault)
{
    struct fix_incoming incoming;
    if (!read(session, frame, &incoming)) {
        fix_take_garbled(session, incoming.finding.fault);
        return;
    }
    if (fault != NULL)
        incoming.finding = (struct fix_finding){ .fault = fault };
    incoming.came_ns = session->now.utc_ns;
    session->garbled = false;
    session->heard_ns = session->now.steady_ns;
    session->test_ns = NEVER;
    judge(session, &incoming);
}

/* Where there is no session to refuse it in, it is garbled.  Its header is
   waited for, so that it does not matter how the bytes were cut. */
static size_t feed_oversize(struct fix_session *session, struct slice bytes,
                            const struct fix_frame *frame)
{
    bool open = fix_rules_open(session);
    if (open && bytes.size < session->options.message_size_max)
        return 0;
    if (open && fix_oversize_begin(session, bytes, frame->announced))
        return fix_oversize_take(session, bytes);
    fix_take_garbled(session, &fix_fault_frame_too_long);
    return frame->bytes.size;
}

/* The front message; garbled with what is wrong only by what is not checked, it is
   whole all the same. */
static enum fix_frame_verdict find_frame(const struct fix_session *session, struct slice bytes,
                                         struct fix_frame *frame, const struct fix_fault **fault)
{
    size_t size_max = session->options.message_size_max;
    enum fix_frame_verdict verdict = fix_frame_find(bytes, size_max, frame, fault);
    if (verdict != FIX_FRAME_GARBLED ||
        session->options.agreement->validation.length_and_checksum ||
        (*fault != &fix_fault_frame_length && *fault != &fix_fault_frame_checksum))
        return verdict;
    return fix_frame_find_unchecked(bytes, size_max, frame);
}

size_t fix_session_feed(struct fix_session *session, struct slice bytes, struct moment now)
{
    struct fix_frame frame;
    const struct fix_fault *fault;
    enter(session, now);
    assert(session->events.count == 0 && !fix_held_due(session));
    fix_held_release(session);
    if (session->state == FIX_ENDED)
        return bytes.size;
    if (session->oversize.left > 0)
        return fix_oversize_take(session, bytes);
    switch (find_frame(session, bytes, &frame, &fault)) {
    case FIX_FRAME_PARTIAL:
        return 0;
    case FIX_FRAME_GARBLED:
        if (fault == &fix_fault_frame_too_long)
            return feed_oversize(session, bytes, &frame);
        fix_take_garbled(session, fault);
        break;
    case FIX_FRAME_WHOLE:
        fix_take_message(session, &frame, NULL);
        break;
    }
    return frame.bytes.size;
}

/* It was heard, and found to be no noise, when it came. */
static void take_held(struct fix_session *session, const struct fix_held_message *held)
{
    struct fix_incoming incoming;
    bool sound = read(session, &held->frame, &incoming);
    assert(sound);
    (void)sound;
    incoming.came_ns = held->came_ns;
    incoming.held = true;
    judge(session, &incoming);
}

bool fix_session_catch_up(struct fix_session *session, struct moment now)
{
    enter(session, now);
    assert(session->events.count == 0);
    if (!fix_held_due(session))
        return false;
    const struct fix_held_message *held = fix_held_take(session);
    if (held->frame.bytes.size == 0)
        fix_sequence_pass(session);
    else
        take_held(session, held);
    return true;
}

bool fix_session_next(struct fix_session *session, struct fix_event *event)
{
    return fix_events_take(&session->events, event);
}

/* Timers: when each rings, and what it does then. */

static bool logged_on(const struct fix_session *session)
{
    return session->state == FIX_ACTIVE;
}

static bool is_listening(const struct fix_session *session)
{
    return session->deaf_ns == NEVER;
}

static int64_t silence_ns(const struct fix_session *session)
{
    return SECONDS_NS(session->heartbeat_s) / 100 * (100 + MARGIN_PERCENT);
}

static int64_t logon_due(const struct fix_session *session)
{
    bool waits = session->state == FIX_IDLE || session->state == FIX_LOGON_SENT;
    return waits ? session->started_ns + SECONDS_NS(session->options.logon_timeout_s) : NEVER;
}

static void logon_is_late(struct fix_session *session)
{
    fix_end(session, &fix_fault_logon_late);
}

static int64_t logout_due(const struct fix_session *session)
{
    return session->state == FIX_LOGOUT_SENT ? session->logout_ns + SECONDS_NS(LOGOUT_TIMEOUT_S)
                                             : NEVER;
}

static void logout_is_late(struct fix_session *session)
{
    fix_end(session, &fix_fault_logout_unanswered);
}

static int64_t answer_due(const struct fix_session *session)
{
    bool waits = logged_on(session) && is_listening(session) && session->test_ns != NEVER;
    return waits ? session->test_ns + silence_ns(session) : NEVER;
}

static void peer_is_dead(struct fix_session *session)
{
    fix_end(session, &fix_fault_test_request_unanswered);
}

static int64_t test_due(const struct fix_session *session)
{
    bool waits = logged_on(session) && is_listening(session) && session->heartbeat_s > 0 &&
                 session->test_ns == NEVER;
    return waits ? session->heard_ns + silence_ns(session) : NEVER;
}

static void test_peer(struct fix_session *session)
{
    fix_admin_test_request(session, session->options.agreement->test_req_id);
    session->test_ns = session->now.steady_ns;
}

static int64_t heartbeat_due(const struct fix_session *session)
{
    bool beats = logged_on(session) && session->heartbeat_s > 0;
    return beats ? session->written_ns + SECONDS_NS(session->heartbeat_s) : NEVER;
}

static void beat(struct fix_session *session)
{
    fix_admin_heartbeat(session, SLICE_NONE);
}

static int64_t gap_due(const struct fix_session *session)
{
    bool waits = logged_on(session) && is_listening(session) && !fix_held_due(session);
    return waits ? session->gap.ask_ns : NEVER;
}

static const struct timer {
    int64_t (*due)(const struct fix_session *session);
    void (*ring)(struct fix_session *session);
} timers[] = {
    { logon_due, logon_is_late },     { logout_due, logout_is_late }, { answer_due, peer_is_dead },
    { test_due, test_peer },          { heartbeat_due, beat },        { gap_due, fix_sequence_ask },
    { fix_proof_due, fix_proof_ask },
};

#define TIMER_COUNT (sizeof timers / sizeof *timers)

int64_t fix_session_deadline_ns(const struct fix_session *session)
{
    int64_t earliest = NEVER;
    for (size_t i = 0; i < TIMER_COUNT; i++) {
        int64_t due = timers[i].due(session);
        if (due < earliest)
            earliest = due;
    }
    return earliest;
}

void fix_session_tick(struct fix_session *session, struct moment now)
{
    enter(session, now);
    for (size_t i = 0; i < TIMER_COUNT; i++)
        if (timers[i].due(session) <= now.steady_ns)
            timers[i].ring(session);
}

static void put_off(int64_t *time_ns, int64_t by_ns)
{
    if (*time_ns != NEVER)
        *time_ns += by_ns;
}

void fix_session_listen(struct fix_session *session, bool listens, struct moment now)
{
    enter(session, now);
    if (listens == is_listening(session))
        return;
    if (listens) {
        int64_t deaf_for_ns = now.steady_ns - session->deaf_ns;
        put_off(&session->heard_ns, deaf_for_ns);
        put_off(&session->test_ns, deaf_for_ns);
        put_off(&session->gap.ask_ns, deaf_for_ns);
    }
    session->deaf_ns = listens ? NEVER : now.steady_ns;
}

/* What the caller wants to be sent. */

uint64_t fix_session_send(struct fix_session *session, struct slice msg_type, struct slice header,
                          struct slice body, struct moment now)
{
    enter(session, now);
    fix_admin_application(session, msg_type, header, body);
    return session->next_out - 1;
}

void fix_session_replay(struct fix_session *session, uint64_t number, struct slice bytes,
                        struct moment now)
{
    enter(session, now);
    fix_sequence_repeat(session, number, bytes);
}

void fix_session_reject(struct fix_session *session, uint64_t number, struct slice msg_type,
                        struct slice header, const struct fix_finding *finding, struct moment now)
{
    enter(session, now);
    if (fix_rules_open(session))
        fix_admin_reject(session, number, msg_type, header, finding);
}

void fix_session_logout(struct fix_session *session, struct slice text, struct moment now)
{
    enter(session, now);
    if (session->state == FIX_LOGOUT_SENT || session->state == FIX_ENDED)
        return;
    fix_admin_logout(session, NULL, text);
    if (session->state == FIX_ACTIVE)
        session->state = FIX_LOGOUT_SENT;
    else
        fix_end(session, &fix_fault_logout_done);
}

void fix_session_refuse(struct fix_session *session, const struct fix_fault *fault,
                        struct moment now)
{
    enter(session, now);
    fix_admin_logout(session, fault, slice_of(fault->text));
    fix_end(session, fault);
}

void fix_session_skip(struct fix_session *session, uint64_t count)
{
    session->next_out += count;
    fix_proof_need(session, session->next_out - 1); /* its number shows what is missing */
}

uint64_t fix_session_next_in(const struct fix_session *session)
{
    return session->next_in;
}

uint64_t fix_session_next_out(const struct fix_session *session)
{
    return session->next_out;
}

bool fix_session_logged_on(const struct fix_session *session)
{
    return logged_on(session);
}
