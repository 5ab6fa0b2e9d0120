/* A broker: asks for withdrawals, answers deposits, loses its connection. */
#include "world.h"

#include "codecs/fix/compose.h"
#include "routing/custody/owned.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    STATUS_CONFIRMED = 3, /* PostTradePaymentStatus */
    STATUS_REJECTED = 4,
};

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
    free(broker->announced);
    writer_fini(&broker->to_gateway.bytes);
    writer_fini(&broker->from_gateway.bytes);
}

/* --- what comes in --- */

static struct request *find_request(struct broker *broker, struct slice id)
{
    for (size_t i = 0; i < broker->request_count; i++)
        if (slice_is(id, broker->requests[i].id))
            return &broker->requests[i];
    return NULL;
}

static void hear_report(struct broker *broker, const struct fix_message *message)
{
    struct world *world = broker->world;
    struct slice id = fix_message_get(message, 2812);
    struct request *request = find_request(broker, id);
    uint64_t rank;

    if (request == NULL)
        world_fail(world, "%s: a report on %.*s, which was never asked for", broker->name,
                   SLICE_ARG(id));
    if (slice_starts(fix_message_get(message, 1328), SLICE("AM05")))
        return;
    if (!fix_message_get_u64(message, 2823, &rank))
        world_fail(world, "%s: a report without a status", broker->name);
    if (request->rank >= STATUS_CONFIRMED && (int)rank >= STATUS_CONFIRMED &&
        (int)rank != request->rank)
        world_fail(world, "%s: %s was told as %d and now as %d", broker->name, request->id,
                   request->rank, (int)rank);
    if ((int)rank > request->rank)
        request->rank = (int)rank;
}

static void answer(struct broker *broker, struct announced *announced, bool yes)
{
    char body[120];
    int size =
        snprintf(body, sizeof body, "2799=%s\0012806=%d\001", announced->report_id, yes ? 1 : 2);

    if (yes)
        announced->yes++;
    else
        announced->no++;
    fix_session_send(broker->machine, SLICE("EB"), SLICE_NONE, (struct slice){ body, (size_t)size },
                     broker->world->now);
}

static void hear_announcement(struct broker *broker, const struct fix_message *message)
{
    struct world *world = broker->world;
    struct slice id = fix_message_get(message, 2799);

    for (size_t i = 0; i < broker->announced_count; i++)
        if (slice_is(id, broker->announced[i].report_id))
            return;
    broker->announced = memory_room(broker->announced, broker->announced_count,
                                    &broker->announced_room, sizeof *broker->announced);
    struct announced *announced = &broker->announced[broker->announced_count++];
    *announced = (struct announced){ .silent = world_chance(world, 15) };
    snprintf(announced->report_id, sizeof announced->report_id, "%.*s", SLICE_ARG(id));
    if (announced->silent)
        return;
    bool yes = world_chance(world, 70);
    unsigned times = world_chance(world, 20) ? 2 : 1;
    while (times-- != 0)
        answer(broker, announced, yes);
}

static void hear(struct broker *broker, const struct fix_message *message)
{
    if (slice_is(message->msg_type, "j"))
        world_fail(broker->world, "%s: %.*s", broker->name,
                   SLICE_ARG(fix_message_get(message, 58)));
    if (!slice_is(message->msg_type, "EA"))
        return;
    if (fix_message_get(message, 2812).at != NULL)
        hear_report(broker, message);
    else
        hear_announcement(broker, message);
}

/* --- the machine --- */

static void keep(struct broker *broker, uint64_t number, struct slice bytes)
{
    broker->kept =
        memory_room(broker->kept, broker->kept_count, &broker->kept_room, sizeof *broker->kept);
    broker->kept[broker->kept_count++] = (struct kept_message){ number, owned_copy(bytes) };
}

bool broker_kept(const struct broker *broker, uint64_t number)
{
    size_t first = 0, last = broker->kept_count;

    while (first < last) {
        size_t middle = first + (last - first) / 2;
        if (broker->kept[middle].number < number)
            first = middle + 1;
        else
            last = middle;
    }
    return first < broker->kept_count && broker->kept[first].number == number;
}

static void replay(struct broker *broker, uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < broker->kept_count; i++)
        if (broker->kept[i].number >= first && broker->kept[i].number <= last)
            fix_session_replay(broker->machine, broker->kept[i].number, broker->kept[i].bytes,
                               broker->world->now);
    fix_session_replay(broker->machine, last, SLICE_NONE, broker->world->now);
}

static void pump(struct broker *broker)
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
        case FIX_EVENT_LOGON:
        case FIX_EVENT_FAULT:
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

