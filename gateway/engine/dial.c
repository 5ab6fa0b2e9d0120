/* Sessions in which we connect to the broker: when the next attempt is due. */
#include "gateway/engine/machine.h"

/* Twice as long after each attempt that came to nothing. */
static int64_t pause_ns(const struct broker_session *session)
{
    const struct config_initiator *initiator = session->config->initiator;
    uint64_t pause_s = initiator->pause_s;

    for (unsigned i = 1; i < session->dial_failures && pause_s < initiator->pause_max_s; i++)
        pause_s *= 2;
    return SECONDS_NS(pause_s < initiator->pause_max_s ? pause_s : initiator->pause_max_s);
}

static bool is_waiting(const struct engine *engine, const struct broker_session *session)
{
    return session->config->initiator != NULL && session_open(engine, session) &&
           session->wire == NULL && !session->dialling;
}

void dial_at_once(struct engine *engine, struct broker_session *session)
{
    deadlines_set(&engine->deadlines, &session->dial,
                  is_waiting(engine, session) ? engine->now.steady_ns : DEADLINE_NEVER);
}

void dial_later(struct engine *engine, struct broker_session *session)
{
    deadlines_set(&engine->deadlines, &session->dial,
                  is_waiting(engine, session) ? engine->now.steady_ns + pause_ns(session)
                                              : DEADLINE_NEVER);
}

void dial_due(struct engine *engine, struct broker_session *session)
{
    struct effect effect = { .kind = EFFECT_DIAL,
                             .name = session->name,
                             .attempt = session->dial_count };

    broker_session_configure(engine, session);
    if (!is_waiting(engine, session))
        return;
    if (!engine_open(engine)) {
        dial_later(engine, session);
        return;
    }
    session->dialling = true;
    session->dial_count++;
    session->dial_failures++;
    engine_effect(engine, &effect, false);
}

void dial_failed(struct engine *engine, const struct input *input)
{
    struct broker_session *session = broker_session_named(engine, input->name);

    if (session == NULL || !session->dialling)
        return;
    session->dialling = false;
    SAY(engine, dial_failed, { "session", session->name }, { "why", input->text });
    dial_later(engine, session);
}
