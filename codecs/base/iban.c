/* Which texts are IBANs, by country, length and check digits. */
#include "codecs/base/iban.h"

#include "codecs/base/check_digits.h"

enum {
    IBAN_SIZE_MIN = 5,
};

/* Length by country, where it is published. */
static const struct {
    char country[3];
    unsigned char size;
} countries[] = {
#define IBAN_COUNTRY(country, size) { #country, size },
#include "codecs/base/iban_countries.def"
#undef IBAN_COUNTRY
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_upper(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static char to_upper(char byte)
{
    if (byte >= 'a' && byte <= 'z')
        byte ^= 'a' ^ 'A';
    return byte;
}

/* text without blanks and in upper case; 0: it has other bytes, or is too long. */
static size_t electronic(struct slice text, char iban[IBAN_SIZE_MAX + 1])
{
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = to_upper(text.at[i]);
        if (byte == ' ')
            continue;
        if ((!is_digit(byte) && !is_upper(byte)) || size == IBAN_SIZE_MAX)
            return 0;
        iban[size++] = byte;
    }
    iban[size] = '\0';
    return size;
}

size_t iban_country_size(struct slice iban)
{
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (slice_starts(iban, slice_of(countries[i].country)))
            return countries[i].size;
    return 0;
}

/* A country whose length is not known takes any. */
static bool length_fits(struct slice iban)
{
    size_t size = iban_country_size(iban);
    return size == 0 || size == iban.size;
}

bool iban_check_digits_fit(struct slice iban)
{
    uint64_t check = 0;
    return iban.size >= IBAN_SIZE_MIN &&
           slice_to_u64((struct slice){ iban.at + 2, 2 }, 98, &check) && check >= 2 &&
           check_digits_97(iban, 4);
}

bool iban_parse(struct slice text, char iban[IBAN_SIZE_MAX + 1])
{
    size_t size = electronic(text, iban);
    if (size < IBAN_SIZE_MIN || !is_upper(iban[0]) || !is_upper(iban[1]) || !is_digit(iban[2]) ||
        !is_digit(iban[3]))
        return false;
    struct slice whole = { iban, size };
    return length_fits(whole) && iban_check_digits_fit(whole);
}

struct slice iban_electronic(struct slice account, char iban[IBAN_SIZE_MAX + 1])
{
    return iban_parse(account, iban) ? slice_of(iban) : account;
}
