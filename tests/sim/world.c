/* Performs the engine's effects and lets the parties act, a step at a time. */
#include "world.h"

#include "codecs/base/arena.h"
#include "config/config.h"
#include "routing/custody/owned.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define START_UTC_NS (INT64_C(1772442000) * 1000000000) /* 2026-03-02T09:00:00Z */

uint64_t world_random(struct world *world, uint64_t below)
{
    uint64_t x = world->random;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    world->random = x;
    return (x * UINT64_C(2685821657736338717) >> 16) % below;
}

bool world_chance(struct world *world, unsigned percent)
{
    return world_random(world, 100) < percent;
}

void world_fail(struct world *world, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr,
            "penstock-sim --seed %llu --steps %u: at step %u: ", (unsigned long long)world->seed,
            world->steps, world->step);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

unsigned world_broker_on(const struct world *world, link_id link)
{
    unsigned index = 0;

    while (index < BROKERS && (world->brokers[index].link != link || link == 0))
        index++;
    return index;
}

struct bank *world_bank(struct world *world, struct slice channel)
{
    for (unsigned i = 0; i < BROKERS; i++)
        if (slice_is(channel, world->banks[i].channel))
            return &world->banks[i];
    world_fail(world, "no bank behind %.*s", SLICE_ARG(channel));
}

struct session_row world_session(const struct world *world, const char *name)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_SESSION); i++) {
        struct session_row row = store_memory_at(world->store, ROW_SESSION, i)->session;
        if (slice_is(row.name, name))
            return row;
    }
    return (struct session_row){ 0 };
}

/* --- effects --- */

static void perform_write(struct world *world, const struct effect *effect)
{
    unsigned index = world_broker_on(world, effect->link);

    if (index == BROKERS)
        return; /* it has gone meanwhile */
    wire_check(world, index, effect->bytes);
    writer_bytes(&world->brokers[index].from_gateway, effect->bytes);
}

static void perform_close(struct world *world, const struct effect *effect)
{
    unsigned index = world_broker_on(world, effect->link);

    if (index < BROKERS)
        world->brokers[index].cut = true;
}

static void perform_pause(struct world *world, const struct effect *effect)
{
    unsigned index = world_broker_on(world, effect->link);

    if (index < BROKERS)
        world->brokers[index].paused = effect->kind == EFFECT_PAUSE;
}

static void perform_read(struct world *world, const struct query *query)
{
    if (world->read_count == READS_MAX)
        world_fail(world, "more than %d questions are open", READS_MAX);
    struct query *kept = &world->reads[world->read_count++];

    *kept = *query;
    kept->session = owned_copy(query->session);
    kept->id = owned_copy(query->id);
}

static void perform_send(struct world *world, const struct effect *effect)
{
    check_send(world, effect->name, effect->bytes);
    if (world->took_count == TOOKS_MAX)
        world_fail(world, "more than %d documents are on their way", TOOKS_MAX);
    struct took *took = &world->tooks[world->took_count++];

    snprintf(took->channel, sizeof took->channel, "%.*s", SLICE_ARG(effect->channel));
    snprintf(took->name, sizeof took->name, "%.*s", SLICE_ARG(effect->name));
    if (world->faults && world_chance(world, 10))
        took->channel[0] = '!'; /* it will not be taken */
    else
        bank_receive(world_bank(world, effect->channel), effect->name, effect->bytes);
}

static void perform(struct world *world, const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_WRITE:
        perform_write(world, effect);
        break;
    case EFFECT_CLOSE:
        perform_close(world, effect);
        break;
    case EFFECT_COMMIT:
        if (world->batch != NULL)
            world_fail(world, "two commits at a time");
        world->batch = effect->batch;
        break;
    case EFFECT_READ:
        perform_read(world, effect->query);
        break;
    case EFFECT_SEND:
        perform_send(world, effect);
        break;
    case EFFECT_FILED:
        bank_filed(world_bank(world, effect->channel), effect->name);
        break;
    case EFFECT_REPLY:
        snprintf(world->reply, sizeof world->reply, "%.*s", SLICE_ARG(effect->bytes));
        world->status = effect->status;
        break;
    case EFFECT_PAUSE:
    case EFFECT_RESUME:
        perform_pause(world, effect);
        break;
    case EFFECT_LOG:
    case EFFECT_STOPPED:
        break;
    }
}

/* After any effect the process may be gone. */
static void drain(struct world *world)
{
    struct effect effect;

    engine_flush(world->engine, world->now);
    while (engine_next(world->engine, &effect)) {
        perform(world, &effect);
        if (world->faults && world_random(world, 400) == 0) {
            fault_crash(world);
            return;
        }
    }
}

void world_give(struct world *world, const struct input *input)
{
    engine_take(world->engine, input, world->now);
    drain(world);
}

int world_command(struct world *world, const struct slice *words, size_t count)
{
    world->status = -1;
    world_give(world, &(struct input){ .kind = INPUT_COMMAND,
                                       .command = ++world->commands,
                                       .words = words,
                                       .word_count = count,
                                       .who = SLICE("paul") });
    return world->status;
}

/* --- life --- */

