/* Paths of maps, as codecs/shape.h describes them, resolved against a schema. */
#ifndef PENSTOCK_CODECS_ISO20022_PATH_H
#define PENSTOCK_CODECS_ISO20022_PATH_H

#include "codecs/iso20022/schema.h"

enum { ISO_PATH_DEPTH_MAX = 32 };

struct iso_path_step {
    const struct iso_element *element;
    size_t row;      /* of the element in its parent's type */
    size_t instance; /* the number in brackets; NAMES_NONE: there was none */
};

enum iso_path_end {
    ISO_PATH_ELEMENT, /* ends at the element of the last step */
    ISO_PATH_VALUE,   /* at the text beside its attribute */
    ISO_PATH_ATTRIBUTE,
};

struct iso_path {
    struct iso_path_step steps[ISO_PATH_DEPTH_MAX]; /* below the message element */
    size_t count;
    enum iso_path_end end;
};

/* The message element itself may be written in front. */
bool iso_path_resolve(const struct iso_schema *schema, struct slice text, struct place place,
                      struct iso_path *path, struct error *error);

/* The facets of the value at the path's end; NULL: it has none, and *error says
   what could be written instead. */
const struct iso_facets *iso_path_facets(const struct iso_path *path, struct slice text,
                                         struct place place, struct error *error);

#endif
