/* Text as a JSON string (RFC 8259). */
#include "codecs/base/charset.h"
#include "codecs/base/writer.h"

static void write_byte(struct writer *writer, unsigned char byte)
{
    switch (byte) {
    case '"':
        writer_text(writer, "\\\"");
        break;
    case '\\':
        writer_text(writer, "\\\\");
        break;
    case '\n':
        writer_text(writer, "\\n");
        break;
    default:
        if (byte < 0x20 || byte == 0x7f)
            writer_format(writer, "\\u%04x", byte);
        else
            writer_char(writer, (char)byte);
    }
}

void writer_json(struct writer *writer, struct slice text)
{
    writer_char(writer, '"');
    while (text.size > 0) {
        size_t size = utf8_character_size(text);
        if (size == 0)
            writer_text(writer, "\\ufffd");
        else if (size == 1)
            write_byte(writer, (unsigned char)text.at[0]);
        else
            writer_bytes(writer, (struct slice){ text.at, size });
        text = slice_after(text, size == 0 ? 1 : size);
    }
    writer_char(writer, '"');
}
