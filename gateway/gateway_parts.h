/* The insides of the gateway, shared by its files. */
#ifndef PENSTOCK_GATEWAY_GATEWAY_PARTS_H
#define PENSTOCK_GATEWAY_GATEWAY_PARTS_H

#include <uv.h>

#include "gateway/channel/channel.h"
#include "gateway/engine/engine.h"
#include "gateway/gateway.h"
#include "gateway/net/door.h"
#include "gateway/ops/admin.h"
#include "gateway/ops/log.h"
#include "gateway/store/committer.h"

#define SIGNAL_COUNT 3
#define FOLDER_MODE  0750 /* of what stands around the store and the socket */

/* gateway_doors.c: where brokers connect. */
struct gateway_door {
    struct gateway *gateway;
    struct listener *listener; /* NULL: not open yet */
    struct door *door;
};

/* gateway_reload.c: files that are being read again. */
struct reload {
    struct gateway *gateway;
    const char *path;
    bool running, again; /* while it ran it was wanted once more */
    uv_work_t work;
    struct config *config; /* NULL: errors say why */
    struct error_list errors;
};

struct gateway {
    const struct config *config; /* the engine's newest */
    uv_loop_t loop;
    uv_prepare_t prepare; /* the end of each loop turn */
    uv_timer_t timer;     /* the engine's deadline */
    uv_async_t results;   /* the committer has some */
    uv_signal_t signals[SIGNAL_COUNT];
    struct moment now;
    bool now_is_read; /* in this loop turn */
    struct log log;
    struct committer *committer;
    struct engine *engine;
    struct channel **channels;  /* NULL behind the last */
    struct gateway_door *doors; /* for brokers */
    size_t door_count;
    struct gateway_door outward; /* to brokers */
    struct dial *dials;          /* gateway_dial.c */
    struct admin *admin;
    bool draining, closing;
    int64_t refused_ns; /* when a refused connection was last logged */
    uint64_t log_told;  /* size of the store's log that was last told; 0: it is short */
    struct writer *why; /* it could not start, or had to end; empty: all is well */

    struct reload reload;

    /* gateway_wait.c: after a failure the store cannot even be read */
    bool waiting;
    uv_timer_t retry;
    struct held_input *held, **held_end;
};

/* The time of this loop turn. */
struct moment gateway_now(struct gateway *gateway);
/* Notes why it cannot start or go on; returns false. */
bool gateway_fail(struct gateway *gateway, const struct error *error);
void gateway_close(struct gateway *gateway);

/* --- gateway_drive.c: inputs to the engine, effects out of it --- */

void gateway_take(struct gateway *gateway, const struct input *input);
/* Carries out what the engine wants. */
void gateway_perform(struct gateway *gateway);
/* At the end of a loop turn: lets a commit start and sets the timer. */
void gateway_turn(struct gateway *gateway);
void gateway_log(struct gateway *gateway, const struct log_event_kind *kind,
                 const struct log_pair *pairs, unsigned count);

extern const struct channel_events gateway_channel_events;
extern const struct admin_events gateway_admin_events;

/* --- gateway_doors.c: the listeners for brokers --- */

/* One for each listener of the configuration.  NULL: *error says which files are at
   fault. */
struct door **doors_new(const struct config *config, struct error *error);
void doors_free(struct door **doors, size_t count);

bool gateway_open_doors(struct gateway *gateway);
/* config takes the place of the gateway's; doors are its, and owned from here on. */
void gateway_change_doors(struct gateway *gateway, const struct config *config,
                          struct door **doors);
void gateway_stop_doors(struct gateway *gateway);
void gateway_close_doors(struct gateway *gateway);
void gateway_forget_doors(struct gateway *gateway);
/* "127.0.0.1:9880,127.0.0.1:9881" */
void gateway_write_addresses(const struct gateway *gateway, struct writer *writer);
/* Whose link it is, and its number there. */
struct listener *gateway_listener_of(const struct gateway *gateway, link_id link, uint64_t *id);

/* --- gateway_dial.c: connections to brokers that we begin --- */

#define GATEWAY_NAME_SIZE 64

void gateway_dial(struct gateway *gateway, const struct effect *effect);
/* It stands: the name of its session.  Absent: nobody waits for it. */
struct slice gateway_dialled(struct gateway *gateway, uint64_t id, char name[GATEWAY_NAME_SIZE]);
/* It has ended.  false: it stood before. */
bool gateway_dial_failed(struct gateway *gateway, uint64_t id, const char *why);
void gateway_stop_dials(struct gateway *gateway);

/* --- gateway_store.c: the store, and the engine that is made from it --- */

/* Owns the configuration, whether it succeeds or not. */
bool gateway_store_open(struct gateway *gateway, struct config *configuration);
void gateway_take_results(uv_async_t *results);
/* Makes the engine again from what the store holds, now or when it can be read. */
void gateway_load_again(struct gateway *gateway);

/* --- gateway_wait.c: a store that cannot even be read, and what comes meanwhile --- */

void gateway_wait(struct gateway *gateway, struct slice why);
/* An input while waiting: kept until the engine can take it, or answered. */
void gateway_hold(struct gateway *gateway, const struct input *input);
/* The engine has begun again: it gets what was kept. */
void gateway_resume(struct gateway *gateway);
void gateway_forget_held(struct gateway *gateway);

/* --- gateway_reload.c --- */

/* Reads the configuration again, and takes it when all of it is good. */
void gateway_reload(struct gateway *gateway);

#endif
