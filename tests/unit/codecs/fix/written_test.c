/* Messages of every type, made of random values: what is composed from a record is
   framed, read and valid, and has the fields that it was made of, byte for byte.

       unit-codecs-fix-written_test [SEED]

   A failure names its seed, which makes that message first. */
#include "codecs/fix/compose.h"
#include "codecs/fix/dictionary_tables.h"
#include "kit/fix_paths.h"
#include "shipped.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    VALUES_MAX = 256,
    FULL = 100, /* from so many values on only what is mandatory is added */
    EXPECTED_MAX = SHIPPED_FIELD_COUNT_MAX,
    DEPTH_MAX = 3,
    ROUNDS = 10, /* of all types */
};

static uint64_t first_seed = 20261122;
static char under_way[128]; /* the message that is made; "": none is */

/* A message in the making. */
struct made {
    const struct fix_dictionary *dictionary;
    struct kit_random random;
    struct arena arena;
    struct fix_paths paths;
    struct fix_field expected[EXPECTED_MAX]; /* of its body */
    size_t expected_count;
};

static bool chance(struct made *made, unsigned percent)
{
    return kit_random_below(&made->random, 100) < percent;
}

static struct slice pick(struct made *made, const struct slice *values, size_t count)
{
    return values[kit_random_below(&made->random, count)];
}

#define PICK(made, ...)                                                                            \
    pick(made, (const struct slice[]){ __VA_ARGS__ },                                              \
         sizeof((const struct slice[]){ __VA_ARGS__ }) / sizeof(struct slice))

/* Pieces of text in ASCII, UTF-8 and GB18030 (of two and of four bytes). */
static struct slice text_of(struct made *made)
{
    struct writer writer;
    writer_init(&writer, 0);
    for (uint64_t left = 1 + kit_random_below(&made->random, 12); left > 0; left--)
        writer_bytes(&writer,
                     PICK(made, SLICE("a"), SLICE("10=000"), SLICE("8=FIX"), SLICE(" "),
                          SLICE("|="), SLICE("\xE4\xB8\xAD\xE6\x96\x87"), SLICE("\xF0\x9F\x8F\xA6"),
                          SLICE("\xD6\xD0\xCE\xC4"), SLICE("\x81\x30\x81\x30"), SLICE("\xC2\xA3")));
    struct slice text = arena_copy(&made->arena, writer_slice(&writer));
    writer_fini(&writer);
    return text;
}

/* Any bytes. */
static struct slice data_of(struct made *made)
{
    size_t size = 1 + kit_random_below(&made->random, 40);
    char *bytes = arena_take(&made->arena, size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)kit_random_below(&made->random, chance(made, 50) ? 3 : 256);
    return (struct slice){ bytes, size };
}

static struct slice number_of(struct made *made, uint64_t least, uint64_t most)
{
    return arena_format(
        &made->arena, "%llu",
        (unsigned long long)(least + kit_random_below(&made->random, most - least + 1)));
}

static struct slice time_of(struct made *made)
{
    char text[FIX_TIMESTAMP_SIZE_MAX];
    int64_t utc_ns = (int64_t)(kit_random_next(&made->random) >> 1);
    enum moment_precision precision =
        fix_dictionary_standard(made->dictionary)->plain ? MOMENT_SECONDS : MOMENT_NANOSECONDS;
    size_t size = fix_timestamp_put(text, utc_ns, precision);
    return arena_copy(&made->arena, (struct slice){ text, size });
}

static struct slice unlisted_of(struct made *made, enum fix_type type)
{
    struct slice time = time_of(made);
    switch (type) {
    case FIX_TYPE_CHAR:
        return PICK(made, SLICE("a"), SLICE("Z"), SLICE("7"), SLICE("="));
    case FIX_TYPE_INT:
        return PICK(made, SLICE("0"), SLICE("-1"), SLICE("007"), SLICE("999999999999999999"));
    case FIX_TYPE_LENGTH:
    case FIX_TYPE_SEQNUM:
    case FIX_TYPE_NUMINGROUP:
        return number_of(made, 0, 999999);
    case FIX_TYPE_DAY_OF_MONTH:
        return number_of(made, 1, 31);
    case FIX_TYPE_FLOAT:
        return PICK(made, SLICE("0"), SLICE("12500.00"), SLICE("-0.000001"), SLICE("00023.23"));
    case FIX_TYPE_BOOLEAN:
        return PICK(made, SLICE("Y"), SLICE("N"));
    case FIX_TYPE_CURRENCY:
        return PICK(made, SLICE("EUR"), SLICE("CNY"));
    case FIX_TYPE_COUNTRY:
        return PICK(made, SLICE("DE"), SLICE("CN"));
    case FIX_TYPE_MULTIPLE_VALUE:
        return PICK(made, SLICE("A"), SLICE("A B"), SLICE("1 2 3"));
    case FIX_TYPE_MONTH_YEAR:
        return PICK(made, SLICE("202503"), SLICE("20250314"), SLICE("202503w2"));
    case FIX_TYPE_UTC_TIMESTAMP:
        return time;
    case FIX_TYPE_UTC_DATE:
    case FIX_TYPE_LOCAL_DATE:
        return (struct slice){ time.at, sizeof "YYYYMMDD" - 1 };
    case FIX_TYPE_UTC_TIME:
        return slice_after(time, sizeof "YYYYMMDD-" - 1);
    case FIX_TYPE_TZ_TIME:
        return PICK(made, SLICE("07:39Z"), SLICE("13:09:00+05:30"));
    case FIX_TYPE_TZ_TIMESTAMP:
        return PICK(made, SLICE("20060901-07:39Z"), SLICE("20060901-13:09:00+05:30"));
    case FIX_TYPE_DATA:
        return data_of(made);
    default:
        return text_of(made);
    }
}

