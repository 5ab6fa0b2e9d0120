/* penstock check: loads a configuration and says all that is wrong with it. */
#include <stdio.h>

#include "config/config.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/net/door.h"

#define ERRORS_MAX 200

static void print_summary(const char *path, const struct config *config)
{
    printf("%s is good: sessions %zu, channels %zu, dictionaries %zu, schemas %zu, maps %zu, "
           "rules %zu\n",
           path, config->session_count, config->channel_count, config->dictionary_count,
           iso_catalogue_count(config->catalogue), config->maps.count, config->rules.count);
}

/* The files of TLS. */
static bool check_doors(const struct config *config, struct error_list *errors)
{
    struct error error;

    for (size_t i = 0; i < config->listener_count; i++) {
        struct door *door = door_new(&config->listeners[i], &error);
        if (door == NULL)
            error_list_add(errors, &error);
        door_free(door);
    }
    return errors->count == 0;
}

int command_check(int count, char **words)
{
    const char *path = CONFIG_DEFAULT;
    const struct syntax syntax = {
        .usage = "check [-c FILE]",
        .about = "Reads the configuration and the dictionaries, schemas, maps and rules that it\n"
                 "names, and proves what can be proved before the first transfer.  Prints all\n"
                 "errors as file:line:column: text, and ends with 1 when there are some.",
        .options = { OPTION_CONFIG(&path) },
    };
    struct arguments arguments;
    struct error_list errors;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    error_list_init(&errors, ERRORS_MAX);
    struct config *config = config_load(path, &errors);
    bool good = config != NULL && check_doors(config, &errors);
    if (good)
        print_summary(path, config);
    else
        input_complain_all(&errors);
    config_free(config);
    error_list_fini(&errors);
    return good ? EXIT_FINE : EXIT_INPUT;
}
