/* Signatures of encodings, and the encoding that an XML declaration names. */
#include "codecs/base/xml_encoding.h"

#include <strings.h>

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
    if (slice_starts(beginning, SLICE("\xef\xbb\xbf")))
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
    return declared_encoding(declaration_of(beginning));
}
