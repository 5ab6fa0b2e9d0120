/* An error has a kind, a place and a detail.

   A kind is a constant, compared by address: its name stays the same for ever,
   its text says what was wrong.  `false` travels up; the filled-in error says
   why.  It prints as

       penstock.yaml:14:7: unknown key: hartbeat (did you mean heartbeat?)  */
#ifndef PENSTOCK_CODECS_BASE_ERROR_H
#define PENSTOCK_CODECS_BASE_ERROR_H

#include "codecs/base/slice.h"
#include "codecs/base/writer.h"

struct error_kind {
    const char *name; /* as "config.unknown-key" */
    const char *text;
};

/* line and column count from 1, columns in bytes (of XML in characters);
   0: not known. */
struct place {
    const char *source; /* a file's name; lives as long as the error */
    unsigned line, column;
    size_t offset;
};

#define PLACE_NONE ((struct place){ NULL, 0, 0, 0 })

struct error {
    const struct error_kind *kind; /* NULL: no error */
    struct place place;
    const char *rule; /* that a document breaks, by its name; NULL: none */
    char detail[240]; /* one line; cut with "..." when longer, never inside a UTF-8 character */
};

/* Of a function that is for what hardly ever happens: it stays out of the way of what
   is done all the time. */
#define RARE __attribute__((cold, noinline))
/* Of one that is done often, but less often than what calls it. */
#define APART __attribute__((noinline))

/* Fills in *error and returns false, so that failing is one line:

       return error_at(error, &config_unknown_key, place, "%.*s", SLICE_ARG(key)); */
bool error_at(struct error *error, const struct error_kind *kind, struct place place,
              const char *format, ...) __attribute__((cold, format(printf, 4, 5)));

/* "source:line:column: text: detail", without what is not known; with a rule, whose
   detail is the whole of what is told, "source:line:column: detail (rule NAME)". */
void error_write(const struct error *error, struct writer *writer);

/* All errors of one run, up to a limit; those over it are only counted.  The
   list keeps copies of its places' sources: they may end before it does. */
struct error_list {
    struct error *at;
    size_t count, room;
    size_t limit;
    size_t dropped;
    char **sources;
    size_t source_count, source_room;
};

void error_list_init(struct error_list *list, size_t limit);
void error_list_fini(struct error_list *list);
void error_list_add(struct error_list *list, const struct error *error);
/* As error_at(), into the list; returns false. */
bool error_list_at(struct error_list *list, const struct error_kind *kind, struct place place,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));
/* By source, line and column; what is at one place stays in order. */
void error_list_sort(struct error_list *list);
/* Each error on a line of its own, sorted. */
void error_list_write(struct error_list *list, struct writer *writer);

/* " (did you mean NAME?)" when one of the names is close to wrong, else "".
   The text stays good until the next call on this thread. */
const char *error_suggestion(struct slice wrong, const char *const *names, size_t count);

#endif
