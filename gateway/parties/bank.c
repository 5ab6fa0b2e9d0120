/* The simulated bank: its life from start to summary. */
#include "gateway/parties/bank.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "gateway/ops/clock.h"
#include "gateway/parties/bank_parts.h"

#define PULSE_MS 20

const char *bank_path(struct bank *bank, const char *folder, const char *name)
{
    return arena_format(&bank->arena, "%s/%s", folder, name).at;
}

static void close_handle(uv_handle_t *handle, void *nothing)
{
    (void)nothing;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void close_handles(struct bank *bank)
{
    bank->ending = true;
    uv_walk(&bank->loop, close_handle, NULL);
}

static void look(struct bank *bank)
{
    bank->now = clock_now();
    bank_look(bank);
    bank_answers_go(bank);
}

static void something_came(uv_fs_event_t *watch, const char *name, int events, int status)
{
    struct bank *bank = watch->data;

    (void)name;
    (void)events;
    (void)status;
    if (!bank->ending)
        look(bank);
}

static void follow_script(struct bank *bank)
{
    runner_go(&bank->runner, (uint64_t)(bank->now.steady_ns / MILLIS_NS(1)));
}

static void pulse(uv_timer_t *timer)
{
    struct bank *bank = timer->data;

    look(bank);
    follow_script(bank);
    bank_answers_go(bank);
    if (runner_done(&bank->runner) && !bank->options->stay)
        close_handles(bank);
}

static void stop(uv_signal_t *signal, int number)
{
    (void)number;
    close_handles(signal->data);
}

static bool make_folder(const char *path, struct error *error)
{
    return mkdir(path, 0770) == 0 || errno == EEXIST ||
           error_at(error, &journal_fault, (struct place){ .source = path }, "%s", strerror(errno));
}

static bool make_folders(struct bank *bank, struct error *error)
{
    const char *directory = bank->options->directory;

    bank->out = bank_path(bank, directory, "out");
    bank->in = bank_path(bank, directory, "in");
    bank->taken_folder = bank_path(bank, directory, "taken");
    return make_folder(directory, error) && make_folder(bank->out, error) &&
           make_folder(bank->in, error) && make_folder(bank->taken_folder, error);
}

static bool start(struct bank *bank, struct error *error)
{
    struct error_list errors;

    error_list_init(&errors, 1);
    bool good = bank_readers_init(&bank->readers, bank->options->catalogue, &errors);
    if (!good)
        *error = errors.at[0];
    error_list_fini(&errors);
    bank->now = clock_now();
    bank->runner =
        (struct runner){ .script = bank->options->script, .step = bank_step, .owner = bank };
    return good && make_folders(bank, error) &&
           journal_open(&bank->journal, bank_path(bank, bank->taken_folder, "journal"),
                        bank_remember, bank, error);
}

static void run(struct bank *bank)
{
    uv_timer_init(&bank->loop, &bank->pulse);
    uv_fs_event_init(&bank->loop, &bank->watch);
    uv_signal_init(&bank->loop, &bank->terminate);
    uv_signal_init(&bank->loop, &bank->interrupt);
    bank->pulse.data = bank->watch.data = bank->terminate.data = bank->interrupt.data = bank;
    bank_resume(bank);
    follow_script(bank); /* how it answers goes for orders that are there already */
    uv_timer_start(&bank->pulse, pulse, 0, PULSE_MS);
    uv_fs_event_start(&bank->watch, something_came, bank->out, 0);
    uv_signal_start(&bank->terminate, stop, SIGTERM);
    uv_signal_start(&bank->interrupt, stop, SIGINT);
    uv_run(&bank->loop, UV_RUN_DEFAULT);
}

static void print_summary(const struct bank *bank)
{
    size_t told = 0;

    for (size_t i = 0; i < bank->announced_count; i++)
        told += bank->announced[i].status.at != NULL;
    printf("bank %.*s: summary\n", SLICE_ARG(bank->options->bic));
    printf("  orders                   %zu taken, %zu answers given\n", bank->orders,
           bank->answers);
    printf("  documents sent again     %zu with the same bytes, %zu with others\n", bank->repeats,
           bank->differing);
    printf("  documents not valid      %zu\n", bank->invalid);
    printf("  deposits                 %zu announced, %zu answered\n", bank->announced_count, told);
    printf("  refusals (admi.002)      %zu\n", bank->refusals);
    printf("  expectations             %u did not come true\n", bank->runner.failures);
}

bool bank_run(const struct bank_options *options, struct error *error)
{
    struct bank bank = { .options = options };

    uv_loop_init(&bank.loop);
    arena_init(&bank.arena, ARENA_UNLIMITED);
    names_init(&bank.taken_ids);
    names_init(&bank.announced_ids);
    bool started = start(&bank, error);
    if (started) {
        error->kind = NULL;
        run(&bank);
        print_summary(&bank);
    }
    while (bank.due != NULL) {
        struct answer_due *due = bank.due;

        bank.due = due->next;
        bank_due_free(due);
    }
    bank_readers_fini(&bank.readers);
    journal_close(&bank.journal);
    names_fini(&bank.taken_ids);
    names_fini(&bank.announced_ids);
    free(bank.taken);
    free(bank.announced);
    free(bank.rules);
    arena_fini(&bank.arena);
    uv_loop_close(&bank.loop);
    return started && bank.invalid == 0 && bank.differing == 0 && bank.runner.failures == 0;
}
