/* penstock decode: FIX on standard input as a readable table. */
#include <stdio.h>

#include "gateway/commands/commands.h"
#include "gateway/commands/fix_text.h"
#include "gateway/commands/input.h"
#include "gateway/commands/schemas.h"

#define ERRORS_MAX 100

/* In logs and mails SOH often became '|'. */
static void restore_delimiters(struct writer *bytes)
{
    if (bytes->used == 0 || memchr(bytes->at, '\001', bytes->used) != NULL)
        return;
    for (size_t i = 0; i < bytes->used; i++)
        if (bytes->at[i] == '|')
            bytes->at[i] = '\001';
}

static void print_finding(const struct fix_text *text)
{
    const struct fix_field_type *field = fix_dictionary_field(text->dictionary, text->finding.tag);
    struct slice name = field == NULL ? SLICE("no such field") : field->name;

    printf("not valid: %s", text->finding.fault->text);
    if (fix_text_names_tag(text))
        printf(" (%u %.*s)", (unsigned)text->finding.tag, SLICE_ARG(name));
    putchar('\n');
}

static bool print_messages(struct slice bytes, const struct fix_dictionary *dictionary)
{
    struct fix_text text;
    struct writer table;
    bool valid = true;

    fix_text_init(&text, bytes, dictionary);
    writer_init(&table, 0);
    while (fix_text_next(&text)) {
        writer_reset(&table);
        if (text.parsed)
            fix_message_print(&text.message, dictionary, &table);
        fwrite(writer_slice(&table).at, 1, table.used, stdout);
        if (text.finding.fault != NULL)
            print_finding(&text);
        valid = valid && text.finding.fault == NULL;
        putchar('\n');
    }
    writer_fini(&table);
    fix_text_fini(&text);
    return valid;
}

static int decode(const struct fix_dictionary *dictionary)
{
    struct writer bytes;
    struct error error;
    int status = EXIT_SYSTEM;

    writer_init(&bytes, 0);
    if (input_read("-", &bytes, &error)) {
        restore_delimiters(&bytes);
        status = print_messages(writer_slice(&bytes), dictionary) ? EXIT_FINE : EXIT_INPUT;
    } else {
        input_complain(&error);
    }
    writer_fini(&bytes);
    return status;
}

int command_decode(int count, char **words)
{
    const char *folder = NULL;
    struct texts files = { .count = 0 };
    const struct syntax syntax = {
        .usage = "decode [--dictionary FILE...] < FILE",
        .about = "Prints each message with the names of its fields and what their values mean.\n"
                 "Fields may be separated by SOH or, as in many logs, by '|'.  Secrets are\n"
                 "masked.  Ends with 1 when a message is not valid.",
        .options = { OPTION_DICTIONARY(&files), OPTION_SCHEMAS(&folder) },
    };
    struct arguments arguments;
    struct error_list errors;
    struct arena arena;
    int status = EXIT_INPUT;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    arena_init(&arena, ARENA_UNLIMITED);
    error_list_init(&errors, ERRORS_MAX);
    struct fix_dictionary *dictionary =
        schemas_dictionary(schemas_folder(folder, &arena), &files, &arena, &errors);
    if (dictionary != NULL)
        status = decode(dictionary);
    else
        input_complain_all(&errors);
    fix_dictionary_free(dictionary);
    error_list_fini(&errors);
    arena_fini(&arena);
    return status;
}
