/* The shipped dictionary, and messages from readable text. */
#include "kit/fix_kit.h"

#include "kit/kit.h"

enum { SOH = 1 };

struct fix_dictionary *kit_fix44(void)
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

void kit_fix_fields(struct writer *writer, const char *text)
{
    for (; *text != '\0'; text++)
        writer_char(writer, (char)(*text == '|' ? SOH : *text));
}

struct slice kit_fix_message(struct writer *writer, const char *begin_string, const char *fields)
{
    size_t start = writer->used;
    unsigned sum = 0;
    writer_format(writer, "8=%s%c9=%zu%c", begin_string, SOH, strlen(fields), SOH);
    kit_fix_fields(writer, fields);
    for (size_t i = start; i < writer->used; i++)
        sum += (unsigned char)writer->at[i];
    writer_format(writer, "10=%03u%c", sum % 256, SOH);
    return slice_after(writer_slice(writer), start);
}

struct slice kit_fix_get(struct slice message, unsigned tag)
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
