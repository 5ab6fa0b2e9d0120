/* Rules beyond the schema: what ISO 20022 and its schemes ask of a message and an
   XSD can't say.  Internal.

   rules.def has those about a message: each names the paths that it looks at.
   value_rules.def has those about single values: each names the types, elements
   and attributes that have them, in any message.  rule_check.c and value_check.c
   judge; rule.c has the table, and shows rules what is in a document.

   A profile switches rules on.  rule_bind.c ties them to the schemas of a
   catalogue, once, as a tree beside each schema's own; a rule with a path that a
   version does not have is left out there.  While a document goes by, a rule gets
   to see what is at each of its places, in the order of the document, and keeps
   what it needs in a memory of its own. */
#ifndef PENSTOCK_CODECS_ISO20022_RULE_H
#define PENSTOCK_CODECS_ISO20022_RULE_H

#include "codecs/iso20022/profile.h"
#include "codecs/iso20022/schema.h"

enum { ISO_RULE_PATH_COUNT_MAX = 8 };

enum iso_rule_set {
#define RULE_SET(identifier, name, what) ISO_RULE_SET_##identifier,
#include "codecs/iso20022/rule_sets.def"
#undef RULE_SET
    ISO_RULE_SET_COUNT
};

struct iso_parser;
struct iso_rule;

/* What is at one of a rule's places. */
struct iso_rule_sight {
    struct iso_parser *parser; /* its topmost frame is the element */
    const struct iso_rule *rule;
    const void *data;       /* what the check has found when it was bound; NULL: nothing */
    void *memory;           /* the rule's own, zero when the document begins */
    size_t path;            /* the row of the path */
    struct slice attribute; /* whose value it is; absent: the element */
    struct slice value;     /* of its type; absent: an element with elements in it begins */
};

struct iso_rule_check {
    void (*look)(const struct iso_rule_sight *sight);
    size_t memory_size;
    /* What a value rule will need to know of a place whose value has this type;
       NULL: the rule does not look there.  It may be absent. */
    const void *(*bind)(const struct iso_profile *profile, const struct iso_type *type);
};

struct iso_rule {
    const char *name;     /* "pacs008-uetr-once" stays the same for ever */
    uint32_t sets;        /* a bit for each iso_rule_set that it is in */
    const char *messages; /* "pacs.008.001": in all versions; NULL: it is about values */
    const struct iso_rule_check *check;
    const char *text; /* what holds when the rule is kept */
    const char *paths[ISO_RULE_PATH_COUNT_MAX];
};

extern const struct iso_rule iso_rules[];
extern const size_t iso_rule_count;

/* For the rows of rules.def: what each check makes of its paths says rule_check.c. */
extern const struct iso_rule_check iso_rule_known_message, iso_rule_needs, iso_rule_excludes,
    iso_rule_same_value, iso_rule_exchange_rate, iso_rule_once;

/* A rule that looks at an element or its attribute. */
struct iso_rule_end {
    const struct iso_rule *rule;
    const void *data;
    size_t memory_at; /* of the rule, in the memory of all */
    size_t path;      /* of the path in the rule */
    const struct iso_rule_end *next;
};

/* An element at which rules look, or that they look into. */
struct iso_rule_node {
    struct iso_rule_node *children; /* by row of the element's type; NULL: no rule looks there */
    const struct iso_rule_end *starts, *texts, *attributes;
};

/* The rules of one schema. */
struct iso_rule_book {
    struct iso_rule_node root; /* Document or AppHdr */
    size_t memory_size;
};

/* What rule_bind.c makes of a profile. */
struct iso_rule_library {
    struct iso_rule_node **by_type; /* of value rules: what is in each type of the pool */
    struct iso_rule_book *books;    /* by row of the schema in its catalogue */
};

/* Ties the rules for which `on` says so, by their row.  The library lives in arena. */
void iso_rule_bind(struct iso_rule_library *library, const struct iso_profile *profile,
                   const bool *on, struct arena *arena);

/* Does a list of words as in value_rules.def name this place?  parent: the type
   that has the element. */
struct iso_rule_place {
    const struct iso_type *parent;
    const struct iso_element *element;
    const struct iso_attribute *attribute; /* NULL: the element itself */
};

bool iso_rule_place_is(const struct iso_rule_place *place, const char *words);

/* NULL: no rule looks at this child or into it. */
static inline const struct iso_rule_node *iso_rule_child(const struct iso_rule_node *node,
                                                         size_t row)
{
    return node == NULL || node->children == NULL ? NULL : &node->children[row];
}

/* Shows rules what is at the ends of their paths. */
void iso_rule_show(struct iso_parser *parser, const struct iso_rule_end *ends,
                   struct slice attribute, struct slice value);

/* Adds the finding that the rule is broken here (finding.c).  format: by what; the
   rule's text and name follow. */
void iso_rule_broken(const struct iso_rule_sight *sight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
