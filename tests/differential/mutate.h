/* Changes of a document: the rows of mutations.def. */
#ifndef PENSTOCK_TESTS_DIFFERENTIAL_MUTATE_H
#define PENSTOCK_TESTS_DIFFERENTIAL_MUTATE_H

#include "differential/document.h"

struct mutation {
    const char *name, *text;
    /* The node that was changed, or in which something was; NULL: it does not apply. */
    const struct node *(*change_tree)(struct document *document);
    void (*change_bytes)(struct document *document, struct writer *xml); /* or this */
};

extern const struct mutation mutations[];
extern const size_t mutation_count;

/* mutate_bytes.c */
void truncate_bytes(struct document *document, struct writer *xml);
void flip_bit(struct document *document, struct writer *xml);
void break_encoding(struct document *document, struct writer *xml);
void add_illegal(struct document *document, struct writer *xml);
void add_reference(struct document *document, struct writer *xml);
void add_markup(struct document *document, struct writer *xml);
void drop_byte(struct document *document, struct writer *xml);
void change_prologue(struct document *document, struct writer *xml);
void add_behind(struct document *document, struct writer *xml);

#endif
