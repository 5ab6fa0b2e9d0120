/* What the parser learns of documents while it reads them: the elements that they have,
   each at its place in the tree, with all that schema, maps and rules say of it; and which
   one followed which, as it likely will again.  Whatever is learned was found out by the
   long way before, and says the same.  Internal. */
#ifndef PENSTOCK_CODECS_ISO20022_LEARNED_H
#define PENSTOCK_CODECS_ISO20022_LEARNED_H

#include "codecs/base/xml.h"
#include "codecs/iso20022/content.h"
#include "codecs/iso20022/reader.h"
#include "codecs/iso20022/rule.h"

enum iso_frame_kind {
    ISO_FRAME_WRAPPER, /* outside of AppHdr and Document */
    ISO_FRAME_CHECKED, /* goes by its type */
    ISO_FRAME_LAX,     /* below a wildcard: looked at when the schema knows it */
    ISO_FRAME_SKIPPED, /* not looked at */
};

struct iso_spot;

/* An element that is open. */
struct iso_frame {
    enum iso_frame_kind kind;
    uint32_t occurrence;                /* among its like, from 1; 0: it can't repeat */
    struct slice name;                  /* the schema's; absent: not known to it */
    const struct iso_type *type;        /* CHECKED */
    struct iso_position position;       /* CHECKED; of a wildcard only the count */
    bool has_text;                      /* CHECKED: its text was looked at, or told of */
    bool is_scope;                      /* of records or rules */
    struct iso_disorder *disorder;      /* CHECKED: of its elements; NULL: none so far */
    const struct iso_reader_node *node; /* what maps want of it; NULL: nothing */
    const struct iso_rule_node *rules;  /* that look at it; NULL: none */
    size_t first_record;                /* of its part, when it was opened */
    struct iso_spot *spot;              /* NULL: nothing is learned of it */
    /* Where the spot is noted that came next the last time, when it stood as it does now;
       NULL: that is not known. */
    struct iso_spot **next;
    struct place place;
};

/* An element at its place in the tree. */
struct iso_spot {
    const char *name; /* where the reader has it; of its schema's namespace */
    const struct iso_element *element;
    size_t row;             /* of the element in the type above */
    struct iso_frame frame; /* as it opens */
    bool repeats;           /* there may be more of it */
    bool is_plain;          /* without attributes there is nothing to do when it opens */
    struct iso_spot *first; /* of its children, the last time; NULL: not known */
    struct iso_spot *next;  /* behind it, the last time; NULL: not known */
    struct iso_spot *children, *beside; /* those that were found */
};

struct iso_spot_root {
    struct iso_spot spot;
    const struct shape_reader *reader;
    struct iso_spot_root *other;
};

struct iso_learned {
    struct xml_reader *xml; /* has the names of the spots; NULL: none yet */
    bool is_lent;           /* to a parser that has not finished */
    struct arena arena;     /* of the spots */
    struct iso_spot_root *roots;
    size_t spot_count;
};

/* An element of the schema as it opens, of which nothing is learned. */
struct iso_frame iso_frame_of(const struct iso_element *element, const struct iso_reader_node *node,
                              const struct iso_rule_node *rules);

void iso_learned_init(struct iso_learned *learned);
void iso_learned_fini(struct iso_learned *learned);

/* A reader for another document.  What was learned of others stays as long as the names
   do. */
struct xml_reader *iso_learned_lend(struct iso_learned *learned, const char *source,
                                    const struct xml_limits *limits);

/* The root of an AppHdr or Document; rules NULL: none.  NULL: there are too many spots. */
struct iso_spot *iso_learned_root(struct iso_learned *learned, const struct iso_element *element,
                                  const struct shape_reader *reader,
                                  const struct iso_reader_node *node,
                                  const struct iso_rule_node *rules);

/* NULL: it was not found there before. */
struct iso_spot *iso_spot_child(const struct iso_spot *spot, const char *name);

/* A child that was found by its name.  NULL: there are too many spots. */
struct iso_spot *iso_spot_add(struct iso_learned *learned, struct iso_spot *above, const char *name,
                              size_t row, const struct iso_reader_node *node);

#endif
