/* Whose Logon it is. */
#include "gateway/engine/wire.h"

/* How well a session with these ids fits; 0: it does not.  The version counts only
   between sessions with the same ids: a wrong one is the session's to refuse. */
static unsigned fit(const struct config_session *session, const struct fix_sides *sides,
                    const struct fix_logon_names *names)
{
    unsigned agreed = fix_sides_agree(sides, &names->sides);
    bool same_version =
        slice_equal(fix_dictionary_begin_string(session->dictionary), names->begin_string);

    if (session->initiator != NULL || agreed == 0)
        return 0;
    return same_version ? FIX_SIDES_ID_COUNT + agreed : agreed;
}

/* The best of the sessions of the file, or of its templates, for which each CompID is
   the broker's. */
static const struct config_session *best(const struct config *config,
                                         const struct fix_logon_names *names, bool templates)
{
    const struct config_session *found = NULL;
    unsigned best_fit = 0;

    for (size_t i = 0; i < config->session_count; i++) {
        const struct config_session *session = &config->sessions[i];
        struct fix_sides sides = session->sides;

        if (session->is_template != templates)
            continue;
        if (templates)
            sides.target_comp_id = names->sides.sender_comp_id;
        unsigned fits = fit(session, &sides, names);
        if (fits > best_fit) {
            found = session;
            best_fit = fits;
        }
    }
    return found;
}

const struct config_session *identity_find(struct engine *engine,
                                           const struct fix_logon_names *names)
{
    const struct config *config = engine->configuration->config;
    const struct config_session *found = best(config, names, false);
    const struct config_session *template = best(config, names, true);

    if (found != NULL || template == NULL)
        return found;
    struct slice name =
        config_template_name(template, names->sides.sender_comp_id, &engine->scratch);
    return name.at == NULL ? NULL : config_template_session(template, name, &engine->scratch);
}

bool identity_has_room(const struct engine *engine, const struct config_session *session)
{
    const struct config *config = engine->configuration->config;
    const struct config_session *template = config_session_of(config, session->name);
    size_t count = 0;

    for (size_t i = 0; i < engine->session_count; i++)
        count += config_session_of(config, engine->sessions[i]->name) == template;
    return count < template->sessions_max;
}
