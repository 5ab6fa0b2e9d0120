/* Which application version a message of a FIXT session has: its own ApplVerID,
   else that of its MsgType in the peer's Logon, else the Logon's default. */
#include "codecs/fix/session_machine.h"

static const struct fix_application *find(const struct fix_session *session, struct slice id)
{
    for (size_t i = 0; i < session->options.application_count; i++)
        if (slice_equal(session->options.applications[i].appl_ver_id, id))
            return &session->options.applications[i];
    return NULL;
}

void fix_version_init(struct fix_session *session)
{
    session->dictionary = session->options.dictionary;
    names_init(&session->spoken.types);
    if (session->options.application_count > 0)
        session->spoken.ours = session->spoken.theirs = &session->options.applications[0];
}

void fix_version_fini(struct fix_session *session)
{
    names_fini(&session->spoken.types);
}

const struct fix_dictionary *fix_version_of(const struct fix_session *session,
                                            const struct fix_message *message)
{
    struct slice id = fix_message_get(message, TAG_APPL_VER_ID);
    if (session->spoken.theirs == NULL || fix_kind_of(message->msg_type) != FIX_APPLICATION)
        return session->dictionary;
    if (id.at != NULL) {
        const struct fix_application *application = find(session, id);
        return application == NULL ? NULL : application->dictionary;
    }
    size_t row = names_find(&session->spoken.types, message->msg_type);
    return row == NAMES_NONE ? session->dictionary : session->options.applications[row].dictionary;
}

bool fix_version_acceptable(const struct fix_session *session, const struct fix_message *logon)
{
    return session->spoken.ours == NULL ||
           find(session, fix_message_get(logon, TAG_DEFAULT_APPL_VER_ID)) != NULL;
}

/* A field of the group's instance that is fields [at, end). */
static struct slice get(const struct fix_message *message, size_t at, size_t end, uint32_t tag)
{
    for (; at < end; at++)
        if (message->fields[at].tag == tag)
            return message->fields[at].value;
    return SLICE_NONE;
}

/* MsgDirection is seen from the sender: R is what it takes from us. */
static void take_type(struct fix_session *session, const struct fix_message *logon, size_t at,
                      size_t end)
{
    const struct fix_application *application =
        find(session, get(logon, at, end, TAG_REF_APPL_VER_ID));
    bool is_default = slice_is(get(logon, at, end, TAG_DEFAULT_VER_INDICATOR), "Y");
    bool is_ours = slice_is(get(logon, at, end, TAG_MSG_DIRECTION), "R");
    if (application == NULL || !is_default || is_ours)
        return;
    const struct fix_message_type *type =
        fix_dictionary_message(application->dictionary, get(logon, at, end, TAG_REF_MSG_TYPE));
    if (type != NULL)
        names_add(&session->spoken.types, type->msg_type,
                  (size_t)(application - session->options.applications));
}

static void take_types(struct fix_session *session, const struct fix_message *logon)
{
    const struct fix_member *count = fix_members_find(&logon->type->body, TAG_NO_MSG_TYPES);
    size_t at = logon->body_first;
    while (at < logon->body_end && logon->fields[at].tag != TAG_NO_MSG_TYPES)
        at++;
    if (at == logon->body_end || count == NULL || count->group == NULL)
        return;
    size_t end = fix_message_group_end(logon, count->group, at + 1, logon->body_end);
    for (at++; at < end;) {
        size_t next = fix_message_instance_end(logon, count->group, at, end);
        take_type(session, logon, at, next);
        at = next;
    }
}

/* An acceptor speaks what it was asked for, an initiator what it has asked for. */
void fix_version_take(struct fix_session *session, const struct fix_message *logon)
{
    struct fix_spoken *spoken = &session->spoken;
    if (spoken->theirs == NULL)
        return;
    spoken->theirs = find(session, fix_message_get(logon, TAG_DEFAULT_APPL_VER_ID));
    session->dictionary = spoken->theirs->dictionary;
    if (session->options.role == FIX_ACCEPTOR)
        spoken->ours = spoken->theirs;
    names_fini(&spoken->types);
    names_init(&spoken->types);
    take_types(session, logon);
}

const struct fix_dictionary *fix_session_dictionary(const struct fix_session *session)
{
    return session->dictionary;
}

struct slice fix_session_appl_ver_id(const struct fix_session *session,
                                     const struct fix_dictionary *dictionary)
{
    const struct fix_spoken *spoken = &session->spoken;
    if (session->options.application_count < 2 ||
        (fix_session_logged_on(session) && spoken->ours->dictionary == dictionary))
        return SLICE_NONE;
    for (size_t i = 0; i < session->options.application_count; i++)
        if (session->options.applications[i].dictionary == dictionary)
            return session->options.applications[i].appl_ver_id;
    return SLICE_NONE;
}
