/* Work of one kind on a worker thread, one group of tasks after the other: what
   is asked for while a group is being done makes up the next one, so that
   groups grow with the traffic and nobody waits for company. */
#ifndef PENSTOCK_GATEWAY_CHANNEL_LANE_H
#define PENSTOCK_GATEWAY_CHANNEL_LANE_H

#include <uv.h>

#include "codecs/base/error.h"
#include "codecs/base/writer.h"
#include "gateway/channel/spool.h"

struct task {
    struct task *next;
    char *name;
    struct writer bytes;      /* what is to be written, or what was read */
    struct spool_stamp stamp; /* of a file in in/ */
    int file;                 /* being written; -1: none */
    bool refused, done;
    enum spool_verdict verdict;
    struct error error; /* when it is not done */
};

struct task_list {
    struct task *first, **end;
    size_t count;
};

struct lane {
    uv_loop_t *loop;
    uv_work_t request;
    struct spool spool; /* folders of its own: no other thread opens them again */
    size_t group_max;
    void (*work)(struct lane *lane);     /* on the worker thread: does all of group */
    void (*finished)(struct lane *lane); /* on the loop: looks at the group, which goes then */
    void (*next)(struct lane *lane);     /* on the loop: it is free again; may end it */
    void *owner;
    struct task_list waiting, group;
    bool working;         /* group, spool and error are the worker's */
    struct error error;   /* what is wrong with the folders */
    char last_fault[240]; /* the owner's, so that it is told once */
};

/* Makes the folders of the lane; false: *error says why not. */
bool lane_open(struct lane *lane, uv_loop_t *loop, const char *path, unsigned folders,
               struct error *error);
/* Only when it is not working. */
void lane_close(struct lane *lane);

/* The task waits until lane_start(). */
struct task *lane_add(struct lane *lane, struct slice name);
/* Does the next group, when there is something to do and it is not at work. */
void lane_start(struct lane *lane);
/* Does a group even when it is empty; only when it is not at work. */
void lane_run(struct lane *lane);

#endif
