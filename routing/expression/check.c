/* Gives every node of an expression its type: resolves names to facts and
   fields, and constants to the type of what they meet. */
#include "routing/expression/check.h"

#include "codecs/base/charset.h"
#include "codecs/base/currency.h"
#include "routing/expression/convert.h"

#include <assert.h>

static bool clash(const struct check *check, const struct expression *node, const char *why)
{
    return error_at(check->error, &expression_type_clash, node->place, "%.*s %s",
                    SLICE_ARG(node->text), why);
}

size_t check_longer(size_t one, size_t other)
{
    if (one == 0 || other == 0)
        return 0;
    return one > other ? one : other;
}

static struct expression_type type_of(const struct shape_field *field)
{
    return (struct expression_type){ field->kind, field->length_max, field->repeats,
                                     !field->required };
}

/* The slot of a path: the same path has one slot in all expressions of a scope. */
static size_t slot_of(struct scope *scope, struct slice path)
{
    for (size_t i = 0; i < scope->path_count; i++) {
        if (slice_equal(scope->paths[i], path))
            return i;
    }
    scope->paths =
        memory_room(scope->paths, scope->path_count, &scope->path_room, sizeof *scope->paths);
    scope->paths[scope->path_count] = path;
    return scope->path_count++;
}

/* Facts are written in lower case, fields are not: that tells what was meant. */
static bool meant_as_fact(const struct check *check, struct slice name)
{
    return check->scope->source == NULL || (name.at[0] >= 'a' && name.at[0] <= 'z');
}

static bool check_name(const struct check *check, struct expression *name)
{
    const struct shape *source = check->scope->source;
    struct error fact_error, field_error;
    struct shape_field field;
    enum fact fact;
    if (fact_find(name->text, name->place, &fact, &fact_error)) {
        field = fact_field(fact);
        name->kind = NODE_FACT;
        name->fact = fact;
    } else if (source != NULL && source->operations->find(source, name->text, check->scope->each,
                                                          name->place, &field, &field_error)) {
        name->kind = NODE_FIELD;
        name->slot = slot_of(check->scope, name->text);
        name->field = field;
    } else {
        *check->error = meant_as_fact(check, name->text) ? fact_error : field_error;
        return false;
    }
    name->type = type_of(&field);
    return true;
}

bool check_constant(const struct check *check, struct expression *constant)
{
    if (constant->currency.at != NULL)
        return clash(check, constant, "with a currency can only be compared with the fact amount");
    constant->type =
        (struct expression_type){ .kind = SHAPE_TEXT, .length_max = utf8_length(constant->text) };
    if (constant->is_number)
        constant->type.kind = constant->number.exponent == 0 ? SHAPE_INTEGER : SHAPE_DECIMAL;
    return true;
}

static bool letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* A point before a letter, or a selector, makes a path. */
static bool looks_like_path(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        bool point = text.at[i] == '.' && i + 1 < text.size && letter(text.at[i + 1]);
        if (point || text.at[i] == '[')
            return true;
    }
    return false;
}

bool check_word(const struct check *check, struct expression *word)
{
    if (looks_like_path(word->text))
        return error_at(check->error, &expression_unknown, word->place,
                        "%.*s (a text is written in quotes)", SLICE_ARG(word->text));
    word->kind = NODE_CONSTANT;
    return true;
}

/* Kinds that compare with each other. */
static enum shape_kind family(enum shape_kind kind)
{
    if (kind == SHAPE_CODE)
        return SHAPE_TEXT;
    return kind == SHAPE_INTEGER ? SHAPE_DECIMAL : kind;
}

/* The fact or field must be able to have the constant as its value. */
static bool check_possible(const struct check *check, const struct expression *constant,
                           const struct expression *other)
{
    const struct shape *source = check->scope->source;
    if (other->kind == NODE_FACT)
        return fact_accepts(other->fact, constant->text, constant->place, check->error);
    if (other->kind == NODE_FIELD)
        return source->operations->accepts(source, &other->field, constant->text, constant->place,
                                           check->error);
    return true;
}

static bool adopt_number(const struct check *check, struct expression *constant)
{
    if (decimal_parse(constant->text, DECIMAL_FIX, &constant->number) == DECIMAL_OK)
        return true;
    return clash(check, constant, "is not a number");
}

/* Dates, times and booleans are compared in the form that values have inside. */
static bool adopt_form(const struct check *check, struct expression *constant, enum shape_kind kind)
{
    const struct shape_field field = { .kind = kind, .iso_form = true };
    const struct surroundings surroundings = { .arena = check->scope->arena };
    struct error error;
    if (convert_in(&field, constant->text, &surroundings, constant->place, &constant->text, &error))
        return true;
    return error_at(check->error, &expression_type_clash, constant->place, "%s", error.detail);
}

