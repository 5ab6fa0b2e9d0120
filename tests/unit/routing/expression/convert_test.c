#include "routing/expression/convert.h"

#include "kit/kit.h"

#include <stdio.h>
#include <stdlib.h>

struct fixture {
    struct arena arena;
    struct surroundings surroundings;
    struct error error;
};

static const struct place place = { "map.yaml", 4, 12, 0 };

static int setup(void **state)
{
    struct fixture *fixture = memory_take(sizeof *fixture);
    *fixture = (struct fixture){ .surroundings = { .arena = &fixture->arena } };
    arena_init(&fixture->arena, ARENA_UNLIMITED);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_fini(&fixture->arena);
    free(fixture);
    return 0;
}

static const struct shape_field fix_date = { .kind = SHAPE_DATE };
static const struct shape_field iso_date = { .kind = SHAPE_DATE, .iso_form = true };
static const struct shape_field fix_time = { .kind = SHAPE_TIMESTAMP };
static const struct shape_field iso_time = { .kind = SHAPE_TIMESTAMP, .iso_form = true };
static const struct shape_field fix_flag = { .kind = SHAPE_BOOLEAN };
static const struct shape_field iso_flag = { .kind = SHAPE_BOOLEAN, .iso_form = true };
static const struct shape_field words = { .kind = SHAPE_TEXT };
static const struct shape_field any_number = { .kind = SHAPE_DECIMAL };
static const struct shape_field iso_amount = {
    .kind = SHAPE_DECIMAL, .digits_max = 18, .fraction_max = 5, .iso_form = true
};
static const struct shape_field whole_number = { .kind = SHAPE_INTEGER };

static void assert_in(struct fixture *fixture, const struct shape_field *field, const char *text,
                      const char *expected)
{
    struct slice inside;
    assert_true(convert_in(field, guarded(slice_of(text)), &fixture->surroundings, place, &inside,
                           &fixture->error));
    assert_slice_equal(inside, expected);
}

static void assert_out(struct fixture *fixture, const struct shape_field *field, const char *inside,
                       const char *expected)
{
    struct slice text;
    assert_true(convert_out(field, guarded(slice_of(inside)), &fixture->surroundings, place, &text,
                            &fixture->error));
    assert_slice_equal(text, expected);
}

static void assert_not_in(struct fixture *fixture, const struct shape_field *field,
                          const char *text, const char *detail)
{
    struct slice inside;
    assert_false(convert_in(field, guarded(slice_of(text)), &fixture->surroundings, place, &inside,
                            &fixture->error));
    assert_ptr_equal(fixture->error.kind, &expression_value);
    assert_int_equal(fixture->error.place.column, 12);
    assert_string_equal(fixture->error.detail, detail);
}

static void assert_not_out(struct fixture *fixture, const struct shape_field *field,
                           const char *inside, const char *detail)
{
    struct slice text;
    assert_false(convert_out(field, guarded(slice_of(inside)), &fixture->surroundings, place, &text,
                             &fixture->error));
    assert_ptr_equal(fixture->error.kind, &expression_value);
    assert_string_equal(fixture->error.detail, detail);
}

static void dates_change_their_form_in_both_directions(void **state)
{
    struct fixture *fixture = *state;
    assert_in(fixture, &fix_date, "20240229", "2024-02-29");
    assert_in(fixture, &iso_date, "2024-02-29", "2024-02-29");
    assert_in(fixture, &iso_date, "2024-02-29+08:00", "2024-02-29");
    assert_in(fixture, &iso_date, "2024-02-29Z", "2024-02-29");
    assert_out(fixture, &fix_date, "2024-02-29", "20240229");
    assert_out(fixture, &iso_date, "2024-02-29", "2024-02-29");
    assert_not_in(fixture, &fix_date, "20230229", "\"20230229\" is not a date");
    assert_not_in(fixture, &fix_date, "2024-02-29", "\"2024-02-29\" is not a date");
    assert_not_in(fixture, &iso_date, "20240229", "\"20240229\" is not a date");
}

