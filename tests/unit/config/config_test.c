#include "config/config.h"

#include "codecs/base/iban.h"
#include "config/tables.h"
#include "kit/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char examples[] = PENSTOCK_SOURCE_DIR "/config/examples";
static const char faulty[] = PENSTOCK_SOURCE_DIR "/tests/unit/config/faulty";

static struct error_list errors;
static struct writer said;
static char scratch[64];

static int start(void **state)
{
    (void)state;
    error_list_init(&errors, 0);
    writer_init(&said, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    error_list_fini(&errors);
    writer_fini(&said);
    return 0;
}

static struct config *load(const char *path)
{
    stop(NULL);
    start(NULL);
    struct config *config = config_load(path, &errors);
    error_list_write(&errors, &said);
    return config;
}

static struct config *load_example(const char *name)
{
    assert_int_equal(chdir(examples), 0);
    struct config *config = load(name);
    assert_slice_equal(writer_slice(&said), "");
    assert_non_null(config);
    return config;
}

static void write_file(const char *name, struct slice bytes)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

/* An empty folder of the test's own, as the working directory. */
static void enter_scratch(void)
{
    snprintf(scratch, sizeof scratch, "/tmp/penstock-config-XXXXXX");
    assert_non_null(mkdtemp(scratch));
    assert_int_equal(chdir(scratch), 0);
}

static void leave_scratch(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", scratch);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
}

static void the_demo_loads(void **state)
{
    struct config *config = load_example("demo.yaml");
    (void)state;
    assert_slice_equal(config->gateway_id, "PSTK");
    assert_slice_equal(config->listeners[0].host, "127.0.0.1");
    assert_int_equal(config->listeners[0].port, 9880);
    assert_slice_equal(config->store_path, "var/penstock.db");
    const struct config_session *session = config_session_named(config, SLICE("alpha"));
    assert_ptr_equal(session->dictionary, config->dictionaries[0]);
    assert_slice_equal(session->sides.target_comp_id, "BRKALPHA");
    const struct config_channel *channel = config_channel_named(config, SLICE("icbc"));
    assert_slice_equal(channel->bic, "ICBXCNBJXXX");
    assert_int_equal(channel->utc_offset_minutes, 480);
    assert_null(config_channel_named(config, SLICE("alpha")));
    assert_non_null(map_set_named(&config->maps, SLICE("withdrawal-pacs008")));
    assert_slice_equal(config->rules.at[0].name, "echo-test");
    assert_int_equal(config->rules.at[0].action, RULE_ECHO);
    config_free(config);
}

static void paths_are_relative_to_the_file_not_to_the_start(void **state)
{
    (void)state;
    assert_int_equal(chdir("/"), 0);
    struct config *config = load(PENSTOCK_SOURCE_DIR "/config/examples/minimal.yaml");
    assert_slice_equal(writer_slice(&said), "");
    assert_slice_equal(config->store_path, PENSTOCK_SOURCE_DIR "/config/examples/var/penstock.db");
    config_free(config);
}

static const struct yaml_value *read_example(const char *name, struct arena *arena)
{
    struct yaml_reading reading = { .source = name, .arena = arena, .errors = &errors };
    char path[512];
    snprintf(path, sizeof path, "%s/%s", examples, name);
    struct slice file = kit_read_file(path);
    const struct yaml_value *tree = yaml_read(file, &reading);
    kit_free_file(file);
    assert_non_null(tree);
    return tree;
}

static void assert_has_all(const struct yaml_value *mapping, const struct key_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        if (yaml_get(mapping, table->keys[i].name) == NULL)
            fail_msg("full.yaml lacks %s of %s", table->keys[i].name, table->name);
    }
}

/* Between them: some keys do not go with others. */
static void assert_have_all(const struct yaml_value *list, const struct key_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        size_t at = 0;
        while (at < list->count && yaml_get(list->items[at], table->keys[i].name) == NULL)
            at++;
        if (at == list->count)
            fail_msg("full.yaml lacks %s of %s", table->keys[i].name, table->name);
    }
}

static const struct yaml_value *last_of(const struct yaml_value *tree, const char *key)
{
    const struct yaml_value *list = yaml_get(tree, key);
    return list->items[list->count - 1];
}

/* Some keys are of days, others of weeks: two schedules have them all. */
static void assert_schedules_have_all(const struct yaml_value *sessions)
{
    for (size_t i = 0; i < schedule_table.count; i++) {
        bool there = false;
        for (size_t j = 0; j < sessions->count; j++) {
            const struct yaml_value *schedule = yaml_get(sessions->items[j], "schedule");
            there = there ||
                    (schedule != NULL && yaml_get(schedule, schedule_table.keys[i].name) != NULL);
        }
        if (!there)
            fail_msg("full.yaml lacks %s of schedule", schedule_table.keys[i].name);
    }
}

