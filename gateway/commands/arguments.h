/* What a command takes on the command line: a table, from which arguments are
   read and the command's help is written. */
#ifndef PENSTOCK_GATEWAY_COMMANDS_ARGUMENTS_H
#define PENSTOCK_GATEWAY_COMMANDS_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_status {
    EXIT_FINE = 0,
    EXIT_INPUT = 1,  /* what was to be read, checked or done is at fault */
    EXIT_USAGE = 2,  /* the command line is */
    EXIT_SYSTEM = 3, /* the system is: a file, a socket, the store */
};

#define TEXTS_MAX 32

struct texts {
    const char *at[TEXTS_MAX];
    size_t count;
};

enum option_kind {
    OPTION_FLAG,     /* target is bool */
    OPTION_TEXT,     /* const char * */
    OPTION_TEXTS,    /* struct texts: may be given several times */
    OPTION_NUMBER,   /* uint64_t */
    OPTION_DURATION, /* uint64_t, in milliseconds: 250ms, 5s, 2m */
};

struct option {
    const char *name; /* behind "--" */
    char letter;      /* behind "-"; 0: none */
    enum option_kind kind;
    const char *argument; /* "FILE"; NULL for a flag */
    const char *what;
    void *target;
};

#define OPTIONS_MAX 32

struct syntax {
    const char *usage; /* "validate [OPTION...] FILE..." */
    const char *about; /* sentences; may have several lines */
    const char *notes; /* lines behind them; NULL: none */
    struct option options[OPTIONS_MAX];
    size_t word_count_min, word_count_max; /* beside the options */
};

struct arguments {
    char **words; /* those that are no options, in order */
    size_t word_count;
    enum exit_status status;
};

/* words[0] is the command's name.  false: there is nothing more to do (help
   was asked for, or the usage is wrong, which is said), end with status. */
bool arguments_read(struct arguments *arguments, const struct syntax *syntax, int count,
                    char **words);

/* Says on standard error what is wrong and how to get help; returns EXIT_USAGE. */
enum exit_status usage_error(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "250ms", "5s", "2m"; false: not a duration. */
bool duration_read(const char *text, uint64_t *duration_ms);

#define OPTION_CONFIG(target)                                                                      \
    {                                                                                              \
        "config", 'c', OPTION_TEXT, "FILE", "the configuration (default: penstock.yaml)", target   \
    }
#define CONFIG_DEFAULT "penstock.yaml"

#endif
