/* Rules: checked when they are loaded, tried in order per message. */
#include "routing/rule.h"

const struct error_kind rule_unreachable = { "rule.unreachable", "this rule is never tried" };

static struct rule copy_rule(const struct rule_definition *definition, struct arena *arena)
{
    return (struct rule){
        .name = arena_copy(arena, definition->name),
        .action = definition->action,
        .to = arena_copy(arena, definition->to),
        .map = arena_copy(arena, definition->map),
        .reason = arena_copy(arena, definition->reason),
        .text = arena_copy(arena, definition->text),
        .hold_for = arena_copy(arena, definition->hold_for),
    };
}

/* Does the rule always match, and end the matter?  A hold goes on behind it; an
   action that is not whole has been told about by config. */
static bool shuts_off(const struct rule_definition *definition)
{
    bool whole = definition->action == RULE_ROUTE    ? definition->to.at != NULL
                 : definition->action == RULE_REFUSE ? definition->reason.at != NULL
                                                     : definition->action == RULE_ECHO;
    return whole && definition->when.at == NULL;
}

static void check_reached(const struct rule_definition *definitions, size_t at,
                          struct error_list *errors)
{
    for (size_t i = 0; i < at; i++) {
        if (shuts_off(&definitions[i])) {
            error_list_at(errors, &rule_unreachable, definitions[at].place,
                          "%.*s stands behind %.*s, which always matches",
                          SLICE_ARG(definitions[at].name), SLICE_ARG(definitions[i].name));
            return;
        }
    }
}

static void add_rule(struct rules *rules, const struct rule_definition *definition,
                     struct error_list *errors)
{
    struct rule rule = copy_rule(definition, &rules->arena);
    struct scope scope;
    scope_init(&scope, NULL, &rules->arena);
    if (definition->when.at != NULL)
        rule.when = expression_condition(definition->when, definition->when_place, &scope, errors);
    scope_fini(&scope);
    rules->at[rules->count++] = rule;
}

bool rules_init(struct rules *rules, const struct rule_definition *definitions, size_t count,
                struct error_list *errors)
{
    size_t errors_before = errors->count + errors->dropped;
    *rules = (struct rules){ .count = 0 };
    arena_init(&rules->arena, ARENA_UNLIMITED);
    rules->at = arena_take_array(&rules->arena, count, sizeof *rules->at);
    for (size_t i = 0; i < count; i++) {
        check_reached(definitions, i, errors);
        add_rule(rules, &definitions[i], errors);
    }
    if (errors->count + errors->dropped == errors_before)
        return true;
    rules_fini(rules);
    return false;
}

void rules_fini(struct rules *rules)
{
    arena_fini(&rules->arena);
    rules->at = NULL;
    rules->count = 0;
}

const struct rule *rules_decide(const struct rules *rules, const struct rule *after,
                                const struct surroundings *surroundings)
{
    for (size_t i = after == NULL ? 0 : (size_t)(after - rules->at) + 1; i < rules->count; i++) {
        const struct rule *rule = &rules->at[i];
        if (rule->when == NULL || expression_holds(rule->when, surroundings))
            return rule;
    }
    return NULL;
}
