/* Files as they are read, and the record of all of them: what a configuration
   was made of. */
#ifndef PENSTOCK_CONFIG_SOURCE_H
#define PENSTOCK_CONFIG_SOURCE_H

#include "codecs/base/arena.h"
#include "codecs/base/error.h"

enum { SOURCE_SIZE_MAX = 32 << 20 };

struct sources {
    struct arena *arena; /* owns names */
    struct error_list *errors;
    struct writer text;      /* each file: its label, its size, its bytes */
    struct writer variables; /* NAME=VALUE lines of what was taken from the environment */
};

struct source {
    const char *name; /* in sources->arena */
    struct slice bytes;
};

void sources_init(struct sources *sources, struct arena *arena, struct error_list *errors);
void sources_fini(struct sources *sources);

/* Reads the file at path.  label is its name in the record, which does not
   depend on where the gateway was started; asked_at is who named the file
   (no line: nobody, the path is the user's).  Ends with source_free(). */
bool source_read(struct sources *sources, struct slice path, struct slice label,
                 struct place asked_at, struct source *source);
void source_free(struct source *source);

/* A secret of one line, in the arena; absent: the errors say why, without it.  The
   record has nothing of it, not even its digest. */
enum { SECRET_SIZE_MAX = 200 };
struct slice source_secret(struct sources *sources, struct slice path, struct place asked_at);
struct slice variable_secret(struct sources *sources, struct slice name, struct place asked_at);

/* The names in a folder that end so, sorted, in the arena; none is an error. */
bool source_list(struct sources *sources, struct slice folder, const char *ending,
                 struct place asked_at, struct slice **names, size_t *count);

/* The whole record, in the arena.  Of variables it has the digest only: their
   values may be nobody's business. */
struct slice sources_record(struct sources *sources);

#endif
