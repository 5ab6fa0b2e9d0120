/* Rules beyond the schema: what ISO 20022 asks of a message and an XSD can't say.
   Internal.

   rules.def lists them, rule_check.c judges, rule.c ties them to schemas and
   documents.  A rule names the paths that it looks at.  When a schema of its
   messages is compiled they are resolved, once, into a tree beside the schema's
   own; a rule with a path that this version does not have is left out.  While a
   document goes by, the rule gets to see what is at each of its paths, in the
   order of the document, and keeps what it needs in a memory of its own. */
#ifndef PENSTOCK_CODECS_ISO20022_RULE_H
#define PENSTOCK_CODECS_ISO20022_RULE_H

#include "codecs/iso20022/schema.h"

enum { ISO_RULE_PATH_COUNT_MAX = 8 };

struct iso_parser;
struct iso_rule;

/* What is at one of a rule's paths. */
struct iso_rule_sight {
    struct iso_parser *parser; /* its topmost frame is the element */
    const struct iso_rule *rule;
    void *memory;           /* the rule's own, zero when the document begins */
    size_t path;            /* the row of the path */
    struct slice attribute; /* whose value it is; absent: the element */
    struct slice value;     /* of its type; absent: an element with elements in it begins */
};

struct iso_rule_check {
    void (*look)(const struct iso_rule_sight *sight);
    size_t memory_size;
};

struct iso_rule {
    const char *name;     /* "pacs008-uetr-once" stays the same for ever */
    const char *messages; /* "pacs.008.001": in all versions */
    const struct iso_rule_check *check;
    const char *text; /* what holds when the rule is kept */
    const char *paths[ISO_RULE_PATH_COUNT_MAX];
};

extern const struct iso_rule iso_rules[];
extern const size_t iso_rule_count;

/* For the rows of rules.def: what each check makes of its paths says rule_check.c. */
extern const struct iso_rule_check iso_rule_known_message, iso_rule_needs, iso_rule_excludes,
    iso_rule_same_value, iso_rule_exchange_rate, iso_rule_once;

/* A path of a rule that ends at an element. */
struct iso_rule_end {
    size_t row;  /* of the rule in its book */
    size_t path; /* of the path in the rule */
    const struct iso_rule_end *next;
};

/* An element at which paths of rules end, or through which they lead. */
struct iso_rule_node {
    struct iso_rule_node **children; /* by row of the element's type; NULL: no rule's */
    const struct iso_rule_end *starts, *texts, *attributes;
};

/* The rules of one schema. */
struct iso_rule_book {
    struct iso_rule_node *root; /* Document or AppHdr */
    const struct iso_rule **rules;
    size_t *memory_at; /* of each rule, in the memory of all */
    size_t rule_count, memory_size;
};

/* NULL: the schema has no rules.  The book lives in arena. */
const struct iso_rule_book *iso_rule_book_make(const struct iso_schema *schema,
                                               struct arena *arena);

/* NULL: no rule looks at this child or into it. */
static inline const struct iso_rule_node *iso_rule_child(const struct iso_rule_node *node,
                                                         size_t row)
{
    return node == NULL ? NULL : node->children[row];
}

/* Shows rules what is at the ends of their paths. */
void iso_rule_show(struct iso_parser *parser, const struct iso_rule_end *ends,
                   struct slice attribute, struct slice value);

/* Adds the finding that the rule is broken here (finding.c).  format: by what; the
   rule's text and name follow. */
void iso_rule_broken(const struct iso_rule_sight *sight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
