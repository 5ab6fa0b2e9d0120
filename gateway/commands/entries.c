/* penstock entries: what repeats in an ISO 20022 document of any size, a line each. */
#include <stdio.h>
#include <stdlib.h>

#include "gateway/channel/document_file.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/commands/judge.h"
#include "gateway/commands/schemas.h"

#define ERRORS_MAX          100
#define DOCUMENT_ERRORS_MAX 20
#define RULE_MEMORY_MAX     (48u << 20) /* in the first pass */
#define BATCH_MEMORY_MAX    (16u << 20) /* in the second: of a batch, and of what is around it */
#define BATCH_COUNT_MAX     1000
#define SEVERAL             '|' /* between the values of one path, in tab-separated lines */

static const struct error_kind entries_no_document = { "entries.no-document",
                                                       "there is no Document in it" };

struct wish {
    const char *file, *each;
    struct texts path_texts, limit_texts;
    const char *encoding; /* NULL: UTF-8 alone */
    uint64_t from, count;
    bool tsv;
    const char *config, *folder, *profile;
};

struct listing {
    const struct wish *wish;
    struct judge judge;
    struct slice paths[TEXTS_MAX];
    bool repeats[TEXTS_MAX]; /* several values: a JSON list, also of one */
    struct document_file file;
    struct shape_reader *reader;
    struct writer lines;
};

/* ------------------------------------------------------------ output */

static void write_list(const struct value *value, struct writer *writer)
{
    writer_char(writer, '[');
    for (; value != NULL; value = value->next) {
        writer_json(writer, value->text);
        if (value->next != NULL)
            writer_char(writer, ',');
    }
    writer_char(writer, ']');
}

/* Absent fields are left out. */
static void write_json(const struct listing *listing, const struct record *record, uint64_t number,
                       struct writer *writer)
{
    writer_text(writer, "{\"entry\":");
    writer_u64(writer, number);
    for (size_t i = 0; i < record->count; i++) {
        const struct value *value = &record->values[i];

        if (value->text.at == NULL)
            continue;
        writer_char(writer, ',');
        writer_json(writer, listing->paths[i]);
        writer_char(writer, ':');
        if (listing->repeats[i])
            write_list(value, writer);
        else
            writer_json(writer, value->text);
    }
    writer_text(writer, "}\n");
}

/* One line and one field, whatever the document has put into it. */
static void write_field(struct slice text, struct writer *writer)
{
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.at[i];

        if ((unsigned char)byte < ' ' || byte == 0x7f)
            byte = ' ';
        writer_char(writer, byte);
    }
}

static void write_tsv(const struct record *record, uint64_t number, struct writer *writer)
{
    writer_u64(writer, number);
    for (size_t i = 0; i < record->count; i++) {
        writer_char(writer, '\t');
        for (const struct value *value = &record->values[i]; value != NULL; value = value->next) {
            write_field(value->text, writer);
            if (value->next != NULL)
                writer_char(writer, SEVERAL);
        }
    }
    writer_char(writer, '\n');
}

static void write_batch(struct listing *listing, const struct iso_batch *batch, size_t count)
{
    writer_reset(&listing->lines);
    for (size_t i = 0; i < count; i++) {
        if (listing->wish->tsv)
            write_tsv(&batch->records[i], batch->first + i, &listing->lines);
        else
            write_json(listing, &batch->records[i], batch->first + i, &listing->lines);
    }
    fwrite(writer_slice(&listing->lines).at, 1, listing->lines.used, stdout);
}

/* ------------------------------------------------------------ the two passes */

static bool validate(struct listing *listing, struct error_list *errors)
{
    const struct iso_parse_options options = { .catalogue = listing->judge.catalogue,
                                               .profile = listing->judge.profile,
                                               .xml_limits = &listing->judge.limits,
                                               .error_count_max = DOCUMENT_ERRORS_MAX,
                                               .memory_max = RULE_MEMORY_MAX };

    if (!document_file_validate(&listing->file, &options, errors))
        return false;
    return listing->file.schema != NULL ||
           error_list_at(errors, &entries_no_document,
                         (struct place){ .source = listing->wish->file }, "only an AppHdr");
}

static bool make_reader(struct listing *listing, struct error_list *errors)
{
    const struct shape *shape = iso_schema_shape(listing->file.schema);
    const struct texts *texts = &listing->wish->path_texts;
    struct slice each = slice_of(listing->wish->each);
    struct shape_field field;
    struct error error;

    for (size_t i = 0; i < texts->count; i++)
        listing->paths[i] = slice_of(texts->at[i]);
    listing->reader = shape->operations->reader(shape, listing->paths, texts->count, each, errors);
    if (listing->reader == NULL)
        return false;
    for (size_t i = 0; i < texts->count; i++)
        listing->repeats[i] =
            shape->operations->find(shape, listing->paths[i], each, PLACE_NONE, &field, &error) &&
            field.repeats;
    if (iso_batches_can_read(listing->reader, &error))
        return true;
    error_list_add(errors, &error);
    return false;
}

