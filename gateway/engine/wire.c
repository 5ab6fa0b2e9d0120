/* Connections of brokers: which session one belongs to, what it has sent that is
   not yet a whole message, when it is read and when not. */
#include "gateway/engine/wire.h"
#include "codecs/fix/compose.h"

#include <stdlib.h>

static struct wire *find_wire(const struct engine *engine, link_id link)
{
    for (struct table_entry *at = table_first(&engine->wires, link); at != NULL;
         at = table_next(at)) {
        struct wire *wire = at->owner;
        if (wire->link == link)
            return wire;
    }
    return NULL;
}

static struct throttle_terms throttle_terms(const struct engine *engine)
{
    const struct config *config = engine->configuration->config;

    return (struct throttle_terms){ .failures_max = (unsigned)config->logon_failures_max,
                                    .pause_ns = SECONDS_NS(config->logon_pause_s) };
}

static bool is_throttled(const struct engine *engine, enum throttle_kind kind, struct slice name)
{
    struct throttle_terms terms = throttle_terms(engine);

    return throttle_closed(&engine->throttle, &terms, kind, name, engine->now.steady_ns);
}

/* Each pause is told once. */
static void note_failure(struct engine *engine, enum throttle_kind kind, struct slice name)
{
    struct throttle_terms terms = throttle_terms(engine);

    if (throttle_fail(&engine->throttle, &terms, kind, name, engine->now.steady_ns))
        SAY(engine, logon_throttled, { kind == THROTTLE_ADDRESS ? "peer" : "session", name },
            { "seconds", SCRATCH(engine, "%u", engine->configuration->config->logon_pause_s) });
}

/* Somebody without the certificate of the session is not told anything. */
static void refuse_stranger(struct engine *engine, struct wire *wire, struct slice session,
                            struct slice fault)
{
    SAY(engine, session_fault, { "session", session }, { "peer", wire->peer }, { "why", fault });
    wire_close(engine, wire);
}

static struct wire *wire_new(struct engine *engine, const struct input *input)
{
    struct wire *wire = memory_take(sizeof *wire);

    *wire = (struct wire){
        .link = input->link,
        .peer = owned_copy(input->text),
        .port = input->port,
        .names = owned_copy(input->names),
        .nameless = true,
        .dialled = input->name.at != NULL,
        .secure = input->secure,
    };
    wire->deadline = (struct deadline){ .kind = DEADLINE_WIRE, .owner = wire };
    writer_init(&wire->received, 0);
    table_add(&engine->wires, &wire->by_link, wire->link, wire);
    engine->wires_before_logon++;
    return wire;
}

static void close_at_once(struct engine *engine, const struct input *input)
{
    engine_effect(engine, &(struct effect){ .kind = EFFECT_CLOSE, .link = input->link }, false);
}

static void accepted(struct engine *engine, const struct input *input)
{
    if (engine->draining || engine->wires_before_logon == WIRES_BEFORE_LOGON_MAX ||
        is_throttled(engine, THROTTLE_ADDRESS, input->text)) {
        close_at_once(engine, input);
        return;
    }
    struct wire *wire = wire_new(engine, input);

    deadlines_set(&engine->deadlines, &wire->deadline,
                  engine->now.steady_ns + SECONDS_NS(LOGON_TIMEOUT_S));
}

/* The broker is there: our Logon goes out. */
static void dialled(struct engine *engine, const struct input *input)
{
    struct broker_session *session = broker_session_named(engine, input->name);

    if (session != NULL)
        session->dialling = false;
    if (session != NULL)
        schedule_follow(engine, session);
    if (session == NULL || session->wire != NULL || !engine_open(engine) ||
        !session_open(engine, session)) {
        close_at_once(engine, input);
        return;
    }
    struct wire *wire = wire_new(engine, input);

    if (credentials_certified(wire, session->config)) {
        broker_session_attach(engine, session, wire);
    } else {
        refuse_stranger(engine, wire, session->name,
                        SLICE("the broker has not the certificate of the session"));
        dial_later(engine, session);
    }
}

void wire_opened(struct engine *engine, const struct input *input)
{
    if (input->name.at != NULL)
        dialled(engine, input);
    else
        accepted(engine, input);
}

static void wait_no_more(struct engine *engine, struct wire *wire)
{
    engine->wires_waiting -= wire->waits;
    wire->waits = false;
}