static void the_full_example_has_every_key(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    const struct yaml_value *tree = read_example("full.yaml", &arena);
    assert_has_all(tree, &file_table);
    assert_has_all(yaml_get(tree, "gateway"), &gateway_table);
    assert_has_all(last_of(tree, "dictionaries"), &dictionary_table);
    assert_has_all(yaml_get(tree, "profiles")->items[0], &profile_table);
    assert_has_all(yaml_get(tree, "listeners")->items[0], &listener_table);
    assert_have_all(yaml_get(tree, "sessions"), &session_table);
    assert_has_all(yaml_get(last_of(tree, "sessions"), "initiator"), &initiator_table);
    assert_has_all(yaml_get(yaml_get(tree, "sessions")->items[0], "validation"), &validation_table);
    assert_has_all(yaml_get(tree, "channels")->items[0], &channel_table);
    assert_has_all(yaml_get(tree, "calendars")->items[0], &calendar_table);
    assert_schedules_have_all(yaml_get(tree, "sessions"));
    arena_fini(&arena);
    struct config *config = load_example("full.yaml");
    bool seen[4] = { false };
    for (size_t i = 0; i < config->rules.count; i++)
        seen[config->rules.at[i].action] = true;
    assert_true(seen[RULE_ROUTE] && seen[RULE_REFUSE] && seen[RULE_HOLD] && seen[RULE_ECHO]);
    assert_slice_equal(config->listeners[0].host, "::1");
    assert_int_equal(config->sessions[1].charset, CHARSET_GB18030);
    assert_true(config->sessions[0].agreement.validation.unknown_fields);
    assert_false(config->sessions[0].agreement.validation.user_defined_fields);
    assert_true(config->sessions[1].agreement.validation.user_defined_fields);
    assert_null(config->sessions[0].schedule);
    assert_true(config->sessions[1].schedule->resets);
    assert_int_equal(config->sessions[1].schedule->periods.start_s, 3600);
    assert_ptr_equal(config->sessions[1].schedule->periods.calendar, &config->calendars[0].days);
    assert_false(config->sessions[3].schedule->resets);
    assert_int_equal(config->sessions[3].schedule->periods.start_day, 6);
    assert_int_equal(config->sessions[3].schedule->periods.end_s, 21 * 3600 + 30 * 60);
    config_free(config);
}

/* Is the rule on in the profile? */
static bool has_rule(const struct iso_profile *profile, const char *name)
{
    size_t row = 0;
    while (strcmp(iso_rule_about(row).name, name) != 0)
        row++;
    return iso_profile_has(profile, row);
}

static void a_channel_has_the_profile_that_it_names(void **state)
{
    struct config *config = load_example("full.yaml");
    (void)state;
    assert_ptr_equal(config->channels[0].profile, config_profile_named(config, SLICE("iso")));
    assert_true(has_rule(config->channels[0].profile, "message-known"));
    assert_true(has_rule(config->channels[1].profile, "uetr-once"));
    assert_false(has_rule(config->channels[1].profile, "message-known"));
    assert_null(config_profile_named(config, SLICE("rhein")));
    config_free(config);
}

static void a_channel_that_names_no_profile_has_iso(void **state)
{
    struct config *config = load_example("minimal.yaml");
    (void)state;
    assert_slice_equal(config->channels[0].profile_name, "iso");
    assert_true(has_rule(config->channels[0].profile, "uetr-once"));
    config_free(config);
}

/* A gateway without channels needs neither. */
static bool is_for_banks(const char *key)
{
    return strcmp(key, "schemas") == 0 || strcmp(key, "maps") == 0;
}

static void the_minimal_example_has_no_key_too_many(void **state)
{
    static const struct key_table *const tables[] = { &file_table,       &gateway_table,
                                                      &dictionary_table, &listener_table,
                                                      &session_table,    &channel_table };
    const struct yaml_value *mappings[6];
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    mappings[0] = read_example("minimal.yaml", &arena);
    mappings[1] = yaml_get(mappings[0], "gateway");
    mappings[2] = yaml_get(mappings[0], "dictionaries")->items[0];
    mappings[3] = yaml_get(mappings[0], "listeners")->items[0];
    mappings[4] = yaml_get(mappings[0], "sessions")->items[0];
    mappings[5] = yaml_get(mappings[0], "channels")->items[0];
    for (size_t i = 0; i < 6; i++) {
        size_t required = 0;
        for (size_t j = 0; j < tables[i]->count; j++)
            required +=
                tables[i]->keys[j].if_absent == NULL || is_for_banks(tables[i]->keys[j].name);
        assert_int_equal(mappings[i]->count, required);
    }
    arena_fini(&arena);
    config_free(load_example("minimal.yaml"));
}

