/* The FIX.4.4 sample messages of the reference data against a session: valid
   ones are taken, malformed ones get the reply that their index asks for. */
#include "codecs/fix/session.h"

#include "kit/fix_text.h"
#include "kit/kit.h"

#include <stdio.h>

enum { SEEN_MAX = 8, COLUMNS_MAX = 12 };

static const int64_t half_past_nine = SECONDS_NS(1741944600); /* 2025-03-14 */

/* What came of one sample. */
struct outcome {
    struct slice sent[SEEN_MAX];
    size_t sent_count, delivered, faults;
    bool ended;
    uint64_t next_in;
};

struct bench {
    const struct fix_dictionary *dictionary;
    struct arena arena;
    struct fix_session *session;
    struct moment now;
};

static void drain(struct bench *bench, struct outcome *outcome)
{
    struct fix_event event;
    while (fix_session_next(bench->session, &event)) {
        if (event.kind == FIX_EVENT_SEND && outcome->sent_count < SEEN_MAX)
            outcome->sent[outcome->sent_count++] = arena_copy(&bench->arena, event.send.bytes);
        outcome->delivered += event.kind == FIX_EVENT_DELIVER;
        outcome->ended |= event.kind == FIX_EVENT_END;
        outcome->faults +=
            event.kind == FIX_EVENT_FAULT && event.fault.fault != &fix_fault_rejected_by_peer;
    }
    outcome->next_in = fix_session_next_in(bench->session);
}

static struct outcome feed(struct bench *bench, struct slice bytes)
{
    struct outcome outcome = { .next_in = fix_session_next_in(bench->session) };
    size_t size;
    while (bytes.size > 0 && (size = fix_session_feed(bench->session, bytes, bench->now)) > 0) {
        drain(bench, &outcome);
        bytes = slice_after(bytes, size);
    }
    return outcome;
}

/* A message of the peer about nothing, to log on and to see that all is well. */
static struct slice plain(struct bench *bench, const char *msg_type, struct slice from,
                          struct slice to, uint64_t number, const char *body)
{
    struct writer time;
    writer_init(&time, 0);
    fix_timestamp_write(bench->now.utc_ns, &time);
    struct slice text =
        arena_format(&bench->arena, "8=FIX.4.4|35=%s|49=%.*s|56=%.*s|34=%llu|52=%.*s|%s", msg_type,
                     SLICE_ARG(from), SLICE_ARG(to), (unsigned long long)number,
                     SLICE_ARG(writer_slice(&time)), body);
    writer_fini(&time);
    return arena_copy(&bench->arena, fix_text(text.at));
}

/* us and them as the sample names them. */
static void open_session(struct bench *bench, struct slice us, struct slice them, bool initiator,
                         uint64_t next_in, bool logged_on)
{
    struct fix_session_options options = { .role = initiator ? FIX_INITIATOR : FIX_ACCEPTOR,
                                           .dictionary = bench->dictionary,
                                           .sender_comp_id = us,
                                           .target_comp_id = them,
                                           .heartbeat_s = 30,
                                           .heartbeat_max_s = 60,
                                           .logon_timeout_s = 10,
                                           .latency_max_s = 120,
                                           .message_size_max = 65536,
                                           .reset_on_logon = initiator && !logged_on };
    struct outcome outcome = { 0 };
    bench->session = fix_session_new(&options, logged_on ? next_in - 1 : next_in, 20, bench->now);
    drain(bench, &outcome);
    if (!logged_on)
        return;
    outcome = feed(bench, plain(bench, "A", them, us, next_in - 1, "98=0|108=30|"));
    assert_int_equal(outcome.next_in, next_in);
    assert_true(fix_session_logged_on(bench->session));
}

static void bench_init(struct bench *bench, const struct fix_dictionary *dictionary)
{
    *bench = (struct bench){ .dictionary = dictionary, .now = { 0, half_past_nine } };
    arena_init(&bench->arena, ARENA_UNLIMITED);
}

static void bench_fini(struct bench *bench)
{
    fix_session_free(bench->session);
    arena_fini(&bench->arena);
}

/* Takes what is in front of the separator from *rest. */
static struct slice take(struct slice *rest, const char *separator)
{
    const char *found = memmem(rest->at, rest->size, separator, strlen(separator));
    struct slice taken = { rest->at, found == NULL ? rest->size : (size_t)(found - rest->at) };
    *rest = slice_after(*rest, found == NULL ? rest->size : taken.size + strlen(separator));
    return taken;
}

/* "35=3|45=5|58=(any)": each field, with this value or any. */
static bool has_fields(struct slice message, struct slice fields)
{
    while (fields.size > 0) {
        struct slice value = take(&fields, "|"), tag = take(&value, "=");
        uint64_t number;
        assert_true(slice_to_u64(tag, UINT32_MAX, &number));
        struct slice is = fix_text_get(message, (unsigned)number);
        if (is.at == NULL || (value.at[0] != '(' && !slice_equal(is, value)))
            return false;
    }
    return true;
}

/* "35=3|45=5 then 35=5 then disconnect" */
static bool replies(const struct outcome *outcome, struct slice reply)
{
    size_t sent = 0;
    bool ends = false;
    if (slice_starts(reply, SLICE("none")))
        return outcome->sent_count == 0 &&
               outcome->ended == slice_is(reply, "none, close the connection");
    while (reply.size > 0) {
        struct slice step = take(&reply, " then ");
        if (slice_is(step, "disconnect"))
            ends = true;
        else if (sent == outcome->sent_count || !has_fields(outcome->sent[sent++], step))
            return false;
    }
    return sent == outcome->sent_count && ends == outcome->ended;
}

