/* penstock schema: brings XSDs into the normal form, and shows what is loaded. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config/config.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/commands/schemas.h"

#define ERRORS_MAX 200

static const struct error_kind schema_unwritable = { "schema.unwritable", "cannot be written" };

struct wish {
    const char *config, *folder, *to;
    char **files;
    size_t file_count;
    struct arena arena;
    struct error_list errors;
};

/* false: it cannot be read or compiled, which errors say. */
static bool load(struct wish *wish, struct iso_catalogue *catalogue, const char *path)
{
    const char *source = strcmp(path, "-") == 0 ? "standard input" : path;
    struct writer bytes;
    struct error error;

    writer_init(&bytes, 0);
    bool loaded = input_read(path, &bytes, &error);
    if (!loaded)
        error_list_add(&wish->errors, &error);
    else
        loaded = iso_catalogue_add(catalogue, writer_slice(&bytes), source, &wish->errors);
    writer_fini(&bytes);
    return loaded;
}

/* ------------------------------------------------------------ import */

static int complain(const char *path)
{
    struct error error;

    error_at(&error, &schema_unwritable, (struct place){ .source = path }, "%s", strerror(errno));
    input_complain(&error);
    return EXIT_SYSTEM;
}

static bool write_text(FILE *file, struct slice text)
{
    return fwrite(text.at, 1, text.size, file) == text.size && fflush(file) == 0;
}

/* Whole or not at all: nobody reads half a schema. */
static bool write_file(const char *part, const char *path, struct slice text)
{
    FILE *file = fopen(part, "wb");

    if (file == NULL)
        return false;
    bool written = write_text(file, text);
    written = fclose(file) == 0 && written;
    if (written && rename(part, path) == 0)
        return true;
    int reason = errno;
    unlink(part);
    errno = reason;
    return false;
}

static int write_into(struct wish *wish, struct slice id, struct slice text)
{
    const char *path = arena_format(&wish->arena, "%s/%.*s.xsd", wish->to, SLICE_ARG(id)).at;
    const char *part = arena_format(&wish->arena, "%s.part", path).at;

    if (!write_file(part, path, text))
        return complain(path);
    puts(path);
    return EXIT_FINE;
}

static int write_schema(struct wish *wish, const struct iso_schema *schema)
{
    struct writer text;
    int status;

    writer_init(&text, 0);
    iso_schema_write(schema, &text);
    if (wish->to != NULL)
        status = write_into(wish, iso_schema_id(schema), writer_slice(&text));
    else
        status = write_text(stdout, writer_slice(&text)) ? EXIT_FINE : complain("standard output");
    writer_fini(&text);
    return status;
}

/* Nothing is written before all are known to be good. */
static int run_import(struct wish *wish)
{
    struct iso_catalogue *catalogue;
    int status = EXIT_FINE;

    if (wish->file_count == 0)
        return usage_error("schema", "import wants a file");
    if (wish->file_count > 1 && wish->to == NULL)
        return usage_error("schema", "several files want a folder: --to FOLDER");
    if (wish->config != NULL || wish->folder != NULL)
        return usage_error("schema", "import reads only the files that it is given");
    catalogue = iso_catalogue_new();
    for (size_t i = 0; i < wish->file_count; i++)
        if (!load(wish, catalogue, wish->files[i]))
            status = EXIT_INPUT;
    for (size_t i = 0; status == EXIT_FINE && i < iso_catalogue_count(catalogue); i++)
        status = write_schema(wish, iso_catalogue_at(catalogue, i));
    iso_catalogue_free(catalogue);
    return status;
}

/* ------------------------------------------------------------ list */

static uint64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* "0.31" */
static const char *milliseconds(uint64_t us, struct arena *arena)
{
    return arena_format(arena, "%llu.%02llu", (unsigned long long)us / 1000,
                        (unsigned long long)us / 10 % 100)
        .at;
}

static struct slice version_of(struct slice id)
{
    size_t size = 0;

    while (size < id.size && id.at[id.size - size - 1] != '.')
        size++;
    return slice_after(id, id.size - size);
}

static void print_row(struct wish *wish, const struct iso_schema *schema, uint64_t us)
{
    struct slice id = iso_schema_id(schema), element = iso_schema_message_element(schema);

    printf("%-16.*s  %-7.*s  %-24.*s  %5zu  %7zu  %7s  %s\n", SLICE_ARG(id),
           SLICE_ARG(version_of(id)), SLICE_ARG(element.at == NULL ? SLICE("AppHdr") : element),
           iso_schema_type_count(schema), iso_schema_size(schema), milliseconds(us, &wish->arena),
           iso_schema_source(schema));
}

