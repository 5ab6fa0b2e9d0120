/* Tables by the C library, whose edition may be of 2000, 2005 or halfway to 2022:
   the characters in which these differ are listed here, and those beyond U+FFFF
   are counted. */
#include "codecs/base/gb18030.h"

#include "codecs/base/charset.h"

#include <assert.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <wchar.h>

/* Each pair of codes had the two characters the other way round, or one for both,
   in one edition or library or another. */
static const struct {
    uint32_t code, character;
} settled[] = {
    { 0xa6d9, 0xfe10 }, { 0x84318236, 0xe78d },  { 0xa6da, 0xfe12 }, { 0x84318238, 0xe78e },
    { 0xa6db, 0xfe11 }, { 0x84318237, 0xe78f },  { 0xa6dc, 0xfe13 }, { 0x84318239, 0xe790 },
    { 0xa6dd, 0xfe14 }, { 0x84318330, 0xe791 },  { 0xa6de, 0xfe15 }, { 0x84318331, 0xe792 },
    { 0xa6df, 0xfe16 }, { 0x84318332, 0xe793 },  { 0xa6ec, 0xfe17 }, { 0x84318333, 0xe794 },
    { 0xa6ed, 0xfe18 }, { 0x84318334, 0xe795 },  { 0xa6f3, 0xfe19 }, { 0x84318335, 0xe796 },
    { 0xfe59, 0x9fb4 }, { 0x82359037, 0xe81e },  { 0xfe61, 0x9fb5 }, { 0x82359038, 0xe826 },
    { 0xfe66, 0x9fb6 }, { 0x82359039, 0xe82b },  { 0xfe67, 0x9fb7 }, { 0x82359130, 0xe82c },
    { 0xfe6d, 0x9fb8 }, { 0x82359131, 0xe832 },  { 0xfe7e, 0x9fb9 }, { 0x82359132, 0xe843 },
    { 0xfe90, 0x9fba }, { 0x82359133, 0xe854 },  { 0xfea0, 0x9fbb }, { 0x82359134, 0xe864 },
    { 0xfe51, 0xe816 }, { 0x95329031, 0x20087 }, { 0xfe52, 0xe817 }, { 0x95329033, 0x20089 },
    { 0xfe53, 0xe818 }, { 0x95329730, 0x200cc }, { 0xfe6c, 0xe831 }, { 0x9536b937, 0x215d7 },
    { 0xfe76, 0xe83b }, { 0x9630ba35, 0x2298f }, { 0xfe91, 0xe855 }, { 0x9635b630, 0x241fe },
};

enum {
    SETTLED_COUNT = sizeof settled / sizeof settled[0],
    BEYOND = 0x10000,       /* the first character that has its code by counting */
    BEYOND_NUMBER = 189000, /* of its code 90 30 81 30 */
    CHARACTER_MAX = 0x10ffff,
};

struct gb18030 {
    iconv_t to_unicode, from_unicode;
};

struct gb18030 *gb18030_new(void)
{
    struct gb18030 *codec = memory_take(sizeof *codec);
    codec->to_unicode = iconv_open("WCHAR_T", "GB18030");
    codec->from_unicode = iconv_open("GB18030", "WCHAR_T");
    if (codec->to_unicode != (iconv_t)-1 && codec->from_unicode != (iconv_t)-1)
        return codec;
    gb18030_free(codec);
    return NULL;
}

void gb18030_free(struct gb18030 *codec)
{
    if (codec == NULL)
        return;
    if (codec->to_unicode != (iconv_t)-1)
        iconv_close(codec->to_unicode);
    if (codec->from_unicode != (iconv_t)-1)
        iconv_close(codec->from_unicode);
    free(codec);
}

static bool is_lead(unsigned char byte)
{
    return byte >= 0x81 && byte <= 0xfe;
}

static bool is_digit(unsigned char byte)
{
    return byte >= 0x30 && byte <= 0x39;
}

/* Does the byte at that index fit behind those before it? */
static bool fits(const unsigned char *code, size_t index)
{
    unsigned char byte = code[index];
    if (index == 0)
        return byte < 0x80 || is_lead(byte);
    if (index == 1)
        return is_digit(byte) || (byte >= 0x40 && byte <= 0xfe && byte != 0x7f);
    return index == 2 ? is_lead(byte) : is_digit(byte);
}

static size_t code_size(const unsigned char *code, size_t known)
{
    if (code[0] < 0x80)
        return 1;
    return known > 1 && !is_digit(code[1]) ? 2 : 4;
}

