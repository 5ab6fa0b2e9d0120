/* Turns | into SOH and back, and adds the fields that only count. */
#include "kit/fix_text.h"

#include "codecs/base/writer.h"

enum {
    SOH = 1,
};

static void write_plain(const char *text, struct writer *writer)
{
    for (; *text != '\0'; text++) {
        if (text[0] == '\\' && text[1] == '|')
            writer_char(writer, *++text);
        else
            writer_char(writer, *text == '|' ? SOH : *text);
    }
}

struct slice fix_text_plain(const char *text)
{
    static struct writer writer;
    writer_reset(&writer);
    write_plain(text, &writer);
    return writer_slice(&writer);
}

struct slice fix_text(const char *text)
{
    static struct writer writer;
    struct slice plain = fix_text_plain(text);
    const char *first_end = memchr(plain.at, SOH, plain.size);
    size_t first_size = (size_t)(first_end - plain.at) + 1;
    unsigned sum = 0;
    writer_reset(&writer);
    writer_bytes(&writer, (struct slice){ plain.at, first_size });
    writer_format(&writer, "9=%zu%c", plain.size - first_size, SOH);
    writer_bytes(&writer, slice_after(plain, first_size));
    for (size_t i = 0; i < writer.used; i++)
        sum += (unsigned char)writer.at[i];
    writer_format(&writer, "10=%03u%c", sum % 256, SOH);
    return writer_slice(&writer);
}

struct slice fix_text_show(struct slice bytes)
{
    static struct writer writer;
    writer_reset(&writer);
    for (size_t i = 0; i < bytes.size; i++)
        writer_char(&writer, bytes.at[i] == SOH ? '|' : bytes.at[i]);
    return writer_slice(&writer);
}
