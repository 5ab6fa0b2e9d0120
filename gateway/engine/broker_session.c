/* A broker's FIX session, with or without a connection: performs what its
   machine says, and keeps messages in order while one waits for the store. */
#include "gateway/engine/wire.h"

#include <assert.h>
#include <stdlib.h>

struct outgoing_message {
    struct outgoing_message *next;
    struct slice msg_type, header, body;     /* behind it */
    const struct fix_dictionary *dictionary; /* that body was written with; only compared */
    bool is_talk;      /* echoes and refusals: answers that a reset need not outlive */
    uint64_t rejected; /* not 0: a Reject of the message with this number instead, for */
    const struct fix_fault *fault;
};

const struct error_kind broker_session_charset = {
    "engine.charset", "a message has characters that the session's charset does not have"
};

bool broker_session_live(const struct broker_session *session)
{
    return session->wire != NULL && fix_session_logged_on(session->machine);
}

bool broker_session_free(const struct broker_session *session)
{
    return session->parked_count < PARKED_MESSAGES_MAX && session->parked_size < PARKED_SIZE_MAX;
}

void broker_session_dirty(struct engine *engine, struct broker_session *session)
{
    if (!session->dirty) {
        session->next_dirty = engine->dirty;
        engine->dirty = session;
    }
    session->dirty = true;
    engine_batch(engine);
}

static void mark_for_pump(struct engine *engine, struct broker_session *session)
{
    if (session->pumping)
        return;
    session->pumping = true;
    session->next_pumped = engine->pumped;
    engine->pumped = session;
}

/* --- what goes out --- */

static void append_outgoing(struct engine *engine, struct broker_session *session,
                            struct outgoing_message *message)
{
    if (session->outgoing_first == NULL)
        session->outgoing_first = message;
    else
        session->outgoing_last->next = message;
    session->outgoing_last = message;
    mark_for_pump(engine, session);
}

static struct slice put_behind(char **at, struct slice text)
{
    char *begin = *at;

    if (text.at == NULL)
        return SLICE_NONE;
    memcpy(begin, text.at, text.size);
    *at += text.size;
    return (struct slice){ begin, text.size };
}

void broker_session_send(struct engine *engine, struct broker_session *session,
                         struct slice msg_type, struct slice header, struct slice body)
{
    struct outgoing_message *message =
        memory_take(sizeof *message + msg_type.size + header.size + body.size);
    char *at = (char *)message + sizeof *message;

    *message = (struct outgoing_message){ 0 };
    message->msg_type = put_behind(&at, msg_type);
    message->header = put_behind(&at, header);
    message->body = put_behind(&at, body);
    message->dictionary = session->config->dictionary;
    append_outgoing(engine, session, message);
}

/* An answer to it.  One that can't be read under the configuration of now has no version. */
static void send_in_version_of(struct engine *engine, struct broker_session *session,
                               const struct fix_message *message, struct slice msg_type,
                               struct slice header, struct slice body)
{
    broker_session_send(engine, session, msg_type, header, body);
    session->outgoing_last->is_talk = true;
    if (message->dictionary != NULL)
        session->outgoing_last->dictionary = message->dictionary;
}

/* What can't be told in the session's charset is not told at all: an alert. */
void broker_session_send_answer(struct engine *engine, struct broker_session *session,
                                const struct fix_message *message, struct slice msg_type,
                                struct slice header, struct slice body)
{
    static const struct error unfit = { .kind = &broker_session_charset };
    struct slice text;

    if (charset_from_utf8(session->config->charset, body, &engine->scratch, &text))
        send_in_version_of(engine, session, message, msg_type, header, text);
    else
        map_failed(engine, SLICE_NONE, session->name, &unfit);
}

void broker_session_send_echo(struct engine *engine, struct broker_session *session,
                              const struct fix_message *message, struct slice header,
                              struct slice body)
{
    send_in_version_of(engine, session, message, message->msg_type, header, body);
}

void broker_session_reject(struct engine *engine, struct broker_session *session, uint64_t number,
                           struct slice msg_type, struct slice header,
                           const struct fix_fault *fault)
{
    broker_session_send(engine, session, msg_type, header, SLICE_NONE);
    session->outgoing_last->rejected = number;
    session->outgoing_last->fault = fault;
}

/* With ApplVerID when the peer could not know the version otherwise; an echo may have it anyway. */
static void send_application(struct engine *engine, struct broker_session *session,
                             const struct outgoing_message *message)
{
    struct slice id = fix_session_appl_ver_id(session->machine, message->dictionary);
    struct writer header;

    writer_init(&header, 0);
    if (id.at != NULL && !slice_starts(message->header, SLICE("1128=")))
        writer_format(&header, "1128=%.*s\001", SLICE_ARG(id));
    writer_bytes(&header, message->header);
    fix_session_send(session->machine, message->msg_type, writer_slice(&header), message->body,
                     engine->now);
    writer_fini(&header);
}

