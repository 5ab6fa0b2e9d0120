/* The insides of the directory channel, shared by its files. */
#ifndef PENSTOCK_GATEWAY_CHANNEL_CHANNEL_DIRECTORY_PARTS_H
#define PENSTOCK_GATEWAY_CHANNEL_CHANNEL_DIRECTORY_PARTS_H

#include "gateway/channel/channel.h"
#include "gateway/channel/folder_watch.h"
#include "gateway/channel/known_files.h"
#include "gateway/channel/lane.h"

struct directory {
    struct channel channel;
    unsigned settle_time_ms, scan_interval_ms;
    size_t document_size_max;
    uv_loop_t *loop;
    bool closing;
    unsigned open_handles;

    struct lane puts; /* to out/, in the order of their coming */

    /* from in/ */
    struct lane reads;   /* also lists in/ */
    struct lane filings; /* to done/ and refused/ */
    struct known_files files;
    struct folder_watch watch;
    uv_timer_t timer;        /* the next scan */
    uv_timer_t filing_timer; /* the next filings */
    bool watched;
    unsigned openings; /* of the folder that is watched */
    bool scan_wanted;
    bool scan, listed; /* of the group that is being read */
    size_t size_max;   /* as well: the limit that holds for it */
    struct spool_listing listing;
};

/* --- channel_directory.c --- */

void directory_tell_fault(struct directory *directory, const char *name, const struct error *error);
/* What happened to the folders in a lane's group. */
void directory_tell_folders(struct directory *directory, struct lane *lane);
void directory_free_when_done(struct directory *directory);

/* --- channel_directory_in.c --- */

bool directory_open_in(struct directory *directory, const char *path, struct error *error);
/* The timer and the watch: from now on files are taken. */
void directory_start_in(struct directory *directory);
void directory_filed(struct channel *channel, struct slice name, struct slice refusal);

#endif
