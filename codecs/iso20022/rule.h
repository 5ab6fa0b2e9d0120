/* Rules beyond the schema: what ISO 20022 and its schemes ask of a message and an
   XSD can't say.  Internal.

   rules.def has those about a message, and the cases in which they are checked: each
   has a scope, an element that may repeat, and names the paths in it that it looks
   at.  value_rules.def has those about single values: each names the types, elements
   and attributes that have them, in any message.  rule_presence.c, rule_value.c,
   rule_sum.c, rule_amount.c, rule_balance.c, rule_date.c and value_check.c judge;
   rule.c has the tables, and shows rules what is in a document.

   A profile switches rules on.  rule_bind.c ties them to the schemas of a
   catalogue, once, as a tree beside each schema's own; a case with a path that a
   version does not have is left out there.  While a document goes by, a case gets
   to see its scope begin, what is at each of its paths, in the order of the document,
   and its scope end, and keeps what it needs in a memory of its own. */
#ifndef PENSTOCK_CODECS_ISO20022_RULE_H
#define PENSTOCK_CODECS_ISO20022_RULE_H

#include "codecs/base/decimal.h"
#include "codecs/iso20022/path.h"
#include "codecs/iso20022/profile.h"
#include "codecs/iso20022/schema.h"

enum {
    ISO_RULE_PATH_COUNT_MAX = 12,
    ISO_RULE_PATH_DEPTH_MAX = 8, /* of a path in its scope */
};

enum iso_rule_set {
#define RULE_SET(identifier, name, what) ISO_RULE_SET_##identifier,
#include "codecs/iso20022/rule_sets.def"
#undef RULE_SET
    ISO_RULE_SET_COUNT
};

struct iso_parser;
struct iso_rule;
struct iso_rule_case;
struct iso_rule_route;

/* What is at one of a rule's places, or at the scope of a case. */
struct iso_rule_sight {
    struct iso_parser *parser; /* its topmost frame is the element */
    const struct iso_rule *rule;
    const struct iso_rule_case *of;     /* NULL: the rule is about values */
    const struct iso_rule_route *route; /* NULL: the same; or the scope begins or ends */
    const void *data;       /* what the check has found when it was bound; NULL: nothing */
    void *memory;           /* the rule's or case's own, zero when the document begins */
    size_t path;            /* the row of the path */
    struct slice attribute; /* whose value it is; absent: the element */
    struct slice value;     /* of its type; absent: an element with elements in it begins */
};

/* begin and end are for cases and may be absent; without begin the memory is set to
   zero when the scope begins. */
struct iso_rule_check {
    void (*begin)(const struct iso_rule_sight *sight);
    void (*look)(const struct iso_rule_sight *sight);
    void (*end)(const struct iso_rule_sight *sight);
    size_t memory_size;
    /* What a value rule will need to know of a place whose value has this type;
       NULL: the rule does not look there.  It may be absent. */
    const void *(*bind)(const struct iso_profile *profile, const struct iso_type *type);
    const void *with;                 /* what `look` compares with; NULL: nothing */
    bool (*fits)(struct slice value); /* what `look` asks; NULL: nothing */
};

struct iso_rule {
    const char *name;     /* "uetr-once" stays the same for ever */
    uint32_t sets;        /* a bit for each iso_rule_set that it is in */
    const char *messages; /* "pacs.008 pacs.009": in all versions; NULL: it is about values */
    const char *text;     /* what holds when the rule is kept */
    const struct iso_rule_check *check; /* NULL: it has cases */
    const char *paths[ISO_RULE_PATH_COUNT_MAX];
};

/* How a rule is checked where a message of its has the scope and the paths. */
struct iso_rule_case {
    const struct iso_rule *rule;
    const char *scope; /* "": the message */
    const struct iso_rule_check *check;
    const char *paths[ISO_RULE_PATH_COUNT_MAX];
};

extern const struct iso_rule iso_rules[];
extern const size_t iso_rule_count;
extern const struct iso_rule_case iso_rule_cases[];
extern const size_t iso_rule_case_count;

/* For the cases of rules.def: what each check makes of its paths says where it is. */
extern const struct iso_rule_check iso_rule_never, iso_rule_at_most_one, iso_rule_needs,
    iso_rule_needs_any, iso_rule_excludes, iso_rule_same_value, iso_rule_once,
    iso_rule_known_message, iso_rule_other_party, iso_rule_business_id, iso_rule_count_all,
    iso_rule_count_some, iso_rule_sum, iso_rule_sum_marked, iso_rule_net, iso_rule_balance,
    iso_rule_not_above, iso_rule_exchange_rate, iso_rule_exchange_rate_missing, iso_rule_ordered;

/* Which values at a path are shown: all, or those that compare so with the operand. */
enum iso_rule_filter {
    ISO_RULE_ALL,
    ISO_RULE_AMONG,
    ISO_RULE_NOT_AMONG,
    ISO_RULE_BELOW,
    ISO_RULE_ABOVE,
};

