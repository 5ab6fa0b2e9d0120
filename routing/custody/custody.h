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

/* Checks what was asked for, in this order: amount (AM12: missing, zero,
   negative, with an exponent, too many digits or decimals as written; the text
   is echoed), currency (AM03), value date (DT01), client (BE06), custody account
   (AC03: unknown, or of another broker), link (MD01), bank (AGNT), currency of
   the account (AM03), payee (MD01).

   The client's own bank account always comes from the link, never from the
   message; what the message says must be the same.  A withdrawal may leave it
   out, a deposit must name its payer, and may leave out the client: the
   payer's account finds the link then.  A withdrawal's session must be in the
   instruction; a deposit takes over the link's when it has none.  today is the
   date in the bank's zone; a withdrawal's value date is not before it.

   On true the link and what was checked are in the instruction: client,
   account, session, bank, payee, currency, amount_minor, value_date.  On false
   *refusal says why and the instruction is as it was.  *link is set whenever
   one was found, else NULL. */
bool custody_check(struct instruction *instruction, const struct facts *facts,
                   const struct book *book, struct date today, const struct link **link,
                   struct refusal *refusal);

/* The side of the ledger where an instruction's money lies in that state. */
enum ledger_side custody_side(enum flow flow, enum instruction_state state);

/* false: the table does not list the transition (custody_transition), there is
   not enough money (custody_short: AM04), or the balance would not fit
   (book_overflow); *error says so. */
bool custody_may_enter(const struct instruction *instruction, enum instruction_state state,
                       struct book *book, struct error *error);
/* Takes the instruction to state and moves the money between the sides where it
   lies: a withdrawal is reserved when HELD or ACCEPTED, spent when SETTLED and
   released when it ends otherwise; a deposit is credited when SETTLED.
   movement->amount_minor is 0 when no money moves.  false: it may not, and
   nothing is changed. */
bool custody_enter(struct instruction *instruction, enum instruction_state state, struct book *book,
                   struct movement *movement, struct error *error);

extern const struct error_kind custody_transition, custody_short;

/* What a bank's or broker's word means for an instruction. */
struct verdict {
    enum instruction_state state; /* where it goes; its own state: it stays */
    bool report; /* the other side is told: the broker by an EA, a bank by a pacs.002 */
    int trans_type, request_status, payment_status; /* of the EA; -1: left out */
    bool contradiction;                             /* a break: alert, no money moves */
    bool late;        /* lower than what is known already: logged only */
    char reason[260]; /* RejectText (1328); "" when nothing was refused */
    char text[200];   /* for the event, and for Text (58) when told; "" when
                         there is nothing to explain */
};

/* What the bank's word means for an instruction that a broker asked for.
   facts: group status.  from_reject: it came as an admi.002.

   Statuses move forward only (statuses.def): a lower one is late.  Amount,
   currency, MsgId, InstrId, EndToEndId, TxId and UETR, when the bank repeats them,
   must be those of the order, and its group must not say otherwise, else the
   instruction is in doubt and contradicted; from then on only an operator ends
   it.  against: what the document itself has against the word; NULL: nothing.  RJCT refuses unless
   its reason leaves a doubt (reasons.def); an admi.002 refuses only for a reason that is known to
   be final, and only when the bank has not spoken of the instruction before.  A status that is not
   in the table proves nothing: in doubt.  An instruction that has ended stays as it is; a word that
   says otherwise is a contradiction.

   Leaving IN_DOUBT for PENDING needs a new deadline. */
struct verdict custody_judge(const struct instruction *instruction, const struct facts *facts,
                             bool from_reject, const char *against);

/* How what the bank says ends: 0, it does not end yet, else a number.  Two numbers for one
   instruction can't both be true. */
unsigned custody_outcome(const struct facts *facts, bool from_reject);

/* What the broker's EB means for an instruction that a bank began: where it
   goes, and the TxSts and reason code that the bank is told, which it puts into
   facts (answer.code, status.reason).  books_on_accept: 2806=1 is ACCC, else
   ACSP.  A repeated answer tells nothing new; one that contradicts an answer
   which has moved money, or refused to, is a contradiction. */
struct verdict custody_judge_answer(const struct instruction *instruction, struct facts *facts,
                                    bool books_on_accept);

/* Takes over into the instruction what a verdict settles beside the state:
   last status code, reason, contradicted, and what has been told.  code is
   status.code, or answer.code. */
void custody_record(struct instruction *instruction, const struct verdict *verdict,
                    struct slice code);

/* Is a reason code final (true) or does it leave a doubt?  known: in the table. */
bool custody_reason_final(struct slice code, bool *known);

#endif
