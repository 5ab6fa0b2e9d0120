/* Names to rows of a table: built when something is loaded, looked up per
   message.  Keys are borrowed and must outlive the table. */
#ifndef PENSTOCK_CODECS_BASE_NAMES_H
#define PENSTOCK_CODECS_BASE_NAMES_H

#include "codecs/base/slice.h"

struct names_entry;

struct names {
    struct names_entry *entries;
    size_t count, room;
};

#define NAMES_NONE SIZE_MAX

void names_init(struct names *names);
void names_fini(struct names *names);

/* false: the name is there already, and keeps its row. */
bool names_add(struct names *names, struct slice name, size_t row);

/* NAMES_NONE: no such name. */
size_t names_find(const struct names *names, struct slice name);

/* Bytes that the table takes, the names themselves not counted. */
size_t names_size(const struct names *names);

#endif
