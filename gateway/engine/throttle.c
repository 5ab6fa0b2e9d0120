/* Failures by name, in sets of a few: the oldest of its set makes room. */
#include "gateway/engine/throttle.h"

#include "codecs/base/digest.h"

static uint64_t key_of(enum throttle_kind kind, struct slice name)
{
    const char letter = (char)('0' + kind);
    const struct slice parts[] = { { &letter, 1 }, name };
    const struct digest digest = digest_of_parts(parts, 2);

    return digest_u64(&digest) | 1;
}

static size_t set_of(uint64_t key)
{
    return key >> 8 & (THROTTLE_SETS - 1);
}

static const struct throttle_entry *find(const struct throttle *throttle, uint64_t key)
{
    const struct throttle_entry *set = throttle->sets[set_of(key)];

    for (size_t i = 0; i < THROTTLE_WAYS; i++)
        if (set[i].key == key)
            return &set[i];
    return NULL;
}

/* Its entry, or a new one in place of a free or the oldest one. */
static struct throttle_entry *take(struct throttle *throttle, uint64_t key, int64_t now_ns)
{
    struct throttle_entry *set = throttle->sets[set_of(key)], *oldest = &set[0];

    for (size_t i = 0; i < THROTTLE_WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (oldest->key != 0 && (set[i].key == 0 || set[i].last_ns < oldest->last_ns))
            oldest = &set[i];
    }
    *oldest = (struct throttle_entry){ .key = key, .last_ns = now_ns };
    return oldest;
}

bool throttle_closed(const struct throttle *throttle, const struct throttle_terms *terms,
                     enum throttle_kind kind, struct slice name, int64_t now_ns)
{
    const struct throttle_entry *entry = find(throttle, key_of(kind, name));

    return entry != NULL && terms->failures_max != 0 && entry->failures >= terms->failures_max &&
           now_ns - entry->last_ns < terms->pause_ns;
}

bool throttle_fail(struct throttle *throttle, const struct throttle_terms *terms,
                   enum throttle_kind kind, struct slice name, int64_t now_ns)
{
    struct throttle_entry *entry = take(throttle, key_of(kind, name), now_ns);

    if (now_ns - entry->last_ns >= terms->pause_ns)
        entry->failures = 0;
    entry->last_ns = now_ns;
    return ++entry->failures == terms->failures_max;
}

void throttle_forgive(struct throttle *throttle, enum throttle_kind kind, struct slice name)
{
    uint64_t key = key_of(kind, name);
    struct throttle_entry *set = throttle->sets[set_of(key)];

    for (size_t i = 0; i < THROTTLE_WAYS; i++)
        if (set[i].key == key)
            set[i] = (struct throttle_entry){ 0 };
}
