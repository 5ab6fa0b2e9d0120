/* All sessions: what is loaded of them and kept of them, and what happens to
   them together. */
#include "gateway/engine/wire.h"

#include <assert.h>
#include <stdlib.h>

struct broker_session *broker_session_named(const struct engine *engine, struct slice name)
{
    size_t place = names_find(&engine->session_names, name);

    return place == NAMES_NONE ? NULL : engine->sessions[place];
}

static struct session_row *find_dormant(const struct engine *engine, struct slice name)
{
    for (size_t i = 0; i < engine->dormant_count; i++)
        if (slice_equal(engine->dormant[i].name, name))
            return &engine->dormant[i];
    return NULL;
}

/* No configuration names it now; the next one may. */
static void keep_dormant(struct engine *engine, const struct session_row *row)
{
    struct session_row *dormant = find_dormant(engine, row->name);

    if (dormant == NULL) {
        engine->dormant = memory_room(engine->dormant, engine->dormant_count, &engine->dormant_room,
                                      sizeof *engine->dormant);
        dormant = &engine->dormant[engine->dormant_count++];
        dormant->name = owned_copy(row->name);
    }
    struct slice name = dormant->name;
    *dormant = *row;
    dormant->name = name;
}

static void take_row(struct broker_session *session, const struct session_row *row)
{
    session->generation = row->generation;
    session->loaded_in = row->next_in;
    session->loaded_out = row->next_out;
    session->untold_first = row->untold_first;
    session->untold_next = row->untold_next;
    session->followed_ns = row->followed_ns;
    session->disabled = row->disabled;
}

/* One that the store knows goes on with its numbers. */
static struct broker_session *add_session(struct engine *engine, struct slice name)
{
    const struct session_row *dormant = find_dormant(engine, name);
    struct broker_session *session = memory_take(sizeof *session);

    *session = (struct broker_session){
        .name = owned_copy(name), .generation = 1, .loaded_in = 1, .loaded_out = 1
    };
    if (dormant != NULL)
        take_row(session, dormant);
    broker_session_prepare(session);
    engine->sessions = memory_room(engine->sessions, engine->session_count, &engine->session_room,
                                   sizeof(struct broker_session *));
    names_add(&engine->session_names, session->name, engine->session_count);
    engine->sessions[engine->session_count++] = session;
    return session;
}

struct session_terms broker_session_terms(const struct engine *engine,
                                          const struct broker_session *session)
{
    const struct config_session *newest =
        configuration_session(engine->configuration, session->name);

    if (newest == NULL)
        return (struct session_terms){ session->configuration, session->config };
    return (struct session_terms){ engine->configuration, newest };
}

/* A machine keeps the dictionary that its connection began with. */
void broker_session_configure(struct engine *engine, struct broker_session *session)
{
    const struct config_session *config =
        configuration_session(engine->configuration, session->name);

    if (config == NULL || session->wire != NULL || session->configuration == engine->configuration)
        return;
    configuration_drop(session->configuration);
    session->configuration = configuration_use(engine->configuration);
    session->config = config;
    if (session->machine != NULL)
        broker_session_restart(engine, session, fix_session_next_in(session->machine),
                               fix_session_next_out(session->machine));
}

static void begin(struct engine *engine, struct broker_session *session)
{
    session->reserved = session->loaded_out;
    session->in_period = false; /* until its schedule is followed */
    if (session->burnt_generation != session->generation)
        session->burnt = 0; /* it is of a reset that has not happened */
    broker_session_configure(engine, session);
    broker_session_restart(engine, session, session->loaded_in, session->loaded_out);
}

static void log_out_removed(struct engine *engine)
{
    for (size_t i = 0; i < engine->session_count; i++) {
        struct broker_session *session = engine->sessions[i];

        if (session->wire != NULL &&
            configuration_session(engine->configuration, session->name) == NULL)
            broker_session_logout(engine, session, SLICE("the session has been removed"));
    }
}