/* false: one of them is at fault. */
static bool load_and_print(struct wish *wish, struct iso_catalogue *catalogue,
                           const struct schema_paths *paths)
{
    uint64_t whole_us = 0;
    bool good = true;

    printf("%-16s  %-7s  %-24s  %5s  %7s  %7s  %s\n", "message", "version", "element", "types",
           "bytes", "ms", "file");
    for (size_t i = 0; i < paths->count; i++) {
        uint64_t start_us = now_us();
        bool loaded = load(wish, catalogue, paths->at[i]);
        uint64_t us = now_us() - start_us;

        whole_us += us;
        good = good && loaded;
        if (loaded)
            print_row(wish, iso_catalogue_at(catalogue, iso_catalogue_count(catalogue) - 1), us);
    }
    printf("%zu schemas, %zu types, %zu bytes of tables, %s ms\n", iso_catalogue_count(catalogue),
           iso_catalogue_type_count(catalogue), iso_catalogue_size(catalogue),
           milliseconds(whole_us, &wish->arena));
    return good;
}

/* false: the configuration is at fault. */
static bool paths_of_configuration(struct wish *wish, struct schema_paths *paths)
{
    struct config *config = config_load(wish->config, &wish->errors);

    if (config == NULL)
        return false;
    for (size_t i = 0; i < iso_catalogue_count(config->catalogue); i++) {
        const char *source = iso_schema_source(iso_catalogue_at(config->catalogue, i));

        schema_paths_add(paths, arena_copy(&wish->arena, slice_of(source)).at);
    }
    config_free(config);
    return true;
}

static int run_list(struct wish *wish)
{
    struct schema_paths paths;
    int status = EXIT_INPUT;

    if (wish->file_count > 0 || wish->to != NULL)
        return usage_error("schema", "list takes no file and no --to");
    if (wish->config != NULL && wish->folder != NULL)
        return usage_error("schema", "it is either --config or --schemas");
    schema_paths_init(&paths);
    bool found = wish->config != NULL
                     ? paths_of_configuration(wish, &paths)
                     : schema_paths_find(&paths, schemas_folder(wish->folder, &wish->arena),
                                         &wish->arena, &wish->errors);
    if (found) {
        struct iso_catalogue *catalogue = iso_catalogue_new();

        if (load_and_print(wish, catalogue, &paths))
            status = EXIT_FINE;
        iso_catalogue_free(catalogue);
    }
    schema_paths_fini(&paths);
    return status;
}

/* ------------------------------------------------------------ which */

static const struct deed {
    const char *name;
    int (*run)(struct wish *wish);
} deeds[] = { { "import", run_import }, { "list", run_list } };

#define DEED_COUNT (sizeof deeds / sizeof *deeds)

static int unknown_deed(const char *name)
{
    const char *names[DEED_COUNT];

    for (size_t i = 0; i < DEED_COUNT; i++)
        names[i] = deeds[i].name;
    return usage_error("schema", "it cannot %s%s", name,
                       error_suggestion(slice_of(name), names, DEED_COUNT));
}

static int run(const struct deed *deed, struct wish *wish)
{
    arena_init(&wish->arena, ARENA_UNLIMITED);
    error_list_init(&wish->errors, ERRORS_MAX);
    int status = deed->run(wish);
    input_complain_all(&wish->errors);
    error_list_fini(&wish->errors);
    arena_fini(&wish->arena);
    return status;
}

int command_schema(int count, char **words)
{
    struct wish wish = { .config = NULL };
    const struct syntax syntax = {
        .usage = "schema import FILE... [--to FOLDER]; schema list [-c FILE | --schemas DIR]",
        .about = "import writes XSDs of ISO 20022, or of a bank's usage guidelines, in penstock's\n"
                 "normal form: to standard output, or each as FOLDER/MESSAGE.xsd.  A construct\n"
                 "that penstock does not know is an error, and then nothing is written.\n"
                 "list loads schemas, penstock's own or those of a configuration, and prints\n"
                 "for each its message, version, types, bytes of tables, time and file.",
        .options = { { "to", 0, OPTION_TEXT, "FOLDER", "where import writes", &wish.to },
                     { "config", 'c', OPTION_TEXT, "FILE", "list the schemas of a configuration",
                       &wish.config },
                     OPTION_SCHEMAS(&wish.folder) },
        .word_count_min = 1,
        .word_count_max = SIZE_MAX,
    };
    struct arguments arguments;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    wish.files = arguments.words + 1;
    wish.file_count = arguments.word_count - 1;
    for (size_t i = 0; i < DEED_COUNT; i++)
        if (strcmp(arguments.words[0], deeds[i].name) == 0)
            return run(&deeds[i], &wish);
    return unknown_deed(arguments.words[0]);
}
