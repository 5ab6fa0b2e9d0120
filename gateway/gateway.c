/* The gateway's life: everything is opened in one order, run, and closed. */
#include "gateway/gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gateway/gateway_parts.h"
#include "gateway/ops/clock.h"
#include "gateway/ops/folder.h"

static const int signal_numbers[SIGNAL_COUNT] = { SIGTERM, SIGINT, SIGHUP };

struct moment gateway_now(struct gateway *gateway)
{
    if (!gateway->now_is_read)
        gateway->now = clock_now();
    gateway->now_is_read = true;
    return gateway->now;
}

bool gateway_fail(struct gateway *gateway, const struct error *error)
{
    error_write(error, gateway->why);
    return false;
}

/* ------------------------------------------------------------ running */

/* Before the loop waits: what came in this turn is complete. */
static void end_turn(uv_prepare_t *prepare)
{
    struct gateway *gateway = prepare->data;

    gateway_turn(gateway);
    gateway->now_is_read = false;
}

static void take_signal(uv_signal_t *signal, int number)
{
    struct gateway *gateway = signal->data;
    const char *name = number == SIGHUP ? "SIGHUP" : number == SIGINT ? "SIGINT" : "SIGTERM";

    gateway_log(gateway, &log_signal, (const struct log_pair[]){ { "name", slice_of(name) } }, 1);
    if (number == SIGHUP) {
        gateway_reload(gateway);
        return;
    }
    if (gateway->draining) {
        gateway_close(gateway);
        return;
    }
    gateway->draining = true;
    gateway_stop_doors(gateway);
    gateway_take(gateway, &(struct input){ .kind = INPUT_DRAIN });
}

/* ------------------------------------------------------------ opening */

/* All of them at once, so that closing does not ask how far opening came. */
static void init_handles(struct gateway *gateway)
{
    uv_prepare_init(&gateway->loop, &gateway->prepare);
    uv_timer_init(&gateway->loop, &gateway->timer);
    uv_timer_init(&gateway->loop, &gateway->retry);
    uv_async_init(&gateway->loop, &gateway->results, gateway_take_results);
    gateway->prepare.data = gateway->timer.data = gateway->retry.data = gateway;
    gateway->results.data = gateway;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        uv_signal_init(&gateway->loop, &gateway->signals[i]);
        gateway->signals[i].data = gateway;
    }
}

static void start_handles(struct gateway *gateway)
{
    uv_prepare_start(&gateway->prepare, end_turn);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        uv_signal_start(&gateway->signals[i], take_signal, signal_numbers[i]);
}

static bool open_channels(struct gateway *gateway)
{
    const struct config *config = gateway->config;
    size_t size = (config->channel_count + 1) * sizeof(struct channel *);
    struct error error;

    gateway->channels = memory_take(size);
    memset(gateway->channels, 0, size);
    for (size_t i = 0; i < config->channel_count; i++) {
        gateway->channels[i] = channel_directory_open(&gateway->loop, &config->channels[i],
                                                      &gateway_channel_events, gateway, &error);
        if (gateway->channels[i] == NULL)
            return gateway_fail(gateway, &error);
    }
    return true;
}

static bool open_admin(struct gateway *gateway)
{
    const char *path = gateway->config->admin_path.at;
    struct error error;

    if (folder_make_of(path, FOLDER_MODE, &error))
        gateway->admin = admin_open(&gateway->loop, path, &gateway_admin_events, gateway, &error);
    return gateway->admin != NULL || gateway_fail(gateway, &error);
}

static void tell_ready(struct gateway *gateway)
{
    struct writer addresses;

    writer_init(&addresses, 0);
    gateway_write_addresses(gateway, &addresses);
    printf("READY fix=%.*s admin=%.*s\n", SLICE_ARG(writer_slice(&addresses)),
           SLICE_ARG(gateway->config->admin_path));
    writer_fini(&addresses);
    fflush(stdout);
}

static bool open_all(struct gateway *gateway, struct config *configuration)
{
    gateway->config = configuration;
    if (!gateway_store_open(gateway, configuration))
        return false;
    if (!open_channels(gateway) || !open_admin(gateway) || !gateway_open_doors(gateway))
        return false;
    start_handles(gateway);
    tell_ready(gateway);
    return true;
}

/* ------------------------------------------------------------ closing */

/* The store first: its thread must not wake a loop that is going away. */
void gateway_close(struct gateway *gateway)
{
    if (gateway->closing)
        return;
    gateway->closing = true;
    if (gateway->committer != NULL)
        committer_stop(gateway->committer);
    gateway_close_doors(gateway);
    if (gateway->admin != NULL)
        admin_close(gateway->admin);
    for (size_t i = 0; gateway->channels != NULL && gateway->channels[i] != NULL; i++)
        gateway->channels[i]->operations->close(gateway->channels[i]);
    uv_close((uv_handle_t *)&gateway->results, NULL);
    uv_close((uv_handle_t *)&gateway->prepare, NULL);
    uv_close((uv_handle_t *)&gateway->timer, NULL);
    uv_close((uv_handle_t *)&gateway->retry, NULL);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        uv_close((uv_handle_t *)&gateway->signals[i], NULL);
}

bool gateway_run(struct config *configuration, const char *path, struct writer *why)
{
    struct gateway gateway = { .why = why, .reload = { .path = path } };

    uv_loop_init(&gateway.loop);
    log_init(&gateway.log, STDERR_FILENO);
    init_handles(&gateway);
    bool opened = open_all(&gateway, configuration);
    if (!opened)
        gateway_close(&gateway);
    uv_run(&gateway.loop, UV_RUN_DEFAULT);
    engine_free(gateway.engine);
    gateway_forget_held(&gateway);
    gateway_forget_doors(&gateway);
    free(gateway.channels);
    log_fini(&gateway.log);
    uv_loop_close(&gateway.loop);
    return opened && why->used == 0;
}
