/* Connections of brokers: what one has sent that is not yet a whole message, when it is
   read and when not, and its end. */
#include "gateway/engine/wire.h"

#include <stdlib.h>

static struct wire *find_wire(const struct engine *engine, link_id link)
{
    for (struct table_entry *at = table_first(&engine->wires, link); at != NULL;
         at = table_next(at)) {
        struct wire *wire = at->owner;
        if (wire->link == link)
            return wire;
    }
    return NULL;
}

static struct wire *wire_new(struct engine *engine, const struct input *input)
{
    struct wire *wire = memory_take(sizeof *wire);

    *wire = (struct wire){
        .link = input->link,
        .peer = owned_copy(input->text),
        .port = input->port,
        .names = owned_copy(input->names),
        .nameless = true,
        .dialled = input->name.at != NULL,
        .secure = input->secure,
    };
    wire->deadline = (struct deadline){ .kind = DEADLINE_WIRE, .owner = wire };
    writer_init(&wire->received, 0);
    table_add(&engine->wires, &wire->by_link, wire->link, wire);
    engine->wires_before_logon++;
    return wire;
}

static void close_at_once(struct engine *engine, const struct input *input)
{
    engine_effect(engine, &(struct effect){ .kind = EFFECT_CLOSE, .link = input->link }, false);
}

static void accepted(struct engine *engine, const struct input *input)
{
    if (engine->draining || engine->wires_before_logon == WIRES_BEFORE_LOGON_MAX ||
        wire_throttled(engine, THROTTLE_ADDRESS, input->text)) {
        close_at_once(engine, input);
        return;
    }
    struct wire *wire = wire_new(engine, input);

    deadlines_set(&engine->deadlines, &wire->deadline,
                  engine->now.steady_ns + SECONDS_NS(LOGON_TIMEOUT_S));
}

/* The broker is there: our Logon goes out. */
static void dialled(struct engine *engine, const struct input *input)
{
    struct broker_session *session = broker_session_named(engine, input->name);

    if (session != NULL)
        session->dialling = false;
    if (session != NULL)
        schedule_follow(engine, session);
    if (session == NULL || session->wire != NULL || !engine_open(engine) ||
        !session_open(engine, session)) {
        close_at_once(engine, input);
        return;
    }
    struct wire *wire = wire_new(engine, input);

    if (credentials_certified(wire, session->config)) {
        broker_session_attach(engine, session, wire);
    } else {
        wire_refuse(engine, wire, session->name,
                    SLICE("the broker has not the certificate of the session"));
        dial_later(engine, session);
    }
}

void wire_opened(struct engine *engine, const struct input *input)
{
    if (input->name.at != NULL)
        dialled(engine, input);
    else
        accepted(engine, input);
}

static void wait_no_more(struct engine *engine, struct wire *wire)
{
    engine->wires_waiting -= wire->waits;
    wire->waits = false;
}

static void count_out(struct engine *engine, struct wire *wire)
{
    wait_no_more(engine, wire);
    wire->nameless = false;
    engine->wires_before_logon--;
    engine->size_before_logon -= wire->received.used;
}

/* Takes it out of the table at once; its memory goes when the input is done. */
static void retire(struct engine *engine, struct wire *wire)
{
    if (wire->nameless)
        count_out(engine, wire);
    wire->closed = true;
    deadlines_clear(&engine->deadlines, &wire->deadline);
    table_remove(&engine->wires, &wire->by_link);
    wire->next_closed = engine->closed_wires;
    engine->closed_wires = wire;
}

void wire_named(struct engine *engine, struct wire *wire)
{
    count_out(engine, wire);
    deadlines_clear(&engine->deadlines, &wire->deadline);
}

static void free_wire(struct wire *wire)
{
    writer_fini(&wire->received);
    owned_free(wire->peer);
    owned_free(wire->names);
    free(wire);
}

void wires_sweep(struct engine *engine)
{
    while (engine->closed_wires != NULL) {
        struct wire *wire = engine->closed_wires;
        engine->closed_wires = wire->next_closed;
        free_wire(wire);
    }
}

static struct wire *any_wire(const struct engine *engine)
{
    for (size_t i = 0; i < engine->wires.bucket_count; i++)
        if (engine->wires.buckets[i].first != NULL)
            return engine->wires.buckets[i].first->owner;
    return NULL;
}

void wires_fini(struct engine *engine)
{
    struct wire *wire;

    while ((wire = any_wire(engine)) != NULL)
        retire(engine, wire);
    wires_sweep(engine);
    table_fini(&engine->wires);
}

void wires_close_nameless(struct engine *engine)
{
    for (size_t i = 0; i < engine->wires.bucket_count; i++) {
        struct table_entry *next;
        for (struct table_entry *at = engine->wires.buckets[i].first; at != NULL; at = next) {
            struct wire *wire = at->owner;
            next = at->next;
            if (wire->nameless)
                wire_close(engine, wire);
        }
    }
}

