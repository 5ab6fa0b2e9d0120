/* The reference page of all keys, from the tables. */
#include "config/tables.h"

static const struct key_table *const pages[] = {
    &file_table,          &gateway_table,    &dictionary_table, &profile_table,  &listener_table,
    &session_table,       &validation_table, &initiator_table,  &schedule_table, &calendar_table,
    &calendar_file_table, &channel_table,    &rules_table,      &rule_table,     &route_table,
    &refuse_table,        &hold_table,       &map_table,
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
    if (key->kind == KEY_TEXT || key->kind == KEY_NAME)
        writer_i64(writer, key->least);
    else
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

struct word {
    const char *name, *what;
};

static void write_words(const char *title, const struct word *words, size_t count,
                        struct writer *writer)
{
    writer_format(writer, "\n### %s\n\n| name | what it is |\n|---|---|\n", title);
    for (size_t i = 0; i < count; i++)
        writer_format(writer, "| `%s` | %s |\n", words[i].name, words[i].what);
}

static void write_uses(struct writer *writer)
{
    static const struct word uses[] = {
#define MAP_USE(identifier, name, what) { name, what },
        MAP_USES(MAP_USE)
#undef MAP_USE
    };
    write_words("uses", uses, MAP_USE_COUNT, writer);
}

static void write_language(struct writer *writer)
{
    static const struct word facts[] = {
#define FACT(identifier, name, kind, length_max, presence, what) { name, what },
#include "routing/facts.def"
#undef FACT
    };
    static const struct word functions[] = {
#define FUNCTION(name, arguments, result, kind, length_max, presence, what) { #name, what },
#include "routing/expression/functions.def"
#undef FUNCTION
    };
    writer_text(writer,
                "\n## expressions\n\n"
                "Conditions of rules name facts; expressions of maps, which start with "
                "`=`, name fields of the message that they read, too. Operators, weakest "
                "first: `or`, `and`, `not`, `==` `!=` `<` `<=` `>` `>=` `in`. `or` between "
                "values takes the first that is there. What is absent makes a comparison "
                "false, but for `!=`. An amount with a currency (`5000000.00 CNY`) compares "
                "only with `amount`, and only in that currency.\n");
    write_words("functions", functions, sizeof functions / sizeof functions[0], writer);
    write_words("facts", facts, sizeof facts / sizeof facts[0], writer);
}

void config_reference(struct writer *writer)
{
    writer_text(writer, "# Configuration\n\n"
                        "All keys there are, made from the tables in `config/*_keys.def`.\n");
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        write_table(pages[i], writer);
    write_uses(writer);
    write_language(writer);
}
