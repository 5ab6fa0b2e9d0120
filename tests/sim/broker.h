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
    int rank; /* highest PostTradePaymentStatus told; -1: none */
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

/* What is on its way, in one direction of a connection. */
struct line {
    struct writer bytes;
    unsigned still_until; /* nothing arrives before this step */
};

struct broker {
    struct world *world;
    const char *name, *comp_id;
    const struct fix_dictionary *dictionary;
    struct fix_session *machine; /* NULL: not connected */
    link_id link;
    uint64_t last_heard; /* highest new number on this connection */
    uint64_t next_in, next_out, generation;
    struct line to_gateway, from_gateway;
    bool cut;    /* the gateway has closed: no more will come */
    bool paused; /* the gateway does not read */
    struct kept_message *kept;
    size_t kept_count, kept_room;
    struct request *requests;
    size_t request_count, request_room;
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
void broker_repeat_open(struct broker *broker);
/* Has it sent an application message under this number? */
bool broker_kept(const struct broker *broker, uint64_t number);
bool broker_is_quiet(const struct broker *broker);

/* --- network.c --- */

/* Some bytes arrive, on either side or both; all of them once it is calm. */
void network_step(struct broker *broker);

#endif
