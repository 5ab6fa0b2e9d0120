/* One YAML file as a tree of values, each with its place.

   What a configuration needs and no more: one document of mappings, lists and
   texts.  Anchors, aliases, tags, duplicate keys and values that are missing
   are errors; size, depth and count have limits.  ${NAME} and ${NAME:-default}
   in values come from the environment, but for values in single quotes, which
   stand for themselves.

   Beyond YAML, a value may be written as a call, which YAML itself refuses for
   its ": ":

       then: refuse {reason: TM01, text: "after hours"}

   reads as

       then: {refuse: {reason: TM01, text: "after hours"}} */
#ifndef PENSTOCK_CONFIG_YAML_H
#define PENSTOCK_CONFIG_YAML_H

#include "codecs/base/arena.h"
#include "codecs/base/error.h"

enum yaml_kind {
    YAML_TEXT,
    YAML_LIST,
    YAML_MAPPING,
    YAML_FAULT, /* what was here is in the errors already */
};

struct yaml_value {
    enum yaml_kind kind;
    struct place place;               /* of the first byte; of a quoted text's, behind the quote */
    struct slice text;                /* TEXT: terminated by a NUL that does not count */
    const struct yaml_entry *entries; /* MAPPING */
    const struct yaml_value *const *items; /* LIST */
    size_t count;
};

/* Of the items of a list; NULL: none. */
static inline size_t yaml_count(const struct yaml_value *list)
{
    return list == NULL ? 0 : list->count;
}

struct yaml_entry {
    struct slice key;
    struct place place; /* of the key */
    const struct yaml_value *value;
};

enum {
    YAML_SIZE_MAX = 1 << 20,
    YAML_DEPTH_MAX = 32,
    YAML_VALUE_COUNT_MAX = 100000,
};

struct yaml_reading {
    const char *source;  /* the file's name, for places */
    struct arena *arena; /* owns the tree */
    struct error_list *errors;
    struct writer
        *variables; /* receives NAME=VALUE lines of what was expanded; NULL: nobody asks */
};

/* NULL: the file has no tree at all.  Other errors leave a tree whose faulty
   values are YAML_FAULT, so that the rest can be read too. */
const struct yaml_value *yaml_read(struct slice bytes, const struct yaml_reading *reading);

/* The value of a key; NULL: the mapping has no such key. */
const struct yaml_value *yaml_get(const struct yaml_value *mapping, const char *key);

/* "a mapping", "a list", "a text" */
const char *yaml_kind_name(enum yaml_kind kind);

#endif
