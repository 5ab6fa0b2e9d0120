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

/* What a command may have beside --config and --socket: bits of asked_options' rows. */
enum {
    ASK_AS = 1 << 0,
    ASK_EVIDENCE = 1 << 1,
    ASK_STATE = 1 << 2,
    ASK_JSON = 1 << 3,
    ASK_FILE = 1 << 4, /* the last word is a file: its text goes over, since the gateway
                          may run elsewhere */
};

/* The word that goes over, whose option is without the dashes. */
static const struct {
    const char *word;
    enum option_kind kind;
    const char *argument, *what;
} asked_options[] = {
    { "--as", OPTION_TEXT, "STATE", "settled, refused or reversed" },
    { "--evidence", OPTION_TEXT, "TEXT", "why: kept with the instruction" },
    { "--state", OPTION_TEXT, "STATE", "held, in_doubt, ... only" },
    { "--json", OPTION_FLAG, NULL, "JSON, for programs" },
};

#define ASKED_OPTION_COUNT (sizeof asked_options / sizeof *asked_options)

struct command_row {
    const char *name, *usage, *about;
    size_t word_count;
    unsigned needed, optional;
};

struct question {
    const char *config, *socket;
    struct {
        const char *text;
        bool flag;
    } options[ASKED_OPTION_COUNT];
    struct slice words[WORDS_MAX];
    size_t count;
};

static void add_word(struct question *question, const char *word)
{
    question->words[question->count++] = slice_of(word);
}

static void add_options(struct question *question)
{
    for (size_t i = 0; i < ASKED_OPTION_COUNT; i++) {
        if (question->options[i].text == NULL && !question->options[i].flag)
            continue;
        add_word(question, asked_options[i].word);
        if (question->options[i].text != NULL)
            add_word(question, question->options[i].text);
    }
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

static struct syntax syntax_of(const struct command_row *row, struct question *question)
{
    struct syntax syntax = { .usage = row->usage,
                             .about = row->about,
                             .word_count_min = row->word_count,
                             .word_count_max = row->word_count };
    size_t count = 0;
    for (size_t i = 0; i < ASKED_OPTION_COUNT; i++) {
        if (((row->needed | row->optional) >> i & 1) == 0)
            continue;
        bool is_flag = asked_options[i].kind == OPTION_FLAG;
        syntax.options[count++] = (struct option){ asked_options[i].word + strlen("--"),
                                                   0,
                                                   asked_options[i].kind,
                                                   asked_options[i].argument,
                                                   asked_options[i].what,
                                                   is_flag ? (void *)&question->options[i].flag
                                                           : (void *)&question->options[i].text };
    }
    syntax.options[count++] = (struct option)OPTION_CONFIG(&question->config);
    syntax.options[count] = (struct option){
        "socket",         0, OPTION_TEXT, "PATH", "the gateway's local socket (default: see -c)",
        &question->socket
    };
    return syntax;
}

/* false: an option that is needed is not there, which is said. */
static bool has_needed(const struct command_row *row, const struct question *question)
{
    for (size_t i = 0; i < ASKED_OPTION_COUNT; i++) {
        if ((row->needed >> i & 1) == 0 || question->options[i].text != NULL)
            continue;
        usage_error(row->name, "%s %s is missing: %s", asked_options[i].word,
                    asked_options[i].argument, asked_options[i].what);
        return false;
    }
    return true;
}

/* words end with the name of a file. */
static int ask_with_file(struct question *question, const char *path)
{
    struct writer text;
    struct error error;
    int status = EXIT_INPUT;

    writer_init(&text, 0);
    if (input_read(path, &text, &error)) {
        question->words[question->count - 1] = writer_slice(&text);
        status = ask(question);
    } else {
        input_complain(&error);
    }
    writer_fini(&text);
    return status;
}

static int run(const struct command_row *row, int count, char **words)
{
    struct question question = { .config = NULL };
    const struct syntax syntax = syntax_of(row, &question);
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (!has_needed(row, &question))
        return EXIT_USAGE;
    add_word(&question, row->name);
    for (size_t i = 0; i < arguments.word_count; i++)
        add_word(&question, arguments.words[i]);
    if ((row->optional & ASK_FILE) == 0) {
        add_options(&question);
        return ask(&question);
    }
    if (strcmp(arguments.words[0], "import") != 0)
        return usage_error(row->name, "it can only import, not \"%s\"", arguments.words[0]);
    return ask_with_file(&question, arguments.words[arguments.word_count - 1]);
}

#define QUESTION(identifier, word_count, needed, optional, usage, about)                           \
    int command_##identifier(int count, char **words)                                              \
    {                                                                                              \
        static const struct command_row row = { #identifier, usage,  about,                        \
                                                word_count,  needed, optional };                   \
        return run(&row, count, words);                                                            \
    }
#include "gateway/commands/questions.def"
#undef QUESTION
