/* Which rules are on, by sets and by names; and the profiles that come with
   penstock. */
#include "codecs/iso20022/profile.h"

#include "codecs/iso20022/code_table.h"
#include "codecs/iso20022/rule.h"

#include <assert.h>
#include <stdlib.h>

struct iso_profile {
    const struct iso_catalogue *catalogue;
    struct arena arena;
    bool *on; /* by row of the rule */
    bool any; /* is one on? */
    struct iso_code_list *codes;
    struct iso_rule_library library;
};

const struct iso_profile_about iso_profile_sets[] = {
#define RULE_SET(identifier, name, what) { name, what },
#include "codecs/iso20022/rule_sets.def"
#undef RULE_SET
};
const size_t iso_profile_set_count = ISO_RULE_SET_COUNT;

const struct iso_profile_about iso_profiles[] = {
#define PROFILE(name, rules, what) { name, what },
#include "codecs/iso20022/profiles.def"
#undef PROFILE
};

static const char *const profile_rules[] = {
#define PROFILE(name, rules, what) rules,
#include "codecs/iso20022/profiles.def"
#undef PROFILE
};

enum { PROFILE_COUNT = sizeof profile_rules / sizeof *profile_rules };
const size_t iso_profile_count = PROFILE_COUNT;

static struct iso_code_list *add_codes(struct iso_profile *profile, struct slice name,
                                       const struct code_set *set)
{
    struct iso_code_list *list = arena_take(&profile->arena, sizeof *list);
    *list = (struct iso_code_list){ .name = name, .set = set, .next = profile->codes };
    profile->codes = list;
    return list;
}

struct iso_profile *iso_profile_new(const struct iso_catalogue *catalogue)
{
    struct iso_profile *profile = memory_take(sizeof *profile);
    *profile = (struct iso_profile){ .catalogue = catalogue };
    arena_init(&profile->arena, ARENA_UNLIMITED);
    profile->on = arena_take_array(&profile->arena, iso_rule_count, sizeof *profile->on);
    for (size_t i = 0; i < code_set_count; i++)
        add_codes(profile, slice_of(code_sets[i].name), &code_sets[i]);
    return profile;
}

void iso_profile_free(struct iso_profile *profile)
{
    if (profile == NULL)
        return;
    arena_fini(&profile->arena);
    free(profile);
}

bool iso_profile_switch(struct iso_profile *profile, struct slice name, bool on)
{
    bool found = false;
    for (size_t set = 0; set < ISO_RULE_SET_COUNT; set++)
        found = found || slice_is(name, iso_profile_sets[set].name);
    for (size_t i = 0; i < iso_rule_count; i++) {
        bool is_it = slice_is(name, iso_rules[i].name);
        for (size_t set = 0; set < ISO_RULE_SET_COUNT && !is_it; set++)
            is_it = iso_rule_is_in(i, set) && slice_is(name, iso_profile_sets[set].name);
        if (is_it)
            profile->on[i] = on;
        found = found || is_it;
    }
    return found;
}

static size_t row_named(struct slice name)
{
    size_t row = 0;
    while (row < PROFILE_COUNT && !slice_is(name, iso_profiles[row].name))
        row++;
    return row;
}

bool iso_profile_exists(struct slice name)
{
    return row_named(name) < PROFILE_COUNT;
}

bool iso_profile_like(struct iso_profile *profile, struct slice name)
{
    size_t row = row_named(name);
    if (row == PROFILE_COUNT)
        return false;
    for (const char *at = profile_rules[row]; *at != '\0';) {
        struct slice word = { at, strcspn(at, " ") };
        bool found = iso_profile_switch(profile, word, true);
        assert(found);
        (void)found;
        at += word.size + strspn(at + word.size, " ");
    }
    return true;
}

struct iso_code_list *iso_profile_codes(const struct iso_profile *profile, struct slice name)
{
    struct iso_code_list *list = profile->codes;
    while (list != NULL && !slice_equal(list->name, name))
        list = list->next;
    return list;
}

bool iso_code_list_has(const struct iso_code_list *list, struct slice code)
{
    if (list->set != NULL && code_set_has(list->set, code))
        return true;
    for (const struct iso_code *more = list->more; more != NULL; more = more->next) {
        if (slice_equal(more->text, code))
            return true;
    }
    return false;
}

bool iso_profile_add_code(struct iso_profile *profile, struct slice set, struct slice code)
{
    struct iso_code_list *list = iso_profile_codes(profile, set);
    const struct iso_pool *pool = iso_catalogue_pool(profile->catalogue);
    if (list == NULL && names_find(&pool->type_rows, set) == NAMES_NONE)
        return false;
    if (list == NULL)
        list = add_codes(profile, arena_copy(&profile->arena, set), NULL);
    struct iso_code *more = arena_take(&profile->arena, sizeof *more);
    *more = (struct iso_code){ arena_copy(&profile->arena, code), list->more };
    list->more = more;
    return true;
}

void iso_profile_bind(struct iso_profile *profile)
{
    for (size_t i = 0; i < iso_rule_count; i++)
        profile->any = profile->any || profile->on[i];
    if (profile->any)
        iso_rule_bind(&profile->library, profile, profile->on, &profile->arena);
}

const char *iso_profile_suggestion(struct slice wrong)
{
    const char *names[PROFILE_COUNT];
    for (size_t i = 0; i < PROFILE_COUNT; i++)
        names[i] = iso_profiles[i].name;
    return error_suggestion(wrong, names, PROFILE_COUNT);
}

const char *iso_profile_switch_suggestion(struct slice wrong)
{
    const char **names = memory_take((iso_rule_count + ISO_RULE_SET_COUNT) * sizeof *names);
    for (size_t i = 0; i < ISO_RULE_SET_COUNT; i++)
        names[i] = iso_profile_sets[i].name;
    for (size_t i = 0; i < iso_rule_count; i++)
        names[ISO_RULE_SET_COUNT + i] = iso_rules[i].name;
    const char *text = error_suggestion(wrong, names, iso_rule_count + ISO_RULE_SET_COUNT);
    free(names);
    return text;
}

const struct iso_catalogue *iso_profile_catalogue(const struct iso_profile *profile)
{
    return profile->catalogue;
}

bool iso_profile_has(const struct iso_profile *profile, size_t rule)
{
    return profile->on[rule];
}

const struct iso_rule_book *iso_profile_book(const struct iso_profile *profile,
                                             const struct iso_schema *schema)
{
    const struct iso_rule_book *book;
    if (profile == NULL || !profile->any)
        return NULL;
    book = &profile->library.books[schema->row];
    return book->root.children == NULL ? NULL : book;
}

size_t iso_rule_about_count(void)
{
    return iso_rule_count;
}

struct iso_rule_about iso_rule_about(size_t rule)
{
    const struct iso_rule *row = &iso_rules[rule];
    return (struct iso_rule_about){ row->name, row->text, row->messages };
}

bool iso_rule_is_in(size_t rule, size_t set)
{
    return (iso_rules[rule].sets >> set & 1) != 0;
}
