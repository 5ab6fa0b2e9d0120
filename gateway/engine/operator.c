/* Commands of operators: which there are, what they must come with, and how they
   are answered.  Everything that changes something is recorded with who. */
#include "gateway/engine/operator.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void import(struct engine *engine, struct operator_command *command, enum import_what what)
{
    struct error_list errors;
    size_t count;

    error_list_init(&errors, 50);
    bool taken = import_take(engine, what, command->argument, command->who, &errors, &count);
    if (taken)
        writer_format(&command->answer, command->json ? "{\"rows\":%zu}\n" : "%zu rows taken\n",
                      count);
    else
        error_list_write(&errors, &command->answer);
    error_list_fini(&errors);
    operator_finish(engine, command, taken ? OPERATOR_DONE : OPERATOR_FAULT);
}

static void import_links(struct engine *engine, struct operator_command *command)
{
    import(engine, command, IMPORT_LINKS);
}

static void import_balances(struct engine *engine, struct operator_command *command)
{
    import(engine, command, IMPORT_BALANCES);
}

#define BIT(option) (1u << (option))

static const struct operator_kind kinds[] = {
    { "approve", NULL, "ID", true, true, BIT(OPTION_EVIDENCE), operator_approve },
    { "refuse", NULL, "ID", true, false, BIT(OPTION_EVIDENCE), operator_refuse },
    { "resolve", NULL, "ID", true, true, BIT(OPTION_EVIDENCE) | BIT(OPTION_AS), operator_resolve },
    { "links", "import", "FILE", true, false, 0, import_links },
    { "balances", "import", "FILE", true, false, 0, import_balances },
    { "store", "archive", NULL, true, false, BIT(OPTION_BEFORE) | BIT(OPTION_TO),
      operator_archive },
    { "session", "show", "NAME", false, false, 0, operator_session_show },
    { "session", "logout", "NAME", true, false, 0, operator_session_logout },
    { "session", "reset", "NAME", true, false, 0, operator_session_reset },
    { "session", "disable", "NAME", true, false, 0, operator_session_disable },
    { "session", "enable", "NAME", true, false, 0, operator_session_enable },
    { "sessions", NULL, NULL, false, false, 0, operator_sessions },
    { "instructions", NULL, NULL, false, false, BIT(OPTION_STATE), operator_instructions },
    { "show", NULL, "ID", false, false, 0, operator_show },
};

static const char *const option_names[OPTION_COUNT] = {
    [OPTION_EVIDENCE] = "--evidence", [OPTION_AS] = "--as", [OPTION_STATE] = "--state",
    [OPTION_BEFORE] = "--before",     [OPTION_TO] = "--to",
};

static struct operator_command *command_new(const struct input *input)
{
    struct operator_command *command = memory_take(sizeof *command);

    *command = (struct operator_command){ .id = input->command };
    arena_init(&command->arena, ARENA_UNLIMITED);
    writer_init(&command->answer, 0);
    command->who = arena_copy(&command->arena, input->who);
    command->waiter.owner = command;
    return command;
}

static void command_free(struct operator_command *command)
{
    waiter_forget(&command->waiter);
    writer_fini(&command->answer);
    writer_fini(&command->listing.names);
    writer_fini(&command->listing.values);
    arena_fini(&command->arena);
    free(command);
}

static void take_out(struct engine *engine, struct operator_command *command)
{
    struct operator_command **place = &engine->commands;

    while (*place != command)
        place = &(*place)->next;
    *place = command->next;
}

static struct slice command_text(struct engine *engine, const struct operator_kind *kind)
{
    return kind->second == NULL ? slice_of(kind->first)
                                : SCRATCH(engine, "%s %s", kind->first, kind->second);
}

/* A file is too long for the log. */
static bool names_something(const struct operator_kind *kind)
{
    return kind->argument != NULL && strcmp(kind->argument, "FILE") != 0;
}

void operator_finish(struct engine *engine, struct operator_command *command, int status)
{
    bool done = status == OPERATOR_DONE;
    bool changed = command->kind != NULL && command->kind->changes;
    struct effect reply = { .kind = EFFECT_REPLY,
                            .command = command->id,
                            .bytes = writer_slice(&command->answer),
                            .status = status };
    const struct log_pair pairs[] = {
        { "who", command->who },
        { "command", changed ? command_text(engine, command->kind) : SLICE_NONE },
        { "id", changed && names_something(command->kind) ? command->argument : SLICE_NONE },
        { "done", done ? SLICE("yes") : SLICE("no") },
        { "evidence", command->options[OPTION_EVIDENCE] },
    };

    engine_effect(engine, &reply, changed && done);
    if (changed)
        engine_say(engine, &log_operator, done, pairs, sizeof pairs / sizeof pairs[0]);
    take_out(engine, command);
    waiter_done(engine, &command->waiter);
    command_free(command);
}

