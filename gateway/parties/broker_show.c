/* Shows the broker's messages to people. */
#include <stdio.h>
#include <stdlib.h>

#include "gateway/parties/broker_parts.h"

static size_t count_fields(struct slice bytes)
{
    size_t count = 0;

    for (size_t i = 0; i < bytes.size; i++)
        count += bytes.at[i] == '\001';
    return count;
}

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
    if (message->type == NULL || !message->type->application)
        return;
    writer_init(&table, 0);
    fix_message_print(message, broker->options->dictionary, &table);
    fwrite(table.at, 1, table.used, stdout);
    writer_fini(&table);
}

void broker_show(const struct broker *broker, bool from_us, struct slice bytes)
{
    struct fix_message message;
    size_t room = count_fields(bytes);

    if (broker->options->quiet)
        return;
    struct fix_field *fields = memory_take((room + 1) * sizeof *fields);
    if (broker_parse(broker, bytes, fields, room, &message))
        print_message(broker, from_us, &message);
    fflush(stdout);
    free(fields);
}
