/* Two sessions that talk to each other: through connections that break at any
   byte, and through a quiet week. */
#include "codecs/fix/session.h"

#include "kit/fix_text.h"
#include "kit/kit.h"

#include <stdlib.h>

struct kept {
    uint64_t number, count;
    struct slice bytes;
};

/* One end: what outlives a connection, and what does not. */
struct end {
    struct fix_session_options options;
    struct fix_agreement agreement;
    uint64_t next_in, next_out;
    struct kept *kept;
    size_t kept_count, kept_room;
    uint64_t said, heard; /* application messages, each with its count in it */

    struct fix_session *session; /* NULL: not connected */
    struct writer wire;          /* on its way to the other end */
    bool replaying, ended;
    uint64_t replay_next, replay_last;
};

struct pair {
    struct end ends[2];
    struct moment now;
    bool corrupted; /* at most one byte of a connection: two could cancel out in the sum */
    uint64_t repeats, resets, logons;
    struct arena arena;
};

static void pair_init(struct pair *pair, const struct fix_dictionary *dictionary)
{
    struct slice names[] = { SLICE("INITIATOR"), SLICE("ACCEPTOR") };
    memset(pair, 0, sizeof *pair);
    arena_init(&pair->arena, ARENA_UNLIMITED);
    pair->now.utc_ns = SECONDS_NS(1741944600);
    for (size_t i = 0; i < 2; i++) {
        struct end *end = &pair->ends[i];
        end->agreement = fix_agreement_standard;
        end->options = (struct fix_session_options){ .role = i == 0 ? FIX_INITIATOR : FIX_ACCEPTOR,
                                                     .dictionary = dictionary,
                                                     .sides.sender_comp_id = names[i],
                                                     .sides.target_comp_id = names[1 - i],
                                                     .heartbeat_s = 30,
                                                     .heartbeat_max_s = 60,
                                                     .logon_timeout_s = 10,
                                                     .latency_max_s = 0, /* the wire is slow */
                                                     .message_size_max = 4096,
                                                     .agreement = &end->agreement };
        end->next_in = end->next_out = 1;
        writer_init(&end->wire, 0);
    }
}

static void disconnect(struct pair *pair)
{
    for (size_t i = 0; i < 2; i++) {
        struct end *end = &pair->ends[i];
        fix_session_free(end->session);
        end->session = NULL;
        end->replaying = end->ended = false;
        writer_reset(&end->wire);
    }
    pair->corrupted = false;
}

static void pair_fini(struct pair *pair)
{
    disconnect(pair);
    for (size_t i = 0; i < 2; i++) {
        writer_fini(&pair->ends[i].wire);
        free(pair->ends[i].kept);
    }
    arena_fini(&pair->arena);
}

static void keep(struct pair *pair, struct end *end, uint64_t number, struct slice bytes)
{
    end->kept = memory_room(end->kept, end->kept_count, &end->kept_room, sizeof *end->kept);
    end->kept[end->kept_count++] =
        (struct kept){ number, end->said, arena_copy(&pair->arena, bytes) };
}

/* Each message carries its count as the Headline: the next one, and no other. */
static void hear(struct end *end, const struct fix_message *message)
{
    uint64_t count;
    assert_true(fix_message_get_u64(message, 148, &count));
    assert_int_equal(count, end->heard + 1);
    end->heard = count;
}

static void do_send(struct pair *pair, struct end *end, const struct fix_event *event)
{
    if (event->send.application && !event->send.repeat)
        keep(pair, end, event->send.number, event->send.bytes);
    if (event->send.application && !event->send.repeat && !event->send.keep_only)
        fix_session_prove(end->session, event->send.number);
    if (!event->send.keep_only)
        writer_bytes(&end->wire, event->send.bytes);
    pair->repeats += event->send.repeat;
}

/* What the peer has shown to have, it has. */
static void look_at_proof(const struct pair *pair, const struct end *end)
{
    const struct end *peer = &pair->ends[end == &pair->ends[0]];
    uint64_t proved = fix_session_proved(end->session);
    for (size_t i = end->kept_count; i > 0; i--)
        if (end->kept[i - 1].number <= proved) {
            assert_in_range(end->kept[i - 1].count, 0, peer->heard);
            return;
        }
}

static void drain(struct pair *pair, struct end *end)
{
    struct fix_event event;
    while (fix_session_next(end->session, &event)) {
        switch (event.kind) {
        case FIX_EVENT_SEND:
            do_send(pair, end, &event);
            break;
        case FIX_EVENT_DELIVER:
            hear(end, event.deliver.message);
            break;
        case FIX_EVENT_REPLAY:
            assert_false(end->replaying);
            end->replaying = true;
            end->replay_next = event.replay.first;
            end->replay_last = event.replay.last;
            break;
        case FIX_EVENT_RESET:
            end->kept_count = 0;
            end->replaying = false;
            pair->resets++;
            break;
        case FIX_EVENT_END:
            end->ended = true;
            end->replaying = false;
            break;
        case FIX_EVENT_LOGON:
            pair->logons++;
            break;
        case FIX_EVENT_FAULT:
            break;
        }
    }
    end->next_in = fix_session_next_in(end->session);
    end->next_out = fix_session_next_out(end->session);
    look_at_proof(pair, end);
}

