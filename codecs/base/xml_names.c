/* A hash table by address: what is in it stays until the dictionary goes. */
#include "codecs/base/xml_names.h"

#include "codecs/base/arena.h"

#include <stdlib.h>

enum { ROOM_MIN = 256 };

static void make_room(struct xml_names *names, size_t room)
{
    names->room = room;
    names->rows = memory_take(room * sizeof *names->rows);
    for (size_t i = 0; i < room; i++)
        names->rows[i].at = NULL;
}

static void forget_lately(struct xml_names *names)
{
    static const struct xml_name none = { .at = NULL };
    for (size_t i = 0; i < XML_NAMES_LATELY_COUNT; i++)
        names->lately[i] = &none;
}

void xml_names_init(struct xml_names *names)
{
    names->count = names->used = 0;
    names->document = 1;
    make_room(names, ROOM_MIN);
    forget_lately(names);
}

void xml_names_fini(struct xml_names *names)
{
    free(names->rows);
}

void xml_names_again(struct xml_names *names)
{
    names->document++;
    names->used = 0;
    forget_lately(names);
}

/* Names of one length lie at one distance, which whoever writes the document chooses: their
   addresses are mixed, so that they do not share rows. */
static size_t first_row(const struct xml_names *names, const char *at)
{
    return (size_t)((uint64_t)(uintptr_t)at * UINT64_C(0x9e3779b97f4a7c15) >> 32) &
           (names->room - 1);
}

/* Its row, or the free one that is to be its own. */
static struct xml_name *row_of(const struct xml_names *names, const char *at)
{
    size_t row = first_row(names, at);
    while (names->rows[row].at != NULL && names->rows[row].at != at)
        row = (row + 1) & (names->room - 1);
    return &names->rows[row];
}

static void grow(struct xml_names *names)
{
    struct xml_name *old = names->rows;
    size_t old_room = names->room;
    make_room(names, old_room * 2);
    for (size_t i = 0; i < old_room; i++) {
        if (old[i].at != NULL)
            *row_of(names, old[i].at) = old[i];
    }
    free(old);
    forget_lately(names);
}

static struct xml_name new_name(const char *at)
{
    struct slice text = slice_of(at);
    bool plain = text.size <= UINT16_MAX;
    for (size_t i = 0; plain && i < text.size; i++)
        plain = (unsigned char)text.at[i] < 0x80;
    return (
        struct xml_name){ .at = at, .text = text, .plain_size = plain ? (unsigned)text.size : 0 };
}

struct xml_name *xml_names_meet(struct xml_names *names, const char *at)
{
    if (names->count * 2 >= names->room)
        grow(names);
    struct xml_name *name = row_of(names, at);
    if (name->at == NULL) {
        *name = new_name(at);
        names->count++;
    }
    names->used += name->document != names->document;
    name->document = names->document;
    names->lately[(uintptr_t)at % XML_NAMES_LATELY_COUNT] = name;
    return name;
}
