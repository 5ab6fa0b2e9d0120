/* The parser's inside: parse.c knows wrappers and parts, validate.c what is in
   a part, order.c what is told of elements that are missing or misplaced, rule.c what
   holds beyond the schema, finding.c how a fault is told.
   Internal. */
#ifndef PENSTOCK_CODECS_ISO20022_PARSER_H
#define PENSTOCK_CODECS_ISO20022_PARSER_H

#include "codecs/iso20022/batch_gather.h"
#include "codecs/iso20022/builtin.h"
#include "codecs/iso20022/content.h"
#include "codecs/iso20022/parse.h"
#include "codecs/iso20022/reader.h"
#include "codecs/iso20022/rule.h"

enum iso_frame_kind {
    ISO_FRAME_WRAPPER, /* outside of AppHdr and Document */
    ISO_FRAME_CHECKED, /* goes by its type */
    ISO_FRAME_LAX,     /* below a wildcard: looked at when the schema knows it */
    ISO_FRAME_SKIPPED, /* not looked at */
};

/* An element that is open. */
struct iso_frame {
    enum iso_frame_kind kind;
    struct slice name;                  /* the schema's; absent: not known to it */
    const struct iso_type *type;        /* CHECKED */
    struct iso_position position;       /* CHECKED; of a wildcard only the count */
    bool has_text;                      /* CHECKED: its text was looked at, or told of */
    struct iso_disorder *disorder;      /* CHECKED: of its elements; NULL: none so far */
    const struct iso_reader_node *node; /* what maps want of it; NULL: nothing */
    const struct iso_rule_node *rules;  /* that look at it; NULL: none */
    size_t first_record;                /* of its part, when it was opened */
    uint32_t occurrence;                /* among its like, from 1; 0: it can't repeat */
    struct place place;
};

/* AppHdr or Document. */
struct part {
    const struct iso_schema *schema;
    struct iso_fill fill;
    char *rule_memory;     /* of all its rules; NULL: they need none */
    const char *namespace; /* as the reader names the schema's */
    bool seen;
};

/* An element of a type that was found by its name before.  The reader has each name
   once, so that its address tells. */
struct iso_known_element {
    const char *name;
    const struct iso_type *type;
    size_t row;
};

enum {
    HEADER_VALUE_SIZE_MAX = 160,
    ISO_KNOWN_ELEMENT_COUNT = 512,
    ISO_PIECE_SIZE_MAX =
        16 << 10, /* fed at once, so that the events that wait take little memory */
};

/* What the header says of its message. */
struct header_value {
    char text[HEADER_VALUE_SIZE_MAX]; /* cut when longer than any id */
    size_t size;                      /* 0: it says nothing */
    struct place place;
};

struct iso_parser {
    const struct iso_parse_options *options;
    const char *source;
    struct xml_reader *xml;
    struct arena arena;        /* what records hold and rules keep */
    struct iso_gather *gather; /* records go there (batch.c); NULL: they stay in the parts */
    struct iso_outcome outcome;
    struct part header, document;
    struct part *part;                    /* the one that is open; NULL: none */
    size_t part_depth;                    /* frames up to and with its root */
    struct iso_frame *frames, *frame_end; /* frame_end: behind the topmost */
    size_t depth, room;
    struct iso_known_element known[ISO_KNOWN_ELEMENT_COUNT]; /* found last, by name and type */
    const struct xml_event *event;                           /* the one that is looked at */
    struct header_value header_message, header_id;           /* MsgDefIdr, BizMsgIdr */
    struct iso_builtins *builtins; /* NULL: no xsi:type has named one yet */
    bool stopped;                  /* no more is taken */
};

/* One event of those that wait.  false: there is none, or no more is taken. */
bool iso_parser_step(struct iso_parser *parser);

/* Feeds at most ISO_PIECE_SIZE_MAX bytes, whose events then wait.  false: no more is
   taken. */
bool iso_parser_push(struct iso_parser *parser, struct slice bytes, bool last);

/* When all events of the last bytes were taken. */
const struct iso_outcome *iso_parser_finish(struct iso_parser *parser);

static inline struct iso_frame *iso_frame_top(const struct iso_parser *parser)
{
    return parser->frame_end - 1;
}

/* Makes room for one more frame. */
void iso_frames_grow(struct iso_parser *parser) __attribute__((cold));

/* Opens the event's element with nothing known of it but its kind and place. */
static inline struct iso_frame *iso_frame_push(struct iso_parser *parser, enum iso_frame_kind kind)
{
    if (parser->depth == parser->room)
        iso_frames_grow(parser);
    parser->depth++;
    struct iso_frame *frame = parser->frame_end++;
    *frame = (struct iso_frame){ .kind = kind,
                                 .position = ISO_POSITION_START,
                                 .place = parser->event->place };
    return frame;
}

/* Opens an element of the schema and looks at its attributes. */
void iso_validate_open(struct iso_parser *parser, const struct iso_element *element,
                       uint32_t occurrence, const struct iso_reader_node *node,
                       const struct iso_rule_node *rules);

/* The event inside a part. */
void iso_validate_start(struct iso_parser *parser);
void iso_validate_text(struct iso_parser *parser);
void iso_validate_end(struct iso_parser *parser);

/* A child of this row comes behind others: what should have come before it is owed. */
void iso_order_owe(struct iso_parser *parser, size_t row);
/* A child that should have come before others, or that is not known; it is told. */
void iso_order_late(struct iso_parser *parser, size_t row);
void iso_order_stranger(struct iso_parser *parser);
/* The element ends, and is not complete or has disorder: what is missing in it is told. */
void iso_order_end(struct iso_parser *parser);

/* "(rule NAME)": of XML Schema, or of the project (rules.def, the name of a kind). */
#define ISO_RULE_ROOT       "cvc-elt.1"
#define ISO_RULE_CHILD      "cvc-complex-type.2.2"
#define ISO_RULE_TEXT       "cvc-complex-type.2.3"
#define ISO_RULE_UNEXPECTED "cvc-complex-type.2.4.a"
#define ISO_RULE_INCOMPLETE "cvc-complex-type.2.4.b"
#define ISO_RULE_UNDECLARED "cvc-complex-type.2.4.c"
#define ISO_RULE_NO_MORE    "cvc-complex-type.2.4.d"
#define ISO_RULE_ATTRIBUTE  "cvc-complex-type.3.2.2"
#define ISO_RULE_REQUIRED   "cvc-complex-type.4"
#define ISO_RULE_NIL        "cvc-elt.3.1"
#define ISO_RULE_NO_TYPE    "cvc-elt.4.2"
#define ISO_RULE_OTHER_TYPE "cvc-elt.4.3"

/* What is wrong.  rule NULL: the kind's name stands for it. */
struct iso_fault {
    const struct error_kind *kind;
    const char *rule;
    struct place place;
    /* Below the topmost frame: "/" and an element's name, or "/@" and an attribute's;
       absent: the frame itself. */
    const char *mark;
    struct slice below;
};

/* Adds a finding: its path, and what was found and expected. */
void iso_finding(struct iso_parser *parser, struct iso_fault fault, const char *format, ...)
    __attribute__((cold, format(printf, 3, 4)));

/* Where a value of the topmost frame stands; attribute absent: its text. */
struct place iso_finding_place(const struct iso_parser *parser, struct slice attribute);

/* "expected A, B": the elements that may come next in the frame.  false: none may. */
bool iso_finding_expected(const struct iso_frame *frame, struct writer *writer);

#endif
