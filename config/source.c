/* Reads files and folders, with a clear error for all that is no readable file. */
#include "config/source.h"

#include "codecs/base/digest.h"
#include "config/config.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void sources_init(struct sources *sources, struct arena *arena, struct error_list *errors)
{
    *sources = (struct sources){ .arena = arena, .errors = errors };
    writer_init(&sources->text, 0);
    writer_init(&sources->variables, 0);
}

void sources_fini(struct sources *sources)
{
    writer_fini(&sources->text);
    writer_fini(&sources->variables);
}

/* The path is a place of its own when nobody named it. */
static bool refuse(struct sources *sources, const char *path, struct place asked_at,
                   const char *why)
{
    if (asked_at.line == 0)
        return error_list_at(sources->errors, &config_unreadable, (struct place){ .source = path },
                             "%s", why);
    return error_list_at(sources->errors, &config_unreadable, asked_at, "%s: %s", path, why);
}

/* NULL: it is a file that may be read. */
static const char *check_file(int file, size_t *size)
{
    struct stat facts;
    if (fstat(file, &facts) != 0)
        return strerror(errno);
    if (S_ISDIR(facts.st_mode))
        return "it is a folder, not a file";
    if (!S_ISREG(facts.st_mode))
        return "it is no regular file";
    if (facts.st_size > SOURCE_SIZE_MAX)
        return "it is larger than 32 MiB";
    *size = (size_t)facts.st_size;
    return NULL;
}

static ssize_t read_some(int file, char *to, size_t size)
{
    ssize_t count;
    do
        count = read(file, to, size);
    while (count < 0 && errno == EINTR);
    return count;
}

/* NULL: *bytes has the whole file.  A file that grows meanwhile is read up to
   the size that it had. */
static const char *read_file(int file, struct slice *bytes)
{
    size_t size = 0;
    const char *why = check_file(file, &size);
    if (why != NULL)
        return why;
    char *at = memory_take(size + 1);
    *bytes = (struct slice){ at, 0 };
    while (bytes->size < size) {
        ssize_t count = read_some(file, at + bytes->size, size - bytes->size);
        if (count < 0)
            return strerror(errno);
        if (count == 0)
            break;
        bytes->size += (size_t)count;
    }
    return NULL;
}

static void record(struct sources *sources, struct slice label, struct slice bytes)
{
    writer_format(&sources->text, "=== %.*s %zu\n", SLICE_ARG(label), bytes.size);
    writer_bytes(&sources->text, bytes);
    writer_char(&sources->text, '\n');
}

static bool read_path(struct sources *sources, struct slice path, struct place asked_at,
                      struct source *source)
{
    *source = (struct source){ .name = arena_copy(sources->arena, path).at };
    int file = open(source->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return refuse(sources, source->name, asked_at, strerror(errno));
    const char *why = read_file(file, &source->bytes);
    close(file);
    if (why != NULL) {
        source_free(source);
        return refuse(sources, source->name, asked_at, why);
    }
    return true;
}

bool source_read(struct sources *sources, struct slice path, struct slice label,
                 struct place asked_at, struct source *source)
{
    if (!read_path(sources, path, asked_at, source))
        return false;
    record(sources, label, source->bytes);
    return true;
}

void source_free(struct source *source)
{
    free((char *)source->bytes.at);
    source->bytes = SLICE_NONE;
}

/* With the end of its line, or without. */
static struct slice only_line(struct slice text)
{
    if (text.size > 0 && text.at[text.size - 1] == '\n')
        text.size--;
    if (text.size > 0 && text.at[text.size - 1] == '\r')
        text.size--;
    return text;
}

/* A control character would end the field that the secret is sent in. */
static const char *check_secret(struct slice secret)
{
    if (secret.size == 0)
        return "it is empty";
    if (secret.size > SECRET_SIZE_MAX)
        return "it is longer than 200 bytes";
    for (size_t i = 0; i < secret.size; i++)
        if ((unsigned char)secret.at[i] < ' ' || secret.at[i] == 0x7f)
            return "it is more than one line of text";
    return NULL;
}

struct slice source_secret(struct sources *sources, struct slice path, struct place asked_at)
{
    struct source source;
    struct slice secret = SLICE_NONE;
    if (!read_path(sources, path, asked_at, &source))
        return secret;
    assert(source.bytes.at != NULL);
    struct slice line = only_line(source.bytes);
    const char *why = check_secret(line);
    if (why == NULL)
        secret = arena_copy(sources->arena, line);
    else
        refuse(sources, source.name, asked_at, why);
    explicit_bzero((char *)source.bytes.at, source.bytes.size);
    source_free(&source);
    return secret;
}

struct slice variable_secret(struct sources *sources, struct slice name, struct place asked_at)
{
    const char *text = getenv(arena_copy(sources->arena, name).at);
    const char *why = text == NULL ? "it is not set" : check_secret(slice_of(text));
    if (why == NULL)
        return arena_copy(sources->arena, slice_of(text));
    error_list_at(sources->errors, &config_variable, asked_at, "%.*s: %s", SLICE_ARG(name), why);
    return SLICE_NONE;
}

static int compare_names(const void *one, const void *other)
{
    return slice_compare(*(const struct slice *)one, *(const struct slice *)other);
}

static bool ends_so(struct slice name, struct slice ending)
{
    return name.size > ending.size && name.at[0] != '.' &&
           slice_equal(slice_after(name, name.size - ending.size), ending);
}

bool source_list(struct sources *sources, struct slice folder, const char *ending,
                 struct place asked_at, struct slice **names, size_t *count)
{
    const char *path = arena_copy(sources->arena, folder).at;
    DIR *entries = opendir(path);
    size_t room = 0;
    *names = NULL;
    *count = 0;
    if (entries == NULL)
        return refuse(sources, path, asked_at, strerror(errno));
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (!ends_so(slice_of(entry->d_name), slice_of(ending)))
            continue;
        *names = memory_room(*names, *count, &room, sizeof **names);
        (*names)[(*count)++] = arena_copy(sources->arena, slice_of(entry->d_name));
    }
    closedir(entries);
    if (*count == 0)
        return error_list_at(sources->errors, &config_unreadable, asked_at, "%s: it has no *%s",
                             path, ending);
    qsort(*names, *count, sizeof **names, compare_names);
    return true;
}

struct slice sources_record(struct sources *sources)
{
    struct digest variables = digest_of(writer_slice(&sources->variables));
    writer_text(&sources->text, "=== variables ");
    digest_write_hex(&variables, &sources->text);
    writer_char(&sources->text, '\n');
    return arena_copy(sources->arena, writer_slice(&sources->text));
}
