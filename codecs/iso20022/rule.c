/* The rules there are, and what is in a document shown to them. */
#include "codecs/iso20022/rule.h"

#include "codecs/iso20022/parser.h"

const struct error_kind iso_rule = { "iso.rule", "a rule of ISO 20022 is broken" };

/* The sets as the rows of the tables name them. */
enum {
#define RULE_SET(identifier, name, what) identifier = 1 << ISO_RULE_SET_##identifier,
#include "codecs/iso20022/rule_sets.def"
#undef RULE_SET
};

enum rule_row {
#define RULE(id, name, sets, messages, text) RULE_##id,
#define CASE(id, scope, check, ...)
#include "codecs/iso20022/rules.def"
#undef RULE
#undef CASE
};

const struct iso_rule iso_rules[] = {
#define RULE(id, name, sets, messages, text) { name, sets, messages, text, NULL, { NULL } },
#define CASE(id, scope, check, ...)
#define VALUE_RULE(name, sets, check, text, ...)                                                   \
    { name, sets, NULL, text, &iso_rule_##check, { __VA_ARGS__ } },
#include "codecs/iso20022/rules.def"
#include "codecs/iso20022/value_rules.def"
#undef VALUE_RULE
#undef RULE
#undef CASE
};

const struct iso_rule_case iso_rule_cases[] = {
#define RULE(id, name, sets, messages, text)
#define CASE(id, scope, check, ...)                                                                \
    { &iso_rules[RULE_##id], scope, &iso_rule_##check, { __VA_ARGS__ } },
#include "codecs/iso20022/rules.def"
#undef RULE
#undef CASE
};

const size_t iso_rule_count = sizeof iso_rules / sizeof *iso_rules;
const size_t iso_rule_case_count = sizeof iso_rule_cases / sizeof *iso_rule_cases;

static void *memory_at(const struct iso_parser *parser, size_t at)
{
    char *memory = parser->part->rule_memory;
    return memory == NULL ? NULL : memory + at;
}

static struct iso_rule_sight sight_of_scope(struct iso_parser *parser,
                                            const struct iso_rule_scope *scope)
{
    return (struct iso_rule_sight){
        .parser = parser,
        .rule = scope->of->rule,
        .of = scope->of,
        .memory = memory_at(parser, scope->memory_at),
    };
}

void iso_rule_begin(struct iso_parser *parser, const struct iso_rule_scope *scopes)
{
    for (; scopes != NULL; scopes = scopes->next) {
        struct iso_rule_sight sight = sight_of_scope(parser, scopes);
        const struct iso_rule_check *check = scopes->of->check;
        if (check->begin != NULL)
            check->begin(&sight);
        else if (sight.memory != NULL)
            memset(sight.memory, 0, check->memory_size);
    }
}

void iso_rule_end(struct iso_parser *parser, const struct iso_rule_scope *scopes)
{
    for (; scopes != NULL; scopes = scopes->next) {
        struct iso_rule_sight sight = sight_of_scope(parser, scopes);
        if (scopes->of->check->end != NULL)
            scopes->of->check->end(&sight);
    }
}

void iso_rule_show(struct iso_parser *parser, const struct iso_rule_end *ends,
                   struct slice attribute, struct slice value)
{
    struct iso_rule_sight sight = { .parser = parser, .attribute = attribute, .value = value };
    for (; ends != NULL; ends = ends->next) {
        if (ends->route != NULL && !iso_rule_route_shows(ends->route, value))
            continue;
        sight.rule = ends->rule;
        sight.of = ends->of;
        sight.route = ends->route;
        sight.data = ends->data;
        sight.memory = memory_at(parser, ends->memory_at);
        sight.path = ends->path;
        (ends->of == NULL ? ends->rule->check : ends->of->check)->look(&sight);
    }
}

void iso_rule_mark(const struct iso_rule_sight *sight, struct iso_rule_mark *mark)
{
    const struct iso_parser *parser = sight->parser;
    size_t depth = sight->route->depth;
    mark->route = sight->route;
    mark->place = iso_finding_place(parser, sight->attribute);
    for (size_t i = 0; i < depth; i++)
        mark->occurrences[i] = parser->frames[parser->depth - depth + i].occurrence;
}
