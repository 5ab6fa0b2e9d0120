/* Messages of a bank as text, for tests: header and document in their envelope. */
#ifndef PENSTOCK_TESTS_KIT_BANK_TEXT_H
#define PENSTOCK_TESTS_KIT_BANK_TEXT_H

#include "codecs/base/writer.h"

struct bank_party {
    const char *bic, *broker_bic;
    const char *created; /* "2026-03-02T10:00:00Z" */
};

/* A pacs.002 about one order; what is NULL is left out. */
struct bank_status {
    const char *message_id, *order_id, *instruction_id, *uetr;
    const char *status, *reason, *text;
    const char *amount, *currency, *reference;
};
void bank_write_status(struct writer *writer, const struct bank_party *party,
                       const struct bank_status *status);

/* A pacs.008 that announces deposits. */
struct bank_deposit {
    const char *transaction_id, *end_to_end_id;
    const char *amount, *currency;
    const char *client, *account; /* client NULL: not named */
    const char *payer_account, *payer_bank;
    const char *uetr; /* NULL: none */
};
void bank_write_deposits(struct writer *writer, const struct bank_party *party,
                         const char *message_id, const struct bank_deposit *deposits, size_t count);

/* An admi.002 about a message of ours. */
void bank_write_refusal(struct writer *writer, const struct bank_party *party,
                        const char *message_id, const char *refused_id, const char *reason);

/* The text of the first element with this name, without prefix; absent: none. */
struct slice bank_read(struct slice document, const char *name);

#endif
