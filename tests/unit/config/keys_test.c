#include "config/keys.h"

#include "config/tables.h"
#include "kit/kit.h"

#include <stdio.h>
#include <stdlib.h>

struct fixture {
    struct arena arena;
    struct error_list errors;
    struct writer said;
};

static struct fixture fixture;

static int start(void **state)
{
    (void)state;
    arena_init(&fixture.arena, ARENA_UNLIMITED);
    error_list_init(&fixture.errors, 0);
    writer_init(&fixture.said, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_fini(&fixture.arena);
    error_list_fini(&fixture.errors);
    writer_fini(&fixture.said);
    return 0;
}

static bool read_keys(const struct key_table *table, const char *text, void *values)
{
    stop(NULL);
    start(NULL);
    struct yaml_reading reading = { "a.yaml", &fixture.arena, &fixture.errors, NULL };
    struct key_scope scope = { &fixture.arena, SLICE("etc"), &fixture.errors };
    const struct yaml_value *tree = yaml_read(slice_of(text), &reading);
    bool good = tree != NULL && keys_read(table, tree, &scope, values);
    error_list_write(&fixture.errors, &fixture.said);
    return good;
}

static const char session_keys[] = "name: alpha\ndictionary: FIX.4.4\nsender-comp-id: US\n"
                                   "target-comp-id: THEM\nbic: ALBRGB2LXXX\n";

static const char channel_keys[] = "name: icbc\nbic: ICBXCNBJXXX\ndirectory: bank\n";

static const char *with(const char *keys, const char *more)
{
    static char text[1024];
    snprintf(text, sizeof text, "%s%s\n", keys, more);
    return text;
}

static void keys_become_fields_and_what_is_absent_has_its_default(void **state)
{
    struct config_session session = { 0 };
    (void)state;
    assert_true(read_keys(&session_table, session_keys, &session));
    assert_slice_equal(session.name, "alpha");
    assert_slice_equal(session.sides.sender_comp_id, "US");
    assert_slice_equal(session.bic, "ALBRGB2LXXX");
    assert_int_equal(session.heartbeat_max_s, 60);
    assert_int_equal(session.latency_max_s, 120);
    assert_int_equal(session.message_size_max, 64 << 10);
    assert_int_equal(session.charset, CHARSET_UTF8);
    assert_slice_equal(session.agreement.test_req_id, "TEST");
    assert_int_equal(session.agreement.resend_chunk, 0);
    assert_false(session.agreement.next_expected);
    assert_false(session.resets.on_logon || session.resets.on_logout ||
                 session.resets.on_disconnect);
    assert_int_equal(session.agreement.gap_messages_max, 1000);
    assert_int_equal(session.agreement.gap_size_max, 256 << 10);
    assert_int_equal(session.agreement.sending_time_precision, MOMENT_MILLISECONDS);
}

static void what_is_optional_stays_absent(void **state)
{
    struct config_channel channel = { 0 };
    (void)state;
    assert_true(read_keys(&channel_table, channel_keys, &channel));
    assert_null(channel.service.at);
    assert_null(channel.session.at);
    assert_int_equal(channel.envelope, ISO_ENVELOPE_REQUEST_PAYLOAD);
    assert_false(channel.books_on_accept);
}

static const struct key *channel_key(const char *name)
{
    for (size_t i = 0; i < channel_table.count; i++) {
        if (strcmp(channel_table.keys[i].name, name) == 0)
            return &channel_table.keys[i];
    }
    return NULL;
}

/* The limits that an error names are keys of a channel, with the same defaults, but for
   the size of a document. */
static void each_limit_of_documents_is_a_key_of_a_channel(void **state)
{
    static const char *const limits[] = {
#define XML_LIMIT(field, key, if_absent, what, unit) key,
#include "codecs/base/xml_limits.def"
#undef XML_LIMIT
    };
    struct config_channel channel = { 0 };
    (void)state;
    assert_true(read_keys(&channel_table, channel_keys, &channel));
    assert_int_equal(channel.limits.total_size_max, 16 << 20);
    channel.limits.total_size_max = xml_limits_default.total_size_max;
    assert_memory_equal(&channel.limits, &xml_limits_default, sizeof channel.limits);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const struct key *key = channel_key(limits[i]);
        assert_non_null(key);
        assert_int_equal(key->reload, KEY_LIVE);
        assert_ptr_equal((char *)&channel + key->offset,
                         xml_limit_find(&channel.limits, slice_of(limits[i])));
    }
}

