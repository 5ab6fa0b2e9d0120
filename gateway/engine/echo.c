/* Messages that go back to where they came from, so that a broker can test its
   connection without moving money. */
#include "codecs/fix/compose.h"
#include "gateway/engine/machine.h"

enum {
    TAG_CL_ORD_ID = 11,
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

/* The body's fields as they came; those that were left out stay behind. */
static void write_body(const struct fix_message *message, struct writer *writer)
{
    for (size_t i = message->body_first; i < message->body_end; i++)
        fix_write_field(writer, message->fields[i].tag, message->fields[i].value);
}

void echo_take(struct engine *engine, const struct delivery *delivery)
{
    struct broker_session *session = delivery->session;
    struct slice id = fix_message_get(delivery->message, TAG_CL_ORD_ID);
    struct slice header = delivery->possible_resend ? SLICE("97=Y\001") : SLICE_NONE;
    struct writer body;

    if (id.at != NULL) {
        bool again = seen(session, id);

        if (again && delivery->possible_resend)
            return;
        if (!again)
            remember(session, id);
    }
    writer_init(&body, 0);
    write_body(delivery->message, &body);
    broker_session_send_echo(engine, session, delivery->message, header, writer_slice(&body));
    writer_fini(&body);
}
