/* Messages as a scenario writes them: composed, and compared with what came. */
#include "session/scenario.h"

#include <stdio.h>
#include <stdlib.h>

enum { SOH = 1 };

const struct scenario_version scenario_versions[] = {
#define VERSION(...) { __VA_ARGS__ },
#include "session/versions.def"
#undef VERSION
};

const size_t scenario_version_count = sizeof scenario_versions / sizeof *scenario_versions;

void scenario_print(struct slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        putchar(bytes.at[i] == SOH ? '|' : bytes.at[i]);
}

_Noreturn void scenario_stop(const struct scenario *scenario, const char *what, struct slice detail)
{
    printf("%s:%u: %s%.*s\n", scenario->path, scenario->line, what, SLICE_ARG(detail));
    exit(1);
}

/* Fields as they are written in a scenario. */

/* "now", "now-10s", "now+3m" */
static struct slice time_text(struct scenario *scenario, struct slice value)
{
    enum moment_precision precision =
        scenario->version->plain ? MOMENT_SECONDS : scenario->precision;
    char text[FIX_TIMESTAMP_SIZE_MAX];
    int64_t shift_s = 0;
    if (value.size > 3) {
        char *unit;
        shift_s = strtol(value.at + 3, &unit, 10);
        if (*unit == 'm')
            shift_s *= 60;
    }
    size_t size = fix_timestamp_put(text, scenario->now.utc_ns + SECONDS_NS(shift_s), precision);
    return arena_copy(&scenario->arena, (struct slice){ text, size });
}

static struct written_field read_field(struct scenario *scenario, struct slice text)
{
    const char *equals = memchr(text.at, '=', text.size);
    if (text.size > 1 && text.at[0] == '-' && equals == NULL)
        return (struct written_field){ .tag = slice_after(text, 1), .absent = true };
    if (equals == NULL)
        scenario_stop(scenario, "a field needs a value: ", text);
    struct slice tag = { text.at, (size_t)(equals - text.at) };
    struct slice value = slice_after(text, tag.size + 1);
    if (slice_starts(value, SLICE("now")))
        value = time_text(scenario, value);
    if (slice_is(tag, "8") && slice_is(value, "other"))
        value = slice_of(scenario->version->other);
    if (slice_is(tag, "16") && slice_is(value, "all"))
        value = scenario->version->plain ? SLICE("999999") : SLICE("0");
    if (slice_is(tag, "1128") && slice_is(value, "version"))
        value = slice_of(scenario->version->appl_ver_id);
    return (struct written_field){ .tag = tag, .value = value };
}

void scenario_fields(struct scenario *scenario, struct slice text, struct written *written)
{
    written->count = 0;
    while (text.size > 0) {
        const char *bar = memchr(text.at, '|', text.size);
        struct slice one = { text.at, bar == NULL ? text.size : (size_t)(bar - text.at) };
        if (written->count == SCENARIO_FIELDS_MAX)
            scenario_stop(scenario, "too many fields", SLICE_NONE);
        written->at[written->count++] = read_field(scenario, one);
        text = slice_after(text, bar == NULL ? text.size : one.size + 1);
    }
}

static const struct written_field *find(const struct written *written, const char *tag)
{
    for (size_t i = 0; i < written->count; i++)
        if (slice_is(written->at[i].tag, tag))
            return &written->at[i];
    return NULL;
}

void scenario_put(struct writer *writer, struct slice tag, struct slice value)
{
    writer_bytes(writer, tag);
    writer_char(writer, '=');
    writer_bytes(writer, value);
    writer_char(writer, SOH);
}

bool scenario_lacks(const struct scenario *scenario, struct slice tag)
{
    char text[16];
    snprintf(text, sizeof text, " %.*s ", SLICE_ARG(tag));
    return strstr(scenario->version->lacks, text) != NULL;
}

/* Header fields that stand first, and what they are when the scenario is silent. */
static void put_default(struct writer *writer, const struct written *written, const char *tag,
                        struct slice otherwise)
{
    const struct written_field *field = find(written, tag);
    if (field == NULL && otherwise.at != NULL)
        scenario_put(writer, slice_of(tag), otherwise);
    if (field != NULL && !field->absent)
        scenario_put(writer, slice_of(tag), field->value);
}

