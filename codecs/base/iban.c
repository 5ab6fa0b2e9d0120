/* Which texts are IBANs, by country, length and check digits. */
#include "codecs/base/iban.h"

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

/* A country whose length is not known takes any. */
static bool length_fits(const char *iban, size_t size)
{
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (memcmp(countries[i].country, iban, 2) == 0)
            return countries[i].size == size;
    return true;
}

/* The first four characters moved to the end, letters as 10 to 35, modulo 97. */
static unsigned remainder_97(const char *iban, size_t size)
{
    unsigned remainder = 0;
    for (size_t i = 0; i < size; i++) {
        char byte = iban[(i + 4) % size];
        remainder = is_digit(byte) ? remainder * 10 + (unsigned)(byte - '0')
                                   : remainder * 100 + (unsigned)(byte - 'A') + 10;
        remainder %= 97;
    }
    return remainder;
}

bool iban_parse(struct slice text, char iban[IBAN_SIZE_MAX + 1])
{
    size_t size = electronic(text, iban);
    if (size < IBAN_SIZE_MIN || !is_upper(iban[0]) || !is_upper(iban[1]) || !is_digit(iban[2]) ||
        !is_digit(iban[3]) || !length_fits(iban, size))
        return false;
    unsigned check = (unsigned)(iban[2] - '0') * 10 + (unsigned)(iban[3] - '0');
    return check >= 2 && check <= 98 && remainder_97(iban, size) == 1;
}

struct slice iban_electronic(struct slice account, char iban[IBAN_SIZE_MAX + 1])
{
    return iban_parse(account, iban) ? slice_of(iban) : account;
}