void operator_say(struct engine *engine, struct operator_command *command, int status,
                  const char *format, ...)
{
    char text[500];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (command->json) {
        writer_format(&command->answer, "{\"%s\":", status == OPERATOR_DONE ? "done" : "error");
        writer_json(&command->answer, slice_of(text));
        writer_text(&command->answer, "}\n");
    } else {
        writer_format(&command->answer, "%s\n", text);
    }
    operator_finish(engine, command, status);
}

void commands_fini(struct engine *engine, struct slice why)
{
    archive_forget(engine);
    while (engine->commands != NULL) {
        struct operator_command *command = engine->commands;

        engine->commands = command->next;
        reads_forget(engine, command, NULL);
        engine_effect(engine,
                      &(struct effect){ .kind = EFFECT_REPLY,
                                        .command = command->id,
                                        .bytes = why,
                                        .status = OPERATOR_SYSTEM },
                      false);
        command_free(command);
    }
}

/* --- the words --- */

static const struct operator_kind *find_kind(const struct input *input, size_t *used)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct operator_kind *kind = &kinds[i];
        size_t count = kind->second == NULL ? 1 : 2;

        if (input->word_count < count || !slice_is(input->words[0], kind->first) ||
            (kind->second != NULL && !slice_is(input->words[1], kind->second)))
            continue;
        *used = count;
        return kind;
    }
    return NULL;
}

static bool usage(struct operator_command *command, const char *what, struct slice word)
{
    writer_format(&command->answer, "%s%s%.*s\n", what, word.size == 0 ? "" : ": ",
                  SLICE_ARG(word));
    return false;
}

static bool take_option(struct operator_command *command, const struct input *input, size_t *at)
{
    struct slice word = input->words[*at];

    if (slice_is(word, "--json")) {
        command->json = true;
        return true;
    }
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (!slice_is(word, option_names[i]) || (command->kind->options & BIT(i)) == 0)
            continue;
        if (*at + 1 == input->word_count || input->words[*at + 1].size == 0)
            return usage(command, "a value is missing behind", word);
        command->options[i] = arena_copy(&command->arena, input->words[++*at]);
        return true;
    }
    return usage(command, "unknown option", word);
}

/* Options may stand anywhere; "--" makes the next word the argument. */
static bool take_words(struct operator_command *command, const struct input *input)
{
    size_t used = 0;

    command->kind = find_kind(input, &used);
    if (command->kind == NULL)
        return usage(command, "unknown command",
                     input->word_count == 0 ? SLICE_NONE : input->words[0]);
    for (size_t i = used; i < input->word_count; i++) {
        struct slice word = input->words[i];
        bool option = slice_starts(word, SLICE("--"));

        if (option && !take_option(command, input, &i))
            return false;
        if (option)
            continue;
        if (command->kind->argument == NULL || command->argument.at != NULL)
            return usage(command, "one word too many", SLICE_NONE);
        command->argument = arena_copy(&command->arena, word);
    }
    if (command->kind->argument != NULL && command->argument.at == NULL)
        return usage(command, "missing", slice_of(command->kind->argument));
    if (command->kind->evidence && command->options[OPTION_EVIDENCE].at == NULL)
        return usage(command, "--evidence TEXT is missing: say why", SLICE_NONE);
    return true;
}

static void resume(struct engine *engine, void *owner)
{
    struct operator_command *command = owner;

    command->kind->run(engine, command);
}

void command_take(struct engine *engine, const struct input *input)
{
    struct operator_command *command = command_new(input);

    command->next = engine->commands;
    engine->commands = command;
    command->waiter.resume = resume;
    if (!take_words(command, input))
        operator_finish(engine, command, OPERATOR_USAGE);
    else if (command->kind->changes && command->who.size == 0)
        operator_say(engine, command, OPERATOR_FAULT, "nobody knows who you are");
    else if (command->kind->run != operator_sessions && !engine_open(engine))
        operator_say(engine, command, OPERATOR_SYSTEM, "%s",
                     engine->draining ? "the gateway is going down"
                                      : "the store cannot write; ask again later");
    else
        command->kind->run(engine, command);
}
