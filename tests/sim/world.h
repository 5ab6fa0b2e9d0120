/* A small world around the engine: two brokers, two banks, a store, a clock and
   an operator, all driven by one seed.  Everything that can go wrong goes wrong
   somewhere between two of its steps. */
#ifndef PENSTOCK_TESTS_SIM_WORLD_H
#define PENSTOCK_TESTS_SIM_WORLD_H

#include "bank.h"
#include "broker.h"
#include "disk.h"
#include "fault.h"
#include "plan.h"
#include "witness.h"

#include "gateway/engine/engine.h"
#include "gateway/store/store_memory.h"

#define BROKERS 2

/* --- the wire as everybody sees it --- */

struct wire_log {
    struct arena arena;
    struct table numbers, reports; /* what each was seen to stand for */
};

void wire_log_init(struct wire_log *log);
void wire_log_fini(struct wire_log *log);
/* Every message that the gateway writes to a broker. */
void wire_check(struct world *world, unsigned index, struct slice bytes);

/* --- checkers.c --- */

/* The whole store; witness.h looks at what each batch changes. */
void check_store(struct world *world);
void check_send(struct world *world, struct slice name, struct slice bytes);
void check_filed(struct world *world, struct slice channel, struct slice bytes);
/* Nothing is under way whose deadline is over. */
void check_deadlines(struct world *world);
/* Nothing is in doubt without an alert. */
void check_alerts(struct world *world);
/* Nothing waits to leave any more. */
void check_outbox(struct world *world);

/* --- asking_checker.c --- */

/* What brokers say in messages that came into the store. */
void see_asking(struct world *world, const struct batch *batch);
void check_asking(struct world *world);

/* --- archive_checker.c --- */

/* After a turn of archiving; complete: all that is old has been looked at. */
void check_archived(struct world *world, const struct archive_order *order, bool complete);
/* Live and archived rows together are all that ever came. */
void check_both_places(struct world *world);

/* --- agreement.c --- */
/* Whatever a channel has taken is not lost. */
void check_taken(struct world *world);
void check_agreement(struct world *world);

/* --- document_checker.c --- */

/* A document for a bank is valid by its schema. */
void check_document(struct world *world, struct slice channel, struct slice bytes);

/* --- rejection_checker.c --- */

/* A document of ours that came into the store. */
void rejections_see(struct world *world, struct slice channel, struct slice document,
                    struct slice bytes);
/* Those of the last batch; all of them, in the end. */
void check_new_rejections(struct world *world);
void check_rejections(struct world *world);

/* --- reply_checker.c --- */

struct asked;
struct hearing;

struct replies {
    struct asked *at; /* commands without a reply yet */
    size_t count, room;
};

void replies_fini(struct replies *replies);
void replies_expect(struct world *world, command_id command, const struct slice *words,
                    size_t count);
/* What an operator is told is done is durable. */
void check_reply(struct world *world, command_id command, int status);

/* --- waiting.c: the store cannot even be read --- */

struct waiting {
    bool on;
    int64_t retry_ns;
    struct input *held; /* documents: the banks give them only once */
    size_t held_count, held_room;
};

void waiting_begin(struct world *world);
/* May the engine have it?  Else it is kept, refused or forgotten. */
bool waiting_takes(struct world *world, const struct input *input);
void waiting_end(struct world *world);
void waiting_forget(struct waiting *waiting);
void waiting_fini(struct waiting *waiting);

/* --- archiving.c: old days leave the store --- */

#define ARCHIVING_MAX 8

struct old_days {
    struct {
        command_id command;    /* 0: none */
        int64_t before_utc_ns; /* where its window begins */
    } asked[ARCHIVING_MAX];    /* without a reply yet */
    bool waits;                /* a turn does */
    struct archive_order order;
    size_t behind_reads;   /* questions that were asked before it */
    uint64_t behind_batch; /* and its number, 0: none */
};

void archive_old_days(struct world *world);
/* Days go by, and maybe old ones are archived before anybody does anything. */
void days_pass(struct world *world);
void archiving_replied(struct world *world, command_id command);
void archiving_ask(struct world *world, const struct archive_order *order);
bool archiving_is_next(const struct world *world);
/* One of the questions before it has its answer. */
void archiving_answered(struct world *world);
void archiving_turn(struct world *world);
/* Carries out the turn that waits behind a batch that has failed; false: none
   does.  What comes of it is to be given later. */
bool archiving_behind_failure(struct world *world, struct input *input);
/* The process is gone. */
void archiving_forget(struct world *world);

/* --- the world --- */

