/* penstock tls-check: dials a listener as a broker would, and says what it met. */
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/net/address.h"
#include "gateway/net/connection.h"

#define QUEUE_SIZE_MAX 65536
#define ENTRY_MS       5000
/* In TLS 1.3 a server looks at our certificate when we are through. */
#define REFUSAL_MS 500

struct check {
    uv_loop_t loop;
    uv_timer_t timer;
    struct connection *connection; /* NULL: it has ended */
    const char *address;
    bool passed;
    int status;
};

static void hear_nothing(uv_timer_t *timer)
{
    struct check *check = timer->data;

    check->status = EXIT_FINE;
    if (check->connection != NULL)
        connection_close(check->connection);
    uv_close((uv_handle_t *)timer, NULL);
}

static void opened(void *owner)
{
    struct check *check = owner;
    const struct tls_stream *tls = connection_tls(check->connection);
    struct writer text;

    writer_init(&text, 0);
    writer_format(&text, "%s: ", check->address);
    tls_stream_write_kind(tls, &text);
    writer_text(&text, "\nits certificate is good until ");
    tls_stream_write_end(tls, &text);
    writer_text(&text, ", and has these names:\n");
    tls_stream_write_names(tls, &text);
    fwrite(writer_slice(&text).at, 1, text.used, stdout);
    writer_fini(&text);
    check->passed = true;
    uv_timer_start(&check->timer, hear_nothing, REFUSAL_MS, 0);
}

static void bytes(void *owner, struct slice bytes)
{
    (void)owner;
    (void)bytes;
}

static void closed(void *owner, const char *why)
{
    struct check *check = owner;

    check->connection = NULL;
    if (check->status == EXIT_FINE)
        return;
    fprintf(stderr, "%s: %s: %s\n", check->address,
            check->passed ? "it was open, and then" : "no way in", why);
    uv_close((uv_handle_t *)&check->timer, NULL);
}

static const struct connection_events events = { opened, bytes, closed, NULL };

static void dial(struct check *check, const struct sockaddr_storage *address,
                 struct tls_context *context)
{
    static const struct connection_limits limits = { QUEUE_SIZE_MAX, 0 };
    const struct entry_options entry = { .tls = context, .entry_ms = ENTRY_MS };

    uv_loop_init(&check->loop);
    uv_timer_init(&check->loop, &check->timer);
    check->timer.data = check;
    check->connection = connection_dial(&check->loop, (const struct sockaddr *)address, NULL,
                                        &limits, &entry, &events, check);
    uv_run(&check->loop, UV_RUN_DEFAULT);
    uv_loop_close(&check->loop);
}

/* NULL: the error is told. */
static struct tls_context *context_of(struct tls_options *options, struct slice host)
{
    struct error error;
    char *name = strndup(host.at, host.size);

    if (options->host == NULL)
        options->host = name;
    struct tls_context *context = tls_context_new(options, &error);
    if (context == NULL)
        input_complain(&error);
    free(name);
    return context;
}

static int run(const char *address, struct tls_options *options)
{
    struct check check = { .address = address, .status = EXIT_INPUT };
    struct sockaddr_storage where;
    struct tls_context *context;
    struct slice host;
    struct error error;
    unsigned port;

    if (!address_split(slice_of(address), &host, &port, &error) ||
        !address_resolve(host, port, &where, &error)) {
        input_complain(&error);
        return EXIT_INPUT;
    }
    if ((context = context_of(options, host)) == NULL)
        return EXIT_INPUT;
    dial(&check, &where, context);
    tls_context_free(context);
    return check.status;
}

int command_tls_check(int count, char **words)
{
    struct tls_options options = { .side = TLS_CLIENT };
    const struct syntax syntax = {
        .usage = "tls-check HOST:PORT --trusted FILE [--certificate FILE --key FILE] [--host NAME]",
        .about = "Connects as a broker would and prints the version of TLS, the ciphers, how long\n"
                 "the certificate that it meets is good, and its names; or why there is no way\n"
                 "in.  Sends nothing.  Ends with 1 when it did not get in.",
        .options = { { "trusted", 0, OPTION_TEXT, "FILE", "roots that the certificate has to have",
                       &options.trusted },
                     { "certificate", 0, OPTION_TEXT, "FILE", "what is shown when it is asked for",
                       &options.certificate },
                     { "key", 0, OPTION_TEXT, "FILE", "the key of the certificate", &options.key },
                     { "host", 0, OPTION_TEXT, "NAME",
                       "whose certificate it has to be (default: HOST)", &options.host } },
        .word_count_min = 1,
        .word_count_max = 1,
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    return run(arguments.words[0], &options);
}
