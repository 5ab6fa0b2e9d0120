/* Batches, and what happens when the store cannot write. */
#ifndef PENSTOCK_GATEWAY_ENGINE_STORE_STATE_H
#define PENSTOCK_GATEWAY_ENGINE_STORE_STATE_H

#include "gateway/engine/deadlines.h"
#include "gateway/engine/row.h"

struct engine;
struct incoming;
struct input;

struct store_state {
    size_t gathered_rows_max;
    bool failed; /* a commit failed: nothing is taken until the rebuild */
    bool down;   /* rebuilt, and not one batch committed since */
    bool retry;  /* the next flush may try */
    struct deadline deadline;
};

enum task_kind {
    TASK_ANNOUNCED, /* number */
    TASK_FILED,     /* incoming */
    TASK_TOLD,      /* number of an alert */
};

/* What is to be done when a batch is durable. */
struct task {
    enum task_kind kind;
    uint64_t number;
    struct incoming *incoming;
};

struct task_list {
    struct task *at;
    size_t count, room;
};

/* The batch that gathers, made when there is none. */
struct batch *engine_batch(struct engine *engine);
/* The number to wait for so that all that was recorded so far is durable. */
uint64_t engine_durable(const struct engine *engine);
void engine_record(struct engine *engine, const struct row *row);
/* To be done when what has been recorded so far is durable. */
void engine_after(struct engine *engine, struct task task);
bool engine_open(const struct engine *engine); /* is business taken? */
/* More has gathered than should while the store commits: business waits. */
bool store_pressed(const struct engine *engine);
void store_begin(struct engine *engine);
void store_flush(struct engine *engine);
void store_committed(struct engine *engine, uint64_t batch);
void store_failed(struct engine *engine, const struct input *input);
void store_retry(struct engine *engine);
void state_fini(struct engine *engine);

#endif
