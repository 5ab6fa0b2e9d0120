/* Whose Logon it is. */
#include "gateway/engine/wire.h"

/* How well a session fits; 0: it does not.  The version counts only between sessions
   with the same ids: a wrong one is the session's to refuse. */
static unsigned fit(const struct config_session *session, const struct fix_logon_names *names)
{
    unsigned agreed = fix_sides_agree(&session->sides, &names->sides);
    bool same_version =
        slice_equal(fix_dictionary_begin_string(session->dictionary), names->begin_string);

    if (session->initiator != NULL || agreed == 0)
        return 0;
    return same_version ? FIX_SIDES_ID_COUNT + agreed : agreed;
}

struct broker_session *identity_find(const struct engine *engine,
                                     const struct fix_logon_names *names)
{
    const struct config *config = engine->configuration->config;
    const struct config_session *best = NULL;
    unsigned best_fit = 0;

    for (size_t i = 0; i < config->session_count; i++) {
        unsigned fits = fit(&config->sessions[i], names);

        if (fits > best_fit) {
            best = &config->sessions[i];
            best_fit = fits;
        }
    }
    return best == NULL ? NULL : broker_session_named(engine, best->name);
}
