/* The content of an element as a walk over its type's rows. */
#include "codecs/iso20022/content.h"

enum iso_content_verdict iso_content_judge(const struct iso_type *type,
                                           struct iso_position *position, size_t row)
{
    const struct iso_element *elements = type->elements;
    if (position->row == row) {
        if (position->count >= elements[row].max)
            return ISO_CONTENT_TOO_OFTEN;
        position->count++;
        return ISO_CONTENT_FINE;
    }
    return elements[row].place == elements[position->row].place ? ISO_CONTENT_OTHER_BRANCH
                                                                : ISO_CONTENT_TOO_LATE;
}

static bool is_missing(const struct iso_type *type, struct iso_position position, size_t until,
                       size_t row)
{
    const struct iso_element *elements = type->elements;
    if (row == position.row)
        return position.count < elements[row].min;
    if (!elements[row].place_required)
        return false;
    if (position.row != NAMES_NONE && elements[row].place == elements[position.row].place)
        return false;
    if (until < type->element_count && elements[row].place == elements[until].place)
        return false;
    return row == 0 || elements[row].place != elements[row - 1].place;
}

size_t iso_content_missing(const struct iso_type *type, struct iso_position position, size_t until,
                           size_t *from)
{
    if (until == position.row)
        return NAMES_NONE;
    if (position.row != NAMES_NONE && *from < position.row)
        *from = position.row;
    while (*from < until) {
        size_t row = (*from)++;
        if (is_missing(type, position, until, row))
            return row;
    }
    return NAMES_NONE;
}