/* The constant takes the type of what it meets. */
static bool adopt(const struct check *check, struct expression *constant,
                  const struct expression *other)
{
    constant->type = (struct expression_type){ .kind = other->type.kind,
                                               .length_max = utf8_length(constant->text) };
    switch (family(other->type.kind)) {
    case SHAPE_TEXT:
        return true;
    case SHAPE_DECIMAL:
        return adopt_number(check, constant);
    case SHAPE_DATA:
        return clash(check, other, "is data and can't be compared");
    default:
        return adopt_form(check, constant, other->type.kind);
    }
}

static bool same_family(const struct check *check, const struct expression *left,
                        const struct expression *right)
{
    if (family(left->type.kind) == family(right->type.kind))
        return true;
    return error_at(check->error, &expression_type_clash, right->place,
                    "%.*s is %s, but %.*s is %s%s", SLICE_ARG(right->text),
                    convert_kind_name(right->type.kind), SLICE_ARG(left->text),
                    convert_kind_name(left->type.kind),
                    left->type.kind == SHAPE_DATE && right->type.kind == SHAPE_TIMESTAMP
                        ? " (date() takes the date of a time)"
                        : "");
}

/* 5000000.00 CNY, beside the fact amount. */
static bool check_amount(const struct check *check, const struct expression *constant,
                         const struct expression *other)
{
    if (other->kind != NODE_FACT || other->fact != FACT_amount)
        return clash(check, constant, "with a currency can only be compared with the fact amount");
    const struct currency *currency = currency_find(constant->currency);
    if (currency == NULL)
        return error_at(check->error, &expression_type_clash, constant->place,
                        "there is no currency %.*s", SLICE_ARG(constant->currency));
    if (constant->number.exponent < -(int)currency->minor_units)
        return error_at(check->error, &expression_type_clash, constant->place,
                        "%s has %u decimals, not %d", currency->code, currency->minor_units,
                        -constant->number.exponent);
    return true;
}

/* left is not a constant; right may be one, or a bare word. */
static bool check_pair(const struct check *check, const struct expression *left,
                       struct expression *right, enum comparison comparison)
{
    enum shape_kind kind = family(left->type.kind);
    bool equality = comparison == COMPARE_EQUAL || comparison == COMPARE_NOT_EQUAL;

    if (left->type.repeats || right->type.repeats)
        return clash(check, left->type.repeats ? left : right,
                     "may occur more than once: first() takes one");
    if (right->kind == NODE_NAME && !check_word(check, right))
        return false;
    if (right->kind != NODE_CONSTANT)
        return same_family(check, left, right);
    if (right->currency.at != NULL && !check_amount(check, right, left))
        return false;
    bool has_values = equality && (kind == SHAPE_TEXT || kind == SHAPE_DECIMAL);
    return adopt(check, right, left) && (!has_values || check_possible(check, right, left));
}

/* An operand of a comparison may be a bare word: it then stays a name, and
 *unknown says what it is not. */
static bool check_operand(const struct check *check, struct expression *operand,
                          struct error *unknown)
{
    if (operand->kind == NODE_CONSTANT)
        return true;
    if (operand->kind != NODE_NAME)
        return check_node(check, operand);
    const struct check attempt = { check->scope, unknown };
    check_name(&attempt, operand);
    return true;
}

static bool constant_like(const struct expression *operand)
{
    return operand->kind == NODE_CONSTANT || operand->kind == NODE_NAME;
}

/* A constant on the left goes to the right: 5 < amount is amount > 5. */
static void put_constant_right(struct expression *node)
{
    static const enum comparison mirrored[] = {
        [COMPARE_EQUAL] = COMPARE_EQUAL,  [COMPARE_NOT_EQUAL] = COMPARE_NOT_EQUAL,
        [COMPARE_LESS] = COMPARE_GREATER, [COMPARE_LESS_EQUAL] = COMPARE_GREATER_EQUAL,
        [COMPARE_GREATER] = COMPARE_LESS, [COMPARE_GREATER_EQUAL] = COMPARE_LESS_EQUAL,
    };
    struct expression *left = node->parts, *right = left->next;
    right->next = left;
    left->next = NULL;
    node->parts = right;
    node->comparison = mirrored[node->comparison];
}

