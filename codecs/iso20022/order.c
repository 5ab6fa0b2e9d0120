/* Elements that are missing, misplaced or unknown: one mistake is told once.

   What is missing before a child may still come behind it: it is owed until it
   comes or the element ends.  What comes late is told, but not each of a row of
   them that belong together.  An unknown element stands for what is missing at
   its place: it is likely the same one, misspelt. */
#include "codecs/iso20022/parser.h"

struct iso_disorder {
    struct place *owed; /* by row: where it is missing; line 0: it is not */
    size_t late;        /* the last row that came late; NAMES_NONE: none did */
    size_t excused;     /* a row that an unknown element stands for; NAMES_NONE: none */
};

/* NULL: there is no memory for it, which ends the document. */
static struct iso_disorder *disorder_of(struct iso_parser *parser)
{
    struct iso_frame *frame = iso_frame_top(parser);
    if (frame->disorder != NULL)
        return frame->disorder;
    struct iso_disorder *disorder = arena_take(&parser->arena, sizeof *disorder);
    struct place *owed = arena_take_array(&parser->arena, frame->type->element_count, sizeof *owed);
    if (disorder == NULL || owed == NULL)
        return NULL;
    *disorder = (struct iso_disorder){ owed, NAMES_NONE, NAMES_NONE };
    return frame->disorder = disorder;
}

void iso_order_owe(struct iso_parser *parser, size_t row)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    size_t from = 0, missing;
    while ((missing = iso_content_missing(frame->type, frame->position, row, &from)) !=
           NAMES_NONE) {
        struct iso_disorder *disorder = disorder_of(parser);
        if (disorder != NULL && missing != disorder->excused)
            disorder->owed[missing] = parser->event->place;
    }
}

/* The branches of a choice are one place. */
static void pay(const struct iso_type *type, struct iso_disorder *disorder, size_t row)
{
    for (size_t i = 0; i <= row; i++) {
        if (type->elements[i].place == type->elements[row].place)
            disorder->owed[i].line = 0;
    }
}

void iso_order_late(struct iso_parser *parser, size_t row)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    const struct iso_type *type = frame->type;
    struct iso_disorder *disorder = disorder_of(parser);
    if (disorder == NULL)
        return;
    bool follows = disorder->late != NAMES_NONE && row > disorder->late;
    pay(type, disorder, row);
    disorder->late = row;
    if (!follows)
        iso_finding(parser,
                    (struct iso_fault){ &iso_element_unexpected, ISO_RULE_UNEXPECTED,
                                        parser->event->place, "/", type->elements[row].name },
                    "is not expected here, it belongs before %.*s",
                    SLICE_ARG(type->elements[frame->position.row].name));
}

void iso_order_stranger(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    struct iso_disorder *disorder = disorder_of(parser);
    size_t from = 0;
    if (disorder != NULL)
        disorder->excused =
            iso_content_missing(frame->type, frame->position, frame->type->element_count, &from);
}

static void tell_missing(struct iso_parser *parser, size_t row, struct place place,
                         const char *rule)
{
    const struct iso_element *element = &iso_frame_top(parser)->type->elements[row];
    if (element->is_branch)
        iso_finding(parser, (struct iso_fault){ &iso_choice_empty, rule, place, "", SLICE_NONE },
                    "nothing is chosen, expected %.*s or another branch", SLICE_ARG(element->name));
    else
        iso_finding(parser,
                    (struct iso_fault){ &iso_element_missing, rule, place, "/", element->name },
                    "is missing");
}

void iso_order_end(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    const struct iso_disorder *disorder = frame->disorder;
    size_t count = frame->type->element_count, from = 0, row;
    for (size_t i = 0; disorder != NULL && i < count; i++) {
        if (disorder->owed[i].line != 0)
            tell_missing(parser, i, disorder->owed[i], ISO_RULE_UNEXPECTED);
    }
    if (frame->has_text && frame->position.row == NAMES_NONE)
        return; /* text stands in its place */
    while ((row = iso_content_missing(frame->type, frame->position, count, &from)) != NAMES_NONE) {
        if (disorder == NULL || row != disorder->excused)
            tell_missing(parser, row, frame->place, ISO_RULE_INCOMPLETE);
    }
}