/* Sessions of the file, and those by its templates that the store knows. */
static void add_new(struct engine *engine)
{
    const struct config *config = engine->configuration->config;

    for (size_t i = 0; i < config->session_count; i++)
        if (!config->sessions[i].is_template &&
            broker_session_named(engine, config->sessions[i].name) == NULL)
            add_session(engine, config->sessions[i].name);
    for (size_t i = 0; i < engine->dormant_count; i++)
        if (broker_session_named(engine, engine->dormant[i].name) == NULL &&
            configuration_session(engine->configuration, engine->dormant[i].name) != NULL)
            add_session(engine, engine->dormant[i].name);
}

static void configure(struct engine *engine, struct broker_session *session)
{
    broker_session_configure(engine, session);
    if (!engine->begun)
        return;
    if (session->machine == NULL)
        begin(engine, session);
    schedule_follow(engine, session);
    dial_at_once(engine, session);
}

struct broker_session *broker_session_add(struct engine *engine, struct slice name)
{
    struct broker_session *session = add_session(engine, name);

    configure(engine, session);
    return session;
}

void broker_sessions_configure(struct engine *engine)
{
    add_new(engine);
    for (size_t i = 0; i < engine->session_count; i++)
        if (configuration_session(engine->configuration, engine->sessions[i]->name) != NULL)
            configure(engine, engine->sessions[i]);
    log_out_removed(engine);
}

/* One that came to be by a template is known by its row alone. */
void broker_sessions_load(struct engine *engine, const struct session_row *row)
{
    struct broker_session *session = broker_session_named(engine, row->name);

    if (session == NULL && configuration_session(engine->configuration, row->name) != NULL)
        session = add_session(engine, row->name);
    if (session == NULL)
        keep_dormant(engine, row);
    else
        take_row(session, row);
}

/* A number for a Logout while the store is down: above all that may have been
   used, below what is reserved.  0: none is left. */
uint64_t broker_session_burn(const struct engine *engine, struct broker_session *session)
{
    if (!engine->store.down || session->burnt == 0 || session->burnt >= session->reserved)
        return 0;
    return session->burnt++;
}

static void hang_up(struct engine *engine, struct broker_session *session)
{
    struct wire *wire = session->wire;
    struct fix_logon_names names = {
        .begin_string = fix_dictionary_begin_string(session->config->dictionary),
    };
    uint64_t number = broker_session_burn(engine, session);

    if (number != 0)
        wire_write_logout(engine, wire, &names,
                          &(struct wire_logout){ .session = session,
                                                 .fault = &fix_fault_store_down,
                                                 .number = number });
    SAY(engine, session_end, { "session", session->name }, { "peer", wire->peer },
        { "why", SLICE("the store cannot write") });
    wire->session = NULL;
    session->wire = NULL;
    session->initiates = false;
    deadlines_clear(&engine->deadlines, &session->deadline);
    wire_close(engine, wire);
}

/* Its connection has ended with the process, or the store. */
static void reset_what_was_connected(struct engine *engine, struct broker_session *session)
{
    if (session->config != NULL && session->config->resets.on_disconnect && session->loaded_in > 1)
        broker_session_reset(engine, session);
}

void broker_sessions_begin(struct engine *engine)
{
    for (size_t i = 0; i < engine->session_count; i++) {
        begin(engine, engine->sessions[i]);
        reset_what_was_connected(engine, engine->sessions[i]);
        dial_at_once(engine, engine->sessions[i]);
    }
}

void broker_sessions_forget(struct engine *engine)
{
    engine->pumped = engine->dirty = engine->reserving = NULL;
    for (size_t i = 0; i < engine->session_count; i++) {
        struct broker_session *session = engine->sessions[i];

        if (!engine->store.down) { /* else nobody has logged on since the last time */
            session->burnt = fix_session_next_out(session->machine);
            session->burnt_generation = session->generation;
        }
        session->dirty = session->pumping = false;
        session->reserving = 0;
        broker_session_forget_messages(session);
    }
}

