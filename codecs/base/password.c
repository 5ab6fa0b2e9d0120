/* scrypt by libcrypto, and the text form of what it gives. */
#include "codecs/base/password.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#define BLOCK_SIZE      8
#define PARALLEL        1
#define MEMORY_SIZE_MAX (16U << 20)

static void derive(const struct password_hash *hash, struct slice password,
                   unsigned char key[PASSWORD_KEY_SIZE])
{
    int done = EVP_PBE_scrypt(password.at, password.size, hash->salt, PASSWORD_SALT_SIZE,
                              (uint64_t)1 << hash->cost, BLOCK_SIZE, PARALLEL, MEMORY_SIZE_MAX, key,
                              PASSWORD_KEY_SIZE);

    assert(done == 1);
    (void)done;
}

struct password_hash password_hash_of(struct slice password,
                                      const unsigned char salt[PASSWORD_SALT_SIZE])
{
    struct password_hash hash = { .cost = PASSWORD_COST_MAX };

    memcpy(hash.salt, salt, PASSWORD_SALT_SIZE);
    derive(&hash, password, hash.key);
    return hash;
}

bool password_hash_fits(const struct password_hash *hash, struct slice password)
{
    unsigned char key[PASSWORD_KEY_SIZE];

    derive(hash, password, key);
    return CRYPTO_memcmp(key, hash->key, PASSWORD_KEY_SIZE) == 0;
}

static bool take_part(struct slice *text, struct slice *part)
{
    const char *end = memchr(text->at, ':', text->size);

    if (end == NULL)
        return false;
    *part = (struct slice){ text->at, (size_t)(end - text->at) };
    *text = slice_after(*text, part->size + 1);
    return true;
}

static int digit_of(char letter)
{
    return letter >= '0' && letter <= '9'   ? letter - '0'
           : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
                                            : -1;
}

static bool read_hex(struct slice text, unsigned char *bytes, size_t size)
{
    if (text.size != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = digit_of(text.at[2 * i]), low = digit_of(text.at[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

bool password_hash_read(struct slice text, struct password_hash *hash)
{
    struct slice kind, cost, salt;
    uint64_t number;

    if (text.at == NULL || !take_part(&text, &kind) || !take_part(&text, &cost) ||
        !take_part(&text, &salt) || !slice_is(kind, "scrypt") ||
        !slice_to_u64(cost, PASSWORD_COST_MAX, &number) || number < PASSWORD_COST_MIN)
        return false;
    hash->cost = (unsigned)number;
    return read_hex(salt, hash->salt, PASSWORD_SALT_SIZE) &&
           read_hex(text, hash->key, PASSWORD_KEY_SIZE);
}

static void write_hex(const unsigned char *bytes, size_t size, struct writer *writer)
{
    for (size_t i = 0; i < size; i++)
        writer_format(writer, "%02x", bytes[i]);
}

void password_hash_write(const struct password_hash *hash, struct writer *writer)
{
    writer_format(writer, "scrypt:%u:", hash->cost);
    write_hex(hash->salt, PASSWORD_SALT_SIZE, writer);
    writer_char(writer, ':');
    write_hex(hash->key, PASSWORD_KEY_SIZE, writer);
}