static void times_are_utc_with_milliseconds(void **state)
{
    struct fixture *fixture = *state;
    assert_in(fixture, &fix_time, "20260302-09:08:07", "2026-03-02T09:08:07.000Z");
    assert_in(fixture, &fix_time, "20260302-09:08:07.123456789", "2026-03-02T09:08:07.123Z");
    assert_in(fixture, &iso_time, "2026-03-02T01:00:00.5+02:00", "2026-03-01T23:00:00.500Z");
    assert_in(fixture, &iso_time, "2026-03-02T24:00:00Z", "2026-03-03T00:00:00.000Z");
    assert_out(fixture, &fix_time, "2026-03-02T09:08:07.123Z", "20260302-09:08:07.123");
    assert_out(fixture, &iso_time, "2026-03-02T09:08:07.123Z", "2026-03-02T09:08:07.123Z");
    assert_not_in(fixture, &fix_time, "20260302-24:00:00", "\"20260302-24:00:00\" is not a time");
    assert_not_in(fixture, &iso_time, "2026-03-02", "\"2026-03-02\" is not a time");
}

static void second_60_is_the_last_millisecond_of_its_minute(void **state)
{
    struct fixture *fixture = *state;
    assert_in(fixture, &fix_time, "20161231-23:59:60", "2016-12-31T23:59:59.999Z");
    assert_in(fixture, &fix_time, "20161231-23:59:60.500", "2016-12-31T23:59:59.999Z");
}

static void a_time_that_nanoseconds_cannot_reach_is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_not_in(fixture, &iso_time, "9999-12-31T00:00:00Z",
                  "\"9999-12-31T00:00:00Z\" is not a time");
    assert_not_in(fixture, &fix_time, "00010101-00:00:00", "\"00010101-00:00:00\" is not a time");
    assert_in(fixture, &iso_date, "9999-12-31", "9999-12-31");
}

static void booleans_change_their_form_in_both_directions(void **state)
{
    struct fixture *fixture = *state;
    assert_in(fixture, &fix_flag, "Y", "true");
    assert_in(fixture, &fix_flag, "N", "false");
    assert_in(fixture, &iso_flag, "true", "true");
    assert_in(fixture, &iso_flag, "0", "false");
    assert_out(fixture, &fix_flag, "true", "Y");
    assert_out(fixture, &fix_flag, "false", "N");
    assert_out(fixture, &iso_flag, "false", "false");
    assert_not_in(fixture, &fix_flag, "true", "\"true\" is not a boolean");
    assert_not_in(fixture, &iso_flag, "Y", "\"Y\" is not a boolean");
}

static void amounts_lose_what_does_not_count_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    assert_in(fixture, &any_number, "0012.50", "0012.50");
    assert_out(fixture, &iso_amount, "0012.50", "12.50");
    assert_out(fixture, &iso_amount, "12.", "12");
    assert_out(fixture, &iso_amount, ".5", "0.5");
    assert_out(fixture, &iso_amount, "000", "0");
    assert_out(fixture, &iso_amount, "0.00", "0.00");
    assert_out(fixture, &iso_amount, "+7.1", "7.1");
    assert_out(fixture, &iso_amount, "-007.10", "-7.10");
    assert_out(fixture, &iso_amount, "1.000000000", "1.00000");
    assert_out(fixture, &iso_amount, "123456789012345678", "123456789012345678");
    assert_out(fixture, &iso_amount, "000123456789012345678.0", "123456789012345678");
    assert_out(fixture, &iso_amount, "1234567890123.45678", "1234567890123.45678");
    assert_out(fixture, &iso_amount, "12345678901234567.10", "12345678901234567.1");
    assert_out(fixture, &any_number, "0.123456789012345678", "0.123456789012345678");
    assert_out(fixture, &any_number, "-0012345678901234567890.10", "-12345678901234567890.10");
}

