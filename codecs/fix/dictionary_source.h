/* What the files of a dictionary say, before any name is resolved: a tree of
   declarations.  One that is there already takes in the members and values of
   its repetition; a repetition with another attribute is a redefinition. */
#ifndef PENSTOCK_CODECS_FIX_DICTIONARY_SOURCE_H
#define PENSTOCK_CODECS_FIX_DICTIONARY_SOURCE_H

#include "codecs/base/arena.h"
#include "codecs/base/names.h"
#include "codecs/base/xml.h"
#include "codecs/fix/dictionary.h"

enum declaration_kind {
    DECLARED_ROOT,
    DECLARED_FIELDS,
    DECLARED_COMPONENTS,
    DECLARED_HEADER,
    DECLARED_TRAILER,
    DECLARED_MESSAGES,
    DECLARED_FIELD, /* from here on the first attribute tells one from another */
    DECLARED_VALUE,
    DECLARED_COMPONENT,
    DECLARED_MESSAGE,
    DECLARED_MEMBER, /* a field in a message, component or group */
    DECLARED_GROUP,
    DECLARED_REFERENCE, /* a component in a message, component or group */
    DECLARED_KIND_COUNT,
};

/* Positions in declaration.attributes. */
enum {
    ROOT_TYPE = 0,
    ROOT_MAJOR,
    ROOT_MINOR,
    ROOT_SERVICE_PACK,

    DECLARED_NAME = 0,
    FIELD_NUMBER = 1,
    FIELD_TYPE,
    FIELD_OPEN,
    FIELD_VALUES_OF,
    VALUE_DESCRIPTION = 1,
    MESSAGE_TYPE = 1,
    MESSAGE_CATEGORY,
    MEMBER_REQUIRED = 1,

    ATTRIBUTE_COUNT_MAX = 5,
};

struct attribute_rule {
    const char *name;
    const char *otherwise; /* when it is not given; NULL: it must be */
};

struct declaration_rule {
    const char *tag;
    unsigned parents; /* a bit for each kind that it may stand in */
    struct attribute_rule attributes[ATTRIBUTE_COUNT_MAX];
};

extern const struct declaration_rule declaration_rules[DECLARED_KIND_COUNT];

struct declaration {
    enum declaration_kind kind;
    size_t number;
    struct place place;
    struct slice attributes[ATTRIBUTE_COUNT_MAX];
    struct declaration *first, *last, *next; /* children; the next one beside it */

    /* While names are resolved: */
    bool open;                       /* a component or group that is being expanded */
    const struct fix_members *group; /* a group that is done */
};

struct dictionary_source {
    struct arena *arena;
    struct declaration *root; /* NULL: no file was read */
    struct declaration **all; /* by number */
    size_t count, room;
    struct names names; /* parent, kind and first attribute to number */
    struct writer key;  /* the name that is being looked up */
};

extern const struct error_kind fix_dictionary_element, fix_dictionary_attribute,
    fix_dictionary_redefined, fix_dictionary_unknown, fix_dictionary_cycle, fix_dictionary_size;

void dictionary_source_init(struct dictionary_source *source, struct arena *arena);
/* Gives back what only reading needs; the tree stays with the arena. */
void dictionary_source_fini(struct dictionary_source *source);

/* Reads one more file into the tree; false: errors were added. */
bool dictionary_source_read(struct dictionary_source *source,
                            const struct fix_dictionary_file *file, struct error_list *errors);

/* The child of parent that an element declares: a new one, or the one that it
   repeats.  NULL: errors say why. */
struct declaration *dictionary_source_declare(struct dictionary_source *source,
                                              struct declaration *parent,
                                              const struct xml_event *start,
                                              struct error_list *errors);

/* The section of the root, or the declaration of parent with this name; NULL: none. */
struct declaration *dictionary_source_find(struct dictionary_source *source,
                                           const struct declaration *parent,
                                           enum declaration_kind kind, struct slice name);

/* How many children there are. */
size_t dictionary_source_count(const struct declaration *parent);

#endif
