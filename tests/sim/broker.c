/* A broker: asks for withdrawals, answers deposits, loses its connection. */
#include "world.h"

#include "codecs/fix/compose.h"
#include "routing/custody/owned.h"

#include <stdio.h>
#include <stdlib.h>

void broker_init(struct broker *broker, struct world *world, unsigned index)
{
    static const char *const names[BROKERS] = { "alpha", "beta" };
    static const char *const comp_ids[BROKERS] = { "BRKALPHA", "BRKBETA" };

    *broker = (struct broker){ .world = world,
                               .name = names[index],
                               .comp_id = comp_ids[index],
                               .dictionary = process_config()->dictionaries[0],
                               .next_in = 1,
                               .next_out = 1,
                               .generation = 1 };
    writer_init(&broker->to_gateway.bytes, 0);
    writer_init(&broker->from_gateway.bytes, 0);
}

static void forget_kept(struct broker *broker)
{
    for (size_t i = 0; i < broker->kept_count; i++)
        owned_free(broker->kept[i].bytes);
    broker->kept_count = 0;
}

void broker_fini(struct broker *broker)
{
    fix_session_free(broker->machine);
    forget_kept(broker);
    free(broker->kept);
    free(broker->requests);
    free(broker->told);
    free(broker->announced);
    writer_fini(&broker->to_gateway.bytes);
    writer_fini(&broker->from_gateway.bytes);
}

static void hear(struct broker *broker, const struct fix_message *message)
{
    if (slice_is(message->msg_type, "j"))
        broker_hear_refusal(broker, message);
    else if (slice_is(message->msg_type, "EA") && fix_message_get(message, 2812).at != NULL)
        broker_hear_report(broker, message);
    else if (slice_is(message->msg_type, "EA"))
        broker_hear_announcement(broker, message);
}

/* --- the machine --- */

static void keep(struct broker *broker, uint64_t number, struct slice bytes)
{
    broker->kept =
        memory_room(broker->kept, broker->kept_count, &broker->kept_room, sizeof *broker->kept);
    broker->kept[broker->kept_count++] =
        (struct kept_message){ .number = number, .bytes = owned_copy(bytes) };
}

static struct kept_message *find_kept(const struct broker *broker, uint64_t number)
{
    size_t first = 0, last = broker->kept_count;

    while (first < last) {
        size_t middle = first + (last - first) / 2;
        if (broker->kept[middle].number < number)
            first = middle + 1;
        else
            last = middle;
    }
    return first < broker->kept_count && broker->kept[first].number == number ? &broker->kept[first]
                                                                              : NULL;
}

void broker_refused(struct broker *broker, uint64_t number)
{
    struct kept_message *kept = find_kept(broker, number);

    if (kept != NULL)
        kept->refused = true;
}

bool broker_kept(const struct broker *broker, uint64_t number)
{
    const struct kept_message *kept = find_kept(broker, number);

    return kept != NULL && !kept->refused;
}

/* Whatever the gateway writes is sound: what is refused would be lost. */
static void check_fault(const struct broker *broker, const struct fix_event *event)
{
    const struct fix_fault *fault = event->fault.fault;

    if (fault->answer == FIX_ANSWER_REJECT || fault->answer == FIX_ANSWER_REJECT_LOGOUT)
        world_fail(broker->world, "%s: message %llu of the gateway is refused: %s", broker->name,
                   (unsigned long long)event->fault.number, fault->text);
}

static void replay(struct broker *broker, uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < broker->kept_count; i++)
        if (broker->kept[i].number >= first && broker->kept[i].number <= last)
            fix_session_replay(broker->machine, broker->kept[i].number, broker->kept[i].bytes,
                               clock_of_peers(broker->world));
    fix_session_replay(broker->machine, last, SLICE_NONE, clock_of_peers(broker->world));
}

/* Logged on, both sides count from the same beginning. */
static void note_generation(struct broker *broker)
{
    uint64_t generation = world_session(broker->world, broker->name).generation;

    if (generation > broker->generation)
        broker->generation = generation;
    broker->wire_generation = generation;
}

void broker_pump(struct broker *broker)
{
    struct fix_event event;
    bool ended = false;

    while (broker->machine != NULL && fix_session_next(broker->machine, &event)) {
        switch (event.kind) {
        case FIX_EVENT_SEND:
            if (event.send.application && !event.send.repeat)
                keep(broker, event.send.number, event.send.bytes);
            if (!event.send.keep_only)
                writer_bytes(&broker->to_gateway.bytes, event.send.bytes);
            break;
        case FIX_EVENT_DELIVER:
            hear(broker, event.deliver.message);
            break;
        case FIX_EVENT_REPLAY:
            replay(broker, event.replay.first, event.replay.last);
            break;
        case FIX_EVENT_RESET:
            broker->generation++;
            forget_kept(broker);
            break;
        case FIX_EVENT_END:
            ended = true;
            break;
        case FIX_EVENT_FAULT:
            check_fault(broker, &event);
            break;
        case FIX_EVENT_LOGON:
            note_generation(broker);
            break;
        }
    }
    if (ended)
        broker_drop(broker);
}

