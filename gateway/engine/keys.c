/* The ids that were used: in memory while their numbers are recent, in filters
   once they are sealed; a filter's "maybe" is asked of the store. */
#include "gateway/engine/machine.h"

#include <assert.h>
#include <stdlib.h>

/* --- filters come, and are kept --- */

static void record_filter(struct engine *engine, uint64_t number)
{
    struct keys *keys = &engine->keys;
    struct slice bits;
    struct filter filter = filters_bits(&keys->filters, number, &bits);
    struct row row = { .kind = ROW_FILTER,
                       .filter = { .first = filter.first, .last = filter.last, .bits = bits } };

    engine_record(engine, &row);
    owned_free(bits);
}

/* Filters should be of one size, though a turn may bring some keys too many. */
static size_t room_for(const struct keys *keys)
{
    size_t room = keys->seal_count;

    while (keys->recent.count > room + room / 4)
        room *= 2;
    return room;
}

/* All that is recent goes into a filter, what came late for older numbers too:
   more than must be there does no harm. */
static void seal(struct engine *engine, uint64_t last)
{
    struct keys *keys = &engine->keys;

    filters_add(&keys->filters, keys->sealed + 1, last, room_for(keys));
    for (size_t i = 0; i < keys->recent.room; i++)
        if (keys->recent.entries[i].digest != 0)
            filters_put(&keys->filters, last, keys->recent.entries[i].digest);
    index_fini(&keys->recent);
    keys->sealed = last;
    record_filter(engine, last);
    keys->batch = engine_durable(engine);
}

void keys_seal_when_many(struct engine *engine)
{
    const struct keys *keys = &engine->keys;

    if (keys->recent.count >= keys->seal_count && engine->last_number > keys->sealed)
        seal(engine, engine->last_number);
}

/* All deposits of a message have its key: once among those that are recent is enough. */
static void add_recent(struct index *recent, enum index_kind kind, struct slice scope,
                       struct slice id, uint64_t number)
{
    if (kind != INDEX_TAKEN || !index_has(recent, kind, scope, id))
        index_add(recent, kind, scope, id, number);
}

void keys_add(struct engine *engine, enum index_kind kind, struct slice scope, struct slice id,
              uint64_t number)
{
    struct keys *keys = &engine->keys;

    add_recent(&keys->recent, kind, scope, id, number);
    if (number > keys->sealed)
        return;
    filters_put(&keys->filters, number, index_digest(kind, scope, id));
    record_filter(engine, number);
}

/* --- what the store tells at start --- */

void keys_load_filter(struct engine *engine, const struct filter_row *row)
{
    struct keys *keys = &engine->keys;

    assert(row->first > keys->sealed);
    filters_load(&keys->filters, row->first, row->last, row->bits);
    keys->sealed = row->last;
}

/* Those of a store that has no filters yet are sealed on the way. */
void keys_load(struct engine *engine, const struct loaded *loaded)
{
    static const enum index_kind kinds[] = {
        [LOADED_INSTRUCTION_KEY] = INDEX_REQUEST, [LOADED_PAYMENT_KEY] = INDEX_PAYMENT,
        [LOADED_TAKEN_KEY] = INDEX_TAKEN,         [LOADED_ORDER_KEY] = INDEX_ORDER,
        [LOADED_INBOX_KEY] = INDEX_INBOX,
    };
    struct keys *keys = &engine->keys;

    assert(loaded->number > keys->sealed && loaded->number >= keys->loaded);
    if (keys->recent.count >= keys->seal_count && loaded->number > keys->loaded)
        seal(engine, keys->loaded);
    keys->loaded = loaded->number;
    add_recent(&keys->recent, kinds[loaded->kind], loaded->scope, loaded->id, loaded->number);
}

void keys_fini(struct engine *engine)
{
    struct keys *keys = &engine->keys;

    index_fini(&keys->recent);
    filters_fini(&keys->filters);
    *keys = (struct keys){ .seal_count = keys->seal_count };
}

