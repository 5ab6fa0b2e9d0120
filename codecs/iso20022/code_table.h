/* Codes that values are made of: countries, currencies, the external code sets of
   ISO 20022.  Internal. */
#ifndef PENSTOCK_CODECS_ISO20022_CODE_TABLE_H
#define PENSTOCK_CODECS_ISO20022_CODE_TABLE_H

#include "codecs/base/slice.h"

/* ISO 3166-1, and XK, which SWIFT and most banks use for Kosovo. */
bool code_table_country(struct slice code);

/* In ISO 4217, used now; with metals, units of account and the like. */
bool code_table_currency(struct slice code);
/* Of such a thing: it has no minor units. */
bool code_table_currency_special(struct slice code);
/* In ISO 4217, no longer used. */
bool code_table_currency_historic(struct slice code);

/* An external code set. */
struct code_set {
    const char *name; /* "ExternalPurpose1Code" */
    size_t size;      /* of a code; shorter ones have blanks behind them */
    const char *codes;
};

extern const struct code_set code_sets[];
extern const size_t code_set_count;

/* NULL: there is none of that name. */
const struct code_set *code_set_named(struct slice name);
bool code_set_has(const struct code_set *set, struct slice code);

#endif