static void count_out(struct engine *engine, struct wire *wire)
{
    wait_no_more(engine, wire);
    wire->nameless = false;
    engine->wires_before_logon--;
    engine->size_before_logon -= wire->received.used;
}

/* Takes it out of the table at once; its memory goes when the input is done. */
static void retire(struct engine *engine, struct wire *wire)
{
    if (wire->nameless)
        count_out(engine, wire);
    wire->closed = true;
    deadlines_clear(&engine->deadlines, &wire->deadline);
    table_remove(&engine->wires, &wire->by_link);
    wire->next_closed = engine->closed_wires;
    engine->closed_wires = wire;
}

void wire_named(struct engine *engine, struct wire *wire)
{
    count_out(engine, wire);
    deadlines_clear(&engine->deadlines, &wire->deadline);
}

static void free_wire(struct wire *wire)
{
    writer_fini(&wire->received);
    owned_free(wire->peer);
    owned_free(wire->names);
    free(wire);
}

void wires_sweep(struct engine *engine)
{
    while (engine->closed_wires != NULL) {
        struct wire *wire = engine->closed_wires;
        engine->closed_wires = wire->next_closed;
        free_wire(wire);
    }
}

static struct wire *any_wire(const struct engine *engine)
{
    for (size_t i = 0; i < engine->wires.bucket_count; i++)
        if (engine->wires.buckets[i].first != NULL)
            return engine->wires.buckets[i].first->owner;
    return NULL;
}

void wires_fini(struct engine *engine)
{
    struct wire *wire;

    while ((wire = any_wire(engine)) != NULL)
        retire(engine, wire);
    wires_sweep(engine);
    table_fini(&engine->wires);
}

void wires_close_nameless(struct engine *engine)
{
    for (size_t i = 0; i < engine->wires.bucket_count; i++) {
        struct table_entry *next;
        for (struct table_entry *at = engine->wires.buckets[i].first; at != NULL; at = next) {
            struct wire *wire = at->owner;
            next = at->next;
            if (wire->nameless)
                wire_close(engine, wire);
        }
    }
}

void wire_write(struct engine *engine, struct wire *wire, struct slice bytes, uint64_t batch)
{
    struct effect effect = { .kind = EFFECT_WRITE, .link = wire->link, .bytes = bytes };

    if (wire->closed)
        return;
    if (batch > wire->batch)
        wire->batch = batch;
    effects_push(&engine->effects, &effect, wire->batch);
}

void wire_close(struct engine *engine, struct wire *wire)
{
    struct effect effect = { .kind = EFFECT_CLOSE, .link = wire->link };

    if (wire->closed)
        return;
    effects_push(&engine->effects, &effect, wire->batch);
    retire(engine, wire);
}

void wire_closed(struct engine *engine, const struct input *input)
{
    struct wire *wire = find_wire(engine, input->link);

    if (wire == NULL)
        return;
    if (wire->session != NULL) {
        SAY(engine, session_end, { "session", wire->session->name }, { "peer", wire->peer },
            { "why", input->text.at == NULL ? SLICE("the connection was lost") : input->text });
        broker_session_detach(engine, wire->session);
    }
    retire(engine, wire);
}

void wire_full(struct engine *engine, const struct input *input)
{
    struct wire *wire = find_wire(engine, input->link);

    if (wire != NULL)
        wire->full = true;
}

void wire_drained(struct engine *engine, const struct input *input)
{
    struct wire *wire = find_wire(engine, input->link);

    if (wire == NULL)
        return;
    wire->full = false;
    if (wire->session != NULL)
        replay_go_on(engine, wire->session);
}

/* A peer that nobody here knows has no version either in which a reason has a number. */
static void compose_reason(struct fix_compose *compose, const struct wire_logout *logout)
{
    const struct broker_session *session = logout->session;
    struct slice text = logout->text.at == NULL ? slice_of(logout->fault->text) : logout->text;

    if (session == NULL)
        fix_compose_text(compose, 58, text);
    else
        fix_logout_compose(compose, session->config->dictionary, &session->config->agreement,
                           logout->fault, text);
}

