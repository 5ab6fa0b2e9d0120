/* penstock profile list: the rules beyond the schemas, their sets, and the
   profiles that switch them on. */
#include <stdio.h>

#include "config/config.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"

#define ERRORS_MAX 100

struct names_of {
    const struct iso_profile_about *at;
    size_t count;
};

static int width_of(const struct names_of *names)
{
    size_t width = 0;

    for (size_t i = 0; i < names->count; i++)
        if (strlen(names->at[i].name) > width)
            width = strlen(names->at[i].name);
    return (int)width;
}

static void print_names(const char *title, struct names_of names)
{
    printf("%s\n", title);
    for (size_t i = 0; i < names.count; i++)
        printf("  %-*s  %s\n", width_of(&names), names.at[i].name, names.at[i].what);
    putchar('\n');
}

static void print_sets(size_t rule)
{
    const char *comma = "";

    for (size_t set = 0; set < iso_profile_set_count; set++) {
        if (!iso_rule_is_in(rule, set))
            continue;
        printf("%s%s", comma, iso_profile_sets[set].name);
        comma = ", ";
    }
}

/* profile: NULL for all rules. */
static void print_rules(const struct iso_profile *profile)
{
    for (size_t i = 0; i < iso_rule_about_count(); i++) {
        struct iso_rule_about rule = iso_rule_about(i);

        if (profile != NULL && !iso_profile_has(profile, i))
            continue;
        printf("%s (", rule.name);
        print_sets(i);
        printf(")\n  %s%s%s%s\n", rule.text, rule.messages == NULL ? "" : " [",
               rule.messages == NULL ? "" : rule.messages, rule.messages == NULL ? "" : "]");
    }
}

static void print_all(void)
{
    print_names("Profiles:", (struct names_of){ iso_profiles, iso_profile_count });
    print_names("Sets of rules:", (struct names_of){ iso_profile_sets, iso_profile_set_count });
    printf("Rules:\n\n");
    print_rules(NULL);
}

static bool print_configured(const char *path, const char *name, struct error_list *errors)
{
    struct config *config = config_load(path, errors);

    if (config == NULL)
        return false;
    const struct iso_profile *profile = config_profile_named(config, slice_of(name));
    if (profile != NULL)
        print_rules(profile);
    else
        error_list_at(errors, &config_unknown_name, PLACE_NONE, "no profile is named %s%s", name,
                      iso_profile_suggestion(slice_of(name)));
    config_free(config);
    return profile != NULL;
}

static bool print_shipped(const char *name, struct error_list *errors)
{
    struct iso_catalogue *none = iso_catalogue_new();
    struct iso_profile *profile = iso_profile_new(none);
    bool found = iso_profile_like(profile, slice_of(name));

    if (found)
        print_rules(profile);
    else
        error_list_at(errors, &config_unknown_name, PLACE_NONE, "no profile is named %s%s", name,
                      iso_profile_suggestion(slice_of(name)));
    iso_profile_free(profile);
    iso_catalogue_free(none);
    return found;
}

static int print_one(const char *config, const char *name)
{
    struct error_list errors;

    error_list_init(&errors, ERRORS_MAX);
    bool good =
        config != NULL ? print_configured(config, name, &errors) : print_shipped(name, &errors);
    input_complain_all(&errors);
    error_list_fini(&errors);
    return good ? EXIT_FINE : EXIT_INPUT;
}

int command_profile(int count, char **words)
{
    const char *config = NULL;
    const struct syntax syntax = {
        .usage = "profile list [[-c FILE] NAME]",
        .about = "Lists the profiles that come with penstock, the sets of rules, and the rules\n"
                 "themselves: what has to hold for a message beyond its schema.  With a name:\n"
                 "the rules that this profile has.",
        .options = { { "config", 'c', OPTION_TEXT, "FILE",
                       "the name may be one of this configuration's own profiles", &config } },
        .word_count_min = 1,
        .word_count_max = 2,
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (strcmp(arguments.words[0], "list") != 0)
        return usage_error("profile", "it can only list, not \"%s\"", arguments.words[0]);
    if (arguments.word_count == 2)
        return print_one(config, arguments.words[1]);
    if (config != NULL)
        return usage_error("profile", "--config goes with the name of a profile");
    print_all();
    return EXIT_FINE;
}
