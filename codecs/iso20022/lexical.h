/* Which texts are values of XML Schema's built-in types. */
#ifndef PENSTOCK_CODECS_ISO20022_LEXICAL_H
#define PENSTOCK_CODECS_ISO20022_LEXICAL_H

#include "codecs/base/slice.h"

/* White space as XML means it. */
bool iso_lexical_space(char byte);
/* Nothing but white space, or nothing at all. */
bool iso_lexical_blank(struct slice text);
/* Without the white space around it. */
struct slice iso_lexical_trim(struct slice text);

/* text without the white space around it. */
bool iso_lexical_boolean(struct slice text);
bool iso_lexical_date(struct slice text);
bool iso_lexical_date_time(struct slice text);
bool iso_lexical_time(struct slice text);
bool iso_lexical_year(struct slice text);
bool iso_lexical_year_month(struct slice text);
bool iso_lexical_month(struct slice text);
/* *octets: how many it decodes to. */
bool iso_lexical_base64(struct slice text, size_t *octets);

/* A decimal of any length, without zeros that do not count. */
struct iso_lexical_decimal {
    bool negative;
    struct slice whole, fraction; /* digits; zero has none of either */
};

bool iso_lexical_decimal(struct slice text, struct iso_lexical_decimal *decimal);
int iso_lexical_decimal_compare(struct iso_lexical_decimal one, struct iso_lexical_decimal other);

#endif
