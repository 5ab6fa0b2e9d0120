/* The four folders of a directory channel and what is done in them: blocking
   file operations for a worker thread, without any state but the open folders.

   out/      our documents: written under a dot name, made durable, renamed
   in/       the bank's files
   done/     those that were taken
   refused/  those that were not, each with NAME.reason beside it */
#ifndef PENSTOCK_GATEWAY_CHANNEL_SPOOL_H
#define PENSTOCK_GATEWAY_CHANNEL_SPOOL_H

#include "codecs/base/error.h"

extern const struct error_kind spool_fault;

enum spool_folder {
    SPOOL_OUT = 1,
    SPOOL_IN = 2,
    SPOOL_DONE = 4,
    SPOOL_REFUSED = 8,
};

struct spool {
    char *path;
    unsigned folders;           /* those that are used here */
    int out, in, done, refused; /* their descriptors; -1: not open */
    unsigned openings;          /* counts how often they were opened */
};

/* Makes folders that are not there, durably, and opens those that are to be
   used.  false: *error says which and why not. */
bool spool_open(struct spool *spool, const char *path, unsigned folders, struct error *error);
/* One that is all zero was never opened. */
void spool_close(struct spool *spool);
/* Opens the folders again when they are no longer those at the path (somebody
   moved or removed them). */
bool spool_refresh(struct spool *spool, struct error *error);

/* Writes out/NAME.xml, replacing one of that name, in two steps, so that many
   are on their way to the disk at once: all are begun, then all are ended.
   Only _end() gives it its name, and it is durable only after spool_sync().
   When _begin() succeeds _end() must follow; when one fails nothing is left. */
bool spool_put_begin(const struct spool *spool, struct slice name, struct slice bytes, int *file,
                     struct error *error);
bool spool_put_end(const struct spool *spool, struct slice name, int file, struct error *error);
bool spool_sync(int folder, const char *what, struct error *error);

/* What a file looked like: the same stamp, the same file unchanged. */
struct spool_stamp {
    uint64_t inode;
    int64_t size, changed_ns; /* time of the last change of content */
};

/* The stamp of no file: whatever it looks like. */
#define SPOOL_ANY ((struct spool_stamp){ 0 })

bool spool_stamp_equal(struct spool_stamp one, struct spool_stamp other);
/* Dot files and *.tmp are nobody's business. */
bool spool_ignores(const char *name);

struct spool_entry {
    char *name;
    struct spool_stamp stamp;
    int64_t untouched_ms; /* so long ago the file was last changed, renamed or linked, by the
                             clock of this machine; below zero: another machine's clock is ahead */
    bool regular;
};

struct spool_listing {
    struct spool_entry *at; /* ordered by name, without those that are ignored */
    size_t count, room;
};

bool spool_list(const struct spool *spool, struct spool_listing *listing, struct error *error);
void spool_listing_fini(struct spool_listing *listing);

enum spool_verdict {
    SPOOL_WHOLE,   /* read, and it did not change meanwhile */
    SPOOL_CHANGED, /* it is not what the stamp says, or it has gone */
    SPOOL_TOO_LARGE,
    SPOOL_FAULT, /* *error says why */
};

/* SPOOL_ANY is filled in with what the file looks like. */
enum spool_verdict spool_read(const struct spool *spool, const char *name,
                              struct spool_stamp *stamp, size_t size_max, struct writer *bytes,
                              struct error *error);

/* Does the text end where its root element ends?  false: it is cut short, or
   something stands behind the root. */
bool spool_looks_whole(struct slice bytes);

/* Moves in/NAME to done/, or to refused/ when there is a refusal.  Never
   overwrites: NAME, NAME.1, NAME.2 and so on.  A file that is not what the
   stamp says any more is left for the next scan.  Durable only after
   spool_sync_filed(). */
bool spool_file(const struct spool *spool, const char *name, struct spool_stamp stamp,
                struct slice refusal, struct error *error);
bool spool_sync_filed(const struct spool *spool, bool any_done, bool any_refused,
                      struct error *error);

#endif
