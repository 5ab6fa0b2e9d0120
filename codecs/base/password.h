/* Passwords as salted hashes (scrypt), which are lines of text:

       scrypt:13:000102030405060708090a0b0c0d0e0f:5a1b...

   the logarithm of the work, the salt and the key in hex.  The work is bounded, so
   that whoever has one thread for all can afford to try a password. */
#ifndef PENSTOCK_CODECS_BASE_PASSWORD_H
#define PENSTOCK_CODECS_BASE_PASSWORD_H

#include "codecs/base/writer.h"

enum {
    PASSWORD_SALT_SIZE = 16,
    PASSWORD_KEY_SIZE = 32,
    PASSWORD_COST_MIN = 10,
    PASSWORD_COST_MAX = 13, /* 8 MiB, and some 12 ms of a core of 2023 */
};

struct password_hash {
    unsigned cost;
    unsigned char salt[PASSWORD_SALT_SIZE], key[PASSWORD_KEY_SIZE];
};

/* Of a password, with cost PASSWORD_COST_MAX; the caller makes sure that no salt is used twice. */
struct password_hash password_hash_of(struct slice password,
                                      const unsigned char salt[PASSWORD_SALT_SIZE]);
/* Takes as long whether it is right or wrong. */
bool password_hash_fits(const struct password_hash *hash, struct slice password);

/* false: text is no hash, or one with a cost that is not allowed. */
bool password_hash_read(struct slice text, struct password_hash *hash);
void password_hash_write(const struct password_hash *hash, struct writer *writer);

#endif
