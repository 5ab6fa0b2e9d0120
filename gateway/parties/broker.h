/* A simulated broker: a FIX initiator that instructs withdrawals, answers
   announced deposits and keeps what it was told, so that demos, tests and load
   have a counterparty.  It survives kills: numbers and messages are in its
   journal. */
#ifndef PENSTOCK_GATEWAY_PARTIES_BROKER_H
#define PENSTOCK_GATEWAY_PARTIES_BROKER_H

#include "codecs/fix/dictionary.h"
#include "gateway/parties/script.h"

/* What one withdrawal says; texts as on the command line or in the script. */
struct broker_order {
    struct slice id, client, account, amount, currency, bank;
    struct slice payee, payee_bank, payee_name;
    struct slice date; /* YYYYMMDD; absent: tomorrow */
    struct slice payment, remittance;
    bool resend; /* 97=Y */
};

struct broker_options {
    struct slice host;
    unsigned port;
    struct slice sender, target; /* CompIDs: ours, the gateway's */
    struct slice bic;            /* ours */
    const struct fix_dictionary *dictionary;
    unsigned heartbeat_s;
    const struct script *script;  /* made with broker_verbs; NULL: none */
    uint64_t count, rate, window; /* load: so many orders, per second (0: as fast as it goes),
                                     so many without a receipt */
    uint64_t open;                /* load: so many without an outcome; 0: no limit */
    struct slice prefix;          /* of the ids of the load */
    struct broker_order order;    /* what each order of the load says */
    uint64_t patience_ms;         /* without any progress for so long it gives up */
    const char *journal;          /* NULL: nothing is kept */
    bool quiet;
};

extern const struct script_verb broker_verbs[];
/* The verbs and what they do, for the help. */
extern const char broker_script_help[];

/* Runs until all is done; false: an expectation failed or something was told
   that cannot be.  *error says when it could not even start (kind not NULL). */
bool broker_run(const struct broker_options *options, struct error *error);

#endif
