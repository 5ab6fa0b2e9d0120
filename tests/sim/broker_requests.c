/* What a broker asks for, once and again, and what it is told of it. */
#include "world.h"

#include "codecs/base/arena.h"
#include "codecs/base/moment.h"
#include "codecs/base/writer.h"

#include <stdio.h>

#define DAY_S            86400
#define STATUS_CONFIRMED 3 /* PostTradePaymentStatus; higher is an end too */

static struct request *find_request(struct broker *broker, struct slice id)
{
    for (size_t i = 0; i < broker->request_count; i++)
        if (slice_is(id, broker->requests[i].id))
            return &broker->requests[i];
    return NULL;
}

static struct told *find_told(const struct broker *broker, uint64_t number)
{
    for (size_t i = broker->told_count; i-- != 0;)
        if (broker->told[i].number == number)
            return &broker->told[i];
    return NULL;
}

int broker_told(const struct broker *broker, uint64_t number)
{
    const struct told *told = find_told(broker, number);

    return told == NULL ? -1 : told->rank;
}

/* An end that was told stays the end. */
static void note_rank(struct broker *broker, const struct request *request, int rank)
{
    uint64_t number = witness_number(slice_of(request->report_id));
    struct told *told = find_told(broker, number);

    if (told == NULL) {
        broker->told =
            memory_room(broker->told, broker->told_count, &broker->told_room, sizeof *broker->told);
        told = &broker->told[broker->told_count++];
        *told = (struct told){ .number = number, .rank = -1 };
    }
    if (told->rank >= STATUS_CONFIRMED && rank >= STATUS_CONFIRMED && rank != told->rank)
        world_fail(broker->world, "%s: %s was told as %d and now as %d", broker->name, request->id,
                   told->rank, rank);
    if (rank > told->rank)
        told->rank = rank;
}

void broker_hear_report(struct broker *broker, const struct fix_message *message)
{
    struct world *world = broker->world;
    struct slice id = fix_message_get(message, 2812);
    struct request *request = find_request(broker, id);
    uint64_t rank;

    if (request == NULL)
        world_fail(world, "%s: a report on %.*s, which was never asked for", broker->name,
                   SLICE_ARG(id));
    snprintf(request->report_id, sizeof request->report_id, "%.*s",
             SLICE_ARG(fix_message_get(message, 2799)));
    if (slice_starts(fix_message_get(message, 1328), SLICE("AM05")))
        return;
    if (!fix_message_get_u64(message, 2823, &rank))
        world_fail(world, "%s: a report without a status", broker->name);
    note_rank(broker, request, (int)rank);
    if ((int)rank > request->rank)
        request->rank = (int)rank;
}

/* Most requests name no payee, some the client's own account. */
static const char *choose_payee(struct world *world, const char *client)
{
    static const char *const accounts[] = { "DE73993040500071230455", "DE51993040500071230463",
                                            "883300471" };
    unsigned own = (unsigned)(client[2] - '1');

    if (fault_strikes(world, FAULT_PAYEE_FOREIGN))
        return accounts[(own + 1) % 3];
    return world_chance(world, 20) ? accounts[own] : "";
}

static void write_day(int64_t days, char text[16])
{
    struct date date = date_from_days(days);

    snprintf(text, 16, "%04d%02u%02u", date.year, date.month, date.day);
}

static void ask_for(struct broker *broker, const struct request *request, const char *amount,
                    bool possible_resend)
{
    char body[500], day[16], value_day[16];

    write_day(request->day, day);
    write_day(request->value_day, value_day);
    int size =
        snprintf(body, sizeof body,
                 "2812=%s\0012811=0\00160=%s-09:00:00\001453=1\001448=%s\001447=D\001452=3\0012824="
                 "CASH\0012817=%s\0012818=EUR\0012825=%s\0012826=%s\0012819=0\0012816=%s"
                 "\0012821=P-%s\001",
                 request->id, day, request->client, amount, day, value_day,
                 broker->name[0] == 'a' ? "ACC-7001" : "ACC-9001", request->id);

    if (request->payee[0] != '\0')
        size += snprintf(body + size, sizeof body - (size_t)size,
                         "1158=1\0011164=3\001781=1\001782=P\001783=D\001784=32\001801=1\001785=%s"
                         "\001786=15\001",
                         request->payee);
    fix_session_send(broker->machine, SLICE("DY"), possible_resend ? SLICE("97=Y\001") : SLICE_NONE,
                     (struct slice){ body, (size_t)size }, clock_of_peers(broker->world));
}

static void ask(struct broker *broker, const struct request *request, unsigned cents,
                bool possible_resend)
{
    char amount[32];

    snprintf(amount, sizeof amount, "%u.%02u", cents / 100, cents % 100);
    ask_for(broker, request, amount, possible_resend);
}

