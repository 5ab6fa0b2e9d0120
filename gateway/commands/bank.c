/* penstock bank: a simulated bank. */
#include "gateway/parties/bank.h"

#include <stdio.h>

#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/commands/schemas.h"
#include "gateway/commands/script_file.h"

#define ERRORS_MAX  100
#define STDOUT_SIZE 65536

static int run(struct bank_options options, const char *schemas, const char *path,
               struct error_list *errors)
{
    struct script script = { .count = 0 };
    struct arena arena;
    struct error error = { 0 };
    bool good = true;

    arena_init(&arena, ARENA_UNLIMITED);
    struct iso_catalogue *catalogue =
        schemas_catalogue(schemas_folder(schemas, &arena), &arena, errors);
    options.catalogue = catalogue;
    if (path != NULL) {
        good = script_file_load(path, bank_verbs, &script, errors);
        options.script = &script;
    }
    if (catalogue != NULL && good)
        good = bank_run(&options, &error);
    else
        input_complain_all(errors);
    if (error.kind != NULL)
        input_complain(&error);
    script_fini(&script);
    iso_catalogue_free(catalogue);
    arena_fini(&arena);
    return error.kind != NULL ? EXIT_SYSTEM : good && errors->count == 0 ? EXIT_FINE : EXIT_INPUT;
}

int command_bank(int count, char **words)
{
    const char *bic = "ICBXCNBJXXX", *gateway = "ALBRGB2LXXX", *script = NULL, *schemas = NULL;
    struct bank_options options = { .directory = NULL };
    const struct syntax syntax = {
        .usage = "bank --directory DIR [OPTION...]",
        .about = "A simulated bank at the far end of a directory channel: checks and answers what\n"
                 "it finds in out/, announces deposits, and proves that nothing came twice with\n"
                 "other bytes.  What it took stays in taken/, with its journal.  Ends with the\n"
                 "script, or with SIGTERM; with 1 when something was wrong.  Lines of a script:",
        .options = { { "directory", 'd', OPTION_TEXT, "DIR", "the channel's folder",
                       &options.directory },
                     { "script", 0, OPTION_TEXT, "FILE", "what to do; - is standard input",
                       &script },
                     { "stay", 0, OPTION_FLAG, NULL, "stay when the script is done",
                       &options.stay },
                     { "rules", 0, OPTION_FLAG, NULL, "the cents of an amount choose the answer",
                       &options.rules_by_cents },
                     { "delay", 0, OPTION_DURATION, "TIME", "before each answer (0ms)",
                       &options.delay_ms },
                     { "bic", 0, OPTION_TEXT, "BIC", "the bank's (ICBXCNBJXXX)", &bic },
                     { "to", 0, OPTION_TEXT, "BIC", "whom it writes to (ALBRGB2LXXX)", &gateway },
                     { "quiet", 'q', OPTION_FLAG, NULL, "do not show each document",
                       &options.quiet },
                     OPTION_SCHEMAS(&schemas) },
        .notes = bank_script_help,
    };
    struct arguments arguments;
    struct error_list errors;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (options.directory == NULL)
        return usage_error("bank", "--directory is missing: the folder of the channel");
    options.bic = slice_of(bic);
    options.gateway_bic = slice_of(gateway);
    options.stay = options.stay || script == NULL;
    setvbuf(stdout, NULL, _IOFBF, STDOUT_SIZE); /* a message is written at once */
    error_list_init(&errors, ERRORS_MAX);
    int status = run(options, schemas, script, &errors);
    error_list_fini(&errors);
    return status;
}