/* Of the front code; 0: there is none, or it is cut short. */
static size_t take_code(struct slice text, uint32_t *code, bool *cut)
{
    const unsigned char *at = (const unsigned char *)text.at;
    size_t size = 1;
    *code = 0;
    for (size_t i = 0; i < size; i++) {
        *cut = i == text.size;
        if (*cut || !fits(at, i))
            return 0;
        *code = *code << 8 | at[i];
        size = code_size(at, i + 1);
    }
    return size;
}

/* How many four-byte codes are before it. */
static uint32_t number_of(uint32_t code)
{
    uint32_t first = (code >> 24) - 0x81, second = (code >> 16 & 0xff) - 0x30;
    uint32_t third = (code >> 8 & 0xff) - 0x81, fourth = (code & 0xff) - 0x30;
    return ((first * 10 + second) * 126 + third) * 10 + fourth;
}

static uint32_t code_of_number(uint32_t number)
{
    uint32_t fourth = number % 10 + 0x30, third = number / 10 % 126 + 0x81;
    uint32_t second = number / 1260 % 10 + 0x30, first = number / 12600 + 0x81;
    return first << 24 | second << 16 | third << 8 | fourth;
}

static size_t put_code(uint32_t code, char *bytes)
{
    size_t size = code > 0xffff ? 4 : code > 0xff ? 2 : 1;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(code >> 8 * (size - 1 - i));
    return size;
}

/* false: the code stands for nothing. */
static bool look_up_code(struct gb18030 *codec, uint32_t code, uint32_t *character)
{
    char bytes[GB18030_CODE_SIZE_MAX], *in = bytes;
    wchar_t wide = 0;
    char *out = (char *)&wide;
    size_t in_size = put_code(code, bytes), out_size = sizeof wide;
    if (iconv(codec->to_unicode, &in, &in_size, &out, &out_size) != 0 || out_size != 0) {
        iconv(codec->to_unicode, NULL, NULL, NULL, NULL);
        return false;
    }
    *character = (uint32_t)wide;
    return true;
}

static bool character_of(struct gb18030 *codec, uint32_t code, uint32_t *character)
{
    for (size_t i = 0; i < SETTLED_COUNT; i++) {
        if (settled[i].code == code) {
            *character = settled[i].character;
            return true;
        }
    }
    if (code < 0x90308130)
        return look_up_code(codec, code, character);
    *character = number_of(code) - BEYOND_NUMBER + BEYOND;
    return *character <= CHARACTER_MAX;
}

static uint32_t look_up_character(struct gb18030 *codec, uint32_t character)
{
    wchar_t wide = (wchar_t)character;
    unsigned char bytes[GB18030_CODE_SIZE_MAX];
    char *in = (char *)&wide, *out = (char *)bytes;
    size_t in_size = sizeof wide, out_size = sizeof bytes;
    uint32_t code = 0;
    size_t irreversible = iconv(codec->from_unicode, &in, &in_size, &out, &out_size);
    assert(irreversible == 0);
    for (size_t i = 0; i < sizeof bytes - out_size; i++)
        code = code << 8 | bytes[i];
    return code;
}

static uint32_t code_of(struct gb18030 *codec, uint32_t character)
{
    for (size_t i = 0; i < SETTLED_COUNT; i++) {
        if (settled[i].character == character)
            return settled[i].code;
    }
    return character < BEYOND ? look_up_character(codec, character)
                              : code_of_number(character - BEYOND + BEYOND_NUMBER);
}

static size_t ascii_size(struct slice text)
{
    size_t size = 0;
    while (size < text.size && (unsigned char)text.at[size] < 0x80)
        size++;
    return size;
}

size_t gb18030_decode(struct gb18030 *codec, struct slice text, struct writer *utf8, bool *cut)
{
    struct slice rest = text;
    *cut = false;
    while (rest.size > 0) {
        size_t plain = ascii_size(rest);
        writer_bytes(utf8, (struct slice){ rest.at, plain });
        rest = slice_after(rest, plain);
        uint32_t code, character;
        size_t size = rest.size == 0 ? 0 : take_code(rest, &code, cut);
        if (size == 0 || !character_of(codec, code, &character))
            break;
        utf8_put(character, utf8);
        rest = slice_after(rest, size);
    }
    return text.size - rest.size;
}

void gb18030_encode(struct gb18030 *codec, struct slice utf8, struct writer *text)
{
    while (utf8.size > 0) {
        size_t plain = ascii_size(utf8);
        writer_bytes(text, (struct slice){ utf8.at, plain });
        utf8 = slice_after(utf8, plain);
        if (utf8.size == 0)
            break;
        char code[GB18030_CODE_SIZE_MAX];
        uint32_t character;
        size_t size = utf8_take(utf8, &character);
        writer_bytes(text, (struct slice){ code, put_code(code_of(codec, character), code) });
        utf8 = slice_after(utf8, size);
    }
}
