/* What the engine wants done outside, in order, and held back until the batch
   is durable that it depends on. */
#ifndef PENSTOCK_GATEWAY_ENGINE_EFFECTS_H
#define PENSTOCK_GATEWAY_ENGINE_EFFECTS_H

#include "gateway/engine/engine.h"

struct held_effect;

struct effect_list {
    struct held_effect *first, *last;
    size_t size; /* bytes of memory */
};

struct effects {
    struct effect_list ready;
    struct effect_list committing;                /* leave when the batch under way is committed */
    struct effect_list gathering;                 /* leave when the batch behind it is */
    struct held_effect *given;                    /* what the last effects_next() has lent */
    uint64_t gathering_number, committing_number; /* the latter 0: none is under way */
};

void effects_init(struct effects *effects, uint64_t first_batch);
void effects_fini(struct effects *effects);

/* Copies the effect with all that it points to, but for a batch, which it owns.
   batch: what it waits for; 0, or one that is committed: nothing. */
void effects_push(struct effects *effects, const struct effect *effect, uint64_t batch);

/* The gathering batch goes to the store; the next one gathers. */
void effects_commit(struct effects *effects);
/* The batch under way is durable: what waited for it may leave. */
void effects_committed(struct effects *effects);
/* What waits will never have happened.  Connections that were to close close
   all the same, and commands get a reply that says why. */
void effects_discard(struct effects *effects, struct slice why);

bool effects_next(struct effects *effects, struct effect *effect);

#endif
