/* Batches on their way to the store: gathering, committing, failed; and what
   the engine does while the store cannot write. */
#include "gateway/engine/machine.h"

#include <assert.h>
#include <stdlib.h>

bool engine_open(const struct engine *engine)
{
    return engine->begun && !engine->store.failed && !engine->store.down && !engine->draining;
}

bool store_pressed(const struct engine *engine)
{
    const struct batch *batch = engine->batch;
    size_t size = engine->effects.gathering.size;

    if (batch == NULL)
        return false;
    return batch_count(batch) + engine->changed.count >= engine->store.gathered_rows_max ||
           batch_size(batch) + size >= GATHERED_SIZE_MAX;
}

struct batch *engine_batch(struct engine *engine)
{
    if (engine->batch == NULL)
        engine->batch = batch_new(engine->effects.gathering_number, engine->epoch);
    return engine->batch;
}

uint64_t engine_durable(const struct engine *engine)
{
    return engine->batch != NULL ? engine->effects.gathering_number
                                 : engine->effects.committing_number;
}

void engine_record(struct engine *engine, const struct row *row)
{
    batch_add(engine_batch(engine), row);
}

static void task_add(struct task_list *list, struct task task)
{
    list->at = memory_room(list->at, list->count, &list->room, sizeof *list->at);
    list->at[list->count++] = task;
}

static void run_task(struct engine *engine, const struct task *task)
{
    switch (task->kind) {
    case TASK_ANNOUNCED:
        deposit_announced(engine, task->number);
        break;
    case TASK_FILED:
        inbox_filed(task->incoming);
        break;
    case TASK_TOLD:
        alert_told(engine, task->number);
        break;
    }
}

void engine_after(struct engine *engine, struct task task)
{
    if (engine->batch != NULL)
        task_add(&engine->gathering_tasks, task);
    else if (engine->effects.committing_number != 0)
        task_add(&engine->committing_tasks, task);
    else
        run_task(engine, &task);
}

static void run_tasks(struct engine *engine)
{
    for (size_t i = 0; i < engine->committing_tasks.count; i++) {
        struct task task = engine->committing_tasks.at[i];
        run_task(engine, &task);
    }
    engine->committing_tasks.count = 0;
}

void store_flush(struct engine *engine)
{
    struct store_state *store = &engine->store;

    if (engine->batch == NULL || engine->effects.committing_number != 0 || store->failed ||
        (store->down && !store->retry))
        return;
    keys_seal_when_many(engine);
    broker_sessions_write(engine, engine->batch);
    instructions_write(engine, engine->batch);
    engine_effect(engine, &(struct effect){ .kind = EFFECT_COMMIT, .batch = engine->batch }, false);
    engine->batch = NULL;
    effects_commit(&engine->effects);

    struct task_list tasks = engine->committing_tasks;
    assert(tasks.count == 0);
    engine->committing_tasks = engine->gathering_tasks;
    engine->gathering_tasks = tasks;
    store->retry = false;
}

/* What waited for better times. */
static void open_business(struct engine *engine)
{
    schedules_follow(engine);
    outbox_offer_all(engine);
    instructions_arm(engine);
}

void store_committed(struct engine *engine, uint64_t batch)
{
    if (engine->store.failed || batch != engine->effects.committing_number || batch == 0)
        return;
    effects_committed(&engine->effects);
    broker_sessions_committed(engine);
    instructions_committed(engine);
    run_tasks(engine);
    if (engine->store.down) {
        engine->store.down = false;
        SAY(engine, store_well, { "store", engine->identity });
        open_business(engine);
    }
}

void store_failed(struct engine *engine, const struct input *input)
{
    SAY(engine, store_fault, { "why", input->text });
    engine->store.failed = true;
}

void state_fini(struct engine *engine)
{
    batch_free(engine->batch);
    engine->batch = NULL;
    free(engine->gathering_tasks.at);
    free(engine->committing_tasks.at);
    engine->gathering_tasks = (struct task_list){ 0 };
    engine->committing_tasks = (struct task_list){ 0 };
    reads_fini(engine);
    instructions_fini(engine);
    outbox_fini(engine);
    keys_fini(engine);
    index_fini(&engine->balances);
    book_free(engine->book);
    engine->book = NULL;
}

void engine_rebuild(struct engine *engine, struct moment now)
{
    struct slice why = SLICE("the store could not commit; ask again later\n");

    engine->now = now;
    commands_fini(engine, why);
    inboxes_forget(engine);
    broker_sessions_forget(engine);
    state_fini(engine);
    effects_discard(&engine->effects, why);
    engine->book = book_new();
    engine->begun = false;
    engine->store.failed = false;
    engine->store.down = true;
    engine->numbers_exact = false;
    broker_sessions_hang_up(engine);
}

void store_begin(struct engine *engine)
{
    engine->begun = true;
    broker_sessions_begin(engine);
    configuration_record(engine);
    broker_sessions_dirty(engine);
    if (engine->store.down) {
        deadlines_set(&engine->deadlines, &engine->store.deadline,
                      engine->now.steady_ns + SECONDS_NS(STORE_RETRY_S));
        return;
    }
    SAY_DURABLE(engine, started, { "gateway", engine->configuration->config->gateway_id });
    open_business(engine);
}

void store_retry(struct engine *engine)
{
    if (!engine->store.down || !engine->begun)
        return;
    engine->store.retry = true;
    broker_sessions_dirty(engine);
}
