/* Any text as an expression, over any values of a message.

   The first line is the expression, the following ones are the values of the
   fields that it names, in the order in which it names them.  The first letter
   of a field says its kind: Text, Code, Integer, Number, Boolean, Day, Moment,
   Zdata; its last letter whether it is in ISO form (i) and repeats (s). */
#include "codecs/base/charset.h"
#include "fuzz/fuzz.h"
#include "routing/expression/expression.h"

enum {
    MEMORY_MAX = 1 << 16,
};

static const char kind_letters[] = "TCINBDMZ"; /* in the order of enum shape_kind */

static bool find(const struct shape *shape, struct slice path, struct slice each,
                 struct place place, struct shape_field *field, struct error *error)
{
    const char *letter = strchr(kind_letters, path.at[0]);
    (void)shape;
    (void)each;
    if (letter == NULL)
        return error_at(error, &shape_unknown_path, place, "%.*s", SLICE_ARG(path));
    char last = path.at[path.size - 1];
    *field = (struct shape_field){ .kind = (enum shape_kind)(letter - kind_letters),
                                   .length_max = path.size,
                                   .repeats = last == 's',
                                   .iso_form = last == 'i' };
    return true;
}

static bool accepts(const struct shape *shape, const struct shape_field *field,
                    struct slice constant, struct place place, struct error *error)
{
    (void)shape;
    return field->kind != SHAPE_CODE || constant.size < 5 ||
           error_at(error, &shape_bad_constant, place, "%.*s", SLICE_ARG(constant));
}

static struct slice take_line(struct slice *rest)
{
    const char *end = rest->size == 0 ? NULL : memchr(rest->at, '\n', rest->size);
    struct slice line = { rest->at, end == NULL ? rest->size : (size_t)(end - rest->at) };
    *rest = slice_after(*rest, line.size + (end != NULL));
    return line;
}

/* Every value once, and for good measure twice: what does not repeat takes the first. */
static struct record fill(size_t count, struct slice rest, struct arena *arena)
{
    struct record record = record_take(arena, count);
    for (size_t slot = 0; slot < count && rest.size > 0; slot++) {
        struct slice line = take_line(&rest);
        if (line.size == 0)
            continue;
        record_add(&record, slot, line, arena);
        record_add(&record, slot, line, arena);
    }
    return record;
}

static void check_value(const struct expression *expression, const struct value *value)
{
    struct expression_type type = expression_type(expression);
    for (; value != NULL && value->text.at != NULL; value = value->next) {
        CHECK(type.repeats || value->next == NULL);
        if (type.kind == SHAPE_BOOLEAN)
            CHECK(slice_is(value->text, "true") || slice_is(value->text, "false"));
        if (type.kind == SHAPE_TEXT)
            CHECK(utf8_valid(value->text));
    }
}

static void evaluate(const struct expression *expression, const struct scope *scope,
                     struct slice values, enum charset charset)
{
    static const struct facts facts = { .values = { [FACT_flow] = { "deposit", 7 },
                                                    [FACT_amount] = { "12.50", 5 },
                                                    [FACT_currency] = { "CNY", 3 },
                                                    [FACT_client] = { "C/1_2", 5 } } };
    struct arena arena, values_arena;
    struct error error = { .kind = NULL };
    struct value value;
    arena_init(&arena, MEMORY_MAX);
    arena_init(&values_arena, ARENA_UNLIMITED);
    const struct record record = fill(scope->path_count, values, &values_arena);
    const struct surroundings surroundings = { .source = &record,
                                               .facts = &facts,
                                               .arena = &arena,
                                               .charset = charset,
                                               .source_offset_minutes = 480,
                                               .id_salt = SLICE("salt") };
    if (expression_evaluate(expression, &surroundings, &value, &error))
        check_value(expression, &value);
    else
        CHECK(error.kind == &expression_value);
    expression_holds(expression, &surroundings);
    arena_fini(&values_arena);
    arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slice keys[] = { { "A", 1 } }, table_values[] = { { "ACSP", 4 } };
    static const struct lookup_table table = { { "t", 1 }, keys, table_values, 1 };
    static const struct shape_operations operations = { .find = find, .accepts = accepts };
    static const struct shape shape = { &operations, "Any", NULL };
    const struct place place = { "fuzz.yaml", 1, 1, 0 };
    struct slice rest = { (const char *)data, size };
    struct slice text = take_line(&rest);
    struct arena arena;
    struct scope scope;
    struct error error = { .kind = NULL };
    arena_init(&arena, ARENA_UNLIMITED);
    scope_init(&scope, &shape, &arena);
    scope.tables = &table;
    scope.table_count = 1;
    const struct expression *expression = expression_new(text, place, &scope, &error);
    if (expression != NULL) {
        evaluate(expression, &scope, rest, CHARSET_UTF8);
        evaluate(expression, &scope, rest, CHARSET_GB18030);
    } else {
        CHECK(error.kind != NULL);
        CHECK(error.place.line == 1 && error.place.column <= text.size + 1);
    }
    scope_fini(&scope);
    arena_fini(&arena);
    return 0;
}
