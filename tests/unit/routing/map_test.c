#include "routing/map.h"

#include "kit/fake_shape.h"
#include "kit/kit.h"

#include <stdlib.h>

static const struct fake_field source_fields[] = {
    { "Id", { .kind = SHAPE_TEXT, .required = true }, NULL, false },
    { "Other", { .kind = SHAPE_TEXT, .length_max = 20 }, NULL, false },
    { "Amount", { .kind = SHAPE_DECIMAL, .required = true }, NULL, false },
    { "Flag", { .kind = SHAPE_BOOLEAN }, NULL, false },
    { "Day", { .kind = SHAPE_DATE }, NULL, false },
    { "Time", { .kind = SHAPE_TIMESTAMP, .required = true }, NULL, false },
    { "Count", { .kind = SHAPE_INTEGER }, NULL, false },
    { "Lines.Text", { .kind = SHAPE_TEXT, .repeats = true }, NULL, false },
    { "Lines.Size", { .kind = SHAPE_INTEGER, .repeats = true, .required = true }, NULL, false },
};

static const struct fake_field target_fields[] = {
    { "MsgId", { .kind = SHAPE_TEXT, .length_max = 35 }, NULL, true },
    { "Nm", { .kind = SHAPE_TEXT, .length_max = 10 }, NULL, false },
    { "Free", { .kind = SHAPE_TEXT }, NULL, false },
    { "Cd", { .kind = SHAPE_CODE, .length_max = 4 }, "ACSP RJCT", false },
    { "Amt",
      { .kind = SHAPE_DECIMAL, .digits_max = 18, .fraction_max = 5, .iso_form = true },
      NULL,
      false },
    { "Dt", { .kind = SHAPE_DATE, .iso_form = true }, NULL, false },
    { "DtTm", { .kind = SHAPE_TIMESTAMP, .iso_form = true }, NULL, false },
    { "Yes", { .kind = SHAPE_BOOLEAN, .iso_form = true }, NULL, false },
    { "Ustrd", { .kind = SHAPE_TEXT, .length_max = 10, .repeats = true }, NULL, false },
    { "Nb", { .kind = SHAPE_INTEGER }, NULL, false },
};

enum {
    FIELD_COUNT_MAX = 16,
};

struct fixture {
    struct fake_message *source, *target;
    struct map_field fields[FIELD_COUNT_MAX];
    struct map_definition definition;
    struct map *map;
    struct error_list errors;
    struct facts facts;
    struct arena arena;
    struct record record;
    struct surroundings surroundings;
    struct writer writer;
    struct error error;
};

static int setup(void **state)
{
    struct fixture *fixture = memory_take(sizeof *fixture);
    *fixture = (struct fixture){ .map = NULL };
    fixture->source = FAKE_MESSAGE("Source", source_fields);
    fixture->target = FAKE_MESSAGE("Target", target_fields);
    fixture->definition = (struct map_definition){
        .name = SLICE("a-map"),
        .place = { "a-map.yaml", 1, 1, 0 },
        .use = MAP_USE_ORDER,
        .source = &fixture->source->shape,
        .target = &fixture->target->shape,
        .when_place = { "a-map.yaml", 2, 7, 0 },
        .fields = fixture->fields,
    };
    fixture->surroundings =
        (struct surroundings){ .facts = &fixture->facts, .arena = &fixture->arena };
    arena_init(&fixture->arena, ARENA_UNLIMITED);
    error_list_init(&fixture->errors, 0);
    writer_init(&fixture->writer, 0);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    map_free(fixture->map);
    fake_message_free(fixture->source);
    fake_message_free(fixture->target);
    error_list_fini(&fixture->errors);
    writer_fini(&fixture->writer);
    arena_fini(&fixture->arena);
    free(fixture);
    return 0;
}