void wire_write_logout(struct engine *engine, struct wire *wire,
                       const struct fix_logon_names *names, const struct wire_logout *logout)
{
    const struct fix_sides mirrored = { .sender_comp_id = names->sides.target_comp_id,
                                        .target_comp_id = names->sides.sender_comp_id };
    struct writer writer;
    struct fix_compose compose;

    writer_init(&writer, 0);
    fix_compose_begin(&compose, &writer, names->begin_string, SLICE("5"));
    if (fix_version_named(names->begin_string)->plain)
        compose.precision = MOMENT_SECONDS;
    fix_sides_compose(logout->session == NULL ? &mirrored : &logout->session->config->sides,
                      &compose);
    fix_compose_u64(&compose, 34, logout->number);
    fix_compose_time(&compose, 52, engine->now.utc_ns);
    compose_reason(&compose, logout);
    wire_write(engine, wire, fix_compose_end(&compose), logout->batch);
    writer_fini(&writer);
}

static void refuse_first(struct engine *engine, struct wire *wire, struct slice fault)
{
    SAY(engine, session_fault, { "peer", wire->peer }, { "why", fault });
    note_failure(engine, THROTTLE_ADDRESS, wire->peer);
    wire_close(engine, wire);
}

static void refuse_unknown(struct engine *engine, struct wire *wire,
                           const struct fix_logon_names *names)
{
    SAY(engine, logon_unknown, { "peer", wire->peer },
        { "sender-comp-id", names->sides.sender_comp_id },
        { "target-comp-id", names->sides.target_comp_id });
    note_failure(engine, THROTTLE_ADDRESS, wire->peer);
    wire_write_logout(engine, wire, names,
                      &(struct wire_logout){ .fault = &fix_fault_comp_ids_unknown, .number = 1 });
    wire_close(engine, wire);
}

static void refuse_while_down(struct engine *engine, struct wire *wire,
                              const struct fix_logon_names *names, struct broker_session *session)
{
    const struct wire_logout logout = { .session = session,
                                        .fault = &fix_fault_store_down,
                                        .number = broker_session_burn(engine, session) };

    SAY(engine, session_fault, { "session", session->name }, { "peer", wire->peer },
        { "why", engine->draining ? SLICE("Logon while the gateway is going down")
                                  : SLICE("Logon while the store cannot write") });
    if (logout.number != 0)
        wire_write_logout(engine, wire, names, &logout);
    wire_close(engine, wire);
}

/* Its Logon is not counted, since there is no session in which it could be. */
static void log_out(struct engine *engine, struct wire *wire, const struct fix_logon_names *names,
                    struct wire_logout logout)
{
    logout.number = broker_session_spend(engine, logout.session, &logout.batch);
    wire_write_logout(engine, wire, names, &logout);
    wire_close(engine, wire);
}

static void refuse_while_closed(struct engine *engine, struct wire *wire,
                                const struct fix_logon_names *names, struct broker_session *session)
{
    SAY(engine, session_fault, { "session", session->name }, { "peer", wire->peer },
        { "why", session->disabled ? SLICE("Logon while the session is disabled")
                                   : SLICE("Logon outside the schedule of the session") });
    log_out(engine, wire, names,
            (struct wire_logout){ .session = session,
                                  .fault = session_closed_fault(session),
                                  .text = session_closed_text(engine, session) });
}

/* What the old connection is worth only its peer can know: it stays. */
static void refuse_second(struct engine *engine, struct wire *wire)
{
    const struct config_session *session = NULL;
    struct fix_logon_names names;

    if (fix_logon_peek(writer_slice(&wire->received), LOGON_SIZE_MAX, &names) == FIX_FRAME_WHOLE)
        session = identity_find(engine, &names);
    SAY(engine, session_fault, { "session", session == NULL ? SLICE_NONE : session->name },
        { "peer", wire->peer }, { "why", SLICE("Logon while another connection is logged on") });
    wire_close(engine, wire);
}

/* A broker that has lost its connection and is back at once may be sooner than the
   news of the loss. */
static void wait_for_place(struct engine *engine, struct wire *wire)
{
    wire->waits = true;
    engine->wires_waiting++;
    deadlines_set(&engine->deadlines, &wire->deadline,
                  engine->now.steady_ns + SECONDS_NS(PLACE_WAIT_S));
}

void wire_late(struct engine *engine, struct wire *wire)
{
    if (wire->waits) {
        refuse_second(engine, wire);
        return;
    }
    SAY(engine, session_end, { "peer", wire->peer }, { "why", SLICE("no Logon in time") });
    note_failure(engine, THROTTLE_ADDRESS, wire->peer);
    wire_close(engine, wire);
}

