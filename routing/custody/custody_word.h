/* What the other side's word does to an instruction: the table words.def, which
   a bank's statuses and a broker's answers share. */
#ifndef PENSTOCK_ROUTING_CUSTODY_CUSTODY_WORD_H
#define PENSTOCK_ROUTING_CUSTODY_CUSTODY_WORD_H

#include "routing/custody/custody.h"

enum word {
    WORD_PENDING, /* has it, works on it */
    WORD_SETTLED,
    WORD_REFUSED,
    WORD_CANCELLED,
    WORD_DOUBT, /* proves nothing */
    WORD_COUNT
};

enum word_effect {
    WORD_MOVE,
    WORD_STAY,
    WORD_LATE,
    WORD_BREAK,
};

enum word_effect word_effect(enum instruction_state state, enum word word);

/* Where MOVE goes. */
enum instruction_state word_state(enum word word);

/* A verdict that changes and tells nothing. */
struct verdict verdict_stay(const struct instruction *instruction);

/* Marks a contradiction; the instruction is in doubt if it can still be. */
void verdict_break(struct verdict *verdict, const struct instruction *instruction);

#endif
