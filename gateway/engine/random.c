/* Deterministic random bytes, and UUIDs made of them (RFC 9562, version 4). */
#include "gateway/engine/random.h"

#include "codecs/base/digest.h"

void random_init(struct random *random, const unsigned char seed[32])
{
    memcpy(random->seed, seed, sizeof random->seed);
    random->counter = 0;
}

static struct digest next_bytes(struct random *random)
{
    char counter[8];

    random->counter++;
    for (unsigned i = 0; i < sizeof counter; i++)
        counter[i] = (char)(random->counter >> (8 * i));

    const struct slice parts[] = { { (const char *)random->seed, sizeof random->seed },
                                   { counter, sizeof counter } };
    return digest_of_parts(parts, 2);
}

void random_uetr(struct random *random, char uetr[UETR_SIZE + 1])
{
    static const char digits[] = "0123456789abcdef";
    struct digest digest = next_bytes(random);
    char *at = uetr;

    digest.bytes[6] = (unsigned char)((digest.bytes[6] & 0x0f) | 0x40);
    digest.bytes[8] = (unsigned char)((digest.bytes[8] & 0x3f) | 0x80);
    for (unsigned i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[digest.bytes[i] >> 4];
        *at++ = digits[digest.bytes[i] & 15];
    }
    *at = '\0';
}