static unsigned random_cents(struct world *world, bool large)
{
    if (!large)
        return 1 + (unsigned)world_random(world, 40000);
    return world_chance(world, 60) ? 5000000 + (unsigned)world_random(world, 4000000)
                                   : 1 + (unsigned)world_random(world, 9500000);
}

void broker_ask(struct broker *broker)
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
    request->day = clock_of_peers(world).utc_ns / SECONDS_NS(DAY_S);
    /* Some so far ahead that the day is to come when they are not known any more. */
    request->value_day = request->day + 1 + (world_chance(world, 30) ? 10 : 0);
    request->payee = choose_payee(world, request->client);
    ask(broker, request, request->cents, false);
}

/* Other content under the id of one that may never have arrived would be that one. */
void broker_ask_again(struct broker *broker)
{
    struct world *world = broker->world;
    size_t count = broker->request_count;

    if (count == 0)
        return;
    const struct request *request = &broker->requests[world_random(world, count)];
    if (fault_strikes(world, FAULT_REQUEST_OF_YESTERDAY)) {
        request = &broker->requests[fault_random(world, FAULT_REQUEST_OF_YESTERDAY, count / 8 + 1)];
        ask(broker, request, request->cents, world_chance(world, 50));
    } else if (request->rank >= 0 && fault_strikes(world, FAULT_REQUEST_OTHER)) {
        ask(broker, request, request->cents + 1, world_chance(world, 50));
    } else if (fault_strikes(world, FAULT_REQUEST_REPEATED)) {
        ask(broker, request, request->cents, world_chance(world, 50));
    }
}

static void ask_again(struct broker *broker, const struct request *request,
                      const struct witness_instruction *newest)
{
    char amount[32];

    snprintf(amount, sizeof amount, "%.*s", SLICE_ARG(newest->asked));
    ask_for(broker, request, amount, true);
}

/* As what the newest instruction was asked for, which need not be the first content. */
void broker_ask_open(struct broker *broker)
{
    const struct witness *witness = &broker->world->witness;

    for (size_t i = 0; i < broker->request_count; i++) {
        const struct request *request = &broker->requests[i];
        const struct witness_instruction *newest =
            witness_named(witness, slice_of(broker->name), slice_of(request->id));
        if (newest == NULL)
            ask(broker, request, request->cents, true);
        else if (broker_told(broker, newest->number) < STATUS_CONFIRMED)
            ask_again(broker, request, newest);
    }
}

/* --- a message under its old number --- */

static struct slice up_to(struct slice bytes, const char *tag)
{
    const char *at = memmem(bytes.at, bytes.size, tag, strlen(tag));

    return (struct slice){ bytes.at, at == NULL ? 0 : (size_t)(at - bytes.at) + 1 };
}

static unsigned checksum(struct slice bytes)
{
    unsigned sum = 0;

    for (size_t i = 0; i < bytes.size; i++)
        sum += (unsigned char)bytes.at[i];
    return sum % 256;
}

/* The same with PossDupFlag and OrigSendingTime behind SendingTime. */
static void write_repeat(struct writer *writer, struct slice message)
{
    struct slice begin = up_to(message, "\0019=");
    struct slice head = up_to(message, "\00135=");
    struct slice rest = slice_after(message, head.size);
    size_t end = up_to(rest, "\00110=").size;
    struct slice before_time = up_to(rest, "\00152=");
    struct slice from_time = slice_after(rest, before_time.size);
    struct slice time = { from_time.at + 3, 0 };
    struct writer body;

    while (time.at[time.size] != '\001')
        time.size++;
    writer_init(&body, 0);
    writer_bytes(&body, before_time);
    writer_format(&body, "52=%.*s\00143=Y\001122=%.*s\001", SLICE_ARG(time), SLICE_ARG(time));
    size_t done = before_time.size + 3 + time.size + 1;
    writer_bytes(&body, (struct slice){ rest.at + done, end - done });
    writer_bytes(writer, begin);
    writer_format(writer, "9=%zu\001", body.used);
    writer_bytes(writer, writer_slice(&body));
    writer_format(writer, "10=%03u\001", checksum(writer_slice(writer)));
    writer_fini(&body);
}

void broker_repeat_message(struct broker *broker)
{
    struct world *world = broker->world;
    struct writer writer;

    if (broker->kept_count == 0 || !fix_session_logged_on(broker->machine) ||
        !fault_strikes(world, FAULT_MESSAGE_REPEATED))
        return;
    uint64_t index = fault_random(world, FAULT_MESSAGE_REPEATED, broker->kept_count);
    writer_init(&writer, 0);
    write_repeat(&writer, broker->kept[index].bytes);
    writer_bytes(&broker->to_gateway.bytes, writer_slice(&writer));
    writer_fini(&writer);
}
