/* The commands that ask or tell the running gateway something over its local
   socket.  What they have in common is all but everything: the words go over as
   the operator wrote them, and the answer comes back as it is to be printed. */
#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/ops/admin.h"

#define ERRORS_MAX 200
#define WORDS_MAX  16

struct question {
    const char *config, *socket;
    const char *evidence, *as, *state;
    bool json;
    struct slice words[WORDS_MAX];
    size_t count;
};

#define OPTION_SOCKET(target)                                                                      \
    {                                                                                              \
        "socket", 0, OPTION_TEXT, "PATH", "the gateway's local socket (default: see -c)", target   \
    }
#define OPTION_EVIDENCE(target)                                                                    \
    {                                                                                              \
        "evidence", 0, OPTION_TEXT, "TEXT", "why: kept with the instruction", target               \
    }
#define OPTION_JSON(target)                                                                        \
    {                                                                                              \
        "json", 0, OPTION_FLAG, NULL, "JSON, for programs", target                                 \
    }

static void add_word(struct question *question, const char *word)
{
    question->words[question->count++] = slice_of(word);
}

static void add_option(struct question *question, const char *name, const char *value)
{
    if (value == NULL)
        return;
    add_word(question, name);
    add_word(question, value);
}

/* Where the gateway listens: as given, in PENSTOCK_ADMIN, or in its configuration. */
static bool find_socket(const struct question *question, char **path)
{
    const char *given = question->socket != NULL ? question->socket : getenv("PENSTOCK_ADMIN");
    struct error_list errors;

    if (given != NULL && question->config == NULL) {
        *path = strdup(given);
        return *path != NULL;
    }
    error_list_init(&errors, ERRORS_MAX);
    struct config *config =
        config_load_gateway(question->config != NULL ? question->config : CONFIG_DEFAULT, &errors);
    if (config == NULL)
        input_complain_all(&errors);
    else
        *path = strndup(config->admin_path.at, config->admin_path.size);
    error_list_fini(&errors);
    config_free(config);
    return config != NULL;
}

static int ask(const struct question *question)
{
    struct writer answer;
    struct error error;
    char *path = NULL;
    int status = EXIT_SYSTEM;

    if (!find_socket(question, &path))
        return EXIT_INPUT;
    writer_init(&answer, 0);
    if (admin_ask(path, question->words, question->count, &status, &answer, &error)) {
        fwrite(writer_slice(&answer).at, 1, answer.used, status == EXIT_FINE ? stdout : stderr);
    } else {
        input_complain(&error);
        status = EXIT_SYSTEM;
    }
    writer_fini(&answer);
    free(path);
    return status;
}

static int ask_with(struct question *question, const struct arguments *arguments,
                    const char *command)
{
    add_word(question, command);
    for (size_t i = 0; i < arguments->word_count; i++)
        add_word(question, arguments->words[i]);
    add_option(question, "--as", question->as);
    add_option(question, "--evidence", question->evidence);
    add_option(question, "--state", question->state);
    if (question->json)
        add_word(question, "--json");
    return ask(question);
}

/* ------------------------------------------------------------ looking */

