/* Element content, child by child: parser and composer go by the same steps. */
#ifndef PENSTOCK_CODECS_ISO20022_CONTENT_H
#define PENSTOCK_CODECS_ISO20022_CONTENT_H

#include "codecs/iso20022/schema.h"

/* Where in a type's elements its content stands. */
struct iso_position {
    size_t row;     /* of the last child; NAMES_NONE: there was none yet */
    uint32_t count; /* how often it came */
};

#define ISO_POSITION_START ((struct iso_position){ NAMES_NONE, 0 })

enum iso_content_verdict {
    ISO_CONTENT_FINE,
    ISO_CONTENT_TOO_OFTEN,
    ISO_CONTENT_OTHER_BRANCH, /* of a choice that is made */
    ISO_CONTENT_TOO_LATE,     /* it belongs before an element that came already */
};

/* A child of this row comes behind others, in its own place or before theirs. */
enum iso_content_verdict iso_content_judge(const struct iso_type *type,
                                           struct iso_position *position, size_t row);

/* A child of this row comes.  What should have come before it tells
   iso_content_missing(), to be asked first. */
static inline enum iso_content_verdict iso_content_step(const struct iso_type *type,
                                                        struct iso_position *position, size_t row)
{
    if (position->row != NAMES_NONE &&
        (row <= position->row || type->elements[row].place == type->elements[position->row].place))
        return iso_content_judge(type, position, row);
    *position = (struct iso_position){ row, 1 };
    return ISO_CONTENT_FINE;
}

/* Is all there that had to come before a child of row `until` (the type's
   element_count: before the end)? */
static inline bool iso_content_complete(const struct iso_type *type, struct iso_position position,
                                        size_t until)
{
    const struct iso_element *elements = type->elements;
    if (until == position.row)
        return true;
    if (position.row != NAMES_NONE && position.count < elements[position.row].min)
        return false;
    size_t from = position.row == NAMES_NONE ? 0 : position.row + 1;
    size_t required = from < type->element_count ? elements[from].required : type->element_count;
    return required >= until ||
           (until < type->element_count && elements[required].place == elements[until].place);
}

/* The first row from *from on that had to come before a child of row `until`
   (the type's element_count: before the end) and did not; *from moves behind
   it.  NAMES_NONE: no more.  Starts with *from 0. */
size_t iso_content_missing(const struct iso_type *type, struct iso_position position, size_t until,
                           size_t *from);

#endif