static void connect_ends(struct pair *pair)
{
    disconnect(pair);
    for (size_t i = 0; i < 2; i++) {
        struct end *end = &pair->ends[i];
        end->session = fix_session_new(&end->options, end->next_in, end->next_out, pair->now);
        drain(pair, end);
    }
}

/* Some bytes arrive, whole messages or not. */
static void move(struct pair *pair, size_t from, size_t most)
{
    struct end *sender = &pair->ends[from], *taker = &pair->ends[1 - from];
    struct slice arrived = writer_slice(&sender->wire);
    size_t taken = 0, size;
    if (arrived.size > most)
        arrived.size = most;
    while (taken < arrived.size &&
           (size = fix_session_feed(taker->session, slice_after(arrived, taken), pair->now)) > 0) {
        taken += size;
        drain(pair, taker);
        while (fix_session_catch_up(taker->session, pair->now))
            drain(pair, taker);
    }
    writer_drop(&sender->wire, taken);
}

static void corrupt(struct pair *pair, struct end *end, struct kit_random *random)
{
    if (pair->corrupted || end->wire.used == 0)
        return;
    end->wire.at[kit_random_below(random, end->wire.used)] ^= 4;
    pair->corrupted = true;
}

/* The store answers one message at a time, while others come and go. */
static void replay_step(struct pair *pair, struct end *end)
{
    if (!end->replaying)
        return;
    for (size_t i = 0; i < end->kept_count; i++) {
        const struct kept *kept = &end->kept[i];
        if (kept->number < end->replay_next || kept->number > end->replay_last)
            continue;
        end->replay_next = kept->number + 1;
        fix_session_replay(end->session, kept->number, kept->bytes, pair->now);
        drain(pair, end);
        return;
    }
    end->replaying = false;
    fix_session_replay(end->session, end->replay_last, SLICE_NONE, pair->now);
    drain(pair, end);
}

static void say(struct pair *pair, struct end *end)
{
    struct writer body;
    if (end->session == NULL)
        return;
    writer_init(&body, 0);
    writer_format(&body, "148=%llu%c33=1%c58=line%c", (unsigned long long)++end->said, 1, 1, 1);
    fix_session_send(end->session, SLICE("B"), SLICE_NONE, writer_slice(&body), pair->now);
    drain(pair, end);
    writer_fini(&body);
}

static void pass_time(struct pair *pair, int64_t span_ns)
{
    pair->now.steady_ns += span_ns;
    pair->now.utc_ns += span_ns;
    for (size_t i = 0; i < 2; i++) {
        struct end *end = &pair->ends[i];
        if (end->session != NULL && fix_session_deadline_ns(end->session) <= pair->now.steady_ns) {
            fix_session_tick(end->session, pair->now);
            drain(pair, end);
        }
    }
}

static void log_out(struct pair *pair, struct end *end)
{
    if (end->session == NULL)
        return;
    fix_session_logout(end->session, SLICE("enough"), pair->now);
    drain(pair, end);
}

/* A process that is started again goes on behind the block of numbers that it
   had reserved. */
static void restart(struct pair *pair, struct end *end, struct kit_random *random)
{
    disconnect(pair);
    end->next_out += kit_random_below(random, 64);
}

static void anything(struct pair *pair, struct kit_random *random)
{
    struct end *end = &pair->ends[kit_random_below(random, 2)];
    uint64_t choice = kit_random_below(random, 100);
    if (end->session == NULL) {
        connect_ends(pair);
        return;
    }
    if (choice < 30)
        say(pair, end);
    else if (choice < 75)
        move(pair, (size_t)(end - pair->ends), kit_random_below(random, 300));
    else if (choice < 85)
        replay_step(pair, end);
    else if (choice < 92)
        pass_time(pair, MILLIS_NS(kit_random_below(random, 9000)));
    else if (choice < 95)
        corrupt(pair, end, random);
    else if (choice < 97)
        disconnect(pair);
    else if (choice < 98)
        log_out(pair, end);
    else if (choice < 99)
        restart(pair, end, random);
    else
        pass_time(pair, SECONDS_NS(40));
}

static bool agree(const struct pair *pair)
{
    return pair->ends[0].heard == pair->ends[1].said && pair->ends[1].heard == pair->ends[0].said;
}

