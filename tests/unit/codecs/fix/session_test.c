/* What a session promises its caller, whatever the peer does. */
#include "codecs/fix/session.h"

#include "kit/fix_text.h"
#include "kit/kit.h"

#include <stdio.h>

enum { SOH = 1 };

struct world {
    struct fix_dictionary *dictionary;
    struct fix_session_options options;
    struct moment now;
    struct writer bytes; /* what the peer says */
};

static const char peer_header[] = "49=BROKER|56=GATEWAY|52=20250314-09:30:00|";

static void set_up_world(struct world *world, struct fix_dictionary *dictionary)
{
    *world = (struct world){ .dictionary = dictionary,
                             .options = { .role = FIX_ACCEPTOR,
                                          .dictionary = dictionary,
                                          .sides.sender_comp_id = SLICE("GATEWAY"),
                                          .sides.target_comp_id = SLICE("BROKER"),
                                          .heartbeat_s = 30,
                                          .heartbeat_max_s = 60,
                                          .logon_timeout_s = 10,
                                          .latency_max_s = 120,
                                          .message_size_max = 8192 },
                             .now = { 0, SECONDS_NS(1741944600) } };
    writer_init(&world->bytes, 0);
}

static int set_up(void **state)
{
    static struct world world;
    set_up_world(&world, fix_text_dictionary());
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    writer_fini(&world->bytes);
    fix_dictionary_free(world->dictionary);
    return 0;
}

/* Adds a message of the peer to world->bytes. */
static void peer_says(struct world *world, const char *msg_type, uint64_t number, const char *body)
{
    char text[512];
    struct slice begin_string = fix_dictionary_begin_string(world->dictionary);
    snprintf(text, sizeof text, "8=%.*s|35=%s|34=%llu|%s%s", SLICE_ARG(begin_string), msg_type,
             (unsigned long long)number, peer_header, body);
    writer_bytes(&world->bytes, fix_text(text));
}

/* Feeds all that the peer said; the caller drains. */
static size_t feed_one(struct world *world, struct fix_session *session)
{
    size_t size = fix_session_feed(session, writer_slice(&world->bytes), world->now);
    writer_drop(&world->bytes, size);
    return size;
}

/* Drains the session and returns the only event of this kind; fails when there
   are none or more. */
static struct fix_event the_only(struct fix_session *session, enum fix_event_kind kind)
{
    struct fix_event event, found = { .kind = kind };
    unsigned count = 0;
    while (fix_session_next(session, &event)) {
        if (event.kind == kind) {
            found = event;
            count++;
        }
    }
    assert_int_equal(count, 1);
    return found;
}

static unsigned drain(struct fix_session *session)
{
    struct fix_event event;
    unsigned count = 0;
    while (fix_session_next(session, &event))
        count++;
    return count;
}

/* Logged on; the next numbers are next_in and 2. */
static struct fix_session *log_on(struct world *world)
{
    struct fix_session *session = fix_session_new(&world->options, 1, 1, world->now);
    writer_reset(&world->bytes);
    peer_says(world, "A", 1, "98=0|108=30|");
    feed_one(world, session);
    drain(session);
    assert_true(fix_session_logged_on(session));
    return session;
}

static void send_news(struct world *world, struct fix_session *session, const char *headline)
{
    char body[256];
    int size = snprintf(body, sizeof body, "148=%s%c33=1%c58=line%c", headline, SOH, SOH, SOH);
    fix_session_send(session, SLICE("B"), SLICE_NONE, (struct slice){ body, (size_t)size },
                     world->now);
}

/* All that leaves a session. */
static void write_down(struct fix_session *session, struct writer *log)
{
    struct fix_event event;
    while (fix_session_next(session, &event)) {
        writer_format(log, "%d ", (int)event.kind);
        if (event.kind == FIX_EVENT_FAULT)
            writer_text(log, event.fault.fault->name);
        if (event.kind == FIX_EVENT_SEND)
            writer_bytes(log, event.send.bytes);
        if (event.kind == FIX_EVENT_DELIVER)
            writer_bytes(log, event.deliver.message->bytes);
        if (event.kind == FIX_EVENT_END)
            writer_text(log, event.end.fault->name);
        if (event.kind == FIX_EVENT_REPLAY)
            fix_session_replay(session, event.replay.last, SLICE_NONE, (struct moment){ 0, 0 });
    }
}

