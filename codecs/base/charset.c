/* UTF-8 by rule, and which charset is meant. */
#include "codecs/base/charset.h"

#include "codecs/base/gb18030.h"

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

/* Bytes of ASCII in front of text, eight at once as long as they are there. */
static size_t ascii_size(struct slice text)
{
    size_t size = 0;
    uint64_t bytes = 0;
    while (text.size - size >= sizeof bytes && (bytes & UINT64_C(0x8080808080808080)) == 0) {
        memcpy(&bytes, text.at + size, sizeof bytes);
        size += sizeof bytes;
    }
    size -= (bytes & UINT64_C(0x8080808080808080)) == 0 ? 0 : sizeof bytes;
    while (size < text.size && (unsigned char)text.at[size] < 0x80)
        size++;
    return size;
}

bool utf8_valid(struct slice text)
{
    while (text.size > 0) {
        size_t size = ascii_size(text);
        if (size == 0)
            size = utf8_character_size(text);
        if (size == 0)
            return false;
        text = slice_after(text, size);
    }
    return true;
}

size_t utf8_length(struct slice text)
{
    const uint64_t ones = 0x0101010101010101;
    size_t more = 0, i = 0; /* bytes that begin no character: 10xxxxxx */
    for (; text.size - i >= sizeof ones; i += sizeof ones) {
        uint64_t bytes;
        memcpy(&bytes, text.at + i, sizeof bytes);
        more += ((bytes >> 7 & ~(bytes >> 6) & ones) * ones) >> 56;
    }
    for (; i < text.size; i++)
        more += ((unsigned char)text.at[i] & 0xc0) == 0x80;
    return text.size - more;
}

size_t utf8_take(struct slice text, uint32_t *character)
{
    static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    size_t size = sequence_size((unsigned char)text.at[0]);
    *character = (unsigned char)text.at[0] & masks[size];
    for (size_t i = 1; i < size; i++)
        *character = *character << 6 | ((unsigned char)text.at[i] & 0x3f);
    return size;
}

void utf8_put(uint32_t character, struct writer *writer)
{
    static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t size = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    char bytes[4];
    for (size_t i = size - 1; i > 0; i--, character >>= 6)
        bytes[i] = (char)(0x80 | (character & 0x3f));
    bytes[0] = (char)(leads[size] | character);
    writer_bytes(writer, (struct slice){ bytes, size });
}

const char *charset_name(enum charset charset)
{
    return charset == CHARSET_GB18030 ? "GB18030" : "UTF-8";
}

bool charset_named(struct slice name, enum charset *charset)
{
    *charset = slice_is(name, charset_name(CHARSET_GB18030)) ? CHARSET_GB18030 : CHARSET_UTF8;
    return slice_is(name, charset_name(*charset));
}

/* Of that direction, all of text; what is written goes into arena. */
static bool convert(bool to_utf8, struct slice text, struct arena *arena, struct slice *converted)
{
    struct gb18030 *codec = gb18030_new();
    struct writer writer;
    bool cut, whole = true;
    if (codec == NULL)
        return false;
    writer_init(&writer, 0);
    if (to_utf8)
        whole = gb18030_decode(codec, text, &writer, &cut) == text.size;
    else
        gb18030_encode(codec, text, &writer);
    *converted = arena_copy(arena, writer_slice(&writer));
    writer_fini(&writer);
    gb18030_free(codec);
    return whole && arena_ok(arena);
}

bool charset_to_utf8(enum charset charset, struct slice text, struct arena *arena,
                     struct slice *utf8)
{
    *utf8 = text;
    if (ascii_size(text) == text.size)
        return true;
    return charset == CHARSET_UTF8 ? utf8_valid(text) : convert(true, text, arena, utf8);
}

bool charset_from_utf8(enum charset charset, struct slice utf8, struct arena *arena,
                       struct slice *text)
{
    *text = utf8;
    if (ascii_size(utf8) == utf8.size)
        return true;
    if (charset == CHARSET_UTF8 || !utf8_valid(utf8))
        return utf8_valid(utf8);
    return convert(false, utf8, arena, text);
}
