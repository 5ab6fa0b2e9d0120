/* Rules: checked when they are loaded, tried in order per message. */
#include "routing/rule.h"

const struct error_kind rule_duplicate = { "rule.duplicate", "two rules have this name" };
const struct error_kind rule_bad_action = { "rule.bad-action", "the action can't be carried out" };
const struct error_kind rule_unreachable = { "rule.unreachable", "this rule is never tried" };

static bool reason_valid(struct slice reason)
{
    for (size_t i = 0; i < reason.size; i++) {
        bool upper = reason.at[i] >= 'A' && reason.at[i] <= 'Z';
        bool digit = reason.at[i] >= '0' && reason.at[i] <= '9';
        if (!upper && !digit)
            return false;
    }
    return reason.size == 4;
}

/* What is missing for the action; NULL: nothing. */
static const char *action_fault(const struct rule_definition *definition)
{
    switch (definition->action) {
    case RULE_ROUTE:
        return definition->to.size == 0 ? "route needs to: NAME" : NULL;
    case RULE_REFUSE:
        return reason_valid(definition->reason)
                   ? NULL
                   : "refuse needs reason: an ISO code of 4 capital letters or digits";
    case RULE_HOLD:
        return slice_is(definition->hold_for, "approval") ||
                       slice_is(definition->hold_for, "review")
                   ? NULL
                   : "hold needs for: approval or review";
    case RULE_ECHO:
        return NULL;
    }
    return "no such action";
}

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

static const struct rule *rule_named(const struct rules *rules, struct slice name)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (slice_equal(rules->at[i].name, name))
            return &rules->at[i];
    }
    return NULL;
}

/* The definition behind which none is reached: it always matches, and ends the matter. */
static const struct rule_definition *last_reached(const struct rule_definition *definitions,
                                                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (definitions[i].when.at == NULL && definitions[i].action != RULE_HOLD)
            return &definitions[i];
    }
    return NULL;
}

static void check_rule(const struct rules *rules, const struct rule_definition *definitions,
                       struct error_list *errors)
{
    const struct rule_definition *definition = &definitions[rules->count];
    const struct rule_definition *last = last_reached(definitions, rules->count);
    const char *fault = action_fault(definition);
    if (rule_named(rules, definition->name) != NULL)
        error_list_at(errors, &rule_duplicate, definition->place, "%.*s",
                      SLICE_ARG(definition->name));
    if (last != NULL)
        error_list_at(errors, &rule_unreachable, definition->place,
                      "%.*s stands behind %.*s, which always matches", SLICE_ARG(definition->name),
                      SLICE_ARG(last->name));
    if (fault != NULL)
        error_list_at(errors, &rule_bad_action, definition->place, "%.*s: %s",
                      SLICE_ARG(definition->name), fault);
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
        check_rule(rules, definitions, errors);
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
