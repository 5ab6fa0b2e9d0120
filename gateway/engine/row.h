/* What the engine keeps: typed rows, gathered into batches.  The store commits
   a batch whole or not at all; rows are not SQL, so that another engine can
   take SQLite's place.

   A state row (session, instruction, balance, link, document, filter) stands
   once in a batch, in its last state; history rows are only added. */
#ifndef PENSTOCK_GATEWAY_ENGINE_ROW_H
#define PENSTOCK_GATEWAY_ENGINE_ROW_H

#include "codecs/base/arena.h"
#include "routing/custody/book.h"
#include "routing/custody/instruction.h"

enum row_kind {
    ROW_SESSION,       /* state */
    ROW_MESSAGE_OUT,   /* history: an application message under its number, for resends */
    ROW_MESSAGE_IN,    /* history: an application message as it came */
    ROW_INSTRUCTION,   /* state */
    ROW_EVENT,         /* history: one transition or note of an instruction */
    ROW_LEDGER,        /* history: one movement */
    ROW_BALANCE,       /* state */
    ROW_LINK,          /* state */
    ROW_DOCUMENT,      /* state: a document for a bank, until and after the channel took it */
    ROW_INBOX,         /* history: a document of a bank, for duplicate detection */
    ROW_FILTER,        /* state: the keys of a range of numbers (filter.h) */
    ROW_CONFIGURATION, /* history: an active configuration, by hash */
    ROW_CARRY,         /* no row of its own: messages out go over to the next generation */
    ROW_ALERT,         /* history: an alert, until it is told */
    ROW_TOLD,          /* no row of its own: the log has an alert */
    ROW_KIND_COUNT
};

struct session_row {
    struct slice name;
    uint64_t next_in;    /* every number below it is done with */
    uint64_t next_out;   /* numbers below it may have been used (reserved ahead) */
    uint64_t generation; /* counts resets; numbers are unique within one */
    /* Messages out that no connection has had yet; 0: there are none. */
    uint64_t untold_first, untold_next;
    int64_t followed_ns; /* UTC until which its schedule was followed; 0: it has none */
    bool disabled;       /* by an operator */
};

/* Of this generation those from first to last get the numbers from number on, in
   the next one. */
struct carry_row {
    struct slice session;
    uint64_t generation, first, last, number;
};

struct message_row {
    struct slice session;
    uint64_t generation, number;
    int64_t utc_ns;
    struct slice bytes;
};

struct event_row {
    uint64_t instruction; /* its number */
    unsigned sequence;    /* counts from 1 within the instruction */
    int64_t utc_ns;
    enum instruction_state from, to; /* equal: a note */
    struct slice
        cause;        /* "request", "status", "answer", "deadline", "operator", "channel", "late" */
    struct slice who; /* session, channel or operator */
    struct slice rule, map;
    struct slice text;
};

struct ledger_row {
    uint64_t instruction; /* 0: an import */
    unsigned sequence;    /* of the event that it belongs to; of the line, in an import */
    int64_t utc_ns;
    struct movement movement;
    struct slice who;
};

enum document_state {
    DOCUMENT_WAITING, /* in the outbox */
    DOCUMENT_TAKEN,   /* the channel has it */
};

struct document_row {
    struct slice id; /* BizMsgIdr, and MsgId where the message has one */
    struct slice channel;
    struct slice definition; /* message id, as pacs.008.001.08 */
    uint64_t instruction;    /* 0: none (an admi.002) */
    int64_t utc_ns;
    enum document_state state;
    struct slice bytes;
};

struct inbox_row {
    struct slice channel;
    struct slice id; /* BizMsgIdr or MsgId; the digest in hex when it has none */
    struct digest content;
    uint64_t number; /* ours, from the counter of instructions */
    int64_t utc_ns;
    struct slice definition;
    struct slice verdict; /* "taken", or why it was refused */
    struct slice answer;  /* id of the document that answers it; absent: none */
};

struct filter_row {
    uint64_t first, last;
    struct slice bits;
};

struct configuration_row {
    struct digest digest;
    int64_t utc_ns;
    struct slice text;
};

struct alert_row {
    uint64_t number; /* ours, from the counter of instructions */
    int64_t utc_ns;
    struct slice event; /* the log's name of it */
    struct slice id, who, why;
};

struct told_row {
    uint64_t number; /* of the alert */
};

struct row {
    enum row_kind kind;
    union {
        struct session_row session;
        struct message_row message; /* OUT and IN */
        const struct instruction *instruction;
        struct event_row event;
        struct ledger_row ledger;
        struct balance balance;
        struct link link;
        struct document_row document;
        struct inbox_row inbox;
        struct filter_row filter;
        struct configuration_row configuration;
        struct carry_row carry;
        struct alert_row alert;
        struct told_row told;
    };
};

struct writer;

/* A copy; all that it points to, the instruction too, lives in arena. */
struct row row_copy(const struct row *row, struct arena *arena);

/* Every row has a key, but a ledger row of an import.  A state row replaces the
   one with its key; a history row's key is never used twice.
   session name; message session, generation and number; instruction number;
   event and ledger instruction and sequence; balance account, client and
   currency; link client and account; document id; inbox channel and id;
   first of a filter; configuration digest; carry session and generation; number of an
   alert. */
bool row_is_state(enum row_kind kind);
bool row_has_key(const struct row *row);
bool row_same_key(const struct row *one, const struct row *other);
uint64_t row_key_hash(const struct row *row);
/* Its kind and key, for people; what is a client's stands in quotes. */
void row_write_key(const struct row *row, struct writer *writer);

/* Rows that become durable together.  Owns all that its rows point to.  Batch
   numbers count up and are never used again: a failed one leaves a gap. */
struct batch;

struct batch *batch_new(uint64_t number, uint64_t epoch);
void batch_free(struct batch *batch);
uint64_t batch_number(const struct batch *batch);
uint64_t batch_epoch(const struct batch *batch);
/* Copies the row.  A state row takes the place of an earlier one with the same
   key. */
void batch_add(struct batch *batch, const struct row *row);
size_t batch_count(const struct batch *batch);
/* Bytes that its rows point to. */
size_t batch_size(const struct batch *batch);
const struct row *batch_at(const struct batch *batch, size_t index);

#endif
