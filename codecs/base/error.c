/* Errors with a place, lists of them, and suggestions for misspelt names. */
#include "codecs/base/error.h"

#include "codecs/base/arena.h"
#include "codecs/base/charset.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SUGGESTION_SIZE_MAX = 48,
    LIST_LIMIT_DEFAULT = 1000,
};

/* Ends a detail that did not fit with "...", at the border of a character. */
static void cut_detail(char *detail, size_t room)
{
    size_t end = room - 4;
    while (end > 0 && ((unsigned char)detail[end] & 0xc0) == 0x80)
        end--;
    memcpy(detail + end, "...", 4);
}

/* What is told often comes from outside: a detail stays one line. */
static void flatten(char *detail)
{
    for (; *detail != '\0'; detail++) {
        if ((unsigned char)*detail < ' ' || *detail == 0x7f)
            *detail = ' ';
    }
}

__attribute__((format(printf, 4, 0))) static void fill(struct error *error,
                                                       const struct error_kind *kind,
                                                       struct place place, const char *format,
                                                       va_list arguments)
{
    error->kind = kind;
    error->place = place;
    error->rule = NULL;
    int size = vsnprintf(error->detail, sizeof error->detail, format, arguments);
    if (size >= (int)sizeof error->detail)
        cut_detail(error->detail, sizeof error->detail);
    flatten(error->detail);
}

bool error_at(struct error *error, const struct error_kind *kind, struct place place,
              const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, kind, place, format, arguments);
    va_end(arguments);
    return false;
}

static void write_place(struct place place, struct writer *writer)
{
    if (place.source != NULL)
        writer_format(writer, "%s:", place.source);
    if (place.line != 0)
        writer_format(writer, "%u:", place.line);
    if (place.line != 0 && place.column != 0)
        writer_format(writer, "%u:", place.column);
    if (place.source != NULL || place.line != 0)
        writer_char(writer, ' ');
}

void error_write(const struct error *error, struct writer *writer)
{
    write_place(error->place, writer);
    if (error->rule != NULL) {
        writer_format(writer, "%s (rule %s)", error->detail, error->rule);
        return;
    }
    writer_text(writer, error->kind == NULL ? "no error" : error->kind->text);
    if (error->detail[0] != '\0')
        writer_format(writer, ": %s", error->detail);
}

void error_list_init(struct error_list *list, size_t limit)
{
    *list = (struct error_list){ .limit = limit == 0 ? LIST_LIMIT_DEFAULT : limit };
}

void error_list_fini(struct error_list *list)
{
    for (size_t i = 0; i < list->source_count; i++)
        free(list->sources[i]);
    free(list->sources);
    free(list->at);
    error_list_init(list, list->limit);
}

/* The list's own copy of a source's name. */
static const char *keep_source(struct error_list *list, const char *source)
{
    if (source == NULL)
        return NULL;
    for (size_t i = list->source_count; i > 0; i--)
        if (strcmp(list->sources[i - 1], source) == 0)
            return list->sources[i - 1];
    size_t size = strlen(source) + 1;
    list->sources =
        memory_room(list->sources, list->source_count, &list->source_room, sizeof *list->sources);
    list->sources[list->source_count] = memcpy(memory_take(size), source, size);
    return list->sources[list->source_count++];
}

void error_list_add(struct error_list *list, const struct error *error)
{
    if (list->count >= list->limit) {
        list->dropped++;
        return;
    }
    list->at = memory_room(list->at, list->count, &list->room, sizeof *list->at);
    list->at[list->count] = *error;
    list->at[list->count++].place.source = keep_source(list, error->place.source);
}

bool error_list_at(struct error_list *list, const struct error_kind *kind, struct place place,
                   const char *format, ...)
{
    struct error error;
    va_list arguments;
    va_start(arguments, format);
    fill(&error, kind, place, format, arguments);
    va_end(arguments);
    error_list_add(list, &error);
    return false;
}

static int compare_unsigned(unsigned one, unsigned other)
{
    return (one > other) - (one < other);
}

static int compare_places(const struct place *a, const struct place *b)
{
    int order = strcmp(a->source == NULL ? "" : a->source, b->source == NULL ? "" : b->source);
    if (order == 0)
        order = compare_unsigned(a->line, b->line);
    return order == 0 ? compare_unsigned(a->column, b->column) : order;
}

void error_list_sort(struct error_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        struct error error = list->at[i];
        size_t at = i;
        for (; at > 0 && compare_places(&list->at[at - 1].place, &error.place) > 0; at--)
            list->at[at] = list->at[at - 1];
        list->at[at] = error;
    }
}

void error_list_write(struct error_list *list, struct writer *writer)
{
    error_list_sort(list);
    for (size_t i = 0; i < list->count; i++) {
        error_write(&list->at[i], writer);
        writer_char(writer, '\n');
    }
    if (list->dropped > 0)
        writer_format(writer, "and %zu more\n", list->dropped);
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned most = a < b ? a : b;
    return most < c ? most : c;
}

/* Levenshtein distance of two short texts. */
static unsigned distance(struct slice one, struct slice other)
{
    unsigned row[SUGGESTION_SIZE_MAX + 1];
    for (unsigned i = 0; i <= other.size; i++)
        row[i] = i;
    for (size_t i = 0; i < one.size; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < other.size; j++) {
            unsigned above = row[j + 1];
            row[j + 1] = least(above + 1, row[j] + 1, diagonal + (one.at[i] != other.at[j]));
            diagonal = above;
        }
    }
    return row[other.size];
}

const char *error_suggestion(struct slice wrong, const char *const *names, size_t count)
{
    static _Thread_local char text[SUGGESTION_SIZE_MAX + 32];
    unsigned best = (unsigned)(wrong.size / 3 + 1) + 1;
    text[0] = '\0';
    if (wrong.size > SUGGESTION_SIZE_MAX)
        return text;
    for (size_t i = 0; i < count; i++) {
        struct slice name = slice_of(names[i]);
        if (name.size == 0 || name.size > SUGGESTION_SIZE_MAX)
            continue;
        unsigned far = distance(wrong, name);
        if (far >= best)
            continue;
        best = far;
        snprintf(text, sizeof text, " (did you mean %s?)", names[i]);
    }
    return text;
}
