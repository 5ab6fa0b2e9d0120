/* Text as XML has it: nearly all of it goes as it is. */
#include "codecs/base/xml.h"

/* What a byte is written as; NULL: as it is. */
static const char *const escapes[256] = {
    ['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",  ['"'] = "&quot;",
    ['\r'] = "&#13;", ['\n'] = "&#10;", ['\t'] = "&#9;",
};

void xml_escape(struct slice text, struct writer *writer)
{
    size_t from = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *escape = escapes[(unsigned char)text.at[i]];
        if (escape == NULL)
            continue;
        writer_bytes(writer, (struct slice){ text.at + from, i - from });
        writer_text(writer, escape);
        from = i + 1;
    }
    writer_bytes(writer, slice_after(text, from));
}

/* By byte: from the space to the tilde, but for the escapes; thirty-two on a line. */
static const unsigned char plain[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

bool xml_is_plain(struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.at, *end = at + text.size;
    unsigned char all = 1;
    for (; end - at >= 4; at += 4)
        all &= plain[at[0]] & plain[at[1]] & plain[at[2]] & plain[at[3]];
    for (; at < end; at++)
        all &= plain[*at];
    return all != 0;
}
