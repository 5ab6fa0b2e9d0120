/* The broker's end of the line: connects, logs on, numbers, resends, and comes
   back after every end.  What goes out is in the journal before it is sent. */
#include <stdlib.h>

#include "gateway/net/address.h"
#include "gateway/ops/clock.h"
#include "gateway/parties/broker_parts.h"

#define REDIAL_MS          50
#define QUEUE_SIZE_MAX     (64u << 20)
#define MESSAGE_SIZE_MAX   65536
#define LOGON_TIMEOUT_S    10
#define MESSAGE_FIELDS_MAX 1024

static void keep(struct broker *broker, uint64_t number, struct slice bytes)
{
    struct broker_line *line = &broker->line;

    line->kept = memory_room(line->kept, line->kept_count, &line->kept_room, sizeof *line->kept);
    line->kept[line->kept_count++] =
        (struct kept_message){ number, arena_copy(&broker->kept, bytes) };
}

static void write_numbers(struct broker *broker)
{
    journal_write(&broker->journal, broker->now.utc_ns, "numbers", "%llu %llu",
                  (unsigned long long)broker->line.next_in,
                  (unsigned long long)broker->line.next_out);
}

static void write_message(struct broker *broker, const char *word, uint64_t number,
                          struct slice bytes)
{
    struct arena arena;

    arena_init(&arena, ARENA_UNLIMITED);
    struct slice text = journal_escape(bytes, &arena);
    journal_write(&broker->journal, broker->now.utc_ns, word, "%llu %.*s",
                  (unsigned long long)number, SLICE_ARG(text));
    arena_fini(&arena);
}

/* ------------------------------------------------------------ what the session says */

static void take_send(struct broker *broker, const struct fix_event *event)
{
    struct broker_line *line = &broker->line;
    uint64_t number = event->send.number;

    if (!event->send.repeat) {
        line->next_out = number + 1;
        if (event->send.application) {
            write_message(broker, "out", number, event->send.bytes);
            keep(broker, number, event->send.bytes);
        } else {
            write_numbers(broker);
        }
    }
    broker_show(broker, true, event->send.bytes);
    if (line->connection != NULL)
        connection_write(line->connection, event->send.bytes);
}

static void take_deliver(struct broker *broker, const struct fix_event *event)
{
    broker->line.next_in = event->deliver.number + 1;
    broker->progress_ns = broker->now.steady_ns;
    write_message(broker, "in", event->deliver.number, event->deliver.message->bytes);
    broker_hear(broker, event->deliver.message, true);
}

static void take_replay(struct broker *broker, uint64_t first, uint64_t last)
{
    struct broker_line *line = &broker->line;

    for (size_t i = 0; i < line->kept_count; i++)
        if (line->kept[i].number >= first && line->kept[i].number <= last)
            fix_session_replay(line->session, line->kept[i].number, line->kept[i].bytes,
                               broker->now);
    fix_session_replay(line->session, last, SLICE_NONE, broker->now);
}

static void take_reset(struct broker *broker)
{
    broker->line.kept_count = 0;
    broker->line.next_in = broker->line.next_out = 1;
    journal_write(&broker->journal, broker->now.utc_ns, "reset", "-");
}

static bool send_queued(struct broker *broker)
{
    struct broker_line *line = &broker->line;
    struct queued_message *message = line->queue;

    if (message == NULL || !line->logged_on)
        return false;
    line->queue = message->next;
    if (line->queue == NULL)
        line->queue_end = &line->queue;
    fix_session_send(line->session, message->msg_type, message->header, message->body, broker->now);
    free(message);
    return true;
}

static void take_logon(struct broker *broker)
{
    broker->line.logged_on = true;
    broker->line.logons++;
    broker->progress_ns = broker->now.steady_ns;
}

static void take_end(struct broker *broker)
{
    broker->line.logged_on = false;
    if (broker->line.connection != NULL)
        connection_close(broker->line.connection);
}