/* Field number n stands in line 10 + n, its path in column 3, its text in 20. */
static void write_field(struct fixture *fixture, const char *path, const char *text)
{
    unsigned line = 11 + (unsigned)fixture->definition.field_count;
    fixture->fields[fixture->definition.field_count++] = (struct map_field){
        .path = slice_of(path),
        .text = slice_of(text),
        .place = { "a-map.yaml", line, 20, 0 },
        .path_place = { "a-map.yaml", line, 3, 0 },
    };
}

static bool load(struct fixture *fixture)
{
    fixture->map = map_new(&fixture->definition, &fixture->errors);
    return fixture->map != NULL;
}

static void assert_errors(struct fixture *fixture, const char *expected)
{
    assert_false(load(fixture));
    writer_reset(&fixture->writer);
    error_list_write(&fixture->errors, &fixture->writer);
    assert_slice_equal(writer_slice(&fixture->writer), expected);
}

/* The map alone with one field beside the mandatory one, and its error. */
static void assert_field_error(struct fixture *fixture, const char *path, const char *text,
                               const char *expected)
{
    fixture->definition.field_count = 0;
    error_list_fini(&fixture->errors);
    write_field(fixture, path, text);
    if (strcmp(path, "MsgId") != 0)
        write_field(fixture, "MsgId", "=message.id");
    assert_errors(fixture, expected);
}

static void load_or_fail(struct fixture *fixture)
{
    if (load(fixture))
        return;
    error_list_write(&fixture->errors, &fixture->writer);
    fail_msg("%s", writer_slice(&fixture->writer).at);
}

/* Gives the source's field a value; the map has been loaded. */
static void give(struct fixture *fixture, const char *path, const char *text)
{
    const struct shape_reader *reader = map_reader(fixture->map);
    if (fixture->record.count == 0)
        fixture->record = record_take(&fixture->arena, map_slot_count(fixture->map));
    fixture->surroundings.source = &fixture->record;
    for (size_t slot = 0; slot < fake_reader_count(reader); slot++) {
        if (slice_is(fake_reader_path(reader, slot), path))
            record_add(&fixture->record, slot, slice_of(text), &fixture->arena);
    }
}

static void assert_written(struct fixture *fixture, const char *expected)
{
    writer_reset(&fixture->writer);
    if (!map_write(fixture->map, &fixture->surroundings, &fixture->writer, &fixture->error))
        fail_msg("%s", fixture->error.detail);
    assert_slice_equal(writer_slice(&fixture->writer), expected);
}

static void assert_write_fails(struct fixture *fixture, const char *expected)
{
    writer_reset(&fixture->writer);
    assert_false(
        map_write(fixture->map, &fixture->surroundings, &fixture->writer, &fixture->error));
    writer_reset(&fixture->writer);
    error_write(&fixture->error, &fixture->writer);
    assert_slice_equal(writer_slice(&fixture->writer), expected);
}

static void values_are_written_in_the_form_of_the_target(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "=id35(Id)");
    write_field(fixture, "Amt", "=Amount");
    write_field(fixture, "Dt", "=Day");
    write_field(fixture, "DtTm", "=Time");
    write_field(fixture, "Yes", "=Flag");
    write_field(fixture, "Cd", "RJCT");
    load_or_fail(fixture);
    give(fixture, "Id", "REQ-1");
    give(fixture, "Amount", "0012.50");
    give(fixture, "Day", "20260302");
    give(fixture, "Time", "20260302-23:59:60");
    give(fixture, "Flag", "Y");
    assert_written(fixture, "MsgId=REQ-1\nAmt=12.50\nDt=2026-03-02\n"
                            "DtTm=2026-03-02T23:59:59.999Z\nYes=true\nCd=RJCT\n");
}

static void constants_are_in_the_form_of_the_target_already(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "=\"1\"");
    write_field(fixture, "Dt", "2026-03-02+08:00");
    write_field(fixture, "Yes", "1");
    write_field(fixture, "Nb", "007");
    load_or_fail(fixture);
    assert_written(fixture, "MsgId=1\nDt=2026-03-02+08:00\nYes=1\nNb=007\n");
}

