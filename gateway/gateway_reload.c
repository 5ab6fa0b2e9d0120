/* SIGHUP: all files are read again on a worker thread, checked, and taken between
   two inputs of the engine; or the configuration stays as it is, and the log
   says why. */
#include "codecs/base/digest.h"
#include "gateway/gateway_parts.h"

#define ERRORS_MAX 20

static void tell(struct gateway *gateway, struct slice why)
{
    gateway_log(gateway, &log_reload_refused, (const struct log_pair[]){ { "why", why } }, 1);
}

static void tell_error(struct gateway *gateway, const struct error *error)
{
    struct writer text;

    writer_init(&text, 0);
    error_write(error, &text);
    tell(gateway, writer_slice(&text));
    writer_fini(&text);
}

static void tell_errors(struct gateway *gateway, const struct error_list *errors)
{
    for (size_t i = 0; i < errors->count; i++)
        tell_error(gateway, &errors->at[i]);
    if (errors->dropped != 0)
        tell(gateway, SLICE("there are more: `penstock check` shows all"));
}

static void tell_taken(struct gateway *gateway)
{
    struct writer digest;

    writer_init(&digest, 0);
    digest_write_hex(&gateway->config->digest, &digest);
    gateway_log(gateway, &log_reloaded,
                (const struct log_pair[]){ { "configuration", writer_slice(&digest) } }, 1);
    writer_fini(&digest);
}

/* The one before it may be gone as soon as the engine has this one. */
static void take(struct gateway *gateway, struct config *config, struct door **doors)
{
    gateway_change_doors(gateway, config, doors);
    gateway->config = config;
    for (size_t i = 0; gateway->channels[i] != NULL; i++) {
        struct channel *channel = gateway->channels[i];

        channel->operations->configure(channel, config_channel_named(config, channel->name));
    }
    gateway_take(gateway, &(struct input){ .kind = INPUT_CONFIGURATION, .configuration = config });
    tell_taken(gateway);
}

/* false: it is not to be taken, and the log says why. */
static bool is_good(struct gateway *gateway, const struct config *config, struct error_list *errors)
{
    struct error error;

    if (config == NULL || !config_reloadable(gateway->config, config, errors)) {
        tell_errors(gateway, errors);
        return false;
    }
    if (gateway->waiting) {
        tell(gateway, SLICE("the store cannot be read: reload when it can"));
        return false;
    }
    if (!engine_accepts(gateway->engine, config, &error)) {
        tell_error(gateway, &error);
        return false;
    }
    return true;
}

/* Files of TLS are small: they are read here, when all else is good. */
static bool take_if_good(struct gateway *gateway, struct reload *reload)
{
    struct error error;

    if (!is_good(gateway, reload->config, &reload->errors))
        return false;
    struct door **doors = doors_new(reload->config, &error);
    if (doors == NULL)
        tell_error(gateway, &error);
    else
        take(gateway, reload->config, doors);
    return doors != NULL;
}

static void read_files(uv_work_t *work)
{
    struct reload *reload = work->data;

    reload->config = config_load(reload->path, &reload->errors);
}

static void files_are_read(uv_work_t *work, int status)
{
    struct reload *reload = work->data;
    struct gateway *gateway = reload->gateway;
    bool over = status != 0 || gateway->closing || gateway->draining;

    reload->running = false;
    if (over || !take_if_good(gateway, reload))
        config_free(reload->config);
    error_list_fini(&reload->errors);
    if (reload->again && !over)
        gateway_reload(gateway);
}

/* A signal while files are being read may mean that they have changed since. */
void gateway_reload(struct gateway *gateway)
{
    struct reload *reload = &gateway->reload;

    reload->again = reload->running;
    if (reload->running || gateway->closing || gateway->draining)
        return;
    reload->running = true;
    reload->config = NULL;
    reload->gateway = gateway;
    reload->work.data = reload;
    error_list_init(&reload->errors, ERRORS_MAX);
    uv_queue_work(&gateway->loop, &reload->work, read_files, files_are_read);
}
