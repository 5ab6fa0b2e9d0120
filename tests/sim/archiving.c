/* An operator archives old days while all goes on.  Each turn is a job of the
   store, in its order among commits and questions, and may fail or be the last
   thing that the process does. */
#include "world.h"

#include "config/config.h"

#define DAY_S          86400
#define STORE_WORK_MAX 30

/* A clock that was set forward since the process has started makes nothing old. */
static int64_t window_begin(const struct world *world)
{
    const struct moment *started = &world->started, *now = &world->now;
    int64_t counted_ns = started->utc_ns + (now->steady_ns - started->steady_ns);
    int64_t today_ns = counted_ns < now->utc_ns ? counted_ns : now->utc_ns;

    return today_ns - SECONDS_NS(process_config()->store_window_s);
}

/* No more than so many ask for it at a time. */
static void ask(struct world *world)
{
    static const struct slice words[] = { { "store", 5 }, { "archive", 7 } };
    struct old_days *archiving = &world->archiving;
    size_t index = 0;

    while (index < ARCHIVING_MAX && archiving->asked[index].command != 0)
        index++;
    if (index == ARCHIVING_MAX)
        return;
    archiving->asked[index].command = world->commands + 1;
    archiving->asked[index].before_utc_ns = window_begin(world);
    world_command(world, words, 2);
}

void archive_old_days(struct world *world)
{
    if (fault_strikes(world, FAULT_DAYS_ARCHIVED))
        ask(world);
}

/* The store does what it was asked for, which takes no days. */
static void let_store_work(struct world *world)
{
    for (unsigned i = 0; i < STORE_WORK_MAX; i++) {
        process_commit(world);
        process_answer(world);
        pass_time(world, MILLIS_NS(20));
    }
}

void days_pass(struct world *world)
{
    if (!fault_strikes(world, FAULT_DAYS_PASS))
        return;
    let_store_work(world);
    pass_time(world, SECONDS_NS(DAY_S + (int64_t)fault_random(world, FAULT_DAYS_PASS, DAY_S)));
    if (fault_random(world, FAULT_DAYS_PASS, 2) == 0)
        return;
    let_store_work(world);
    ask(world);
    let_store_work(world);
}

void archiving_replied(struct world *world, command_id command)
{
    for (size_t i = 0; i < ARCHIVING_MAX; i++)
        if (world->archiving.asked[i].command == command)
            world->archiving.asked[i].command = 0;
}

/* All but one of those who ask for it at a time are refused. */
static bool is_within_window(const struct old_days *archiving, int64_t before_utc_ns)
{
    for (size_t i = 0; i < ARCHIVING_MAX; i++)
        if (archiving->asked[i].command != 0 && before_utc_ns <= archiving->asked[i].before_utc_ns)
            return false;
    return true;
}

void archiving_ask(struct world *world, const struct archive_order *order)
{
    struct old_days *archiving = &world->archiving;

    if (archiving->waits)
        world_fail(world, "two turns of archiving at a time");
    if (is_within_window(archiving, order->before_utc_ns))
        world_fail(world, "what is within the window would be archived");
    archiving->order = *order;
    archiving->waits = true;
    archiving->behind_reads = world->read_count;
    archiving->behind_batch = world->batch == NULL ? 0 : batch_number(world->batch);
}

bool archiving_is_next(const struct world *world)
{
    const struct old_days *archiving = &world->archiving;

    return archiving->waits && archiving->behind_reads == 0 &&
           (world->batch == NULL || batch_number(world->batch) != archiving->behind_batch);
}

void archiving_answered(struct world *world)
{
    if (world->archiving.waits && world->archiving.behind_reads != 0)
        world->archiving.behind_reads--;
}

/* What the store does, and what it says. */
static void carry_out(struct world *world, struct input *input)
{
    struct old_days *archiving = &world->archiving;
    struct error error;

    archiving->waits = false;
    *input = (struct input){ .kind = INPUT_ARCHIVED, .ticket = archiving->order.ticket };
    if (!world->store->operations->archive(world->store, "", &archiving->order, &input->archived,
                                           &error))
        input->text = slice_of(error.kind->text);
    check_archived(world, &archiving->order, input->text.at == NULL && !input->archived.more);
}

static void tear(struct world *world)
{
    world->witness.torn = true;
    store_memory_fail_archive(world->store, STORE_MEMORY_ARCHIVE_TORN);
}

void archiving_turn(struct world *world)
{
    struct input input;
    bool crashes = fault_strikes(world, FAULT_ARCHIVE_CRASH);

    if (crashes ? fault_random(world, FAULT_ARCHIVE_CRASH, 2) == 0
                : fault_strikes(world, FAULT_ARCHIVE_TORN))
        tear(world);
    else if (fault_strikes(world, FAULT_ARCHIVE_FULL))
        store_memory_fail_archive(world->store, STORE_MEMORY_ARCHIVE_FULL);
    carry_out(world, &input);
    if (crashes)
        process_crash(world);
    else
        world_give(world, &input);
}

bool archiving_behind_failure(struct world *world, struct input *input)
{
    if (!world->archiving.waits)
        return false;
    carry_out(world, input);
    return true;
}

void archiving_forget(struct world *world)
{
    world->archiving = (struct old_days){ .waits = false };
}
