/* The local socket through which operators speak to a running gateway: one
   command per connection.  Who speaks is told by the system (the peer's
   credentials), not by the peer. */
#ifndef PENSTOCK_GATEWAY_OPS_ADMIN_H
#define PENSTOCK_GATEWAY_OPS_ADMIN_H

#include <uv.h>

#include "codecs/base/error.h"

struct admin;

struct admin_events {
    /* Answer it with admin_answer(), now or later.  What is lent is good until
       the call returns. */
    void (*command)(void *owner, uint64_t id, const struct slice *words, size_t count,
                    struct slice who);
};

/* A socket at path that only its owner may use.  NULL: *error says why. */
struct admin *admin_open(uv_loop_t *loop, const char *path, const struct admin_events *events,
                         void *owner, struct error *error);
/* Memory is given back when the loop has run once more. */
void admin_close(struct admin *admin);

/* status is the exit code for the command line.  Without effect when the
   operator has gone. */
void admin_answer(struct admin *admin, uint64_t id, int status, struct slice bytes);

/* The other end: sends the words and waits for the answer.  false: *error says
   why there is none. */
bool admin_ask(const char *path, const struct slice *words, size_t count, int *status,
               struct writer *answer, struct error *error);

extern const struct error_kind admin_unreachable, admin_cut_short;

#endif