void broker_sessions_hang_up(struct engine *engine)
{
    for (size_t i = 0; i < engine->session_count; i++) {
        struct broker_session *session = engine->sessions[i];

        if (session->wire != NULL)
            hang_up(engine, session);
        take_row(session, &(struct session_row){ .next_in = 1, .next_out = 1, .generation = 1 });
    }
}

void broker_sessions_fini(struct engine *engine)
{
    for (size_t i = 0; i < engine->session_count; i++) {
        struct broker_session *session = engine->sessions[i];

        broker_session_forget_messages(session);
        deadlines_clear(&engine->deadlines, &session->deadline);
        deadlines_clear(&engine->deadlines, &session->dial);
        deadlines_clear(&engine->deadlines, &session->schedule);
        fix_session_free(session->machine);
        index_fini(&session->echoes);
        index_fini(&session->older_echoes);
        configuration_drop(session->configuration);
        owned_free(session->name);
        free(session);
    }
    free(engine->sessions);
    names_fini(&engine->session_names);
    for (size_t i = 0; i < engine->dormant_count; i++)
        owned_free(engine->dormant[i].name);
    free(engine->dormant);
}

/* Below it every message of the peer is done with.  Before those that wait may
   stand some from before a reset, which have no number any more. */
static uint64_t durable_next_in(const struct broker_session *session)
{
    const struct parked_message *parked = session->parked_first;

    while (parked != NULL && parked->generation != session->generation)
        parked = parked->next;
    return parked != NULL ? parked->number : fix_session_next_in(session->machine);
}

void broker_sessions_write(struct engine *engine, struct batch *batch)
{
    assert(engine->reserving == NULL);
    for (struct broker_session *session = engine->dirty; session != NULL;
         session = session->next_dirty) {
        struct row row = { .kind = ROW_SESSION,
                           .session = { .name = session->name,
                                        .next_in = durable_next_in(session),
                                        .next_out = fix_session_next_out(session->machine) +
                                                    (engine->numbers_exact ? 0 : NUMBERS_AHEAD),
                                        .generation = session->generation,
                                        .untold_first = session->untold_first,
                                        .untold_next = session->untold_next,
                                        .followed_ns = session->followed_ns,
                                        .disabled = session->disabled } };
        batch_add(batch, &row);
        session->dirty = false;
        session->reserving = row.session.next_out;
        session->next_reserving = engine->reserving;
        engine->reserving = session;
    }
    engine->dirty = NULL;
}

void broker_sessions_committed(struct engine *engine)
{
    for (struct broker_session *session = engine->reserving; session != NULL;
         session = session->next_reserving) {
        if (session->reserving != 0) /* 0: it was reset meanwhile */
            session->reserved = session->reserving;
        session->reserving = 0;
    }
    engine->reserving = NULL;
}

void broker_sessions_dirty(struct engine *engine)
{
    for (size_t i = 0; i < engine->session_count; i++)
        broker_session_dirty(engine, engine->sessions[i]);
}

void broker_sessions_logout(struct engine *engine, struct slice text)
{
    for (size_t i = 0; i < engine->session_count; i++) {
        struct broker_session *session = engine->sessions[i];
        if (session->wire != NULL)
            broker_session_logout(engine, session, text);
    }
}

/* The one for which there was no more room is the first the next time. */
void broker_sessions_resume(struct engine *engine)
{
    size_t first = engine->session_turn;

    for (size_t i = 0; i < engine->session_count && !store_pressed(engine); i++) {
        struct broker_session *session = engine->sessions[(first + i) % engine->session_count];

        if (session->parked_first == NULL || session->waiter.open != 0)
            continue;
        broker_session_resume(engine, session);
        engine->session_turn = (first + i + 1) % engine->session_count;
    }
}

bool broker_sessions_quiet(const struct engine *engine)
{
    for (size_t i = 0; i < engine->session_count; i++)
        if (engine->sessions[i]->wire != NULL)
            return false;
    return true;
}