static void absent_values_are_left_out(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "=message.id");
    write_field(fixture, "Nm", "=text(Other, 10)");
    write_field(fixture, "Yes", "=message.duplicate");
    load_or_fail(fixture);
    fixture->facts.values[FACT_message_id] = SLICE("PSTK-1-1");
    give(fixture, "Id", "unused");
    assert_written(fixture, "MsgId=PSTK-1-1\n");
}

static void what_repeats_is_written_as_often(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "=id35(Id)");
    write_field(fixture, "Ustrd", "=split(join(Lines.Text), 10)");
    load_or_fail(fixture);
    give(fixture, "Id", "1");
    give(fixture, "Lines.Text", "for the new");
    give(fixture, "Lines.Text", "year");
    assert_written(fixture, "MsgId=1\nUstrd=for the\nUstrd=new year\n");
}

static void text_is_written_in_the_charset_of_the_target(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "X");
    write_field(fixture, "Free", "=Id");
    write_field(fixture, "Nm", "\xe5\xbc\xa0");
    load_or_fail(fixture);
    give(fixture, "Id", "\xd5\xc5");
    fixture->surroundings.charset = CHARSET_GB18030;
    assert_written(fixture, "MsgId=X\nFree=\xe5\xbc\xa0\nNm=\xe5\xbc\xa0\n");
    fixture->surroundings.target_charset = CHARSET_GB18030;
    assert_written(fixture, "MsgId=X\nFree=\xd5\xc5\nNm=\xd5\xc5\n");
    fixture->surroundings.charset = CHARSET_UTF8;
    assert_write_fails(fixture, "a-map.yaml:12:21: value refused: Free: =Id: bytes that mean "
                                "nothing in the sender's charset");
}

static void a_value_that_does_not_fit_names_target_and_source(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "=message.id");
    write_field(fixture, "Amt", "=Amount");
    load_or_fail(fixture);
    fixture->facts.values[FACT_message_id] = SLICE("1");
    give(fixture, "Amount", "0.000001");
    assert_write_fails(fixture,
                       "a-map.yaml:12:20: value refused: Amt: =Amount: \"0.000001\" is not a "
                       "number of at most 18 digits, 5 of them decimals");
}

static void a_refused_conversion_names_target_and_source(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "=bic(Other)  or  Other or \"x\"");
    load_or_fail(fixture);
    give(fixture, "Other", "abc");
    assert_write_fails(fixture, "a-map.yaml:11:21: value refused: MsgId: =bic(Other)  or  Other "
                                "or \"x\": \"abc\" is not a BIC");
}

static void what_the_codec_refuses_is_told_with_the_map(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "=id35(Id)");
    load_or_fail(fixture);
    give(fixture, "Id", "unwritable");
    assert_write_fails(fixture, "a-map.yaml:1:1: the field cannot have this value: MsgId");
}

static void an_arena_that_runs_over_refuses_the_message(void **state)
{
    struct fixture *fixture = *state;
    struct arena tiny;
    write_field(fixture, "MsgId", "X");
    load_or_fail(fixture);
    arena_init(&tiny, 1);
    fixture->surroundings.arena = &tiny;
    assert_write_fails(fixture, "a-map.yaml:1:1: value refused: the message needs more memory "
                                "than it may");
    arena_fini(&tiny);
}

static void an_unknown_path_is_told_where_it_stands(void **state)
{
    struct fixture *fixture = *state;
    assert_field_error(fixture, "Nope", "=Id",
                       "a-map.yaml:11:3: no such field: Target has no Nope\n");
    assert_field_error(fixture, "Free", "=Nope",
                       "a-map.yaml:11:21: no such field: Source has no Nope\n");
    assert_field_error(fixture, "Free", "=",
                       "a-map.yaml:11:21: syntax error: a name, text, number or ( is expected, "
                       "but the text ends\n");
}