/* Garbled: nothing comes of it, and the next message is taken. */
static bool goes_on_behind(struct bench *bench, struct slice us, struct slice them)
{
    uint64_t next_in = fix_session_next_in(bench->session);
    struct outcome outcome = feed(bench, plain(bench, "0", them, us, next_in, ""));
    return outcome.sent_count == 0 && outcome.next_in == next_in + 1;
}

static bool as_expected(const struct slice *columns, const struct outcome *outcome)
{
    bool delivers = slice_is(columns[5], "BUSINESS") || slice_is(columns[5], "OK_AFTER_NOISE");
    if (delivers)
        return outcome->delivered == 1 && outcome->sent_count == 0;
    return outcome->delivered == 0 && replies(outcome, columns[6]);
}

static void try_malformed(const struct fix_dictionary *dictionary, const char *folder,
                          const struct slice *columns)
{
    struct slice us = SLICE("PENSTOCK"), them = SLICE("BRKALPHA");
    struct bench bench;
    char path[512];
    uint64_t next_in;
    assert_true(slice_to_u64(columns[3], 1000, &next_in));
    bench_init(&bench, dictionary);
    snprintf(path, sizeof path, "%s/%.*s", folder, SLICE_ARG(columns[0]));
    struct slice sample = kit_read_file(path);
    open_session(&bench, us, them, false, next_in, next_in > 1);
    struct outcome outcome = feed(&bench, sample);
    bool counts = slice_is(columns[7], "+1");
    if (!as_expected(columns, &outcome) || outcome.next_in != next_in + counts)
        fail_msg("%.*s: %zu sent, %zu delivered, %s, next_in %llu; first reply %.*s",
                 SLICE_ARG(columns[0]), outcome.sent_count, outcome.delivered,
                 outcome.ended ? "ended" : "open", (unsigned long long)outcome.next_in,
                 SLICE_ARG(outcome.sent[0]));
    /* A frame cut short waits for what it announced; the next message shows the fault. */
    if (slice_is(columns[5], "GARBLED") && outcome.faults > 0 && !goes_on_behind(&bench, us, them))
        fail_msg("%.*s: the next message is not taken", SLICE_ARG(columns[0]));
    kit_free_file(sample);
    bench_fini(&bench);
}

static void try_valid(const struct fix_dictionary *dictionary, const char *folder,
                      const struct slice *columns)
{
    struct bench bench;
    char path[512];
    uint64_t number;
    snprintf(path, sizeof path, "%s/%.*s", folder, SLICE_ARG(columns[0]));
    struct slice sample = kit_read_file(path);
    bool logon = slice_is(columns[2], "A");
    bool initiator = slice_is(columns[4], "gateway>broker");
    bench_init(&bench, dictionary);
    assert_true(fix_timestamp_parse(fix_text_get(sample, 52), &bench.now.utc_ns));
    assert_true(slice_to_u64(fix_text_get(sample, 34), 100000, &number));
    open_session(&bench, fix_text_get(sample, 56), fix_text_get(sample, 49), initiator, number,
                 !logon);
    struct outcome outcome = feed(&bench, sample);
    bool session_message = columns[2].size == 1 && strchr("012345A", columns[2].at[0]) != NULL;
    if (outcome.faults > 0 || outcome.delivered != !session_message || outcome.next_in <= number)
        fail_msg("%.*s: %zu faults, %zu delivered, next_in %llu", SLICE_ARG(columns[0]),
                 outcome.faults, outcome.delivered, (unsigned long long)outcome.next_in);
    kit_free_file(sample);
    bench_fini(&bench);
}

typedef void trial(const struct fix_dictionary *dictionary, const char *folder,
                   const struct slice *columns);

/* Each row of the index about a FIX.4.4 message that our dictionary knows, or
   that is wrong because it does not. */
static unsigned for_each_row(const struct fix_dictionary *dictionary, const char *kind, trial *try)
{
    const char *shared = kit_shared(__func__);
    char folder[256], path[300];
    unsigned count = 0;
    if (shared == NULL)
        skip();
    snprintf(folder, sizeof folder, "%s/fix/samples/%s", shared, kind);
    snprintf(path, sizeof path, "%s/index.tsv", folder);
    struct slice index = kit_read_file(path), rest = index;
    take(&rest, "\n");
    while (rest.size > 0) {
        struct slice line = take(&rest, "\n"), columns[COLUMNS_MAX];
        for (size_t i = 0; i < COLUMNS_MAX; i++)
            columns[i] = take(&line, "\t");
        bool known =
            fix_dictionary_message(dictionary, columns[2]) != NULL || slice_is(columns[2], "ZZ9");
        if (!slice_is(columns[1], "FIX.4.4") || !known)
            continue;
        try(dictionary, folder, columns);
        count++;
    }
    kit_free_file(index);
    return count;
}

static void malformed_samples_get_the_reply_of_their_index(void **state)
{
    assert_true(for_each_row(*state, "malformed", try_malformed) >= 45);
}

static void valid_samples_are_taken(void **state)
{
    assert_true(for_each_row(*state, "valid", try_valid) >= 20);
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
        cmocka_unit_test(malformed_samples_get_the_reply_of_their_index),
        cmocka_unit_test(valid_samples_are_taken),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
