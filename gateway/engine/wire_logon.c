/* The way of a connection from its first bytes to a session, or to a refusal. */
#include "codecs/fix/compose.h"
#include "gateway/engine/wire.h"

static struct throttle_terms throttle_terms(const struct engine *engine)
{
    const struct config *config = engine->configuration->config;

    return (struct throttle_terms){ .failures_max = (unsigned)config->logon_failures_max,
                                    .pause_ns = SECONDS_NS(config->logon_pause_s) };
}

bool wire_throttled(const struct engine *engine, enum throttle_kind kind, struct slice name)
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

void wire_refuse(struct engine *engine, struct wire *wire, struct slice session, struct slice fault)
{
    SAY(engine, session_fault, { "session", session }, { "peer", wire->peer }, { "why", fault });
    wire_close(engine, wire);
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
        wire_refuse(engine, wire, session->name, fault);
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

    if (wire_throttled(engine, THROTTLE_SESSION, config->name)) {
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
        wire_refuse(engine, wire, config->name, fault);
    return false;
}

/* A broker that logs on by a template for the first time; NULL: it is refused. */
static struct broker_session *welcome(struct engine *engine, struct wire *wire,
                                      const struct config_session *config)
{
    if (!engine_open(engine)) {
        wire_refuse(engine, wire, config->name, SLICE("Logon while the store cannot write"));
        return NULL;
    }
    if (!identity_has_room(engine, config)) {
        wire_refuse(engine, wire, config->name,
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

bool wire_find_logon(struct engine *engine, struct wire *wire)
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
