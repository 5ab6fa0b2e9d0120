/* The maps of one configuration, in the order of their files. */
#include "routing/map.h"

#include <stdlib.h>

void map_set_init(struct map_set *set)
{
    *set = (struct map_set){ NULL, 0, 0 };
}

void map_set_fini(struct map_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        map_free(set->at[i]);
    free(set->at);
    map_set_init(set);
}

void map_set_add(struct map_set *set, struct map *map)
{
    set->at = memory_room(set->at, set->count, &set->room, sizeof(struct map *));
    set->at[set->count++] = map;
}

const struct map *map_set_form(const struct map_set *set, struct slice name,
                               const struct shape *source, const struct shape *target)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct map *map = set->at[i];
        if (slice_equal(map_name(map), name) && (source == NULL || map_source(map) == source) &&
            (target == NULL || map_target(map) == target))
            return map;
    }
    return NULL;
}

const struct map *map_set_named(const struct map_set *set, struct slice name)
{
    return map_set_form(set, name, NULL, NULL);
}

/* The index behind the map; the first without one. */
static size_t behind(const struct map_set *set, const struct map *map)
{
    for (size_t i = 0; map != NULL && i < set->count; i++) {
        if (set->at[i] == map)
            return i + 1;
    }
    return 0;
}

const struct map *map_set_next(const struct map_set *set, const struct map *after, enum map_use use,
                               const struct shape *source, struct slice flow)
{
    for (size_t i = behind(set, after); i < set->count; i++) {
        const struct map *map = set->at[i];
        bool source_fits = source == NULL || map_source(map) == source;
        bool flow_fits =
            flow.at == NULL || map_flow(map).at == NULL || slice_equal(map_flow(map), flow);
        if (map_use(map) == use && source_fits && flow_fits)
            return map;
    }
    return NULL;
}