static struct slice value_of(struct made *made, const struct fix_field_type *field)
{
    if (field->value_count == 0 || (field->open && chance(made, 30)))
        return unlisted_of(made, field->type);
    return field->values[kit_random_below(&made->random, field->value_count)].value;
}

static void expect(struct made *made, uint32_t tag, struct slice value)
{
    assert_true(made->expected_count < EXPECTED_MAX);
    made->expected[made->expected_count++] = (struct fix_field){ tag, value };
}

static void expect_number(struct made *made, uint32_t tag, size_t number)
{
    expect(made, tag, arena_format(&made->arena, "%zu", number));
}

static void make_value(struct made *made, const struct fix_field_type *field, struct slice prefix)
{
    struct fix_paths *paths = &made->paths;
    struct slice value = value_of(made, field);
    assert_true(paths->count < VALUES_MAX);
    paths->paths[paths->count] =
        arena_format(&made->arena, "%.*s%s", SLICE_ARG(prefix), field->name.at);
    paths->record.values[paths->count++].text = value;
    if (field->length_tag != 0)
        expect_number(made, field->length_tag, value.size);
    expect(made, field->tag, value);
}

static void make_members(struct made *made, const struct fix_members *members, struct slice prefix,
                         unsigned depth);

static void make_group(struct made *made, const struct fix_member *member, struct slice prefix,
                       unsigned depth)
{
    size_t count = 1 + kit_random_below(&made->random, 2);
    expect_number(made, member->field->tag, count);
    for (size_t i = 0; i < count; i++)
        make_members(made, member->group,
                     arena_format(&made->arena, "%.*s%s[%zu].", SLICE_ARG(prefix),
                                  member->field->name.at, i),
                     depth + 1);
}

static bool is_length(const struct fix_members *members, size_t row)
{
    return row + 1 < members->count &&
           members->at[row + 1].field->length_tag == members->at[row].field->tag;
}

/* Mandatory in a group is its first field, too. */
static bool is_mandatory(const struct fix_members *members, size_t row, bool in_group)
{
    return members->at[row].required || (in_group && row == 0) ||
           (row > 0 && is_length(members, row - 1) && is_mandatory(members, row - 1, in_group));
}

static bool is_wanted(struct made *made, const struct fix_members *members, size_t row,
                      unsigned depth)
{
    const struct fix_member *member = &members->at[row];
    if (is_mandatory(members, row, depth > 0))
        return true;
    return made->paths.count < FULL && (member->group == NULL || depth < DEPTH_MAX) &&
           chance(made, member->field->type == FIX_TYPE_DATA ? 60 : 25);
}

static void make_members(struct made *made, const struct fix_members *members, struct slice prefix,
                         unsigned depth)
{
    for (size_t row = 0; row < members->count; row++) {
        const struct fix_member *member = &members->at[row];
        if (is_length(members, row) || !is_wanted(made, members, row, depth))
            continue;
        if (member->group != NULL)
            make_group(made, member, prefix, depth);
        else
            make_value(made, member->field, prefix);
    }
}

/* The whole message, with the header that every message has. */
static struct slice compose(struct made *made, const struct fix_message_type *type,
                            struct writer *writer)
{
    const struct shape *shape = fix_dictionary_shape(made->dictionary, type->name);
    struct shape_composer *composer = fix_paths_composer(&made->paths, shape);
    struct fix_compose message;
    struct writer body;
    struct error error;
    writer_init(&body, 0);
    if (!shape->operations->compose(composer, &made->paths.record, &body, &error))
        fail_msg("%s: %s", error.kind->text, error.detail);
    fix_compose_begin(&message, writer, fix_dictionary_begin_string(made->dictionary),
                      type->msg_type);
    fix_compose_fields(&message, SLICE("49=A\00156=B\00134=1\00152=20250314-09:30:00\001"));
    fix_compose_fields(&message, writer_slice(&body));
    writer_fini(&body);
    shape->operations->composer_free(composer);
    return fix_compose_end(&message);
}

static void assert_as_made(const struct made *made, const struct fix_message *message)
{
    assert_int_equal(message->body_end - message->body_first, made->expected_count);
    for (size_t i = 0; i < made->expected_count; i++) {
        const struct fix_field *field = &message->fields[message->body_first + i];
        assert_int_equal(field->tag, made->expected[i].tag);
        assert_true(slice_equal(field->value, made->expected[i].value));
    }
}

