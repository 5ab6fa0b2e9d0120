/* Ids to numbers of instructions and inbox rows: sixteen bytes for each, because
   only a digest of the id is kept.  What is found must be verified against the
   row itself. */
#ifndef PENSTOCK_GATEWAY_ENGINE_INDEX_H
#define PENSTOCK_GATEWAY_ENGINE_INDEX_H

#include "codecs/base/slice.h"

/* Their values and the digest are in stored filters too (filter.h). */
enum index_kind {
    INDEX_REQUEST, /* scope = asker, id = request id */
    INDEX_PAYMENT, /* scope = asker, id = UETR of a deposit */
    INDEX_ORDER,   /* scope = channel, id = InstrId of our order */
    INDEX_INBOX,   /* scope = channel, id of a bank's document */
    INDEX_BALANCE, /* scope = custody account, id = client and currency; the number is 0 */
    INDEX_MESSAGE, /* scope absent, id = ClOrdID of an echoed message; the number is 0 */
    INDEX_TAKEN,   /* scope = asker, id = MsgId of the message that a deposit came in */
};

struct index_entry {
    uint64_t digest; /* 0: free */
    uint64_t number;
};

struct index {
    struct index_entry *entries; /* a power of two of them */
    size_t count, room;
};

void index_fini(struct index *index);
/* Never 0. */
uint64_t index_digest(enum index_kind kind, struct slice scope, struct slice id);
void index_add(struct index *index, enum index_kind kind, struct slice scope, struct slice id,
               uint64_t number);

struct index_cursor {
    uint64_t digest;
    size_t place;
};

/* Candidates one by one, the first that was added first.  Nothing may be added
   between two calls with the same cursor. */
struct index_cursor index_look(const struct index *index, enum index_kind kind, struct slice scope,
                               struct slice id);
bool index_next(const struct index *index, struct index_cursor *cursor, uint64_t *number);

bool index_has(const struct index *index, enum index_kind kind, struct slice scope,
               struct slice id);

#endif