/* Whatever arrives, at most `chunk` bytes of it at a time. */
static void converse(struct world *world, size_t chunk, struct writer *log)
{
    struct fix_session *session = fix_session_new(&world->options, 1, 1, world->now);
    struct slice all = writer_slice(&world->bytes);
    size_t taken = 0;
    for (size_t end = 0; end < all.size;) {
        end = end + chunk < all.size ? end + chunk : all.size;
        for (size_t size = 1; size > 0 && taken < end; taken += size) {
            struct slice bytes = guarded((struct slice){ all.at + taken, end - taken });
            size = fix_session_feed(session, bytes, world->now);
            write_down(session, log);
            while (fix_session_catch_up(session, world->now))
                write_down(session, log);
        }
    }
    fix_session_free(session);
}

static void one_byte_at_a_time_equals_all_at_once(void **state)
{
    struct world *world = *state;
    struct writer whole, bitten;
    writer_init(&whole, 0);
    writer_init(&bitten, 0);
    writer_reset(&world->bytes);
    peer_says(world, "A", 1, "98=0|108=30|");
    peer_says(world, "B", 2, "148=first|33=1|58=line|");
    writer_text(&world->bytes, "noise 8=FI 8=FIX.4.4 and more");
    peer_says(world, "1", 3, "112=are you there|");
    peer_says(world, "B", 9, "148=ahead|33=1|58=line|");
    peer_says(world, "B", 4, "148=refused|33=2|58=line|");
    peer_says(world, "2", 5, "7=1|16=0|");
    peer_says(world, "ZZ", 6, "");
    peer_says(world, "5", 7, "");
    converse(world, SIZE_MAX / 2, &whole);
    assert_true(whole.used > 500);
    for (size_t chunk = 1; chunk < 200; chunk += 7) {
        writer_reset(&bitten);
        converse(world, chunk, &bitten);
        assert_true(slice_equal(writer_slice(&whole), writer_slice(&bitten)));
    }
    writer_fini(&whole);
    writer_fini(&bitten);
}

/* Adds a News of the peer with this many bytes of Headline. */
static void peer_says_much(struct world *world, uint64_t number, size_t size)
{
    struct writer text;
    writer_init(&text, 0);
    writer_format(&text, "8=FIX.4.4|35=B|34=%llu|%s148=", (unsigned long long)number, peer_header);
    for (size_t i = 0; i < size; i++)
        writer_char(&text, 'x');
    writer_text(&text, "|33=1|58=line|");
    writer_char(&text, '\0');
    writer_bytes(&world->bytes, fix_text(text.at));
    writer_fini(&text);
}

static void a_message_that_is_too_long_goes_by_in_pieces(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    size_t held = 0, most = 0;
    peer_says_much(world, 2, 1000000);
    peer_says(world, "B", 3, "148=short|33=1|58=line|");
    struct slice all = writer_slice(&world->bytes);
    struct fix_event refused = { .kind = FIX_EVENT_FAULT }, event;
    unsigned delivered = 0;
    for (size_t end = 0; end < all.size; end++) {
        struct slice bytes = { all.at + end - held, held + 1 };
        held += 1 - fix_session_feed(session, bytes, world->now);
        most = held > most ? held : most;
        while (fix_session_next(session, &event)) {
            if (event.kind == FIX_EVENT_SEND)
                refused = event;
            delivered += event.kind == FIX_EVENT_DELIVER;
            if (event.kind == FIX_EVENT_SEND)
                assert_slice_equal(fix_text_get(event.send.bytes, 45), "2");
        }
    }
    assert_int_equal(refused.kind, FIX_EVENT_SEND);
    assert_int_equal(delivered, 1);
    assert_true(most < world->options.message_size_max);
    fix_session_free(session);
}

static void a_message_is_sent_under_the_number_that_is_returned(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    static const char body[] = "148=a = b\00133=1\00158=\xe9\xa2\x98\001";
    uint64_t number = fix_session_send(session, SLICE("B"), SLICE("97=Y\001"),
                                       (struct slice){ body, sizeof body - 1 }, world->now);
    struct fix_event sent = the_only(session, FIX_EVENT_SEND);
    assert_int_equal(number, 2);
    assert_int_equal(sent.send.number, 2);
    assert_true(sent.send.application && !sent.send.repeat && !sent.send.keep_only);
    assert_int_equal(fix_session_next_out(session), 3);
    assert_slice_equal(fix_text_get(sent.send.bytes, 34), "2");
    assert_slice_equal(fix_text_get(sent.send.bytes, 97), "Y");
    assert_non_null(memmem(sent.send.bytes.at, sent.send.bytes.size, body, sizeof body - 1));
    fix_session_free(session);
}

