/* A peer asks again for what it was sent: its messages are read from the store
   some at a time, and the next ones when the peer has taken most of them.  The
   machine asks for one range at a time. */
#include "gateway/engine/wire.h"

static void ask_more(struct engine *engine, struct broker_session *session);

static void finish(struct engine *engine, struct broker_session *session)
{
    if (session->replay_tells)
        broker_session_told(engine, session, session->replay_last);
    fix_session_replay(session->machine, session->replay_last, SLICE_NONE, engine->now);
}

static void take_messages(struct engine *engine, void *owner, const struct answer *answer)
{
    struct broker_session *session = owner;
    const struct wire *wire = session->wire;

    for (size_t i = 0; i < answer->count; i++) {
        const struct message_row *message = &answer->rows[i].message;

        session->replay_first = message->number + 1;
        fix_session_replay(session->machine, message->number, message->bytes, engine->now);
        broker_session_pump(engine, session);
        if (session->wire != wire)
            return; /* it ended meanwhile */
    }
    if (answer->count == REPLAY_ROWS && session->replay_first <= session->replay_last)
        ask_more(engine, session);
    else
        finish(engine, session);
    broker_session_pump(engine, session);
}

/* A peer that reads slowly is not sent more than it takes. */
static void ask_more(struct engine *engine, struct broker_session *session)
{
    session->replay_waits = session->wire->full;
    if (session->replay_waits)
        return;
    struct query query = { .kind = QUERY_MESSAGES_OUT,
                           .session = session->name,
                           .generation = session->generation,
                           .first = session->replay_first,
                           .last = session->replay_last,
                           .limit = REPLAY_ROWS };

    reads_ask(engine, &query, take_messages, session);
}

void replay_begin(struct engine *engine, struct broker_session *session, uint64_t first,
                  uint64_t last)
{
    replay_forget(engine, session);
    session->replay_first = first;
    session->replay_last = last;
    session->replay_tells = first <= session->untold_first && !broker_session_resets(session);
    ask_more(engine, session);
}

void replay_go_on(struct engine *engine, struct broker_session *session)
{
    if (session->replay_waits)
        ask_more(engine, session);
}

void replay_forget(struct engine *engine, struct broker_session *session)
{
    session->replay_waits = false;
    reads_forget(engine, session, take_messages);
}
