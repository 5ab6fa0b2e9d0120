/* The engine: sessions, routing, custody and outbox as one deterministic
   machine, without socket, file, clock or randomness of its own.

   It is fed with inputs and drained of effects.  Whatever depends on a batch is
   held back inside until that batch is committed, and then leaves in order; so
   nothing is seen outside before it is durable.  The same inputs give the same
   effects: the simulator, a replay and production run the very same code. */
#ifndef PENSTOCK_GATEWAY_ENGINE_ENGINE_H
#define PENSTOCK_GATEWAY_ENGINE_ENGINE_H

#include "codecs/base/moment.h"
#include "config/config.h"
#include "gateway/engine/log_event.h"
#include "gateway/engine/query.h"

typedef uint64_t link_id;    /* a connection, for as long as it lasts; never reused */
typedef uint64_t command_id; /* an operator's command */

enum input_kind {
    INPUT_LINK_OPENED,  /* a broker has connected: link, text = peer address, port, secure,
                           names of its certificate; name: the session that we have dialled it
                           for, absent: it has connected to us */
    INPUT_NOT_DIALLED,  /* name of a session, text: why there is no connection */
    INPUT_LINK_BYTES,   /* link, bytes */
    INPUT_LINK_CLOSED,  /* link; text: why, absent when nobody knows */
    INPUT_LINK_FULL,    /* link: much of what was written still waits for its peer */
    INPUT_LINK_DRAINED, /* link: most of it has been taken */
    INPUT_DOCUMENT,     /* channel, name, bytes: whole, from a bank; each is answered by one
                           EFFECT_FILED, and a channel gives few before they are */
    INPUT_TOOK,         /* channel, name = document id: the channel has it durably */
    INPUT_NOT_TOOK,     /* channel, name, text: it could not; the engine offers it again later */
    INPUT_TICK,
    INPUT_COMMITTED,     /* batch */
    INPUT_COMMIT_FAILED, /* batch, text: the state must be rebuilt (engine_rebuild) */
    INPUT_ANSWER,        /* ticket, answer; NULL: the store could not read (text says why), and
                            is asked again: nothing known is not the same as nothing found */
    INPUT_ARCHIVED,      /* ticket, archived; text: why it could not be, absent when it was */
    INPUT_COMMAND,       /* command, words, who */
    INPUT_CONFIGURATION, /* configuration, one that engine_accepts(): taken between two inputs,
                            never half */
    INPUT_DRAIN,         /* SIGTERM: log out, let what is held back leave, then EFFECT_STOPPED */
};

struct input {
    enum input_kind kind;
    link_id link;
    unsigned port;
    bool secure;        /* over TLS */
    struct slice names; /* one a line: "CN=...", "DNS:...", "SHA256:..."; empty: it showed none */
    struct slice channel, name, bytes, text;
    uint64_t batch, ticket;
    const struct answer *answer;
    struct archive_progress archived;
    command_id command;
    const struct slice
        *words; /* as the operator wrote them: "approve", "ID", "--evidence", "..." */
    size_t word_count;
    struct slice who;             /* the operator, as the socket's peer */
    struct config *configuration; /* the engine owns it from then on */
};

enum effect_kind {
    EFFECT_WRITE, /* bytes to link */
    EFFECT_CLOSE, /* link, once what was written is sent */
    EFFECT_DIAL,  /* name of a session; attempt: which of its addresses is next.  Answered by
                     INPUT_LINK_OPENED or INPUT_NOT_DIALLED */
    EFFECT_PAUSE, /* stop reading from link */
    EFFECT_RESUME,
    EFFECT_COMMIT,  /* batch: the taker owns it */
    EFFECT_READ,    /* query */
    EFFECT_ARCHIVE, /* archive, name = file: behind all commits and reads before it */
    EFFECT_SEND,    /* channel, name = document id, bytes */
    EFFECT_FILED,   /* channel, name of a document that came in: done with; text: why it was
                       refused, absent when it was not */
    EFFECT_LOG,     /* log_event */
    EFFECT_REPLY,   /* command, bytes (text or JSON), status = exit code */
    EFFECT_STOPPED, /* the drain is complete */
};

struct effect {
    enum effect_kind kind;
    link_id link;
    struct slice channel, name, bytes, text;
    struct batch *batch;
    const struct query *query;
    struct archive_order archive;
    const struct log_event *log_event;
    command_id command;
    int status;
    unsigned attempt; /* 0: the first one since the start */
};

struct engine;

struct engine_start {
    struct config *configuration; /* the engine owns it from then on */
    struct slice identity;        /* store identity, part of every id */
    uint64_t epoch, last_batch, last_number;
    size_t seal_count;        /* ids that are kept exactly before they go into a filter; 0: as many
                                 as production keeps */
    size_t gathered_rows_max; /* rows that wait for the store before business does; 0: as many as
                                 in production */
    unsigned char seed[32];   /* randomness for UETRs */
    struct moment now;
};

/* Load it (engine_load) with all that the store tells, then engine_begin(). */
struct engine *engine_new(const struct engine_start *start);
void engine_free(struct engine *engine);
void engine_load(struct engine *engine, const struct loaded *loaded);
void engine_begin(struct engine *engine, struct moment now);

/* May it run with this configuration?  Not when sessions or channels are gone
   that open instructions need: nobody could be told how they end.  Ask when all
   is loaded and before engine_begin(), and before INPUT_CONFIGURATION. */
bool engine_accepts(const struct engine *engine, const struct config *config, struct error *error);
extern const struct error_kind configuration_lacks;

/* At once after INPUT_COMMIT_FAILED: forgets all state since the last committed
   batch.  Load it again from the store, then engine_begin(); when the store cannot
   be read, again and again with another engine_rebuild() before.  Until it has
   begun it takes links and ticks, and nothing else.  Links live on: their
   sessions get a Logout that says why, and so does who logs on meanwhile.  Documents that were
   given and not yet filed are kept inside and done again; commands get their reply. */
void engine_rebuild(struct engine *engine, struct moment now);

void engine_take(struct engine *engine, const struct input *input, struct moment now);

/* Call at the end of each loop turn: starts a commit when there is something to
   commit and none is under way (group commit).  What had to wait because too
   much had gathered goes on then. */
void engine_flush(struct engine *engine, struct moment now);

/* The next effect, in order; false: none now.  What it points to stays good
   until the next call on the engine. */
bool engine_next(struct engine *engine, struct effect *effect);

/* INPUT_TICK is wanted at this steady time, or before. */
int64_t engine_deadline_ns(const struct engine *engine);

#endif
