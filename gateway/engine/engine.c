/* The machine's doors: inputs in, effects out, one turn at a time. */
#include "gateway/engine/wire.h"

#include <assert.h>
#include <stdlib.h>

struct engine *engine_new(const struct engine_start *start)
{
    struct engine *engine = memory_take(sizeof *engine);

    *engine = (struct engine){ .epoch = start->epoch,
                               .last_number = start->last_number,
                               .now = start->now,
                               .started = start->now,
                               .identity = owned_copy(start->identity) };
    engine->configuration = configuration_new(start->configuration);
    engine->store.deadline = (struct deadline){ .kind = DEADLINE_STORE, .owner = engine };
    engine->archiving.deadline = (struct deadline){ .kind = DEADLINE_ARCHIVE, .owner = engine };
    engine->reads_deadline = (struct deadline){ .kind = DEADLINE_READS, .owner = engine };
    random_init(&engine->random, start->seed);
    arena_init(&engine->scratch, ARENA_UNLIMITED);
    effects_init(&engine->effects, start->last_batch + 1);
    table_init(&engine->wires);
    table_init(&engine->instructions);
    table_init(&engine->outbox);
    engine->reads_last = &engine->reads;
    engine->book = book_new();
    engine->store.gathered_rows_max =
        start->gathered_rows_max == 0 ? GATHERED_ROWS_MAX : start->gathered_rows_max;
    engine->keys.seal_count = start->seal_count == 0 ? KEYS_SEALED : start->seal_count;
    broker_sessions_configure(engine);
    return engine;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL)
        return;
    commands_fini(engine, SLICE("the gateway ends\n"));
    inboxes_fini(engine);
    broker_sessions_fini(engine);
    wires_fini(engine);
    state_fini(engine);
    deadlines_fini(&engine->deadlines);
    effects_fini(&engine->effects);
    arena_fini(&engine->scratch);
    configuration_drop(engine->configuration);
    owned_free(engine->identity);
    free(engine);
}

static void load_row(struct engine *engine, const struct row *row)
{
    switch (row->kind) {
    case ROW_LINK:
        book_put_link(engine->book, &row->link);
        break;
    case ROW_BALANCE:
        book_put_balance(engine->book, &row->balance);
        balance_known(engine, row->balance.key);
        break;
    case ROW_SESSION:
        broker_sessions_load(engine, &row->session);
        break;
    case ROW_INSTRUCTION:
        if (instruction_live(row->instruction))
            instructions_add(engine, instruction_copy(row->instruction));
        break;
    case ROW_DOCUMENT:
        outbox_load(engine, &row->document);
        break;
    case ROW_FILTER:
        keys_load_filter(engine, &row->filter);
        break;
    case ROW_ALERT:
        alert_load(engine, &row->alert);
        break;
    default:
        break;
    }
}

void engine_load(struct engine *engine, const struct loaded *loaded)
{
    assert(!engine->begun);
    if (loaded->kind == LOADED_ROW)
        load_row(engine, &loaded->row);
    else
        keys_load(engine, loaded);
}

static void take_tick(struct engine *engine, const struct input *input)
{
    struct deadline *deadline;

    (void)input;
    while ((deadline = deadlines_due(&engine->deadlines, engine->now.steady_ns)) != NULL) {
        switch (deadline->kind) {
        case DEADLINE_WIRE:
            wire_late(engine, deadline->owner);
            break;
        case DEADLINE_SESSION:
            broker_session_tick(engine, deadline->owner);
            break;
        case DEADLINE_SCHEDULE:
            schedule_follow(engine, deadline->owner);
            break;
        case DEADLINE_DIAL:
            dial_due(engine, deadline->owner);
            break;
        case DEADLINE_INSTRUCTION:
            instruction_overdue(engine, deadline->owner);
            break;
        case DEADLINE_DOCUMENT:
            outbox_offer(engine, deadline->owner);
            break;
        case DEADLINE_STORE:
            store_retry(engine);
            break;
        case DEADLINE_READS:
            reads_again(engine);
            break;
        case DEADLINE_ARCHIVE:
            archive_go_on(engine);
            break;
        }
    }
}

static void take_committed(struct engine *engine, const struct input *input)
{
    store_committed(engine, input->batch);
}

static void take_configuration(struct engine *engine, const struct input *input)
{
    configuration_drop(engine->configuration);
    engine->configuration = configuration_new(input->configuration);
    broker_sessions_configure(engine);
    configuration_record(engine);
}

static void take_drain(struct engine *engine, const struct input *input)
{
    (void)input;
    engine->draining = true;
    broker_sessions_logout(engine, SLICE("the gateway is going down"));
    wires_close_nameless(engine);
}

typedef void taker(struct engine *engine, const struct input *input);

