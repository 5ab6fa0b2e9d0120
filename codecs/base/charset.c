/* UTF-8 by rule, GB18030 by the C library. */
#include "codecs/base/charset.h"

#include <iconv.h>

static size_t sequence_size(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* The second byte shuts out overlong forms, surrogates and what is above U+10FFFF. */
static bool second_byte_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second <= 0x9f;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second <= 0x8f;
    default:
        return true;
    }
}

size_t utf8_character_size(struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    size_t size = text.size == 0 ? 0 : sequence_size(at[0]);
    if (size == 0 || size > text.size)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    }
    return size == 1 || second_byte_fits(at[0], at[1]) ? size : 0;
}

bool utf8_valid(struct slice text)
{
    while (text.size > 0) {
        size_t size = utf8_character_size(text);
        if (size == 0)
            return false;
        text = slice_after(text, size);
    }
    return true;
}

size_t utf8_length(struct slice text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.size; i++)
        length += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    return length;
}

static bool ascii(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.at[i] >= 0x80)
            return false;
    }
    return true;
}

static bool convert(const char *to, const char *from, struct slice text, struct arena *arena,
                    struct slice *converted)
{
    /* One GB18030 character has at most 4 bytes, one UTF-8 character too. */
    size_t room = text.size * 4 + 1;
    char *out = arena_take(arena, room);
    if (out == NULL)
        return false;
    iconv_t conversion = iconv_open(to, from);
    if (conversion == (iconv_t)-1)
        return false;
    char *in_at = (char *)text.at, *out_at = out;
    size_t in_size = text.size, out_size = room - 1;
    size_t irreversible = iconv(conversion, &in_at, &in_size, &out_at, &out_size);
    iconv_close(conversion);
    *converted = (struct slice){ out, (size_t)(out_at - out) };
    return irreversible == 0 && in_size == 0;
}

bool charset_to_utf8(enum charset charset, struct slice text, struct arena *arena,
                     struct slice *utf8)
{
    *utf8 = text;
    if (ascii(text))
        return true;
    if (charset == CHARSET_UTF8)
        return utf8_valid(text);
    return convert("UTF-8", "GB18030", text, arena, utf8) && utf8_valid(*utf8);
}

bool charset_from_utf8(enum charset charset, struct slice utf8, struct arena *arena,
                       struct slice *text)
{
    *text = utf8;
    if (ascii(utf8))
        return true;
    if (charset == CHARSET_UTF8)
        return utf8_valid(utf8);
    return convert("GB18030", "UTF-8", utf8, arena, text);
}
