/* What operators do with one session: look at it, end its connection, let both
   sides begin at 1 again, close and open it. */
#include "gateway/engine/operator.h"
#include "gateway/engine/wire.h"

/* NULL: the command has been answered. */
static struct broker_session *find_session(struct engine *engine, struct operator_command *command)
{
    struct broker_session *session = broker_session_named(engine, command->argument);

    if (session == NULL)
        operator_say(engine, command, OPERATOR_FAULT,
                     "no session has the name %.*s: `penstock sessions` lists them",
                     SLICE_ARG(command->argument));
    return session;
}

struct slice operator_session_state(const struct engine *engine,
                                    const struct broker_session *session)
{
    if (broker_session_live(session))
        return SLICE("logged on");
    if (session->disabled)
        return SLICE("disabled");
    return session_open(engine, session) || !engine_open(engine) ? SLICE("not logged on")
                                                                 : SLICE("closed");
}

void operator_session_show(struct engine *engine, struct operator_command *command)
{
    const struct broker_session *session = find_session(engine, command);
    struct listing *listing = &command->listing;

    if (session == NULL)
        return;
    int64_t bound_ns = schedule_bound_ns(engine, session);
    listing_init(listing, &command->answer, command->json);
    listing_section(listing, "session", LISTING_CARD);
    listing_row(listing);
    listing_text(listing, "session", session->name);
    listing_text(listing, "state", operator_session_state(engine, session));
    listing_text(listing, "disabled", session->disabled ? SLICE("yes") : SLICE("no"));
    listing_text(listing, session->in_period ? "open_until" : "closed_until",
                 bound_ns == 0 ? SLICE_NONE : time_text(engine, bound_ns));
    listing_text(listing, "peer", session->wire == NULL ? SLICE_NONE : session->wire->peer);
    listing_number(listing, "generation", session->generation);
    listing_number(listing, "next_in", fix_session_next_in(session->machine));
    listing_number(listing, "next_out", fix_session_next_out(session->machine));
    listing_number(listing, "waiting", session->parked_count);
    listing_number(listing, "untold", session->untold_next - session->untold_first);
    listing_row_end(listing);
    listing_section_end(listing);
    listing_fini(listing);
    operator_finish(engine, command, OPERATOR_DONE);
}

/* Logged out first, when somebody is connected; then the command is run again. */
static bool is_connected(struct engine *engine, struct operator_command *command,
                         struct broker_session *session)
{
    if (session->wire == NULL)
        return false;
    command->session = session;
    broker_session_logout(engine, session, SLICE("an operator ends the session"));
    return true;
}

void operator_session_logout(struct engine *engine, struct operator_command *command)
{
    bool again = command->session != NULL;
    struct broker_session *session = find_session(engine, command);

    if (session == NULL || is_connected(engine, command, session))
        return;
    operator_say(engine, command, again ? OPERATOR_DONE : OPERATOR_FAULT, "%.*s %s",
                 SLICE_ARG(session->name), again ? "is logged out" : "is not connected");
}

void operator_session_reset(struct engine *engine, struct operator_command *command)
{
    struct broker_session *session = find_session(engine, command);

    if (session == NULL || is_connected(engine, command, session))
        return;
    broker_session_reset(engine, session);
    operator_say(engine, command, OPERATOR_DONE, "%.*s: both sides begin at 1",
                 SLICE_ARG(session->name));
}

void operator_session_disable(struct engine *engine, struct operator_command *command)
{
    struct broker_session *session = find_session(engine, command);

    if (session == NULL)
        return;
    session->disabled = true;
    broker_session_dirty(engine, session);
    if (is_connected(engine, command, session))
        return;
    dial_at_once(engine, session);
    operator_say(engine, command, OPERATOR_DONE, "%.*s is disabled", SLICE_ARG(session->name));
}

void operator_session_enable(struct engine *engine, struct operator_command *command)
{
    struct broker_session *session = find_session(engine, command);

    if (session == NULL)
        return;
    session->disabled = false;
    broker_session_dirty(engine, session);
    dial_at_once(engine, session);
    operator_say(engine, command, OPERATOR_DONE, "%.*s is enabled", SLICE_ARG(session->name));
}

/* Each run may end its command, and changes the list. */
void commands_go_on(struct engine *engine, const struct broker_session *session)
{
    struct operator_command *command = engine->commands;

    while (command != NULL) {
        struct operator_command *next = command->next;
        if (command->session == session)
            command->kind->run(engine, command);
        command = next;
    }
}
