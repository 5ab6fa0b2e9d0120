/* Turns | into SOH and back, adds the fields that only count, finds a field; and
   reads the dictionary. */
#include "kit/fix_text.h"

#include "kit/kit.h"

enum {
    SOH = 1,
};

static void write_plain(const char *text, struct writer *writer)
{
    for (; *text != '\0'; text++) {
        if (text[0] == '\\' && text[1] == '|')
            writer_char(writer, *++text);
        else
            writer_char(writer, (char)(*text == '|' ? SOH : *text));
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
        writer_char(&writer, (char)(bytes.at[i] == SOH ? '|' : bytes.at[i]));
    return writer_slice(&writer);
}

struct slice fix_text_get(struct slice message, uint32_t tag)
{
    while (message.size > 0) {
        const char *end = memchr(message.at, SOH, message.size);
        const char *equals = memchr(message.at, '=', message.size);
        uint64_t number;
        if (end == NULL || equals == NULL || equals > end)
            return SLICE_NONE;
        struct slice text = { message.at, (size_t)(equals - message.at) };
        if (slice_to_u64(text, UINT32_MAX, &number) && number == tag)
            return (struct slice){ equals + 1, (size_t)(end - equals) - 1 };
        message = slice_after(message, (size_t)(end - message.at) + 1);
    }
    return SLICE_NONE;
}

struct fix_dictionary *fix_text_dictionary(void)
{
    static const char base[] = PENSTOCK_SOURCE_DIR "/schemas/fix/FIX44.xml";
    static const char cash[] = PENSTOCK_SOURCE_DIR "/schemas/fix/FIX44-cash.xml";
    struct fix_dictionary_file files[] = { { kit_read_file(base), base },
                                           { kit_read_file(cash), cash } };
    struct error_list errors;
    struct writer text;
    error_list_init(&errors, 10);
    writer_init(&text, 0);
    struct fix_dictionary *dictionary = fix_dictionary_new(files, 2, &errors);
    error_list_write(&errors, &text);
    if (dictionary == NULL)
        fail_msg("%.*s", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
    error_list_fini(&errors);
    kit_free_file(files[0].xml);
    kit_free_file(files[1].xml);
    return dictionary;
}
