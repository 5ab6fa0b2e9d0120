#include "gateway/ops/log.h"

#include <unistd.h>

#include "kit/kit.h"

static const struct log_event_kind plain = { "session-logon", LOG_LEVEL_INFO, "a broker came" };
static const struct log_event_kind alert = { "in-doubt", LOG_LEVEL_ALERT, "ask the bank" };
/* 2025-03-14T09:30:15.105Z */
static const struct moment now = { 1, INT64_C(1741944615105000000) };

static struct slice line_of(const struct log_event *event, struct writer *line)
{
    writer_reset(line);
    log_format(event, now, line);
    return writer_slice(line);
}

static void is_written_as(struct slice value, const char *expected)
{
    const struct log_event event = { &plain, { { "key", value } }, 1 };
    struct writer line, whole;

    writer_init(&line, 0);
    writer_init(&whole, 0);
    writer_format(&whole, "2025-03-14T09:30:15.105Z info session-logon key=%s\n", expected);
    assert_slice_equal(line_of(&event, &line), writer_slice(&whole).at);
    writer_fini(&line);
    writer_fini(&whole);
}

static void an_event_is_a_line_of_time_level_name_and_pairs(void **state)
{
    const struct log_event event = {
        &plain, { { "session", SLICE("alpha") }, { "peer", SLICE("192.0.2.7") } }, 2
    };
    struct writer line;

    (void)state;
    writer_init(&line, 0);
    assert_slice_equal(line_of(&event, &line),
                       "2025-03-14T09:30:15.105Z info session-logon session=alpha "
                       "peer=192.0.2.7\n");
    writer_fini(&line);
}

static void an_alert_says_what_to_do(void **state)
{
    const struct log_event event = { &alert, { { "id", SLICE("X-1") } }, 1 };
    struct writer line;

    (void)state;
    writer_init(&line, 0);
    assert_slice_equal(line_of(&event, &line), "2025-03-14T09:30:15.105Z alert in-doubt id=X-1 "
                                               "meaning=\"ask the bank\"\n");
    writer_fini(&line);
}

static void an_absent_value_leaves_its_key_out(void **state)
{
    const struct log_event event = { &plain, { { "gone", SLICE_NONE } }, 1 };
    struct writer line;

    (void)state;
    writer_init(&line, 0);
    assert_slice_equal(line_of(&event, &line), "2025-03-14T09:30:15.105Z info session-logon\n");
    writer_fini(&line);
}

static void values_that_could_mislead_are_quoted(void **state)
{
    (void)state;
    is_written_as(SLICE(""), "\"\"");
    is_written_as(SLICE("two words"), "\"two words\"");
    is_written_as(SLICE("a=b"), "\"a=b\"");
    is_written_as(SLICE("say \"hi\""), "\"say \\\"hi\\\"\"");
    is_written_as(SLICE("back\\slash"), "\"back\\\\slash\"");
}

static void a_newline_never_starts_a_line(void **state)
{
    (void)state;
    is_written_as(SLICE("x\n2025 alert fake"), "\"x\\n2025 alert fake\"");
    is_written_as(SLICE("x\ry"), "\"x\\x0dy\"");
    is_written_as(SLICE("x\x1b[31m"), "\"x\\x1b[31m\"");
    is_written_as(((struct slice){ "a\0b", 3 }), "\"a\\x00b\"");
}

static void utf8_stays_and_other_bytes_are_escaped(void **state)
{
    (void)state;
    is_written_as(SLICE("\xe5\xb7\xa5\xe8\xa1\x8c"), "\"\xe5\xb7\xa5\xe8\xa1\x8c\"");
    is_written_as(SLICE("\xb9\xa4"), "\"\\xb9\\xa4\"");
    is_written_as(SLICE("a\xc2\x9b"
                        "b"),
                  "\"a\\x9bb\"");
}

static void a_long_value_is_cut(void **state)
{
    char long_value[1000];
    const struct log_event event = { &plain, { { "key", { long_value, sizeof long_value } } }, 1 };
    struct writer line;

    (void)state;
    memset(long_value, 'x', sizeof long_value);
    writer_init(&line, 0);
    struct slice written = line_of(&event, &line);
    assert_true(written.size < 500);
    assert_memory_equal(written.at + written.size - 5, "...\"\n", 5);
    writer_fini(&line);
}

static void a_line_goes_to_the_descriptor_whole(void **state)
{
    const struct log_event event = { &plain, { { "key", SLICE("value") } }, 1 };
    struct log log;
    char block[200];
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    log_init(&log, ends[1]);
    log_write(&log, &event, now);
    ssize_t size = read(ends[0], block, sizeof block);
    assert_slice_equal(((struct slice){ block, (size_t)size }),
                       "2025-03-14T09:30:15.105Z info session-logon key=value\n");
    log_fini(&log);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_a_line_of_time_level_name_and_pairs),
        cmocka_unit_test(an_alert_says_what_to_do),
        cmocka_unit_test(an_absent_value_leaves_its_key_out),
        cmocka_unit_test(values_that_could_mislead_are_quoted),
        cmocka_unit_test(a_newline_never_starts_a_line),
        cmocka_unit_test(utf8_stays_and_other_bytes_are_escaped),
        cmocka_unit_test(a_long_value_is_cut),
        cmocka_unit_test(a_line_goes_to_the_descriptor_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
