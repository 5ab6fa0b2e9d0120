/* The small message as a shape, for as long as a group of tests runs. */
#ifndef PENSTOCK_TESTS_ISO20022_SMALL_SHAPE_H
#define PENSTOCK_TESTS_ISO20022_SMALL_SHAPE_H

#include "small.h"

static struct iso_catalogue *catalogue;
static const struct shape *shape;

static inline int small_set_up(void **state)
{
    (void)state;
    catalogue = small_catalogue();
    shape = iso_schema_shape(iso_catalogue_find(catalogue, SLICE(SMALL_ID)));
    return 0;
}

static inline int small_tear_down(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    return 0;
}

#endif
