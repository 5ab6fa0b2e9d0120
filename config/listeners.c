/* Where brokers connect: the list `listeners`. */
#include "config/loader.h"

static void read_allowed(struct loader *loader, const struct yaml_value *list,
                         struct config_listener *listener)
{
    listener->allowed =
        arena_take_array(&loader->config->arena, yaml_count(list), sizeof *listener->allowed);
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_value *item = list->items[i];
        if (item->kind == YAML_TEXT &&
            network_parse(item->text, &listener->allowed[listener->allowed_count]))
            listener->allowed_count++;
        else if (item->kind != YAML_FAULT)
            error_list_at(loader->errors, &config_bad_value, item->place,
                          "allow is a list of networks, as 10.1.0.0/16 or 2001:db8::/32, with no "
                          "bits set behind the prefix");
    }
}

/* What only TLS makes sense of. */
static void check_tls(struct loader *loader, const struct yaml_value *item,
                      const struct config_listener *listener)
{
    bool wants = listener->key.at != NULL || listener->trusted.at != NULL ||
                 listener->revoked.at != NULL || listener->only_1_3;
    if (listener->certificate.at == NULL && wants)
        error_list_at(loader->errors, &config_missing_key, item->place,
                      "certificate of listener (without it there is no TLS)");
    if (listener->certificate.at != NULL && listener->key.at == NULL)
        error_list_at(loader->errors, &config_missing_key, item->place,
                      "key of listener (of its certificate)");
    if (listener->revoked.at != NULL && listener->trusted.at == NULL)
        error_list_at(loader->errors, &config_missing_key, item->place,
                      "trusted of listener (whose CAs have revoked something)");
}

static void read_listener(struct loader *loader, const struct yaml_value *item,
                          struct config_listener *listener, struct taken *taken)
{
    struct listener_values values = { 0 };
    keys_read(&listener_table, item, &loader->scope, &values);
    *listener = (struct config_listener){ .name = values.name,
                                          .host = values.address.host,
                                          .port = values.address.port,
                                          .certificate = values.certificate,
                                          .key = values.key,
                                          .trusted = values.trusted,
                                          .revoked = values.revoked,
                                          .only_1_3 = values.only_1_3,
                                          .proxy = values.proxy,
                                          .entry_timeout_s = values.entry_timeout_s };
    if (values.name.at != NULL)
        loader_take_name(loader, taken, values.name, yaml_get(item, "name")->place, "listener");
    read_allowed(loader, values.allow, listener);
    check_tls(loader, item, listener);
}

void loader_listeners(struct loader *loader)
{
    struct config *config = loader->config;
    const struct yaml_value *list = loader->files.listeners;
    struct taken taken;
    taken_init(&taken);
    config->listener_count = yaml_count(list);
    config->listeners =
        arena_take_array(&config->arena, config->listener_count, sizeof *config->listeners);
    for (size_t i = 0; i < config->listener_count; i++)
        read_listener(loader, list->items[i], &config->listeners[i], &taken);
    if (list != NULL && list->count == 0)
        error_list_at(loader->errors, &config_bad_value, list->place,
                      "listeners is empty: where do brokers connect?");
    taken_fini(&taken);
}
