/* Feeds the engine with what happens and carries out its effects. */
#include "gateway/gateway_parts.h"

void gateway_log(struct gateway *gateway, const struct log_event_kind *kind,
                 const struct log_pair *pairs, unsigned count)
{
    struct log_event event = { .kind = kind, .count = count };

    for (unsigned i = 0; i < count; i++)
        event.pairs[i] = pairs[i];
    log_write(&gateway->log, &event, gateway_now(gateway));
}

/* ------------------------------------------------------------ effects */

static struct channel *find_channel(const struct gateway *gateway, struct slice name)
{
    for (size_t i = 0; gateway->channels[i] != NULL; i++)
        if (slice_equal(gateway->channels[i]->name, name))
            return gateway->channels[i];
    return NULL;
}

/* That it waits for its peer the engine hears behind this effect. */
static void write_bytes(struct gateway *gateway, const struct effect *effect)
{
    const struct input full = { .kind = INPUT_LINK_FULL, .link = effect->link };
    uint64_t id;
    struct listener *listener = gateway_listener_of(gateway, effect->link, &id);

    if (listener_write(listener, id, effect->bytes))
        engine_take(gateway->engine, &full, gateway_now(gateway));
}

static void send_document(struct gateway *gateway, const struct effect *effect)
{
    struct channel *channel = find_channel(gateway, effect->channel);

    if (channel != NULL)
        channel->operations->send(channel, effect->name, effect->bytes);
}

static void file_document(struct gateway *gateway, const struct effect *effect)
{
    struct channel *channel = find_channel(gateway, effect->channel);

    if (channel != NULL)
        channel->operations->filed(channel, effect->name, effect->text);
}

static void at_listener(struct gateway *gateway, const struct effect *effect,
                        void (*act)(struct listener *listener, uint64_t id))
{
    uint64_t id;
    struct listener *listener = gateway_listener_of(gateway, effect->link, &id);

    act(listener, id);
}

static void perform(struct gateway *gateway, const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_WRITE:
        write_bytes(gateway, effect);
        break;
    case EFFECT_DIAL:
        gateway_dial(gateway, effect);
        break;
    case EFFECT_CLOSE:
        at_listener(gateway, effect, listener_hang_up);
        break;
    case EFFECT_PAUSE:
        at_listener(gateway, effect, listener_pause);
        break;
    case EFFECT_RESUME:
        at_listener(gateway, effect, listener_resume);
        break;
    case EFFECT_COMMIT:
        committer_commit(gateway->committer, effect->batch);
        break;
    case EFFECT_READ:
        committer_read(gateway->committer, effect->query);
        break;
    case EFFECT_ARCHIVE:
        committer_archive(gateway->committer, &effect->archive, effect->name);
        break;
    case EFFECT_SEND:
        send_document(gateway, effect);
        break;
    case EFFECT_FILED:
        file_document(gateway, effect);
        break;
    case EFFECT_LOG:
        log_write(&gateway->log, effect->log_event, gateway_now(gateway));
        break;
    case EFFECT_REPLY:
        admin_answer(gateway->admin, effect->command, effect->status, effect->bytes);
        break;
    case EFFECT_STOPPED:
        gateway_close(gateway);
        break;
    }
}

/* Nothing that is carried out here calls back at once, so gateway_take() is never
   entered twice. */
void gateway_perform(struct gateway *gateway)
{
    struct effect effect;

    while (!gateway->closing && engine_next(gateway->engine, &effect))
        perform(gateway, &effect);
}

void gateway_take(struct gateway *gateway, const struct input *input)
{
    if (gateway->closing)
        return;
    if (gateway->waiting) {
        gateway_hold(gateway, input);
        return;
    }
    engine_take(gateway->engine, input, gateway_now(gateway));
    gateway_perform(gateway);
}

/* ------------------------------------------------------------ the loop turn */

static void tick(uv_timer_t *timer)
{
    gateway_take(timer->data, &(struct input){ .kind = INPUT_TICK });
}

static void set_timer(struct gateway *gateway)
{
    int64_t wait_ns = engine_deadline_ns(gateway->engine) - gateway->now.steady_ns;
    uint64_t wait_ms = wait_ns <= 0 ? 0 : (uint64_t)(wait_ns / MILLIS_NS(1)) + 1;

    /* The loop counts from its own idea of now, which may be older. */
    uv_update_time(&gateway->loop);
    uv_timer_start(&gateway->timer, tick, wait_ms, 0);
}

void gateway_turn(struct gateway *gateway)
{
    if (gateway->closing)
        return;
    if (!gateway->waiting) {
        engine_flush(gateway->engine, gateway_now(gateway));
        gateway_perform(gateway);
    }
    if (!gateway->closing)
        set_timer(gateway);
}

/* ------------------------------------------------------------ banks */

static void channel_document(void *owner, struct slice channel, struct slice name,
                             struct slice bytes)
{
    gateway_take(owner,
                 &(struct input){
                     .kind = INPUT_DOCUMENT, .channel = channel, .name = name, .bytes = bytes });
}

static void channel_took(void *owner, struct slice channel, struct slice name)
{
    gateway_take(owner, &(struct input){ .kind = INPUT_TOOK, .channel = channel, .name = name });
}

static void channel_not_took(void *owner, struct slice channel, struct slice name, struct slice why)
{
    gateway_take(
        owner,
        &(struct input){ .kind = INPUT_NOT_TOOK, .channel = channel, .name = name, .text = why });
}

static void channel_fault(void *owner, struct slice channel, struct slice name, struct slice what)
{
    gateway_log(
        owner, &log_file_fault,
        (const struct log_pair[]){ { "channel", channel }, { "file", name }, { "what", what } }, 3);
}

const struct channel_events gateway_channel_events = {
    .document = channel_document,
    .took = channel_took,
    .not_took = channel_not_took,
    .fault = channel_fault,
};

/* ------------------------------------------------------------ operators */

static void operator_command(void *owner, uint64_t id, const struct slice *words, size_t count,
                             struct slice who)
{
    gateway_take(owner, &(struct input){ .kind = INPUT_COMMAND,
                                         .command = id,
                                         .words = words,
                                         .word_count = count,
                                         .who = who });
}

const struct admin_events gateway_admin_events = { .command = operator_command };