static void import(struct world *world, const char *what, const char *table)
{
    const struct slice words[] = { slice_of(what), SLICE("import"), slice_of(table) };

    world_command(world, words, 3);
    while (world->status < 0 && world->batch != NULL)
        fault_commit(world);
    if (world->status != 0)
        world_fail(world, "import of %s: %s", what, world->reply);
}

void world_init(struct world *world, uint64_t seed, unsigned steps)
{
    *world = (struct world){ .seed = seed,
                             .random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1,
                             .steps = steps,
                             .now = { SECONDS_NS(1000), START_UTC_NS } };
    world->store = store_memory_open(SLICE("SEEDED"));
    for (unsigned i = 0; i < BROKERS; i++) {
        broker_init(&world->brokers[i], world, i);
        bank_init(&world->banks[i], world, i);
    }
    world_start(world);
    import(
        world, "links",
        "client,account,session,bank,payee_bank,payee_account,client_name,currency,legal_person\n"
        "C-1,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,Ann,EUR,false\n"
        "C-2,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE51993040500071230463,Two,EUR,true\n"
        "C-3,ACC-9001,beta,STHXFRPPXXX,PAYXDEFFXXX,883300471,Cid,EUR,false\n");
    import(world, "balances",
           "client,account,currency,amount\nC-1,ACC-7001,EUR,2000.00\n"
           "C-2,ACC-7001,EUR,300000.00\nC-3,ACC-9001,EUR,900.00\n");
}

void world_fini(struct world *world)
{
    batch_free(world->batch);
    engine_free(world->engine);
    for (size_t i = 0; i < world->read_count; i++) {
        owned_free(world->reads[i].session);
        owned_free(world->reads[i].id);
    }
    for (unsigned i = 0; i < BROKERS; i++) {
        broker_fini(&world->brokers[i]);
        bank_fini(&world->banks[i]);
        wire_log_fini(&world->wire_logs[i]);
    }
    world->store->operations->close(world->store);
}

/* --- steps --- */

static void give_took(struct world *world)
{
    if (world->took_count == 0)
        return;
    size_t index = (size_t)world_random(world, world->took_count);
    struct took took = world->tooks[index];
    struct input input = { .kind = INPUT_TOOK, .name = slice_of(took.name) };

    world->tooks[index] = world->tooks[--world->took_count];
    if (took.channel[0] == '!') {
        input.kind = INPUT_NOT_TOOK;
        input.text = SLICE("no room");
    }
    input.channel = slice_of(took.channel);
    world_give(world, &input);
}

static void give_close(struct world *world)
{
    if (world->close_count == 0)
        return;
    link_id link = world->closes[0];

    world->close_count--;
    memmove(world->closes, world->closes + 1, world->close_count * sizeof world->closes[0]);
    world_give(world, &(struct input){ .kind = INPUT_LINK_CLOSED, .link = link });
}

static void pass_time(struct world *world, int64_t step_ns)
{
    world->now.steady_ns += step_ns;
    world->now.utc_ns += step_ns;
    if (engine_deadline_ns(world->engine) <= world->now.steady_ns)
        world_give(world, &(struct input){ .kind = INPUT_TICK });
    for (unsigned i = 0; i < BROKERS; i++)
        broker_tick(&world->brokers[i]);
}

/* Somebody approves or refuses one that is held. */
static void decide_held(struct world *world)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction;
        if (instruction->state != INSTRUCTION_HELD || world_chance(world, 50))
            continue;
        char id[64];
        snprintf(id, sizeof id, "%.*s",
                 SLICE_ARG(instruction_get(instruction, INSTRUCTION_TEXT_id)));
        const struct slice words[] = { world_chance(world, 70) ? SLICE("approve") : SLICE("refuse"),
                                       slice_of(id), SLICE("--evidence"), SLICE("seen") };
        world_command(world, words, 4);
        return;
    }
}

/* An order that the bank has not seen is not paid, as far as an operator can see. */
static enum truth truth_at_bank(struct world *world, const struct instruction *instruction)
{
    struct slice channel = instruction_get(instruction, INSTRUCTION_TEXT_channel);
    const struct order *order = bank_find_order(
        world_bank(world, channel), instruction_get(instruction, INSTRUCTION_TEXT_order_id));

    return order == NULL ? TRUTH_REFUSED : order->truth;
}

static void resolve(struct world *world, const struct instruction *instruction, bool settled)
{
    char id[64];

    snprintf(id, sizeof id, "%.*s", SLICE_ARG(instruction_get(instruction, INSTRUCTION_TEXT_id)));
    const struct slice words[] = {
        SLICE("resolve"),    slice_of(id),
        SLICE("--as"),       settled ? SLICE("settled") : SLICE("refused"),
        SLICE("--evidence"), SLICE("the bank's statement")
    };
    world_command(world, words, 6);
}

/* Somebody asks the bank about a withdrawal in doubt, and ends it if he may. */
static void look_into_doubt(struct world *world)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction;
        if (instruction->state != INSTRUCTION_IN_DOUBT || instruction->flow != FLOW_WITHDRAWAL)
            continue;
        enum truth truth = truth_at_bank(world, instruction);
        if (truth == TRUTH_OPEN || world_chance(world, 50))
            continue;
        resolve(world, instruction, truth == TRUTH_PAID);
        return;
    }
}