static void each_kind_is_read_in_its_forms(void **state)
{
    struct config_session session = { 0 };
    struct config_channel channel = { 0 };
    (void)state;
    assert_true(read_keys(&session_table,
                          with(session_keys, "heartbeat-max: 5m\nlatency-max: 1h\n"
                                             "logon-timeout: 2000ms\n"
                                             "message-size-max: 1MiB\ncharset: GB18030\n"
                                             "resend-chunk: 500\n"
                                             "sending-time-precision: nanoseconds"),
                          &session));
    assert_int_equal(session.heartbeat_max_s, 300);
    assert_int_equal(session.latency_max_s, 3600);
    assert_int_equal(session.logon_timeout_s, 2);
    assert_int_equal(session.message_size_max, 1 << 20);
    assert_int_equal(session.charset, CHARSET_GB18030);
    assert_int_equal(session.agreement.resend_chunk, 500);
    assert_int_equal(session.agreement.sending_time_precision, MOMENT_NANOSECONDS);
    assert_true(read_keys(&channel_table,
                          with(channel_keys, "service: a b\nenvelope: none\ndeadline: 1d\n"
                                             "books-on-accept: true\nsettle-time: 250ms\n"
                                             "scan-interval: 2s\nutc-offset: -05:30\n"
                                             "depth-max: 20\ntext-size-max: 2MiB"),
                          &channel));
    assert_slice_equal(channel.service, "a b");
    assert_int_equal(channel.envelope, ISO_ENVELOPE_NONE);
    assert_int_equal(channel.deadline_s, 86400);
    assert_true(channel.books_on_accept);
    assert_int_equal(channel.settle_time_ms, 250);
    assert_int_equal(channel.scan_interval_ms, 2000);
    assert_int_equal(channel.utc_offset_minutes, -330);
    assert_int_equal(channel.limits.depth_max, 20);
    assert_int_equal(channel.limits.text_size_max, 2 << 20);
}

static void paths_are_relative_to_their_file(void **state)
{
    struct config_channel channel = { 0 };
    (void)state;
    assert_true(read_keys(&channel_table, channel_keys, &channel));
    assert_slice_equal(channel.directory, "etc/bank");
    assert_true(
        read_keys(&channel_table, "name: icbc\nbic: ICBXCNBJ\ndirectory: /bank\n", &channel));
    assert_slice_equal(channel.directory, "/bank");
}

static void addresses_have_a_host_and_a_port(void **state)
{
    static const struct {
        const char *text, *host;
        unsigned port;
    } good[] = {
        { "127.0.0.1:9880", "127.0.0.1", 9880 },
        { "broker-gate.example:0", "broker-gate.example", 0 },
        { "\"[::1]:65535\"", "::1", 65535 },
    };
    static const char *const bad[] = { "127.0.0.1",  ":9880", "\"::1:9880\"", "\"[::x]:1\"",
                                       "host:65536", "host:", "a b:1" };
    struct listener_values values = { 0 };
    char text[200];
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        snprintf(text, sizeof text, "name: a\naddress: %s\n", good[i].text);
        assert_true(read_keys(&listener_table, text, &values));
        assert_slice_equal(values.address.host, good[i].host);
        assert_int_equal(values.address.port, good[i].port);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "name: a\naddress: %s\n", bad[i]);
        assert_false(read_keys(&listener_table, text, &values));
        assert_int_equal(fixture.errors.count, 1);
    }
}

static void all_faults_of_a_mapping_are_told_at_once(void **state)
{
    struct config_session session = { 0 };
    (void)state;
    assert_false(read_keys(&session_table,
                           "name: a b\ndictionary: FIX.4.4\nsender-comp-id: US\n"
                           "bic: albrgb2l\nhartbeat-max: 1s\nlatency-max: 0s\n",
                           &session));
    assert_slice_equal(
        writer_slice(&fixture.said),
        "a.yaml:1:1: missing key: target-comp-id of session (the broker's CompID: "
        "TargetCompID (56) of what we send; `*` makes it a template)\n"
        "a.yaml:1:7: bad value: name: \"a b\" is no name (letters, digits, - and _)\n"
        "a.yaml:4:6: bad value: bic: \"albrgb2l\" is no BIC of 8 or 11 characters\n"
        "a.yaml:5:1: unknown key: hartbeat-max (did you mean heartbeat-max?)\n"
        "a.yaml:6:14: bad value: latency-max: \"0s\" is less than 1s\n");
}

static void values_keep_their_bounds_and_forms(void **state)
{
    static const struct {
        const char *more, *error;
    } cases[] = {
        { "heartbeat-max: 2h", "heartbeat-max: \"2h\" is more than 1h" },
        { "heartbeat-max: 30", "heartbeat-max: \"30\" is no duration in whole seconds (30s, 5m, "
                               "2h, 1d)" },
        { "heartbeat-max: 1500ms", "heartbeat-max: \"1500ms\" is no duration in whole seconds "
                                   "(30s, 5m, 2h, 1d)" },
        { "heartbeat-max: -1s", "heartbeat-max: \"-1s\" is no duration in whole seconds (30s, 5m, "
                                "2h, 1d)" },
        { "heartbeat-max: 99999999999999999999s",
          "heartbeat-max: \"99999999999999999999s\" is no duration in whole seconds (30s, 5m, 2h, "
          "1d)" },
        { "heartbeat-max: 999999999d", "heartbeat-max: \"999999999d\" is more than 1h" },
        { "message-size-max: 12", "message-size-max: \"12\" is less than 1KiB" },
        { "message-size-max: 1GiB", "message-size-max: \"1GiB\" is more than 16MiB" },
        { "message-size-max: 1KB", "message-size-max: \"1KB\" is no size (4096, 64KiB, 16MiB)" },
        { "charset: utf8", "charset: \"utf8\" is no charset: UTF-8 or GB18030" },
        { "charset: [a]", "charset is a text, not a list" },
        { "charset: {}", "charset is a text, not a mapping" },
    };
    struct config_session session = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(read_keys(&session_table, with(session_keys, cases[i].more), &session));
        assert_int_equal(fixture.errors.count, 1);
        assert_string_equal(fixture.errors.at[0].detail, cases[i].error);
        assert_int_equal(fixture.errors.at[0].place.line, 6);
    }
}

