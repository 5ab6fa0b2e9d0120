/* Reads files for commands and says what is wrong with them. */
#include "gateway/commands/input.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

const struct error_kind input_unreadable = { "input.unreadable", "cannot be read" };

static bool refuse(const char *path, struct error *error)
{
    return error_at(error, &input_unreadable, (struct place){ .source = path }, "%s",
                    strerror(errno));
}

static bool read_all(FILE *file, struct writer *bytes)
{
    char block[65536];
    size_t size;

    while ((size = fread(block, 1, sizeof block, file)) > 0)
        writer_bytes(bytes, (struct slice){ block, size });
    return !ferror(file);
}

static bool is_directory(FILE *file)
{
    struct stat found;

    return fstat(fileno(file), &found) == 0 && S_ISDIR(found.st_mode);
}

bool input_read(const char *path, struct writer *bytes, struct error *error)
{
    if (strcmp(path, "-") == 0)
        return read_all(stdin, bytes) || refuse("standard input", error);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return refuse(path, error);
    errno = EISDIR;
    bool read = !is_directory(file) && read_all(file, bytes);
    int reason = errno;
    fclose(file);
    errno = reason;
    return read || refuse(path, error);
}

void input_complain(const struct error *error)
{
    struct writer line;

    writer_init(&line, 0);
    error_write(error, &line);
    fprintf(stderr, "%.*s\n", SLICE_ARG(writer_slice(&line)));
    writer_fini(&line);
}

void input_complain_all(struct error_list *errors)
{
    struct writer lines;

    writer_init(&lines, 0);
    error_list_write(errors, &lines);
    fprintf(stderr, "%.*s", SLICE_ARG(writer_slice(&lines)));
    writer_fini(&lines);
}
