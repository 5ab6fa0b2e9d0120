/* The content of an element as a walk over its type's rows. */
#include "codecs/iso20022/content.h"

enum content_verdict content_step(const struct iso_type *type, struct content *content, size_t row)
{
    const struct iso_element *elements = type->elements;
    if (content->row == row) {
        if (content->count >= elements[row].max)
            return CONTENT_TOO_OFTEN;
        content->count++;
        return CONTENT_FINE;
    }
    if (content->row != NAMES_NONE) {
        if (elements[row].place == elements[content->row].place)
            return CONTENT_OTHER_BRANCH;
        if (row < content->row)
            return CONTENT_TOO_LATE;
    }
    *content = (struct content){ row, 1 };
    return CONTENT_FINE;
}

static bool is_missing(const struct iso_type *type, struct content content, size_t until,
                       size_t row)
{
    const struct iso_element *elements = type->elements;
    if (row == content.row)
        return content.count < elements[row].min;
    if (!elements[row].place_required)
        return false;
    if (content.row != NAMES_NONE && elements[row].place == elements[content.row].place)
        return false;
    if (until < type->element_count && elements[row].place == elements[until].place)
        return false;
    return row == 0 || elements[row].place != elements[row - 1].place;
}

size_t content_missing(const struct iso_type *type, struct content content, size_t until,
                       size_t *from)
{
    if (until == content.row)
        return NAMES_NONE;
    if (content.row != NAMES_NONE && *from < content.row)
        *from = content.row;
    while (*from < until) {
        size_t row = (*from)++;
        if (is_missing(type, content, until, row))
            return row;
    }
    return NAMES_NONE;
}
