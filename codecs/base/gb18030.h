/* GB18030 of 2022, character by character.

   Each of Unicode's characters has one code, and each code stands for one
   character, so that text goes there and back without loss: ASCII in one byte,
   what GBK has in two, all else in four. */
#ifndef PENSTOCK_CODECS_BASE_GB18030_H
#define PENSTOCK_CODECS_BASE_GB18030_H

#include "codecs/base/writer.h"

enum { GB18030_CODE_SIZE_MAX = 4 };

struct gb18030;

/* NULL: the system's C library comes without it. */
struct gb18030 *gb18030_new(void);
void gb18030_free(struct gb18030 *codec);

/* Writes the UTF-8 of whole characters from the front of text, and returns how many
   bytes of text that took.  What is left, if anything, starts with a code that is cut
   short (*cut) or with what is none. */
size_t gb18030_decode(struct gb18030 *codec, struct slice text, struct writer *utf8, bool *cut);

/* utf8 is valid, so that there is nothing which it cannot write. */
void gb18030_encode(struct gb18030 *codec, struct slice utf8, struct writer *text);

#endif
