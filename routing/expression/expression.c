/* Scopes, and expressions from text to a checked tree. */
#include "codecs/base/charset.h"
#include "routing/expression/convert.h"
#include "routing/expression/function.h"

#include <assert.h>
#include <stdlib.h>

const struct error_kind expression_syntax = { "expression.syntax", "syntax error" };
const struct error_kind expression_type_clash = { "expression.type-clash", "types do not fit" };
const struct error_kind expression_unknown = { "expression.unknown", "unknown name" };
const struct error_kind expression_value = { "expression.value", "value refused" };

void scope_init(struct scope *scope, const struct shape *source, struct arena *arena)
{
    assert(arena->limit == ARENA_UNLIMITED);
    *scope = (struct scope){ .source = source, .arena = arena };
}

void scope_fini(struct scope *scope)
{
    free(scope->paths);
    *scope = (struct scope){ .arena = scope->arena };
}

const struct expression *expression_new(struct slice text, struct place place, struct scope *scope,
                                        struct error *error)
{
    if (text.size > EXPRESSION_SIZE_MAX) {
        error_at(error, &expression_syntax, place, "longer than %d bytes", EXPRESSION_SIZE_MAX);
        return NULL;
    }
    if (!utf8_valid(text)) {
        error_at(error, &expression_syntax, place, "this is not UTF-8");
        return NULL;
    }
    struct expression *expression =
        expression_parse(arena_copy(scope->arena, text), place, scope->arena, error);
    return expression != NULL && expression_check(expression, scope, error) ? expression : NULL;
}

const struct expression *expression_condition(struct slice text, struct place place,
                                              struct scope *scope, struct error_list *errors)
{
    struct error error;
    const struct expression *condition = expression_new(text, place, scope, &error);
    if (condition == NULL) {
        error_list_add(errors, &error);
        return NULL;
    }
    if (condition->type.kind == SHAPE_BOOLEAN && !condition->type.repeats)
        return condition;
    error_list_at(errors, &expression_type_clash, place, "a condition is expected, this is %s",
                  convert_kind_name(condition->type.kind));
    return NULL;
}

const struct expression *expression_constant(struct slice text, struct scope *scope)
{
    struct expression *constant = arena_take(scope->arena, sizeof *constant);
    constant->kind = NODE_CONSTANT;
    constant->text = arena_copy(scope->arena, text);
    constant->type =
        (struct expression_type){ .kind = SHAPE_TEXT, .length_max = utf8_length(text) };
    return constant;
}

struct expression_type expression_type(const struct expression *expression)
{
    return expression->type;
}

const struct slice *expression_constant_text(const struct expression *expression)
{
    return expression->kind == NODE_CONSTANT ? &expression->text : NULL;
}

static void visit_lookup(const struct expression *call, expression_visit *visit, void *context)
{
    for (size_t i = 0; i < call->table->count; i++)
        visit(context, call->table->values[i], call->place);
}

static void visit_words(const struct expression *words, expression_visit *visit, void *context)
{
    struct slice rest = words->text, word;
    while (function_next_word(&rest, &word))
        visit(context, word, words->place);
}

static void visit_call(const struct expression *call, expression_visit *visit, void *context)
{
    if (call->function->call == function_lookup)
        visit_lookup(call, visit, context);
    else if (call->function->call == function_one_of)
        visit_words(call->parts->next, visit, context);
    else if (call->function->call == function_when)
        expression_outcomes(call->parts->next, visit, context);
}

void expression_outcomes(const struct expression *expression, expression_visit *visit,
                         void *context)
{
    if (expression->kind == NODE_CONSTANT)
        visit(context, expression->text, expression->place);
    else if (expression->kind == NODE_CALL)
        visit_call(expression, visit, context);
    else if (expression->kind == NODE_FIRST)
        for (const struct expression *part = expression->parts; part != NULL; part = part->next)
            expression_outcomes(part, visit, context);
}
