/* Lines that a simulated party adds to a file and reads again when it starts. */
#include "gateway/parties/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codecs/base/moment.h"

const struct error_kind journal_fault = { "journal.fault", "the journal cannot be used" };

static struct slice take_word(struct slice *line)
{
    const char *blank = memchr(line->at, ' ', line->size);
    struct slice word = { line->at, blank == NULL ? line->size : (size_t)(blank - line->at) };

    *line = slice_after(*line, blank == NULL ? word.size : word.size + 1);
    return word;
}

static void tell_lines(struct slice text, journal_reader *read, void *owner)
{
    const char *end;

    while (text.size > 0 && (end = memchr(text.at, '\n', text.size)) != NULL) {
        struct slice line = { text.at, (size_t)(end - text.at) };

        text = slice_after(text, line.size + 1);
        take_word(&line);
        struct slice word = take_word(&line);
        read(owner, word, line);
    }
}

/* The end of the last whole line. */
static size_t whole_size(struct slice text)
{
    const char *end = text.size == 0 ? NULL : memrchr(text.at, '\n', text.size);

    return end == NULL ? 0 : (size_t)(end + 1 - text.at);
}

/* A line that a kill cut short counts for nothing and is taken away. */
static bool read_lines(struct journal *journal, journal_reader *reader, void *owner)
{
    struct writer text;
    char block[65536];
    ssize_t size;

    writer_init(&text, 0);
    while ((size = read(journal->file, block, sizeof block)) > 0)
        writer_bytes(&text, (struct slice){ block, (size_t)size });
    bool read_whole = size == 0;
    if (read_whole) {
        struct slice whole = { text.at, whole_size(writer_slice(&text)) };

        tell_lines(whole, reader, owner);
        read_whole = ftruncate(journal->file, (off_t)whole.size) == 0;
    }
    writer_fini(&text);
    return read_whole;
}

bool journal_open(struct journal *journal, const char *path, journal_reader *read, void *owner,
                  struct error *error)
{
    journal->file = -1;
    writer_init(&journal->line, 0);
    if (path == NULL)
        return true;
    journal->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0660);
    if (journal->file >= 0 && read_lines(journal, read, owner))
        return true;
    error_at(error, &journal_fault, (struct place){ .source = path }, "%s", strerror(errno));
    journal_close(journal);
    return false;
}

void journal_close(struct journal *journal)
{
    if (journal->file >= 0)
        close(journal->file);
    writer_fini(&journal->line);
}

static void write_line(struct journal *journal)
{
    struct slice line = writer_slice(&journal->line);

    while (line.size > 0) {
        ssize_t size = write(journal->file, line.at, line.size);

        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0) {
            perror("penstock: journal");
            return;
        }
        line = slice_after(line, (size_t)size);
    }
}

void journal_write(struct journal *journal, int64_t utc_ns, const char *word, const char *format,
                   ...)
{
    va_list list;
    char *rest;

    if (journal->file < 0)
        return;
    va_start(list, format);
    int size = vasprintf(&rest, format, list);
    va_end(list);
    if (size < 0)
        abort();
    writer_reset(&journal->line);
    iso_timestamp_write(utc_ns, &journal->line);
    writer_format(&journal->line, " %s %s\n", word, rest);
    free(rest);
    write_line(journal);
}

static const struct {
    char byte;
    const char *text;
} escapes[] = { { '\001', "|" }, { '|', "\\p" }, { '\\', "\\\\" }, { '\n', "\\n" } };

#define ESCAPE_COUNT (sizeof escapes / sizeof *escapes)

struct slice journal_escape(struct slice bytes, struct arena *arena)
{
    char *text = arena_take(arena, bytes.size * 2 + 1);
    size_t size = 0;

    for (size_t i = 0; i < bytes.size; i++) {
        size_t row = 0;

        while (row < ESCAPE_COUNT && escapes[row].byte != bytes.at[i])
            row++;
        if (row == ESCAPE_COUNT) {
            text[size++] = bytes.at[i];
        } else {
            memcpy(text + size, escapes[row].text, strlen(escapes[row].text));
            size += strlen(escapes[row].text);
        }
    }
    return (struct slice){ text, size };
}

struct slice journal_unescape(struct slice text, struct arena *arena)
{
    char *bytes = arena_take(arena, text.size + 1);
    size_t size = 0;

    while (text.size > 0) {
        size_t row = 0;

        while (row < ESCAPE_COUNT && !slice_starts(text, slice_of(escapes[row].text)))
            row++;
        if (row < ESCAPE_COUNT) {
            bytes[size++] = escapes[row].byte;
            text = slice_after(text, strlen(escapes[row].text));
        } else {
            bytes[size++] = text.at[0];
            text = slice_after(text, 1);
        }
    }
    return (struct slice){ bytes, size };
}
