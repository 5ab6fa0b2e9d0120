/* Has seen every batch that came into the store and every alert that left, and
   judges what each of them changes: so a step costs what it did, not what there
   is.  checkers.c goes over the whole store now and then. */
#ifndef PENSTOCK_TESTS_SIM_WITNESS_H
#define PENSTOCK_TESTS_SIM_WITNESS_H

#include "gateway/engine/engine.h"
#include "routing/custody/table.h"

struct world;

struct witness_session {
    struct slice name;
    struct session_row row;
    uint64_t came_in; /* all messages below it are known to have come in */
};

/* What an account's ledger lines add up to, and what the states of its
   instructions say that they must. */
struct witness_account {
    struct slice client;
    int64_t ledger[LEDGER_SIDE_COUNT], states[LEDGER_SIDE_COUNT];
    struct balance balance;
};

struct witness_instruction {
    struct table_entry by_number;
    uint64_t number;
    enum flow flow;
    struct slice client;
    int64_t amount_minor;
    enum instruction_state state; /* as its row says */
    unsigned row_events;
    enum instruction_state told; /* as its events say */
    unsigned events, been;       /* a bit for each state that it was in */
    bool alerted;                /* since it was last in doubt */
    int64_t expected_ns;         /* since when an answer is expected, by the steady clock */
};

struct witness_list {
    void **at;
    size_t count, room;
};

struct witness {
    struct arena arena;
    struct witness_list sessions, accounts;
    struct table instructions, documents, inbox;
};

void witness_init(struct witness *witness);
void witness_fini(struct witness *witness);

/* The batch is in the store. */
void witness_batch(struct world *world, const struct batch *batch);
void witness_log(struct world *world, const struct log_event *event);
/* Is a document with this content in the inbox of the channel? */
bool witness_inbox(const struct witness *witness, struct slice channel, struct slice bytes);
const struct witness_instruction *witness_find(const struct witness *witness, uint64_t number);

#endif