static void a_repeat_changes_the_header_only(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    struct arena arena;
    static const char body[] = "148=kept 52=not a time\00133=1\00158=line\001";
    arena_init(&arena, ARENA_UNLIMITED);
    fix_session_send(session, SLICE("B"), SLICE("50=DESK\00197=Y\001"),
                     (struct slice){ body, sizeof body - 1 }, world->now);
    struct slice kept = arena_copy(&arena, the_only(session, FIX_EVENT_SEND).send.bytes);
    peer_says(world, "2", 2, "7=2|16=2|");
    feed_one(world, session);
    struct fix_event asked = the_only(session, FIX_EVENT_REPLAY);
    assert_int_equal(asked.replay.first, 2);
    assert_int_equal(asked.replay.last, 2);
    struct moment later = { SECONDS_NS(5), world->now.utc_ns + SECONDS_NS(5) };
    fix_session_replay(session, 2, kept, later);
    struct fix_event again = the_only(session, FIX_EVENT_SEND);
    assert_true(again.send.application && again.send.repeat);
    assert_int_equal(again.send.number, 2);
    assert_slice_equal(fix_text_get(again.send.bytes, 43), "Y");
    assert_slice_equal(fix_text_get(again.send.bytes, 52), "20250314-09:30:05.000");
    assert_slice_equal(fix_text_get(again.send.bytes, 122), "20250314-09:30:00.000");
    assert_slice_equal(fix_text_get(again.send.bytes, 50), "DESK");
    assert_slice_equal(fix_text_get(again.send.bytes, 97), "Y");
    assert_non_null(memmem(again.send.bytes.at, again.send.bytes.size, body, sizeof body - 1));
    fix_session_replay(session, 2, SLICE_NONE, later);
    assert_int_equal(drain(session), 0);
    assert_int_equal(fix_session_next_out(session), 3);
    arena_fini(&arena);
    fix_session_free(session);
}

/* Peers refuse an OrigSendingTime that is later than SendingTime (case 2f). */
static void a_repeat_was_never_sent_after_now(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    send_news(world, session, "news");
    struct slice kept = arena_copy(&arena, the_only(session, FIX_EVENT_SEND).send.bytes);
    peer_says(world, "2", 2, "7=2|16=2|");
    feed_one(world, session);
    the_only(session, FIX_EVENT_REPLAY);
    struct moment set_back = { SECONDS_NS(5), world->now.utc_ns - SECONDS_NS(3600) };
    fix_session_replay(session, 2, kept, set_back);
    struct fix_event again = the_only(session, FIX_EVENT_SEND);
    assert_slice_equal(fix_text_get(again.send.bytes, 52), "20250314-08:30:00.000");
    assert_slice_equal(fix_text_get(again.send.bytes, 122), "20250314-08:30:00.000");
    arena_fini(&arena);
    fix_session_free(session);
}

static void there_is_one_replay_at_a_time(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    for (unsigned i = 0; i < 8; i++) {
        send_news(world, session, "news");
        drain(session);
    }
    peer_says(world, "2", 2, "7=4|16=5|");
    feed_one(world, session);
    assert_int_equal(the_only(session, FIX_EVENT_REPLAY).replay.first, 4);
    for (uint64_t i = 0; i < 1000; i++) {
        peer_says(world, "2", 3 + i, i % 2 == 0 ? "7=7|16=7|" : "7=3|16=8|");
        feed_one(world, session);
        assert_int_equal(drain(session), 0);
    }
    fix_session_replay(session, 5, SLICE_NONE, world->now);
    struct fix_event again = the_only(session, FIX_EVENT_REPLAY);
    assert_int_equal(again.replay.first, 3);
    assert_int_equal(again.replay.last, 8);
    fix_session_replay(session, 8, SLICE_NONE, world->now);
    assert_slice_equal(fix_text_get(the_only(session, FIX_EVENT_SEND).send.bytes, 36), "9");
    fix_session_free(session);
}

static void a_replay_that_was_overtaken_is_ignored(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    send_news(world, session, "news");
    drain(session);
    peer_says(world, "2", 2, "7=1|16=0|");
    feed_one(world, session);
    drain(session);
    peer_says(world, "A", 1, "98=0|108=30|141=Y|");
    feed_one(world, session);
    drain(session);
    fix_session_replay(session, 2, SLICE_NONE, world->now);
    assert_int_equal(drain(session), 0);
    peer_says(world, "2", 2, "7=1|16=0|");
    feed_one(world, session);
    drain(session);
    peer_says(world, "5", 3, "");
    feed_one(world, session);
    drain(session);
    fix_session_replay(session, 1, SLICE_NONE, world->now);
    assert_int_equal(drain(session), 0);
    fix_session_free(session);
}

