/* When sessions are open: at the end of a period a session is logged out, and in
   the next one its numbers begin at 1.

   A session knows until when its schedule has been followed, durably.  What the
   system's clock does after that counts: a period begins when its start lies
   behind what was followed, so that no bound is passed twice.  A clock that is
   set back over one bound changes nothing until it is there again; one that is
   set back over more was wrong before, and is believed. */
#include "gateway/engine/machine.h"

static const struct config_schedule *schedule_of(const struct engine *engine,
                                                 const struct broker_session *session)
{
    return broker_session_terms(engine, session).session->schedule;
}

/* The second bound behind a moment. */
static int64_t second_bound_ns(const struct schedule *schedule, int64_t at_ns,
                               const struct period *period)
{
    struct period next;

    if (!period_has(period, at_ns))
        return period->end_ns;
    if (!schedule_period(schedule, period->end_ns, &next))
        return INT64_MAX;
    return next.start_ns > period->end_ns ? next.start_ns : next.end_ns;
}

/* Now, as far as the schedule is concerned. */
static int64_t schedule_now_ns(const struct engine *engine, const struct broker_session *session,
                               const struct schedule *schedule)
{
    int64_t now_ns = engine->now.utc_ns, followed_ns = session->followed_ns;
    struct period period;

    if (followed_ns <= now_ns || !schedule_period(schedule, now_ns, &period))
        return now_ns;
    return followed_ns < second_bound_ns(schedule, now_ns, &period) ? followed_ns : now_ns;
}

/* The clock may be slewed meanwhile: half of the way there it is looked at again. */
static void look_again(struct engine *engine, struct broker_session *session, int64_t bound_ns)
{
    int64_t left_ns = bound_ns - engine->now.utc_ns;

    if (left_ns > SECONDS_NS(SCHEDULE_LOOK_S))
        left_ns /= 2;
    deadlines_set(&engine->deadlines, &session->schedule, engine->now.steady_ns + left_ns);
}

static void say(struct engine *engine, const struct broker_session *session, struct slice what,
                int64_t until_ns)
{
    SAY(engine, session_period, { "session", session->name }, { "period", what },
        { "until", until_ns == INT64_MAX ? SLICE_NONE : time_text(engine, until_ns) });
}

static void open_session(struct engine *engine, struct broker_session *session, bool begins,
                         bool resets)
{
    bool was_open = session->in_period;

    if (begins && resets)
        broker_session_reset(engine, session);
    session->in_period = true;
    if (!was_open)
        dial_at_once(engine, session);
}

/* Whom the bound finds connected is logged out; then the new period begins. */
static void follow_to(struct engine *engine, struct broker_session *session,
                      const struct config_schedule *schedule, int64_t now_ns,
                      const struct period *period)
{
    bool inside = period_has(period, now_ns);
    bool begins = inside && session->followed_ns != 0 && period->start_ns > session->followed_ns;
    bool ends = !inside && session->in_period;

    if (begins && session->wire != NULL) {
        broker_session_logout(engine, session, SLICE("the period of the session has ended"));
        return;
    }
    session->followed_ns = now_ns;
    if (inside)
        open_session(engine, session, begins, schedule->resets);
    session->in_period = inside;
    if (begins || ends) {
        say(engine, session, begins ? SLICE("begins") : SLICE("ends"),
            inside ? period->end_ns : period->start_ns);
        broker_session_dirty(engine, session);
    }
    if (!inside && session->wire != NULL)
        broker_session_logout(engine, session, SLICE("the period of the session has ended"));
}

static void always_open(struct engine *engine, struct broker_session *session)
{
    deadlines_clear(&engine->deadlines, &session->schedule);
    session->followed_ns = 0;
    open_session(engine, session, false, false);
}

void schedule_follow(struct engine *engine, struct broker_session *session)
{
    const struct config_schedule *schedule = schedule_of(engine, session);
    struct period period = { INT64_MAX, INT64_MAX };

    if (!engine_open(engine))
        return;
    if (schedule == NULL) {
        always_open(engine, session);
        return;
    }
    int64_t now_ns = schedule_now_ns(engine, session, &schedule->periods);
    if (schedule_period(&schedule->periods, now_ns, &period))
        look_again(engine, session, period_has(&period, now_ns) ? period.end_ns : period.start_ns);
    follow_to(engine, session, schedule, now_ns, &period);
}

void schedules_follow(struct engine *engine)
{
    for (size_t i = 0; i < engine->session_count; i++)
        schedule_follow(engine, engine->sessions[i]);
}

void schedules_wake(struct engine *engine)
{
    for (size_t i = 0; i < engine->session_count; i++)
        if (engine->sessions[i]->schedule.place != 0)
            deadlines_set(&engine->deadlines, &engine->sessions[i]->schedule,
                          engine->now.steady_ns);
}

int64_t schedule_bound_ns(const struct engine *engine, const struct broker_session *session)
{
    const struct config_schedule *schedule = schedule_of(engine, session);
    struct period period;

    if (schedule == NULL ||
        !schedule_period(&schedule->periods, schedule_now_ns(engine, session, &schedule->periods),
                         &period))
        return 0;
    return session->in_period ? period.end_ns : period.start_ns;
}

/* --- may a broker be connected? --- */

bool session_open(const struct engine *engine, const struct broker_session *session)
{
    return session->in_period && !session->disabled &&
           configuration_session(engine->configuration, session->name) != NULL;
}

const struct fix_fault *session_closed_fault(const struct broker_session *session)
{
    return session->disabled ? &fix_fault_session_disabled : &fix_fault_session_closed;
}

struct slice session_closed_text(struct engine *engine, const struct broker_session *session)
{
    int64_t bound_ns = schedule_bound_ns(engine, session);

    if (session->disabled || bound_ns == 0)
        return slice_of(session_closed_fault(session)->text);
    return SCRATCH(engine, "the session is closed until %.*s",
                   SLICE_ARG(time_text(engine, bound_ns)));
}