static void take_event(struct broker *broker, const struct fix_event *event)
{
    switch (event->kind) {
    case FIX_EVENT_SEND:
        take_send(broker, event);
        break;
    case FIX_EVENT_DELIVER:
        take_deliver(broker, event);
        break;
    case FIX_EVENT_REPLAY:
        take_replay(broker, event->replay.first, event->replay.last);
        break;
    case FIX_EVENT_RESET:
        take_reset(broker);
        break;
    case FIX_EVENT_LOGON:
        take_logon(broker);
        break;
    case FIX_EVENT_FAULT:
        journal_write(&broker->journal, broker->now.utc_ns, "fault", "%s",
                      event->fault.fault->text);
        break;
    case FIX_EVENT_END:
        take_end(broker);
        break;
    }
}

static void tick_due(uv_timer_t *timer);

/* What is sent while a message is being heard waits: the message's bytes are
   good only until the next call on the session. */
static void drain(struct broker *broker)
{
    struct broker_line *line = &broker->line;
    struct fix_event event;

    if (line->session == NULL || line->draining)
        return;
    line->draining = true;
    do {
        while (fix_session_next(line->session, &event))
            take_event(broker, &event);
    } while (send_queued(broker));
    line->draining = false;
    if (line->next_in != fix_session_next_in(line->session)) {
        line->next_in = fix_session_next_in(line->session);
        write_numbers(broker);
    }
    int64_t wait_ns = fix_session_deadline_ns(line->session) - broker->now.steady_ns;
    uv_timer_start(&line->tick, tick_due, wait_ns <= 0 ? 0 : (uint64_t)(wait_ns / MILLIS_NS(1)) + 1,
                   0);
}

static void tick_due(uv_timer_t *timer)
{
    struct broker *broker = timer->data;

    broker_now(broker);
    if (broker->line.session == NULL)
        return;
    fix_session_tick(broker->line.session, broker->now);
    drain(broker);
}

/* ------------------------------------------------------------ the connection */

static void line_opened(void *owner)
{
    struct broker *broker = owner;
    const struct broker_options *options = broker->options;
    const struct fix_session_options session = {
        .role = FIX_INITIATOR,
        .dictionary = options->dictionary,
        .sides.sender_comp_id = options->sender,
        .sides.target_comp_id = options->target,
        .heartbeat_s = options->heartbeat_s,
        .heartbeat_max_s = options->heartbeat_s,
        .logon_timeout_s = LOGON_TIMEOUT_S,
        .message_size_max = MESSAGE_SIZE_MAX,
        /* Without a journal it does not know of an earlier life. */
        .reset_on_logon = options->journal == NULL && broker->line.logons == 0,
    };

    broker_now(broker);
    writer_reset(&broker->line.received);
    broker->line.session =
        fix_session_new(&session, broker->line.next_in, broker->line.next_out, broker->now);
    drain(broker);
}

static void line_bytes(void *owner, struct slice bytes)
{
    struct broker *broker = owner;
    struct broker_line *line = &broker->line;
    size_t used = 0, size = 1;

    broker_now(broker);
    writer_bytes(&line->received, bytes);
    while (line->session != NULL && size > 0) {
        struct slice rest = slice_after(writer_slice(&line->received), used);

        broker_show(broker, false, rest);
        size = fix_session_feed(line->session, rest, broker->now);
        used += size;
        drain(broker);
        while (line->session != NULL && fix_session_catch_up(line->session, broker->now))
            drain(broker);
    }
    writer_drop(&line->received, used);
}

static void dial(uv_timer_t *timer);

static void line_closed(void *owner, const char *why)
{
    struct broker *broker = owner;
    struct broker_line *line = &broker->line;

    (void)why;
    broker_now(broker);
    line->connection = NULL;
    line->logged_on = false;
    line->ends += line->session != NULL;
    fix_session_free(line->session);
    line->session = NULL;
    uv_timer_stop(&line->tick);
    if (!broker->ending)
        uv_timer_start(&line->redial, dial, REDIAL_MS, 0);
}

static const struct connection_events line_events = { line_opened, line_bytes, line_closed, NULL };