/* The rules beyond the schema hold for these bytes: they were looked at. */
static bool print(struct listing *listing, struct error *error)
{
    const struct shape_reader *reader = listing->reader;
    const struct iso_batch_options options = { .parse = { .catalogue = listing->judge.catalogue,
                                                          .xml_limits = &listing->judge.limits,
                                                          .error_count_max = 1,
                                                          .memory_max = BATCH_MEMORY_MAX,
                                                          .readers = &reader,
                                                          .reader_count = 1 },
                                               .first = listing->wish->from,
                                               .count_max = BATCH_COUNT_MAX };
    uint64_t left = listing->wish->count;
    struct iso_batch batch;

    document_file_begin(&listing->file, &options);
    while (left > 0 && document_file_next(&listing->file, &batch, error)) {
        size_t count = batch.count < left ? batch.count : (size_t)left;

        write_batch(listing, &batch, count);
        left -= count;
        if (ferror(stdout))
            return true;
    }
    return left == 0 || error->kind == NULL;
}

static bool list(struct listing *listing, struct error_list *errors)
{
    struct error error;

    if (!document_file_open(&listing->file, listing->wish->file, &error)) {
        error_list_add(errors, &error);
        return false;
    }
    if (!validate(listing, errors) || !make_reader(listing, errors))
        return false;
    if (print(listing, &error))
        return true;
    error_list_add(errors, &error);
    return false;
}

/* ------------------------------------------------------------ the command */

static void close_listing(struct listing *listing)
{
    if (listing->reader != NULL)
        iso_schema_shape(listing->file.schema)->operations->reader_free(listing->reader);
    document_file_close(&listing->file);
    writer_fini(&listing->lines);
    judge_close(&listing->judge);
}

static enum exit_status run(const struct wish *wish, struct error_list *errors)
{
    struct listing listing = { .wish = wish, .file = { .file = -1 } };
    struct arena arena;

    if (!judge_set_limits(&listing.judge, "entries", &wish->limit_texts, wish->encoding))
        return EXIT_USAGE;
    arena_init(&arena, ARENA_UNLIMITED);
    writer_init(&listing.lines, 0);
    bool good =
        judge_open(&listing.judge, wish->config, wish->folder, wish->profile, &arena, errors) &&
        list(&listing, errors);
    close_listing(&listing);
    arena_fini(&arena);
    if (!good)
        return EXIT_INPUT;
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_FINE : EXIT_SYSTEM;
}

static enum exit_status check_wish(const struct wish *wish)
{
    if (wish->each == NULL)
        return usage_error("entries", "--each is missing: what repeats, as Stmt.Ntry");
    if (wish->path_texts.count == 0)
        return usage_error("entries", "--path is missing: what is printed, as Stmt.Ntry.NtryRef");
    return wish->from > 0 ? EXIT_FINE : usage_error("entries", "the first entry has the number 1");
}

int command_entries(int count, char **words)
{
    struct wish wish = { .from = 1, .count = UINT64_MAX, .profile = JUDGE_PROFILE_DEFAULT };
    const struct syntax syntax = {
        .usage = "entries --each PATH --path PATH... [OPTION...] FILE",
        .about = "Validates an ISO 20022 document to its end, and only then prints what repeats\n"
                 "in it, a line of JSON each, with its number from 1.  In little memory, however\n"
                 "large it is.  A path is that of a map: Stmt.Ntry.Amt.value.  Ends with 1 when\n"
                 "the document is not valid, or has changed meanwhile.",
        .notes = NOTE_PROFILE,
        .options = { { "each", 0, OPTION_TEXT, "PATH", "what repeats: Stmt.Ntry", &wish.each },
                     { "path", 0, OPTION_TEXTS, "PATH",
                       "what is printed of each, or around it; again for more", &wish.path_texts },
                     { "from", 0, OPTION_NUMBER, "NUMBER", "the first entry (default: 1)",
                       &wish.from },
                     { "count", 0, OPTION_NUMBER, "NUMBER", "at most so many (default: all)",
                       &wish.count },
                     { "tsv", 0, OPTION_FLAG, NULL, "number and values between tabs", &wish.tsv },
                     OPTION_PROFILE(&wish.profile),
                     { "config", 'c', OPTION_TEXT, "FILE",
                       "use the schemas and profiles of a configuration", &wish.config },
                     OPTION_LIMIT(&wish.limit_texts),
                     OPTION_ENCODING(&wish.encoding),
                     OPTION_SCHEMAS(&wish.folder) },
        .word_count_min = 1,
        .word_count_max = 1,
    };
    struct arguments arguments;
    struct error_list errors;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (check_wish(&wish) != EXIT_FINE)
        return EXIT_USAGE;
    wish.file = arguments.words[0];
    error_list_init(&errors, ERRORS_MAX);
    int status = run(&wish, &errors);
    if (errors.count > 0)
        input_complain_all(&errors);
    error_list_fini(&errors);
    return status;
}
