/* The names of documents, by the address that the parser's dictionary has each of them
   at.  They are counted for each document by itself, also where the dictionary has them
   from one before.  Internal to xml.c. */
#ifndef PENSTOCK_CODECS_BASE_XML_NAMES_H
#define PENSTOCK_CODECS_BASE_XML_NAMES_H

#include "codecs/base/slice.h"

enum { XML_NAMES_LATELY_COUNT = 512 };

struct xml_name {
    const char *at; /* NULL: the row is free */
    struct slice text;
    unsigned plain_size; /* of the text; 0: it is not all ASCII */
    uint64_t document;   /* that had it last */
};

struct xml_names {
    struct xml_name *rows; /* open addressing; room is a power of two */
    size_t room;
    size_t count;                                          /* of all documents */
    size_t used;                                           /* of those, in this document */
    uint64_t document;                                     /* from 1 */
    const struct xml_name *lately[XML_NAMES_LATELY_COUNT]; /* by address, of this document;
                                                              where there is none an empty row */
};

void xml_names_init(struct xml_names *names);
void xml_names_fini(struct xml_names *names);

/* Another document begins. */
void xml_names_again(struct xml_names *names);

/* The name, which this document has from now on.  The first time its text is what
   stands at its address, up to a NUL. */
struct xml_name *xml_names_meet(struct xml_names *names, const char *at);

/* NULL: the document did not have it, or had another one lately. */
static inline const struct xml_name *xml_names_glance(const struct xml_names *names, const char *at)
{
    const struct xml_name *name = names->lately[(uintptr_t)at % XML_NAMES_LATELY_COUNT];
    return name->at == at ? name : NULL;
}

#endif
