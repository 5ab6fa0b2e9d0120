/* An engine with the memory store and everything around it played by the test:
   clock, links, banks, operators. */
#ifndef PENSTOCK_TESTS_KIT_ENGINE_HARNESS_H
#define PENSTOCK_TESTS_KIT_ENGINE_HARNESS_H

#include "kit/bank_text.h"
#include "kit/kit.h"

#include "gateway/engine/engine.h"
#include "gateway/store/store_memory.h"

#define HARNESS_LINKS_MAX 8

struct harness_link {
    struct writer heard; /* what was written to it and not yet looked at */
    const char *comp_id; /* of the broker */
    const char *names;   /* of its certificate; NULL: it shows none */
    uint64_t next_out;   /* the broker's next MsgSeqNum */
    bool open, paused;
};

struct harness_document {
    struct slice channel, name, bytes, text; /* text: why it was refused */
};

struct harness_documents {
    struct harness_document at[8192];
    size_t count, seen;
};

struct harness {
    struct store *store;
    struct engine *engine;
    struct moment now;
    const char *config;
    size_t seal_count;  /* ids that go into one filter, from the next start on; 0: many */
    struct arena arena; /* keeps what was sent and filed */
    bool hold_commits, hold_answers; /* as if the store were slow */
    bool bank_asleep;                /* documents are not taken */
    struct batch *held;
    struct query reads[64];
    size_t read_count;
    struct harness_link links[HARNESS_LINKS_MAX];
    struct harness_documents sent, filed;
    struct writer log;   /* "name key=value key=value" */
    struct writer reply; /* the last one */
    int status;          /* -1: no reply yet */
    uint64_t commands, documents;
    unsigned dial_count, dial_attempt; /* how often the engine wished to dial, and its last wish */
    bool stopped;
};

/* A new store with links and opening balances: C-1 has 1000.00 EUR and C-2 has
   500000.00 EUR, both at north for alpha; C-3 has 70.00 EUR at south for beta. */
void harness_open(struct harness *harness);
/* harness_open, and BRKALPHA has logged on over link 1. */
void harness_open_logged_on(struct harness *harness);
/* harness_open; so many ids go into one filter. */
void harness_open_sealing(struct harness *harness, size_t seal_count);
/* A new store with nothing in it, under another configuration of tests/kit/engine. */
void harness_open_with(struct harness *harness, const char *config);
void harness_close(struct harness *harness);
/* Fails the test when it does not load. */
struct config *harness_config(const char *name);

/* Performs effects until there are none. */
void harness_run(struct harness *harness);
/* Tells the engine what the store holds, and it begins. */
void harness_load(struct harness *harness);
/* Lets time pass, with ticks as the engine wants them. */
void harness_pass(struct harness *harness, unsigned seconds);
/* The held commit or answers come. */
void harness_commit(struct harness *harness);
void harness_answer(struct harness *harness);
/* The process dies and starts again; links are gone. */
void harness_restart(struct harness *harness);

/* --- brokers --- */

/* Connects and logs on; next_out is the MsgSeqNum of the Logon. */
void harness_logon(struct harness *harness, unsigned link, const char *comp_id, uint64_t next_out);
void harness_connect(struct harness *harness, unsigned link);
void harness_hang_up(struct harness *harness, unsigned link);
/* What the engine wished to dial stands, or does not. */
void harness_dialled(struct harness *harness, unsigned link, const char *session);
void harness_not_dialled(struct harness *harness, const char *session, const char *why);
/* fields start with 35 and go on with the body; the header is put in. */
void harness_say(struct harness *harness, unsigned link, const char *fields);
/* The same as a repeat of an earlier number. */
void harness_say_again(struct harness *harness, unsigned link, uint64_t number, const char *fields);
void harness_say_bytes(struct harness *harness, unsigned link, struct slice bytes);
/* The next message with | for SOH; "" when there is none.  Heartbeats and
   TestRequests are left out. */
const char *harness_hear(struct harness *harness, unsigned link);
/* The next message has all these fields ("35=DZ|2812=W-1"). */
void harness_expect(struct harness *harness, unsigned link, const char *fields);
/* The broker answers the TestRequest that it has not looked at yet. */
void harness_answer_test(struct harness *harness, unsigned link);
void harness_expect_silence(struct harness *harness, unsigned link);
/* The value of a field in a message that was heard; good until the next call. */
const char *harness_field(const char *message, unsigned tag);

/* A withdrawal of C-1's: id and amount may vary. */
const char *harness_withdrawal(const char *id, const char *amount);
const char *harness_withdrawal_of(const char *client, const char *id, const char *amount);

/* --- banks --- */

void harness_bank_says(struct harness *harness, const char *channel, const struct writer *bytes);
/* A pacs.002 about an order. */
void harness_status(struct harness *harness, const char *channel, const char *message_id,
                    struct slice order_id, const char *status, const char *reason);
void harness_deposit(struct harness *harness, const char *channel, const char *message_id,
                     const struct bank_deposit *deposit);
extern const struct bank_deposit harness_deposit_c1; /* 25.50 EUR for C-1 */
const struct bank_party *harness_bank(const char *channel);

/* The next document that was sent to a channel, or filed; fails when there is none. */
const struct harness_document *harness_sent(struct harness *harness);
const struct harness_document *harness_filed(struct harness *harness);

/* --- operators --- */

/* Words separated by blanks; evidence has none. */
void harness_command(struct harness *harness, const char *who, const char *text);
void harness_import(struct harness *harness, const char *what, const char *csv);

/* --- what there is --- */

/* State of the instruction with this request id, as the store has it. */
const char *harness_state(struct harness *harness, const char *request_id);
const struct instruction *harness_instruction(struct harness *harness, const char *request_id);
int64_t harness_free(struct harness *harness, const char *client);
int64_t harness_reserved(struct harness *harness, const char *client);
/* The last reply to an operator, or the log, has the text in it. */
bool harness_replied(const struct harness *harness, const char *text);
bool harness_logged(const struct harness *harness, const char *text);

#endif
