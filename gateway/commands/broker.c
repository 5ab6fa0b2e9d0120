/* penstock broker: a simulated broker. */
#include "gateway/parties/broker.h"

#include <stdio.h>

#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/commands/schemas.h"
#include "gateway/commands/script_file.h"
#include "gateway/net/address.h"

#define ERRORS_MAX  100
#define STDOUT_SIZE 65536

/* What the command line says, as text. */
struct broker_words {
    const char *connect, *sender, *target, *bic, *script, *journal, *prefix;
    const char *client, *account, *amount, *currency, *bank, *payee, *payee_bank, *payee_name;
    uint64_t count, rate, window, open, heartbeat_s, patience_ms;
    struct texts dictionary;
    const char *schemas;
    bool quiet;
};

static struct broker_options options_of(const struct broker_words *words)
{
    return (struct broker_options){
        .sender = slice_of(words->sender),
        .target = slice_of(words->target),
        .bic = slice_of(words->bic),
        .heartbeat_s = (unsigned)words->heartbeat_s,
        .count = words->count,
        .rate = words->rate,
        .window = words->window,
        .open = words->open,
        .prefix = slice_of(words->prefix),
        .order = { .client = slice_of(words->client),
                   .account = slice_of(words->account),
                   .amount = slice_of(words->amount),
                   .currency = slice_of(words->currency),
                   .bank = slice_of(words->bank),
                   .payee = slice_of(words->payee),
                   .payee_bank = slice_of(words->payee_bank),
                   .payee_name = slice_of(words->payee_name) },
        .patience_ms = words->patience_ms,
        .journal = words->journal,
        .quiet = words->quiet,
    };
}

static int run(const struct broker_words *words, struct broker_options options,
               struct error_list *errors)
{
    struct script script = { .count = 0 };
    struct arena arena;
    struct error error = { 0 };
    bool good = true;

    arena_init(&arena, ARENA_UNLIMITED);
    struct fix_dictionary *dictionary = schemas_dictionary(schemas_folder(words->schemas, &arena),
                                                           &words->dictionary, &arena, errors);
    options.dictionary = dictionary;
    if (words->script != NULL) {
        good = script_file_load(words->script, broker_verbs, &script, errors);
        options.script = &script;
    }
    if (dictionary != NULL && good)
        good = broker_run(&options, &error);
    else
        input_complain_all(errors);
    if (error.kind != NULL)
        input_complain(&error);
    script_fini(&script);
    fix_dictionary_free(dictionary);
    arena_fini(&arena);
    return error.kind != NULL ? EXIT_SYSTEM : good && errors->count == 0 ? EXIT_FINE : EXIT_INPUT;
}

static int start(const struct broker_words *given)
{
    struct broker_options options = options_of(given);
    struct error_list errors;
    struct error error;

    if (!address_split(slice_of(given->connect), &options.host, &options.port, &error))
        return usage_error("broker", "--connect wants HOST:PORT, not \"%s\"", given->connect);
    if (given->count > 0 &&
        (given->client == NULL || given->account == NULL || given->payee == NULL))
        return usage_error("broker", "--count needs --client, --account and --payee");
    setvbuf(stdout, NULL, _IOFBF, STDOUT_SIZE); /* a message is written at once */
    error_list_init(&errors, ERRORS_MAX);
    int status = run(given, options, &errors);
    error_list_fini(&errors);
    return status;
}

int command_broker(int count, char **words)
{
    struct broker_words given = {
        .connect = "127.0.0.1:9880",
        .sender = "BRKALPHA",
        .target = "PENSTOCK",
        .bic = "ALBRGB2LXXX",
        .prefix = "W",
        .amount = "1.00",
        .currency = "EUR",
        .window = 64,
        .heartbeat_s = 30,
        .patience_ms = 30000,
    };
    const struct syntax syntax = {
        .usage = "broker [OPTION...]",
        .about =
            "A simulated broker: logs on, does what its script says or sends a load, answers\n"
            "announced deposits, and ends when all is told.  With a journal it goes on\n"
            "after a kill where it was; without one it resets the numbers.  Ends with 1 when\n"
            "an expectation failed or it was told something that cannot be.  A script's lines:",
        .options = { { "connect", 0, OPTION_TEXT, "HOST:PORT", "the gateway (127.0.0.1:9880)",
                       &given.connect },
                     { "sender", 0, OPTION_TEXT, "ID", "our CompID (BRKALPHA)", &given.sender },
                     { "target", 0, OPTION_TEXT, "ID", "the gateway's CompID (PENSTOCK)",
                       &given.target },
                     { "bic", 0, OPTION_TEXT, "BIC", "our BIC (ALBRGB2LXXX)", &given.bic },
                     { "script", 0, OPTION_TEXT, "FILE", "what to do; - is standard input",
                       &given.script },
                     { "journal", 0, OPTION_TEXT, "FILE", "what it remembers over its end",
                       &given.journal },
                     { "count", 0, OPTION_NUMBER, "N", "load: so many withdrawals", &given.count },
                     { "rate", 0, OPTION_NUMBER, "N", "load: so many per second (0: all it can)",
                       &given.rate },
                     { "window", 0, OPTION_NUMBER, "N", "load: so many without a receipt (64)",
                       &given.window },
                     { "open", 0, OPTION_NUMBER, "N", "load: so many without an outcome",
                       &given.open },
                     { "prefix", 0, OPTION_TEXT, "TEXT", "load: of the ids (W)", &given.prefix },
                     { "client", 0, OPTION_TEXT, "ID", "load: of each withdrawal", &given.client },
                     { "account", 0, OPTION_TEXT, "ID", "load: custody account", &given.account },
                     { "amount", 0, OPTION_TEXT, "AMOUNT", "load: amount (1.00)", &given.amount },
                     { "currency", 0, OPTION_TEXT, "CODE", "load: currency (EUR)",
                       &given.currency },
                     { "bank", 0, OPTION_TEXT, "BIC", "load: custodian bank", &given.bank },
                     { "payee", 0, OPTION_TEXT, "ACCOUNT", "load: the client's bank account",
                       &given.payee },
                     { "payee-bank", 0, OPTION_TEXT, "BIC", "load: the client's bank",
                       &given.payee_bank },
                     { "payee-name", 0, OPTION_TEXT, "NAME", "load: the client's name",
                       &given.payee_name },
                     { "heartbeat", 0, OPTION_NUMBER, "S", "HeartBtInt in seconds (30)",
                       &given.heartbeat_s },
                     { "patience", 0, OPTION_DURATION, "TIME",
                       "ends when nothing happens for so long (30s)", &given.patience_ms },
                     { "quiet", 'q', OPTION_FLAG, NULL, "do not show each message", &given.quiet },
                     OPTION_DICTIONARY(&given.dictionary),
                     OPTION_SCHEMAS(&given.schemas) },
        .notes = broker_script_help,
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    return start(&given);
}
