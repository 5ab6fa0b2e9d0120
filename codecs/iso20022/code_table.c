/* Looks codes up in the tables of countries, currencies and external code sets. */
#include "codecs/iso20022/code_table.h"

#include "codecs/base/currency.h"

#include <stdlib.h>

#define COUNTRY(code) #code,
static const char countries[][3] = {
#include "codecs/iso20022/countries.def"
};
#undef COUNTRY

#define CURRENCY(code) #code,
static const char specials[][4] = {
#include "codecs/iso20022/currencies_special.def"
};
static const char historic[][4] = {
#include "codecs/iso20022/currencies_historic.def"
};
#undef CURRENCY

#define CODE_SET(name, size, codes) { #name, size, codes },
const struct code_set code_sets[] = {
#include "codecs/iso20022/external_codes.def"
};
#undef CODE_SET

const size_t code_set_count = sizeof code_sets / sizeof *code_sets;

static int compare(const void *key, const void *row)
{
    return slice_compare(*(const struct slice *)key, slice_of(row));
}

/* rows: texts of that many bytes with their NUL, in order. */
static bool is_among(struct slice code, const void *rows, size_t whole, size_t size)
{
    return bsearch(&code, rows, whole / size, size, compare) != NULL;
}

bool code_table_country(struct slice code)
{
    return slice_is(code, "XK") || is_among(code, countries, sizeof countries, sizeof *countries);
}

bool code_table_currency_special(struct slice code)
{
    return is_among(code, specials, sizeof specials, sizeof *specials);
}

bool code_table_currency(struct slice code)
{
    return currency_find(code) != NULL || code_table_currency_special(code);
}

bool code_table_currency_historic(struct slice code)
{
    return is_among(code, historic, sizeof historic, sizeof *historic);
}

const struct code_set *code_set_named(struct slice name)
{
    for (size_t i = 0; i < code_set_count; i++) {
        if (slice_is(name, code_sets[i].name))
            return &code_sets[i];
    }
    return NULL;
}

bool code_set_has(const struct code_set *set, struct slice code)
{
    size_t low = 0, high = strlen(set->codes) / set->size;
    while (low < high) {
        size_t middle = (low + high) / 2, size = set->size;
        const char *at = set->codes + middle * set->size;
        while (at[size - 1] == ' ')
            size--;
        int order = slice_compare(code, (struct slice){ at, size });
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
