/* An expression with all around it, for the tests of this folder: a made-up
   source message, facts, and arenas. */
#ifndef PENSTOCK_TESTS_UNIT_ROUTING_EXPRESSION_FIXTURE_H
#define PENSTOCK_TESTS_UNIT_ROUTING_EXPRESSION_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "kit/fake_shape.h"
#include "kit/kit.h"
#include "routing/expression/expression.h"

static const struct fake_field source_fields[] = {
    { "Id", { .kind = SHAPE_TEXT }, NULL, false },
    { "Short", { .kind = SHAPE_TEXT, .length_max = 5, .required = true }, NULL, false },
    { "Other", { .kind = SHAPE_TEXT, .length_max = 20 }, NULL, false },
    { "Code", { .kind = SHAPE_CODE, .length_max = 2 }, "A B CC", false },
    { "Count", { .kind = SHAPE_INTEGER }, NULL, false },
    { "Action", { .kind = SHAPE_INTEGER }, "0 1", false },
    { "Amount", { .kind = SHAPE_DECIMAL, .required = true }, NULL, false },
    { "Flag", { .kind = SHAPE_BOOLEAN }, NULL, false },
    { "Day", { .kind = SHAPE_DATE }, NULL, false },
    { "Time", { .kind = SHAPE_TIMESTAMP }, NULL, false },
    { "IsoFlag", { .kind = SHAPE_BOOLEAN, .iso_form = true }, NULL, false },
    { "IsoDay", { .kind = SHAPE_DATE, .iso_form = true }, NULL, false },
    { "IsoTime", { .kind = SHAPE_TIMESTAMP, .iso_form = true }, NULL, false },
    { "Raw", { .kind = SHAPE_DATA }, NULL, false },
    { "Lines.Text", { .kind = SHAPE_TEXT, .length_max = 70, .repeats = true }, NULL, false },
    { "Parties[Role=3].Id", { .kind = SHAPE_TEXT }, NULL, false },
};

enum {
    FIELD_COUNT_MAX = 32,
};

struct fixture {
    struct arena compiled, scratch;
    struct scope scope;
    struct fake_message *message;
    struct facts facts;
    struct surroundings surroundings;
    struct {
        struct slice path, text;
    } values[FIELD_COUNT_MAX];
    size_t value_count;
    struct error error;
    char error_text[512];
};

static inline int fixture_setup(void **state)
{
    struct fixture *fixture = memory_take(sizeof *fixture);
    *fixture = (struct fixture){ .value_count = 0 };
    arena_init(&fixture->compiled, ARENA_UNLIMITED);
    arena_init(&fixture->scratch, ARENA_UNLIMITED);
    fixture->message = FAKE_MESSAGE("Source", source_fields);
    scope_init(&fixture->scope, &fixture->message->shape, &fixture->compiled);
    fixture->surroundings = (struct surroundings){ .facts = &fixture->facts,
                                                   .arena = &fixture->scratch,
                                                   .id_salt = SLICE("PENSTOCK BROKER 20260302") };
    *state = fixture;
    return 0;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    scope_fini(&fixture->scope);
    fake_message_free(fixture->message);
    arena_fini(&fixture->compiled);
    arena_fini(&fixture->scratch);
    free(fixture);
    return 0;
}

#define fixture_test(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

/* The source message has this value; once more: another occurrence of it. */
static inline void give(struct fixture *fixture, const char *path, const char *text)
{
    assert_true(fixture->value_count < FIELD_COUNT_MAX);
    fixture->values[fixture->value_count].path = slice_of(path);
    fixture->values[fixture->value_count++].text = slice_of(text);
}

/* The message has no field any more. */
static inline void give_nothing(struct fixture *fixture)
{
    fixture->value_count = 0;
}

/* Expressions of the tests stand at penstock.yaml:7:11. */
static inline const struct expression *compile(struct fixture *fixture, const char *text)
{
    const struct place place = { "penstock.yaml", 7, 11, 0 };
    return expression_new(slice_of(text), place, &fixture->scope, &fixture->error);
}

static inline const char *error_text(struct fixture *fixture)
{
    struct writer writer;
    writer_init(&writer, sizeof fixture->error_text - 1);
    error_write(&fixture->error, &writer);
    memcpy(fixture->error_text, writer_slice(&writer).at, writer.used + 1);
    writer_fini(&writer);
    return fixture->error_text;
}

static inline struct record record_of(struct fixture *fixture)
{
    struct record record = record_take(&fixture->scratch, fixture->scope.path_count);
    for (size_t slot = 0; slot < record.count; slot++) {
        for (size_t i = 0; i < fixture->value_count; i++) {
            if (slice_equal(fixture->scope.paths[slot], fixture->values[i].path))
                record_add(&record, slot, fixture->values[i].text, &fixture->scratch);
        }
    }
    return record;
}

/* false: fixture->error says why it does not compile, or what was refused. */
static inline bool evaluate(struct fixture *fixture, const char *text, struct value *value)
{
    const struct expression *expression = compile(fixture, text);
    if (expression == NULL)
        return false;
    const struct record record = record_of(fixture);
    fixture->surroundings.source = &record;
    bool evaluated =
        expression_evaluate(expression, &fixture->surroundings, value, &fixture->error);
    fixture->surroundings.source = NULL;
    return evaluated;
}

static inline struct value value_of(struct fixture *fixture, const char *text)
{
    struct value value = { SLICE_NONE, NULL };
    if (!evaluate(fixture, text, &value))
        fail_msg("%s: %s", text, error_text(fixture));
    return value;
}

static inline bool holds(struct fixture *fixture, const char *text)
{
    struct slice truth = value_of(fixture, text).text;
    if (!slice_is(truth, "true"))
        assert_slice_equal(truth, "false");
    return slice_is(truth, "true");
}

/* The expression does not compile, or refuses its value, with this error. */
#define assert_refused(fixture, text, expected)                                                    \
    do {                                                                                           \
        struct value refused_value;                                                                \
        assert_false(evaluate((fixture), (text), &refused_value));                                 \
        assert_string_equal(error_text(fixture), (expected));                                      \
    } while (0)
#define assert_value(fixture, expression, expected)                                                \
    assert_slice_equal(value_of((fixture), (expression)).text, (expected))
#define assert_absent(fixture, expression) assert_null(value_of((fixture), (expression)).text.at)

#endif
