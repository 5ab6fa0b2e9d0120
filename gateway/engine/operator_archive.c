/* Old days leave the live store while business goes on: a little at a time, with
   pauses for the store's other work, and never what somebody works on. */
#include "gateway/engine/archive.h"
#include "gateway/engine/operator.h"

/* Where the archive is when nobody says. */
static struct slice file_of(struct engine *engine, const struct operator_command *command)
{
    struct slice named = command->options[OPTION_TO];

    return named.at != NULL ? named
                            : SCRATCH(engine, "%.*s.archive",
                                      SLICE_ARG(engine->configuration->config->store_path));
}

/* Whatever is in memory and may be written again stays in the store. */
static uint64_t spared(const struct engine *engine)
{
    uint64_t ended = instructions_lowest_ended(engine);
    uint64_t document = reads_lowest_document(engine);

    return ended < document ? ended : document;
}

static void ask(struct engine *engine)
{
    struct archiving *archiving = &engine->archiving;

    archiving->order.ticket = ++engine->last_ticket;
    archiving->order.spared = spared(engine);
    archiving->order.documents_spared = reads_lowest_document(engine) != UINT64_MAX;
    engine_effect(engine,
                  &(struct effect){ .kind = EFFECT_ARCHIVE,
                                    .name = file_of(engine, archiving->command),
                                    .archive = archiving->order },
                  true);
    archiving->order.first = false;
}

/* A clock that was set forward since we started makes nothing old: ids would be
   forgotten too early, and what is asked for again be paid twice. */
static int64_t today_ns(const struct engine *engine)
{
    const struct moment *started = &engine->started, *now = &engine->now;
    int64_t counted_ns = started->utc_ns + (now->steady_ns - started->steady_ns);

    return counted_ns < now->utc_ns ? counted_ns : now->utc_ns;
}

void operator_archive(struct engine *engine, struct operator_command *command)
{
    struct archiving *archiving = &engine->archiving;
    struct archive_order order = { .limit = ARCHIVE_ROWS, .first = true };

    if (archiving->command != NULL) {
        operator_say(engine, command, OPERATOR_FAULT, "old days are being archived already");
        return;
    }
    const char *why =
        archive_before(command->options[OPTION_BEFORE], today_ns(engine),
                       engine->configuration->config->store_window_s, &order.before_utc_ns);
    if (why != NULL) {
        operator_say(engine, command, OPERATOR_FAULT, "%s", why);
        return;
    }
    archiving->command = command;
    archiving->sum = (struct archive_progress){ .more = true };
    archiving->order = order;
    ask(engine);
}

void archive_forget(struct engine *engine)
{
    engine->archiving.command = NULL;
    deadlines_clear(&engine->deadlines, &engine->archiving.deadline);
}

static void answer(struct engine *engine, int status, struct slice why)
{
    struct operator_command *command = engine->archiving.command;
    struct writer text;

    writer_init(&text, 0);
    if (why.at != NULL)
        writer_format(&text, "%.*s; until then ", SLICE_ARG(why));
    archive_write(&engine->archiving.sum, file_of(engine, command), &text);
    archive_forget(engine);
    operator_say(engine, command, status, "%.*s", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
}

void archive_took(struct engine *engine, const struct input *input)
{
    struct archiving *archiving = &engine->archiving;

    if (archiving->command == NULL || input->ticket != archiving->order.ticket)
        return;
    archive_add(&archiving->sum, &input->archived);
    if (input->text.at != NULL)
        answer(engine, OPERATOR_SYSTEM, input->text);
    else if (!input->archived.more)
        answer(engine, OPERATOR_DONE, SLICE_NONE);
    else
        deadlines_set(&engine->deadlines, &archiving->deadline,
                      engine->now.steady_ns + MILLIS_NS(ARCHIVE_PAUSE_MS));
}

void archive_go_on(struct engine *engine)
{
    if (engine_open(engine))
        ask(engine);
    else
        answer(engine, OPERATOR_SYSTEM, SLICE("the gateway is going down, archive again later"));
}
