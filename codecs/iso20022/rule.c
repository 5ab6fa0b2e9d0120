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

#define RULE(name, sets, messages, check, text, ...)                                               \
    { name, sets, messages, &iso_rule_##check, text, { __VA_ARGS__ } },
#define VALUE_RULE(name, sets, check, text, ...) RULE(name, sets, NULL, check, text, __VA_ARGS__)
const struct iso_rule iso_rules[] = {
#include "codecs/iso20022/rules.def"
#include "codecs/iso20022/value_rules.def"
};
#undef VALUE_RULE
#undef RULE

const size_t iso_rule_count = sizeof iso_rules / sizeof *iso_rules;

void iso_rule_show(struct iso_parser *parser, const struct iso_rule_end *ends,
                   struct slice attribute, struct slice value)
{
    struct iso_rule_sight sight = { .parser = parser, .attribute = attribute, .value = value };
    char *memory = parser->part->rule_memory;
    for (; ends != NULL; ends = ends->next) {
        sight.rule = ends->rule;
        sight.data = ends->data;
        sight.memory = memory == NULL ? NULL : memory + ends->memory_at;
        sight.path = ends->path;
        sight.rule->check->look(&sight);
    }
}