/* What is said of a faulty configuration is what the file says;
   PENSTOCK_BLESS=1 writes it. */
static void compare_with(const char *name)
{
    if (getenv("PENSTOCK_BLESS") != NULL)
        write_file(name, writer_slice(&said));
    struct slice expected = kit_read_file(name);
    if (!slice_equal(writer_slice(&said), expected))
        fail_msg("%s: said\n%s", name, writer_slice(&said).at);
    kit_free_file(expected);
}

static void all_faults_of_the_file_are_told_in_one_run(void **state)
{
    (void)state;
    unsetenv("PENSTOCK_TEST_NONE");
    assert_int_equal(chdir(faulty), 0);
    assert_null(load("main.yaml"));
    compare_with("main.expected");
}

static void all_faults_of_versions_are_told_in_one_run(void **state)
{
    (void)state;
    assert_int_equal(chdir(faulty), 0);
    assert_null(load("versions.yaml"));
    compare_with("versions.expected");
}

static void all_faults_of_schedules_are_told_in_one_run(void **state)
{
    (void)state;
    assert_int_equal(chdir(faulty), 0);
    assert_null(load("schedules.yaml"));
    compare_with("schedules.expected");
}

static void a_time_zone_is_read_once_from_its_folder(void **state)
{
    (void)state;
    assert_int_equal(chdir(faulty), 0);
    struct config *config = load("../../../kit/engine/engine-schedule.yaml");
    assert_slice_equal(writer_slice(&said), "");
    const struct schedule *day = &config->sessions[0].schedule->periods;
    unsigned second;
    zone_date(day->zone, SECONDS_NS(1783080000), &second); /* 2026-07-03T12:00:00Z */
    assert_int_equal(second, 14 * 3600);
    assert_ptr_equal(config->sessions[1].schedule->periods.zone, day->zone);
    config_free(config);
}

static void all_faults_of_initiators_are_told_in_one_run(void **state)
{
    (void)state;
    assert_int_equal(chdir(faulty), 0);
    assert_null(load("initiators.yaml"));
    compare_with("initiators.expected");
}

static void all_faults_of_sessions_are_told_in_one_run(void **state)
{
    (void)state;
    assert_int_equal(chdir(faulty), 0);
    assert_null(load("sessions.yaml"));
    compare_with("sessions.expected");
}

static void all_faults_of_maps_and_rules_are_told_in_one_run(void **state)
{
    (void)state;
    assert_int_equal(chdir(faulty), 0);
    assert_null(load("content.yaml"));
    compare_with("content.expected");
}

#define assert_unreadable(path, expected)                                                          \
    do {                                                                                           \
        assert_null(load(path));                                                                   \
        assert_slice_equal(writer_slice(&said), expected);                                         \
    } while (0)

static void files_that_are_none_have_a_clear_error(void **state)
{
    (void)state;
    enter_scratch();
    assert_unreadable("none.yaml", "none.yaml: can't be read: No such file or directory\n");
    assert_unreadable("", ": can't be read: No such file or directory\n");
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_unreadable("folder", "folder: can't be read: it is a folder, not a file\n");
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_unreadable("pipe", "pipe: can't be read: it is no regular file\n");
    write_file("huge.yaml", SLICE(""));
    assert_int_equal(truncate("huge.yaml", (off_t)33 << 20), 0);
    assert_unreadable("huge.yaml", "huge.yaml: can't be read: it is larger than 32 MiB\n");
    write_file("large.yaml", SLICE(""));
    assert_int_equal(truncate("large.yaml", (off_t)2 << 20), 0);
    assert_unreadable("large.yaml", "large.yaml:1:1: YAML: the "
                                    "file is larger than 1048576 bytes\n");
    write_file("empty.yaml", SLICE(""));
    assert_unreadable("empty.yaml", "empty.yaml:1:1: YAML: the "
                                    "file is empty\n");
    leave_scratch();
}

static void a_file_that_may_not_be_read_says_so(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        print_message("skipped: root may read everything\n");
        skip();
    }
    enter_scratch();
    write_file("secret.yaml", SLICE("a: b\n"));
    assert_int_equal(chmod("secret.yaml", 0), 0);
    assert_unreadable("secret.yaml", "secret.yaml: can't be read: Permission denied\n");
    leave_scratch();
}

