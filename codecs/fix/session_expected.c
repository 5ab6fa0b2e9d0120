/* NextExpectedMsgSeqNum (789): two sides that both tell in their Logons what they
   expect next are sent what they lack, and need not ask. */
#include "codecs/fix/session_machine.h"

bool fix_expected_told(const struct fix_session *session)
{
    return session->options.agreement->next_expected &&
           fix_admin_logon_has(session, TAG_NEXT_EXPECTED_MSG_SEQ_NUM);
}

bool fix_expected_agreed(const struct fix_session *session, const struct fix_message *logon)
{
    return fix_expected_told(session) &&
           fix_message_get(logon, TAG_NEXT_EXPECTED_MSG_SEQ_NUM).at != NULL;
}

/* The number that the peer expects when it lacks nothing. */
static uint64_t most(const struct fix_session *session, const struct fix_incoming *logon)
{
    bool confirms = session->state == FIX_LOGON_SENT;
    if (!logon->resets || (confirms && session->options.reset_on_logon))
        return session->next_out;
    return confirms ? 2 : 1;
}

static bool refuse(struct fix_session *session, const struct fix_incoming *logon, uint64_t number)
{
    struct writer text;
    writer_init(&text, 0);
    writer_format(&text, "NextExpectedMsgSeqNum must be 1 to %llu but is %llu",
                  (unsigned long long)most(session, logon), (unsigned long long)number);
    fix_refuse_saying(session, logon, &fix_fault_next_expected_high, writer_slice(&text));
    writer_fini(&text);
    return false;
}

/* Who expects more than there is has what we have lost, or is somebody else. */
bool fix_expected_is_possible(struct fix_session *session, const struct fix_incoming *logon)
{
    uint64_t number = 0;
    if (!fix_expected_agreed(session, logon->message))
        return true;
    fix_message_get_u64(logon->message, TAG_NEXT_EXPECTED_MSG_SEQ_NUM, &number);
    return (number > 0 && number <= most(session, logon)) || refuse(session, logon, number);
}

bool fix_expected_obey(struct fix_session *session, const struct fix_incoming *logon,
                       uint64_t lacks_below)
{
    uint64_t number;
    if (!fix_expected_agreed(session, logon->message) ||
        !fix_message_get_u64(logon->message, TAG_NEXT_EXPECTED_MSG_SEQ_NUM, &number))
        return false;
    fix_proof_take(session, number - 1);
    if (number < lacks_below)
        fix_sequence_replay(session, number, session->next_out - 1);
    return true;
}
