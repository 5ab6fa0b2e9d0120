/* Sessions in which we are the one who connects. */
#include "config/loader.h"

static bool read_addresses(struct loader *loader, const struct yaml_value *list,
                           struct config_initiator *initiator)
{
    static const struct key form = { .name = "connect",
                                     .kind = KEY_ADDRESS,
                                     .size = sizeof(struct key_address) };
    size_t count = list->count;
    initiator->addresses =
        arena_take_array(&loader->config->arena, count, sizeof *initiator->addresses);
    for (size_t i = 0; i < count; i++) {
        struct key_address address = { SLICE_NONE, 0 };
        if (list->items[i]->kind == YAML_FAULT ||
            !key_parse(&form, list->items[i], &loader->scope, &address))
            return false;
        initiator->addresses[initiator->address_count++] =
            (struct config_address){ address.host, address.port };
    }
    return count > 0 || error_list_at(loader->errors, &config_bad_value, list->place,
                                      "connect is empty: where is the broker?");
}

static void check_tls(struct loader *loader, const struct yaml_value *item,
                      const struct config_initiator *initiator)
{
    bool wants = initiator->certificate.at != NULL || initiator->key.at != NULL ||
                 initiator->revoked.at != NULL || initiator->host.at != NULL;
    if (wants && initiator->trusted.at == NULL)
        error_list_at(loader->errors, &config_missing_key, item->place,
                      "trusted of initiator (without it there is no TLS)");
    if ((initiator->certificate.at == NULL) != (initiator->key.at == NULL))
        error_list_at(loader->errors, &config_missing_key, item->place,
                      "certificate or key of initiator (they belong together)");
}

/* What goes out in the clear goes to whoever listens. */
static void check_credentials(struct loader *loader, const struct config_session *session,
                              const struct initiator_values *values)
{
    const struct yaml_value *item = session->initiator_value;
    if (values->password.name.at != NULL && values->trusted.at == NULL &&
        !values->password_without_tls)
        error_list_at(loader->errors, &config_bad_value, loader_place(item, "password"),
                      "password: without trusted there is no TLS (password-without-tls: true "
                      "sends it all the same)");
    if (values->password.name.at != NULL)
        loader_check_logon(loader, session, TAG_PASSWORD, loader_place(item, "password"));
    if (values->username.at != NULL)
        loader_check_logon(loader, session, TAG_USERNAME, loader_place(item, "username"));
}

static struct slice read_secret(struct loader *loader, const struct key_secret *secret,
                                struct place place)
{
    if (secret->name.at == NULL)
        return SLICE_NONE;
    return secret->in_file ? source_secret(&loader->sources, secret->name, place)
                           : variable_secret(&loader->sources, secret->name, place);
}

void loader_initiator(struct loader *loader, struct config_session *session)
{
    struct initiator_values values = { .connect = NULL };
    const struct yaml_value *item = session->initiator_value;
    if (item == NULL)
        return;
    keys_read(&initiator_table, item, &loader->scope, &values);
    struct config_initiator *initiator =
        arena_take(&loader->config->arena, sizeof *session->initiator);
    *initiator = (struct config_initiator){ .local = { values.local.host, values.local.port },
                                            .heartbeat_s = values.heartbeat_s,
                                            .pause_s = values.pause_s,
                                            .pause_max_s = values.pause_max_s,
                                            .username = values.username,
                                            .trusted = values.trusted,
                                            .revoked = values.revoked,
                                            .certificate = values.certificate,
                                            .key = values.key,
                                            .host = values.host };
    initiator->password = read_secret(loader, &values.password, loader_place(item, "password"));
    check_tls(loader, item, initiator);
    check_credentials(loader, session, &values);
    if (values.connect != NULL && read_addresses(loader, values.connect, initiator))
        session->initiator = initiator;
}