/* Nothing breaks any more: all that was said must arrive within three minutes. */
static bool comes_to_rest(struct pair *pair)
{
    for (unsigned turn = 0; turn < 900 && !agree(pair); turn++) {
        bool over = pair->ends[0].session == NULL ||
                    ((pair->ends[0].ended || pair->ends[1].ended) && pair->ends[0].wire.used == 0 &&
                     pair->ends[1].wire.used == 0);
        if (over)
            connect_ends(pair);
        for (size_t i = 0; i < 2; i++) {
            replay_step(pair, &pair->ends[i]);
            move(pair, i, SIZE_MAX);
        }
        pass_time(pair, MILLIS_NS(200));
    }
    return agree(pair);
}

/* What two sides have agreed on, and what only one of them does. */
static void agree_on(struct end *end, struct kit_random *random)
{
    static const size_t kept[] = { 0, 2, 1000 }, chunks[] = { 0, 0, 0, 3 };
    end->agreement.gap_messages_max = kept[kit_random_below(random, 3)];
    end->agreement.resend_chunk = chunks[kit_random_below(random, 4)];
    end->agreement.next_expected = kit_random_below(random, 3) > 0;
    end->options.wants_proof = kit_random_below(random, 2) > 0;
}

static void every_message_arrives_once_and_in_order(void **state)
{
    uint64_t repeats = 0, said = 0;
    for (uint64_t seed = 1; seed <= 800; seed++) {
        struct kit_random random = { seed * 7919 };
        struct pair pair;
        pair_init(&pair, *state);
        agree_on(&pair.ends[0], &random);
        agree_on(&pair.ends[1], &random);
        for (unsigned step = 0; step < 400; step++)
            anything(&pair, &random);
        if (!comes_to_rest(&pair))
            fail_msg("seed %llu: said %llu and %llu, heard %llu and %llu", (unsigned long long)seed,
                     (unsigned long long)pair.ends[0].said, (unsigned long long)pair.ends[1].said,
                     (unsigned long long)pair.ends[1].heard,
                     (unsigned long long)pair.ends[0].heard);
        repeats += pair.repeats;
        said += pair.ends[0].said + pair.ends[1].said;
        pair_fini(&pair);
    }
    assert_true(said > 20000);
    assert_true(repeats > said / 10); /* the schedules did break things */
}

/* Lets time pass from deadline to deadline; all that is sent arrives at once. */
static void run_until(struct pair *pair, int64_t utc_ns)
{
    while (pair->now.utc_ns < utc_ns) {
        int64_t left = utc_ns - pair->now.utc_ns;
        for (unsigned turn = 0; turn < 3; turn++) {
            move(pair, 0, SIZE_MAX);
            move(pair, 1, SIZE_MAX);
        }
        for (size_t i = 0; i < 2; i++) {
            int64_t due = fix_session_deadline_ns(pair->ends[i].session) - pair->now.steady_ns;
            if (due < left)
                left = due < 0 ? 0 : due;
        }
        pass_time(pair, left);
    }
}

static void a_trading_day(struct pair *pair, bool first)
{
    int64_t minute = SECONDS_NS(60), start = pair->now.utc_ns, next = start + SECONDS_NS(86400);
    pair->ends[0].options.reset_on_logon = first;
    connect_ends(pair);
    for (int64_t at = 1; at <= 540; at++) {
        run_until(pair, start + at * minute);
        say(pair, &pair->ends[at % 2]);
    }
    run_until(pair, pair->now.utc_ns + minute);
    log_out(pair, &pair->ends[0]);
    run_until(pair, pair->now.utc_ns + 1);
    assert_true(pair->ends[0].ended && pair->ends[1].ended);
    disconnect(pair);
    pair->now.steady_ns += next - pair->now.utc_ns;
    pair->now.utc_ns = next;
}

/* Five days of nine hours, a message each minute, one reset on Monday: nothing is
   repeated, nobody is asked whether he lives, and each side counts as the other. */
static void a_trading_week_takes_no_time(void **state)
{
    struct pair pair;
    pair_init(&pair, *state);
    for (unsigned day = 0; day < 5; day++)
        a_trading_day(&pair, day == 0);
    assert_true(agree(&pair));
    assert_int_equal(pair.ends[0].said + pair.ends[1].said, 5 * 9 * 60);
    assert_int_equal(pair.repeats, 0);
    assert_int_equal(pair.resets, 2);
    assert_int_equal(pair.logons, 10);
    assert_int_equal(pair.ends[0].next_out, pair.ends[1].next_in);
    assert_int_equal(pair.ends[1].next_out, pair.ends[0].next_in);
    pair_fini(&pair);
}

static int load(void **state)
{
    *state = fix_text_dictionary();
    return 0;
}

static int unload(void **state)
{
    fix_dictionary_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_arrives_once_and_in_order),
        cmocka_unit_test(a_trading_week_takes_no_time),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
