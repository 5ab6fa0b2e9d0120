/* The numbers of a session's messages: reserved ahead, told or not, and begun
   again at 1. */
#include "gateway/engine/machine.h"

#include <assert.h>

/* The batch that makes a session message's number ours; 0: it is ours already.
   More are reserved before they run out. */
uint64_t broker_session_reserve(struct engine *engine, struct broker_session *session,
                                uint64_t number)
{
    uint64_t below =
        session->reserving > session->reserved ? session->reserving : session->reserved;

    if (number + NUMBERS_LEFT_MIN >= below)
        broker_session_dirty(engine, session);
    if (number < session->reserved)
        return 0;
    return number < below ? engine->effects.committing_number : engine_durable(engine);
}

void broker_session_untold(struct broker_session *session, uint64_t number)
{
    if (session->untold_first == 0)
        session->untold_first = number;
    session->untold_next = number + 1;
}

void broker_session_told(struct engine *engine, struct broker_session *session, uint64_t last)
{
    if (last < session->untold_first)
        return;
    session->untold_first = last + 1;
    if (session->untold_first >= session->untold_next)
        session->untold_first = session->untold_next = 0;
    broker_session_dirty(engine, session);
}

bool broker_session_resets(const struct broker_session *session)
{
    const struct config_session *config = session->config;

    return config->resets.on_logon || config->resets.on_logout || config->resets.on_disconnect ||
           (config->schedule != NULL && config->schedule->resets);
}

void broker_session_proved(struct engine *engine, struct broker_session *session)
{
    if (session->untold_first != 0 && broker_session_resets(session))
        broker_session_told(engine, session, fix_session_proved(session->machine));
}

uint64_t broker_session_spend(struct engine *engine, struct broker_session *session,
                              uint64_t *batch)
{
    uint64_t number = fix_session_next_out(session->machine);

    fix_session_skip(session->machine, 1);
    *batch = broker_session_reserve(engine, session, number);
    return number;
}

/* What no connection has had gets the next numbers of the new generation. */
static void carry_untold(struct engine *engine, struct broker_session *session)
{
    uint64_t count = session->untold_next - session->untold_first;
    struct row row = { .kind = ROW_CARRY,
                       .carry = { .session = session->name,
                                  .generation = session->generation,
                                  .first = session->untold_first,
                                  .last = session->untold_next - 1,
                                  .number = fix_session_next_out(session->machine) } };

    engine_record(engine, &row);
    fix_session_skip(session->machine, count);
    session->untold_first = row.carry.number;
    session->untold_next = row.carry.number + count;
}

void broker_session_begin_generation(struct engine *engine, struct broker_session *session)
{
    replay_forget(engine, session);
    if (session->untold_first != 0)
        carry_untold(engine, session);
    session->generation++;
    session->reserved = session->reserving = 0;
    broker_session_dirty(engine, session);
}

void broker_session_reset(struct engine *engine, struct broker_session *session)
{
    assert(session->wire == NULL);
    broker_session_pump(engine, session);
    broker_session_restart(engine, session, 1, 1);
    broker_session_begin_generation(engine, session);
}
