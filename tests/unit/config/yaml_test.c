#include "config/yaml.h"

#include "config/config.h"
#include "kit/kit.h"

#include <stdlib.h>

struct fixture {
    struct arena arena;
    struct error_list errors;
    struct writer said, variables;
    const struct yaml_value *tree;
};

static struct fixture fixture;

static int start(void **state)
{
    (void)state;
    arena_init(&fixture.arena, ARENA_UNLIMITED);
    error_list_init(&fixture.errors, 0);
    writer_init(&fixture.said, 0);
    writer_init(&fixture.variables, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_fini(&fixture.arena);
    error_list_fini(&fixture.errors);
    writer_fini(&fixture.said);
    writer_fini(&fixture.variables);
    return 0;
}

static const struct yaml_value *read_bytes(struct slice bytes)
{
    struct yaml_reading reading = { "a.yaml", &fixture.arena, &fixture.errors, &fixture.variables };
    stop(NULL);
    start(NULL);
    fixture.tree = yaml_read(guarded(bytes), &reading);
    error_list_write(&fixture.errors, &fixture.said);
    return fixture.tree;
}

static const struct yaml_value *read_text(const char *text)
{
    return read_bytes(slice_of(text));
}

/* The tree without any error. */
static const struct yaml_value *read_good(const char *text)
{
    const struct yaml_value *tree = read_text(text);
    assert_slice_equal(writer_slice(&fixture.said), "");
    assert_non_null(tree);
    return tree;
}

#define assert_refused(text, expected)                                                             \
    do {                                                                                           \
        read_text(text);                                                                           \
        assert_slice_equal(writer_slice(&fixture.said), expected);                                 \
    } while (0)

#define assert_place(place, line_, column_)                                                        \
    do {                                                                                           \
        assert_int_equal((place).line, line_);                                                     \
        assert_int_equal((place).column, column_);                                                 \
    } while (0)

static void a_file_becomes_a_tree_of_values(void **state)
{
    const struct yaml_value *tree = read_good("name: alpha\nlist: [one, 'two']\ninner:\n  a: b\n");
    (void)state;
    assert_int_equal(tree->kind, YAML_MAPPING);
    assert_int_equal(tree->count, 3);
    assert_slice_equal(yaml_get(tree, "name")->text, "alpha");
    assert_int_equal(yaml_get(tree, "list")->kind, YAML_LIST);
    assert_slice_equal(yaml_get(tree, "list")->items[1]->text, "two");
    assert_slice_equal(yaml_get(yaml_get(tree, "inner"), "a")->text, "b");
    assert_null(yaml_get(tree, "nothing"));
}

static void places_count_lines_and_bytes(void **state)
{
    const struct yaml_value *tree = read_good("a: \xe4\xb8\xad\xe6\x96\x87\r\n"
                                              "# \xe4\xb8\xad\r\n"
                                              "\xe4\xb8\xad: {b: 'c', d: \"e\", f: g}\r\n");
    (void)state;
    assert_place(tree->entries[0].value->place, 1, 4);
    assert_place(tree->entries[1].place, 3, 1);
    const struct yaml_value *inner = tree->entries[1].value;
    assert_place(inner->place, 3, 6);
    assert_place(inner->entries[0].value->place, 3, 11); /* behind the quote */
    assert_place(inner->entries[1].value->place, 3, 19);
    assert_place(inner->entries[2].place, 3, 23);
    assert_int_equal(inner->entries[2].place.offset, 40);
}

static void a_byte_order_mark_and_line_ends_of_windows_change_nothing(void **state)
{
    const struct yaml_value *tree = read_good("\xef\xbb\xbf"
                                              "a: b\r\nc: d\r\n");
    (void)state;
    assert_place(tree->entries[0].place, 1, 1);
    assert_place(tree->entries[1].value->place, 2, 4);
    assert_slice_equal(tree->entries[0].value->text, "b");
}

static void a_call_is_a_mapping_with_places_of_its_own(void **state)
{
    const struct yaml_value *tree = read_good(
        "- when: a == b\n"
        "  then: refuse {reason: TM01, text: \"the bank: 09:00 to 16:00 # not later }\"}\n"
        "- then: route {to: icbc,\n"
        "               map: order} # this way\n");
    (void)state;
    const struct yaml_value *refuse = yaml_get(tree->items[0], "then");
    assert_int_equal(refuse->kind, YAML_MAPPING);
    assert_slice_equal(refuse->entries[0].key, "refuse");
    assert_place(refuse->place, 2, 9);
    const struct yaml_value *text = yaml_get(refuse->entries[0].value, "text");
    assert_slice_equal(text->text, "the bank: 09:00 to 16:00 # not later }");
    assert_place(text->place, 2, 38);
    const struct yaml_value *route = yaml_get(tree->items[1], "then")->entries[0].value;
    assert_slice_equal(yaml_get(route, "map")->text, "order");
    assert_place(yaml_get(route, "map")->place, 4, 21);
}

static void a_call_without_arguments_is_a_mapping_too(void **state)
{
    const struct yaml_value *tree = read_good("then: hold {}\n");
    (void)state;
    assert_slice_equal(yaml_get(tree, "then")->entries[0].key, "hold");
    assert_int_equal(yaml_get(tree, "then")->entries[0].value->count, 0);
}

static void an_error_in_a_call_has_its_place(void **state)
{
    (void)state;
    assert_refused("a: b\nthen: refuse {reason: TM01, reason: TM02}\n",
                   "a.yaml:2:29: given twice: key reason\n");
    assert_refused("then: refuse {text: [}\n", "a.yaml:1:22: YAML: "
                                               "did not find expected node content\n");
}

static void what_only_looks_like_a_call_stays_as_it_is(void **state)
{
    const struct yaml_value *tree = read_good("a: |\n"
                                              "  then: refuse {reason: TM01 # x}\n"
                                              "b: \"then: hold {for: it}\"\n"
                                              "c: word {open\n"
                                              "d: word {a} and more\n");
    (void)state;
    assert_slice_equal(yaml_get(tree, "a")->text, "then: refuse {reason: TM01 # x}\n");
    assert_slice_equal(yaml_get(tree, "b")->text, "then: hold {for: it}");
    assert_slice_equal(yaml_get(tree, "c")->text, "word {open");
    assert_slice_equal(yaml_get(tree, "d")->text, "word {a} and more");
}

static void expressions_pass_as_texts(void **state)
{
    const struct yaml_value *tree = read_good("a: =NoPartyIDs[PartyRole=3].PartyID or b\n"
                                              "b: {c: =id35(X or Y), d: \"=text(X, 3)\"}\n");
    (void)state;
    assert_slice_equal(yaml_get(tree, "a")->text, "=NoPartyIDs[PartyRole=3].PartyID or b");
    assert_slice_equal(yaml_get(yaml_get(tree, "b"), "d")->text, "=text(X, 3)");
}

static void a_comma_inside_braces_asks_for_quotes(void **state)
{
    (void)state;
    assert_refused("a: {b: =text(X, 140)}\n",
                   "a.yaml:1:21: bad value: a value is missing (an empty text is \"\"; a text with "
                   "a comma inside braces needs quotes)\n");
}

static void variables_come_from_the_environment(void **state)
{
    (void)state;
    setenv("PENSTOCK_TEST_ONE", "1", 1);
    setenv("PENSTOCK_TEST_EMPTY", "", 1);
    unsetenv("PENSTOCK_TEST_NONE");
    const struct yaml_value *tree = read_good("a: ${PENSTOCK_TEST_ONE}${PENSTOCK_TEST_ONE}-x\n"
                                              "b: ${PENSTOCK_TEST_NONE:-two}\n"
                                              "c: ${PENSTOCK_TEST_EMPTY:-three}\n"
                                              "d: \"${PENSTOCK_TEST_NONE:-}\"\n"
                                              "e: '${PENSTOCK_TEST_ONE}'\n"
                                              "f: $5 {x\n");
    assert_slice_equal(yaml_get(tree, "a")->text, "11-x");
    assert_slice_equal(yaml_get(tree, "b")->text, "two");
    assert_slice_equal(yaml_get(tree, "c")->text, "three");
    assert_slice_equal(yaml_get(tree, "d")->text, "");
    assert_slice_equal(yaml_get(tree, "e")->text, "${PENSTOCK_TEST_ONE}");
    assert_slice_equal(yaml_get(tree, "f")->text, "$5 {x");
    assert_slice_equal(writer_slice(&fixture.variables),
                       "PENSTOCK_TEST_ONE=1\nPENSTOCK_TEST_ONE=1\nPENSTOCK_TEST_NONE=two\n"
                       "PENSTOCK_TEST_EMPTY=three\nPENSTOCK_TEST_NONE=\n");
}

static void what_a_variable_brings_is_not_read_again(void **state)
{
    (void)state;
    setenv("PENSTOCK_TEST_ONE", "${HOME}: {a", 1);
    assert_slice_equal(yaml_get(read_good("a: ${PENSTOCK_TEST_ONE}\n"), "a")->text, "${HOME}: {a");
}

static void faults_of_variables_have_their_place(void **state)
{
    (void)state;
    unsetenv("PENSTOCK_TEST_NONE");
    setenv("PENSTOCK_TEST_BYTES", "\xff", 1);
    assert_refused("a: b-${PENSTOCK_TEST_NONE}\nb: ${}\nc: x${1}\nd: ${OPEN\n"
                   "e: ${PENSTOCK_TEST_BYTES}\n",
                   "a.yaml:1:6: variable of the environment: PENSTOCK_TEST_NONE is not set, and "
                   "no default is given\n"
                   "a.yaml:2:4: variable of the environment: \"\" is no name: ${NAME} or "
                   "${NAME:-default}\n"
                   "a.yaml:3:5: variable of the environment: \"1\" is no name: ${NAME} or "
                   "${NAME:-default}\n"
                   "a.yaml:4:4: variable of the environment: ${ without a }\n"
                   "a.yaml:5:4: variable of the environment: PENSTOCK_TEST_BYTES is not UTF-8\n");
    assert_int_equal(yaml_get(fixture.tree, "a")->kind, YAML_FAULT);
}

static void what_a_configuration_does_not_need_is_refused(void **state)
{
    (void)state;
    assert_refused("a: &x b\nc: *x\nd: !!str e\nf: !g [h]\n? [i]\n: j\nk:\nl: m\nl: n\n",
                   "a.yaml:1:4: YAML: anchors and aliases are "
                   "not supported: write the value twice\n"
                   "a.yaml:2:4: YAML: anchors and aliases are "
                   "not supported: write the value twice\n"
                   "a.yaml:3:4: YAML: tags are not supported\n"
                   "a.yaml:4:4: YAML: tags are not supported\n"
                   "a.yaml:5:3: YAML: a key must be a text\n"
                   "a.yaml:7:3: bad value: a value is missing (an empty text is \"\"; a text with "
                   "a comma inside braces needs quotes)\n"
                   "a.yaml:9:1: given twice: key l\n");
    assert_int_equal(fixture.tree->count, 6);
    assert_slice_equal(yaml_get(fixture.tree, "l")->text, "m");
}

static void files_that_are_no_yaml_have_no_tree(void **state)
{
    static const struct {
        const char *text, *error;
    } cases[] = {
        { "", "a.yaml:1:1: YAML: the file is empty\n" },
        { "# nothing\n", "a.yaml:1:1: YAML: the file is "
                         "empty\n" },
        { "a: b\n\tc: d\n", "a.yaml:2:1: YAML: found a tab "
                            "character that violates indentation\n" },
        { "a: b\n---\nc: d\n", "a.yaml:2:1: YAML: a file holds "
                               "one document\n" },
        { "a: 'b\n", "a.yaml:2:1: YAML: found unexpected end "
                     "of stream\n" },
        { "a: b: c\n", "a.yaml:1:5: YAML: mapping values are "
                       "not allowed in this context\n" },
        { "a: \xff\n", "a.yaml:1:4: YAML: byte 0xff is not "
                       "UTF-8\n" },
        { "\xff\xfe\x61", "a.yaml:1:1: YAML: byte 0xff is not "
                          "UTF-8\n" },
        { "a: b\nc: \x01\n", "a.yaml:2:4: YAML: byte 0x01 is a "
                             "control character\n" },
        { "a: \xef\xb7\x90\n", "a.yaml:1:1: YAML: the file has "
                               "the noncharacter U+FDD0 or U+FDD1\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_null(read_text(cases[i].text));
        assert_slice_equal(writer_slice(&fixture.said), cases[i].error);
    }
}

static void depth_count_and_size_have_limits(void **state)
{
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    for (unsigned i = 0; i < YAML_DEPTH_MAX + 1; i++)
        writer_char(&writer, '[');
    assert_null(read_bytes(writer_slice(&writer)));
    assert_slice_equal(writer_slice(&fixture.said), "a.yaml:1:33: YAML: values are nested "
                                                    "too deeply\n");

    writer_reset(&writer);
    writer_text(&writer, "[");
    for (unsigned i = 0; i < YAML_VALUE_COUNT_MAX; i++)
        writer_text(&writer, "a,");
    writer_text(&writer, "]");
    assert_null(read_bytes(writer_slice(&writer)));
    assert_slice_equal(writer_slice(&fixture.said), "a.yaml:1:200000: YAML: the file has too "
                                                    "many values\n");

    writer_reset(&writer);
    for (unsigned i = 0; i <= YAML_SIZE_MAX; i++)
        writer_char(&writer, '#');
    assert_null(read_bytes(writer_slice(&writer)));
    assert_slice_equal(writer_slice(&fixture.said), "a.yaml:1:1: YAML: the file is larger "
                                                    "than 1048576 bytes\n");
    writer_fini(&writer);
}

static void every_prefix_is_a_tree_or_an_error(void **state)
{
    static const char text[] = "a: {b: [c, 'd'], e: \"f\"}\nthen: refuse {reason: TM01}\n"
                               "g: |\n  ${HOME:-h}\ni: - j\n";
    (void)state;
    for (size_t size = 0; size < sizeof text - 1; size++) {
        const struct yaml_value *tree = read_bytes((struct slice){ text, size });
        assert_true(tree != NULL || fixture.errors.count > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_becomes_a_tree_of_values),
        cmocka_unit_test(places_count_lines_and_bytes),
        cmocka_unit_test(a_byte_order_mark_and_line_ends_of_windows_change_nothing),
        cmocka_unit_test(a_call_is_a_mapping_with_places_of_its_own),
        cmocka_unit_test(a_call_without_arguments_is_a_mapping_too),
        cmocka_unit_test(an_error_in_a_call_has_its_place),
        cmocka_unit_test(what_only_looks_like_a_call_stays_as_it_is),
        cmocka_unit_test(expressions_pass_as_texts),
        cmocka_unit_test(a_comma_inside_braces_asks_for_quotes),
        cmocka_unit_test(variables_come_from_the_environment),
        cmocka_unit_test(what_a_variable_brings_is_not_read_again),
        cmocka_unit_test(faults_of_variables_have_their_place),
        cmocka_unit_test(what_a_configuration_does_not_need_is_refused),
        cmocka_unit_test(files_that_are_no_yaml_have_no_tree),
        cmocka_unit_test(depth_count_and_size_have_limits),
        cmocka_unit_test(every_prefix_is_a_tree_or_an_error),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
