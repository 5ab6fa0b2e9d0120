/* Check digits of the identifiers of the field. */
#ifndef PENSTOCK_CODECS_BASE_CHECK_DIGITS_H
#define PENSTOCK_CODECS_BASE_CHECK_DIGITS_H

#include "codecs/base/slice.h"

/* ISO 7064, modulo 97-10, letters as 10 to 35 whatever their case, the first
   `moved` characters at the end: IBAN and RF reference move 4, an LEI none.
   text has at least as many, and only digits and letters, or it is wrong. */
bool check_digits_97(struct slice text, size_t moved);

/* An ISIN: letters as 10 to 35, then Luhn's method over all digits. */
bool check_digits_isin(struct slice text);

/* A routing number of the American Bankers Association: 9 digits. */
bool check_digits_aba(struct slice text);

#endif
