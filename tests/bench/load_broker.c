/* One broker: writes requests, and notes when they are receipted and settled. */
#include "load.h"

#include "codecs/base/arena.h"
#include "codecs/fix/compose.h"
#include "codecs/fix/frame.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MESSAGE_SIZE_MAX = 65536,
    HEARTBEAT_S = 60, /* longer than a load: no session message is measured */
    SETTLED = 3,      /* PostTradePaymentStatus (2823) */
};

#define DAY_NS SECONDS_NS(86400)

static int64_t utc_ns(void)
{
    struct timespec at;

    clock_gettime(CLOCK_REALTIME, &at);
    return SECONDS_NS(at.tv_sec) + at.tv_nsec;
}

/* The value of a field; absent: there is none. */
static struct slice field_of(struct slice message, const char *tag)
{
    char start[16];
    int size = snprintf(start, sizeof start, "\001%s=", tag);
    const char *found = memmem(message.at, message.size, start, (size_t)size);

    if (found == NULL)
        return SLICE_NONE;
    const char *value = found + size;
    const char *end = memchr(value, '\001', (size_t)(message.at + message.size - value));
    return end == NULL ? SLICE_NONE : (struct slice){ value, (size_t)(end - value) };
}

/* ------------------------------------------------------------ out */

static void begin_message(struct load_broker *broker, struct fix_compose *compose, const char *type)
{
    char name[16];

    snprintf(name, sizeof name, "BRK%03u", broker->number);
    fix_compose_begin(compose, &broker->message, SLICE("FIX.4.4"), slice_of(type));
    fix_compose_text(compose, 49, slice_of(name));
    fix_compose_text(compose, 56, SLICE("PENSTOCK"));
    fix_compose_u64(compose, 34, broker->next_out++);
    fix_compose_time(compose, 52, utc_ns());
}

static void end_message(struct load_broker *broker, struct fix_compose *compose)
{
    writer_bytes(&broker->out, fix_compose_end(compose));
    writer_reset(&broker->message);
}

/* What the bench's links say of a client: the payee is always the same. */
static struct slice fields_of(unsigned number)
{
    static const char format[] =
        "2811=0|60=%.*s|453=3|448=ALBRGB2LXXX|447=B|452=7|448=C-%03u|447=D|452=3|"
        "448=ICBXCNBJXXX|447=B|452=28|2824=CASH|2817=1.00|2818=EUR|2825=%.*s|2826=%.*s|2819=0|"
        "2816=CMA-EUR-%03u|1158=1|1164=3|781=2|782=Lindenhof Werkzeugbau GmbH|783=D|784=32|801=2|"
        "785=DE51993040500071230463|786=15|785=Lindenhof Werkzeugbau GmbH|786=23|"
        "782=RHBXDEFFXXX|783=B|784=109|";
    struct writer now, today, tomorrow, fields;
    size_t size;

    writer_init(&now, 0);
    writer_init(&today, 0);
    writer_init(&tomorrow, 0);
    writer_init(&fields, 0);
    fix_timestamp_write(utc_ns(), &now);
    fix_date_write(date_from_days(utc_ns() / DAY_NS), &today);
    fix_date_write(date_from_days(utc_ns() / DAY_NS + 1), &tomorrow);
    writer_format(&fields, format, SLICE_ARG(writer_slice(&now)), number,
                  SLICE_ARG(writer_slice(&today)), SLICE_ARG(writer_slice(&tomorrow)), number);
    writer_fini(&now);
    writer_fini(&today);
    writer_fini(&tomorrow);
    char *text = writer_take(&fields, &size);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)(text[i] == '|' ? '\001' : text[i]);
    return (struct slice){ text, size };
}

/* Scattered over all ids that there may be, another one at each call. */
static uint64_t scattered(uint64_t number)
{
    number = (number ^ number >> 31) * UINT64_C(0x7fb5d329728ea185);
    return (number ^ number >> 27) * UINT64_C(0x81dadef4bc2dd44d);
}

static void write_id(const struct load_broker *broker, char *id, size_t room)
{
    if (strcmp(broker->ids, "random") == 0)
        snprintf(id, room, "%016" PRIx64 "-%u",
                 scattered((uint64_t)utc_ns() * 1000 + broker->number), broker->sent);
    else
        snprintf(id, room, "%s-%u", broker->ids, broker->sent);
}