static bool send_outgoing(struct engine *engine, struct broker_session *session)
{
    struct outgoing_message *message = session->outgoing_first;

    if (message == NULL)
        return false;
    const struct fix_finding finding = { .fault = message->fault };
    session->outgoing_first = message->next;
    session->talks = message->is_talk;
    if (message->rejected != 0)
        fix_session_reject(session->machine, message->rejected, message->msg_type, message->header,
                           &finding, engine->now);
    else
        send_application(engine, session, message);
    free(message);
    return true;
}

static void record_message(struct engine *engine, const struct broker_session *session,
                           enum row_kind kind, uint64_t generation, uint64_t number,
                           struct slice bytes)
{
    struct row row = { .kind = kind,
                       .message = { .session = session->name,
                                    .generation = generation,
                                    .number = number,
                                    .utc_ns = engine->now.utc_ns,
                                    .bytes = bytes } };

    engine_record(engine, &row);
}

/* An application message waits for the batch that keeps it. */
static uint64_t keep(struct engine *engine, struct broker_session *session,
                     const struct fix_event *event)
{
    record_message(engine, session, ROW_MESSAGE_OUT, session->generation, event->send.number,
                   event->send.bytes);
    broker_session_dirty(engine, session);
    return engine_durable(engine);
}

/* A new message that stays here, or may be lost with its connection in a session that we
   reset. */
static void note_untold(struct broker_session *session, uint64_t number, bool leaves)
{
    if (leaves && (session->talks || !broker_session_resets(session)))
        return;
    broker_session_untold(session, number);
    if (leaves)
        fix_session_prove(session->machine, number);
}

static void perform_send(struct engine *engine, struct broker_session *session,
                         const struct fix_event *event)
{
    uint64_t batch = event->send.repeat ? 0
                     : event->send.application
                         ? keep(engine, session, event)
                         : broker_session_reserve(engine, session, event->send.number);

    bool leaves = session->wire != NULL && !event->send.keep_only;

    if (leaves)
        wire_write(engine, session->wire, event->send.bytes, batch);
    if (event->send.application && !event->send.repeat && !event->send.too_long)
        note_untold(session, event->send.number, leaves);
}

/* --- what comes in --- */

static void park(struct broker_session *session, const struct delivery *delivery,
                 struct slice bytes)
{
    struct parked_message *parked = memory_take(sizeof *parked + bytes.size);

    *parked = (struct parked_message){ .number = delivery->number,
                                       .generation = session->generation,
                                       .possible_resend = delivery->possible_resend,
                                       .over_rate = delivery->over_rate,
                                       .size = bytes.size };
    memcpy(parked->bytes, bytes.at, bytes.size);
    if (session->parked_first == NULL)
        session->parked_first = parked;
    else
        session->parked_last->next = parked;
    session->parked_last = parked;
    session->parked_count++;
    session->parked_size += bytes.size;
}

/* false: it waits for the store. */
static bool take_message(struct engine *engine, struct broker_session *session,
                         struct delivery *delivery, uint64_t generation)
{
    arena_reset(&engine->scratch);
    if (!message_take(engine, delivery))
        return false;
    record_message(engine, session, ROW_MESSAGE_IN, generation, delivery->number,
                   delivery->message->bytes);
    broker_session_dirty(engine, session);
    waiter_done(engine, &session->waiter);
    return true;
}

/* One that is decided under another configuration than it was validated with is
   read once more.  What that one can't read is refused. */
static bool take_bytes(struct engine *engine, struct broker_session *session,
                       struct delivery delivery, struct slice bytes, uint64_t generation)
{
    struct fix_message message;
    struct arena arena; /* the scratch arena starts afresh with the message */

    arena_init(&arena, ARENA_UNLIMITED);
    if (!message_read(delivery.terms.session, bytes, &arena, &message))
        message.type = NULL;
    message.bytes = bytes;
    delivery.message = &message;
    bool taken = take_message(engine, session, &delivery, generation);
    arena_fini(&arena);
    return taken;
}

static bool is_over_rate(struct engine *engine, struct broker_session *session,
                         const struct config_session *config)
{
    const struct rate_terms terms = {
        .per_second = (unsigned)config->rate_max,
        .burst = (unsigned)(config->rate_burst == 0 ? config->rate_max : config->rate_burst)
    };

    return !rate_take(&session->rate, &terms, engine->now.steady_ns);
}

