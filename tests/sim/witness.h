/* Has seen every batch that came into the store, every row that left it for the
   archive and every alert, and judges what each of them changes: so a step costs
   what it did, not what there is.  checkers.c goes over the whole store now and
   then. */
#ifndef PENSTOCK_TESTS_SIM_WITNESS_H
#define PENSTOCK_TESTS_SIM_WITNESS_H

#include "gateway/engine/engine.h"
#include "routing/custody/table.h"

struct world;

struct witness_session {
    struct slice name;
    struct session_row row;
    uint64_t came_in; /* all messages below it are known to have come in */
    struct witness_wire {
        unsigned logons;
        bool connected;
    } wire, wire_then,
        wire_before_row; /* now, when the last batch came, before that with the row */
};

/* What an account's ledger lines add up to, and what the states of its
   instructions say that they must. */
struct witness_account {
    struct slice client;
    int64_t ledger[LEDGER_SIDE_COUNT], states[LEDGER_SIDE_COUNT];
    struct balance balance;
};

/* What its broker answered, as far as it was still known. */
struct witness_answers {
    char first; /* '1' or '2'; '\0': none of them */
    bool yes, no;
};

/* When something happened is counted in batches and turns of archiving. */
struct witness_instruction {
    struct table_entry by_number;
    uint64_t number;
    enum flow flow;
    const struct witness_instruction *earlier; /* that was asked for under its name */
    unsigned came, ordered, left;              /* ordered, left 0: not yet */
    struct slice client, session, order_instruction;
    struct slice bank_message; /* MsgId of what a bank began */
    int64_t amount_minor;
    enum instruction_state state; /* as its row says */
    unsigned row_events;
    enum instruction_state told; /* as its events say */
    unsigned events, been;       /* a bit for each state that it was in */
    struct slice cause;          /* of its last step */
    struct witness_answers answers;
    bool may_stay;                        /* though it was copied: archive_checker.c */
    struct slice asked;                   /* amount of the request, as it was written */
    unsigned clashes_asked, clashes_told; /* asking_checker.c */
    bool clashes_unclear;
    bool alerted;        /* since it was last in doubt */
    int64_t expected_ns; /* since when an answer is expected, by the steady clock */
};

struct witness_list {
    void **at;
    size_t count, room;
};

/* A document of a bank that came into the store. */
struct witness_filed {
    struct table_entry by_content;
    struct slice channel, id;
    struct digest content;
    unsigned when;
};

struct witness {
    struct arena arena;
    struct witness_list sessions, accounts, filed, all; /* all instructions */
    struct table instructions, documents, inbox, names;
    unsigned now;                    /* batches and turns of archiving */
    size_t rows[ROW_KIND_COUNT];     /* that came */
    size_t archived[ROW_KIND_COUNT]; /* that were looked at in the archive */
    struct witness_list rejections;  /* rejection_checker.c */
    struct witness_list copied;      /* instructions that have not left yet */
    bool torn;                       /* more than those may be in both places */
};

void witness_list_add(struct witness_list *list, void *one);

void witness_init(struct witness *witness);
void witness_fini(struct witness *witness);

/* The batch is in the store. */
void witness_batch(struct world *world, const struct batch *batch);
void witness_log(struct world *world, const struct log_event *event);
/* Is a document with this content in the inbox of the channel? */
bool witness_inbox(const struct witness *witness, struct slice channel, struct slice bytes);
struct witness_instruction *witness_find(const struct witness *witness, uint64_t number);
/* --- witness_names.c --- */

/* A new instruction has its name. */
void witness_name(struct world *world, const struct instruction *row,
                  struct witness_instruction *instruction);
/* The newest one that this was asked for; all ids of a transfer are one.  NULL:
   there is none. */
struct witness_instruction *witness_named(const struct witness *witness, struct slice asker,
                                          struct slice id);
/* T-north-7-2 is the transfer T-north-7. */
struct slice witness_transfer(struct slice id);
/* Our ids have the number behind the second dash; 0: it is none of ours. */
uint64_t witness_number(struct slice id);

#endif