void broker_connect(struct broker *broker, bool reset)
{
    struct world *world = broker->world;
    struct fix_session_options options = {
        .role = FIX_INITIATOR,
        .dictionary = broker->dictionary,
        .sender_comp_id = slice_of(broker->comp_id),
        .target_comp_id = SLICE("PENSTOCK"),
        .heartbeat_s = 30,
        .heartbeat_max_s = 60,
        .logon_timeout_s = 10,
        .message_size_max = 65536,
        .reset_on_logon = reset,
    };

    if (broker->machine != NULL)
        return;
    broker->link = ++world->last_link;
    broker->last_heard = 0;
    broker->cut = broker->paused = false;
    broker->machine = fix_session_new(&options, broker->next_in, broker->next_out, world->now);
    world_give(world, &(struct input){ .kind = INPUT_LINK_OPENED,
                                       .link = broker->link,
                                       .text = SLICE("sim"),
                                       .port = 1 });
    pump(broker);
}

void broker_tick(struct broker *broker)
{
    if (broker->machine == NULL) {
        if (broker->calm)
            broker_connect(broker, false);
        return;
    }
    if (fix_session_deadline_ns(broker->machine) > broker->world->now.steady_ns)
        return;
    fix_session_tick(broker->machine, broker->world->now);
    pump(broker);
}

void broker_hear(struct broker *broker, size_t size)
{
    struct writer *bytes = &broker->from_gateway.bytes;

    while (broker->machine != NULL && size != 0) {
        struct slice heard = { bytes->at, size };
        size_t used = fix_session_feed(broker->machine, heard, broker->world->now);
        if (used == 0)
            break;
        /* What was delivered points into the bytes: they go when it is heard. */
        pump(broker);
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

/* --- what it wants --- */

static void ask(struct broker *broker, const struct request *request, unsigned cents,
                bool possible_resend)
{
    char body[400];
    int size = snprintf(
        body, sizeof body,
        "2812=%s\0012811=0\00160=20260302-09:00:00\001453=1\001448=%s\001447=D\001452=3\0012824="
        "CASH\0012817=%u.%02u\0012818=EUR\0012825=20260302\0012826=20260303\0012819=0\0012816=%s"
        "\0012821=P-%s\001",
        request->id, request->client, cents / 100, cents % 100,
        broker->name[0] == 'a' ? "ACC-7001" : "ACC-9001", request->id);

    fix_session_send(broker->machine, SLICE("DY"), possible_resend ? SLICE("97=Y\001") : SLICE_NONE,
                     (struct slice){ body, (size_t)size }, broker->world->now);
}

static unsigned random_cents(struct world *world, bool large)
{
    if (!large)
        return 1 + (unsigned)world_random(world, 40000);
    return world_chance(world, 60) ? 5000000 + (unsigned)world_random(world, 4000000)
                                   : 1 + (unsigned)world_random(world, 9500000);
}

static void ask_new(struct broker *broker)
{
    struct world *world = broker->world;

    if (!world_asks(world))
        return;
    broker->requests = memory_room(broker->requests, broker->request_count, &broker->request_room,
                                   sizeof *broker->requests);
    struct request *request = &broker->requests[broker->request_count++];
    bool alpha = broker->name[0] == 'a';
    bool large = alpha && world_chance(world, 25);

    *request = (struct request){ .client = !alpha ? "C-3" : large ? "C-2" : "C-1", .rank = -1 };
    snprintf(request->id, sizeof request->id, "W-%zu", broker->request_count);
    request->cents = random_cents(world, large);
    ask(broker, request, request->cents, false);
}

static void ask_again(struct broker *broker)
{
    struct world *world = broker->world;

    if (broker->request_count == 0)
        return;
    const struct request *request = &broker->requests[world_random(world, broker->request_count)];
    /* Other content under the id of one that may never have arrived would be that one. */
    bool other = request->rank >= 0 && world_chance(world, 20);

    ask(broker, request, request->cents + (other ? 1 : 0), world_chance(world, 50));
}

void broker_repeat_open(struct broker *broker)
{
    if (broker->machine == NULL)
        return;
    for (size_t i = 0; i < broker->request_count; i++)
        if (broker->requests[i].rank < STATUS_CONFIRMED)
            ask(broker, &broker->requests[i], broker->requests[i].cents, true);
    for (size_t i = 0; i < broker->announced_count; i++)
        if (!broker->announced[i].silent)
            answer(broker, &broker->announced[i], broker->announced[i].yes != 0);
    pump(broker);
}

void broker_step(struct broker *broker)
{
    struct world *world = broker->world;
    uint64_t what = world_random(world, 100);

    if (broker->machine == NULL)
        broker_connect(broker, fault_strikes(world, FAULT_SESSION_RESET));
    else if (fault_strikes(world, FAULT_CONNECTION_DROPPED))
        broker_drop(broker);
    else if (what < 70)
        ask_new(broker);
    else if (what < 90)
        ask_again(broker);
    else
        fix_session_send(broker->machine, SLICE("C"), SLICE_NONE,
                         SLICE("164=E\00194=0\001147=s\00133=1\00158=x\001"), world->now);
    pump(broker);
}
