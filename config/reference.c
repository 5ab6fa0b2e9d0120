/* The reference page of all keys, from the tables. */
#include "config/tables.h"

static const struct key_table *const pages[] = {
    &file_table, &gateway_table, &dictionary_table, &session_table, &channel_table, &rules_table,
    &rule_table, &route_table,   &refuse_table,     &hold_table,    &map_table,
};

static void write_default(const struct key *key, struct writer *writer)
{
    if (key->if_absent == NULL)
        writer_text(writer, "required");
    else if (key->if_absent[0] == '\0')
        writer_text(writer, "none");
    else
        writer_format(writer, "`%s`", key->if_absent);
}

static void write_bounds(const struct key *key, struct writer *writer)
{
    if (key->least == 0 && key->most == 0)
        return;
    key_write_bound(key, key->least, writer);
    writer_text(writer, " to ");
    key_write_bound(key, key->most, writer);
}

static void write_key(const struct key *key, struct writer *writer)
{
    writer_format(writer, "| `%s` | %s | ", key->name, key_kind_form(key->kind));
    write_default(key, writer);
    writer_text(writer, " | ");
    write_bounds(key, writer);
    writer_format(writer, " | %s | %s |\n", key->reload == KEY_LIVE ? "reload" : "restart",
                  key->what);
}

static void write_table(const struct key_table *table, struct writer *writer)
{
    writer_format(writer, "\n## %s\n\n%s\n\n", table->name, table->what);
    writer_text(writer, "| key | value | if absent | bounds | a change needs | what it is |\n"
                        "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < table->count; i++)
        write_key(&table->keys[i], writer);
}

static void write_uses(struct writer *writer)
{
    static const struct {
        const char *name, *what;
    } uses[] = {
#define MAP_USE(identifier, name, what) { name, what },
        MAP_USES(MAP_USE)
#undef MAP_USE
    };
    writer_text(writer, "\n### uses of a map\n\n| use | what the map does |\n|---|---|\n");
    for (size_t i = 0; i < MAP_USE_COUNT; i++)
        writer_format(writer, "| `%s` | %s |\n", uses[i].name, uses[i].what);
}

void config_reference(struct writer *writer)
{
    writer_text(writer, "# Configuration\n\n"
                        "All keys there are, made from the tables in `config/*_keys.def`.\n");
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        write_table(pages[i], writer);
    write_uses(writer);
}