/* --- questions --- */

bool keys_maybe(const struct engine *engine, enum index_kind kind, struct slice scope,
                struct slice id, struct whereabouts *where)
{
    const struct keys *keys = &engine->keys;
    struct index_cursor cursor = index_look(&keys->recent, kind, scope, id);
    struct filter sealed;
    uint64_t number;

    filters_find(&keys->filters, index_digest(kind, scope, id), 0, &sealed);
    *where = (struct whereabouts){ sealed.first, sealed.last, keys->batch };
    while (index_next(&keys->recent, &cursor, &number)) {
        where->batch = engine_durable(engine);
        where->first = number < where->first ? number : where->first;
        where->last = number > where->last ? number : where->last;
    }
    return where->last != 0;
}

static struct lookup *find(const struct waiter *waiter, enum index_kind kind, struct slice scope,
                           struct slice id)
{
    struct lookup *lookup = waiter->lookups;

    while (lookup != NULL && (lookup->kind != kind || !slice_equal(lookup->id, id) ||
                              !slice_equal(lookup->scope, scope)))
        lookup = lookup->next;
    return lookup;
}

static struct lookup *lookup_new(struct waiter *waiter, enum index_kind kind, struct slice scope,
                                 struct slice id)
{
    struct lookup *lookup = memory_take(sizeof *lookup);

    *lookup = (struct lookup){ .next = waiter->lookups,
                               .waiter = waiter,
                               .kind = kind,
                               .scope = owned_copy(scope),
                               .id = owned_copy(id) };
    waiter->lookups = lookup;
    return lookup;
}

void lookups_free(struct waiter *waiter)
{
    while (waiter->lookups != NULL) {
        struct lookup *lookup = waiter->lookups;

        waiter->lookups = lookup->next;
        owned_free(lookup->scope);
        owned_free(lookup->id);
        free(lookup);
    }
}

static void take_numbers(struct engine *engine, void *owner, const struct answer *answer)
{
    struct lookup *lookup = owner;

    lookup->answered = true;
    lookup->count = 0;
    for (size_t i = 0; i < answer->count && i < LOOKUP_NUMBERS; i++)
        lookup->numbers[lookup->count++] = answer->rows[i].instruction->number;
    waiter_answered(engine, lookup->waiter);
}

static void ask(struct engine *engine, struct lookup *lookup, const struct filter *where)
{
    static const enum query_kind kinds[] = {
        [INDEX_REQUEST] = QUERY_BY_REQUEST,
        [INDEX_PAYMENT] = QUERY_BY_PAYMENT,
        [INDEX_ORDER] = QUERY_BY_ORDER,
    };
    struct query query = { .kind = kinds[lookup->kind],
                           .session = lookup->scope,
                           .id = lookup->id,
                           .first = where->first,
                           .last = where->last,
                           .limit = LOOKUP_NUMBERS };

    lookup->answered = false;
    lookup->above = engine->keys.sealed;
    lookup->waiter->open++;
    reads_ask_behind(engine, &query, engine->keys.batch, take_numbers, lookup);
}

const struct lookup *keys_look(struct engine *engine, enum index_kind kind, struct slice scope,
                               struct slice id, struct waiter *waiter)
{
    static const struct lookup none = { .answered = true };
    struct lookup *lookup = find(waiter, kind, scope, id);
    const struct filters *filters = &engine->keys.filters;
    uint64_t digest = index_digest(kind, scope, id);
    struct filter where;

    if (lookup != NULL && !lookup->answered)
        return NULL;
    /* What was sealed since the answer is not in it. */
    if (!filters_find(filters, digest, lookup == NULL ? 0 : lookup->above, &where))
        return lookup == NULL ? &none : lookup;
    if (lookup == NULL)
        lookup = lookup_new(waiter, kind, scope, id);
    else
        filters_find(filters, digest, 0, &where); /* all at once again */
    ask(engine, lookup, &where);
    return NULL;
}