static void a_flood_from_behind_a_gap_asks_once(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    unsigned events = 0;
    for (uint64_t number = 1000; number < 6000; number++) {
        peer_says(world, "B", number, "148=flood|33=1|58=line|");
        feed_one(world, session);
        events += drain(session);
    }
    assert_int_equal(events, 3); /* the gap, that not all is kept, and the ResendRequest */
    assert_int_equal(fix_session_next_in(session), 2);
    fix_session_free(session);
}

static void a_flood_of_resets_leaves_nothing_behind(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    for (uint64_t i = 1; i <= 1000; i++) {
        char body[32];
        snprintf(body, sizeof body, "36=%llu|", (unsigned long long)i * 1000);
        peer_says(world, "4", 1, body);
        feed_one(world, session);
        assert_int_equal(drain(session), 0);
    }
    assert_int_equal(fix_session_next_in(session), 1000000);
    for (unsigned i = 0; i < 1000; i++) {
        peer_says(world, "A", 1, "98=0|108=30|141=Y|");
        feed_one(world, session);
        assert_int_equal(drain(session), 3); /* reset, Logon, logged on */
    }
    assert_int_equal(fix_session_next_in(session), 2);
    assert_int_equal(fix_session_next_out(session), 2);
    fix_session_free(session);
}

static void the_log_hears_of_noise_once(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    unsigned events = 0;
    for (unsigned i = 0; i < 1000; i++) {
        writer_text(&world->bytes, "8=FIX");
        feed_one(world, session);
        events += drain(session);
    }
    peer_says(world, "0", 2, "");
    while (feed_one(world, session) > 0)
        events += drain(session);
    assert_int_equal(events, 1);
    assert_int_equal(fix_session_next_in(session), 3);
    writer_text(&world->bytes, "again");
    feed_one(world, session);
    assert_ptr_equal(the_only(session, FIX_EVENT_FAULT).fault.fault, &fix_fault_frame_noise);
    fix_session_free(session);
}

/* Its bytes are no sign of life until they are a message. */
static void a_peer_that_dribbles_is_let_go(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    struct moment now = world->now;
    struct fix_event event = { .kind = FIX_EVENT_SEND };
    peer_says_much(world, 2, 4000);
    for (size_t size = 1; event.kind != FIX_EVENT_END; size++) {
        now.steady_ns += SECONDS_NS(1);
        struct slice bytes = { world->bytes.at, size };
        assert_int_equal(fix_session_feed(session, bytes, now), 0);
        fix_session_tick(session, now);
        while (fix_session_next(session, &event) && event.kind != FIX_EVENT_END)
            assert_int_equal(event.kind, FIX_EVENT_SEND);
    }
    assert_ptr_equal(event.end.fault, &fix_fault_test_request_unanswered);
    assert_int_equal(now.steady_ns, SECONDS_NS(72));
    fix_session_free(session);
}

static unsigned count_until(struct fix_session *session, struct moment *now, unsigned seconds)
{
    unsigned count = 0;

    for (unsigned i = 0; i < seconds; i++) {
        now->steady_ns += SECONDS_NS(1);
        fix_session_tick(session, *now);
        count += drain(session);
    }
    return count;
}

static void who_is_not_listened_to_is_not_silent(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    struct moment now = world->now;
    count_until(session, &now, 35);
    fix_session_listen(session, false, now);
    assert_int_equal(count_until(session, &now, 300), 10); /* heartbeats of ours */
    assert_true(fix_session_logged_on(session));

    fix_session_listen(session, true, now);
    count_until(session, &now, 36);
    assert_true(fix_session_logged_on(session));
    count_until(session, &now, 2);
    assert_false(fix_session_logged_on(session));
    fix_session_free(session);
}

