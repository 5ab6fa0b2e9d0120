/* penstock store: proves a store, copies it, and moves its old days out of it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/engine/archive.h"
#include "gateway/ops/admin.h"
#include "gateway/ops/clock.h"
#include "gateway/store/store.h"
#include "gateway/store/store_backup.h"
#include "gateway/store/store_verify.h"

#define ERRORS_MAX 200

struct wish {
    const char *config, *file; /* the word behind the deed */
    const char *archive, *before, *to;
};

/* NULL: the errors are told. */
static struct config *load(const char *path)
{
    struct error_list errors;

    error_list_init(&errors, ERRORS_MAX);
    struct config *config = config_load_gateway(path, &errors);
    if (config == NULL)
        input_complain_all(&errors);
    error_list_fini(&errors);
    return config;
}

/* The store of the configuration; NULL: the configuration is at fault. */
static char *store_of_configuration(const char *path)
{
    struct config *config = load(path);
    char *store = NULL;

    if (config != NULL)
        store = strndup(config->store_path.at, config->store_path.size);
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

static int verify(const char *store, const char *archive, bool quiet)
{
    struct tally tally = { 0, quiet };
    struct error error;
    size_t broken;

    if (!store_verify(store, archive, print_check, &tally, &broken, &error))
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
    int status = store == NULL ? EXIT_INPUT : verify(store, wish->archive, false);

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
        store_backup(store, wish->file, &error) ? verify(wish->file, NULL, true) : complain(&error);
    free(store);
    return status;
}

/* ------------------------------------------------------------ archive */

#define ROWS_AT_A_TIME 500

/* No gateway runs, so that there is nobody to make way for. */
static int move_all(struct store *store, const char *file, int64_t before_utc_ns)
{
    struct archive_order order = {
        .before_utc_ns = before_utc_ns,
        .spared = UINT64_MAX,
        .limit = ROWS_AT_A_TIME,
        .first = true,
    };
    struct archive_progress progress = { .more = true }, sum = { .more = false };
    struct error error = { .kind = NULL };
    struct writer text;

    while (progress.more && error.kind == NULL) {
        if (store->operations->archive(store, file, &order, &progress, &error))
            archive_add(&sum, &progress);
        order.first = false;
    }
    if (error.kind != NULL)
        input_complain(&error);
    writer_init(&text, 0);
    archive_write(&sum, slice_of(file), &text);
    printf("%.*s\n", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
    return error.kind == NULL ? EXIT_FINE : EXIT_SYSTEM;
}

/* An empty file is none yet: whoever opens it makes one. */
static bool is_there(const char *path, struct error *error)
{
    struct stat found;
    int fault = stat(path, &found) != 0 ? errno : found.st_size == 0 ? ENOENT : 0;

    return fault == 0 || error_at(error, &store_open_failed, (struct place){ .source = path }, "%s",
                                  strerror(fault));
}

/* A store that is not there is not made. */
static int archive_alone(const struct config *config, const struct wish *wish, const char *file)
{
    struct slice date = wish->before == NULL ? SLICE_NONE : slice_of(wish->before);
    const char *path = config->store_path.at;
    int64_t before_utc_ns;
    struct error error;

    const char *why =
        archive_before(date, clock_now().utc_ns, config->store_window_s, &before_utc_ns);
    if (why != NULL) {
        fprintf(stderr, "%s\n", why);
        return EXIT_INPUT;
    }
    if (!is_there(path, &error))
        return complain(&error);
    struct store *store = store_sqlite_open(path, SLICE("NOBODY"), &error);
    if (store == NULL)
        return complain(&error);
    int status = move_all(store, file, before_utc_ns);
    store->operations->close(store);
    return status;
}

/* The running gateway moves its own rows; it may run in another folder. */
static bool ask_gateway(const struct config *config, const struct wish *wish, const char *file,
                        int *status)
{
    struct slice words[6] = { SLICE("store"), SLICE("archive"), SLICE("--to"), slice_of(file) };
    size_t count = 4;
    struct writer answer;
    struct error error;

    if (wish->before != NULL) {
        words[count++] = SLICE("--before");
        words[count++] = slice_of(wish->before);
    }
    writer_init(&answer, 0);
    bool reached = admin_ask(config->admin_path.at, words, count, status, &answer, &error);
    if (reached)
        fwrite(writer_slice(&answer).at, 1, answer.used, *status == EXIT_FINE ? stdout : stderr);
    else if (error.kind == &admin_cut_short)
        *status = complain(&error);
    writer_fini(&answer);
    return reached || error.kind == &admin_cut_short;
}

/* As it is called from any folder; freed by the caller. */
static char *whole_path(const struct config *config, const char *to)
{
    char folder[PATH_MAX] = "";
    char *path = NULL;
    int size;

    if (to == NULL)
        size = asprintf(&path, "%s.archive", config->store_path.at);
    else
        size = asprintf(&path, "%s", to);
    if (size < 0 || path[0] == '/')
        return size < 0 ? NULL : path;
    char *relative = path;
    size = getcwd(folder, sizeof folder) == NULL ? -1 : asprintf(&path, "%s/%s", folder, relative);
    free(relative);
    return size < 0 ? NULL : path;
}

static int run_archive(const struct wish *wish)
{
    struct config *config = load(wish->config);
    int status = EXIT_INPUT;

    if (config == NULL)
        return EXIT_INPUT;
    char *file = whole_path(config, wish->to);
    if (file == NULL)
        status = EXIT_SYSTEM;
    else if (!ask_gateway(config, wish, file, &status))
        status = archive_alone(config, wish, file);
    free(file);
    config_free(config);
    return status;
}

/* ------------------------------------------------------------ which */

static const struct deed {
    const char *name;
    int (*run)(const struct wish *wish);
} deeds[] = { { "verify", run_verify }, { "backup", run_backup }, { "archive", run_archive } };

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
        .usage = "store verify [STORE] | backup TO | archive [OPTION...]",
        .about = "verify proves what the store must hold, one line for each check, also while\n"
                 "the gateway runs; it ends with 1 when a check does not hold.  Without STORE\n"
                 "it is the configuration's.\n"
                 "backup copies the store to a new file while the gateway runs, and proves the\n"
                 "copy.  It never overwrites.\n"
                 "archive moves what has ended before the store's window out of it, while the\n"
                 "gateway runs or not.",
        .options = { OPTION_CONFIG(&wish.config),
                     { "archive", 0, OPTION_TEXT, "FILE",
                       "verify: prove store and archive together", &wish.archive },
                     { "before", 0, OPTION_TEXT, "DATE",
                       "archive: what has ended before this day, in UTC", &wish.before },
                     { "to", 0, OPTION_TEXT, "FILE", "archive: its file (default: STORE.archive)",
                       &wish.to } },
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
