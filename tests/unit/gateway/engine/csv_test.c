/* Tables as the imports take them. */
#include "kit/kit.h"

#include "gateway/engine/csv.h"

#include <stdio.h>

static const char *const columns[] = { "name", "note" };

static struct arena arena;

static int open(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static bool begin(struct csv *csv, const char *text, struct error *error)
{
    return csv_begin(csv, "table", guarded(slice_of(text)), columns, 2, error);
}

static void rows_have_values_and_places(void **state)
{
    (void)state;
    struct csv csv;
    struct csv_row row;
    struct error error;

    assert_true(begin(&csv, "\xEF\xBB\xBFname,note\r\na,b\r\n\"c,\"\"d\",\"e\nf\"\n", &error));
    assert_int_equal(csv_next(&csv, &row, &arena, &error), CSV_ROW);
    assert_slice_equal(row.values[0], "a");
    assert_slice_equal(row.values[1], "b");
    assert_int_equal(row.places[1].line, 2);
    assert_int_equal(row.places[1].column, 3);
    assert_int_equal(csv_next(&csv, &row, &arena, &error), CSV_ROW);
    assert_slice_equal(row.values[0], "c,\"d");
    assert_slice_equal(row.values[1], "e\nf");
    assert_int_equal(csv_next(&csv, &row, &arena, &error), CSV_END);
}

static void the_last_line_may_end_without_an_end(void **state)
{
    (void)state;
    struct csv csv;
    struct csv_row row;
    struct error error;

    assert_true(begin(&csv, "name,note\na,b", &error));
    assert_int_equal(csv_next(&csv, &row, &arena, &error), CSV_ROW);
    assert_int_equal(csv_next(&csv, &row, &arena, &error), CSV_END);
}

static void a_table_without_rows_is_empty(void **state)
{
    (void)state;
    struct csv csv;
    struct csv_row row;
    struct error error;

    assert_true(begin(&csv, "name,note", &error));
    assert_int_equal(csv_next(&csv, &row, &arena, &error), CSV_END);
}

static void the_first_line_must_name_the_columns(void **state)
{
    (void)state;
    const char *const texts[] = {
        "",          "name",          "name,", "note,name",   "name,note,more",
        "name;note", "\"name\",note", "\n",    "name,note,\n"
    };
    struct csv csv;
    struct error error;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(begin(&csv, texts[i], &error));
}

static void faults_have_a_place(void **state)
{
    (void)state;
    const struct {
        const char *row;
        unsigned line, column;
    } cases[] = {
        { "\n", 2, 1 },         { "a", 2, 2 },      { "a,", 2, 3 },        { ",b", 2, 1 },
        { "a,b,c", 2, 4 },      { "a,\"b", 2, 3 },  { "a,b\"c", 2, 4 },    { "\"a\"x,b", 2, 4 },
        { "a,\"\"", 2, 3 },     { "a,\xff", 2, 3 }, { "a,b\r\r\n", 2, 4 }, { "\"a\nb\",", 3, 4 },
        { "a,\"\001\"", 2, 3 },
    };
    struct csv csv;
    struct csv_row row;
    struct error error;
    char text[64];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "name,note\n%s", cases[i].row);
        assert_true(begin(&csv, text, &error));
        assert_int_equal(csv_next(&csv, &row, &arena, &error), CSV_FAULT);
        if (error.place.line != cases[i].line || error.place.column != cases[i].column)
            fail_msg("%s: at %u:%u", cases[i].row, error.place.line, error.place.column);
    }
}

static void a_long_table_takes_memory_by_its_size(void **state)
{
    (void)state;
    const size_t rows = 2000;
    struct writer text;
    struct arena small;
    struct csv csv;
    struct csv_row row;
    struct error error;

    writer_init(&text, 0);
    writer_text(&text, "name,note\n");
    for (size_t i = 0; i < rows; i++)
        writer_text(&text, "\"One, Ann\",\"x\"\n");
    arena_init(&small, 16 * text.used);
    assert_true(csv_begin(&csv, "table", writer_slice(&text), columns, 2, &error));
    for (size_t i = 0; i < rows && arena_ok(&small); i++)
        assert_int_equal(csv_next(&csv, &row, &small, &error), CSV_ROW);
    assert_true(arena_ok(&small));
    arena_fini(&small);
    writer_fini(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_have_values_and_places),   TEST(the_last_line_may_end_without_an_end),
        TEST(a_table_without_rows_is_empty), TEST(the_first_line_must_name_the_columns),
        TEST(faults_have_a_place),           TEST(a_long_table_takes_memory_by_its_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
