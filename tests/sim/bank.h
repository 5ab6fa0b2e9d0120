/* A bank: takes orders, decides each once, and announces deposits. */
#ifndef PENSTOCK_TESTS_SIM_BANK_H
#define PENSTOCK_TESTS_SIM_BANK_H

#include "codecs/base/slice.h"
#include "kit/bank_text.h"

struct world;

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
    struct order *orders;
    size_t order_count, order_room;
    struct bank_file *files;
    size_t file_count, file_room;
    size_t first_open; /* all files before it are filed */
    struct bank_transfer *transfers;
    size_t transfer_count, transfer_room;
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

#endif
