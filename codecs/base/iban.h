/* Account numbers: IBAN (ISO 13616).  The lengths by country are
   codecs/base/iban_countries.def. */
#ifndef PENSTOCK_CODECS_BASE_IBAN_H
#define PENSTOCK_CODECS_BASE_IBAN_H

#include "codecs/base/slice.h"

#define IBAN_SIZE_MAX 34

/* Country, check digits and length.  text may have blanks and lower case; iban
   receives the electronic form, terminated by a NUL. */
bool iban_parse(struct slice text, char iban[IBAN_SIZE_MAX + 1]);

/* How many characters the IBANs of its country have; 0: not known. */
size_t iban_country_size(struct slice iban);

/* iban begins with a country, and is in the electronic form. */
bool iban_check_digits_fit(struct slice iban);

/* The form in which account numbers are kept and compared: an IBAN in its
   electronic form, which is put into iban; anything else as it is. */
struct slice iban_electronic(struct slice account, char iban[IBAN_SIZE_MAX + 1]);

#endif
