/* The table of faults, and when each strikes. */
#include "world.h"

const struct fault_kind fault_kinds[FAULT_COUNT] = {
#define FAULT(identifier, name, least, most, text) { name, least, most, text },
#include "faults.def"
#undef FAULT
};

uint64_t random_next(uint64_t *random, uint64_t below)
{
    uint64_t x = *random;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *random = x;
    return (x * UINT64_C(2685821657736338717) >> 16) % below;
}

/* Never 0, and far from that of any other seed or sequence. */
uint64_t random_start(uint64_t seed, uint64_t sequence)
{
    uint64_t x = seed * UINT64_C(0x9E3779B97F4A7C15) + sequence * UINT64_C(0xD1B54A32D192ED03);

    x ^= x >> 30;
    x *= UINT64_C(0xBF58476D1CE4E5B9);
    x ^= x >> 27;
    x *= UINT64_C(0x94D049BB133111EB);
    return (x ^ x >> 31) | 1;
}

static size_t fault_named(struct slice name)
{
    size_t index = 0;

    while (index < FAULT_COUNT && !slice_is(name, fault_kinds[index].name))
        index++;
    return index;
}

static bool choose(struct fault_choice *choice, const char *names, bool off)
{
    if (strcmp(names, "none") == 0)
        return true;
    while (*names != '\0') {
        size_t size = strcspn(names, ",");
        size_t index = fault_named((struct slice){ names, size });
        if (index == FAULT_COUNT)
            return false;
        choice->off[index] = off;
        names += size + (names[size] == ',');
    }
    return true;
}

bool fault_choice_without(struct fault_choice *choice, const char *names)
{
    return choose(choice, names, true);
}

bool fault_choice_only(struct fault_choice *choice, const char *names)
{
    for (size_t i = 0; i < FAULT_COUNT; i++)
        choice->off[i] = true;
    return choose(choice, names, false);
}

/* Seldom more often than often; one in five never. */
static unsigned draw(uint64_t *random, const struct fault_kind *kind)
{
    uint64_t span = kind->most - kind->least;

    if (random_next(random, 5) == 0)
        return kind->least;
    return kind->least + (unsigned)random_next(random, random_next(random, span + 1) + 1);
}

void faults_draw(struct faults *faults, uint64_t seed, const struct fault_choice *choice)
{
    uint64_t random = random_start(seed, 1);
    bool calm = random_next(&random, 8) == 0;

    *faults = (struct faults){ 0 };
    for (size_t i = 0; i < FAULT_COUNT; i++) {
        struct fault_rate *at = &faults->at[i];
        at->random = random_start(seed, 100 + i);
        at->rate = draw(&at->random, &fault_kinds[i]);
        if (calm)
            at->rate = fault_kinds[i].least;
        if (choice->off[i])
            at->rate = 0;
    }
}

bool fault_strikes(struct world *world, enum fault fault)
{
    struct fault_rate *at = &world->faults.at[fault];

    if (!world->faults.on || random_next(&at->random, FAULT_CHANCES) >= at->rate)
        return false;
    at->struck++;
    world_trace(world, "fault: %s", fault_kinds[fault].name);
    return true;
}

uint64_t fault_random(struct world *world, enum fault fault, uint64_t below)
{
    return random_next(&world->faults.at[fault].random, below);
}