static void perform_deliver(struct engine *engine, struct broker_session *session,
                            const struct fix_event *event)
{
    const struct fix_message *message = event->deliver.message;
    struct delivery delivery = { .session = session,
                                 .terms = broker_session_terms(engine, session),
                                 .message = message,
                                 .number = event->deliver.number,
                                 .possible_resend = event->deliver.possible_resend };
    bool taken = false;

    delivery.over_rate = is_over_rate(engine, session, delivery.terms.session);
    if (session->parked_first == NULL && !store_pressed(engine))
        taken = delivery.terms.configuration == session->configuration
                    ? take_message(engine, session, &delivery, session->generation)
                    : take_bytes(engine, session, delivery, message->bytes, session->generation);
    if (!taken)
        park(session, &delivery, message->bytes);
}

static bool take_parked(struct engine *engine, struct broker_session *session,
                        const struct parked_message *parked)
{
    struct delivery delivery = { .session = session,
                                 .terms = broker_session_terms(engine, session),
                                 .number = parked->number,
                                 .possible_resend = parked->possible_resend,
                                 .over_rate = parked->over_rate };

    return take_bytes(engine, session, delivery, (struct slice){ parked->bytes, parked->size },
                      parked->generation);
}

static void pop_parked(struct broker_session *session)
{
    struct parked_message *parked = session->parked_first;

    session->parked_first = parked->next;
    session->parked_count--;
    session->parked_size -= parked->size;
    free(parked);
}

void broker_session_resume(struct engine *engine, struct broker_session *session)
{
    while (session->parked_first != NULL && !store_pressed(engine) &&
           take_parked(engine, session, session->parked_first))
        pop_parked(session);
    mark_for_pump(engine, session);
}

/* The store has answered: the parked messages go on in order. */
static void resume(struct engine *engine, void *owner)
{
    broker_session_resume(engine, owner);
}

/* --- the machine's events --- */

static void perform_replay(struct engine *engine, struct broker_session *session,
                           const struct fix_event *event)
{
    replay_begin(engine, session, event->replay.first, event->replay.last);
}

static void perform_reset(struct engine *engine, struct broker_session *session,
                          const struct fix_event *event)
{
    (void)event;
    broker_session_begin_generation(engine, session);
}

static void perform_logon(struct engine *engine, struct broker_session *session,
                          const struct fix_event *event)
{
    (void)event;
    index_fini(&session->echoes);
    index_fini(&session->older_echoes);
    session->dial_failures = 0;
    SAY(engine, session_logon, { "session", session->name }, { "peer", session->wire->peer });
}

/* The broker is not told, now or by its asking: somebody has to tell it. */
static void alert_too_long(struct engine *engine, const struct broker_session *session,
                           uint64_t number)
{
    SAY(engine, message_too_long, { "session", session->name },
        { "number", SCRATCH(engine, "%llu", (unsigned long long)number) });
}

static void perform_fault(struct engine *engine, struct broker_session *session,
                          const struct fix_event *event)
{
    if (event->fault.fault == &fix_fault_longer_than_peer_takes) {
        alert_too_long(engine, session, event->fault.number);
        return;
    }
    SAY(engine, session_fault, { "session", session->name },
        { "fault", slice_of(event->fault.fault->name) },
        { "tag", event->fault.tag == 0 ? SLICE_NONE : SCRATCH(engine, "%u", event->fault.tag) },
        { "number", event->fault.number == 0
                        ? SLICE_NONE
                        : SCRATCH(engine, "%llu", (unsigned long long)event->fault.number) },
        { "why", slice_of(event->fault.fault->text) });
}

static void perform_end(struct engine *engine, struct broker_session *session,
                        const struct fix_event *event)
{
    (void)engine;
    session->ended = true;
    session->end_fault = event->end.fault;
}

typedef void performer(struct engine *engine, struct broker_session *session,
                       const struct fix_event *event);

static performer *const performers[] = {
    [FIX_EVENT_SEND] = perform_send,     [FIX_EVENT_DELIVER] = perform_deliver,
    [FIX_EVENT_REPLAY] = perform_replay, [FIX_EVENT_RESET] = perform_reset,
    [FIX_EVENT_LOGON] = perform_logon,   [FIX_EVENT_FAULT] = perform_fault,
    [FIX_EVENT_END] = perform_end,
};

static void leave(struct engine *engine, struct broker_session *session)
{
    struct wire *wire = session->wire;

    SAY(engine, session_end, { "session", session->name }, { "peer", wire->peer },
        { "why",
          session->end_fault == NULL ? SLICE("logged out") : slice_of(session->end_fault->text) });
    broker_session_detach(engine, session);
    wire_close(engine, wire);
}

static void set_deadline(struct engine *engine, struct broker_session *session)
{
    deadlines_set(&engine->deadlines, &session->deadline,
                  session->wire == NULL ? DEADLINE_NEVER
                                        : fix_session_deadline_ns(session->machine));
}