static void one_step(struct world *world)
{
    unsigned index = (unsigned)world_random(world, BROKERS);
    struct broker *broker = &world->brokers[index];
    struct bank *bank = &world->banks[index];

    switch (world_random(world, 16)) {
    case 0:
    case 1:
    case 2:
        fault_commit(world);
        break;
    case 3:
        fault_answer(world);
        break;
    case 4:
        give_took(world);
        break;
    case 5:
        give_close(world);
        break;
    case 6:
    case 7:
    case 8:
        broker_hear(broker, 1 + (size_t)world_random(world, 4000));
        break;
    case 9:
    case 10:
        broker_step(broker);
        break;
    case 11:
        bank_step(bank);
        break;
    case 12:
        bank_give(bank);
        break;
    case 13:
        pass_time(world, MILLIS_NS(world_random(world, 4000)));
        break;
    case 14:
        if (world_chance(world, 20))
            decide_held(world);
        else if (world_chance(world, 20))
            look_into_doubt(world);
        break;
    default:
        pass_time(world, MILLIS_NS(world_random(world, 50)));
        break;
    }
}

/* --- the end: nothing goes wrong any more --- */

static bool is_quiet(const struct world *world)
{
    bool quiet = world->batch == NULL && world->read_count == 0 && world->took_count == 0 &&
                 world->close_count == 0;

    for (unsigned i = 0; quiet && i < BROKERS; i++)
        quiet = broker_is_quiet(&world->brokers[i]) && bank_is_quiet(&world->banks[i]);
    return quiet;
}

/* What keeps it from resting. */
static void tell_unrest(struct world *world)
{
    char text[400];
    size_t used = 0;

    used += (size_t)snprintf(text, sizeof text, "batch %d, questions %zu, documents %zu, ends %zu",
                             world->batch != NULL, world->read_count, world->took_count,
                             world->close_count);
    for (unsigned i = 0; i < BROKERS; i++)
        used += (size_t)snprintf(
            text + used, sizeof text - used, "; %s %s, %zu out, %zu in; %s %s",
            world->brokers[i].name, world->brokers[i].machine == NULL ? "away" : "connected",
            world->brokers[i].to_gateway.used, world->brokers[i].from_gateway.used,
            world->banks[i].channel, bank_is_quiet(&world->banks[i]) ? "quiet" : "waits");
    world_fail(world, "it does not come to rest: %s", text);
}

static void settle_once(struct world *world)
{
    fault_commit(world);
    fault_answer(world);
    give_took(world);
    give_close(world);
    for (unsigned i = 0; i < BROKERS; i++) {
        broker_hear(&world->brokers[i], SIZE_MAX);
        bank_give(&world->banks[i]);
    }
    pass_time(world, MILLIS_NS(20));
}

static void settle(struct world *world)
{
    for (unsigned i = 0; i < 20000; i++) {
        settle_once(world);
        if (is_quiet(world))
            return;
    }
    tell_unrest(world);
}

static void settle_for(struct world *world, unsigned seconds)
{
    for (unsigned i = 0; i < seconds; i++) {
        settle(world);
        pass_time(world, SECONDS_NS(1));
    }
    settle(world);
}

/* What is still in doubt is ended as the bank has it. */
static void resolve_doubts(struct world *world)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction;
        if (instruction->state != INSTRUCTION_IN_DOUBT)
            continue;
        bool settled = instruction->flow == FLOW_WITHDRAWAL
                           ? truth_at_bank(world, instruction) == TRUTH_PAID
                           : world_chance(world, 50);
        uint64_t number = instruction->number;
        resolve(world, instruction, settled);
        settle(world);
        if (world->status != 0)
            world_fail(world, "resolve %llu: %s", (unsigned long long)number, world->reply);
    }
}

static void decide_all_held(struct world *world)
{
    for (unsigned i = 0; i < 500; i++) {
        decide_held(world);
        settle(world);
    }
}

static void calm_down(struct world *world)
{
    world->faults = false;
    for (unsigned i = 0; i < BROKERS; i++)
        world->brokers[i].calm = true;
    settle_for(world, 40); /* the store is well again, gaps are asked for again */
    check_deadlines(world);
    for (unsigned i = 0; i < BROKERS; i++)
        broker_repeat_open(&world->brokers[i]);
    settle_for(world, 5);
    decide_all_held(world);
    for (unsigned i = 0; i < BROKERS; i++)
        bank_last_words(&world->banks[i]);
    settle_for(world, 40); /* deadlines pass */
    resolve_doubts(world);
    settle_for(world, 2);
    for (unsigned i = 0; i < BROKERS; i++)
        broker_repeat_open(&world->brokers[i]);
    settle_for(world, 5);
}

void world_run(struct world *world)
{
    world->faults = true;
    for (world->step = 0; world->step < world->steps; world->step++)
        one_step(world);
    calm_down(world);
    check_store(world);
    check_agreement(world);
}
