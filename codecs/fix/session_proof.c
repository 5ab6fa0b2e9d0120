/* What the peer has shown that it has of our messages.  That they were written
   proves nothing: a connection may be lost with them in it.  Where both sides
   are to begin at 1 again nobody can ask for them later, so that a TestRequest
   goes out behind them, and its answer is the proof. */
#include "codecs/fix/session_machine.h"

enum { REST_S = 10 }; /* between a message and the TestRequest behind it */

void fix_proof_need(struct fix_session *session, uint64_t number)
{
    struct fix_proof *proof = &session->proof;
    if (number > proof->needed)
        proof->needed = number;
    if (session->options.wants_proof && proof->needed > proof->proved && proof->since_ns == NEVER)
        proof->since_ns = session->now.steady_ns;
}

void fix_proof_take(struct fix_session *session, uint64_t number)
{
    struct fix_proof *proof = &session->proof;
    if (number > proof->proved)
        proof->proved = number;
    if (proof->proved >= proof->needed)
        proof->since_ns = NEVER;
}

/* Its TestReqID has its number behind: the answer to an earlier TestRequest, that a
   slow peer may still send, shows nothing of what has left since. */
static void write_id(const struct fix_session *session, uint64_t number, struct writer *id)
{
    writer_bytes(id, session->options.agreement->test_req_id);
    writer_char(id, '-');
    writer_u64(id, number);
}

void fix_proof_ask(struct fix_session *session)
{
    struct writer id;
    writer_init(&id, 0);
    session->proof.asked = session->next_out;
    write_id(session, session->proof.asked, &id);
    fix_admin_test_request(session, writer_slice(&id));
    writer_fini(&id);
}

static bool answers(const struct fix_session *session, struct slice test_req_id)
{
    struct writer id;
    writer_init(&id, 0);
    write_id(session, session->proof.asked, &id);
    bool same = slice_equal(test_req_id, writer_slice(&id));
    writer_fini(&id);
    return same;
}

/* In order, a peer answers it after all that came before. */
void fix_proof_answer(struct fix_session *session, struct slice test_req_id)
{
    struct fix_proof *proof = &session->proof;
    if (proof->asked == 0 || test_req_id.at == NULL || !answers(session, test_req_id))
        return;
    uint64_t number = proof->asked;
    proof->asked = 0;
    fix_proof_take(session, number);
    if (proof->since_ns != NEVER)
        proof->since_ns = session->now.steady_ns;
}

/* It lacks this number: what it answers to an earlier TestRequest says nothing of
   what follows. */
void fix_proof_lacks(struct fix_session *session, uint64_t number)
{
    session->proof.asked = 0;
    fix_proof_take(session, number - 1);
    fix_proof_need(session, session->next_out - 1);
}

int64_t fix_proof_due(const struct fix_session *session)
{
    const struct fix_proof *proof = &session->proof;
    bool waits = session->state == FIX_ACTIVE && session->deaf_ns == NEVER && proof->asked == 0 &&
                 !session->replay.active && proof->since_ns != NEVER;
    return waits ? proof->since_ns + SECONDS_NS(REST_S) : NEVER;
}

void fix_session_prove(struct fix_session *session, uint64_t number)
{
    fix_proof_need(session, number);
}

uint64_t fix_session_proved(const struct fix_session *session)
{
    return session->proof.proved;
}
