/* The files of in/ that are known, from the first sight to the last: which of
   them may be read next, and which are in other hands. */
#ifndef PENSTOCK_GATEWAY_CHANNEL_KNOWN_FILES_H
#define PENSTOCK_GATEWAY_CHANNEL_KNOWN_FILES_H

#include "gateway/channel/spool.h"
#include "routing/custody/table.h"

enum file_state {
    FILE_WATCHED, /* not ready yet */
    FILE_ODD,     /* not a regular file: told once, never touched */
    FILE_READY,   /* may be read */
    FILE_READING,
    FILE_GIVEN,  /* the engine has it */
    FILE_FILING, /* done with, being moved */
    FILE_STUCK,  /* done with, but the move failed: tried again with each scan */
};

struct file {
    struct table_entry by_name;
    struct file *next, *previous; /* of all, in the order in which they were first seen */
    struct file *next_ready;
    char *name;
    struct spool_stamp stamp; /* SPOOL_ANY: it was renamed in and not looked at yet */
    uint64_t still_since_ms;
    uint64_t ready_ms; /* WATCHED: when it has settled */
    unsigned scan;     /* the last one that saw it */
    enum file_state state;
    bool refused;
    struct slice refusal; /* owned; once it is refused */
};

struct known_files {
    struct table by_name;
    struct file *first, *last;
    struct file *first_ready, **ready_end;
    size_t in_flight;  /* READING and GIVEN */
    size_t size_given; /* of those that the engine has, together */
    unsigned scan;    /* counts them */
};

void known_files_init(struct known_files *files);
void known_files_fini(struct known_files *files);

struct file *known_files_find(const struct known_files *files, struct slice name);
/* A new one, WATCHED; there must be none of this name. */
struct file *known_files_add(struct known_files *files, struct slice name,
                             struct spool_stamp stamp);
void known_files_remove(struct known_files *files, struct file *file);
void known_files_set(struct known_files *files, struct file *file, enum file_state state);

/* The one that has been ready longest; NULL: none. */
struct file *known_files_next_ready(const struct known_files *files);

/* A scan begins; what it does not see is forgotten by known_files_forget(), if
   nobody has to do with it. */
void known_files_begin_scan(struct known_files *files);
void known_files_forget(struct known_files *files);
/* Those that have settled are READY; *next_ms: when the next one will have,
   unless it is already sooner. */
void known_files_settle(struct known_files *files, uint64_t now_ms, uint64_t *next_ms);

#endif
