/* What a simulated party remembers over its own end, and what tests read
   afterwards: lines of text that are only added, each

       2025-03-14T09:30:15.105Z WORD REST...

   with REST on one line: SOH stands as '|', and '|', '\' and line ends as \p,
   \\ and \n.  A line is written at once, so that a killed process has lost
   nothing that it had done. */
#ifndef PENSTOCK_GATEWAY_PARTIES_JOURNAL_H
#define PENSTOCK_GATEWAY_PARTIES_JOURNAL_H

#include "codecs/base/arena.h"
#include "codecs/base/error.h"

extern const struct error_kind journal_fault;

struct journal {
    int file; /* -1: nothing is kept */
    struct writer line;
};

typedef void journal_reader(void *owner, struct slice word, struct slice rest);

/* Opens or makes it, and tells every whole line that it holds.  path NULL:
   nothing is kept. */
bool journal_open(struct journal *journal, const char *path, journal_reader *read, void *owner,
                  struct error *error);
void journal_close(struct journal *journal);

void journal_write(struct journal *journal, int64_t utc_ns, const char *word, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));

/* For bytes inside REST. */
struct slice journal_escape(struct slice bytes, struct arena *arena);
struct slice journal_unescape(struct slice text, struct arena *arena);

#endif