/* A configuration of the test's own, with this rule in front. */
static void write_configuration(const char *rule)
{
    static const char main_file[] =
        "gateway: {id: PSTK, store: s, admin-socket: a}\n"
        "listeners: [{name: a, address: \"127.0.0.1:0\"}]\n"
        "dictionaries:\n"
        "  - name: FIX.4.4\n"
        "    files: [" PENSTOCK_SOURCE_DIR "/schemas/fix/FIX44.xml, " PENSTOCK_SOURCE_DIR
        "/schemas/fix/FIX44-cash.xml]\n"
        "schemas: " PENSTOCK_SOURCE_DIR "/schemas/iso20022\n"
        "maps: " PENSTOCK_SOURCE_DIR "/schemas/maps\n"
        "rules: rules.yaml\n"
        "sessions:\n"
        "  - {name: alpha, dictionary: FIX.4.4, sender-comp-id: US, target-comp-id: THEM,\n"
        "     bic: \"${PENSTOCK_TEST_BIC:-ALBRGB2LXXX}\"}\n"
        "channels:\n"
        "  - {name: icbc, bic: ICBXCNBJXXX, directory: bank}\n";
    char rules[500];
    snprintf(rules, sizeof rules, "rules:\n%s", rule);
    write_file("a.yaml", slice_of(main_file));
    write_file("rules.yaml", slice_of(rules));
}

/* An operator asks while somebody edits. */
static void the_gateway_is_found_whatever_else_is_wrong(void **state)
{
    (void)state;
    enter_scratch();
    write_file("a.yaml", SLICE("gateway: {id: PSTK, store: s,"
                               " admin-socket: a}\nsesions: 1\n"));
    assert_null(load("a.yaml"));
    stop(NULL);
    start(NULL);
    struct config *config = config_load_gateway("a.yaml", &errors);
    assert_non_null(config);
    assert_slice_equal(config->admin_path, "a");
    assert_slice_equal(config->store_path, "s");
    config_free(config);
    leave_scratch();
}

static void assert_no_gateway(const char *text, const char *expected)
{
    stop(NULL);
    start(NULL);
    write_file("a.yaml", slice_of(text));
    assert_null(config_load_gateway("a.yaml", &errors));
    error_list_write(&errors, &said);
    assert_slice_equal(writer_slice(&said), expected);
}

static void a_gateway_that_is_not_there_is_told(void **state)
{
    (void)state;
    enter_scratch();
    assert_no_gateway("sessions: []\n", "a.yaml:1:1: missing key: gateway of configuration\n");
    assert_no_gateway("- a\n", "a.yaml:1:1: missing key: gateway of configuration\n");
    assert_no_gateway("gateway: 1\n", "a.yaml:1:10: bad value: gateway is a mapping, not a text\n");
    leave_scratch();
}

static struct digest digest_now(const char *path)
{
    struct config *config = load(path);
    assert_slice_equal(writer_slice(&said), "");
    struct digest digest = config->digest, again = digest_of(config->text);
    assert_true(digest_equal(&digest, &again));
    config_free(config);
    return digest;
}

static void the_digest_is_of_all_that_was_read(void **state)
{
    char path[200];
    (void)state;
    unsetenv("PENSTOCK_TEST_BIC");
    enter_scratch();
    write_configuration("  - {name: a, then: echo}\n");
    struct digest first = digest_now("a.yaml"), same = digest_now("a.yaml");
    assert_true(digest_equal(&first, &same));
    snprintf(path, sizeof path, "%s/a.yaml", scratch);
    struct digest elsewhere = digest_now(path);
    assert_true(digest_equal(&first, &elsewhere));
    setenv("PENSTOCK_TEST_BIC", "ALBRGB2L", 1);
    struct digest variable = digest_now("a.yaml");
    assert_false(digest_equal(&first, &variable));
    unsetenv("PENSTOCK_TEST_BIC");
    write_configuration("  - {name: b, then: echo}\n");
    struct digest rule = digest_now("a.yaml");
    assert_false(digest_equal(&first, &rule));
    leave_scratch();
}

/* Who can read the store, or guesses what a digest is of, learns nothing of it. */
static void a_password_of_ours_is_in_no_record(void **state)
{
    struct config *config = load_example("full.yaml");
    const struct config_initiator *initiator =
        config_session_named(config, SLICE("kappa"))->initiator;
    (void)state;
    assert_slice_equal(initiator->username, "penstock");
    assert_slice_equal(initiator->password, "not for use");
    assert_null(memmem(config->text.at, config->text.size, "not for use", 11));
    config_free(config);
}

