/* A small world around the engine: two brokers, two banks, a store, a clock and
   an operator, all driven by one seed.  Everything that can go wrong goes wrong
   somewhere between two of its steps. */
#ifndef PENSTOCK_TESTS_SIM_WORLD_H
#define PENSTOCK_TESTS_SIM_WORLD_H

#include "codecs/fix/session.h"
#include "gateway/engine/engine.h"
#include "gateway/store/store_memory.h"
#include "kit/bank_text.h"

#define BROKERS      2
#define REQUESTS_MAX 40
#define DEPOSITS_MAX 20
#define ORDERS_MAX   80
#define FILES_MAX    400
#define READS_MAX    256
#define CLOSES_MAX   64
#define TOOKS_MAX    256

struct world;

/* The brokers' own copy of the dictionary. */
extern const struct fix_dictionary *sim_dictionary;

/* --- brokers --- */

struct request {
    char id[16];
    const char *client;
    unsigned cents;
    bool held_class; /* so large that somebody must approve it */
    int rank;        /* highest PostTradePaymentStatus told; -1: none */
};

struct announced {
    char report_id[64];
    unsigned yes, no; /* how often each was answered */
    bool silent;      /* never answers */
};

struct kept_message {
    uint64_t number;
    struct slice bytes; /* owned */
};

struct broker {
    struct world *world;
    const char *name, *comp_id;
    const struct fix_dictionary *dictionary;
    struct fix_session *machine; /* NULL: not connected */
    link_id link;
    uint64_t last_heard; /* highest new number on this connection */
    uint64_t next_in, next_out, generation;
    struct writer to_gateway, from_gateway; /* on their way */
    bool cut;                               /* the gateway has closed: no more will come */
    bool paused;                            /* the gateway does not read */
    struct kept_message kept[2000];
    size_t kept_count;
    struct request requests[REQUESTS_MAX];
    size_t request_count;
    struct announced announced[DEPOSITS_MAX * 2];
    size_t announced_count;
    bool calm; /* answers what it left unanswered */
};

void broker_init(struct broker *broker, struct world *world, unsigned index);
void broker_fini(struct broker *broker);
void broker_step(struct broker *broker);
void broker_tick(struct broker *broker);
void broker_connect(struct broker *broker, bool reset);
void broker_drop(struct broker *broker);
/* Some bytes arrive on either side. */
void broker_hear(struct broker *broker, size_t size);
void broker_repeat_open(struct broker *broker);
bool broker_is_quiet(const struct broker *broker);

/* --- banks --- */

enum truth {
    TRUTH_OPEN,
    TRUTH_PAID,
    TRUTH_REFUSED,
};

struct order {
    char id[64], instruction[64];
    struct slice bytes; /* owned: every copy must be the same */
    enum truth truth;
    unsigned copies, said;
};

struct bank_file {
    char name[32];
    struct slice bytes; /* owned */
    bool given, filed;
};

struct bank_transfer {
    char transaction_id[32], message_id[32];
    const char *client;
    unsigned cents;
    char last_status[8]; /* what the gateway told last */
    bool yes;            /* ACSP or ACCC was told once */
    unsigned asked;
};

struct bank {
    struct world *world;
    const char *channel;
    const struct bank_party *party;
    struct order orders[ORDERS_MAX];
    size_t order_count;
    struct bank_file files[FILES_MAX];
    size_t file_count;
    struct bank_transfer transfers[DEPOSITS_MAX];
    size_t transfer_count;
    unsigned messages;
};

void bank_init(struct bank *bank, struct world *world, unsigned index);
void bank_fini(struct bank *bank);
void bank_step(struct bank *bank);
void bank_receive(struct bank *bank, struct slice name, struct slice bytes);
void bank_give(struct bank *bank);
void bank_filed(struct bank *bank, struct slice name);
void bank_restart(struct bank *bank);
/* Says its last word on every order again, and asks again for what is open. */
void bank_last_words(struct bank *bank);
void bank_announce_again(struct bank *bank, size_t index);
bool bank_is_quiet(const struct bank *bank);
const struct order *bank_find_order(const struct bank *bank, struct slice id);

/* --- the wire as everybody sees it --- */

struct wire_entry {
    uint64_t generation, number;
    struct slice content; /* owned: MsgType and body; "" for a session message */
};

struct wire_log {
    struct wire_entry *at;
    size_t count, room;
};

void wire_log_fini(struct wire_log *log);
/* Every message that the gateway writes to a broker. */
void wire_check(struct world *world, unsigned index, struct slice bytes);

/* --- checkers.c --- */
void check_store(struct world *world);
void check_send(struct world *world, struct slice name, struct slice bytes);
void check_filed(struct world *world, struct slice channel, struct slice bytes);
/* Nothing is under way whose deadline is over. */
void check_deadlines(struct world *world);
void check_agreement(struct world *world);

/* --- the world --- */

struct took {
    char channel[16], name[64];
};

struct world {
    uint64_t seed, random;
    unsigned steps, step;
    bool faults;  /* things may go wrong */
    bool crashed; /* since the last look */
    struct store *store;
    struct engine *engine;
    struct moment now;
    struct batch *batch; /* on its way to the store */
    struct query reads[READS_MAX];
    size_t read_count;
    struct took tooks[TOOKS_MAX];
    size_t took_count;
    link_id closes[CLOSES_MAX]; /* connections that are lost, and the gateway does not know */
    size_t close_count;
    link_id last_link;
    struct broker brokers[BROKERS];
    struct bank banks[BROKERS];
    struct wire_log wire_logs[BROKERS];
    char reply[200];
    int status;
    command_id commands;
    unsigned crashes, failures, drops;
};

uint64_t world_random(struct world *world, uint64_t below);
bool world_chance(struct world *world, unsigned percent);
void world_fail(struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
void world_init(struct world *world, uint64_t seed, unsigned steps);
void world_fini(struct world *world);
void world_run(struct world *world);

/* Gives an input and performs what comes of it. */
void world_give(struct world *world, const struct input *input);
int world_command(struct world *world, const struct slice *words, size_t count);
struct bank *world_bank(struct world *world, struct slice channel);
/* Index of the broker on a link; BROKERS: none. */
unsigned world_broker_on(const struct world *world, link_id link);
struct session_row world_session(const struct world *world, const char *name);

/* --- faults.c --- */
void fault_commit(struct world *world);
void fault_answer(struct world *world);
void fault_crash(struct world *world);
void world_start(struct world *world);

#endif