void broker_drop(struct broker *broker)
{
    struct world *world = broker->world;

    if (broker->machine == NULL)
        return;
    broker->next_in = fix_session_next_in(broker->machine);
    broker->next_out = fix_session_next_out(broker->machine);
    fix_session_free(broker->machine);
    broker->machine = NULL;
    writer_reset(&broker->to_gateway.bytes);
    writer_reset(&broker->from_gateway.bytes);
    if (!broker->cut) {
        world->closes = memory_room(world->closes, world->close_count, &world->close_room,
                                    sizeof *world->closes);
        world->closes[world->close_count++] = broker->link;
    }
    broker->link = 0;
    broker->cut = broker->paused = false;
}

/* Where the gateway has begun again at 1, by its schedule or by an operator's hand,
   the broker's people see to it that their side does. */
static void begin_again(struct broker *broker)
{
    uint64_t generation = world_session(broker->world, broker->name).generation;

    if (generation <= broker->generation)
        return;
    broker->next_in = broker->next_out = 1;
    broker->generation = generation;
    forget_kept(broker);
}

void broker_connect(struct broker *broker, bool reset)
{
    struct world *world = broker->world;
    struct fix_session_options options = {
        .role = FIX_INITIATOR,
        .dictionary = broker->dictionary,
        .sides.sender_comp_id = slice_of(broker->comp_id),
        .sides.target_comp_id = SLICE("PENSTOCK"),
        .heartbeat_s = 30,
        .heartbeat_max_s = 60,
        .logon_timeout_s = 10,
        .message_size_max = 65536,
        .reset_on_logon = reset,
    };

    if (broker->machine != NULL)
        return;
    begin_again(broker);
    broker->wire_generation = world_session(world, broker->name).generation;
    broker->link = ++world->last_link;
    broker->last_heard = 0;
    broker->cut = broker->paused = false;
    broker->machine =
        fix_session_new(&options, broker->next_in, broker->next_out, clock_of_peers(world));
    world_give(world, &(struct input){ .kind = INPUT_LINK_OPENED,
                                       .link = broker->link,
                                       .text = SLICE("sim"),
                                       .port = 1 });
    broker_pump(broker);
}

/* It has come back from an older copy of its own: what it heard since, it asks
   for again. */
static void forget_numbers(struct broker *broker)
{
    uint64_t known = broker->next_in - 1;

    if (known != 0 && fault_strikes(broker->world, FAULT_NUMBERS_FORGOTTEN))
        broker->next_in -= 1 + fault_random(broker->world, FAULT_NUMBERS_FORGOTTEN, known);
}

void broker_tick(struct broker *broker)
{
    if (broker->machine == NULL) {
        if (broker->calm)
            broker_connect(broker, false);
        return;
    }
    if (fix_session_deadline_ns(broker->machine) <= broker->world->now.steady_ns)
        fix_session_tick(broker->machine, clock_of_peers(broker->world));
    else
        broker_answer(broker);
    broker_pump(broker);
}

void broker_hear(struct broker *broker, size_t size)
{
    struct writer *bytes = &broker->from_gateway.bytes;

    while (broker->machine != NULL && size != 0) {
        struct slice heard = { bytes->at, size };
        size_t used = fix_session_feed(broker->machine, heard, clock_of_peers(broker->world));
        if (used == 0)
            break;
        /* What was delivered points into the bytes: they go when it is heard. */
        broker_pump(broker);
        while (broker->machine != NULL &&
               fix_session_catch_up(broker->machine, clock_of_peers(broker->world)))
            broker_pump(broker);
        if (broker->machine == NULL)
            return;
        writer_drop(bytes, used);
        size -= used;
    }
    if (broker->cut)
        broker_drop(broker);
}

bool broker_is_quiet(const struct broker *broker)
{
    return broker->machine != NULL && !broker->cut && broker->to_gateway.bytes.used == 0 &&
           broker->from_gateway.bytes.used == 0;
}

/* --- what it does --- */

void broker_repeat_open(struct broker *broker)
{
    if (broker->machine == NULL)
        return;
    broker_ask_open(broker);
    broker_answer_open(broker);
    broker_pump(broker);
}

static void act(struct broker *broker)
{
    struct world *world = broker->world;
    uint64_t what = world_random(world, 100);

    if (what < 65)
        broker_ask(broker);
    else if (what < 85)
        broker_ask_again(broker);
    else if (what < 90)
        broker_repeat_message(broker);
    else if (what < 95)
        broker_answer_nothing(broker);
    else
        fix_session_send(broker->machine, SLICE("C"), SLICE_NONE,
                         SLICE("164=E\00194=0\001147=s\00133=1\00158=x\001"),
                         clock_of_peers(world));
}

void broker_step(struct broker *broker)
{
    struct world *world = broker->world;

    if (broker->machine == NULL) {
        forget_numbers(broker);
        broker_connect(broker, fault_strikes(world, FAULT_SESSION_RESET));
    } else if (fault_strikes(world, FAULT_CONNECTION_DROPPED)) {
        broker_drop(broker);
    } else {
        act(broker);
        broker_pump(broker);
    }
}
