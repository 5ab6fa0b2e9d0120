/* The parser's inside: parse.c knows wrappers and parts, validate.c the elements in
   a part, validate_value.c their texts and attributes, validate_instance.c xsi:type and its like,
   learned.c what other documents have shown, order.c what is told of elements that are missing
   or misplaced, rule.c what holds beyond the schema, finding.c how a fault is told.
   Internal. */
#ifndef PENSTOCK_CODECS_ISO20022_PARSER_H
#define PENSTOCK_CODECS_ISO20022_PARSER_H

#include "codecs/iso20022/batch_gather.h"
#include "codecs/iso20022/builtin.h"
#include "codecs/iso20022/content.h"
#include "codecs/iso20022/learned.h"
#include "codecs/iso20022/parse.h"
#include "codecs/iso20022/reader.h"
#include "codecs/iso20022/rule.h"

/* AppHdr or Document. */
struct part {
    const struct iso_schema *schema;
    struct iso_fill fill;
    char *rule_memory;     /* of all its rules; NULL: they need none */
    const char *namespace; /* as the reader names the schema's */
    bool seen;
};

enum {
    HEADER_VALUE_SIZE_MAX = 160,
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
    struct xml_reader *xml;    /* what is learned has it */
    struct arena arena;        /* what records hold and rules keep */
    struct iso_gather *gather; /* records go there (batch.c); NULL: they stay in the parts */
    struct iso_outcome outcome;
    struct part header, document;
    struct part *part;                    /* the one that is open; NULL: none */
    size_t part_depth;                    /* frames up to and with its root */
    struct iso_frame *frames, *frame_end; /* frame_end: behind the topmost */
    size_t depth, room;
    struct iso_learned *learned, own;              /* own: when none is at hand */
    const struct xml_event *event;                 /* the one that is looked at */
    struct header_value header_message, header_id; /* MsgDefIdr, BizMsgIdr */
    struct iso_builtins *builtins;                 /* NULL: no xsi:type has named one yet */
    bool stopped;                                  /* no more is taken */
};

/* The attributes of the topmost frame, which has just opened; and its text. */
void iso_validate_attributes(struct iso_parser *parser);
void iso_validate_value(struct iso_parser *parser, struct slice value);

/* xsi:nil, xsi:type and their like. */
bool iso_instance_is(const struct xml_attribute *attribute, const char *name);
/* The type that an xsi:type names; NULL: there is none that is known here. */
const struct iso_type *iso_instance_type(struct iso_parser *parser,
                                         const struct xml_attribute *named);
/* Does an xsi:type say that any type will do? */
bool iso_instance_any(const struct xml_attribute *named);
/* Schema locations are hints, never followed.  xsi:type may name only the type
   that the element has anyway, since no type is derived from another; one that is
   narrowed by `fixed` keeps its name. */
bool iso_instance_tolerated(struct iso_parser *parser, const struct xml_attribute *attribute,
                            const struct iso_type *type);
/* That an attribute breaks which is not expected. */
const char *iso_instance_rule(const struct iso_parser *parser,
                              const struct xml_attribute *attribute);

/* What is kept has a limit.  To be asked after whatever may keep something. */
void iso_parser_stop_for_memory(struct iso_parser *parser) __attribute__((cold));

static inline void iso_parser_check_memory(struct iso_parser *parser)
{
    if (!arena_ok(&parser->arena) || (parser->gather != NULL && parser->gather->overrun))
        iso_parser_stop_for_memory(parser);
}

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

/* Opens the event's element as a frame that is like this one, for which there is room. */
static inline struct iso_frame *iso_frame_put(struct iso_parser *parser,
                                              const struct iso_frame *like)
{
    parser->depth++;
    struct iso_frame *frame = parser->frame_end++;
    *frame = *like;
    frame->place = parser->event->place;
    return frame;
}

static inline struct iso_frame *iso_frame_push(struct iso_parser *parser,
                                               const struct iso_frame *like)
{
    if (parser->depth == parser->room)
        iso_frames_grow(parser);
    return iso_frame_put(parser, like);
}

/* CHECKED: has it all that it has to have, so that nothing is to be told when it ends? */
static inline bool iso_frame_is_whole(const struct iso_frame *frame)
{
    const struct iso_type *type = frame->type;
    if (type->content != ISO_ELEMENTS)
        return frame->has_text;
    return frame->disorder == NULL &&
           iso_content_complete(type, frame->position, type->element_count);
}

/* Opens the event's element with nothing known of it but its kind and place. */
void iso_frame_push_kind(struct iso_parser *parser, enum iso_frame_kind kind);

/* Opens AppHdr or Document and looks at its attributes; rules NULL: there are none. */
void iso_validate_open_root(struct iso_parser *parser, const struct iso_rule_node *rules);

/* The event inside a part, or in what was found to be none. */
void iso_validate_start(struct iso_parser *parser);
void iso_validate_text(struct iso_parser *parser);
/* Of an element that is not whole, or a scope. */
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
