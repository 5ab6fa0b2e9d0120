/* Exact numbers: text to mantissa and exponent and back.  No binary floating
   point ever holds money.

   Sources: FIX data types Amt, Qty and Price (no exponent, no plus sign,
   leading zeros and a trailing point are legal); XML Schema decimal (a plus
   sign is legal too).  ISO 20022 amounts have at most 18 digits, which fit. */
#ifndef PENSTOCK_CODECS_BASE_DECIMAL_H
#define PENSTOCK_CODECS_BASE_DECIMAL_H

#include "codecs/base/slice.h"
#include "codecs/base/writer.h"

/* mantissa * 10^exponent; exponent is 0 or negative. */
struct decimal {
    int64_t mantissa;
    int exponent;
};

enum decimal_form {
    DECIMAL_FIX, /* -?digits[.digits], at least one digit */
    DECIMAL_XML, /* as FIX, and a leading plus */
};

enum decimal_verdict {
    DECIMAL_OK,
    DECIMAL_MALFORMED, /* not a number in this form */
    DECIMAL_TOO_LONG,  /* more than 18 significant digits */
};

/* Leading zeros and zeros at the end of the fraction do not count as digits
   and are dropped, so that equal values have equal mantissa and exponent. */
enum decimal_verdict decimal_parse(struct slice text, enum decimal_form form,
                                   struct decimal *decimal);

/* A number in this form, however long. */
bool decimal_formed(struct slice text, enum decimal_form form);

/* Compares exactly, also across exponents: <0, 0, >0. */
int decimal_compare(struct decimal one, struct decimal other);

/* The amount in units of 10^-scale; false: it has more decimals than that, or
   it does not fit. */
bool decimal_to_minor(struct decimal decimal, unsigned scale, int64_t *minor);
struct decimal decimal_from_minor(int64_t minor, unsigned scale);

/* Digits with at least `decimals` behind the point: 12.5 at 2 is "12.50",
   300 at 0 is "300". */
void decimal_write(struct decimal decimal, unsigned decimals, struct writer *writer);

/* A sum of any number of decimals as decimal_parse() makes them, exact:
   high * 10^18 + middle + low * 10^-18, with 0 <= middle, low < 10^18.  All zero: 0. */
struct decimal_sum {
    int64_t high, middle, low;
};

void decimal_sum_add(struct decimal_sum *sum, struct decimal decimal);
void decimal_sum_subtract(struct decimal_sum *sum, struct decimal decimal);
void decimal_sum_add_sum(struct decimal_sum *sum, const struct decimal_sum *other);
int decimal_sum_compare(const struct decimal_sum *one, const struct decimal_sum *other);
void decimal_sum_negate(struct decimal_sum *sum);
void decimal_sum_write(struct decimal_sum sum, struct writer *writer);

#endif