static void both_forms_of_an_action_are_the_same(void **state)
{
    static const char *const forms[] = {
        "  - name: a\n    then: refuse {reason: TM01, text: \"from 09:00: not # now\"}\n",
        "  - name: a\n    then: {refuse: {reason: TM01, text: \"from 09:00: not # now\"}}\n",
        "  - name: a\n    then:\n      refuse:\n        reason: TM01\n"
        "        text: \"from 09:00: not # now\"\n",
    };
    (void)state;
    enter_scratch();
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        write_configuration(forms[i]);
        struct config *config = load("a.yaml");
        assert_slice_equal(writer_slice(&said), "");
        assert_int_equal(config->rules.at[0].action, RULE_REFUSE);
        assert_slice_equal(config->rules.at[0].reason, "TM01");
        assert_slice_equal(config->rules.at[0].text, "from 09:00: not # now");
        config_free(config);
    }
    leave_scratch();
}

/* The next value of a line of comma-separated values without quotes. */
static struct slice take_value(struct slice *line)
{
    const char *comma = memchr(line->at, ',', line->size);
    struct slice value = { line->at, comma == NULL ? line->size : (size_t)(comma - line->at) };
    *line = slice_after(*line, comma == NULL ? line->size : value.size + 1);
    return value;
}

static void check_link(const struct config *config, struct slice line)
{
    struct slice values[9];
    char iban[35];
    for (size_t i = 0; i < 9; i++)
        values[i] = take_value(&line);
    assert_int_equal(line.size, 0);
    assert_non_null(config_session_named(config, values[2]));
    assert_true(slice_equal(values[3], config->channels[0].bic));
    bool payer_has_iban = values[5].at[0] >= 'A', account_has_iban = values[1].at[0] == 'D';
    assert_true(iban_parse(values[5], iban) == payer_has_iban);
    assert_true(iban_parse(values[1], iban) == account_has_iban);
    assert_true(slice_is(values[8], "true") || slice_is(values[8], "false"));
}

static void the_demo_links_fit_the_demo(void **state)
{
    struct config *config = load_example("demo.yaml");
    struct slice file = kit_read_file("demo-links.csv"), rest = file;
    unsigned lines = 0;
    (void)state;
    while (rest.size > 0) {
        const char *end = memchr(rest.at, '\n', rest.size);
        struct slice line = { rest.at, (size_t)(end - rest.at) };
        rest = slice_after(rest, line.size + 1);
        if (lines++ > 0)
            check_link(config, line);
        else
            assert_slice_equal(line, "client,account,session,bank,payee_bank,payee_account,"
                                     "client_name,currency,legal_person");
    }
    assert_true(lines > 3);
    kit_free_file(file);
    config_free(config);
}

static void the_reference_page_is_that_of_the_tables(void **state)
{
    (void)state;
    stop(NULL);
    start(NULL);
    assert_int_equal(chdir(PENSTOCK_SOURCE_DIR), 0);
    config_reference(&said);
    compare_with("docs/configuration.md");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_loads),
        cmocka_unit_test(paths_are_relative_to_the_file_not_to_the_start),
        cmocka_unit_test(the_full_example_has_every_key),
        cmocka_unit_test(a_channel_has_the_profile_that_it_names),
        cmocka_unit_test(a_channel_that_names_no_profile_has_iso),
        cmocka_unit_test(the_minimal_example_has_no_key_too_many),
        cmocka_unit_test(all_faults_of_the_file_are_told_in_one_run),
        cmocka_unit_test(all_faults_of_versions_are_told_in_one_run),
        cmocka_unit_test(all_faults_of_schedules_are_told_in_one_run),
        cmocka_unit_test(a_time_zone_is_read_once_from_its_folder),
        cmocka_unit_test(all_faults_of_initiators_are_told_in_one_run),
        cmocka_unit_test(all_faults_of_sessions_are_told_in_one_run),
        cmocka_unit_test(all_faults_of_maps_and_rules_are_told_in_one_run),
        cmocka_unit_test(files_that_are_none_have_a_clear_error),
        cmocka_unit_test(a_file_that_may_not_be_read_says_so),
        cmocka_unit_test(the_gateway_is_found_whatever_else_is_wrong),
        cmocka_unit_test(a_gateway_that_is_not_there_is_told),
        cmocka_unit_test(the_digest_is_of_all_that_was_read),
        cmocka_unit_test(a_password_of_ours_is_in_no_record),
        cmocka_unit_test(both_forms_of_an_action_are_the_same),
        cmocka_unit_test(the_demo_links_fit_the_demo),
        cmocka_unit_test(the_reference_page_is_that_of_the_tables),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
