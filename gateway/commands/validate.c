/* penstock validate: FIX and ISO 20022 files against their dictionary or schema. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "codecs/iso20022/parse.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/fix_text.h"
#include "gateway/commands/input.h"
#include "gateway/commands/judge.h"
#include "gateway/commands/schemas.h"

#define ERRORS_MAX          100
#define DOCUMENT_MEMORY_MAX (48u << 20)

struct validator {
    bool tsv;
    uint64_t finding_count_max; /* of one document */
    struct judge judge;
    struct iso_learned *learned;
    struct fix_dictionary *const *dictionaries;
    size_t dictionary_count;
    struct fix_dictionary *own_dictionary;
};

/* What is said of one file. */
struct verdict {
    struct writer message_id;
    struct writer reasons; /* a line each; empty: valid */
};

/* ------------------------------------------------------------ ISO 20022 */

static void take_schema(struct verdict *verdict, const struct iso_schema *schema)
{
    if (schema == NULL)
        return;
    writer_reset(&verdict->message_id);
    writer_bytes(&verdict->message_id, iso_schema_id(schema));
}

static void read_document(FILE *file, struct iso_parser *parser, struct slice front)
{
    char block[65536];
    bool more = iso_parser_feed(parser, front);
    size_t size;

    while (more && (size = fread(block, 1, sizeof block, file)) > 0)
        more = iso_parser_feed(parser, (struct slice){ block, size });
}

static void validate_document(const struct validator *validator, const char *path, FILE *file,
                              struct slice front, struct verdict *verdict)
{
    const struct iso_parse_options options = {
        .catalogue = validator->judge.catalogue,
        .profile = validator->judge.profile,
        .xml_limits = &validator->judge.limits,
        .error_count_max = validator->finding_count_max,
        .memory_max = DOCUMENT_MEMORY_MAX,
        .learned = validator->learned,
    };
    struct iso_parser *parser = iso_parser_new(&options, path);

    read_document(file, parser, front);
    const struct iso_outcome *outcome = iso_parser_end(parser);
    take_schema(verdict, outcome->header.schema);
    take_schema(verdict, outcome->document.schema);
    for (size_t i = 0; i < outcome->errors.count; i++) {
        error_write(&outcome->errors.at[i], &verdict->reasons);
        writer_char(&verdict->reasons, '\n');
    }
    iso_parser_free(parser);
}

/* ------------------------------------------------------------ FIX */

/* The dictionary of the version that the first message names, else the first. */
static const struct fix_dictionary *choose_dictionary(const struct validator *validator,
                                                      struct slice bytes)
{
    const struct fix_dictionary *chosen =
        fix_text_choose(validator->dictionaries, validator->dictionary_count, bytes);

    return chosen == NULL ? validator->dictionaries[0] : chosen;
}

/* Where the field stands: FIX has no lines, but files with line ends have. */
static void add_place(const char *path, struct slice whole, const struct fix_text *text,
                      struct writer *reasons)
{
    const char *at = fix_text_place(text);
    unsigned line = 1, column = 1;

    for (const char *byte = whole.at; byte < at; byte++) {
        column = *byte == '\n' ? 1 : column + 1;
        line += *byte == '\n';
    }
    writer_format(reasons, "%s:%u:%u: ", path, line, column);
}

static void add_path(const struct fix_text *text, struct writer *reasons)
{
    const struct fix_field_type *field = fix_dictionary_field(text->dictionary, text->finding.tag);
    const struct fix_message_type *type = text->parsed ? text->message.type : NULL;

    if (type != NULL)
        writer_format(reasons, "%.*s", SLICE_ARG(type->name));
    if (field != NULL)
        writer_format(reasons, "%s%.*s", type != NULL ? "." : "", SLICE_ARG(field->name));
    if (fix_text_names_tag(text))
        writer_format(reasons, " (%u)", (unsigned)text->finding.tag);
    if (type != NULL || fix_text_names_tag(text))
        writer_text(reasons, ": ");
}

static void validate_messages(const struct validator *validator, const char *path,
                              struct slice bytes, struct verdict *verdict)
{
    struct fix_text text;
    size_t count = 0;

    fix_text_init(&text, bytes, choose_dictionary(validator, bytes));
    for (; fix_text_next(&text); count++) {
        if (text.framed && text.parsed && verdict->message_id.used == 0)
            writer_bytes(&verdict->message_id, text.message.msg_type);
        if (text.finding.fault == NULL)
            continue;
        add_place(path, bytes, &text, &verdict->reasons);
        add_path(&text, &verdict->reasons);
        writer_format(&verdict->reasons, "%s\n", text.finding.fault->text);
    }
    if (count == 0)
        writer_format(&verdict->reasons, "%s: there is no message in it\n", path);
    fix_text_fini(&text);
}

static void validate_fix(const struct validator *validator, const char *path, FILE *file,
                         struct slice front, struct verdict *verdict)
{
    struct writer bytes;
    char block[65536];
    size_t size;

    writer_init(&bytes, 0);
    writer_bytes(&bytes, front);
    while ((size = fread(block, 1, sizeof block, file)) > 0)
        writer_bytes(&bytes, (struct slice){ block, size });
    validate_messages(validator, path, writer_slice(&bytes), verdict);
    writer_fini(&bytes);
}

/* ------------------------------------------------------------ files */

/* Anything that does not begin like FIX is told what is wrong with it as XML. */
static bool begins_like_fix(struct slice front, const char *path)
{
    size_t size = strlen(path);
    bool named = size > 4 && strcmp(path + size - 4, ".fix") == 0;

    return named || (front.size >= 2 && memcmp(front.at, "8=", 2) == 0);
}