static bool stands_first(struct slice tag)
{
    static const char *const first[] = { "8", "9", "35", "49", "56", "34", "52", "10" };
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (slice_is(tag, first[i]))
            return true;
    return false;
}

/* On FIXT each Logon names a version. */
static void put_version(const struct scenario *scenario, const struct written *written,
                        struct writer *writer)
{
    const struct written_field *type = find(written, "35");
    if (scenario->version->appl_ver_id != NULL && type != NULL && slice_is(type->value, "A") &&
        find(written, "1137") == NULL)
        scenario_put(writer, SLICE("1137"), slice_of(scenario->version->appl_ver_id));
}

/* "+56=X" is not filled in at its place in the header: it stands where it is written. */
static struct slice tag_in_place(struct slice tag)
{
    return slice_after(tag, slice_starts(tag, SLICE("+")) ? 1 : 0);
}

static void put_body(struct scenario *scenario, const struct written *written,
                     struct writer *writer)
{
    put_default(writer, written, "35", SLICE_NONE);
    put_default(writer, written, "49", SCENARIO_PEER);
    put_default(writer, written, "56", SCENARIO_GATEWAY);
    put_default(writer, written, "34", SLICE_NONE);
    put_default(writer, written, "52", time_text(scenario, SLICE("now")));
    for (size_t i = 0; i < written->count; i++)
        if (!written->at[i].absent && !stands_first(written->at[i].tag) &&
            !scenario_lacks(scenario, written->at[i].tag))
            scenario_put(writer, tag_in_place(written->at[i].tag), written->at[i].value);
    put_version(scenario, written, writer);
}

struct slice scenario_message(struct scenario *scenario, struct slice text)
{
    struct written written;
    struct writer body, whole;
    unsigned sum = 0;
    scenario_fields(scenario, text, &written);
    writer_init(&body, 0);
    writer_init(&whole, 0);
    put_body(scenario, &written, &body);
    put_default(&whole, &written, "8", slice_of(scenario->version->begin_string));
    put_default(&whole, &written, "9", arena_format(&scenario->arena, "%zu", body.used));
    writer_bytes(&whole, writer_slice(&body));
    for (size_t i = 0; i < whole.used; i++)
        sum += (unsigned char)whole.at[i];
    put_default(&whole, &written, "10", arena_format(&scenario->arena, "%03u", sum % 256));
    struct slice message = arena_copy(&scenario->arena, writer_slice(&whole));
    writer_fini(&body);
    writer_fini(&whole);
    return message;
}

/* The first field with this tag in bytes; absent: none. */
static struct slice get(struct slice bytes, struct slice tag)
{
    while (bytes.size > 0) {
        const char *end = memchr(bytes.at, SOH, bytes.size);
        size_t size = end == NULL ? bytes.size : (size_t)(end - bytes.at);
        if (size > tag.size && slice_starts(bytes, tag) && bytes.at[tag.size] == '=')
            return (struct slice){ bytes.at + tag.size + 1, size - tag.size - 1 };
        bytes = slice_after(bytes, end == NULL ? size : size + 1);
    }
    return SLICE_NONE;
}

static bool agrees(struct slice bytes, const struct written_field *field)
{
    struct slice value = get(bytes, field->tag);
    if (field->absent || value.at == NULL)
        return field->absent && value.at == NULL;
    return slice_is(field->value, "*") || slice_equal(value, field->value);
}

/* What the version has of an expected field. */
static struct written_field as_version(const struct scenario *scenario,
                                       const struct written_field *field)
{
    struct written_field expected = *field;
    bool high = slice_is(field->tag, "373") && !field->absent &&
                strtoul(field->value.at, NULL, 10) > scenario->version->reason_max;
    expected.absent = field->absent || high || scenario_lacks(scenario, field->tag);
    return expected;
}

void scenario_compare(struct scenario *scenario, struct slice bytes, struct slice text)
{
    struct written written;
    scenario_fields(scenario, text, &written);
    for (size_t i = 0; i < written.count; i++) {
        struct written_field expected = as_version(scenario, &written.at[i]);
        if (agrees(bytes, &expected))
            continue;
        printf("%s:%u: %.*s is not as expected in\n    ", scenario->path, scenario->line,
               SLICE_ARG(written.at[i].tag));
        scenario_print(bytes);
        putchar('\n');
        exit(1);
    }
}
