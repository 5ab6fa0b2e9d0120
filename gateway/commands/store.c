/* penstock store: proves a store, copies it, and moves its old days out of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/store/store_backup.h"
#include "gateway/store/store_verify.h"

#define ERRORS_MAX 200

struct wish {
    const char *config, *file;
};

/* The store of the configuration; NULL: the configuration is at fault. */
static char *store_of_configuration(const char *path)
{
    struct error_list errors;
    char *store = NULL;

    error_list_init(&errors, ERRORS_MAX);
    struct config *config = config_load(path, &errors);
    if (config == NULL)
        input_complain_all(&errors);
    else
        store = strndup(config->store_path.at, config->store_path.size);
    error_list_fini(&errors);
    config_free(config);
    return store;
}

static int complain(const struct error *error)
{
    input_complain(error);
    return EXIT_SYSTEM;
}

/* ------------------------------------------------------------ verify */

struct tally {
    size_t count;
    bool quiet; /* only what does not hold */
};

static void print_check(void *owner, const struct store_check *check)
{
    struct tally *tally = owner;

    tally->count++;
    if (check->broken == 0) {
        if (!tally->quiet)
            printf("holds   %-14s  %s\n", check->name, check->sentence);
    } else {
        printf("BROKEN  %-14s  %s: %zu%s: %.*s%s\n", check->name, check->sentence, check->broken,
               check->broken == STORE_VERIFY_COUNTED ? " or more" : "", SLICE_ARG(check->shown),
               check->broken > STORE_VERIFY_SHOWN ? ", ..." : "");
    }
    fflush(stdout); /* a large store takes minutes */
}

static int verify(const char *store, bool quiet)
{
    struct tally tally = { 0, quiet };
    struct error error;
    size_t broken;

    if (!store_verify(store, print_check, &tally, &broken, &error))
        return complain(&error);
    if (broken == 0)
        printf("%s: all %zu checks hold\n", store, tally.count);
    else
        printf("%s: %zu of %zu checks do not hold\n", store, broken, tally.count);
    return broken == 0 ? EXIT_FINE : EXIT_INPUT;
}

static int run_verify(const struct wish *wish)
{
    char *store = wish->file != NULL ? strdup(wish->file) : store_of_configuration(wish->config);
    int status = store == NULL ? EXIT_INPUT : verify(store, false);

    free(store);
    return status;
}

/* ------------------------------------------------------------ backup */

static int run_backup(const struct wish *wish)
{
    char *store;
    struct error error;

    if (wish->file == NULL)
        return usage_error("store", "backup wants the name of a new file");
    if ((store = store_of_configuration(wish->config)) == NULL)
        return EXIT_INPUT;
    int status =
        store_backup(store, wish->file, &error) ? verify(wish->file, true) : complain(&error);
    free(store);
    return status;
}

/* ------------------------------------------------------------ which */

static const struct deed {
    const char *name;
    int (*run)(const struct wish *wish);
} deeds[] = { { "verify", run_verify }, { "backup", run_backup } };

#define DEED_COUNT (sizeof deeds / sizeof *deeds)

static int unknown_deed(const char *name)
{
    const char *names[DEED_COUNT];

    for (size_t i = 0; i < DEED_COUNT; i++)
        names[i] = deeds[i].name;
    return usage_error("store", "it cannot %s%s", name,
                       error_suggestion(slice_of(name), names, DEED_COUNT));
}

int command_store(int count, char **words)
{
    struct wish wish = { .config = CONFIG_DEFAULT };
    const struct syntax syntax = {
        .usage = "store verify [-c FILE | STORE]; store backup TO [-c FILE]",
        .about = "verify proves what the store must hold, one line for each check, also while\n"
                 "the gateway runs; it ends with 1 when a check does not hold.  Without STORE\n"
                 "it is the configuration's.\n"
                 "backup copies the store to a new file while the gateway runs, and proves the\n"
                 "copy.  It never overwrites.",
        .options = { OPTION_CONFIG(&wish.config) },
        .word_count_min = 1,
        .word_count_max = 2,
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (arguments.word_count == 2)
        wish.file = arguments.words[1];
    for (size_t i = 0; i < DEED_COUNT; i++)
        if (strcmp(arguments.words[0], deeds[i].name) == 0)
            return deeds[i].run(&wish);
    return unknown_deed(arguments.words[0]);
}