static void a_password_is_told_to_nobody(void **state)
{
    static const char *const logons[] = {
        "98=0|108=30|553=me|554=secret|",
        "98=0|108=6000|553=me|554=secret|",
        "98=0|108=30|553=me|554=secret|554=secret|",
        "98=0|108=30|95=6|96=secret|4999=secret|",
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof logons / sizeof *logons; i++) {
        struct fix_session *session = fix_session_new(&world->options, 1, 1, world->now);
        struct fix_event event;
        unsigned count = 0;
        writer_reset(&world->bytes);
        peer_says(world, "A", 1, logons[i]);
        feed_one(world, session);
        for (; fix_session_next(session, &event); count++) {
            assert_int_not_equal(event.kind, FIX_EVENT_DELIVER);
            if (event.kind == FIX_EVENT_SEND)
                assert_null(memmem(event.send.bytes.at, event.send.bytes.size, "secret", 6));
        }
        assert_true(count >= 2);
        fix_session_free(session);
    }
}

static void a_delivered_message_can_be_refused(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    struct fix_finding finding = { &fix_fault_value_out_of_range, 2817, 0 };
    fix_session_reject(session, 7, SLICE("DY"), SLICE_NONE, &finding, world->now);
    struct slice bytes = the_only(session, FIX_EVENT_SEND).send.bytes;
    assert_slice_equal(fix_text_get(bytes, 35), "3");
    assert_slice_equal(fix_text_get(bytes, 45), "7");
    assert_slice_equal(fix_text_get(bytes, 371), "2817");
    assert_slice_equal(fix_text_get(bytes, 372), "DY");
    assert_slice_equal(fix_text_get(bytes, 373), "5");
    fix_session_free(session);
}

static void the_caller_may_answer_between_two_events(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    struct fix_event event;
    peer_says(world, "A", 5, "98=0|108=30|141=Y|");
    feed_one(world, session);
    assert_true(fix_session_next(session, &event));
    assert_int_equal(event.kind, FIX_EVENT_RESET);
    send_news(world, session, "in between");
    unsigned sent = 0;
    while (fix_session_next(session, &event))
        if (event.kind == FIX_EVENT_SEND)
            assert_int_equal(event.send.number, ++sent);
    assert_int_equal(sent, 3); /* Logon, ResendRequest, News */
    fix_session_free(session);
}

static void after_the_end_nothing_comes_of_bytes_or_time(void **state)
{
    struct world *world = *state;
    struct fix_session *session = log_on(world);
    struct moment later = { SECONDS_NS(100000), world->now.utc_ns };
    peer_says(world, "5", 2, "");
    feed_one(world, session);
    assert_ptr_equal(the_only(session, FIX_EVENT_END).end.fault, &fix_fault_logout_done);
    assert_int_equal(fix_session_deadline_ns(session), INT64_MAX);
    peer_says(world, "B", 3, "148=late|33=1|58=line|");
    size_t size = world->bytes.used;
    assert_int_equal(feed_one(world, session), size);
    fix_session_tick(session, later);
    fix_session_logout(session, SLICE("again"), later);
    fix_session_reject(session, 2, SLICE("B"), SLICE_NONE,
                       &(struct fix_finding){ &fix_fault_tag_unknown, 1, 0 }, later);
    assert_int_equal(drain(session), 0);
    assert_int_equal(fix_session_next_in(session), 3);
    send_news(world, session, "kept for the next connection");
    assert_true(the_only(session, FIX_EVENT_SEND).send.keep_only);
    fix_session_free(session);
}

static void after_the_end_a_message_of_any_size_is_only_kept(void **state)
{
    struct world *world = *state;
    struct fix_session *session = fix_session_new(&world->options, 1, 1, world->now);
    struct fix_event event;
    peer_says(world, "A", 1, "98=0|108=30|383=100|");
    feed_one(world, session);
    drain(session);
    peer_says(world, "5", 2, "");
    feed_one(world, session);
    assert_ptr_equal(the_only(session, FIX_EVENT_END).end.fault, &fix_fault_logout_done);
    send_news(world, session, "longer than that peer has taken");
    assert_true(fix_session_next(session, &event));
    assert_int_equal(event.kind, FIX_EVENT_SEND);
    assert_true(event.send.keep_only);
    assert_false(fix_session_next(session, &event));
    fix_session_free(session);
}

static void deadlines_are_those_of_the_state(void **state)
{
    struct world *world = *state;
    struct fix_session *session = fix_session_new(&world->options, 1, 1, world->now);
    assert_int_equal(fix_session_deadline_ns(session), SECONDS_NS(10));
    fix_session_free(session);
    session = log_on(world);
    assert_int_equal(fix_session_deadline_ns(session), SECONDS_NS(30));
    fix_session_tick(session, (struct moment){ SECONDS_NS(29), world->now.utc_ns });
    assert_int_equal(drain(session), 0);
    fix_session_tick(session, (struct moment){ SECONDS_NS(30), world->now.utc_ns });
    assert_slice_equal(fix_text_get(the_only(session, FIX_EVENT_SEND).send.bytes, 35), "0");
    assert_int_equal(fix_session_deadline_ns(session), SECONDS_NS(36));
    fix_session_logout(session, SLICE_NONE, (struct moment){ SECONDS_NS(31), 0 });
    assert_int_equal(fix_session_deadline_ns(session), SECONDS_NS(41));
    fix_session_free(session);
}