int command_sessions(int count, char **words)
{
    struct question question = { .config = NULL };
    const struct syntax syntax = {
        .usage = "sessions [--json]",
        .about = "The FIX sessions: who is connected, and the sequence numbers.",
        .options = { OPTION_JSON(&question.json), OPTION_CONFIG(&question.config),
                     OPTION_SOCKET(&question.socket) },
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    return ask_with(&question, &arguments, "sessions");
}

int command_session(int count, char **words)
{
    struct question question = { .config = NULL };
    const struct syntax syntax = {
        .usage = "session show|logout|reset|disable|enable NAME [--json]",
        .about = "One FIX session.  logout ends its connection; reset lets both sides begin at 1\n"
                 "again, and logs out first; a session that is disabled takes no Logon until\n"
                 "enable, over restarts too.",
        .options = { OPTION_JSON(&question.json), OPTION_CONFIG(&question.config),
                     OPTION_SOCKET(&question.socket) },
        .word_count_min = 2,
        .word_count_max = 2,
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    return ask_with(&question, &arguments, "session");
}

int command_instructions(int count, char **words)
{
    struct question question = { .config = NULL };
    const struct syntax syntax = {
        .usage = "instructions [--state STATE] [--json]",
        .about = "Instructions, the newest first.",
        .options = { { "state", 0, OPTION_TEXT, "STATE", "held, in_doubt, ... only",
                       &question.state },
                     OPTION_JSON(&question.json),
                     OPTION_CONFIG(&question.config),
                     OPTION_SOCKET(&question.socket) },
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    return ask_with(&question, &arguments, "instructions");
}

int command_show(int count, char **words)
{
    struct question question = { .config = NULL };
    const struct syntax syntax = {
        .usage = "show ID [--json]",
        .about = "One instruction by our id or the asker's: what was asked, every change of its\n"
                 "state with cause, rule and map, the ledger entries, the documents.",
        .options = { OPTION_JSON(&question.json), OPTION_CONFIG(&question.config),
                     OPTION_SOCKET(&question.socket) },
        .word_count_min = 1,
        .word_count_max = 1,
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    return ask_with(&question, &arguments, "show");
}

/* ------------------------------------------------------------ deciding */

static int decide(const char *command, const char *usage, const char *about, bool needs_evidence,
                  int count, char **words)
{
    struct question question = { .config = NULL };
    const struct syntax syntax = {
        .usage = usage,
        .about = about,
        .options = { OPTION_EVIDENCE(&question.evidence), OPTION_CONFIG(&question.config),
                     OPTION_SOCKET(&question.socket) },
        .word_count_min = 1,
        .word_count_max = 1,
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (needs_evidence && question.evidence == NULL)
        return usage_error(command, "--evidence TEXT is missing: why it is done");
    return ask_with(&question, &arguments, command);
}

int command_approve(int count, char **words)
{
    return decide("approve", "approve ID --evidence TEXT",
                  "Releases a held instruction; it goes on behind the rule that held it.", true,
                  count, words);
}

int command_refuse(int count, char **words)
{
    return decide("refuse", "refuse ID [--evidence TEXT]",
                  "Refuses a held instruction; its asker is told, its money is free again.", false,
                  count, words);
}

int command_resolve(int count, char **words)
{
    struct question question = { .config = NULL };
    const struct syntax syntax = {
        .usage = "resolve ID --as settled|refused|reversed --evidence TEXT",
        .about = "Ends a doubt by what the bank has said outside the gateway.",
        .options = { { "as", 0, OPTION_TEXT, "STATE", "settled, refused or reversed",
                       &question.as },
                     OPTION_EVIDENCE(&question.evidence),
                     OPTION_CONFIG(&question.config),
                     OPTION_SOCKET(&question.socket) },
        .word_count_min = 1,
        .word_count_max = 1,
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (question.as == NULL || question.evidence == NULL)
        return usage_error("resolve", "it wants --as STATE and --evidence TEXT");
    return ask_with(&question, &arguments, "resolve");
}

/* ------------------------------------------------------------ importing */

/* The gateway takes the file's text, not its name: it may run elsewhere. */
static int import(const char *command, const char *usage, const char *about, int count,
                  char **words)
{
    struct question question = { .config = NULL };
    const struct syntax syntax = {
        .usage = usage,
        .about = about,
        .options = { OPTION_CONFIG(&question.config), OPTION_SOCKET(&question.socket) },
        .word_count_min = 2,
        .word_count_max = 2,
    };
    struct arguments arguments;
    struct writer text;
    struct error error;
    int status = EXIT_INPUT;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (strcmp(arguments.words[0], "import") != 0)
        return usage_error(command, "it can only import, not \"%s\"", arguments.words[0]);
    writer_init(&text, 0);
    if (input_read(arguments.words[1], &text, &error)) {
        add_word(&question, command);
        add_word(&question, "import");
        question.words[question.count++] = writer_slice(&text);
        status = ask(&question);
    } else {
        input_complain(&error);
    }
    writer_fini(&text);
    return status;
}

int command_links(int count, char **words)
{
    return import("links", "links import FILE",
                  "Imports links: which bank account belongs to which client's custody account.\n"
                  "The file is CSV; its columns are in config/examples/README.md.",
                  count, words);
}

int command_balances(int count, char **words)
{
    return import("balances", "balances import FILE",
                  "Imports opening balances, each once; from then on only ledger entries change\n"
                  "them.  The file is CSV; its columns are in config/examples/README.md.",
                  count, words);
}
