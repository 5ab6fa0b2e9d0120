/* Numbers as decimal digits, two at a time. */
#ifndef PENSTOCK_CODECS_BASE_DIGITS_H
#define PENSTOCK_CODECS_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { U64_DIGITS_MAX = 20 };

extern const char digit_pairs[]; /* "00" to "99" */

static inline size_t digits_count(uint64_t number)
{
    if (number < 1000)
        return number < 10 ? 1 : number < 100 ? 2 : 3;
    size_t count = 4;
    for (number /= 10000; number > 0; number /= 10)
        count++;
    return count;
}

/* What writes digits returns the place behind them. */

static inline char *digits_put_one(char *to, uint32_t number)
{
    *to = (char)('0' + number);
    return to + 1;
}

static inline char *digits_put_two(char *to, uint32_t number)
{
    memcpy(to, &digit_pairs[(size_t)2 * number], 2);
    return to + 2;
}

/* The last count digits of number. */
static inline char *digits_put_last(char *to, uint64_t number, size_t count)
{
    size_t left = count;
    for (; left > 1; left -= 2, number /= 100)
        digits_put_two(to + left - 2, (uint32_t)(number % 100));
    if (left == 1)
        digits_put_one(to, (uint32_t)(number % 10));
    return to + count;
}

/* A number below 10000, as most are that are written often. */
static inline char *digits_put_short(char *to, uint32_t number)
{
    if (number < 100)
        return number < 10 ? digits_put_one(to, number) : digits_put_two(to, number);
    uint32_t high = number / 100;
    to = number < 1000 ? digits_put_one(to, high) : digits_put_two(to, high);
    return digits_put_two(to, number % 100);
}

static inline char *digits_put(char *to, uint64_t number)
{
    return number < 10000 ? digits_put_short(to, (uint32_t)number)
                          : digits_put_last(to, number, digits_count(number));
}

#endif