static void check(struct shipped *shipped, const struct fix_message_type *type, uint64_t seed)
{
    static struct made made;
    struct writer writer;
    writer_init(&writer, 0);
    made = (struct made){ .dictionary = shipped->dictionary, .random = { seed } };
    arena_init(&made.arena, ARENA_UNLIMITED);
    made.paths = (struct fix_paths){ .arena = &made.arena,
                                     .paths = arena_take_array(&made.arena, VALUES_MAX,
                                                               sizeof(struct slice)),
                                     .record = record_take(&made.arena, VALUES_MAX) };
    make_members(&made, &type->body, SLICE(""), 0);
    if (!parse_bytes(shipped, compose(&made, type, &writer)) ||
        !fix_message_validate(&shipped->message, shipped->dictionary, &shipped->finding))
        fail_msg("%s, tag %u", shipped->finding.fault->text, shipped->finding.tag);
    assert_as_made(&made, &shipped->message);
    arena_fini(&made.arena);
    writer_fini(&writer);
}

static void check_version(const char *begin_string)
{
    struct fix_text_version version = fix_text_version(begin_string);
    struct shipped shipped = { .dictionary = version.dictionary };
    uint64_t seed = first_seed;
    size_t count = version.dictionary->message_count;
    printf("%s: seeds from %llu\n", begin_string, (unsigned long long)seed);
    for (size_t i = 0; i < ROUNDS * count; i++, seed++) {
        const struct fix_message_type *type = &version.dictionary->messages[seed % count];
        snprintf(under_way, sizeof under_way, "%s %.*s: seed %llu", begin_string,
                 SLICE_ARG(type->name), (unsigned long long)seed);
        check(&shipped, type, seed);
    }
    under_way[0] = '\0';
    fix_text_version_free(&version);
}

static const char starts_with_length[] =
    "<fix major='4' minor='4'><fields>"
    "<field name='BeginString' number='8' type='STRING'/>"
    "<field name='BodyLength' number='9' type='LENGTH'/>"
    "<field name='MsgType' number='35' type='STRING'/>"
    "<field name='SenderCompID' number='49' type='STRING'/>"
    "<field name='TargetCompID' number='56' type='STRING'/>"
    "<field name='MsgSeqNum' number='34' type='SEQNUM'/>"
    "<field name='SendingTime' number='52' type='UTCTIMESTAMP'/>"
    "<field name='CheckSum' number='10' type='STRING'/>"
    "<field name='Count' number='101' type='NUMINGROUP'/>"
    "<field name='Size' number='102' type='LENGTH'/>"
    "<field name='Bytes' number='103' type='DATA'/>"
    "</fields><header>"
    "<field name='BeginString' required='Y'/>"
    "<field name='BodyLength' required='Y'/>"
    "<field name='MsgType' required='Y'/>"
    "<field name='SenderCompID' required='Y'/>"
    "<field name='TargetCompID' required='Y'/>"
    "<field name='MsgSeqNum' required='Y'/>"
    "<field name='SendingTime' required='Y'/>"
    "</header><trailer><field name='CheckSum' required='Y'/></trailer>"
    "<messages><message name='M' msgtype='M' msgcat='app'><group name='Count' required='Y'>"
    "<field name='Size' required='Y'/><field name='Bytes' required='Y'/>"
    "</group></message></messages></fix>";

/* Of standard versions FIX.5.0 has such a group, deep in others. */
static void a_group_may_start_with_a_length(void **state)
{
    struct fix_dictionary_file file = { slice_of(starts_with_length), "own.xml" };
    struct shipped shipped;
    struct writer text;
    (void)state;
    writer_init(&text, 0);
    shipped.dictionary = load(&file, 1, &text);
    assert_slice_equal(writer_slice(&text), "");
    for (uint64_t seed = 1; seed < 10; seed++)
        check(&shipped, fix_dictionary_message(shipped.dictionary, SLICE("M")), seed);
    fix_dictionary_free(shipped.dictionary);
    writer_fini(&text);
}

/* A test that stopped says at what. */
static int name_what_failed(void **state)
{
    (void)state;
    if (under_way[0] != '\0')
        printf("%s\n", under_way);
    return 0;
}

static void random_messages_of_fix_4_2_are_read_as_they_were_made(void **state)
{
    (void)state;
    check_version("FIX.4.2");
}

static void random_messages_of_fix_4_4_are_read_as_they_were_made(void **state)
{
    (void)state;
    check_version("FIX.4.4");
}

static void random_messages_of_fix_5_are_read_as_they_were_made(void **state)
{
    (void)state;
    check_version("FIXT.1.1");
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_may_start_with_a_length),
        cmocka_unit_test_teardown(random_messages_of_fix_4_2_are_read_as_they_were_made,
                                  name_what_failed),
        cmocka_unit_test_teardown(random_messages_of_fix_4_4_are_read_as_they_were_made,
                                  name_what_failed),
        cmocka_unit_test_teardown(random_messages_of_fix_5_are_read_as_they_were_made,
                                  name_what_failed),
    };
    if (count > 1)
        first_seed = strtoull(words[1], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
