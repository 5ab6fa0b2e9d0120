/* A broker's connection, before and after its Logon, and what it has to show first;
   for the engine's files only. */
#ifndef PENSTOCK_GATEWAY_ENGINE_WIRE_H
#define PENSTOCK_GATEWAY_ENGINE_WIRE_H

#include "gateway/engine/machine.h"

struct wire {
    struct table_entry by_link;
    link_id link;
    struct slice peer;
    unsigned port;
    struct slice names; /* of its certificate */
    struct writer received;
    struct broker_session *session; /* NULL: no Logon yet */
    struct deadline deadline;
    uint64_t batch; /* what was written last waits for this one */
    bool nameless, paused, closed;
    bool waits;   /* for the place of another connection, which may be at its end */
    bool dialled; /* by us */
    bool secure;  /* over TLS */
    bool full;    /* its peer does not take what is written as fast as it comes */
    struct wire *next_closed;
};

void wire_opened(struct engine *engine, const struct input *input);
void wire_bytes(struct engine *engine, const struct input *input);
void wire_closed(struct engine *engine, const struct input *input);
void wire_full(struct engine *engine, const struct input *input);
void wire_drained(struct engine *engine, const struct input *input);
/* Lets those in that wait for a place that has become free; true: it has tried. */
bool wires_try_again(struct engine *engine);
/* Never before what was written earlier. */
void wire_write(struct engine *engine, struct wire *wire, struct slice bytes, uint64_t batch);
void wire_close(struct engine *engine, struct wire *wire);
void wire_feed(struct engine *engine, struct wire *wire);
/* Its Logon has come. */
void wire_named(struct engine *engine, struct wire *wire);
void wires_close_nameless(struct engine *engine);
void wires_sweep(struct engine *engine);
void wires_fini(struct engine *engine);

/* --- wire_logon.c: which session one belongs to --- */

/* false: there is no whole Logon yet, or nothing more will come of it. */
bool wire_find_logon(struct engine *engine, struct wire *wire);
/* It has waited for its Logon, or for a place, as long as it may. */
void wire_late(struct engine *engine, struct wire *wire);
/* Somebody who has not shown what the session wants is not told anything. */
void wire_refuse(struct engine *engine, struct wire *wire, struct slice session,
                 struct slice fault);
/* Too many Logons of it have failed. */
bool wire_throttled(const struct engine *engine, enum throttle_kind kind, struct slice name);

/* A Logout outside any session machine. */
struct wire_logout {
    struct broker_session *session; /* NULL: it is nobody's */
    const struct fix_fault *fault;  /* why */
    struct slice text;              /* absent: the fault's */
    uint64_t number, batch;         /* batch: of the number; 0: it is ours already */
};

/* names are those of the peer's Logon. */
void wire_write_logout(struct engine *engine, struct wire *wire,
                       const struct fix_logon_names *names, const struct wire_logout *logout);

/* --- identity.c: whose Logon it is --- */

/* What the session whose ids the Logon has is to be like: one of the file, most of
   whose ids it has, else one by a template, which lives in the scratch arena; NULL: it
   is nobody's. */
const struct config_session *identity_find(struct engine *engine,
                                           const struct fix_logon_names *names);
/* Its template has not as many sessions as it may. */
bool identity_has_room(const struct engine *engine, const struct config_session *session);

/* --- credentials.c: what a broker has to show before its Logon counts --- */

/* Has its certificate the name that the session wants? */
bool credentials_certified(const struct wire *wire, const struct config_session *session);
/* Why the Logon does not count; absent: it does.  guessed: its name or password is wrong. */
struct slice credentials_fault(const struct wire *wire, const struct config_session *session,
                               const struct fix_logon_names *names, bool *guessed);

#endif