static void a_mandatory_field_must_be_written_for_sure(void **state)
{
    struct fixture *fixture = *state;
    assert_field_error(fixture, "MsgId", "=Other",
                       "a-map.yaml:1:1: a mandatory field is not written: MsgId\n");
    fixture->definition.field_count = 0;
    error_list_fini(&fixture->errors);
    write_field(fixture, "Nm", "x");
    assert_errors(fixture, "a-map.yaml:1:1: a mandatory field is not written: MsgId\n");
    error_list_fini(&fixture->errors);
    write_field(fixture, "MsgId", "=Other or \"NONE\"");
    assert_true(load(fixture));
}

static void a_text_that_may_be_too_long_needs_a_conversion(void **state)
{
    struct fixture *fixture = *state;
    assert_field_error(fixture, "MsgId", "=Id",
                       "a-map.yaml:11:20: the text may be too long: MsgId takes 35 characters, "
                       "=Id may have more (id35(...) or text(..., 35) make it fit)\n");
    assert_field_error(fixture, "Nm", "=Other",
                       "a-map.yaml:11:20: the text may be too long: Nm takes 10 characters, "
                       "=Other may have more (text(..., 10) make it fit)\n");
    assert_field_error(fixture, "Ustrd", "=Lines.Text",
                       "a-map.yaml:11:20: the text may be too long: Ustrd takes 10 characters, "
                       "=Lines.Text may have more (split(..., 10) make it fit)\n");
}

static void kinds_that_do_not_convert_clash(void **state)
{
    struct fixture *fixture = *state;
    assert_field_error(fixture, "Dt", "=Time",
                       "a-map.yaml:11:20: this can't be written there: Dt is a date, =Time is a "
                       "time (date() takes the date of a time)\n");
    assert_field_error(fixture, "Yes", "=Id",
                       "a-map.yaml:11:20: this can't be written there: Yes is a boolean, =Id is "
                       "a text\n");
    assert_field_error(fixture, "Nb", "=Amount",
                       "a-map.yaml:11:20: this can't be written there: Nb is an integer, "
                       "=Amount is a number\n");
    assert_field_error(fixture, "Free", "=Lines.Text",
                       "a-map.yaml:11:20: this can't be written there: Free takes one value, "
                       "=Lines.Text may have more (first() takes one, join() all)\n");
}

static void constants_satisfy_their_target(void **state)
{
    const struct slice keys[] = { SLICE("1"), SLICE("2") };
    const struct slice values[] = { SLICE("ACSP"), SLICE("ACSX") };
    const struct lookup_table table = { SLICE("codes"), keys, values, 2 };
    struct fixture *fixture = *state;
    fixture->definition.tables = &table;
    fixture->definition.table_count = 1;
    assert_field_error(fixture, "Cd", "ACSC",
                       "a-map.yaml:11:20: the field cannot have this value: Cd can't be ACSC\n");
    assert_field_error(fixture, "Cd", "=Other or \"ACSC\"",
                       "a-map.yaml:11:30: the field cannot have this value: Cd can't be ACSC\n");
    assert_field_error(fixture, "Cd", "=when(Flag, \"PDNG\")",
                       "a-map.yaml:11:32: the field cannot have this value: Cd can't be PDNG\n");
    assert_field_error(fixture, "Cd", "=lookup(codes, Count)",
                       "a-map.yaml:11:21: the field cannot have this value: Cd can't be ACSX\n");
}

static void a_path_is_written_once(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "=message.id");
    write_field(fixture, "Nm", "one");
    write_field(fixture, "Nm", "two");
    assert_errors(fixture, "a-map.yaml:13:3: written twice: Nm\n");
}

