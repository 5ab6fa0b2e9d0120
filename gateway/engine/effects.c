/* Three queues of effects: ready, and those behind each of the two batches that
   can be open at a time. */
#include "gateway/engine/effects.h"

#include "codecs/base/arena.h"

#include <assert.h>
#include <stdlib.h>

/* One block: what it points to lies behind it. */
struct held_effect {
    struct held_effect *next;
    size_t size; /* of the block */
    struct effect effect;
    struct query query;
    struct log_event log_event;
};

#define EFFECT_SLICES 4
#define QUERY_SLICES  2

void effects_init(struct effects *effects, uint64_t first_batch)
{
    *effects = (struct effects){ .gathering_number = first_batch };
}

static void free_effect(struct held_effect *held)
{
    if (held != NULL && held->effect.batch != NULL)
        batch_free(held->effect.batch);
    free(held);
}

static void append(struct effect_list *list, struct held_effect *held)
{
    held->next = NULL;
    if (list->first == NULL)
        list->first = held;
    else
        list->last->next = held;
    list->last = held;
    list->size += held->size;
}

static struct held_effect *pop(struct effect_list *list)
{
    struct held_effect *held = list->first;

    if (held == NULL)
        return NULL;
    list->first = held->next;
    list->size -= held->size;
    return held;
}

static void move_all(struct effect_list *to, struct effect_list *from)
{
    struct held_effect *held;

    while ((held = pop(from)) != NULL)
        append(to, held);
}

static void free_all(struct effect_list *list)
{
    struct held_effect *held;

    while ((held = pop(list)) != NULL)
        free_effect(held);
}

void effects_fini(struct effects *effects)
{
    free_effect(effects->given);
    free_all(&effects->ready);
    free_all(&effects->committing);
    free_all(&effects->gathering);
}

/* Lists the slices of an effect that are to be copied. */
static size_t slices_of(struct held_effect *held,
                        struct slice *slices[EFFECT_SLICES + QUERY_SLICES + LOG_PAIRS_MAX])
{
    size_t count = 0;

    slices[count++] = &held->effect.channel;
    slices[count++] = &held->effect.name;
    slices[count++] = &held->effect.bytes;
    slices[count++] = &held->effect.text;
    if (held->effect.query != NULL) {
        slices[count++] = &held->query.session;
        slices[count++] = &held->query.id;
    }
    if (held->effect.log_event != NULL)
        for (unsigned i = 0; i < held->log_event.count; i++)
            slices[count++] = &held->log_event.pairs[i].value;
    return count;
}

static struct held_effect *copy_effect(const struct effect *effect)
{
    struct held_effect draft = { .effect = *effect };
    struct slice *slices[EFFECT_SLICES + QUERY_SLICES + LOG_PAIRS_MAX];
    size_t size = sizeof draft;

    if (effect->query != NULL)
        draft.query = *effect->query;
    if (effect->log_event != NULL)
        draft.log_event = *effect->log_event;
    size_t count = slices_of(&draft, slices);
    for (size_t i = 0; i < count; i++)
        size += slices[i]->size;

    struct held_effect *held = memory_take(size);
    char *at = (char *)held + sizeof *held;

    *held = draft;
    held->size = size;
    held->effect.query = effect->query == NULL ? NULL : &held->query;
    held->effect.log_event = effect->log_event == NULL ? NULL : &held->log_event;
    count = slices_of(held, slices);
    for (size_t i = 0; i < count; i++) {
        if (slices[i]->at == NULL)
            continue;
        memcpy(at, slices[i]->at, slices[i]->size);
        slices[i]->at = at;
        at += slices[i]->size;
    }
    return held;
}

void effects_push(struct effects *effects, const struct effect *effect, uint64_t batch)
{
    struct held_effect *held = copy_effect(effect);

    assert(batch <= effects->gathering_number);
    if (batch == effects->gathering_number)
        append(&effects->gathering, held);
    else if (batch != 0 && batch == effects->committing_number)
        append(&effects->committing, held);
    else
        append(&effects->ready, held);
}

void effects_commit(struct effects *effects)
{
    assert(effects->committing_number == 0);
    move_all(&effects->committing, &effects->gathering);
    effects->committing_number = effects->gathering_number++;
}

void effects_committed(struct effects *effects)
{
    move_all(&effects->ready, &effects->committing);
    effects->committing_number = 0;
}

static void discard_list(struct effects *effects, struct effect_list *list, struct slice why)
{
    struct held_effect *held;

    while ((held = pop(list)) != NULL) {
        if (held->effect.kind == EFFECT_CLOSE) {
            append(&effects->ready, held);
            continue;
        }
        if (held->effect.kind == EFFECT_REPLY) {
            struct effect reply = {
                .kind = EFFECT_REPLY, .command = held->effect.command, .bytes = why, .status = 3
            };
            append(&effects->ready, copy_effect(&reply));
        }
        free_effect(held);
    }
}

void effects_discard(struct effects *effects, struct slice why)
{
    discard_list(effects, &effects->committing, why);
    discard_list(effects, &effects->gathering, why);
    effects->committing_number = 0;
    effects->gathering_number++;
}

bool effects_next(struct effects *effects, struct effect *effect)
{
    free_effect(effects->given);
    effects->given = pop(&effects->ready);
    if (effects->given == NULL)
        return false;
    *effect = effects->given->effect;
    /* The taker owns the batch from now on. */
    effects->given->effect.batch = NULL;
    return true;
}
