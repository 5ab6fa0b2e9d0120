/* ISO 7064, Luhn, and the sum of routing numbers. */
#include "codecs/base/check_digits.h"

enum { ABA_SIZE = 9, NO_VALUE = 36 };

/* 0 to 35; NO_VALUE: it is neither a digit nor a letter. */
static unsigned value_of(char byte)
{
    if (byte >= '0' && byte <= '9')
        return (unsigned)(byte - '0');
    if (byte >= 'A' && byte <= 'Z')
        return (unsigned)(byte - 'A') + 10;
    return byte >= 'a' && byte <= 'z' ? (unsigned)(byte - 'a') + 10 : NO_VALUE;
}

bool check_digits_97(struct slice text, size_t moved)
{
    unsigned remainder = 0;
    if (text.size <= moved)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        unsigned value = value_of(text.at[(i + moved) % text.size]);
        if (value == NO_VALUE)
            return false;
        remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
    }
    return remainder == 1;
}

/* What Luhn's method makes of a digit. */
static unsigned luhn(unsigned digit, bool twice)
{
    return twice ? digit * 2 / 10 + digit * 2 % 10 : digit;
}

bool check_digits_isin(struct slice text)
{
    unsigned sum = 0;
    bool twice = false; /* from the right */
    for (size_t i = text.size; i > 0; i--) {
        unsigned value = value_of(text.at[i - 1]);
        if (value == NO_VALUE)
            return false;
        sum += luhn(value % 10, twice);
        twice = !twice;
        if (value >= 10) {
            sum += luhn(value / 10, twice);
            twice = !twice;
        }
    }
    return text.size > 0 && sum % 10 == 0;
}

bool check_digits_aba(struct slice text)
{
    static const unsigned char weights[ABA_SIZE] = { 3, 7, 1, 3, 7, 1, 3, 7, 1 };
    unsigned sum = 0;
    if (text.size != ABA_SIZE)
        return false;
    for (size_t i = 0; i < ABA_SIZE; i++) {
        unsigned value = value_of(text.at[i]);
        if (value >= 10)
            return false;
        sum += weights[i] * value;
    }
    return sum % 10 == 0;
}
