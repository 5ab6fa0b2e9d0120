/* A bank: takes orders, decides each once, says so sometimes late, twice, out of
   order or against its own word, and announces deposits. */
#ifndef PENSTOCK_TESTS_SIM_BANK_H
#define PENSTOCK_TESTS_SIM_BANK_H

#include "codecs/base/digest.h"
#include "kit/bank_text.h"

struct world;

enum truth {
    TRUTH_OPEN,
    TRUTH_PAID,
    TRUTH_REFUSED,
};

/* What a word of the bank means to whoever believes it. */
enum said {
    SAID_NOTHING, /* it is about nothing that is known */
    SAID_PENDING,
    SAID_PAID,
    SAID_REFUSED,
    SAID_UNPROVED,   /* a refusal or a status that proves nothing */
    SAID_WRONG,      /* it names something that the order had otherwise */
    SAID_UNREADABLE, /* the order as such is refused: a refusal, if it is the first word */
    SAID_UNSERVED,   /* so, for a reason that proves nothing */
};

struct order {
    char id[64], instruction[64], uetr[40];
    uint64_t number; /* of the instruction */
    enum truth truth;
    unsigned words;
    bool silent;   /* says nothing before the end */
    bool spoken;   /* its last word has been said */
    bool twisted;  /* one of its last words was not the truth */
    bool reversed; /* paid, and somebody has asked to move it back */
};

/* A document of ours that the bank has: every copy must be the same. */
struct receipt {
    char id[64];
    struct digest content;
    bool read;
};

enum file_state {
    FILE_IN,    /* in in/ */
    FILE_GIVEN, /* the engine has it */
    FILE_DONE,  /* the engine is done with it */
    FILE_MOVED, /* in done/ or refused/, until the power is lost */
    FILE_GONE,  /* and synced there */
};

#define NO_ORDER SIZE_MAX

struct bank_file {
    char name[32];
    struct slice bytes; /* owned */
    struct digest content;
    char message_id[40]; /* "": there is none to read */
    enum file_state state;
    bool bad;            /* it may be refused as such */
    bool refusal;        /* an admi.002: never answered */
    size_t order;        /* that it is about */
    bool by_instruction; /* it names the order by its InstrId alone */
    enum said said;
};

struct bank {
    struct world *world;
    const char *channel;
    const struct bank_party *party;
    struct order *orders;
    size_t order_count, order_room;
    struct receipt *receipts;
    size_t receipt_count, receipt_room;
    struct bank_file *files;
    size_t file_count, file_room;
    size_t first_open; /* all files before it are gone for good */
    struct transfer *transfers;
    size_t transfer_count, transfer_room;
    struct announcement *announcements;
    size_t announcement_count, announcement_room;
    struct announcement *invalid; /* in messages that are against their schema */
    size_t invalid_count, invalid_room;
    struct reply *replies;
    size_t reply_count, reply_room;
    unsigned messages;
};

void bank_init(struct bank *bank, struct world *world, unsigned index);
void bank_fini(struct bank *bank);
void bank_step(struct bank *bank);
/* Says the truth on every order, and announces again what is open. */
void bank_last_words(struct bank *bank);
bool bank_is_quiet(const struct bank *bank);

/* --- documents of ours --- */
void bank_receive(struct bank *bank, struct slice name, struct slice bytes);
bool bank_has(const struct bank *bank, struct slice id);
struct order *bank_find_order(struct bank *bank, struct slice id);

/* --- its files --- */
/* What is not known yet of a file: message_id NULL, order NO_ORDER. */
struct bank_file *bank_put_file(struct bank *bank, struct slice bytes, const char *message_id);
/* A new message id, good for 40 bytes. */
void bank_new_id(struct bank *bank, char *id);
void bank_give(struct bank *bank);
/* The engine is done with it; then it is moved, and at last that is durable. */
void bank_filed(struct bank *bank, struct slice name);
void bank_file_moved(struct bank *bank, struct slice name);
void bank_files_synced(struct bank *bank);
/* The gateway has started again and looks into its folder. */
void bank_restart(struct bank *bank, bool power_lost);
const struct bank_file *bank_find_file(const struct bank *bank, const struct digest *content);

/* --- bank_words.c: what it says of orders --- */
void bank_speak(struct bank *bank);
void bank_last_word(struct bank *bank, size_t index);
/* A file that says nothing that counts. */
void bank_babble(struct bank *bank);

/* --- announce.c: deposits --- */

/* One payment of a client. */
struct transfer {
    const char *client, *account;
    char uetr[40]; /* "": it has none */
    unsigned cents;
    unsigned told; /* ids that it was announced under */
};

/* The way in which it was announced in one message. */
struct announcement {
    size_t transfer;
    char message_id[40], transaction_id[40];
    unsigned cents;
    bool foreign;                        /* the message is a copy, or not from this bank to us */
    const struct announcement *borrowed; /* it has the MsgId of this one's message; NULL: its own */
};

/* What the gateway has told of an announcement, as one instruction: it may become
   another one when the first is not known any more. */
struct reply {
    size_t announcement;
    uint64_t number;
    bool yes, no, duplicate;
};

void bank_announce(struct bank *bank);
void bank_announce_again(struct bank *bank);
void bank_announce_open(struct bank *bank);
void bank_take_reply(struct bank *bank, struct slice name, struct slice bytes);
/* NULL: none. */
struct reply *bank_find_reply(const struct bank *bank, size_t announcement, uint64_t number);
void bank_forget_transfers(struct bank *bank);

/* What is announced together in one message. */
#define TOGETHER_MAX 3

size_t bank_add_transfer(struct bank *bank);
/* One that was never announced in a valid message. */
void bank_announce_transfer(struct bank *bank, size_t transfer);
/* Its id is the transfer's; another one, when again is set. */
void bank_name_transfer(struct bank *bank, size_t transfer, bool again, char id[40]);
void bank_write_announcements(const struct bank *bank, struct writer *writer,
                              const struct bank_party *party, const struct announcement *first,
                              size_t count);

/* --- invalid.c: deposits in messages that are against their schema --- */
void bank_announce_invalid(struct bank *bank);

#endif
