/* The disk between the gateway and one bank, with the folders of a directory
   channel: what is written there in which order, and what a crash leaves of it.
   The steps are those of gateway/channel: one job after the other takes all that
   waits; each document is written under a hidden name, synced and renamed, each
   file of the bank is moved aside; then the folders are synced, once for all;
   only then the engine is told. */
#ifndef PENSTOCK_TESTS_SIM_DISK_H
#define PENSTOCK_TESTS_SIM_DISK_H

#include "codecs/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct world;

enum disk_task_kind {
    DISK_PUT,  /* a document of ours into out/ */
    DISK_FILE, /* a file of the bank from in/ into done/ or refused/ */
};

enum disk_task_state {
    DISK_WAITS,
    DISK_WRITTEN, /* PUT: under a hidden name */
    DISK_SYNCED,  /* PUT: and its bytes are durable */
    DISK_DONE,    /* renamed; durable with the next sync of the folder */
    DISK_FAILED,
};

struct disk_task {
    enum disk_task_kind kind;
    enum disk_task_state state;
    struct slice name, bytes; /* owned; bytes: PUT */
};

/* A document in out/, where the bank can see it. */
struct disk_document {
    struct slice name, bytes; /* owned */
    bool durable;             /* the folder was synced since */
};

enum disk_phase {
    DISK_WORKS, /* on the tasks of the job */
    DISK_SYNCS, /* the folders */
    DISK_TELLS, /* the engine */
};

struct disk {
    struct world *world;
    unsigned index; /* of its bank */
    struct disk_task *tasks;
    size_t task_count, task_room;
    size_t job; /* the first tasks are the job under way */
    enum disk_phase phase;
    struct disk_document *out;
    size_t out_count, out_room;
    unsigned still_until; /* nothing happens before this step of the world */
};

void disk_init(struct disk *disk, struct world *world, unsigned index);
void disk_fini(struct disk *disk);
/* What the engine wants done. */
void disk_put(struct disk *disk, struct slice name, struct slice bytes);
void disk_file(struct disk *disk, struct slice name);
/* The next operation. */
void disk_step(struct disk *disk);
/* The bank takes one that it sees, if there is one. */
void disk_collect(struct disk *disk);
/* The gateway's process has ended; power_lost: what was not synced may be gone. */
void disk_crash(struct disk *disk, bool power_lost);
bool disk_is_quiet(const struct disk *disk);
/* Does the bank still have to take it? */
bool disk_shows(const struct disk *disk, struct slice name);

#endif
