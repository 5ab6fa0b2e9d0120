/* The subcommands of penstock: one file each, and the table of all of them,
   commands.def. */
#ifndef PENSTOCK_GATEWAY_COMMANDS_COMMANDS_H
#define PENSTOCK_GATEWAY_COMMANDS_COMMANDS_H

#include "gateway/commands/arguments.h"

/* words[0] is the command's name; the result is the exit code. */
typedef int command_function(int count, char **words);

#define COMMAND(identifier, name, what) command_function command_##identifier;
#include "gateway/commands/commands.def"
#undef COMMAND

/* Runs what the command line asks for. */
int commands_run(int count, char **words);

#endif
