/* Turns | into SOH and back, adds the fields that only count, finds a field; and
   reads the dictionary. */
#include "kit/fix_text.h"

#include "kit/kit.h"

#include <stdio.h>

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

/* extension NULL: none. */
static struct fix_dictionary *load(const char *base, const char *extension)
{
    const char *names[] = { base, extension };
    char paths[2][512];
    struct fix_dictionary_file files[2];
    struct error_list errors;
    struct writer text;
    size_t count = extension == NULL ? 1 : 2;
    error_list_init(&errors, 10);
    writer_init(&text, 0);
    for (size_t i = 0; i < count; i++) {
        snprintf(paths[i], sizeof paths[i], PENSTOCK_SOURCE_DIR "/schemas/fix/%s.xml", names[i]);
        files[i] = (struct fix_dictionary_file){ kit_read_file(paths[i]), names[i] };
    }
    struct fix_dictionary *dictionary = fix_dictionary_new(files, count, &errors);
    error_list_write(&errors, &text);
    if (dictionary == NULL)
        fail_msg("%.*s", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
    error_list_fini(&errors);
    for (size_t i = 0; i < count; i++)
        kit_free_file(files[i].xml);
    return dictionary;
}

struct fix_dictionary *fix_text_dictionary(void)
{
    return load("FIX44", "FIX44-cash");
}

struct fix_text_version fix_text_version(const char *begin_string)
{
    struct fix_text_version version = { begin_string, "", NULL, NULL };
    if (strcmp(begin_string, "FIX.4.2") == 0)
        version.dictionary = load("FIX42", "FIX42-cash");
    else if (strcmp(begin_string, "FIX.4.4") == 0)
        version.dictionary = fix_text_dictionary();
    else {
        version.logon = "1137=9|";
        version.dictionary = load("FIX50SP2", "FIX50SP2-cash");
        version.transport = load("FIXT11", NULL);
        fix_dictionary_ride(version.dictionary, version.transport);
    }
    return version;
}

void fix_text_version_free(struct fix_text_version *version)
{
    fix_dictionary_free(version->dictionary);
    fix_dictionary_free(version->transport);
}