void load_broker_ask(struct load_broker *broker)
{
    struct fix_compose compose;
    char id[64];

    write_id(broker, id, sizeof id);
    begin_message(broker, &compose, "DY");
    fix_compose_text(&compose, 2812, slice_of(id));
    fix_compose_fields(&compose, broker->fields);
    end_message(broker, &compose);
    broker->requests[broker->sent++].sent_ns = load_now_ns();
}

void load_broker_flush(struct load_broker *broker)
{
    struct slice bytes = writer_slice(&broker->out);

    while (bytes.size > 0) {
        ssize_t size = send(broker->socket, bytes.at, bytes.size, MSG_NOSIGNAL);
        if (size < 0)
            load_fail("cannot send", slice_of(strerror(errno)));
        bytes = slice_after(bytes, (size_t)size);
    }
    writer_reset(&broker->out);
}

/* ------------------------------------------------------------ in */

static struct load_request *request_of(struct load_broker *broker, struct slice message)
{
    struct slice id = field_of(message, "2812");
    const char *dash = id.at == NULL ? NULL : memrchr(id.at, '-', id.size);
    uint64_t number;

    if (dash == NULL ||
        !slice_to_u64(slice_after(id, (size_t)(dash + 1 - id.at)), broker->sent, &number))
        load_fail("a message about no request", message);
    return &broker->requests[number];
}

static void take_report(struct load_broker *broker, struct slice message)
{
    struct load_request *request = request_of(broker, message);
    uint64_t status;

    if (!slice_to_u64(field_of(message, "2823"), 99, &status) || status > SETTLED)
        load_fail("a withdrawal is not settled", message);
    if (status != SETTLED || request->settled_ns != 0)
        return;
    request->settled_ns = load_now_ns();
    broker->settled++;
}

static void take_message(struct load_broker *broker, struct slice message)
{
    struct slice type = field_of(message, "35");

    if (slice_is(type, "DZ"))
        request_of(broker, message)->receipt_ns = load_now_ns();
    else if (slice_is(type, "EA"))
        take_report(broker, message);
    else if (!slice_is(type, "A") && !slice_is(type, "0"))
        load_fail("an unexpected message", message);
}

void load_broker_hear(struct load_broker *broker)
{
    char block[65536];
    struct fix_frame frame;
    const struct fix_fault *fault;
    ssize_t size = recv(broker->socket, block, sizeof block, 0);
    size_t used = 0;

    if (size <= 0)
        load_fail("the gateway has gone", slice_of(size < 0 ? strerror(errno) : "end of file"));
    writer_bytes(&broker->received, (struct slice){ block, (size_t)size });
    struct slice received = writer_slice(&broker->received);
    while (fix_frame_find(slice_after(received, used), MESSAGE_SIZE_MAX, &frame, &fault) ==
           FIX_FRAME_WHOLE) {
        used += frame.bytes.size;
        take_message(broker, frame.bytes);
    }
    writer_drop(&broker->received, used);
}

/* ------------------------------------------------------------ life */

static int dial(const char *address)
{
    const char *colon = strrchr(address, ':');
    struct sockaddr_in where = { .sin_family = AF_INET };
    int on = 1;

    if (colon == NULL)
        load_fail("not an address", slice_of(address));
    where.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(line, (const struct sockaddr *)&where, sizeof where) != 0)
        load_fail("cannot connect", slice_of(strerror(errno)));
    setsockopt(line, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return line;
}

void load_broker_open(struct load_broker *broker, unsigned number, const char *address,
                      const char *ids, unsigned room)
{
    struct fix_compose compose;

    *broker = (struct load_broker){
        .number = number, .socket = dial(address), .next_out = 1, .ids = ids
    };
    broker->requests = memory_take(room * sizeof *broker->requests);
    memset(broker->requests, 0, room * sizeof *broker->requests);
    broker->fields = fields_of(number);
    writer_init(&broker->received, 0);
    writer_init(&broker->message, 0);
    writer_init(&broker->out, 0);
    begin_message(broker, &compose, "A");
    fix_compose_u64(&compose, 98, 0);
    fix_compose_u64(&compose, 108, HEARTBEAT_S);
    fix_compose_text(&compose, 141, SLICE("Y"));
    end_message(broker, &compose);
    load_broker_flush(broker);
    load_broker_hear(broker);
}

void load_broker_close(struct load_broker *broker)
{
    close(broker->socket);
    free(broker->requests);
    free((char *)broker->fields.at);
    writer_fini(&broker->received);
    writer_fini(&broker->message);
    writer_fini(&broker->out);
}
