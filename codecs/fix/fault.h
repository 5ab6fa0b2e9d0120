/* All that can be wrong with a FIX message or session, and what is answered.
   The table is faults.def: one row per fault, beside the number of the case in
   the FIX session test list. */
#ifndef PENSTOCK_CODECS_FIX_FAULT_H
#define PENSTOCK_CODECS_FIX_FAULT_H

enum fix_answer {
    FIX_ANSWER_IGNORE,        /* garbled: not counted, nothing is sent */
    FIX_ANSWER_REJECT,        /* Reject (35=3); the number is used up, the session goes on */
    FIX_ANSWER_REJECT_LOGOUT, /* Reject, Logout, close */
    FIX_ANSWER_LOGOUT,        /* Logout, close */
    FIX_ANSWER_DISCONNECT,    /* close */
};

struct fix_fault {
    const char *name; /* "value_missing" */
    enum fix_answer answer;
    int reason;       /* SessionRejectReason (373); -1: none */
    int status;       /* SessionStatus (1409), which FIXT has; -1: none */
    const char *text; /* Text (58) */
};

#define FAULT(name, answer, reason, status, text) extern const struct fix_fault fix_fault_##name;
#include "codecs/fix/faults.def"
#undef FAULT

#endif