void wire_write(struct engine *engine, struct wire *wire, struct slice bytes, uint64_t batch)
{
    struct effect effect = { .kind = EFFECT_WRITE, .link = wire->link, .bytes = bytes };

    if (wire->closed)
        return;
    if (batch > wire->batch)
        wire->batch = batch;
    effects_push(&engine->effects, &effect, wire->batch);
}

void wire_close(struct engine *engine, struct wire *wire)
{
    struct effect effect = { .kind = EFFECT_CLOSE, .link = wire->link };

    if (wire->closed)
        return;
    effects_push(&engine->effects, &effect, wire->batch);
    retire(engine, wire);
}

void wire_closed(struct engine *engine, const struct input *input)
{
    struct wire *wire = find_wire(engine, input->link);

    if (wire == NULL)
        return;
    if (wire->session != NULL) {
        SAY(engine, session_end, { "session", wire->session->name }, { "peer", wire->peer },
            { "why", input->text.at == NULL ? SLICE("the connection was lost") : input->text });
        broker_session_detach(engine, wire->session);
    }
    retire(engine, wire);
}

void wire_full(struct engine *engine, const struct input *input)
{
    struct wire *wire = find_wire(engine, input->link);

    if (wire != NULL)
        wire->full = true;
}

void wire_drained(struct engine *engine, const struct input *input)
{
    struct wire *wire = find_wire(engine, input->link);

    if (wire == NULL)
        return;
    wire->full = false;
    if (wire->session != NULL)
        replay_go_on(engine, wire->session);
}

static void pause_or_resume(struct engine *engine, struct wire *wire)
{
    bool pause = !broker_session_free(wire->session);

    if (wire->closed || pause == wire->paused)
        return;
    wire->paused = pause;
    broker_session_listen(engine, wire->session, !pause);
    engine_effect(
        engine,
        &(struct effect){ .kind = pause ? EFFECT_PAUSE : EFFECT_RESUME, .link = wire->link },
        false);
}

/* A message that had come too early goes before what has come since; false: there
   is no whole message. */
static bool feed_one(struct engine *engine, struct wire *wire, size_t *used)
{
    struct fix_session *machine = wire->session->machine;
    struct slice bytes = slice_after(writer_slice(&wire->received), *used);
    size_t size;

    if (fix_session_catch_up(machine, engine->now))
        return true;
    if (bytes.size == 0 || (size = fix_session_feed(machine, bytes, engine->now)) == 0)
        return false;
    *used += size;
    return true;
}

void wire_feed(struct engine *engine, struct wire *wire)
{
    struct broker_session *session = wire->session;
    size_t used = 0;

    if (wire->paused && broker_session_free(session))
        broker_session_listen(engine, session, true);
    while (!wire->closed && broker_session_free(session) && feed_one(engine, wire, &used))
        broker_session_pump(engine, session);
    if (wire->closed)
        return;
    writer_drop(&wire->received, used);
    pause_or_resume(engine, wire);
}

/* A peer that goes on sending while it is not read loses its connection. */
static void limit_unread(struct engine *engine, struct wire *wire)
{
    struct broker_session *session = wire->session;

    if (wire->received.used <= session->config->message_size_max + UNREAD_SIZE_MAX)
        return;
    SAY(engine, session_end, { "session", session->name }, { "peer", wire->peer },
        { "why", SLICE("it sends more than is read") });
    broker_session_detach(engine, session);
    wire_close(engine, wire);
}

static void take_received(struct engine *engine, struct wire *wire)
{
    if (wire->session == NULL && !wire_find_logon(engine, wire))
        return;
    wire_feed(engine, wire);
    if (!wire->closed)
        limit_unread(engine, wire);
}

bool wires_try_again(struct engine *engine)
{
    bool due = engine->place_free && engine->wires_waiting > 0;

    engine->place_free = false;
    for (size_t i = 0; due && i < engine->wires.bucket_count; i++) {
        struct table_entry *next;
        for (struct table_entry *at = engine->wires.buckets[i].first; at != NULL; at = next) {
            struct wire *wire = at->owner;
            next = at->next;
            if (!wire->waits)
                continue;
            wait_no_more(engine, wire);
            take_received(engine, wire);
        }
    }
    return due;
}

void wire_bytes(struct engine *engine, const struct input *input)
{
    struct wire *wire = find_wire(engine, input->link);

    if (wire == NULL || input->bytes.size == 0)
        return;
    writer_bytes(&wire->received, input->bytes);
    if (wire->nameless)
        engine->size_before_logon += input->bytes.size;
    take_received(engine, wire);
}
