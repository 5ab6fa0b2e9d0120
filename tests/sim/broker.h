/* A broker: asks for withdrawals, answers deposits, loses its connection. */
#ifndef PENSTOCK_TESTS_SIM_BROKER_H
#define PENSTOCK_TESTS_SIM_BROKER_H

#include "codecs/fix/session.h"
#include "gateway/engine/engine.h"

struct world;

struct request {
    char id[16];
    const char *client;
    unsigned cents;
    int64_t day;        /* of the trade, since 1970-01-01 */
    int64_t value_day;  /* of the transfer */
    const char *payee;  /* the bank account that it names; "": none */
    int rank;           /* highest PostTradePaymentStatus told; -1: none */
    char report_id[64]; /* of the last report on it */
};

/* What was told of one instruction: a request may become a second one when the
   first is not known any more. */
struct told {
    uint64_t number;
    int rank; /* highest PostTradePaymentStatus */
};

/* A deposit that was announced, and what is to be answered. */
struct announced {
    char report_id[64];
    char words[8]; /* PayReportStatus (2806), one after the other */
    unsigned said; /* so many of them */
    int64_t due_ns;
};

struct kept_message {
    uint64_t number;
    bool refused;
    struct slice bytes; /* owned */
};

/* What is on its way, in one direction of a connection. */
struct line {
    struct writer bytes;
    unsigned still_until; /* nothing arrives before this step */
    link_id full;         /* the connection of which the gateway was told that much waits in it */
};

struct broker {
    struct world *world;
    const char *name, *comp_id;
    const struct fix_dictionary *dictionary;
    struct fix_session *machine; /* NULL: not connected */
    link_id link;
    uint64_t last_heard; /* highest new number on this connection */
    uint64_t next_in, next_out, generation;
    uint64_t wire_generation; /* of the gateway, when this connection began or was logged on */
    struct line to_gateway, from_gateway;
    bool cut;    /* the gateway has closed: no more will come */
    bool paused; /* the gateway does not read */
    struct kept_message *kept;
    size_t kept_count, kept_room;
    struct request *requests;
    size_t request_count, request_room;
    struct told *told;
    size_t told_count, told_room;
    struct announced *announced;
    size_t announced_count, announced_room;
    bool calm; /* answers what it left unanswered */
};

void broker_init(struct broker *broker, struct world *world, unsigned index);
void broker_fini(struct broker *broker);
void broker_step(struct broker *broker);
void broker_tick(struct broker *broker);
void broker_connect(struct broker *broker, bool reset);
void broker_drop(struct broker *broker);
/* So many bytes of from_gateway have arrived. */
void broker_hear(struct broker *broker, size_t size);
/* What the machine has to say; whoever sent something calls it. */
void broker_pump(struct broker *broker);
/* Says again what may not have arrived, and what it left unanswered. */
void broker_repeat_open(struct broker *broker);
/* The gateway has refused what came under this number. */
void broker_refused(struct broker *broker, uint64_t number);
/* Has it sent an application message under this number that was not refused? */
bool broker_kept(const struct broker *broker, uint64_t number);
bool broker_is_quiet(const struct broker *broker);

/* --- broker_requests.c: withdrawals --- */
void broker_ask(struct broker *broker);
void broker_ask_again(struct broker *broker);
void broker_ask_open(struct broker *broker);
/* The highest status that it was told of an instruction; -1: none. */
int broker_told(const struct broker *broker, uint64_t number);
void broker_hear_report(struct broker *broker, const struct fix_message *message);
/* A message under its old number (43=Y) that nobody has asked for. */
void broker_repeat_message(struct broker *broker);

/* --- broker_answers.c: deposits --- */
void broker_hear_announcement(struct broker *broker, const struct fix_message *message);
/* An answer was refused: one to nothing that this broker was told. */
void broker_hear_refusal(struct broker *broker, const struct fix_message *message);
/* The next answer whose time has come. */
void broker_answer(struct broker *broker);
void broker_answer_open(struct broker *broker);
/* An answer to what it was never asked. */
void broker_answer_nothing(struct broker *broker);

/* --- network.c --- */

/* Some bytes arrive, on either side or both; all of them once it is calm. */
void network_step(struct broker *broker);
/* The gateway has written to it. */
void network_written(struct broker *broker);

#endif