/* Passwords are changed in the configuration: the old one is right, so a word is due. */
static void refuse_new_password(struct engine *engine, struct wire *wire,
                                struct broker_session *session)
{
    broker_session_attach(engine, session, wire);
    fix_session_refuse(session->machine, &fix_fault_new_password, engine->now);
    broker_session_pump(engine, session);
}

/* Each wrong password costs a number of ours, so that a broker who has mistyped it
   hears why in its turn; how many there are is the throttle's.  Who tries to get
   in beside a broker that is logged on disturbs nobody, and hears nothing. */
static void refuse_guess(struct engine *engine, struct wire *wire,
                         const struct fix_logon_names *names, struct broker_session *session,
                         struct slice fault)
{
    if (!engine_open(engine) || session->wire != NULL) {
        refuse_stranger(engine, wire, session->name, fault);
        return;
    }
    SAY(engine, session_fault, { "session", session->name }, { "peer", wire->peer },
        { "why", fault });
    log_out(engine, wire, names,
            (struct wire_logout){ .session = session, .fault = &fix_fault_credentials_wrong });
}

/* false: it is refused.  While a session is closed to guesses its passwords are not
   even tried, the right one neither.  NULL for session: it has none yet. */
static bool check_credentials(struct engine *engine, struct wire *wire,
                              const struct config_session *config, struct broker_session *session,
                              const struct fix_logon_names *names)
{
    bool guessed;

    if (is_throttled(engine, THROTTLE_SESSION, config->name)) {
        wire_close(engine, wire);
        return false;
    }
    struct slice fault = credentials_fault(wire, config, names, &guessed);
    if (fault.at == NULL)
        return true;
    note_failure(engine, THROTTLE_ADDRESS, wire->peer);
    if (guessed)
        note_failure(engine, THROTTLE_SESSION, config->name);
    if (guessed && session != NULL)
        refuse_guess(engine, wire, names, session, fault);
    else
        refuse_stranger(engine, wire, config->name, fault);
    return false;
}

/* A broker that logs on by a template for the first time; NULL: it is refused. */
static struct broker_session *welcome(struct engine *engine, struct wire *wire,
                                      const struct config_session *config)
{
    if (!engine_open(engine)) {
        refuse_stranger(engine, wire, config->name, SLICE("Logon while the store cannot write"));
        return NULL;
    }
    if (!identity_has_room(engine, config)) {
        refuse_stranger(engine, wire, config->name,
                        SLICE("the template has as many sessions as it may (sessions-max)"));
        return NULL;
    }
    SAY(engine, session_new, { "session", config->name }, { "peer", wire->peer });
    return broker_session_add(engine, config->name);
}

/* Who has shown what is asked for gets in when there is a place. */
static void admit(struct engine *engine, struct wire *wire, const struct fix_logon_names *names,
                  struct broker_session *session)
{
    schedule_follow(engine, session);
    if (session->wire != NULL) {
        wait_for_place(engine, wire);
    } else if (!session_open(engine, session)) {
        refuse_while_closed(engine, wire, names, session);
    } else if (names->new_password.at != NULL) {
        refuse_new_password(engine, wire, session);
    } else {
        throttle_forgive(&engine->throttle, THROTTLE_ADDRESS, wire->peer);
        throttle_forgive(&engine->throttle, THROTTLE_SESSION, session->name);
        broker_session_attach(engine, session, wire);
    }
}

static void begin_session(struct engine *engine, struct wire *wire,
                          const struct fix_logon_names *names)
{
    const struct config_session *config;

    if (!slice_is(names->msg_type, "A")) {
        refuse_first(engine, wire, SLICE("first message is not a Logon"));
        return;
    }
    if ((config = identity_find(engine, names)) == NULL) {
        refuse_unknown(engine, wire, names);
        return;
    }
    struct broker_session *session = broker_session_named(engine, config->name);
    if (!check_credentials(engine, wire, config, session, names) ||
        (session == NULL && (session = welcome(engine, wire, config)) == NULL))
        return;
    if (!engine_open(engine))
        refuse_while_down(engine, wire, names, session);
    else
        admit(engine, wire, names, session);
}

