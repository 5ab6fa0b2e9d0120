/* The ids that were used before, for as long as the store knows them.

   Keys of recent numbers are in memory, exactly; when there are many of them,
   the range of their numbers is sealed: a filter takes their place, in the same
   batch.  What a filter may have is asked of the store.

   Two things hold at the end of every input, and in the store after every batch:
   each key of a number up to sealed is in the filter of that number, and recent
   has each key of the numbers above.  So the store need only tell the filters and
   the keys of the numbers behind the last.  Keys come together with their number
   but for one, that of an order: a held instruction's is written when it is
   released.  If its number is sealed by then, its key is put into the filter of
   that number, which is recorded again. */
#ifndef PENSTOCK_GATEWAY_ENGINE_KEYS_H
#define PENSTOCK_GATEWAY_ENGINE_KEYS_H

#include "gateway/engine/filter.h"
#include "gateway/engine/index.h"
#include "gateway/engine/limits.h"
#include "gateway/engine/query.h"

struct engine;
struct waiter;

struct keys {
    struct index recent;
    struct filters filters;
    uint64_t sealed;
    uint64_t loaded;   /* number of the key that the store told last */
    uint64_t batch;    /* has the newest filter */
    size_t seal_count; /* so many keys are sealed together */
};

/* What the store knows of an id that a filter may have. */
struct lookup {
    struct lookup *next;
    struct waiter *waiter;
    enum index_kind kind;
    struct slice scope, id; /* owned */
    uint64_t above;         /* numbers above it are not in the answer */
    bool answered;
    uint64_t numbers[LOOKUP_NUMBERS];
    unsigned count;
};

void keys_add(struct engine *engine, enum index_kind kind, struct slice scope, struct slice id,
              uint64_t number);
/* The numbers that are sealed, and that the store has for this id; NULL: the
   waiter will be resumed.  Good until waiter_done(). */
const struct lookup *keys_look(struct engine *engine, enum index_kind kind, struct slice scope,
                               struct slice id, struct waiter *waiter);
/* Where the store may have an id: at these numbers, when this batch is in it. */
struct whereabouts {
    uint64_t first, last, batch;
};

/* Must the store be asked? */
bool keys_maybe(const struct engine *engine, enum index_kind kind, struct slice scope,
                struct slice id, struct whereabouts *where);
void lookups_free(struct waiter *waiter);
/* With a batch that goes to the store. */
void keys_seal_when_many(struct engine *engine);
void keys_load(struct engine *engine, const struct loaded *loaded);
void keys_load_filter(struct engine *engine, const struct filter_row *row);
void keys_fini(struct engine *engine);

#endif
