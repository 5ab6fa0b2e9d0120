/* Shows the broker's messages to people. */
#include <stdio.h>

#include "gateway/parties/broker_parts.h"

#define FIELDS_MAX 1024

bool broker_parse(const struct broker *broker, struct slice bytes, struct fix_field *fields,
                  size_t room, struct fix_message *message)
{
    const struct fix_fault *fault;
    struct fix_finding finding;
    struct fix_frame frame;

    *message = (struct fix_message){ .fields = fields, .room = room };
    return fix_frame_find(bytes, bytes.size, &frame, &fault) == FIX_FRAME_WHOLE &&
           fix_message_parse(message, &frame, broker->options->dictionary, &finding);
}

/* Of session messages only a Reject and a Logout have something to say. */
static bool says_more(const struct fix_message *message)
{
    return message->type->application || slice_is(message->msg_type, "3") ||
           slice_is(message->msg_type, "5");
}

static void print_message(const struct broker *broker, bool from_us,
                          const struct fix_message *message)
{
    struct slice name = message->type == NULL ? SLICE("unknown message") : message->type->name;
    struct slice number = fix_message_get(message, 34);
    struct writer table;

    printf("%s  %.*s (%.*s), MsgSeqNum %.*s%s\n",
           from_us ? "broker -> gateway" : "gateway -> broker", SLICE_ARG(name),
           SLICE_ARG(message->msg_type), SLICE_ARG(number),
           slice_is(fix_message_get(message, 43), "Y") ? ", sent again" : "");
    if (message->type == NULL || !says_more(message))
        return;
    /* Header and trailer say nothing to people that the line above does not. */
    struct fix_message body = *message;
    body.fields += message->body_first;
    body.count = body.body_end = message->body_end - message->body_first;
    body.body_first = 0;
    writer_init(&table, 0);
    fix_message_print(&body, broker->options->dictionary, &table);
    fwrite(writer_slice(&table).at, 1, table.used, stdout);
    writer_fini(&table);
}

void broker_show(const struct broker *broker, bool from_us, struct slice bytes)
{
    struct fix_field fields[FIELDS_MAX];
    struct fix_message message;

    if (broker->options->quiet || !broker_parse(broker, bytes, fields, FIELDS_MAX, &message))
        return;
    print_message(broker, from_us, &message);
    fflush(stdout);
}
