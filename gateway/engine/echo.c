/* Messages that go back to where they came from, so that a broker can test its
   connection without moving money. */
#include "codecs/fix/pen.h"
#include "gateway/engine/machine.h"

enum {
    TAG_CL_ORD_ID = 11,
    TAG_POSS_RESEND = 97,
    TAG_MESSAGE_ENCODING = 347,
    TAG_APPL_VER_ID = 1128,
};

/* Two generations: the older one is let go when the newer one is full. */
static void remember(struct broker_session *session, struct slice id)
{
    if (session->echoes.count == ECHOES_REMEMBERED) {
        index_fini(&session->older_echoes);
        session->older_echoes = session->echoes;
        session->echoes = (struct index){ 0 };
    }
    index_add(&session->echoes, INDEX_MESSAGE, SLICE_NONE, id, 0);
}

static bool seen(const struct broker_session *session, struct slice id)
{
    return index_has(&session->echoes, INDEX_MESSAGE, SLICE_NONE, id) ||
           index_has(&session->older_echoes, INDEX_MESSAGE, SLICE_NONE, id);
}

/* Of the header what says how the message is to be read: the rest is of its way. */
static void write_header(const struct fix_message *message, struct writer *writer)
{
    static const uint32_t kept[] = { TAG_APPL_VER_ID, TAG_POSS_RESEND, TAG_MESSAGE_ENCODING };
    struct fix_pen pen;

    fix_pen_open(&pen, writer);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct slice value = fix_message_get(message, kept[i]);
        if (value.at != NULL)
            fix_pen_text(&pen, kept[i], value);
    }
    fix_pen_close(&pen);
}

/* The body's fields as they came; those that were left out stay behind. */
static void write_body(const struct fix_message *message, struct writer *writer)
{
    struct fix_pen pen;

    fix_pen_open(&pen, writer);
    for (size_t i = message->body_first; i < message->body_end; i++)
        fix_pen_text(&pen, message->fields[i].tag, message->fields[i].value);
    fix_pen_close(&pen);
}

void echo_take(struct engine *engine, const struct delivery *delivery)
{
    struct broker_session *session = delivery->session;
    struct slice id = fix_message_get(delivery->message, TAG_CL_ORD_ID);
    struct writer header, body;

    if (id.at != NULL) {
        bool again = seen(session, id);

        if (again && delivery->possible_resend)
            return;
        if (!again)
            remember(session, id);
    }
    writer_init(&header, 0);
    writer_init(&body, 0);
    write_header(delivery->message, &header);
    write_body(delivery->message, &body);
    broker_session_send_echo(engine, session, delivery->message, writer_slice(&header),
                             writer_slice(&body));
    writer_fini(&header);
    writer_fini(&body);
}
