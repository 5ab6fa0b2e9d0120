/* What the engine asks the store while it runs, and what the store tells at
   start. */
#ifndef PENSTOCK_GATEWAY_ENGINE_QUERY_H
#define PENSTOCK_GATEWAY_ENGINE_QUERY_H

#include "gateway/engine/row.h"

enum query_kind {
    QUERY_MESSAGES_OUT,      /* first..last of a session's generation, at most limit rows */
    QUERY_INSTRUCTION,       /* one instruction by number */
    QUERY_INSTRUCTION_BY_ID, /* by our id, or the asker's id */
    QUERY_BY_REQUEST,        /* instructions by asker (session) and request id, of numbers
                                first..last */
    QUERY_BY_PAYMENT,        /* deposits by asker (session) and UETR, of numbers first..last */
    QUERY_BY_ORDER,          /* instructions by channel (session) and order_instruction, of numbers
                                first..last */
    QUERY_INSTRUCTIONS,      /* a list for an operator: newest first, by state when given */
    QUERY_EVENTS,            /* of one instruction */
    QUERY_LEDGER,            /* of one instruction */
    QUERY_DOCUMENTS,         /* of one instruction */
    QUERY_DOCUMENT,          /* one document by id */
    QUERY_INBOX,             /* one inbox row by channel (session) and id, of numbers first..last */
    QUERY_BALANCES,          /* all, for an operator */
};

struct query {
    enum query_kind kind;
    uint64_t ticket;          /* comes back with the answer */
    struct slice session, id; /* session: or what stands in its place */
    uint64_t generation, first, last, number;
    size_t limit;
    int state; /* enum instruction_state, -1: any */
};

struct answer {
    const struct row *rows;
    size_t count;
};

/* Our own ids (documents, reports) carry the number and need no key.
   Instructions come as LOADED_ROW while they may still change by themselves:
   held, accepted, sent, pending, in doubt.  All others are fetched by
   QUERY_INSTRUCTION when somebody speaks of them.  Keys are told for the numbers
   above all filters, in the order of their numbers; what is older is in the
   filters, or is asked for. */
enum loaded_kind {
    LOADED_ROW,             /* row */
    LOADED_INSTRUCTION_KEY, /* scope = asker, id = request_id -> number */
    LOADED_PAYMENT_KEY,     /* scope = asker, id = UETR of a deposit -> number */
    LOADED_TAKEN_KEY,       /* scope = asker, id = MsgId of a deposit's message -> number */
    LOADED_ORDER_KEY,       /* scope = channel, id = order_instruction -> number: the InstrId by
                               which a bank may name a request */
    LOADED_INBOX_KEY,       /* scope = channel, id -> number */
};

struct loaded {
    enum loaded_kind kind;
    struct row row;
    struct slice scope, id; /* keys: asker or channel; id */
    uint64_t number;
};

/* Old days are moved out of the live store, some rows at a time: instructions
   that have ended, with all that belongs to them, and messages and documents of
   banks.  What is archived is not found any more. */
struct archive_order {
    uint64_t ticket;       /* comes back with the progress */
    int64_t before_utc_ns; /* what was changed last, sent or taken before it */
    uint64_t spared;       /* instructions from this number on stay where they are */
    size_t limit;          /* instructions looked at; of other rows more */
    bool first;            /* begin from the start; else go on */
    bool documents_spared; /* documents without an instruction stay where they are, too */
};

struct archive_progress {
    uint64_t instructions, messages, documents; /* moved; documents of banks */
    bool more;
};

#endif