static bool check_order(const struct check *check, const struct expression *node)
{
    enum shape_kind kind = family(node->parts->type.kind);
    bool has_order = kind == SHAPE_DECIMAL || kind == SHAPE_DATE || kind == SHAPE_TIMESTAMP;
    if (has_order || node->comparison <= COMPARE_NOT_EQUAL)
        return true;
    return error_at(check->error, &expression_type_clash, node->place,
                    "%.*s is %s and has no order: only == and != compare it",
                    SLICE_ARG(node->parts->text), convert_kind_name(node->parts->type.kind));
}

static const struct expression_type condition = { .kind = SHAPE_BOOLEAN };

static bool check_compare(const struct check *check, struct expression *node)
{
    struct expression *left = node->parts, *right = left->next;
    struct error left_unknown, right_unknown;
    node->type = condition;
    if (!check_operand(check, left, &left_unknown) || !check_operand(check, right, &right_unknown))
        return false;
    if (constant_like(left) && constant_like(right)) {
        if (left->kind == NODE_CONSTANT && right->kind == NODE_CONSTANT)
            return clash(check, left, "is compared with another constant");
        *check->error = left->kind == NODE_NAME ? left_unknown : right_unknown;
        return false;
    }
    if (constant_like(left))
        put_constant_right(node);
    return check_pair(check, node->parts, node->parts->next, node->comparison) &&
           check_order(check, node);
}

static bool check_in(const struct check *check, struct expression *node)
{
    struct expression *left = node->parts;
    node->type = condition;
    if (!check_node(check, left))
        return false;
    if (left->kind == NODE_CONSTANT)
        return clash(check, left, "is a constant, and so is the list");
    for (struct expression *item = left->next; item != NULL; item = item->next) {
        if (!check_pair(check, left, item, COMPARE_EQUAL))
            return false;
    }
    return true;
}

static bool check_condition(const struct check *check, struct expression *part, const char *joiner)
{
    if (part->type.kind == SHAPE_BOOLEAN && !part->type.repeats)
        return true;
    return error_at(check->error, &expression_type_clash, part->place,
                    "%s takes conditions, %.*s is %s", joiner, SLICE_ARG(part->text),
                    convert_kind_name(part->type.kind));
}

/* and, not */
static bool check_logic(const struct check *check, struct expression *node)
{
    node->type = condition;
    for (struct expression *part = node->parts; part != NULL; part = part->next) {
        if (!check_node(check, part) ||
            !check_condition(check, part, node->kind == NODE_AND ? "and" : "not"))
            return false;
    }
    return true;
}

/* What `or` yields when its parts are values; constants follow the first other part. */
static bool unify(const struct check *check, struct expression *node,
                  const struct expression *model)
{
    node->kind = NODE_FIRST;
    node->type = model->type;
    for (struct expression *part = node->parts; part != NULL; part = part->next) {
        if (part->kind == NODE_CONSTANT && part != model ? !adopt(check, part, model)
                                                         : !same_family(check, model, part))
            return false;
        if (part->type.kind != node->type.kind)
            node->type.kind = family(part->type.kind);
        node->type.length_max = check_longer(node->type.length_max, part->type.length_max);
        node->type.repeats |= part->type.repeats;
        node->type.optional &= part->type.optional;
    }
    return true;
}

static bool check_or(const struct check *check, struct expression *node)
{
    const struct expression *model = node->parts;
    assert(model != NULL);
    for (struct expression *part = node->parts; part != NULL; part = part->next) {
        if (!check_node(check, part))
            return false;
        if (model->kind == NODE_CONSTANT)
            model = part;
    }
    if (model->type.kind != SHAPE_BOOLEAN)
        return unify(check, node, model);
    node->type = condition;
    for (struct expression *part = node->parts; part != NULL; part = part->next) {
        if (!check_condition(check, part, "or"))
            return false;
    }
    return true;
}

typedef bool check_kind(const struct check *check, struct expression *node);

static check_kind *const checks[NODE_KIND_COUNT] = {
    [NODE_CONSTANT] = check_constant,
    [NODE_NAME] = check_name,
    [NODE_OR] = check_or,
    [NODE_AND] = check_logic,
    [NODE_NOT] = check_logic,
    [NODE_COMPARE] = check_compare,
    [NODE_IN] = check_in,
    [NODE_CALL] = check_call,
};

bool check_node(const struct check *check, struct expression *node)
{
    return checks[node->kind](check, node);
}

bool expression_check(struct expression *expression, struct scope *scope, struct error *error)
{
    const struct check check = { scope, error };
    return check_node(&check, expression);
}