static void all_errors_of_a_map_are_told_at_once(void **state)
{
    struct fixture *fixture = *state;
    fixture->definition.when = SLICE("Id");
    write_field(fixture, "MsgId", "=Ident");
    write_field(fixture, "Nope", "=Neither");
    write_field(fixture, "Cd", "XXXX");
    assert_errors(fixture,
                  "a-map.yaml:2:7: types do not fit: a condition is expected, this is a text\n"
                  "a-map.yaml:11:21: no such field: Source has no Ident\n"
                  "a-map.yaml:12:3: no such field: Target has no Nope\n"
                  "a-map.yaml:12:21: no such field: Source has no Neither\n"
                  "a-map.yaml:13:20: the field cannot have this value: Cd can't be XXXX\n");
}

static void a_map_applies_when_its_condition_holds(void **state)
{
    struct fixture *fixture = *state;
    fixture->definition.when = SLICE("Count == 0");
    write_field(fixture, "MsgId", "=message.id");
    load_or_fail(fixture);
    give(fixture, "Count", "0");
    assert_true(map_applies(fixture->map, &fixture->surroundings));
    fixture->record.count = 0;
    give(fixture, "Count", "1");
    assert_false(map_applies(fixture->map, &fixture->surroundings));
}

static void without_a_condition_a_map_always_applies(void **state)
{
    struct fixture *fixture = *state;
    write_field(fixture, "MsgId", "=message.id");
    load_or_fail(fixture);
    assert_true(map_applies(fixture->map, &fixture->surroundings));
}

static void fields_of_each_occurrence_do_not_repeat(void **state)
{
    struct fixture *fixture = *state;
    fixture->definition.each = SLICE("Lines");
    write_field(fixture, "MsgId", "=id35(Lines.Size)");
    write_field(fixture, "Free", "=Lines.Text");
    load_or_fail(fixture);
    give(fixture, "Lines.Size", "3");
    give(fixture, "Lines.Text", "abc");
    assert_written(fixture, "MsgId=3\nFree=abc\n");
}

static void a_map_of_facts_has_no_reader(void **state)
{
    struct fixture *fixture = *state;
    fixture->definition.source = NULL;
    write_field(fixture, "MsgId", "=message.id");
    load_or_fail(fixture);
    assert_null(map_reader(fixture->map));
    assert_int_equal(map_slot_count(fixture->map), 0);
    fixture->facts.values[FACT_message_id] = SLICE("1");
    assert_written(fixture, "MsgId=1\n");
}

static void a_group_of_facts_is_no_source(void **state)
{
    struct fixture *fixture = *state;
    fixture->definition.source = facts_shape(SLICE("status"));
    write_field(fixture, "MsgId", "=message.id");
    assert_errors(fixture, "a-map.yaml:1:1: no map can read from this: facts are there for every "
                           "map: from: facts\n");
}

static void a_map_tells_what_it_is(void **state)
{
    char name[] = "a-map";
    struct fixture *fixture = *state;
    fixture->definition.name = slice_of(name);
    fixture->definition.flow = SLICE("withdrawal");
    write_field(fixture, "MsgId", "=id35(Id)");
    write_field(fixture, "Free", "=Id or Other");
    load_or_fail(fixture);
    memset(name, 'x', sizeof name - 1);
    assert_slice_equal(map_name(fixture->map), "a-map");
    assert_slice_equal(map_flow(fixture->map), "withdrawal");
    assert_int_equal(map_use(fixture->map), MAP_USE_ORDER);
    assert_ptr_equal(map_source(fixture->map), &fixture->source->shape);
    assert_ptr_equal(map_target(fixture->map), &fixture->target->shape);
    assert_int_equal(map_slot_count(fixture->map), 2);
    assert_slice_equal(fake_reader_path(map_reader(fixture->map), 0), "Id");
    assert_slice_equal(fake_reader_path(map_reader(fixture->map), 1), "Other");
}