/* false: not enough yet, or nothing more will come of it. */
static bool find_logon(struct engine *engine, struct wire *wire)
{
    struct slice bytes = writer_slice(&wire->received);
    struct slice begin = SLICE("8=FIX");
    struct fix_logon_names names;
    size_t size = bytes.size < begin.size ? bytes.size : begin.size;
    enum fix_frame_verdict verdict = fix_logon_peek(bytes, LOGON_SIZE_MAX, &names);

    if (wire->waits && bytes.size > LOGON_SIZE_MAX)
        refuse_second(engine, wire);
    else if (wire->waits)
        return false;
    else if (memcmp(bytes.at, begin.at, size) != 0)
        refuse_first(engine, wire, SLICE("first bytes are not FIX"));
    else if (verdict == FIX_FRAME_WHOLE)
        begin_session(engine, wire, &names);
    else if (bytes.size > LOGON_SIZE_MAX)
        refuse_first(engine, wire, SLICE("first message is too long for a Logon"));
    else if (verdict == FIX_FRAME_GARBLED)
        refuse_first(engine, wire, SLICE("first message is garbled"));
    else if (engine->size_before_logon > SIZE_BEFORE_LOGON_MAX)
        refuse_first(engine, wire, SLICE("too much waits for Logons"));
    return wire->session != NULL;
}

static void pause_or_resume(struct engine *engine, struct wire *wire)
{
    bool pause = !broker_session_free(wire->session);

    if (wire->closed || pause == wire->paused)
        return;
    wire->paused = pause;
    broker_session_listen(engine, wire->session, !pause);
    engine_effect(
        engine,
        &(struct effect){ .kind = pause ? EFFECT_PAUSE : EFFECT_RESUME, .link = wire->link },
        false);
}

/* A message that had come too early goes before what has come since; false: there
   is no whole message. */
static bool feed_one(struct engine *engine, struct wire *wire, size_t *used)
{
    struct fix_session *machine = wire->session->machine;
    struct slice bytes = slice_after(writer_slice(&wire->received), *used);
    size_t size;

    if (fix_session_catch_up(machine, engine->now))
        return true;
    if (bytes.size == 0 || (size = fix_session_feed(machine, bytes, engine->now)) == 0)
        return false;
    *used += size;
    return true;
}

void wire_feed(struct engine *engine, struct wire *wire)
{
    struct broker_session *session = wire->session;
    size_t used = 0;

    if (wire->paused && broker_session_free(session))
        broker_session_listen(engine, session, true);
    while (!wire->closed && broker_session_free(session) && feed_one(engine, wire, &used))
        broker_session_pump(engine, session);
    if (wire->closed)
        return;
    writer_drop(&wire->received, used);
    pause_or_resume(engine, wire);
}

/* A peer that goes on sending while it is not read loses its connection. */
static void limit_unread(struct engine *engine, struct wire *wire)
{
    struct broker_session *session = wire->session;

    if (wire->received.used <= session->config->message_size_max + UNREAD_SIZE_MAX)
        return;
    SAY(engine, session_end, { "session", session->name }, { "peer", wire->peer },
        { "why", SLICE("it sends more than is read") });
    broker_session_detach(engine, session);
    wire_close(engine, wire);
}

static void take_received(struct engine *engine, struct wire *wire)
{
    if (wire->session == NULL && !find_logon(engine, wire))
        return;
    wire_feed(engine, wire);
    if (!wire->closed)
        limit_unread(engine, wire);
}

bool wires_try_again(struct engine *engine)
{
    bool due = engine->place_free && engine->wires_waiting > 0;

    engine->place_free = false;
    for (size_t i = 0; due && i < engine->wires.bucket_count; i++) {
        struct table_entry *next;
        for (struct table_entry *at = engine->wires.buckets[i].first; at != NULL; at = next) {
            struct wire *wire = at->owner;
            next = at->next;
            if (!wire->waits)
                continue;
            wait_no_more(engine, wire);
            take_received(engine, wire);
        }
    }
    return due;
}

void wire_bytes(struct engine *engine, const struct input *input)
{
    struct wire *wire = find_wire(engine, input->link);

    if (wire == NULL || input->bytes.size == 0)
        return;
    writer_bytes(&wire->received, input->bytes);
    if (wire->nameless)
        engine->size_before_logon += input->bytes.size;
    take_received(engine, wire);
}
