/* What a broker has to show before its Logon counts: its certificate, its name and
   its password. */
#include "gateway/engine/wire.h"

/* Names of a certificate stand one a line. */
bool credentials_certified(const struct wire *wire, const struct config_session *session)
{
    struct slice left = wire->names;
    bool may = session->certificate.at == NULL;

    while (!may && left.size > 0) {
        const char *end = memchr(left.at, '\n', left.size);
        size_t size = end == NULL ? left.size : (size_t)(end - left.at) + 1;

        may = slice_equal((struct slice){ left.at, size - (end != NULL) }, session->certificate);
        left = slice_after(left, size);
    }
    return may;
}

/* A wrong name takes as long as a wrong password. */
static bool is_known(const struct config_session *session, const struct fix_logon_names *names)
{
    bool fits = session->password == NULL ||
                password_hash_fits(session->password,
                                   names->password.at == NULL ? SLICE("") : names->password);

    return (session->username.at == NULL ||
            (names->username.at != NULL && slice_equal(names->username, session->username))) &&
           fits;
}

struct slice credentials_fault(const struct wire *wire, const struct config_session *session,
                               const struct fix_logon_names *names, bool *guessed)
{
    *guessed = false;
    if (!credentials_certified(wire, session))
        return SLICE("Logon without the certificate of the session");
    if (session->password != NULL && !wire->secure && !session->password_without_tls)
        return SLICE("Logon with a password over a connection without TLS");
    *guessed = !is_known(session, names);
    return *guessed ? SLICE("Logon without the username and password of the session") : SLICE_NONE;
}
