/* Institutions: BIC (ISO 9362). */
#ifndef PENSTOCK_CODECS_BASE_BIC_H
#define PENSTOCK_CODECS_BASE_BIC_H

#include "codecs/base/slice.h"

/* 8 or 11 capital letters and digits, letters for the country. */
bool bic_valid(struct slice bic);

/* The same institution?  No branch and branch XXX are its head office. */
bool bic_same(struct slice one, struct slice other);

#endif
