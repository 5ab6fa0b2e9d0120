/* A session and a peer that may say anything at any time.

   The input is a list of lines, the first byte of each says what happens:

       M35=A|34=1|98=0|108=30|   the peer sends this message; framed, so that it is read
       B...                      the peer sends these bytes as they are
       T9                        this many times ten seconds pass
       S                         we send an application message
       R                         the store answers a replay
       L                         we log out

   The first byte of all is the role: i for an initiator, l for an acceptor that
   checks hardly anything, else an acceptor; a capital letter says
   NextExpectedMsgSeqNum (789). */
#include "codecs/fix/compose.h"
#include "codecs/fix/session.h"
#include "fuzz/fuzz.h"

enum {
    SOH = 1,
    MESSAGE_SIZE_MAX = 512,
    FIELD_COUNT_MAX = 32,
    EVENTS_PER_CALL_MAX = 8,
    REPLAY_MAX = 64, /* numbers that the store pretends to know */
};

struct run {
    struct fix_session *session;
    struct moment now;
    struct writer wire; /* what has come from the peer */
    uint64_t next_in, next_out;
    bool ended, replaying;
    uint64_t replay_first, replay_last;
};

static void check_message(struct slice bytes)
{
    const struct fix_fault *fault;
    struct fix_finding finding;
    struct fix_frame frame;
    struct fix_field fields[FIELD_COUNT_MAX];
    struct fix_message message = { .fields = fields, .room = FIELD_COUNT_MAX };
    CHECK(fix_frame_find(bytes, bytes.size, &frame, &fault) == FIX_FRAME_WHOLE);
    CHECK(frame.bytes.size == bytes.size);
    CHECK(fix_message_parse(&message, &frame, fuzz_fix44(), &finding));
    CHECK(message.type != NULL && fix_message_validate(&message, fuzz_fix44(), &finding));
}

/* New numbers leave in order and once, and what leaves is valid. */
static void check_send(struct run *run, const struct fix_event *event)
{
    check_message(event->send.bytes);
    if (event->send.repeat) {
        CHECK(event->send.number < run->next_out);
        return;
    }
    /* A reset that comes unasked with the answer to our Logon takes that for number 1. */
    CHECK(event->send.number == run->next_out || (run->next_out == 1 && event->send.number == 2));
    run->next_out = event->send.number + 1;
}

static void check(struct run *run, const struct fix_event *event)
{
    CHECK(!run->ended || (event->kind == FIX_EVENT_SEND && event->send.keep_only));
    switch (event->kind) {
    case FIX_EVENT_SEND:
        check_send(run, event);
        break;
    case FIX_EVENT_DELIVER:
        CHECK(event->deliver.number >= run->next_in);
        run->next_in = event->deliver.number + 1;
        break;
    case FIX_EVENT_REPLAY:
        CHECK(!run->replaying && event->replay.first <= event->replay.last);
        CHECK(event->replay.first > 0 && event->replay.last < fix_session_next_out(run->session));
        run->replaying = true;
        run->replay_first = event->replay.first;
        run->replay_last = event->replay.last;
        break;
    case FIX_EVENT_RESET:
        run->next_in = run->next_out = 1;
        run->replaying = false;
        break;
    case FIX_EVENT_END:
        run->ended = true;
        run->replaying = false;
        break;
    case FIX_EVENT_LOGON:
    case FIX_EVENT_FAULT:
        break;
    }
}

static void drain(struct run *run)
{
    struct fix_event event;
    unsigned count = 0;
    while (fix_session_next(run->session, &event)) {
        check(run, &event);
        count++;
    }
    CHECK(count <= EVENTS_PER_CALL_MAX);
    CHECK(fix_session_next_in(run->session) >= run->next_in);
    run->next_in = fix_session_next_in(run->session);
    CHECK(fix_session_next_out(run->session) == run->next_out || run->next_out == 1);
    run->next_out = fix_session_next_out(run->session);
}

static void feed(struct run *run, struct slice bytes)
{
    size_t size;
    writer_bytes(&run->wire, bytes);
    while ((size = fix_session_feed(run->session, writer_slice(&run->wire), run->now)) > 0) {
        CHECK(size <= run->wire.used);
        drain(run);
        while (fix_session_catch_up(run->session, run->now))
            drain(run);
        writer_drop(&run->wire, size);
    }
    drain(run);
    CHECK(run->wire.used <= MESSAGE_SIZE_MAX);
}

