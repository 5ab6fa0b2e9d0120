/* An instruction: what a broker or a bank asked for, and how far it has come. */
#ifndef PENSTOCK_ROUTING_CUSTODY_INSTRUCTION_H
#define PENSTOCK_ROUTING_CUSTODY_INSTRUCTION_H

#include "codecs/base/digest.h"
#include "codecs/base/moment.h"
#include "codecs/base/slice.h"

enum instruction_state {
#define STATE(identifier, name, ended, withdrawal, deposit, what) INSTRUCTION_##identifier,
#include "routing/custody/states.def"
#undef STATE
    INSTRUCTION_STATE_COUNT
};

const char *instruction_state_name(enum instruction_state state);
bool instruction_state_named(struct slice name, enum instruction_state *state);
bool instruction_state_ended(enum instruction_state state);
/* Does the table of transitions list it?  Staying is not a transition. */
bool instruction_may(enum instruction_state from, enum instruction_state to);

enum flow {
    FLOW_WITHDRAWAL, /* W1: the broker asks, money leaves the custody account */
    FLOW_DEPOSIT,    /* D2: the bank announces, money comes in */
    FLOW_COUNT
};

const char *flow_name(enum flow flow);
bool flow_named(struct slice name, enum flow *flow);

/* The texts of an instruction, one row each; all may be absent.
   INSTRUCTION_TEXT(identifier, what) */
#define INSTRUCTION_TEXTS(INSTRUCTION_TEXT)                                                        \
    INSTRUCTION_TEXT(id, "our id, unique for ever")                                                \
    INSTRUCTION_TEXT(asker, "who asked: a session's or a channel's name")                          \
    INSTRUCTION_TEXT(request_id, "the asker's id")                                                 \
    INSTRUCTION_TEXT(payment_id, "PostTradePaymentID, or the bank's EndToEndId")                   \
    INSTRUCTION_TEXT(session, "FIX session of the broker")                                         \
    INSTRUCTION_TEXT(channel, "channel of the bank")                                               \
    INSTRUCTION_TEXT(client, "client")                                                             \
    INSTRUCTION_TEXT(account, "custody account")                                                   \
    INSTRUCTION_TEXT(bank, "BIC of the bank that keeps it")                                        \
    INSTRUCTION_TEXT(payee_bank, "BIC of the client's own bank, from the link")                    \
    INSTRUCTION_TEXT(payee_account, "the client's own bank account, from the link")                \
    INSTRUCTION_TEXT(amount_text, "amount as the asker wrote it")                                  \
    INSTRUCTION_TEXT(currency, "currency as the asker wrote it")                                   \
    INSTRUCTION_TEXT(value_date, "YYYY-MM-DD")                                                     \
    INSTRUCTION_TEXT(uetr, "UETR")                                                                 \
    INSTRUCTION_TEXT(order_id,                                                                     \
                     "MsgId of the document that carried it, or our last word, to the bank")       \
    INSTRUCTION_TEXT(order_instruction, "InstrId in that document")                                \
    INSTRUCTION_TEXT(order_payment, "EndToEndId there")                                            \
    INSTRUCTION_TEXT(order_transaction, "TxId there")                                              \
    INSTRUCTION_TEXT(report_id, "PayReportID of the last report")                                  \
    INSTRUCTION_TEXT(bank_message_id, "MsgId of the bank's document (what a bank began)")          \
    INSTRUCTION_TEXT(bank_instruction_id, "InstrId there")                                         \
    INSTRUCTION_TEXT(bank_transaction_id, "TxId there")                                            \
    INSTRUCTION_TEXT(bank_reference, "the bank's own reference")                                   \
    INSTRUCTION_TEXT(status_code, "last status code of the bank, or that the bank was told")       \
    INSTRUCTION_TEXT(reason, "why it is where it is: code and words")                              \
    INSTRUCTION_TEXT(rule, "name of the rule that decided")                                        \
    INSTRUCTION_TEXT(map, "name of the map that wrote the document")                               \
    INSTRUCTION_TEXT(asker_note, "who held, approved or resolved it, and why")                     \
    INSTRUCTION_TEXT(request, "what was asked: the broker's message, or the announcement's body")  \
    INSTRUCTION_TEXT(report, "body of the last report to the broker, to repeat it")

enum instruction_text {
#define INSTRUCTION_TEXT(identifier, what) INSTRUCTION_TEXT_##identifier,
    INSTRUCTION_TEXTS(INSTRUCTION_TEXT)
#undef INSTRUCTION_TEXT
        INSTRUCTION_TEXT_COUNT
};

const char *instruction_text_name(enum instruction_text text);

struct instruction {
    uint64_t number; /* ours; counts up, never reused */
    enum flow flow;
    enum instruction_state state;
    int64_t amount_minor;  /* in the currency's minor units; 0 until it was checked */
    struct digest content; /* of what the asker asked for: same id and same content is a repeat */
    struct digest configuration; /* version under which it was decided */
    int64_t created_utc_ns, changed_utc_ns;
    int64_t deadline_utc_ns; /* 0: none.  No final answer by then: in doubt */
    unsigned event_count, document_count, report_count;
    int report_rank;   /* highest PostTradePaymentStatus told so far; -1: none */
    bool reported;     /* an EA with 2804=0 has been sent */
    bool contradicted; /* an answer contradicted what is known: only an operator ends a doubt now */
    struct slice texts[INSTRUCTION_TEXT_COUNT]; /* owned; set with instruction_set() */
};

struct instruction *instruction_new(uint64_t number, enum flow flow);
struct instruction *instruction_copy(const struct instruction *instruction);
void instruction_free(struct instruction *instruction);

/* Copies text; absent clears. */
void instruction_set(struct instruction *instruction, enum instruction_text which,
                     struct slice text);
static inline struct slice instruction_get(const struct instruction *instruction,
                                           enum instruction_text which)
{
    return instruction->texts[which];
}

#endif
