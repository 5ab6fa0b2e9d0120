/* Paths of maps, as codecs/shape.h describes them, resolved against a schema. */
#ifndef PENSTOCK_CODECS_ISO20022_PATH_H
#define PENSTOCK_CODECS_ISO20022_PATH_H

#include "codecs/iso20022/schema.h"

enum { PATH_DEPTH_MAX = 32 };

struct path_step {
    const struct iso_element *element;
    size_t row;      /* of the element in its parent's type */
    size_t instance; /* the number in brackets; NAMES_NONE: there was none */
};

enum path_end {
    PATH_ELEMENT, /* ends at the element of the last step */
    PATH_VALUE,   /* at the text beside its attribute */
    PATH_ATTRIBUTE,
};

struct path {
    struct path_step steps[PATH_DEPTH_MAX]; /* below the message element */
    size_t count;
    enum path_end end;
};

/* The message element itself may be written in front. */
bool path_resolve(const struct iso_schema *schema, struct slice text, struct place place,
                  struct path *path, struct error *error);

/* The facets of the value at the path's end; NULL: it has none, and *error says
   what could be written instead. */
const struct iso_facets *path_facets(const struct path *path, struct slice text, struct place place,
                                     struct error *error);

#endif
