/* Performs the engine's effects, and what a world begins and ends with. */
#include "world.h"

#include "death.h"
#include "trace.h"

#include "codecs/base/arena.h"
#include "routing/custody/owned.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define EFFECTS_MAX  100000                             /* of one input */
#define START_UTC_NS (INT64_C(1772442000) * 1000000000) /* 2026-03-02T09:00:00Z */

uint64_t world_random(struct world *world, uint64_t below)
{
    return random_next(&world->random, below);
}

bool world_chance(struct world *world, unsigned percent)
{
    return world_random(world, 100) < percent;
}

bool world_asks(struct world *world)
{
    if (world->instructions == world->plan->instructions)
        return false;
    world->instructions++;
    return true;
}

/* --- what is told of it --- */

void world_fail(struct world *world, const char *format, ...)
{
    char words[4000];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    plan_write(world->plan, stderr);
    fprintf(stderr, ": at step %u: %s\n", world->step, words);
    death_watch(NULL);
    exit(1);
}

void world_trace(const struct world *world, const char *format, ...)
{
    va_list arguments;

    if (!world->plan->trace)
        return;
    printf("%6u %8.3f  ", world->step,
           (double)(world->now.utc_ns - START_UTC_NS) / (double)SECONDS_NS(1));
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
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

struct disk *world_disk(struct world *world, struct slice channel)
{
    return &world->disks[world_bank(world, channel) - world->banks];
}

const struct row *world_row(const struct world *world, const struct row *like)
{
    const struct row *live = store_memory_find(world->store, like);

    return live != NULL ? live : store_memory_archived_find(world->store, like);
}

struct session_row world_session(const struct world *world, const char *name)
{
    const struct row like = { .kind = ROW_SESSION, .session = { .name = slice_of(name) } };
    const struct row *row = store_memory_find(world->store, &like);

    if (row == NULL)
        return (struct session_row){ 0 };
    return row->session;
}

/* --- effects --- */

static void perform_write(struct world *world, const struct effect *effect)
{
    unsigned index = world_broker_on(world, effect->link);

    if (index == BROKERS)
        return; /* it has gone meanwhile */
    wire_check(world, index, effect->bytes);
    writer_bytes(&world->brokers[index].from_gateway.bytes, effect->bytes);
    network_written(&world->brokers[index]);
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
    world->reads =
        memory_room(world->reads, world->read_count, &world->read_room, sizeof *world->reads);
    struct query *kept = &world->reads[world->read_count++];

    *kept = *query;
    kept->session = owned_copy(query->session);
    kept->id = owned_copy(query->id);
}

static void perform_send(struct world *world, const struct effect *effect)
{
    check_send(world, effect->name, effect->bytes);
    check_document(world, effect->channel, effect->bytes);
    disk_put(world_disk(world, effect->channel), effect->name, effect->bytes);
}

static void perform_filed(struct world *world, const struct effect *effect)
{
    bank_filed(world_bank(world, effect->channel), effect->name);
    disk_file(world_disk(world, effect->channel), effect->name);
}

static void perform_reply(struct world *world, const struct effect *effect)
{
    check_reply(world, effect->command, effect->status);
    if (effect->command != world->commands)
        return; /* somebody has asked for something else meanwhile */
    snprintf(world->reply, sizeof world->reply, "%.*s", SLICE_ARG(effect->bytes));
    world->status = effect->status;
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
    case EFFECT_ARCHIVE:
        archiving_ask(world, &effect->archive);
        break;
    case EFFECT_SEND:
        perform_send(world, effect);
        break;
    case EFFECT_FILED:
        perform_filed(world, effect);
        break;
    case EFFECT_REPLY:
        perform_reply(world, effect);
        break;
    case EFFECT_PAUSE:
    case EFFECT_RESUME:
        perform_pause(world, effect);
        break;
    case EFFECT_LOG:
        witness_log(world, effect->log_event);
        break;
    case EFFECT_DIAL:
        world_fail(world, "a broker that connects to us is dialled");
        break;
    case EFFECT_STOPPED:
        world->stopped = true;
        break;
    }
}

/* After any effect the process may be gone. */
void world_perform(struct world *world)
{
    struct effect effect;
    unsigned count = 0;

    if (!world->waiting.on)
        engine_flush(world->engine, world->now);
    while (engine_next(world->engine, &effect)) {
        if (++count == EFFECTS_MAX)
            world_fail(world, "the effects of one input have no end");
        if (world->plan->trace)
            trace_effect(world, &effect);
        perform(world, &effect);
        if (fault_strikes(world, FAULT_CRASH)) {
            process_crash(world);
            return;
        }
    }
    if (world->stopped)
        process_stopped(world);
}

void world_give(struct world *world, const struct input *input)
{
    if (world->plan->trace)
        trace_input(world, input);
    if (world->waiting.on && !waiting_takes(world, input))
        return;
    engine_take(world->engine, input, world->now);
    world_perform(world);
}

int world_command(struct world *world, const struct slice *words, size_t count)
{
    world->status = -1;
    replies_expect(world, world->commands + 1, words, count);
    world_give(world, &(struct input){ .kind = INPUT_COMMAND,
                                       .command = ++world->commands,
                                       .words = words,
                                       .word_count = count,
                                       .who = SLICE("paul") });
    return world->status;
}

/* --- life --- */

void world_init(struct world *world, const struct plan *plan)
{
    *world = (struct world){ .plan = plan,
                             .random = random_start(plan->seed, 0),
                             .now = { SECONDS_NS(1000), START_UTC_NS } };
    death_watch(world);
    faults_draw(&world->faults, plan->seed, &plan->faults);
    world->gathered_rows_max = 10 + (size_t)world_random(world, 100);
    witness_init(&world->witness);
    world->store = store_memory_open(SLICE("SEEDED"));
    for (unsigned i = 0; i < BROKERS; i++) {
        broker_init(&world->brokers[i], world, i);
        bank_init(&world->banks[i], world, i);
        wire_log_init(&world->wire_logs[i]);
        disk_init(&world->disks[i], world, i);
    }
    process_start(world);
    operators_open(world);
}

void world_forget_reads(struct world *world)
{
    for (size_t i = 0; i < world->read_count; i++) {
        owned_free(world->reads[i].session);
        owned_free(world->reads[i].id);
    }
    world->read_count = 0;
}

void world_fini(struct world *world)
{
    death_watch(NULL);
    batch_free(world->batch);
    engine_free(world->engine);
    world_forget_reads(world);
    free(world->reads);
    free(world->closes);
    for (unsigned i = 0; i < BROKERS; i++) {
        broker_fini(&world->brokers[i]);
        bank_fini(&world->banks[i]);
        disk_fini(&world->disks[i]);
        wire_log_fini(&world->wire_logs[i]);
    }
    replies_fini(&world->replies);
    waiting_fini(&world->waiting);
    witness_fini(&world->witness);
    world->store->operations->close(world->store);
}

void world_run(struct world *world)
{
    world->faults.on = true;
    steps_run(world);
    world->faults.on = false;
    calm_down(world);
    check_store(world);
    check_asking(world);
    check_agreement(world);
    check_rejections(world);
}