/* The line's fields behind a header that is right where the line does not say otherwise. */
static void feed_message(struct run *run, struct slice line)
{
    struct writer writer;
    struct fix_compose compose;
    writer_init(&writer, 0);
    for (size_t i = 0; i < line.size; i++)
        writer_char(&writer, (char)(line.at[i] == '|' ? SOH : line.at[i]));
    struct slice fields = writer_slice(&writer), msg_type = SLICE("B");
    if (slice_starts(fields, SLICE("35=")) && memchr(fields.at, SOH, fields.size) != NULL) {
        const char *end = memchr(fields.at, SOH, fields.size);
        msg_type = (struct slice){ fields.at + 3, (size_t)(end - fields.at) - 3 };
        fields = slice_after(fields, (size_t)(end - fields.at) + 1);
    }
    struct writer message;
    writer_init(&message, 0);
    fix_compose_begin(&compose, &message, SLICE("FIX.4.4"), msg_type);
    fix_compose_fields(&compose, SLICE("49=PEER\00156=US\001"));
    fix_compose_time(&compose, 52, run->now.utc_ns);
    fix_compose_fields(&compose, fields);
    feed(run, fix_compose_end(&compose));
    writer_fini(&message);
    writer_fini(&writer);
}

static void pass_time(struct run *run, struct slice line)
{
    int64_t span = SECONDS_NS(10) * (line.size > 0 ? (unsigned char)line.at[0] % 10 : 1);
    CHECK(!run->ended || fix_session_deadline_ns(run->session) == INT64_MAX);
    run->now.steady_ns += span;
    run->now.utc_ns += span;
    fix_session_tick(run->session, run->now);
    drain(run);
}

static void answer_replay(struct run *run)
{
    struct writer message;
    struct fix_compose compose;
    if (!run->replaying)
        return;
    run->replaying = false;
    uint64_t last = run->replay_last;
    for (uint64_t number = run->replay_first; number <= last && number < REPLAY_MAX; number += 2) {
        writer_init(&message, 0);
        fix_compose_begin(&compose, &message, SLICE("FIX.4.4"), SLICE("B"));
        fix_compose_fields(&compose, SLICE("49=US\00156=PEER\00134=1\001"));
        fix_compose_time(&compose, 52, run->now.utc_ns);
        fix_compose_fields(&compose, SLICE("148=kept\00133=1\00158=line\001"));
        fix_session_replay(run->session, number, fix_compose_end(&compose), run->now);
        drain(run);
        writer_fini(&message);
    }
    fix_session_replay(run->session, last, SLICE_NONE, run->now);
    drain(run);
}

static void play(struct run *run, struct slice line)
{
    struct slice rest = slice_after(line, 1);
    switch (line.at[0]) {
    case 'M':
        feed_message(run, rest);
        break;
    case 'B':
        feed(run, rest);
        break;
    case 'T':
        pass_time(run, rest);
        break;
    case 'S':
        fix_session_send(run->session, SLICE("B"), SLICE_NONE,
                         SLICE("148=ours\00133=1\00158=line\001"), run->now);
        drain(run);
        break;
    case 'R':
        answer_replay(run);
        break;
    case 'L':
        fix_session_logout(run->session, SLICE("enough"), run->now);
        drain(run);
        break;
    default:
        break;
    }
}

/* Nothing that is not always checked. */
static struct fix_agreement loose_agreement(void)
{
    struct fix_agreement agreement = fix_agreement_standard;
    agreement.validation = (struct fix_validation){ 0 };
    return agreement;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fix_session_options options = { .dictionary = fuzz_fix44(),
                                           .sides.sender_comp_id = SLICE("US"),
                                           .sides.target_comp_id = SLICE("PEER"),
                                           .heartbeat_s = 30,
                                           .heartbeat_max_s = 60,
                                           .logon_timeout_s = 10,
                                           .latency_max_s = 120,
                                           .message_size_max = MESSAGE_SIZE_MAX };
    struct slice rest = { (const char *)data, size };
    struct run run = { .now = { 0, SECONDS_NS(1741944600) }, .next_in = 1, .next_out = 1 };
    char role = 'a';
    if (size > 0)
        role = (char)data[0];
    struct fix_agreement agreement = role == 'l' ? loose_agreement() : fix_agreement_standard;
    agreement.next_expected = role >= 'A' && role <= 'Z';
    options.agreement = &agreement;
    options.role = role == 'i' || role == 'I' ? FIX_INITIATOR : FIX_ACCEPTOR;
    writer_init(&run.wire, 0);
    run.session = fix_session_new(&options, 1, 1, run.now);
    drain(&run);
    while (rest.size > 0) {
        const char *end = memchr(rest.at, '\n', rest.size);
        size_t line_size = end == NULL ? rest.size : (size_t)(end - rest.at);
        if (line_size > 0)
            play(&run, (struct slice){ rest.at, line_size });
        rest = slice_after(rest, end == NULL ? line_size : line_size + 1);
    }
    fix_session_free(run.session);
    writer_fini(&run.wire);
    return 0;
}
