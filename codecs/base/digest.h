/* SHA-256 and base32, for surrogate ids, content checks and configuration
   versions.  The one door to libcrypto outside gateway. */
#ifndef PENSTOCK_CODECS_BASE_DIGEST_H
#define PENSTOCK_CODECS_BASE_DIGEST_H

#include "codecs/base/slice.h"
#include "codecs/base/writer.h"

#define DIGEST_SIZE 32

struct digest {
    unsigned char bytes[DIGEST_SIZE];
};

struct digest digest_of(struct slice bytes);
/* Of the parts in order, each preceded by its length as eight bytes, so that
   no two lists of parts run together. */
struct digest digest_of_parts(const struct slice *parts, size_t count);
bool digest_equal(const struct digest *one, const struct digest *other);
uint64_t digest_u64(const struct digest *digest); /* the first eight bytes */

void digest_write_hex(const struct digest *digest, struct writer *writer);
/* RFC 4648 alphabet in upper case, without padding. */
void base32_write(struct slice bytes, struct writer *writer);

#endif
