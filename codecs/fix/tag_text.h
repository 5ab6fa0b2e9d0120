/* A tag as it stands in a message, made once for all the messages it stands in. */
#ifndef PENSTOCK_CODECS_FIX_TAG_TEXT_H
#define PENSTOCK_CODECS_FIX_TAG_TEXT_H

#include "codecs/base/digits.h"

struct fix_tag_text {
    char text[15]; /* "1128=" */
    uint8_t size;
};

enum { FIX_TAG_TEXT_SIZE_MAX = sizeof "4294967295=" - 1 };

static inline struct fix_tag_text fix_tag_text_of(uint32_t tag)
{
    struct fix_tag_text text = { .text = "" };
    char *end = digits_put(text.text, tag);
    *end = '=';
    text.size = (uint8_t)(end + 1 - text.text);
    return text;
}

#endif
