/* A measured load: the brokers and the bank of one gateway, in one process and
   one thread, so lean that the gateway is what is measured.

   A withdrawal is asked for (DY), receipted (DZ), ordered from the bank
   (pacs.008), answered with ACSP and ACSC at once, and reported (EA) until it
   is settled. */
#ifndef PENSTOCK_TESTS_BENCH_LOAD_H
#define PENSTOCK_TESTS_BENCH_LOAD_H

#include "codecs/base/writer.h"

struct load_request {
    int64_t sent_ns, receipt_ns, settled_ns; /* 0: not yet */
};

struct load_broker {
    unsigned number; /* from 1: it is BRK001 and speaks for client C-001 */
    int socket;
    uint64_t next_out;
    unsigned sent, settled;
    const char *ids; /* what the ids of its requests begin with; "random": no two alike */
    struct load_request *requests;
    struct writer received, message, out;
    struct slice fields; /* of every DY behind its id; owned */
};

int64_t load_now_ns(void);
/* Something is not as it must be: says so and ends the process. */
void load_fail(const char *what, struct slice detail) __attribute__((noreturn));

/* Connects and logs on; room: for so many requests. */
void load_broker_open(struct load_broker *broker, unsigned number, const char *address,
                      const char *ids, unsigned room);
void load_broker_close(struct load_broker *broker);
/* Adds a DY to what goes out; load_broker_flush() sends it. */
void load_broker_ask(struct load_broker *broker);
void load_broker_flush(struct load_broker *broker);
/* Waits until something comes, and takes all that has come. */
void load_broker_hear(struct load_broker *broker);

struct load_bank {
    char in[4096], out[4096], taken[4096]; /* folders; the first two as the gateway names them */
    int watch;
    struct writer order, answer;
};

void load_bank_open(struct load_bank *bank, const char *folder);
void load_bank_close(struct load_bank *bank);
/* Answers all orders that have come. */
void load_bank_work(struct load_bank *bank);

#endif