static void channels_have_kinds_of_their_own(void **state)
{
    static const struct {
        const char *more, *error;
    } cases[] = {
        { "envelope: swiff", "envelope: \"swiff\" is no envelope (did you mean swift?)" },
        { "envelope-text: <a>{header}</a>",
          "envelope-text: it needs {header} and {document} once each" },
        { "books-on-accept: yes", "books-on-accept: \"yes\" is neither true nor false" },
        { "utc-offset: 8", "utc-offset: \"8\" is no offset from UTC (+08:00, -05:00, Z)" },
        { "utc-offset: +14:01", "utc-offset: \"+14:01\" is no offset from UTC (+08:00, -05:00, "
                                "Z)" },
        { "depth-max: many", "depth-max: \"many\" is no number" },
        { "depth-max: 15", "depth-max: \"15\" is less than 16" },
        { "settle-time: 2m", "settle-time: \"2m\" is more than 1m" },
        { "service: \"\"", "service: \"\" is less than 1 character" },
        { "service: \"a\\tb\"", "service: \"a b\" is a text with control characters" },
        { "service: 123456789012345678901234567890123456",
          "service: \"123456789012345678901234567890123456\" is more than 35 characters" },
    };
    struct config_channel channel = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(read_keys(&channel_table, with(channel_keys, cases[i].more), &channel));
        assert_int_equal(fixture.errors.count, 1);
        assert_string_equal(fixture.errors.at[0].detail, cases[i].error);
    }
}

static void texts_are_measured_in_characters(void **state)
{
    struct config_channel channel = { 0 };
    struct writer text;
    (void)state;
    writer_init(&text, 0);
    writer_format(&text, "%sservice: ", channel_keys);
    for (unsigned i = 0; i < 35; i++)
        writer_text(&text, "\xe4\xb8\xad");
    assert_true(read_keys(&channel_table, writer_slice(&text).at, &channel));
    writer_fini(&text);
}

static void reasons_are_those_of_the_external_code_list(void **state)
{
    struct rule_definition rule = { 0 };
    (void)state;
    assert_true(read_keys(&refuse_table, "reason: TM01\ntext: too late\n", &rule));
    assert_slice_equal(rule.reason, "TM01");
    assert_false(read_keys(&refuse_table, "reason: TM0\n", &rule));
    assert_slice_equal(writer_slice(&fixture.said),
                       "a.yaml:1:9: bad value: reason: \"TM0\" is no ISO 20022 status reason code "
                       "(did you mean TM01?)\n");
}

static void a_value_that_was_refused_before_is_not_refused_again(void **state)
{
    struct config_session session = { 0 };
    (void)state;
    unsetenv("PENSTOCK_TEST_NONE");
    assert_false(
        read_keys(&session_table, with(session_keys, "charset: ${PENSTOCK_TEST_NONE}"), &session));
    assert_int_equal(fixture.errors.count, 1);
    assert_false(read_keys(&session_table, "*x\n", &session));
    assert_int_equal(fixture.errors.count, 1);
}

static void what_is_no_mapping_has_no_keys(void **state)
{
    struct config_session session = { 0 };
    (void)state;
    assert_false(read_keys(&session_table, "- a\n", &session));
    assert_slice_equal(writer_slice(&fixture.said),
                       "a.yaml:1:1: bad value: session is a mapping, not a list\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_become_fields_and_what_is_absent_has_its_default),
        cmocka_unit_test(what_is_optional_stays_absent),
        cmocka_unit_test(each_limit_of_documents_is_a_key_of_a_channel),
        cmocka_unit_test(each_kind_is_read_in_its_forms),
        cmocka_unit_test(paths_are_relative_to_their_file),
        cmocka_unit_test(addresses_have_a_host_and_a_port),
        cmocka_unit_test(all_faults_of_a_mapping_are_told_at_once),
        cmocka_unit_test(values_keep_their_bounds_and_forms),
        cmocka_unit_test(channels_have_kinds_of_their_own),
        cmocka_unit_test(texts_are_measured_in_characters),
        cmocka_unit_test(reasons_are_those_of_the_external_code_list),
        cmocka_unit_test(a_value_that_was_refused_before_is_not_refused_again),
        cmocka_unit_test(what_is_no_mapping_has_no_keys),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
