/* A simulated bank at the far end of a directory channel: takes our documents
   out of out/, checks and answers them, announces deposits, and proves that
   nothing was done twice: a document that comes again must have the same bytes
   and is acted upon once.  It survives kills: what it took is in its journal. */
#ifndef PENSTOCK_GATEWAY_PARTIES_BANK_H
#define PENSTOCK_GATEWAY_PARTIES_BANK_H

#include "codecs/iso20022/catalogue.h"
#include "gateway/parties/script.h"

struct bank_options {
    const char *directory; /* the channel's: with out/ and in/; made when missing */
    const struct iso_catalogue *catalogue;
    struct slice bic, gateway_bic; /* From and To of its headers */
    const struct script *script;   /* made with bank_verbs; NULL: none */
    uint64_t delay_ms;             /* before each answer */
    bool rules_by_cents;           /* the table bank_rules.def, see bank_script_help */
    bool stay;                     /* runs on when the script is done, until SIGTERM */
    bool quiet;
};

extern const struct script_verb bank_verbs[];
extern const char bank_script_help[];

/* Runs until the script is done, or SIGTERM.  false: an expectation failed, a
   document was not valid, or one came again with other bytes.  *error says
   when it could not even start (kind not NULL). */
bool bank_run(const struct bank_options *options, struct error *error);

#endif
