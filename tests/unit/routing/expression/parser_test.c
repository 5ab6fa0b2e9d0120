#include "routing/expression/node.h"

#include "kit/kit.h"

static const struct place start = { "rules.yaml", 1, 1, 0 };

/* The tree as (operator part part ...). */
static void write_node(const struct expression *node, struct writer *writer)
{
    static const char *const names[NODE_KIND_COUNT] = {
        [NODE_OR] = "or",
        [NODE_AND] = "and",
        [NODE_NOT] = "not",
        [NODE_IN] = "in",
    };
    static const char *const signs[] = { "==", "!=", "<", "<=", ">", ">=" };
    if (node->kind == NODE_NAME) {
        writer_bytes(writer, node->text);
        return;
    }
    if (node->kind == NODE_CONSTANT) {
        writer_format(writer, node->is_number ? "%.*s" : "'%.*s'", SLICE_ARG(node->text));
        writer_bytes(writer, node->currency);
        return;
    }
    writer_char(writer, '(');
    if (node->kind == NODE_CALL)
        writer_format(writer, "%.*s()", SLICE_ARG(node->text));
    else
        writer_text(writer,
                    node->kind == NODE_COMPARE ? signs[node->comparison] : names[node->kind]);
    for (const struct expression *part = node->parts; part != NULL; part = part->next) {
        writer_char(writer, ' ');
        write_node(part, writer);
    }
    writer_char(writer, ')');
}

static void assert_tree(const char *text, const char *expected)
{
    struct arena arena;
    struct writer writer;
    struct error error;
    arena_init(&arena, ARENA_UNLIMITED);
    writer_init(&writer, 0);
    const struct expression *node =
        expression_parse(guarded(slice_of(text)), start, &arena, &error);
    if (node == NULL)
        fail_msg("%s: %s", text, error.detail);
    write_node(node, &writer);
    assert_slice_equal(writer_slice(&writer), expected);
    writer_fini(&writer);
    arena_fini(&arena);
}

static void assert_refused(const char *text, unsigned column, const char *detail)
{
    struct arena arena;
    struct error error = { .kind = NULL };
    arena_init(&arena, ARENA_UNLIMITED);
    assert_null(expression_parse(guarded(slice_of(text)), start, &arena, &error));
    assert_ptr_equal(error.kind, &expression_syntax);
    assert_string_equal(error.detail, detail);
    assert_int_equal(error.place.column, column);
    arena_fini(&arena);
}

static void and_binds_stronger_than_or_and_not_stronger_than_both(void **state)
{
    (void)state;
    assert_tree("a or b and c", "(or a (and b c))");
    assert_tree("a and b or c", "(or (and a b) c)");
    assert_tree("not a and b", "(and (not a) b)");
    assert_tree("not not a or not b", "(or (not (not a)) (not b))");
    assert_tree("(a or b) and c", "(and (or a b) c)");
}

static void comparisons_bind_stronger_than_not(void **state)
{
    (void)state;
    assert_tree("not a == b", "(not (== a b))");
    assert_tree("not a in [b]", "(not (in a b))");
    assert_tree("a != 1 and b < 2 or c >= 3.5 and d <= 4 or e > 5",
                "(or (and (!= a 1) (< b 2)) (and (>= c 3.5) (<= d 4)) (> e 5))");
}

static void one_operator_joins_all_its_operands(void **state)
{
    (void)state;
    assert_tree("a or b or c", "(or a b c)");
    assert_tree("a and b and c and d", "(and a b c d)");
    assert_tree("(a or b) or c", "(or (or a b) c)");
}

static void lists_calls_and_amounts(void **state)
{
    (void)state;
    assert_tree("a in [b, \"c d\", 5]", "(in a b 'c d' 5)");
    assert_tree("f(a, g(b), 3)", "(f() a (g() b) 3)");
    assert_tree("f(a or b)", "(f() (or a b))");
    assert_tree("amount >= 5000000.00 CNY and b", "(and (>= amount 5000000.00CNY) b)");
    assert_tree("amount in [1 CNY, 2]", "(in amount 1CNY 2)");
}

static void what_is_missing_is_told_at_its_place(void **state)
{
    (void)state;
    assert_refused("", 1, "a name, text, number or ( is expected, but the text ends");
    assert_refused("a ==", 5, "a name, text, number or ( is expected, but the text ends");
    assert_refused("a and or b", 7, "a name, text, number or ( is expected, not or");
    assert_refused("(a", 3, ") is expected, but the text ends");
    assert_refused("f(a", 4, ") is expected, but the text ends");
    assert_refused("f()", 3, "a name, text, number or ( is expected, not )");
    assert_refused("f(a,)", 5, "a name, text, number or ( is expected, not )");
    assert_refused("a b", 3, "the end, or an operator is expected, not b");
    assert_refused("a in b", 6, "[ is expected, not b");
    assert_refused("a in []", 7, "a word, text or number is expected, not ]");
    assert_refused("a in [b c]", 9, "] is expected, not c");
    assert_refused("a in [b,", 9, "a word, text or number is expected, but the text ends");
    assert_refused("a)", 2, "the end, or an operator is expected, not )");
    assert_refused("amount > 5 cny", 12, "the end, or an operator is expected, not cny");
    assert_refused("not", 4, "a name, text, number or ( is expected, but the text ends");
}

static void comparisons_do_not_chain(void **state)
{
    (void)state;
    assert_refused("a < b < c", 7, "comparisons do not chain: join two with and");
    assert_refused("a == b in [c]", 8, "the end, or an operator is expected, not in");
}

static void a_number_has_at_most_18_digits(void **state)
{
    (void)state;
    assert_tree("a == 123456789012345678", "(== a 123456789012345678)");
    assert_refused("a == 1234567890123456789", 6, "1234567890123456789 has more than 18 digits");
}

/* count times front, then middle, then count times back. */
static const char *nest(const char *front, const char *middle, const char *back, size_t count)
{
    static char text[4096];
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        strcat(text, front);
    strcat(text, middle);
    for (size_t i = 0; i < count; i++)
        strcat(text, back);
    return text;
}

static void nesting_is_bounded(void **state)
{
    static const char *const pairs[][2] = { { "(", ")" }, { "not ", "" }, { "f(", ")" } };
    struct arena arena;
    struct error error;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const char *deepest = nest(pairs[i][0], "a", pairs[i][1], EXPRESSION_DEPTH_MAX);
        assert_non_null(expression_parse(slice_of(deepest), start, &arena, &error));
        const char *deeper = nest(pairs[i][0], "a", pairs[i][1], EXPRESSION_DEPTH_MAX + 1);
        assert_null(expression_parse(slice_of(deeper), start, &arena, &error));
        assert_string_equal(error.detail, "nested deeper than 32");
    }
    const char *side_by_side = nest("(a) or ", "b", "", 200);
    assert_non_null(expression_parse(slice_of(side_by_side), start, &arena, &error));
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(and_binds_stronger_than_or_and_not_stronger_than_both),
        cmocka_unit_test(comparisons_bind_stronger_than_not),
        cmocka_unit_test(one_operator_joins_all_its_operands),
        cmocka_unit_test(lists_calls_and_amounts),
        cmocka_unit_test(what_is_missing_is_told_at_its_place),
        cmocka_unit_test(comparisons_do_not_chain),
        cmocka_unit_test(a_number_has_at_most_18_digits),
        cmocka_unit_test(nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