static taker *const takers[] = {
    [INPUT_LINK_OPENED] = wire_opened,  [INPUT_NOT_DIALLED] = dial_failed,
    [INPUT_LINK_BYTES] = wire_bytes,    [INPUT_LINK_CLOSED] = wire_closed,
    [INPUT_LINK_FULL] = wire_full,      [INPUT_LINK_DRAINED] = wire_drained,
    [INPUT_DOCUMENT] = inbox_take,      [INPUT_TOOK] = outbox_took,
    [INPUT_NOT_TOOK] = outbox_not_took, [INPUT_TICK] = take_tick,
    [INPUT_COMMITTED] = take_committed, [INPUT_COMMIT_FAILED] = store_failed,
    [INPUT_ANSWER] = reads_answer,      [INPUT_ARCHIVED] = archive_took,
    [INPUT_COMMAND] = command_take,     [INPUT_CONFIGURATION] = take_configuration,
    [INPUT_DRAIN] = take_drain,
};

/* The drain is over when nobody is connected and all is durable, the exact
   numbers of the sessions included. */
static void drain(struct engine *engine)
{
    if (!engine->draining || engine->stopped || !broker_sessions_quiet(engine))
        return;
    if (!engine->store.failed && !engine->store.down) {
        if (!engine->numbers_exact) {
            engine->numbers_exact = true;
            broker_sessions_dirty(engine);
            SAY_DURABLE(engine, stopped, { "gateway", engine->configuration->config->gateway_id });
        }
        if (engine->batch != NULL || engine->effects.committing_number != 0)
            return;
    }
    engine->stopped = true;
    engine_effect(engine, &(struct effect){ .kind = EFFECT_STOPPED }, false);
}

/* Nothing is left half done between two inputs. */
static void settle(struct engine *engine)
{
    if (engine->store.failed)
        return;
    inboxes_run(engine);
    do
        broker_sessions_pump(engine);
    while (wires_try_again(engine));
    wires_sweep(engine);
    drain(engine);
}

/* Before the store has told anything there is nothing to decide with; but who
   connects is turned away with a word. */
static bool may_come_before_begin(enum input_kind kind)
{
    return kind == INPUT_LINK_OPENED || kind == INPUT_LINK_BYTES || kind == INPUT_LINK_CLOSED ||
           kind == INPUT_LINK_FULL || kind == INPUT_LINK_DRAINED || kind == INPUT_NOT_DIALLED ||
           kind == INPUT_TICK || kind == INPUT_CONFIGURATION;
}

/* Timers go by the steady clock, so that a jump of the other moves none, but for
   the schedules of sessions; what it does harm is told. */
static void set_now(struct engine *engine, struct moment now)
{
    int64_t jump_ns = (now.utc_ns - engine->now.utc_ns) - (now.steady_ns - engine->now.steady_ns);

    engine->now = now;
    if (jump_ns < SECONDS_NS(CLOCK_JUMP_S) && jump_ns > -SECONDS_NS(CLOCK_JUMP_S))
        return;
    SAY(engine, clock_jump,
        { "seconds", SCRATCH(engine, "%lld", (long long)(jump_ns / SECONDS_NS(1))) });
    schedules_wake(engine);
}

void engine_take(struct engine *engine, const struct input *input, struct moment now)
{
    assert(engine->begun || may_come_before_begin(input->kind));
    arena_reset(&engine->scratch);
    set_now(engine, now);
    takers[input->kind](engine, input);
    settle(engine);
}

void engine_begin(struct engine *engine, struct moment now)
{
    set_now(engine, now);
    store_begin(engine);
    settle(engine);
}

void engine_flush(struct engine *engine, struct moment now)
{
    bool pressed = store_pressed(engine);

    set_now(engine, now);
    store_flush(engine);
    if (pressed && !store_pressed(engine)) {
        broker_sessions_resume(engine);
        settle(engine);
    }
}

bool engine_next(struct engine *engine, struct effect *effect)
{
    return effects_next(&engine->effects, effect);
}

int64_t engine_deadline_ns(const struct engine *engine)
{
    return deadlines_first_ns(&engine->deadlines);
}

void engine_effect(struct engine *engine, const struct effect *effect, bool durable)
{
    effects_push(&engine->effects, effect, durable ? engine_durable(engine) : 0);
}

/* What stands in quotes was written by others: names and account numbers of
   clients may be in it, and have no place in a log. */
static struct slice without_quoted(struct engine *engine, struct slice text)
{
    const char *first = memchr(text.at, '"', text.size);
    const char *last = memrchr(text.at, '"', text.size);

    if (first == NULL)
        return text;
    struct slice before = { text.at, (size_t)(first - text.at) };
    struct slice behind = slice_after(text, (size_t)(last + 1 - text.at));

    return first == last ? SCRATCH(engine, "%.*s...", SLICE_ARG(before))
                         : SCRATCH(engine, "%.*s...%.*s", SLICE_ARG(before), SLICE_ARG(behind));
}

void engine_say(struct engine *engine, const struct log_event_kind *kind, bool durable,
                const struct log_pair *pairs, size_t count)
{
    struct log_event event = { .kind = kind };

    assert(count <= LOG_PAIRS_MAX);
    for (size_t i = 0; i < count; i++)
        if (pairs[i].value.at != NULL)
            event.pairs[event.count++] =
                (struct log_pair){ pairs[i].key, without_quoted(engine, pairs[i].value) };
    engine_effect(engine, &(struct effect){ .kind = EFFECT_LOG, .log_event = &event }, durable);
}
