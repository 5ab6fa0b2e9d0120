/* The table of subcommands, and the way from a command line to one of them. */
#include "gateway/commands/commands.h"

#include <stdio.h>
#include <string.h>

#include "codecs/base/error.h"

static const struct command {
    const char *name, *what;
    command_function *run;
} commands[] = {
#define COMMAND(identifier, name, what) { name, what, command_##identifier },
#include "gateway/commands/commands.def"
#undef COMMAND
};

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static void print_help(FILE *file)
{
    fputs("usage: penstock COMMAND [OPTION...] [WORD...]\n\n"
          "A gateway between brokers (FIX) and banks (ISO 20022) for client money.\n\n"
          "commands:\n",
          file);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(file, "  %-14s%s\n", commands[i].name, commands[i].what);
    fputs("\n`penstock COMMAND --help` tells more.  Exit codes: 0 fine, 1 the input is at fault,\n"
          "2 usage, 3 the system failed.\n",
          file);
}

static int unknown_command(const char *name)
{
    const char *names[COMMAND_COUNT];

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    fprintf(stderr, "penstock: there is no command %s%s; `penstock --help` lists them\n", name,
            error_suggestion(slice_of(name), names, COMMAND_COUNT));
    return EXIT_USAGE;
}

int commands_run(int count, char **words)
{
    if (count < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0) {
        print_help(stdout);
        return EXIT_FINE;
    }
    if (strcmp(words[1], "--version") == 0) {
        puts("penstock " PENSTOCK_VERSION);
        return EXIT_FINE;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(words[1], commands[i].name) == 0)
            return commands[i].run(count - 1, words + 1);
    return unknown_command(words[1]);
}
