/* The sample messages of the reference data against a session: valid
   ones are taken, malformed ones get the reply that their index asks for. */
#include "codecs/fix/session.h"

#include "kit/fix_samples.h"
#include "kit/fix_text.h"
#include "kit/kit.h"

static const int64_t half_past_nine = SECONDS_NS(1741944600); /* 2025-03-14 */

/* What came of one sample. */
struct outcome {
    struct fix_sample_answer answer;
    size_t delivered, faults;
    uint64_t next_in;
};

struct bench {
    const struct fix_text_version *version;
    struct fix_application applications[2]; /* on FIXT: FIX.5.0SP2 by both of its numbers */
    struct arena arena;
    struct fix_session *session;
    struct moment now;
};

static void drain(struct bench *bench, struct outcome *outcome)
{
    struct fix_sample_answer *answer = &outcome->answer;
    struct fix_event event;
    while (fix_session_next(bench->session, &event)) {
        if (event.kind == FIX_EVENT_SEND && answer->count < FIX_SAMPLE_ANSWERS_MAX)
            answer->sent[answer->count++] = arena_copy(&bench->arena, event.send.bytes);
        outcome->delivered += event.kind == FIX_EVENT_DELIVER;
        answer->ended |= event.kind == FIX_EVENT_END;
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
        while (fix_session_catch_up(bench->session, bench->now))
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
        arena_format(&bench->arena, "8=%s|35=%s|49=%.*s|56=%.*s|34=%llu|52=%.*s|%s",
                     bench->version->begin_string, msg_type, SLICE_ARG(from), SLICE_ARG(to),
                     (unsigned long long)number, SLICE_ARG(writer_slice(&time)), body);
    writer_fini(&time);
    return arena_copy(&bench->arena, fix_text(text.at));
}

/* us and them as the sample names them. */
static void open_session(struct bench *bench, struct slice us, struct slice them, bool initiator,
                         uint64_t next_in, bool logged_on)
{
    struct fix_session_options options = { .role = initiator ? FIX_INITIATOR : FIX_ACCEPTOR,
                                           .dictionary = bench->version->dictionary,
                                           .applications = bench->applications,
                                           .application_count =
                                               bench->version->transport == NULL ? 0 : 2,
                                           .sides.sender_comp_id = us,
                                           .sides.target_comp_id = them,
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
    const char *logon = arena_format(&bench->arena, "98=0|108=30|%s", bench->version->logon).at;
    outcome = feed(bench, plain(bench, "A", them, us, next_in - 1, logon));
    assert_int_equal(outcome.next_in, next_in);
    assert_true(fix_session_logged_on(bench->session));
}

static void bench_init(struct bench *bench, const struct fix_text_version *version)
{
    *bench = (struct bench){ .version = version, .now = { 0, half_past_nine } };
    bench->applications[0] = (struct fix_application){ SLICE("9"), version->dictionary };
    bench->applications[1] = (struct fix_application){ SLICE("10"), version->dictionary };
    arena_init(&bench->arena, ARENA_UNLIMITED);
}

static void bench_fini(struct bench *bench)
{
    fix_session_free(bench->session);
    arena_fini(&bench->arena);
}

/* Garbled: nothing comes of it, and the next message is taken. */
static bool goes_on_behind(struct bench *bench, struct slice us, struct slice them)
{
    uint64_t next_in = fix_session_next_in(bench->session);
    struct outcome outcome = feed(bench, plain(bench, "0", them, us, next_in, ""));
    return outcome.answer.count == 0 && outcome.next_in == next_in + 1;
}

static bool as_expected(const struct fix_sample *sample, const struct outcome *outcome)
{
    bool delivers =
        slice_is(sample->class, "BUSINESS") || slice_is(sample->class, "OK_AFTER_NOISE");
    if (delivers)
        return outcome->delivered == 1 && outcome->answer.count == 0;
    return outcome->delivered == 0 && fix_sample_allows(sample, &outcome->answer);
}

static void try_malformed(const struct fix_text_version *version, const struct fix_sample *sample)
{
    struct slice us = SLICE("PENSTOCK"), them = SLICE("BRKALPHA");
    struct bench bench;
    uint64_t before = fix_sample_next_in(sample) - slice_is(sample->inbound_seq, "+1");
    bench_init(&bench, version);
    open_session(&bench, us, them, false, before, before > 1);
    struct outcome outcome = feed(&bench, sample->bytes);
    if (!as_expected(sample, &outcome) || outcome.next_in != fix_sample_next_in(sample))
        fail_msg("%.*s: %u sent, %zu delivered, %s, next_in %llu; first reply %.*s",
                 SLICE_ARG(sample->file), outcome.answer.count, outcome.delivered,
                 outcome.answer.ended ? "ended" : "open", (unsigned long long)outcome.next_in,
                 SLICE_ARG(outcome.answer.sent[0]));
    /* A frame cut short waits for what it announced; the next message shows the fault. */
    if (slice_is(sample->class, "GARBLED") && outcome.faults > 0 &&
        !goes_on_behind(&bench, us, them))
        fail_msg("%.*s: the next message is not taken", SLICE_ARG(sample->file));
    bench_fini(&bench);
}

static void try_valid(const struct fix_text_version *version, const struct fix_sample *sample)
{
    struct bench bench;
    uint64_t number;
    bool logon = slice_is(sample->msg_type, "A");
    bool initiator = slice_is(sample->direction, "gateway>broker");
    bench_init(&bench, version);
    assert_true(fix_timestamp_parse(fix_text_get(sample->bytes, 52), &bench.now.utc_ns));
    assert_true(slice_to_u64(fix_text_get(sample->bytes, 34), 100000, &number));
    if (number == 1 && !logon) { /* the Logon before it is not among the samples */
        bench_fini(&bench);
        return;
    }
    open_session(&bench, fix_text_get(sample->bytes, 56), fix_text_get(sample->bytes, 49),
                 initiator, number, !logon);
    struct outcome outcome = feed(&bench, sample->bytes);
    bool session_message =
        sample->msg_type.size == 1 && strchr("012345A", sample->msg_type.at[0]) != NULL;
    if (outcome.faults > 0 || outcome.delivered != !session_message || outcome.next_in <= number)
        fail_msg("%.*s: %zu faults, %zu delivered, next_in %llu", SLICE_ARG(sample->file),
                 outcome.faults, outcome.delivered, (unsigned long long)outcome.next_in);
    bench_fini(&bench);
}

typedef void trial(const struct fix_text_version *version, const struct fix_sample *sample);

/* A session knows no passwords. */
static bool is_the_gateways(struct slice file)
{
    return slice_is(file, "M48_logon_bad_password.fix");
}

/* Each sample whose type our dictionary knows, or that is wrong because it does not. */
static unsigned for_each_sample(const struct fix_text_version *version, const char *kind,
                                trial *try)
{
    struct fix_samples samples;
    struct fix_sample sample;
    unsigned count = 0;
    fix_samples_open(&samples, kind, version->begin_string);
    while (fix_samples_next(&samples, &sample)) {
        bool known = fix_dictionary_message(version->dictionary, sample.msg_type) != NULL;
        if ((!known && !slice_is(sample.msg_type, "ZZ9")) || is_the_gateways(sample.file))
            continue;
        try(version, &sample);
        count++;
    }
    fix_samples_close(&samples);
    return count;
}

static const struct {
    const char *begin_string;
    unsigned malformed, valid;
} wanted[] = { { "FIX.4.2", 1, 5 }, { "FIX.4.4", 45, 54 }, { "FIXT.1.1", 4, 50 } };

static void try_all(const char *kind, trial *try, bool valid)
{
    if (kit_shared("sample messages") == NULL)
        skip(); /* while nothing is held that would have to be freed */
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct fix_text_version version = fix_text_version(wanted[i].begin_string);
        unsigned count = for_each_sample(&version, kind, try);
        assert_true(count >= (valid ? wanted[i].valid : wanted[i].malformed));
        fix_text_version_free(&version);
    }
}

static void malformed_samples_get_the_reply_of_their_index(void **state)
{
    (void)state;
    try_all("malformed", try_malformed, false);
}

static void valid_samples_are_taken(void **state)
{
    (void)state;
    try_all("valid", try_valid, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_samples_get_the_reply_of_their_index),
        cmocka_unit_test(valid_samples_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
