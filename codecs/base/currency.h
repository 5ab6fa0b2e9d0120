/* ISO 4217: which currencies there are, and how many decimals each has.
   The table is codecs/base/currencies.def. */
#ifndef PENSTOCK_CODECS_BASE_CURRENCY_H
#define PENSTOCK_CODECS_BASE_CURRENCY_H

#include "codecs/base/slice.h"

struct currency {
    char code[4];
    unsigned minor_units;
};

/* NULL: no such currency in use (upper case only).  Lives for ever. */
const struct currency *currency_find(struct slice code);

#endif