void broker_session_pump(struct engine *engine, struct broker_session *session)
{
    struct fix_event event;

    do {
        while (fix_session_next(session->machine, &event))
            performers[event.kind](engine, session, &event);
    } while (send_outgoing(engine, session));
    broker_session_proved(engine, session);

    if (session->ended && session->wire != NULL)
        leave(engine, session);
    set_deadline(engine, session);
}

void broker_session_logout(struct engine *engine, struct broker_session *session, struct slice text)
{
    fix_session_logout(session->machine, text, engine->now);
    broker_session_pump(engine, session);
}

void broker_session_listen(struct engine *engine, struct broker_session *session, bool listens)
{
    fix_session_listen(session->machine, listens, engine->now);
    set_deadline(engine, session);
}

void broker_sessions_pump(struct engine *engine)
{
    while (engine->pumped != NULL) {
        struct broker_session *session = engine->pumped;

        engine->pumped = session->next_pumped;
        session->pumping = false;
        broker_session_pump(engine, session);
        if (session->wire != NULL)
            wire_feed(engine, session->wire);
    }
}

void broker_session_tick(struct engine *engine, struct broker_session *session)
{
    fix_session_tick(session->machine, engine->now);
    broker_session_pump(engine, session);
}

/* --- connections --- */

void broker_session_restart(struct engine *engine, struct broker_session *session, uint64_t next_in,
                            uint64_t next_out)
{
    const struct config_session *config = session->config;
    struct fix_session_options options = {
        .role = session->initiates ? FIX_INITIATOR : FIX_ACCEPTOR,
        .dictionary = config->dictionary,
        .applications = config->applications,
        .application_count = config->application_count,
        .sides = config->sides,
        .heartbeat_max_s = config->heartbeat_max_s,
        .logon_timeout_s = config->logon_timeout_s,
        .latency_max_s = config->latency_max_s,
        .message_size_max = config->message_size_max,
        .reset_on_logon = config->resets.on_logon,
        .wants_proof = broker_session_resets(session),
        .agreement = &config->agreement,
    };

    if (session->initiates) {
        options.heartbeat_s = config->initiator->heartbeat_s;
        options.username = config->initiator->username;
        options.password = config->initiator->password;
    }
    fix_session_free(session->machine);
    session->machine = fix_session_new(&options, next_in, next_out, engine->now);
    session->ended = session->replay_waits = false;
    session->end_fault = NULL;
    session->first_out = next_out;
}

/* A new machine goes on with the numbers of the last one. */
static void renew(struct engine *engine, struct broker_session *session)
{
    broker_session_restart(engine, session, fix_session_next_in(session->machine),
                           fix_session_next_out(session->machine));
}

void broker_session_attach(struct engine *engine, struct broker_session *session, struct wire *wire)
{
    assert(session->wire == NULL && wire->session == NULL);
    broker_session_configure(engine, session);
    session->initiates = wire->dialled;
    renew(engine, session);
    session->wire = wire;
    wire->session = session;
    wire_named(engine, wire);
    broker_session_pump(engine, session);
}

/* A connection has ended.  One in which we said nothing has used no number. */
static bool resets_now(const struct broker_session *session)
{
    const struct config_resets *resets = &session->config->resets;

    return fix_session_next_out(session->machine) != session->first_out &&
           (resets->on_disconnect ||
            (resets->on_logout && session->end_fault == &fix_fault_logout_done));
}

void broker_session_detach(struct engine *engine, struct broker_session *session)
{
    replay_forget(engine, session);
    session->wire->session = NULL;
    session->wire = NULL;
    engine->place_free = true;
    session->initiates = false;
    deadlines_clear(&engine->deadlines, &session->deadline);
    bool resets = resets_now(session);
    broker_session_configure(engine, session);
    renew(engine, session);
    if (resets)
        broker_session_reset(engine, session);
    schedule_follow(engine, session);
    commands_go_on(engine, session);
    dial_later(engine, session);
}

void broker_session_forget_messages(struct broker_session *session)
{
    while (session->parked_first != NULL)
        pop_parked(session);
    while (session->outgoing_first != NULL) {
        struct outgoing_message *message = session->outgoing_first;
        session->outgoing_first = message->next;
        free(message);
    }
    waiter_forget(&session->waiter);
}

void broker_session_prepare(struct broker_session *session)
{
    session->waiter.resume = resume;
    session->waiter.owner = session;
    session->deadline = (struct deadline){ .kind = DEADLINE_SESSION, .owner = session };
    session->dial = (struct deadline){ .kind = DEADLINE_DIAL, .owner = session };
    session->schedule = (struct deadline){ .kind = DEADLINE_SCHEDULE, .owner = session };
}
