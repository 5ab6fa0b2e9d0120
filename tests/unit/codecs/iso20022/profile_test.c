/* Which rules a profile has on, and that the manual knows all there are. */
#include "kit/kit.h"

#include "codecs/iso20022/profile.h"

#include "codecs/iso20022/rule.h"

static struct iso_catalogue *catalogue;

static int set_up(void **state)
{
    (void)state;
    catalogue = iso_catalogue_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    return 0;
}

static size_t rule_named(const char *name)
{
    for (size_t i = 0; i < iso_rule_count; i++) {
        if (strcmp(iso_rules[i].name, name) == 0)
            return i;
    }
    fail_msg("there is no rule %s", name);
    return 0;
}

static size_t count_on(const struct iso_profile *profile)
{
    size_t count = 0;
    for (size_t i = 0; i < iso_rule_count; i++)
        count += iso_profile_has(profile, i);
    return count;
}

static struct iso_profile *profile_like(const char *name)
{
    struct iso_profile *profile = iso_profile_new(catalogue);
    assert_true(iso_profile_like(profile, slice_of(name)));
    iso_profile_bind(profile);
    return profile;
}

static void a_new_profile_has_no_rule(void **state)
{
    struct iso_profile *profile = iso_profile_new(catalogue);
    (void)state;
    assert_int_equal(count_on(profile), 0);
    iso_profile_free(profile);
}

static void the_profile_of_the_schema_has_no_rule(void **state)
{
    struct iso_profile *profile = profile_like("schema");
    (void)state;
    assert_int_equal(count_on(profile), 0);
    iso_profile_free(profile);
}

static void every_other_profile_has_what_the_standard_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < iso_profile_count; i++) {
        struct iso_profile *profile = profile_like(iso_profiles[i].name);
        if (strcmp(iso_profiles[i].name, "schema") != 0)
            assert_true(iso_profile_has(profile, rule_named("message-known")));
        iso_profile_free(profile);
    }
}

static void a_rule_is_switched_by_its_name(void **state)
{
    struct iso_profile *profile = iso_profile_new(catalogue);
    (void)state;
    assert_true(iso_profile_switch(profile, SLICE("uetr-once"), true));
    assert_int_equal(count_on(profile), 1);
    assert_true(iso_profile_has(profile, rule_named("uetr-once")));
    assert_true(iso_profile_switch(profile, SLICE("uetr-once"), false));
    assert_int_equal(count_on(profile), 0);
    iso_profile_free(profile);
}

static void a_set_is_switched_by_its_name(void **state)
{
    struct iso_profile *profile = iso_profile_new(catalogue);
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < iso_rule_count; i++)
        count += iso_rule_is_in(i, ISO_RULE_SET_STANDARD);
    assert_true(count > 1);
    assert_true(iso_profile_switch(profile, SLICE("standard"), true));
    assert_int_equal(count_on(profile), count);
    assert_true(iso_profile_switch(profile, SLICE("standard"), false));
    assert_int_equal(count_on(profile), 0);
    iso_profile_free(profile);
}

static void what_has_no_such_name_is_not_switched(void **state)
{
    struct iso_profile *profile = iso_profile_new(catalogue);
    (void)state;
    assert_false(iso_profile_switch(profile, SLICE("standrad"), true));
    assert_false(iso_profile_switch(profile, SLICE(""), true));
    assert_string_equal(iso_profile_switch_suggestion(SLICE("standrad")),
                        " (did you mean standard?)");
    assert_false(iso_profile_like(profile, SLICE("cbpr")));
    assert_false(iso_profile_like(profile, SLICE("standard")));
    assert_string_equal(iso_profile_suggestion(SLICE("cbprplus")), " (did you mean cbpr-plus?)");
    assert_int_equal(count_on(profile), 0);
    iso_profile_free(profile);
}

static void names_of_rules_and_sets_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < iso_rule_count; i++) {
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(iso_rules[i].name, iso_rules[j].name);
        for (size_t set = 0; set < iso_profile_set_count; set++)
            assert_string_not_equal(iso_rules[i].name, iso_profile_sets[set].name);
        assert_true(iso_rules[i].sets != 0);
    }
}

static void write_messages(struct writer *line, const char *messages)
{
    for (; messages != NULL && *messages != '\0'; messages++) {
        if (*messages == ' ')
            writer_char(line, ',');
        writer_char(line, *messages);
    }
    writer_text(line, messages == NULL ? "" : " | ");
}

static void write_sets(struct writer *line, size_t rule)
{
    const char *comma = "";
    for (size_t set = 0; set < iso_profile_set_count; set++) {
        if (!iso_rule_is_in(rule, set))
            continue;
        writer_format(line, "%s%s", comma, iso_profile_sets[set].name);
        comma = ", ";
    }
}

static void assert_has_line(struct slice page, const struct writer *line)
{
    struct slice text = writer_slice(line);
    if (memmem(page.at, page.size, text.at, text.size) == NULL)
        fail_msg("docs/profiles.md lacks%.*s", SLICE_ARG(text));
}

static void the_manual_lists_every_rule_set_and_profile(void **state)
{
    struct slice page = kit_read_file(PENSTOCK_SOURCE_DIR "/docs/profiles.md");
    struct writer line;
    (void)state;
    writer_init(&line, 0);
    for (size_t i = 0; i < iso_rule_count; i++) {
        writer_reset(&line);
        writer_format(&line, "\n| `%s` | %s | ", iso_rules[i].name, iso_rules[i].text);
        write_messages(&line, iso_rules[i].messages);
        write_sets(&line, i);
        writer_text(&line, " |\n");
        assert_has_line(page, &line);
    }
    for (size_t i = 0; i < iso_profile_set_count; i++) {
        writer_reset(&line);
        writer_format(&line, "\n| `%s` | %s |\n", iso_profile_sets[i].name,
                      iso_profile_sets[i].what);
        assert_has_line(page, &line);
    }
    for (size_t i = 0; i < iso_profile_count; i++) {
        writer_reset(&line);
        writer_format(&line, "\n| `%s` | %s | ", iso_profiles[i].name, iso_profiles[i].what);
        assert_has_line(page, &line);
    }
    writer_fini(&line);
    kit_free_file(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_profile_has_no_rule),
        cmocka_unit_test(the_profile_of_the_schema_has_no_rule),
        cmocka_unit_test(every_other_profile_has_what_the_standard_says),
        cmocka_unit_test(a_rule_is_switched_by_its_name),
        cmocka_unit_test(a_set_is_switched_by_its_name),
        cmocka_unit_test(what_has_no_such_name_is_not_switched),
        cmocka_unit_test(names_of_rules_and_sets_differ),
        cmocka_unit_test(the_manual_lists_every_rule_set_and_profile),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