static void amounts_that_do_not_fit_are_refused_and_never_rounded(void **state)
{
    static const char *const wrong[] = {
        "0.000001",
        "1234567890123456789",
        "12345678901234567.12",
        "12345678901234.12345",
        "1e5",
        "",
        ".",
        "1,5",
        "12.345.6",
        "--1",
        " 1",
        "1.0000000000000000001",
        "99999999999999.99999",
    };
    struct fixture *fixture = *state;
    char detail[120];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(detail, sizeof detail,
                 "\"%s\" is not a number of at most 18 digits, 5 of them decimals", wrong[i]);
        assert_not_out(fixture, &iso_amount, wrong[i], detail);
    }
    assert_not_out(fixture, &any_number, "abc", "\"abc\" is not a number");
}

static void integers_have_no_fraction(void **state)
{
    struct fixture *fixture = *state;
    assert_out(fixture, &whole_number, "007", "7");
    assert_out(fixture, &whole_number, "-3", "-3");
    assert_out(fixture, &whole_number, "5.0", "5");
    assert_not_out(fixture, &whole_number, "5.5", "\"5.5\" is not an integer");
    assert_not_out(fixture, &whole_number, "five", "\"five\" is not an integer");
}

static void text_is_carried_whole_or_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_in(fixture, &words, "\xe5\xbc\xa0", "\xe5\xbc\xa0");
    assert_out(fixture, &words, "\xe5\xbc\xa0", "\xe5\xbc\xa0");
    assert_not_in(fixture, &words, "a\xe5\xbc", "bytes that mean nothing in the sender's charset");
    fixture->surroundings.charset = CHARSET_GB18030;
    assert_in(fixture, &words, "\xd5\xc5 A", "\xe5\xbc\xa0 A");
    assert_not_in(fixture, &words, "\xd5", "bytes that mean nothing in the sender's charset");
    fixture->surroundings.target_charset = CHARSET_GB18030;
    assert_out(fixture, &words, "\xe5\xbc\xa0 A", "\xd5\xc5 A");
    assert_not_out(fixture, &words, "\xff", "the receiver's charset can't represent \"\xff\"");
}

static void each_kind_has_its_targets(void **state)
{
    static const char *const expected[] = {
        [SHAPE_TEXT] = "a text,a code,an integer,a number,",
        [SHAPE_CODE] = "a text,a code,an integer,a number,",
        [SHAPE_INTEGER] = "a text,a code,an integer,a number,",
        [SHAPE_DECIMAL] = "a text,a number,",
        [SHAPE_BOOLEAN] = "a boolean,",
        [SHAPE_DATE] = "a date,",
        [SHAPE_TIMESTAMP] = "a time,",
        [SHAPE_DATA] = "",
    };
    (void)state;
    for (enum shape_kind from = SHAPE_TEXT; from <= SHAPE_DATA; from++) {
        char possible[120] = "";
        for (enum shape_kind to = SHAPE_TEXT; to <= SHAPE_DATA; to++) {
            if (convert_possible(from, to))
                strcat(strcat(possible, convert_kind_name(to)), ",");
        }
        assert_string_equal(possible, expected[from]);
    }
}

static void a_writer_in_the_arena_never_grows(void **state)
{
    struct fixture *fixture = *state;
    struct writer writer = convert_writer(&fixture->arena, 4);
    const char *bytes = writer.at;
    writer_text(&writer, "1234");
    assert_true(writer_ok(&writer));
    writer_text(&writer, "5");
    assert_false(writer_ok(&writer));
    assert_ptr_equal(writer.at, bytes);
    assert_slice_equal(writer_slice(&writer), "1234");
}

#define conversion_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        conversion_test(dates_change_their_form_in_both_directions),
        conversion_test(times_are_utc_with_milliseconds),
        conversion_test(second_60_is_the_last_millisecond_of_its_minute),
        conversion_test(a_time_that_nanoseconds_cannot_reach_is_refused),
        conversion_test(booleans_change_their_form_in_both_directions),
        conversion_test(amounts_lose_what_does_not_count_and_nothing_else),
        conversion_test(amounts_that_do_not_fit_are_refused_and_never_rounded),
        conversion_test(integers_have_no_fraction),
        conversion_test(text_is_carried_whole_or_refused),
        conversion_test(each_kind_has_its_targets),
        conversion_test(a_writer_in_the_arena_never_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
