/* Signatures of encodings, and the encoding that an XML declaration names; and
   documents written in another one. */
#include "codecs/base/xml_encoding.h"

#include "codecs/base/gb18030.h"
#include "codecs/base/xml.h"

#include <assert.h>
#include <strings.h>

#define UTF8_MARK SLICE("\xef\xbb\xbf")

/* Byte order marks, and what "<", "<?xm" or "\n" is elsewhere; the longer ones first. */
static const struct {
    struct slice bytes;
    const char *encoding;
} signatures[] = {
#define SIGNATURE(bytes, encoding)                                                                 \
    {                                                                                              \
        { (bytes), sizeof(bytes) - 1 }, encoding                                                   \
    }
    SIGNATURE("\xff\xfe\0\0", "UTF-32"),
    SIGNATURE("\0\0\xfe\xff", "UTF-32"),
    SIGNATURE("<\0\0\0", "UTF-32"),
    SIGNATURE("\0\0\0<", "UTF-32"),
    SIGNATURE("\x84\x31\x95\x33", "GB18030"),
    SIGNATURE("\x4c\x6f\xa7\x94", "EBCDIC"),
    SIGNATURE("+ADw", "UTF-7"),
    SIGNATURE("+/v", "UTF-7"),
    SIGNATURE("\xff\xfe", "UTF-16"),
    SIGNATURE("\xfe\xff", "UTF-16"),
    SIGNATURE("<\0", "UTF-16"),
    SIGNATURE("\0<", "UTF-16"),
#undef SIGNATURE
};

bool xml_encoding_is(struct slice encoding, const char *name)
{
    return encoding.size == strlen(name) && strncasecmp(encoding.at, name, encoding.size) == 0;
}

/* Empty: there is none. */
static struct slice declaration_of(struct slice beginning)
{
    if (slice_starts(beginning, UTF8_MARK))
        beginning = slice_after(beginning, 3);
    const char *end = beginning.size == 0 ? NULL : memchr(beginning.at, '>', beginning.size);
    bool is_one = end != NULL && beginning.size > 5 && slice_starts(beginning, SLICE("<?xml")) &&
                  strchr(" \t\r\n", beginning.at[5]) != NULL;
    return is_one ? (struct slice){ beginning.at, (size_t)(end - beginning.at) } : SLICE("");
}

static struct slice declared_encoding(struct slice declaration)
{
    static const char key[] = "encoding";
    const char *found = declaration.size == 0
                            ? NULL
                            : memmem(declaration.at, declaration.size, key, sizeof key - 1);
    if (found == NULL)
        return SLICE_NONE;
    struct slice rest = slice_after(declaration, (size_t)(found - declaration.at) + sizeof key - 1);
    while (rest.size > 0 && strchr(" \t\r\n=\"'", rest.at[0]) != NULL)
        rest = slice_after(rest, 1);
    size_t size = 0;
    while (size < rest.size && rest.at[size] != '"' && rest.at[size] != '\'')
        size++;
    return (struct slice){ rest.at, size };
}

struct slice xml_encoding_of(struct slice beginning)
{
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        if (slice_starts(beginning, signatures[i].bytes))
            return slice_of(signatures[i].encoding);
    }
    struct slice declared = declared_encoding(declaration_of(beginning));
    return declared.at == NULL && slice_starts(beginning, UTF8_MARK) ? SLICE("UTF-8") : declared;
}

static struct slice without_declaration(struct slice document)
{
    const char *end = memmem(document.at, document.size, "?>", 2);
    assert(slice_starts(document, SLICE("<?xml ")) && end != NULL);
    return slice_after(document, (size_t)(end + 2 - document.at));
}

bool xml_encode(enum charset charset, struct slice document, struct writer *writer,
                struct error *error)
{
    if (!utf8_valid(document))
        return error_at(error, &xml_encoding, PLACE_NONE, "what is to be written is not UTF-8");
    if (charset == CHARSET_UTF8) {
        writer_bytes(writer, document);
        return true;
    }
    struct gb18030 *codec = gb18030_new();
    if (codec == NULL)
        return error_at(error, &xml_encoding, PLACE_NONE, "GB18030, which this system lacks");
    writer_format(writer, "<?xml version=\"1.0\" encoding=\"%s\"?>", charset_name(charset));
    gb18030_encode(codec, without_declaration(document), writer);
    gb18030_free(codec);
    return true;
}