static void reading_fills_the_facts_of_its_group(void **state)
{
    struct fixture *fixture = *state;
    fixture->definition.target = facts_shape(SLICE("instruction"));
    write_field(fixture, "flow", "withdrawal");
    write_field(fixture, "request_id", "=Id");
    write_field(fixture, "amount", "=Amount");
    write_field(fixture, "value_date", "=Day");
    write_field(fixture, "client", "=Other");
    load_or_fail(fixture);
    fixture->facts.values[FACT_instruction_client] = SLICE("of an earlier message");
    fixture->facts.values[FACT_instruction_bank] = SLICE("stays");
    give(fixture, "Id", "\xd5\xc5");
    give(fixture, "Amount", "0012.50");
    give(fixture, "Day", "20260302");
    fixture->surroundings.charset = CHARSET_GB18030;
    fixture->surroundings.target_charset = CHARSET_GB18030;
    assert_true(map_read(fixture->map, &fixture->surroundings, &fixture->facts, &fixture->error));
    const struct slice *values = fixture->facts.values;
    assert_slice_equal(values[FACT_instruction_flow], "withdrawal");
    assert_slice_equal(values[FACT_instruction_request_id], "\xe5\xbc\xa0");
    assert_slice_equal(values[FACT_instruction_amount], "0012.50");
    assert_slice_equal(values[FACT_instruction_value_date], "2026-03-02");
    assert_null(values[FACT_instruction_client].at);
    assert_slice_equal(values[FACT_instruction_bank], "stays");
}

static void a_fact_that_cannot_have_the_value_refuses_it(void **state)
{
    struct fixture *fixture = *state;
    fixture->definition.target = facts_shape(SLICE("instruction"));
    write_field(fixture, "flow", "=text(Id, 16)");
    load_or_fail(fixture);
    give(fixture, "Id", "loan");
    assert_false(map_read(fixture->map, &fixture->surroundings, &fixture->facts, &fixture->error));
    assert_string_equal(fixture->error.detail, "instruction.flow can't be \"loan\"");
    assert_null(fixture->facts.values[FACT_instruction_flow].at);
}

static void unknown_facts_are_told_where_they_stand(void **state)
{
    struct fixture *fixture = *state;
    fixture->definition.target = facts_shape(SLICE("status"));
    write_field(fixture, "cod", "=text(Id, 4)");
    write_field(fixture, "message_id", "=Id");
    assert_errors(fixture,
                  "a-map.yaml:11:3: no such fact: status.cod (did you mean code?)\n"
                  "a-map.yaml:12:20: the text may be too long: message_id takes 35 characters, "
                  "=Id may have more (id35(...) or text(..., 35) make it fit)\n");
}

#define map_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        map_test(values_are_written_in_the_form_of_the_target),
        map_test(constants_are_in_the_form_of_the_target_already),
        map_test(absent_values_are_left_out),
        map_test(what_repeats_is_written_as_often),
        map_test(text_is_written_in_the_charset_of_the_target),
        map_test(a_value_that_does_not_fit_names_target_and_source),
        map_test(a_refused_conversion_names_target_and_source),
        map_test(what_the_codec_refuses_is_told_with_the_map),
        map_test(an_arena_that_runs_over_refuses_the_message),
        map_test(an_unknown_path_is_told_where_it_stands),
        map_test(a_mandatory_field_must_be_written_for_sure),
        map_test(a_text_that_may_be_too_long_needs_a_conversion),
        map_test(kinds_that_do_not_convert_clash),
        map_test(constants_satisfy_their_target),
        map_test(a_path_is_written_once),
        map_test(all_errors_of_a_map_are_told_at_once),
        map_test(a_map_applies_when_its_condition_holds),
        map_test(without_a_condition_a_map_always_applies),
        map_test(fields_of_each_occurrence_do_not_repeat),
        map_test(a_map_of_facts_has_no_reader),
        map_test(a_group_of_facts_is_no_source),
        map_test(a_map_tells_what_it_is),
        map_test(reading_fills_the_facts_of_its_group),
        map_test(a_fact_that_cannot_have_the_value_refuses_it),
        map_test(unknown_facts_are_told_where_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
