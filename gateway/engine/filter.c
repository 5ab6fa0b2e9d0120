/* Bloom filters, eight in a byte. */
#include "gateway/engine/filter.h"

#include "codecs/base/arena.h"

#include <assert.h>
#include <stdlib.h>

#define BYTE_BITS 8

void filters_fini(struct filters *filters)
{
    for (size_t i = 0; i < filters->count; i++)
        free(filters->groups[i].lanes);
    free(filters->groups);
    *filters = (struct filters){ 0 };
}

/* The place of a key's bit, out of the two halves of its digest. */
static size_t place_of(uint64_t digest, uint32_t probe, size_t size)
{
    uint32_t start = (uint32_t)digest;
    uint32_t step = (uint32_t)(digest >> 32) | 1;

    return (size_t)((uint64_t)(uint32_t)(start + probe * step) * (size * BYTE_BITS) >> 32);
}

/* The last group when it has room for one more of this size, or a new one. */
static struct filter_group *group_for(struct filters *filters, size_t size)
{
    struct filter_group *last = filters->count == 0 ? NULL : &filters->groups[filters->count - 1];

    if (last != NULL && last->size == size && last->count < FILTER_LANES)
        return last;
    filters->groups =
        memory_room(filters->groups, filters->count, &filters->room, sizeof *filters->groups);
    struct filter_group *group = &filters->groups[filters->count++];
    *group = (struct filter_group){ .size = size, .lanes = memory_take(size * BYTE_BITS) };
    memset(group->lanes, 0, size * BYTE_BITS);
    return group;
}

static struct filter_group *add(struct filters *filters, uint64_t first, uint64_t last, size_t size)
{
    struct filter_group *group = group_for(filters, size);

    assert(first <= last);
    group->filters[group->count++] = (struct filter){ first, last };
    return group;
}

void filters_add(struct filters *filters, uint64_t first, uint64_t last, size_t key_count)
{
    /* Whole words of 64 bits. */
    size_t bits = (key_count * FILTER_BITS_PER_KEY + 63) / 64 * 64;

    add(filters, first, last, bits / BYTE_BITS);
}

void filters_load(struct filters *filters, uint64_t first, uint64_t last, struct slice bits)
{
    assert(bits.size > 0);
    struct filter_group *group = add(filters, first, last, bits.size);
    unsigned lane = group->count - 1;

    for (size_t i = 0; i < bits.size; i++) {
        unsigned byte = (unsigned char)bits.at[i];
        unsigned char *lanes = group->lanes + i * BYTE_BITS;
        for (unsigned bit = 0; bit < BYTE_BITS; bit++)
            lanes[bit] |= (unsigned char)((byte >> bit & 1) << lane);
    }
}

static struct filter_group *find(const struct filters *filters, uint64_t number, unsigned *lane)
{
    for (size_t i = 0; i < filters->count; i++) {
        struct filter_group *group = &filters->groups[i];
        for (*lane = 0; *lane < group->count; (*lane)++)
            if (group->filters[*lane].first <= number && number <= group->filters[*lane].last)
                return group;
    }
    assert(!"a filter covers each number that is sealed");
    abort();
}

void filters_put(struct filters *filters, uint64_t number, uint64_t digest)
{
    unsigned lane;
    struct filter_group *group = find(filters, number, &lane);

    for (uint32_t probe = 0; probe < FILTER_PROBES; probe++)
        group->lanes[place_of(digest, probe, group->size)] |= (unsigned char)(1U << lane);
}

/* Those that are asked: all, or only the newest. */
static unsigned lanes_above(const struct filter_group *group, uint64_t above)
{
    unsigned lanes = 0;

    for (unsigned lane = group->count; lane-- > 0 && group->filters[lane].first > above;)
        lanes |= 1U << lane;
    return lanes;
}

static void widen(struct filter *where, const struct filter_group *group, unsigned lanes)
{
    for (unsigned lane = 0; lane < group->count; lane++) {
        if ((lanes >> lane & 1) == 0)
            continue;
        if (group->filters[lane].first < where->first)
            where->first = group->filters[lane].first;
        if (group->filters[lane].last > where->last)
            where->last = group->filters[lane].last;
    }
}

bool filters_find(const struct filters *filters, uint64_t digest, uint64_t above,
                  struct filter *where)
{
    *where = (struct filter){ .first = UINT64_MAX };
    for (size_t i = filters->count; i-- > 0;) {
        const struct filter_group *group = &filters->groups[i];
        unsigned maybe = lanes_above(group, above);

        for (uint32_t probe = 0; probe < FILTER_PROBES && maybe != 0; probe++)
            maybe &= group->lanes[place_of(digest, probe, group->size)];
        widen(where, group, maybe);
    }
    return where->last != 0;
}

struct filter filters_bits(const struct filters *filters, uint64_t number, struct slice *bits)
{
    unsigned lane;
    const struct filter_group *group = find(filters, number, &lane);
    unsigned char *at = memory_take(group->size);

    for (size_t i = 0; i < group->size; i++) {
        const unsigned char *lanes = group->lanes + i * BYTE_BITS;
        at[i] = 0;
        for (unsigned bit = 0; bit < BYTE_BITS; bit++)
            at[i] |= (unsigned char)((lanes[bit] >> lane & 1U) << bit);
    }
    *bits = (struct slice){ (const char *)at, group->size };
    return group->filters[lane];
}
