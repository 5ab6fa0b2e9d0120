/* SHA-256 by libcrypto; hexadecimal and base32 text. */
#include "codecs/base/digest.h"

/* The plain functions: those that replace them look the algorithm up under a
   lock and take memory for each digest, which costs more than to digest an id. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

static void add(SHA256_CTX *context, struct slice bytes)
{
    SHA256_Update(context, bytes.at, bytes.size);
}

static struct digest finish(SHA256_CTX *context)
{
    struct digest digest;
    SHA256_Final(digest.bytes, context);
    return digest;
}

struct digest digest_of(struct slice bytes)
{
    SHA256_CTX context;
    SHA256_Init(&context);
    add(&context, bytes);
    return finish(&context);
}

struct digest digest_of_parts(const struct slice *parts, size_t count)
{
    SHA256_CTX context;
    SHA256_Init(&context);
    for (size_t i = 0; i < count; i++) {
        unsigned char size[8];
        for (unsigned j = 0; j < sizeof size; j++)
            size[j] = (unsigned char)((uint64_t)parts[i].size >> (56 - 8 * j));
        add(&context, (struct slice){ (const char *)size, sizeof size });
        add(&context, parts[i]);
    }
    return finish(&context);
}

bool digest_equal(const struct digest *one, const struct digest *other)
{
    return memcmp(one->bytes, other->bytes, DIGEST_SIZE) == 0;
}

uint64_t digest_u64(const struct digest *digest)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < 8; i++)
        number = number << 8 | digest->bytes[i];
    return number;
}

void digest_write_hex(const struct digest *digest, struct writer *writer)
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned i = 0; i < DIGEST_SIZE; i++) {
        writer_char(writer, digits[digest->bytes[i] >> 4]);
        writer_char(writer, digits[digest->bytes[i] & 15]);
    }
}

void base32_write(struct slice bytes, struct writer *writer)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned held = 0, bits = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        held = (held << 8 | (unsigned char)bytes.at[i]) & 0xfff;
        for (bits += 8; bits >= 5; bits -= 5)
            writer_char(writer, alphabet[held >> (bits - 5) & 31]);
    }
    if (bits > 0)
        writer_char(writer, alphabet[held << (5 - bits) & 31]);
}
