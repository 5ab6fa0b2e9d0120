/* Templates: sessions of brokers that the file does not name. */
#include "config/loader.h"

enum { COMP_ID_SIZE_MAX = 64 };

/* No name of the file has one in it. */
static const char separator = ':';

void loader_template(struct loader *loader, struct config_session *session,
                     const struct yaml_value *item)
{
    struct slice certificate = session->certificate;
    bool proves = certificate.at != NULL && memchr(certificate.at, '*', certificate.size) != NULL;
    session->is_template = slice_is(session->sides.target_comp_id, "*");
    if (session->any_comp_id && !session->is_template)
        error_list_at(loader->errors, &config_bad_value, loader_place(item, "any-comp-id"),
                      "any-comp-id: it is for a template, whose target-comp-id is \"*\"");
    if (session->is_template && session->initiator_value != NULL)
        error_list_at(loader->errors, &config_bad_value, loader_place(item, "initiator"),
                      "initiator: a template waits for brokers to connect");
    if (session->is_template && !proves && !session->any_comp_id)
        error_list_at(loader->errors, &config_bad_value, loader_place(item, "certificate"),
                      "certificate: that of a template has a * for the CompID, as CN=*, unless "
                      "`any-comp-id` says that nobody has to prove it");
}

const struct config_session *config_session_of(const struct config *config, struct slice name)
{
    const char *end = name.at == NULL ? NULL : memchr(name.at, separator, name.size);
    if (end == NULL)
        return config_session_named(config, name);
    const struct config_session *session =
        config_session_named(config, (struct slice){ name.at, (size_t)(end - name.at) });
    return session != NULL && session->is_template ? session : NULL;
}

static bool is_nameable(struct slice comp_id)
{
    static const char nameable[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789-_.";
    size_t size = 0;
    while (size < comp_id.size && memchr(nameable, comp_id.at[size], sizeof nameable - 1) != NULL)
        size++;
    return size > 0 && size == comp_id.size && size <= COMP_ID_SIZE_MAX;
}

struct slice config_template_name(const struct config_session *template, struct slice comp_id,
                                  struct arena *arena)
{
    return is_nameable(comp_id) ? arena_format(arena, "%.*s%c%.*s", SLICE_ARG(template->name),
                                               separator, SLICE_ARG(comp_id))
                                : SLICE_NONE;
}

/* The text with the CompID for each star. */
static struct slice replace_stars(struct slice text, struct slice comp_id, struct arena *arena)
{
    struct writer writer;
    if (text.at == NULL)
        return text;
    writer_init(&writer, 0);
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '*')
            writer_bytes(&writer, comp_id);
        else
            writer_char(&writer, text.at[i]);
    }
    struct slice replaced = arena_copy(arena, writer_slice(&writer));
    writer_fini(&writer);
    return replaced;
}

const struct config_session *config_template_session(const struct config_session *template,
                                                     struct slice name, struct arena *arena)
{
    struct config_session *session = arena_take(arena, sizeof *session);
    *session = *template;
    session->is_template = false;
    session->template_name = template->name;
    session->name = arena_copy(arena, name);
    session->sides.target_comp_id = slice_after(session->name, template->name.size + 1);
    session->certificate =
        replace_stars(template->certificate, session->sides.target_comp_id, arena);
    return session;
}
