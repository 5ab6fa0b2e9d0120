/* Profiles: which rules beyond the schema hold for a document.

   rules.def and value_rules.def have the rules, rule_sets.def the sets that they
   are in, profiles.def the profiles that come with penstock.  A profile is made
   for a catalogue that has all its schemas: choose first, then bind once; after
   that it does not change, and any number of documents may be judged by it.  It
   lives no longer than its catalogue. */
#ifndef PENSTOCK_CODECS_ISO20022_PROFILE_H
#define PENSTOCK_CODECS_ISO20022_PROFILE_H

#include "codecs/iso20022/catalogue.h"

struct iso_profile;
struct iso_rule_book;

/* All rules are off. */
struct iso_profile *iso_profile_new(const struct iso_catalogue *catalogue);
void iso_profile_free(struct iso_profile *profile);

/* Does a profile of that name come with penstock? */
bool iso_profile_exists(struct slice name);

/* Switches on what that profile has.  false: there is none. */
bool iso_profile_like(struct iso_profile *profile, struct slice name);

/* Switches a rule, or all rules of a set.  false: nothing has that name. */
bool iso_profile_switch(struct iso_profile *profile, struct slice name, bool on);

/* Adds a code to an external code set ("ExternalPurpose1Code"), or to a list of your
   own for a type of the catalogue.  false: there is neither. */
bool iso_profile_add_code(struct iso_profile *profile, struct slice set, struct slice code);

void iso_profile_bind(struct iso_profile *profile);

/* " (did you mean NAME?)" or "", as error_suggestion(). */
const char *iso_profile_suggestion(struct slice wrong);
const char *iso_profile_switch_suggestion(struct slice wrong);

const struct iso_catalogue *iso_profile_catalogue(const struct iso_profile *profile);
/* Is the rule of this row on? */
bool iso_profile_has(const struct iso_profile *profile, size_t rule);
/* The rules of a schema of the catalogue; NULL: it has none. */
const struct iso_rule_book *iso_profile_book(const struct iso_profile *profile,
                                             const struct iso_schema *schema);

/* What there is to choose from, by row. */
struct iso_profile_about {
    const char *name, *what;
};

extern const struct iso_profile_about iso_profiles[], iso_profile_sets[];
extern const size_t iso_profile_count, iso_profile_set_count;

struct iso_rule_about {
    const char *name, *text; /* what holds when it is kept */
    const char *messages;    /* "pacs.008 pacs.009": in all versions; NULL: in any message */
};

size_t iso_rule_about_count(void);
struct iso_rule_about iso_rule_about(size_t rule);
bool iso_rule_is_in(size_t rule, size_t set);

#endif
