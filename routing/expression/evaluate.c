/* Evaluates a checked expression.  What is made on the way lives in the arena
   of the surroundings; nothing is taken from the heap. */
#include "routing/expression/convert.h"
#include "routing/expression/function.h"

typedef bool evaluate(const struct expression *node, const struct surroundings *surroundings,
                      struct value *value, struct error *error);

static evaluate evaluate_node;

static const struct value absent;

static bool set_truth(struct value *value, bool truth)
{
    *value = (struct value){ .text = truth ? SLICE("true") : SLICE("false") };
    return true;
}

static bool true_value(const struct value *value)
{
    return slice_is(value->text, "true");
}

static bool evaluate_constant(const struct expression *node,
                              const struct surroundings *surroundings, struct value *value,
                              struct error *error)
{
    (void)surroundings;
    (void)error;
    *value = (struct value){ .text = node->text };
    return true;
}

static bool evaluate_fact(const struct expression *node, const struct surroundings *surroundings,
                          struct value *value, struct error *error)
{
    (void)error;
    *value = (struct value){ .text = surroundings->facts->values[node->fact] };
    return true;
}

/* Each occurrence in the form that values have inside. */
static bool evaluate_field(const struct expression *node, const struct surroundings *surroundings,
                           struct value *value, struct error *error)
{
    const struct value *from = &surroundings->source->values[node->slot];
    struct value *to = value;
    *value = absent;
    if (from->text.at == NULL)
        return true;
    for (;;) {
        if (!convert_in(&node->field, from->text, surroundings, node->place, &to->text, error))
            return false;
        from = from->next;
        if (from == NULL || !node->field.repeats)
            return true;
        struct value *next = arena_take(surroundings->arena, sizeof *next);
        if (next == NULL)
            return convert_no_room(node->place, error);
        to->next = next;
        to = next;
    }
}

/* and, or: the part that decides ends it. */
static bool evaluate_logic(const struct expression *node, const struct surroundings *surroundings,
                           struct value *value, struct error *error)
{
    bool decisive = node->kind == NODE_OR;
    for (const struct expression *part = node->parts; part != NULL; part = part->next) {
        if (!evaluate_node(part, surroundings, value, error))
            return false;
        if (true_value(value) == decisive)
            return set_truth(value, decisive);
    }
    return set_truth(value, !decisive);
}

static bool evaluate_not(const struct expression *node, const struct surroundings *surroundings,
                         struct value *value, struct error *error)
{
    return evaluate_node(node->parts, surroundings, value, error) &&
           set_truth(value, !true_value(value));
}

static bool evaluate_first(const struct expression *node, const struct surroundings *surroundings,
                           struct value *value, struct error *error)
{
    *value = absent;
    for (const struct expression *part = node->parts; part != NULL && value->text.at == NULL;
         part = part->next) {
        if (!evaluate_node(part, surroundings, value, error))
            return false;
    }
    return true;
}

/* false: the two can't be compared, as one is absent, not a number that we can
   hold, or an amount in another currency. */
static bool order_of(const struct expression *left, struct slice left_text,
                     const struct expression *right, struct slice right_text,
                     const struct surroundings *surroundings, int *order)
{
    struct decimal one, other;
    if (left_text.at == NULL || right_text.at == NULL)
        return false;
    if (right->currency.at != NULL &&
        !slice_equal(right->currency, surroundings->facts->values[FACT_currency]))
        return false;
    if (left->type.kind != SHAPE_DECIMAL && left->type.kind != SHAPE_INTEGER) {
        *order = slice_compare(left_text, right_text);
        return true;
    }
    if (decimal_parse(left_text, DECIMAL_XML, &one) != DECIMAL_OK ||
        decimal_parse(right_text, DECIMAL_XML, &other) != DECIMAL_OK)
        return false;
    *order = decimal_compare(one, other);
    return true;
}

static bool holds(enum comparison comparison, int order)
{
    switch (comparison) {
    case COMPARE_EQUAL:
    case COMPARE_NOT_EQUAL:
        return order == 0;
    case COMPARE_LESS:
        return order < 0;
    case COMPARE_LESS_EQUAL:
        return order <= 0;
    case COMPARE_GREATER:
        return order > 0;
    case COMPARE_GREATER_EQUAL:
        return order >= 0;
    }
    return false;
}

static bool evaluate_compare(const struct expression *node, const struct surroundings *surroundings,
                             struct value *value, struct error *error)
{
    const struct expression *left = node->parts, *right = left->next;
    struct value one, other;
    int order;
    if (!evaluate_node(left, surroundings, &one, error) ||
        !evaluate_node(right, surroundings, &other, error))
        return false;
    bool truth = order_of(left, one.text, right, other.text, surroundings, &order) &&
                 holds(node->comparison, order);
    return set_truth(value, truth != (node->comparison == COMPARE_NOT_EQUAL));
}

static bool evaluate_in(const struct expression *node, const struct surroundings *surroundings,
                        struct value *value, struct error *error)
{
    const struct expression *left = node->parts;
    struct value one;
    int order;
    if (!evaluate_node(left, surroundings, &one, error))
        return false;
    for (const struct expression *item = left->next; item != NULL; item = item->next) {
        if (order_of(left, one.text, item, item->text, surroundings, &order) && order == 0)
            return set_truth(value, true);
    }
    return set_truth(value, false);
}

/* A function is called when all its arguments are present.  Behind a condition
   that does not hold nothing is looked at, so that nothing there is refused. */
static bool evaluate_call(const struct expression *node, const struct surroundings *surroundings,
                          struct value *value, struct error *error)
{
    struct value arguments[FUNCTION_ARGUMENTS_MAX];
    size_t count = 0;
    *value = absent;
    for (const struct expression *part = node->parts; part != NULL; part = part->next) {
        if (!evaluate_node(part, surroundings, &arguments[count], error))
            return false;
        if (arguments[count].text.at == NULL)
            return true;
        if (node->function->arguments[count] == 'B' && !true_value(&arguments[count]))
            return true;
        count++;
    }
    const struct call call = { node, arguments, surroundings, error };
    return node->function->call(&call, value) &&
           (arena_ok(surroundings->arena) || convert_no_room(node->place, error));
}

static evaluate *const evaluators[NODE_KIND_COUNT] = {
    [NODE_CONSTANT] = evaluate_constant,
    [NODE_FIELD] = evaluate_field,
    [NODE_FACT] = evaluate_fact,
    [NODE_OR] = evaluate_logic,
    [NODE_AND] = evaluate_logic,
    [NODE_NOT] = evaluate_not,
    [NODE_FIRST] = evaluate_first,
    [NODE_COMPARE] = evaluate_compare,
    [NODE_IN] = evaluate_in,
    [NODE_CALL] = evaluate_call,
};

static bool evaluate_node(const struct expression *node, const struct surroundings *surroundings,
                          struct value *value, struct error *error)
{
    return evaluators[node->kind](node, surroundings, value, error);
}

bool expression_evaluate(const struct expression *expression,
                         const struct surroundings *surroundings, struct value *value,
                         struct error *error)
{
    return evaluate_node(expression, surroundings, value, error);
}

bool expression_holds(const struct expression *expression, const struct surroundings *surroundings)
{
    struct value value;
    struct error error;
    return evaluate_node(expression, surroundings, &value, &error) && true_value(&value);
}
