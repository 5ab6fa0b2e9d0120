/* penstock run: the gateway, in the foreground. */
#include <stdio.h>

#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/gateway.h"

#define ERRORS_MAX 200

int command_run(int count, char **words)
{
    const char *path = CONFIG_DEFAULT;
    const struct syntax syntax = {
        .usage = "run [-c FILE]",
        .about = "Runs the gateway in the foreground.  Prints a line that starts with READY and\n"
                 "names its addresses when all is open; logs to standard error.  SIGTERM and\n"
                 "SIGINT log the sessions out and end it with 0; a second one ends it at once,\n"
                 "with nothing lost.  SIGHUP reads the configuration again, and takes it when all\n"
                 "of it is good.",
        .options = { OPTION_CONFIG(&path) },
    };
    struct arguments arguments;
    struct error_list errors;
    struct writer why;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    error_list_init(&errors, ERRORS_MAX);
    struct config *config = config_load(path, &errors);
    if (config == NULL)
        input_complain_all(&errors);
    error_list_fini(&errors);
    if (config == NULL)
        return EXIT_INPUT;
    writer_init(&why, 0);
    bool ran = gateway_run(config, path, &why);
    if (!ran)
        fprintf(stderr, "%.*s\n", SLICE_ARG(writer_slice(&why)));
    writer_fini(&why);
    return ran ? EXIT_FINE : EXIT_SYSTEM;
}
