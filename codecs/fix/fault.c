/* The faults as records; the table is faults.def. */
#include "codecs/fix/fault.h"

#define FAULT(name, answer, reason, status, text)                                                  \
    const struct fix_fault fix_fault_##name = { #name, FIX_ANSWER_##answer, reason, status, text };
#include "codecs/fix/faults.def"
#undef FAULT