struct world {
    const struct plan *plan;
    uint64_t random;
    unsigned step;
    struct faults faults;
    unsigned instructions; /* asked for so far */
    struct store *store;
    size_t gathered_rows_max; /* of the engine: some have little room */
    struct engine *engine;
    struct moment started;                /* the process */
    int64_t began_ns;                     /* when the engine began with what the store told */
    struct moment now;                    /* by the clocks of the gateway */
    unsigned configured, configured_ever; /* its place; a bit for each of this engine's */
    int64_t clock_wrong_ns;
    unsigned clock_right_step; /* then it is set right */
    struct batch *batch;       /* on its way to the store */
    unsigned batch_slow_until; /* step before which it does not get there */
    struct query *reads;
    size_t read_count, read_room;
    link_id *closes; /* connections that are lost, and the gateway does not know */
    size_t close_count, close_room;
    link_id last_link;
    struct broker brokers[BROKERS];
    struct bank banks[BROKERS];
    struct disk disks[BROKERS]; /* between the gateway and each bank */
    struct wire_log wire_logs[BROKERS];
    struct witness witness;
    struct hearing *hearings; /* of the bank that is asked in the end */
    struct replies replies;
    struct waiting waiting;
    struct old_days archiving; /* operators want it, or the store does it */
    char reply[200];
    int status;
    command_id commands;
    unsigned life;          /* counts processes */
    bool stopping, stopped; /* the process, in good order */
};

uint64_t world_random(struct world *world, uint64_t below);
bool world_chance(struct world *world, unsigned percent);
void world_fail(struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
/* A line of what happens, when it is asked for. */
void world_trace(const struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void world_init(struct world *world, const struct plan *plan);
void world_fini(struct world *world);
void world_run(struct world *world);

/* May one more instruction be asked for?  It is counted. */
bool world_asks(struct world *world);
/* Gives an input and performs what comes of it. */
void world_give(struct world *world, const struct input *input);
/* Performs what has come of inputs. */
void world_perform(struct world *world);
int world_command(struct world *world, const struct slice *words, size_t count);
struct bank *world_bank(struct world *world, struct slice channel);
struct disk *world_disk(struct world *world, struct slice channel);
/* Index of the broker on a link; BROKERS: none. */
unsigned world_broker_on(const struct world *world, link_id link);
/* The row with this one's kind and key, live or archived; NULL: there is none. */
const struct row *world_row(const struct world *world, const struct row *like);
struct session_row world_session(const struct world *world, const char *name);
void world_forget_reads(struct world *world);

/* --- configurations.c --- */

/* All that there are, read once. */
void process_configure(void);
void process_unconfigure(void);
/* What a world begins and ends with. */
const struct config *process_config(void);
/* What the process finds when it starts. */
struct config *configuration_begin(struct world *world);
/* It did not start with that one. */
struct config *configuration_begin_again(struct world *world);
/* Another one may be taken. */
void configuration_step(struct world *world);
void configuration_calm(struct world *world);
/* The process will start without a session and a channel. */
void configuration_shrink(struct world *world);
/* Is the session in the newest one? */
bool is_configured(const struct world *world, struct slice session);
/* NULL: none that this engine has had. */
const struct config *configuration_of(const struct world *world, const struct digest *digest);

/* --- decision_checker.c --- */
void check_decisions(struct world *world, const struct batch *batch);

/* --- process.c: the gateway's process and its store --- */

void process_start(struct world *world);
void process_crash(struct world *world);
/* Asks it to stop; it starts again when it has. */
void process_stop(struct world *world);
void process_stopped(struct world *world);
/* The batch under way, or a tick. */
void process_commit(struct world *world);
/* The store could not be read, and may be now. */
void process_load_again(struct world *world);
void process_answer(struct world *world);

/* --- operators.c --- */

/* Links and opening balances of all clients. */
void operators_open(struct world *world);
/* Somebody approves or refuses one that is held. */
void decide_held(struct world *world);
/* Somebody asks the bank about a withdrawal in doubt, and ends it if he may. */
void look_into_doubt(struct world *world);
/* It ends as the bank has it; a deposit either way. */
void resolve(struct world *world, const struct instruction *instruction);
void import_links(struct world *world);
/* The broker's people do the same (broker.c). */
void reset_session(struct world *world);
/* Was it ever linked as this client's? */
bool is_own_account(struct slice client, struct slice account);

/* --- clock.c --- */

/* What time it is for brokers: theirs are right. */
struct moment clock_of_peers(const struct world *world);
/* It may jump, or be set right. */
void clock_step(struct world *world);
void clock_while_down(struct world *world);
void clock_set_right(struct world *world);

/* --- steps.c, calm.c --- */

void steps_run(struct world *world);
void pass_time(struct world *world, int64_t step_ns);
void give_close(struct world *world);
/* Nothing goes wrong any more, and all come to rest. */
void calm_down(struct world *world);

#endif