/* A path of a case in one schema. */
struct iso_rule_route {
    const struct iso_element *steps[ISO_RULE_PATH_DEPTH_MAX]; /* in the scope or the message */
    size_t depth;
    bool is_absolute; /* in the message */
    struct slice attribute;
    enum iso_rule_filter filter;
    struct slice codes;   /* of AMONG and NOT_AMONG: "CLRG|INDA" */
    struct decimal limit; /* of BELOW and ABOVE */
};

/* For those of value_rules.def: what each makes of its places say value_check.c and
   value_check_text.c. */
extern const struct iso_rule_check iso_rule_iban_length, iso_rule_iban_check_digits,
    iso_rule_iban_country, iso_rule_capitals, iso_rule_bic_form, iso_rule_bic_country, iso_rule_lei,
    iso_rule_isin, iso_rule_uuid_4, iso_rule_country, iso_rule_currency_active, iso_rule_currency,
    iso_rule_money, iso_rule_only_eur, iso_rule_only_cny, iso_rule_external_codes,
    iso_rule_minor_units, iso_rule_creditor_reference, iso_rule_member_form, iso_rule_member_aba,
    iso_rule_text_swift_x, iso_rule_text_wide, iso_rule_text_latin, iso_rule_text_chinese,
    iso_rule_slashes;

/* A rule that looks at an element or its attribute. */
struct iso_rule_end {
    const struct iso_rule *rule;
    const struct iso_rule_case *of;
    const struct iso_rule_route *route;
    const void *data;
    size_t memory_at; /* of the rule or case, in the memory of all */
    size_t path;      /* of the path in the rule or case */
    const struct iso_rule_end *next;
};

/* A case of whose scope an element is. */
struct iso_rule_scope {
    const struct iso_rule_case *of;
    size_t memory_at;
    const struct iso_rule_scope *next;
};

/* Where a case saw something, to tell of it later. */
struct iso_rule_mark {
    const struct iso_rule_route *route; /* NULL: it saw nothing */
    struct place place;
    uint32_t occurrences[ISO_RULE_PATH_DEPTH_MAX]; /* of the steps */
};

/* An element at which rules look, or that they look into. */
struct iso_rule_node {
    struct iso_rule_node *children; /* by row of the element's type; NULL: no rule looks there */
    const struct iso_rule_end *starts, *texts, *attributes;
    const struct iso_rule_scope *scopes;
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

/* A path of a case in a schema. */
struct iso_rule_path {
    struct iso_path path;
    struct iso_rule_route route;
};

/* false: the schema does not have it (rule_path.c). */
bool iso_rule_path_resolve(const struct iso_schema *schema, const struct iso_rule_case *of,
                           const char *text, struct iso_rule_path *path);

/* Has the path a value at its end? */
bool iso_rule_path_has_text(const struct iso_path *path);

/* The last name of one of the case's paths. */
struct slice iso_rule_path_name(const struct iso_rule_case *of, size_t path);

/* Does the path show this value? */
bool iso_rule_route_shows(const struct iso_rule_route *route, struct slice value);

/* Does a list of words as in value_rules.def name this place?  parent: the type
   that has the element. */
struct iso_rule_place {
    const struct iso_type *parent;
    const struct iso_element *element;
    const struct iso_attribute *attribute; /* NULL: the element itself */
};

bool iso_rule_place_is(const struct iso_rule_place *place, const char *words);

/* A guideline that makes the type X tighter calls it X__1; plain is X. */
struct slice iso_type_plain_name(const struct iso_type *type);

/* The codes of an external code set that a profile knows. */
struct iso_code {
    struct slice text;
    struct iso_code *next;
};

struct iso_code_list {
    struct slice name;
    const struct code_set *set; /* of ISO 20022; NULL: a profile's own */
    struct iso_code *more;      /* what a profile adds */
    struct iso_code_list *next;
};

/* NULL: the profile knows no such set. */
struct iso_code_list *iso_profile_codes(const struct iso_profile *profile, struct slice name);
bool iso_code_list_has(const struct iso_code_list *list, struct slice code);

/* NULL: no rule looks at this child or into it. */
static inline const struct iso_rule_node *iso_rule_child(const struct iso_rule_node *node,
                                                         size_t row)
{
    return node == NULL || node->children == NULL ? NULL : &node->children[row];
}

/* An element begins, and with it the scopes of cases; or ends. */
void iso_rule_begin(struct iso_parser *parser, const struct iso_rule_scope *scopes);
void iso_rule_end(struct iso_parser *parser, const struct iso_rule_scope *scopes);

/* Shows rules what is at the ends of their paths. */
void iso_rule_show(struct iso_parser *parser, const struct iso_rule_end *ends,
                   struct slice attribute, struct slice value);

/* Adds the finding that the rule is broken here (finding.c).  format: by what; the
   rule's text and name follow. */
void iso_rule_broken(const struct iso_rule_sight *sight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void iso_rule_mark(const struct iso_rule_sight *sight, struct iso_rule_mark *mark);

/* As iso_rule_broken(), of what was marked in the scope that is open, or in the
   message. */
void iso_rule_broken_at(const struct iso_rule_sight *sight, const struct iso_rule_mark *mark,
                        const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
