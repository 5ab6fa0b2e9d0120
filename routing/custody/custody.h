/* The money rules: what may be accepted, what a bank's or broker's answer does,
   and which movement goes with it.  Pure: the engine brings the instruction,
   the book and the time, and keeps what comes out. */
#ifndef PENSTOCK_ROUTING_CUSTODY_CUSTODY_H
#define PENSTOCK_ROUTING_CUSTODY_CUSTODY_H

#include "routing/custody/book.h"
#include "routing/custody/instruction.h"
#include "routing/facts.h"

/* Why an instruction is refused: an ISO external reason code and words. */
struct refusal {
    char code[5];
    char text[200];
};

/* Checks what was asked for: amount (AM12: zero, negative, too many digits or
   decimals; the original text is echoed), currency (AM03), value date (DT01),
   client (BE06), custody account (AC03), bank (AGNT), link and payee (MD01).
   Takes payee, amount_minor and currency over into the instruction; the payee
   always comes from the link, never from the message.  today is the date in
   the bank's zone.  false: *refusal says why. */
bool custody_check(struct instruction *instruction, const struct facts *facts,
                   const struct book *book, struct date today, const struct link **link,
                   struct refusal *refusal);

/* Takes the instruction to state and moves the money that goes with it:
   withdrawal: HELD or ACCEPTED reserve (AM04 when there is not enough), SETTLED
   spends, REFUSED, CANCELLED and REVERSED release; deposit: SETTLED credits.
   movement->amount_minor is 0 when no money moves.  false: the table does not
   list the transition or money is missing; *error says so, nothing is changed. */
bool custody_enter(struct instruction *instruction, enum instruction_state state,
                   struct book *book, struct movement *movement, struct error *error);

extern const struct error_kind custody_transition, custody_short;

/* What the bank's word means for an instruction that a broker asked for. */
struct verdict {
    enum instruction_state state; /* where it goes; its own state: it stays */
    bool report;                  /* the broker is told */
    int trans_type, request_status, payment_status; /* of the EA; -1: left out */
    bool contradiction;           /* a break: alert, no money moves */
    bool late;                    /* lower than what is known already: logged only */
    char reason[260];             /* RejectText (1328); "" when nothing was refused */
};

/* facts: group status.  from_reject: it came as an admi.002. */
struct verdict custody_judge(const struct instruction *instruction, const struct facts *facts,
                             bool from_reject);

/* What the broker's EB means for an instruction that a bank began: where it
   goes, and the TxSts and reason code that the bank is told (answer.code,
   status.reason in facts).  books_on_accept: 2806=1 is ACCC, else ACSP. */
struct verdict custody_judge_answer(const struct instruction *instruction, struct facts *facts,
                                    bool books_on_accept);

/* Is a reason code final (true) or does it leave a doubt?  known: in the table. */
bool custody_reason_final(struct slice code, bool *known);

/* IBAN check: country pattern and modulo 97.  text may have blanks and lower
   case; iban (35 bytes) receives the electronic form. */
bool iban_parse(struct slice text, char iban[35]);

#endif
