/* The simulated broker: its load, and its life from start to summary. */
#include "gateway/parties/broker.h"

#include <stdio.h>

#include "gateway/ops/clock.h"
#include "gateway/parties/broker_parts.h"

#define PULSE_MS   2
#define LOAD_BURST 256 /* orders sent at a time before others get a turn */

void broker_now(struct broker *broker)
{
    broker->now = clock_now();
}

/* ------------------------------------------------------------ load */

static uint64_t less(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

/* How many may be asked for before others have an outcome. */
static uint64_t room_for_open(const struct broker *broker)
{
    uint64_t open = broker->tally.request_count - broker->tally.finals;

    if (broker->options->open == 0)
        return UINT64_MAX;
    return broker->options->open - less(open, broker->options->open);
}

static uint64_t load_due(const struct broker *broker)
{
    const struct broker_options *options = broker->options;
    uint64_t unreceived = broker->load_sent - less(broker->tally.receipts, broker->load_sent);
    uint64_t room = options->window - less(unreceived, options->window);
    uint64_t left = options->count - broker->load_sent;
    uint64_t due = left;

    if (options->rate > 0) {
        uint64_t passed_ms =
            (uint64_t)((broker->now.steady_ns - broker->load_start_ns) / MILLIS_NS(1));
        uint64_t wanted = passed_ms * options->rate / 1000 + 1;

        due = wanted - less(wanted, broker->load_sent);
    }
    return less(less(less(due, left), less(room, room_for_open(broker))), LOAD_BURST);
}

static void send_load(struct broker *broker)
{
    struct broker_order order = broker->options->order;
    char id[64];

    if (broker->load_start_ns == 0)
        broker->load_start_ns = broker->now.steady_ns;
    for (uint64_t due = load_due(broker); due > 0; due--) {
        snprintf(id, sizeof id, "%.*s%llu", SLICE_ARG(broker->options->prefix),
                 (unsigned long long)++broker->load_sent);
        order.id = slice_of(id);
        if (tally_find(&broker->tally, order.id) == NULL)
            broker_withdraw(broker, &order);
    }
}

/* ------------------------------------------------------------ life */

static void close_handle(uv_handle_t *handle, void *nothing)
{
    (void)nothing;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void close_handles(struct broker *broker)
{
    uv_walk(&broker->loop, close_handle, NULL);
}

static void end(struct broker *broker)
{
    if (broker->ending)
        return;
    broker->ending = true;
    broker_logout(broker);
}

static bool is_done(const struct broker *broker)
{
    return runner_done(&broker->runner) && broker->load_sent == broker->options->count &&
           broker_all_final(broker) && broker->line.queue == NULL && broker->line.logons > 0;
}

static void look(uv_timer_t *timer)
{
    struct broker *broker = timer->data;

    broker_now(broker);
    if (broker->ending) {
        if (broker->line.connection == NULL)
            close_handles(broker);
        return;
    }
    if (broker->line.logged_on && broker->load_sent < broker->options->count)
        send_load(broker);
    if (broker->line.logons > 0 && !runner_done(&broker->runner)) {
        runner_go(&broker->runner, (uint64_t)(broker->now.steady_ns / MILLIS_NS(1)));
        broker->progress_ns = broker->now.steady_ns; /* its lines have limits of their own */
    }
    if (broker->now.steady_ns - broker->progress_ns >
        MILLIS_NS((int64_t)broker->options->patience_ms)) {
        printf("FAILED: nothing has happened for %llu ms\n",
               (unsigned long long)broker->options->patience_ms);
        broker->failed = true;
        end(broker);
    } else if (is_done(broker)) {
        end(broker);
    }
}

static void stop(uv_signal_t *signal, int number)
{
    struct broker *broker = signal->data;

    (void)number;
    broker_now(broker);
    end(broker);
}

static bool start(struct broker *broker, struct error *error)
{
    const struct broker_options *options = broker->options;

    broker_now(broker);
    broker->progress_ns = broker->now.steady_ns;
    broker->line.next_in = broker->line.next_out = 1;
    broker->runner =
        (struct runner){ .script = options->script, .step = broker_step, .owner = broker };
    return journal_open(&broker->journal, options->journal, broker_remember, broker, error) &&
           broker_line_open(broker, error);
}

static void run(struct broker *broker)
{
    uv_timer_init(&broker->loop, &broker->pulse);
    uv_signal_init(&broker->loop, &broker->terminate);
    uv_signal_init(&broker->loop, &broker->interrupt);
    broker->pulse.data = broker->terminate.data = broker->interrupt.data = broker;
    uv_timer_start(&broker->pulse, look, 0, PULSE_MS);
    uv_signal_start(&broker->terminate, stop, SIGTERM);
    uv_signal_start(&broker->interrupt, stop, SIGINT);
    uv_run(&broker->loop, UV_RUN_DEFAULT);
}

bool broker_run(const struct broker_options *options, struct error *error)
{
    struct broker broker = { .options = options };

    uv_loop_init(&broker.loop);
    arena_init(&broker.kept, ARENA_UNLIMITED);
    tally_init(&broker.tally);
    writer_init(&broker.seen, 0);
    bool started = start(&broker, error);
    if (started) {
        error->kind = NULL;
        run(&broker);
        broker_print_summary(&broker);
    }
    broker_line_close(&broker);
    journal_close(&broker.journal);
    writer_fini(&broker.seen);
    tally_fini(&broker.tally);
    arena_fini(&broker.kept);
    uv_loop_close(&broker.loop);
    return started && !broker.failed && broker.tally.problems == 0 && broker.runner.failures == 0;
}
