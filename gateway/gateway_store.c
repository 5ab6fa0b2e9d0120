/* The store on its thread, the engine that is made from what it holds, and the
   making of it again after a failure. */
#include <stdio.h>
#include <sys/random.h>

#include "codecs/base/digest.h"
#include "gateway/gateway_parts.h"
#include "gateway/ops/folder.h"

#define STORE_LOG_LONG (UINT64_C(32) << 20) /* twice where it is moved into the store */

/* Randomness of the system: it is there or the process must not run. */
static void fill_random(unsigned char *bytes, size_t size)
{
    while (getrandom(bytes, size, 0) != (ssize_t)size) {
    }
}

static struct store *open_store(const struct config *config, struct error *error)
{
    unsigned char bytes[STORE_IDENTITY_SIZE];
    struct writer text;

    if (!folder_make_of(config->store_path.at, FOLDER_MODE, error)) {
        error->kind = &store_open_failed;
        error->place.source = config->store_path.at;
        return NULL;
    }
    fill_random(bytes, sizeof bytes);
    writer_init(&text, 0);
    base32_write((struct slice){ (const char *)bytes, sizeof bytes }, &text);
    struct store *store = store_sqlite_open(config->store_path.at,
                                            (struct slice){ text.at, STORE_IDENTITY_SIZE }, error);
    writer_fini(&text);
    return store;
}

static bool load(struct gateway *gateway, struct store *store, struct error *error)
{
    struct loaded loaded;

    store->operations->load(store);
    while (store->operations->load_next(store, &loaded, error))
        engine_load(gateway->engine, &loaded);
    return error->kind == NULL;
}

/* Only a configuration that serves what the store has open. */
static bool begin(struct gateway *gateway, struct store *store, struct error *error)
{
    if (!load(gateway, store, error) || !engine_accepts(gateway->engine, gateway->config, error))
        return false;
    engine_begin(gateway->engine, gateway_now(gateway));
    return true;
}

static void make_engine(struct gateway *gateway, const struct store *store,
                        struct config *configuration)
{
    const struct store_operations *operations = store->operations;
    struct engine_start start = {
        .configuration = configuration,
        .identity = operations->identity(store),
        .epoch = operations->epoch(store),
        .last_batch = operations->last_batch(store),
        .last_number = operations->last_number(store),
        .now = gateway_now(gateway),
    };

    fill_random(start.seed, sizeof start.seed);
    gateway->engine = engine_new(&start);
}

/* ------------------------------------------------------------ results */

/* What only a person can mend: to go on would be to pretend. */
static void give_up(struct gateway *gateway, const struct error *error)
{
    gateway_fail(gateway, error);
    gateway_log(gateway, &log_store_lost,
                (const struct log_pair[]){ { "why", writer_slice(gateway->why) } }, 1);
    gateway_close(gateway);
}

static void wait_or_give_up(struct gateway *gateway, const struct error *error)
{
    struct writer why;

    if (store_fault_lasts(error->kind)) {
        give_up(gateway, error);
        return;
    }
    writer_init(&why, 0);
    error_write(error, &why);
    gateway_wait(gateway, writer_slice(&why));
    writer_fini(&why);
}

/* The sessions are told before the store is asked: it may not answer for long. */
static void forget(struct gateway *gateway)
{
    engine_rebuild(gateway->engine, gateway_now(gateway));
    gateway_perform(gateway);
}

void gateway_load_again(struct gateway *gateway)
{
    struct error error;

    if (gateway->closing)
        return;
    forget(gateway);
    struct store *store = committer_borrow(gateway->committer);
    bool loaded = load(gateway, store, &error);
    committer_give_back(gateway->committer);
    if (!loaded) {
        wait_or_give_up(gateway, &error);
        return;
    }
    engine_begin(gateway->engine, gateway_now(gateway));
    gateway_resume(gateway);
}

/* What the engine believed since the last commit is forgotten and read again. */
static void start_again(struct gateway *gateway, const struct committer_result *failed,
                        struct slice why)
{
    gateway_take(gateway, &(struct input){
                              .kind = INPUT_COMMIT_FAILED, .batch = failed->batch, .text = why });
    if (!store_fault_lasts(failed->error.kind)) {
        gateway_load_again(gateway);
        return;
    }
    forget(gateway);
    give_up(gateway, &failed->error);
}

static void take_failure(struct gateway *gateway, const struct committer_result *result)
{
    struct writer why;

    writer_init(&why, 0);
    error_write(&result->error, &why);
    if (result->kind == COMMITTER_COMMIT_FAILED || store_fault_lasts(result->error.kind))
        start_again(gateway, result, writer_slice(&why));
    else
        gateway_take(gateway, &(struct input){ .kind = result->kind == COMMITTER_READ_FAILED
                                                           ? INPUT_ANSWER
                                                           : INPUT_ARCHIVED,
                                               .ticket = result->ticket,
                                               .text = writer_slice(&why) });
    writer_fini(&why);
}

/* Told when it is long, and again whenever it has doubled. */
static void watch_log(struct gateway *gateway, uint64_t size)
{
    char text[24];
    int length = snprintf(text, sizeof text, "%llu", (unsigned long long)size);
    const struct log_pair pair = { "size", { text, (size_t)length } };

    if (size >= STORE_LOG_LONG && size >= 2 * gateway->log_told) {
        gateway_log(gateway, &log_store_log_long, &pair, 1);
        gateway->log_told = size;
    } else if (size < STORE_LOG_LONG && gateway->log_told != 0) {
        gateway_log(gateway, &log_store_log_short, &pair, 1);
        gateway->log_told = 0;
    }
}

static void take_result(struct gateway *gateway, const struct committer_result *result)
{
    switch (result->kind) {
    case COMMITTER_COMMITTED:
        watch_log(gateway, result->log_size);
        gateway_take(gateway, &(struct input){ .kind = INPUT_COMMITTED, .batch = result->batch });
        break;
    case COMMITTER_ANSWER:
        gateway_take(gateway, &(struct input){ .kind = INPUT_ANSWER,
                                               .ticket = result->ticket,
                                               .answer = &result->answer });
        break;
    case COMMITTER_ARCHIVED:
        gateway_take(gateway, &(struct input){ .kind = INPUT_ARCHIVED,
                                               .ticket = result->ticket,
                                               .archived = result->progress });
        break;
    case COMMITTER_COMMIT_FAILED:
    case COMMITTER_READ_FAILED:
    case COMMITTER_ARCHIVE_FAILED:
        take_failure(gateway, result);
        break;
    }
}

void gateway_take_results(uv_async_t *results)
{
    struct gateway *gateway = results->data;
    struct committer_result result;

    while (!gateway->closing && committer_next(gateway->committer, &result))
        take_result(gateway, &result);
}

static void wake(void *argument)
{
    struct gateway *gateway = argument;

    uv_async_send(&gateway->results);
}

bool gateway_store_open(struct gateway *gateway, struct config *configuration)
{
    struct error error;
    struct store *store = open_store(configuration, &error);

    if (store == NULL) {
        gateway_fail(gateway, &error);
        config_free(configuration);
        return false;
    }
    make_engine(gateway, store, configuration);
    if (!begin(gateway, store, &error)) {
        gateway_fail(gateway, &error);
        store->operations->close(store);
        return false;
    }
    gateway->committer = committer_start(store, wake, gateway);
    if (gateway->committer != NULL)
        return true;
    store->operations->close(store);
    error_at(&error, &store_open_failed, PLACE_NONE, "the system gives no thread for it");
    return gateway_fail(gateway, &error);
}
