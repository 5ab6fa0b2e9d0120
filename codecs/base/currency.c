/* Looks currencies up by code. */
#include "codecs/base/currency.h"

#include <stdlib.h>

#define CURRENCY(code, minor_units) { #code, minor_units },
static const struct currency currencies[] = {
#include "codecs/base/currencies.def"
};
#undef CURRENCY

static int compare(const void *key, const void *row)
{
    return slice_compare(*(const struct slice *)key,
                         slice_of(((const struct currency *)row)->code));
}

const struct currency *currency_find(struct slice code)
{
    return bsearch(&code, currencies, sizeof currencies / sizeof *currencies, sizeof *currencies,
                   compare);
}