/* FIX.4.2 has no reasons above 11: the text says it. */
static void an_older_version_gets_a_reject_that_it_knows(void **state)
{
    static const char path[] = PENSTOCK_SOURCE_DIR "/schemas/fix/FIX42.xml";
    struct slice file = kit_read_file(path);
    struct error_list errors;
    struct world old;
    (void)state;
    error_list_init(&errors, 1);
    set_up_world(&old, fix_dictionary_new(&(struct fix_dictionary_file){ file, path }, 1, &errors));
    assert_non_null(old.dictionary);
    struct fix_session *session = log_on(&old);
    peer_says(&old, "B", 2, "148=twice|148=twice|33=1|58=line|");
    feed_one(&old, session);
    struct slice bytes = the_only(session, FIX_EVENT_SEND).send.bytes;
    assert_slice_equal(fix_text_get(bytes, 8), "FIX.4.2");
    assert_slice_equal(fix_text_get(bytes, 371), "148");
    assert_null(fix_text_get(bytes, 373).at);
    assert_slice_equal(fix_text_get(bytes, 58), "Tag appears more than once");
    fix_session_free(session);
    writer_fini(&old.bytes);
    fix_dictionary_free(old.dictionary);
    error_list_fini(&errors);
    kit_free_file(file);
}

static void a_logon_tells_whose_it_is(void **state)
{
    struct world *world = *state;
    struct fix_logon_names names;
    writer_reset(&world->bytes);
    peer_says(world, "A", 1, "98=0|108=30|");
    struct slice bytes = writer_slice(&world->bytes);
    for (size_t size = 0; size < bytes.size; size++)
        assert_int_equal(fix_logon_peek(guarded((struct slice){ bytes.at, size }), 8192, &names),
                         FIX_FRAME_PARTIAL);
    assert_int_equal(fix_logon_peek(guarded(bytes), 8192, &names), FIX_FRAME_WHOLE);
    assert_slice_equal(names.begin_string, "FIX.4.4");
    assert_slice_equal(names.msg_type, "A");
    assert_slice_equal(names.sides.sender_comp_id, "BROKER");
    assert_slice_equal(names.sides.target_comp_id, "GATEWAY");
    assert_int_equal(fix_logon_peek(bytes, 50, &names), FIX_FRAME_GARBLED);
    assert_int_equal(fix_logon_peek(SLICE("GET / HTTP/1.1\r\n"), 8192, &names), FIX_FRAME_GARBLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_byte_at_a_time_equals_all_at_once),
        cmocka_unit_test(a_message_that_is_too_long_goes_by_in_pieces),
        cmocka_unit_test(a_message_is_sent_under_the_number_that_is_returned),
        cmocka_unit_test(a_repeat_changes_the_header_only),
        cmocka_unit_test(a_repeat_was_never_sent_after_now),
        cmocka_unit_test(there_is_one_replay_at_a_time),
        cmocka_unit_test(a_replay_that_was_overtaken_is_ignored),
        cmocka_unit_test(a_flood_from_behind_a_gap_asks_once),
        cmocka_unit_test(a_flood_of_resets_leaves_nothing_behind),
        cmocka_unit_test(the_log_hears_of_noise_once),
        cmocka_unit_test(a_peer_that_dribbles_is_let_go),
        cmocka_unit_test(who_is_not_listened_to_is_not_silent),
        cmocka_unit_test(a_password_is_told_to_nobody),
        cmocka_unit_test(a_delivered_message_can_be_refused),
        cmocka_unit_test(the_caller_may_answer_between_two_events),
        cmocka_unit_test(after_the_end_nothing_comes_of_bytes_or_time),
        cmocka_unit_test(after_the_end_a_message_of_any_size_is_only_kept),
        cmocka_unit_test(deadlines_are_those_of_the_state),
        cmocka_unit_test(an_older_version_gets_a_reject_that_it_knows),
        cmocka_unit_test(a_logon_tells_whose_it_is),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
