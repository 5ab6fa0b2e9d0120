/* Which of a bank's reasons are final, and what they mean. */
#include "routing/custody/custody_reason.h"

#include "routing/custody/custody.h"

struct reason {
    const char *code;
    bool final;
    const char *words;
};

enum { DOUBT = false, FINAL = true };

static const struct reason reasons[] = {
#define REASON(code, verdict, words) { code, verdict, words },
#include "routing/custody/reasons.def"
#undef REASON
};

/* Behind PRTY stands the bank's own code. */
static const struct reason *find(struct slice code)
{
    struct slice proprietary = SLICE("PRTY ");
    if (slice_starts(code, proprietary))
        code = slice_after(code, proprietary.size);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (slice_is(code, reasons[i].code))
            return &reasons[i];
    return NULL;
}

bool custody_reason_final(struct slice code, bool *known)
{
    const struct reason *reason = find(code);
    *known = reason != NULL;
    return reason != NULL && reason->final;
}

const char *custody_reason_words(struct slice code)
{
    const struct reason *reason = find(code);
    return reason == NULL ? "" : reason->words;
}