static void dial(uv_timer_t *timer)
{
    static const struct connection_limits limits = { .queue_size_max = QUEUE_SIZE_MAX };
    struct broker *broker = timer->data;

    broker->line.connection =
        connection_dial(&broker->loop, (const struct sockaddr *)&broker->line.address, NULL,
                        &limits, NULL, &line_events, broker);
}

bool broker_line_open(struct broker *broker, struct error *error)
{
    struct broker_line *line = &broker->line;

    writer_init(&line->received, 0);
    line->queue_end = &line->queue;
    uv_timer_init(&broker->loop, &line->tick);
    uv_timer_init(&broker->loop, &line->redial);
    line->tick.data = line->redial.data = broker;
    if (!address_resolve(broker->options->host, broker->options->port, &line->address, error))
        return false;
    uv_timer_start(&line->redial, dial, 0, 0);
    return true;
}

void broker_line_close(struct broker *broker)
{
    struct broker_line *line = &broker->line;

    fix_session_free(line->session);
    writer_fini(&line->received);
    free(line->kept);
    while (line->queue != NULL) {
        struct queued_message *message = line->queue;

        line->queue = message->next;
        free(message);
    }
}

static struct slice append(char **at, struct slice text)
{
    struct slice copy = { *at, text.size };

    if (text.at == NULL)
        return SLICE_NONE;
    memcpy(*at, text.at, text.size);
    *at += text.size;
    return copy;
}

void broker_send(struct broker *broker, struct slice msg_type, struct slice header,
                 struct slice body)
{
    struct queued_message *message =
        memory_take(sizeof *message + msg_type.size + header.size + body.size);
    char *at = (char *)(message + 1);

    message->next = NULL;
    message->msg_type = append(&at, msg_type);
    message->header = append(&at, header);
    message->body = append(&at, body);
    *broker->line.queue_end = message;
    broker->line.queue_end = &message->next;
    drain(broker);
}

void broker_drop(struct broker *broker)
{
    if (broker->line.connection != NULL)
        connection_abort(broker->line.connection, "dropped by the script");
}

void broker_logout(struct broker *broker)
{
    struct broker_line *line = &broker->line;

    uv_timer_stop(&line->redial);
    if (line->logged_on) {
        fix_session_logout(line->session, SLICE("end of the simulation"), broker->now);
        drain(broker);
    } else if (line->connection != NULL) {
        connection_abort(line->connection, "end of the simulation");
    }
}

/* ------------------------------------------------------------ an earlier life */

static struct slice take_number(struct slice rest, uint64_t *number)
{
    const char *blank = rest.size == 0 ? NULL : memchr(rest.at, ' ', rest.size);
    size_t size = blank == NULL ? rest.size : (size_t)(blank - rest.at);

    if (!slice_to_u64((struct slice){ rest.at, size }, UINT64_MAX, number))
        *number = 0;
    return slice_after(rest, blank == NULL ? size : size + 1);
}

static void remember_message(struct broker *broker, bool ours, uint64_t number, struct slice bytes)
{
    struct fix_field fields[MESSAGE_FIELDS_MAX];
    struct fix_message message;

    if (ours) {
        broker->line.next_out = number + 1;
        keep(broker, number, bytes);
    } else {
        broker->line.next_in = number + 1;
    }
    if (broker_parse(broker, bytes, fields, MESSAGE_FIELDS_MAX, &message))
        broker_hear(broker, &message, false);
}

void broker_remember(void *owner, struct slice word, struct slice rest)
{
    struct broker *broker = owner;
    uint64_t number;

    if (slice_is(word, "numbers")) {
        rest = take_number(rest, &broker->line.next_in);
        take_number(rest, &broker->line.next_out);
    } else if (slice_is(word, "reset")) {
        broker->line.kept_count = 0;
        broker->line.next_in = broker->line.next_out = 1;
    } else if (slice_is(word, "out") || slice_is(word, "in")) {
        rest = take_number(rest, &number);
        remember_message(broker, slice_is(word, "out"), number,
                         journal_unescape(rest, &broker->kept));
    }
}
