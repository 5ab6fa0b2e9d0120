/* SHA-256 by libcrypto; hexadecimal and base32 text. */
#include "codecs/base/digest.h"

#include "codecs/base/arena.h"

#include <assert.h>
#include <openssl/evp.h>
#include <pthread.h>

/* Looking an algorithm up takes libcrypto longer than to digest an id with it. */
static pthread_once_t sha256_wanted = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;

static void look_up(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    assert(sha256 != NULL);
}

struct digest digest_of(struct slice bytes)
{
    struct digest digest;
    pthread_once(&sha256_wanted, look_up);
    int done = EVP_Digest(bytes.at, bytes.size, digest.bytes, NULL, sha256, NULL);
    assert(done == 1);
    (void)done;
    return digest;
}

struct digest digest_of_parts(const struct slice *parts, size_t count)
{
    struct writer joined;
    writer_init(&joined, 0);
    for (size_t i = 0; i < count; i++) {
        for (unsigned shift = 64; shift > 0; shift -= 8)
            writer_char(&joined, (char)(unsigned char)((uint64_t)parts[i].size >> (shift - 8)));
        writer_bytes(&joined, parts[i]);
    }
    struct digest digest = digest_of(writer_slice(&joined));
    writer_fini(&joined);
    return digest;
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
