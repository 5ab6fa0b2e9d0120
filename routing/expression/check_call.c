/* Types of calls: arguments by the letters of functions.def, results by its rules. */
#include "codecs/base/charset.h"
#include "routing/expression/check.h"
#include "routing/expression/convert.h"
#include "routing/expression/function.h"

#define BIT(kind) (1u << SHAPE_##kind)

/* What an argument's letter takes; constants and integers have checks of their own. */
static const struct letter {
    const char *wants;
    unsigned kinds;
    char letter;
    bool repeats;
} letters[] = {
    { "a text", BIT(TEXT) | BIT(CODE) | BIT(INTEGER) | BIT(DECIMAL), 'T', false },
    { "a text", BIT(TEXT) | BIT(CODE) | BIT(INTEGER) | BIT(DECIMAL), 'L', true },
    { "a time", BIT(TIMESTAMP), 'M', false },
    { "a condition", BIT(BOOLEAN), 'B', false },
    { "a value", ~0u, 'V', true },
};

static bool refuse(const struct check *check, const struct expression *call,
                   const struct expression *argument, const char *wants)
{
    return error_at(check->error, &expression_type_clash, argument->place,
                    "%.*s() wants %s here, not %.*s", SLICE_ARG(call->text), wants,
                    SLICE_ARG(argument->text));
}

static bool check_value_argument(const struct check *check, const struct expression *call,
                                 struct expression *argument, char letter)
{
    const struct letter *wanted = letters;
    while (wanted->letter != letter)
        wanted++;
    if (!check_node(check, argument))
        return false;
    if (argument->type.repeats && !wanted->repeats)
        return error_at(check->error, &expression_type_clash, argument->place,
                        "%.*s may occur more than once: first() takes one, join() all",
                        SLICE_ARG(argument->text));
    if ((wanted->kinds & (1u << argument->type.kind)) != 0)
        return true;
    return error_at(check->error, &expression_type_clash, argument->place,
                    "%.*s() wants %s here, %.*s is %s", SLICE_ARG(call->text), wanted->wants,
                    SLICE_ARG(argument->text), convert_kind_name(argument->type.kind));
}

static bool check_constant_argument(const struct check *check, const struct expression *call,
                                    struct expression *argument)
{
    if (argument->kind == NODE_NAME && !check_word(check, argument))
        return false;
    if (argument->kind != NODE_CONSTANT || argument->text.size == 0)
        return refuse(check, call, argument, "a constant");
    return check_constant(check, argument);
}

static bool check_integer_argument(const struct check *check, const struct expression *call,
                                   struct expression *argument)
{
    if (argument->kind != NODE_CONSTANT || !argument->is_number || argument->number.exponent != 0 ||
        argument->number.mantissa < 1)
        return refuse(check, call, argument, "a whole number above 0");
    return check_constant(check, argument);
}

static bool check_argument(const struct check *check, const struct expression *call,
                           struct expression *argument, char letter)
{
    switch (letter) {
    case 'C':
        return check_constant_argument(check, call, argument);
    case 'I':
        return check_integer_argument(check, call, argument);
    default:
        return check_value_argument(check, call, argument, letter);
    }
}

static bool check_arguments(const struct check *check, struct expression *call)
{
    const char *letter = call->function->arguments;
    struct expression *argument = call->parts;
    for (; *letter != '\0' && argument != NULL; letter++, argument = argument->next) {
        if (!check_argument(check, call, argument, *letter))
            return false;
        call->type.optional |= argument->type.optional;
    }
    if (*letter == '\0' && argument == NULL)
        return true;
    return error_at(check->error, &expression_type_clash, call->place,
                    "%.*s() takes %zu argument%s", SLICE_ARG(call->text),
                    strlen(call->function->arguments),
                    call->function->arguments[1] == '\0' ? "" : "s");
}

/* lookup(table, key): the first argument names a table of the map. */
static bool find_table(const struct check *check, struct expression *call)
{
    const struct scope *scope = check->scope;
    for (size_t i = 0; i < scope->table_count; i++) {
        if (slice_equal(scope->tables[i].name, call->parts->text)) {
            call->table = &scope->tables[i];
            return true;
        }
    }
    return error_at(check->error, &expression_unknown, call->parts->place,
                    "the map has no table %.*s", SLICE_ARG(call->parts->text));
}

static size_t longest_value(const struct lookup_table *table)
{
    size_t longest = 1;
    for (size_t i = 0; i < table->count; i++)
        longest = check_longer(longest, utf8_length(table->values[i]));
    return longest;
}

static size_t longest_word(struct slice words)
{
    size_t longest = 1;
    struct slice word;
    while (function_next_word(&words, &word))
        longest = check_longer(longest, utf8_length(word));
    return longest;
}

static size_t sum_of_lengths(const struct expression *argument)
{
    size_t sum = 0;
    for (; argument != NULL; argument = argument->next) {
        if (argument->type.length_max == 0)
            return 0;
        sum += argument->type.length_max;
    }
    return sum;
}

static void set_result(struct expression *call, const struct expression *last)
{
    const struct function *function = call->function;
    struct expression_type *type = &call->type;
    type->kind = function->kind;
    type->length_max = function->length_max;
    type->optional |= function->may_be_absent;
    switch (function->result) {
    case FUNCTION_FIXED:
        break;
    case FUNCTION_CUT:
    case FUNCTION_PARTS:
        type->length_max = (size_t)last->number.mantissa;
        type->repeats = function->result == FUNCTION_PARTS;
        break;
    case FUNCTION_LONGEST:
        type->length_max =
            call->table != NULL ? longest_value(call->table) : longest_word(last->text);
        break;
    case FUNCTION_SUM:
        type->length_max = sum_of_lengths(call->parts);
        break;
    case FUNCTION_SAME:
    case FUNCTION_ONE:
        type->kind = last->type.kind;
        type->length_max = last->type.length_max;
        type->repeats = function->result == FUNCTION_SAME && last->type.repeats;
        break;
    }
}

bool check_call(const struct check *check, struct expression *call)
{
    call->function = function_find(call->text, call->place, check->error);
    if (call->function == NULL || !check_arguments(check, call))
        return false;
    if (call->function->call == function_lookup && !find_table(check, call))
        return false;
    const struct expression *last = call->parts;
    while (last->next != NULL)
        last = last->next;
    set_result(call, last);
    return true;
}
