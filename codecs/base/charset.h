/* Text is carried without loss or refused with a reason, never replaced in
   silence.  Inside penstock all text is UTF-8; sessions and channels name the
   charset of what they carry. */
#ifndef PENSTOCK_CODECS_BASE_CHARSET_H
#define PENSTOCK_CODECS_BASE_CHARSET_H

#include "codecs/base/arena.h"
#include "codecs/base/writer.h"

enum charset {
    CHARSET_UTF8,
    CHARSET_GB18030,
};

/* Bytes of the character at the front of text; 0: text is empty, or does not
   start with a whole UTF-8 character. */
size_t utf8_character_size(struct slice text);

/* Overlong forms, surrogates and code points above U+10FFFF are not UTF-8. */
bool utf8_valid(struct slice text);
/* Code points; text is valid UTF-8. */
size_t utf8_length(struct slice text);

/* The front character, and how many bytes it has; text starts with a whole one. */
size_t utf8_take(struct slice text, uint32_t *character);
void utf8_put(uint32_t character, struct writer *writer);

/* As an XML declaration says it. */
const char *charset_name(enum charset charset);
bool charset_named(struct slice name, enum charset *charset);

/* text itself when it needs no change, else a copy in arena; false: a byte
   sequence has no meaning in that charset, or there is no room in arena.  Each
   character of valid UTF-8 has its place in either charset. */
bool charset_to_utf8(enum charset charset, struct slice text, struct arena *arena,
                     struct slice *utf8);
bool charset_from_utf8(enum charset charset, struct slice utf8, struct arena *arena,
                       struct slice *text);

#endif