static void validate_file(const struct validator *validator, const char *path,
                          struct verdict *verdict)
{
    FILE *file = fopen(path, "rb");
    char block[64];

    if (file == NULL) {
        writer_format(&verdict->reasons, "%s: cannot be read: %s\n", path, strerror(errno));
        return;
    }
    struct slice front = { block, fread(block, 1, sizeof block, file) };
    if (ferror(file))
        writer_format(&verdict->reasons, "%s: cannot be read: %s\n", path, strerror(errno));
    else if (begins_like_fix(front, path))
        validate_fix(validator, path, file, front, verdict);
    else
        validate_document(validator, path, file, front, verdict);
    fclose(file);
}

/* One line, whatever the file has put into the reason. */
static void print_field(struct slice text)
{
    const char *end = text.size == 0 ? NULL : memchr(text.at, '\n', text.size);

    if (end != NULL)
        text.size = (size_t)(end - text.at);
    for (size_t i = 0; i < text.size; i++)
        putchar((unsigned char)text.at[i] < ' ' || text.at[i] == 0x7f ? ' ' : text.at[i]);
}

static void print_verdict(const struct validator *validator, const char *path,
                          const struct verdict *verdict)
{
    struct slice id = writer_slice(&verdict->message_id);
    struct slice reasons = writer_slice(&verdict->reasons);
    const char *word = reasons.size == 0 ? "valid" : "invalid";

    if (validator->tsv) {
        printf("%s\t%s\t", path, word);
        print_field(id);
        putchar('\t');
        print_field(reasons);
        putchar('\n');
        return;
    }
    printf("%s: %s", path, word);
    if (id.size > 0)
        printf(" (%.*s)", SLICE_ARG(id));
    putchar('\n');
    while (reasons.size > 0) {
        const char *end = memchr(reasons.at, '\n', reasons.size);

        print_field(reasons);
        putchar('\n');
        reasons = slice_after(reasons, (size_t)(end + 1 - reasons.at));
    }
}

static bool validate_files(const struct validator *validator, const struct arguments *arguments)
{
    struct verdict verdict;
    bool all_valid = true;

    writer_init(&verdict.message_id, 0);
    writer_init(&verdict.reasons, 0);
    for (size_t i = 0; i < arguments->word_count; i++) {
        writer_reset(&verdict.message_id);
        writer_reset(&verdict.reasons);
        validate_file(validator, arguments->words[i], &verdict);
        print_verdict(validator, arguments->words[i], &verdict);
        all_valid = all_valid && verdict.reasons.used == 0;
    }
    writer_fini(&verdict.message_id);
    writer_fini(&verdict.reasons);
    return all_valid;
}

static bool load_dictionaries(struct validator *validator, const char *folder,
                              const struct texts *files, struct arena *arena,
                              struct error_list *errors)
{
    const struct config *config = validator->judge.config;

    if (config != NULL) {
        validator->dictionaries = config->dictionaries;
        validator->dictionary_count = config->dictionary_count;
        return true;
    }
    validator->own_dictionary =
        schemas_dictionary(schemas_folder(folder, arena), files, arena, errors);
    validator->dictionaries = &validator->own_dictionary;
    validator->dictionary_count = 1;
    return validator->own_dictionary != NULL;
}

int command_validate(int count, char **words)
{
    struct validator validator = { .finding_count_max = 20 };
    const char *config = NULL, *folder = NULL, *profile = JUDGE_PROFILE_DEFAULT, *encoding = NULL;
    struct texts files = { .count = 0 }, limits = { .count = 0 };
    const struct syntax syntax = {
        .usage = "validate [--tsv] [OPTION...] FILE...",
        .about = "Says of each file whether it is valid, and what is wrong with it where.\n"
                 "A file holds FIX messages or one ISO 20022 document, with or without header\n"
                 "and envelope.  Ends with 1 when one is not valid.",
        .notes = NOTE_PROFILE,
        .options = { { "tsv", 0, OPTION_FLAG, NULL,
                       "a line per file: path, verdict, message id, reason, between tabs",
                       &validator.tsv },
                     OPTION_PROFILE(&profile),
                     { "findings", 0, OPTION_NUMBER, "COUNT",
                       "how many findings of one document are told (default: 20)",
                       &validator.finding_count_max },
                     { "config", 'c', OPTION_TEXT, "FILE",
                       "use the dictionaries, schemas and profiles of a configuration", &config },
                     OPTION_LIMIT(&limits),
                     OPTION_ENCODING(&encoding),
                     OPTION_SCHEMAS(&folder),
                     OPTION_DICTIONARY(&files) },
        .word_count_min = 1,
        .word_count_max = SIZE_MAX,
    };
    struct arguments arguments;
    struct error_list errors;
    struct arena arena;
    int status = EXIT_INPUT;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (!judge_set_limits(&validator.judge, "validate", &limits, encoding))
        return EXIT_USAGE;
    validator.learned = iso_learned_new();
    arena_init(&arena, ARENA_UNLIMITED);
    error_list_init(&errors, ERRORS_MAX);
    if (!judge_open(&validator.judge, config, folder, profile, &arena, &errors) ||
        !load_dictionaries(&validator, folder, &files, &arena, &errors))
        input_complain_all(&errors);
    else if (validate_files(&validator, &arguments))
        status = EXIT_FINE;
    fix_dictionary_free(validator.own_dictionary);
    iso_learned_free(validator.learned);
    judge_close(&validator.judge);
    error_list_fini(&errors);
    arena_fini(&arena);
    return status;
}
