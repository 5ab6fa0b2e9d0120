/* How messages and facts are written in golden files: one field of a FIX
   message, one element of an XML document, one fact per line. */
#ifndef PENSTOCK_TESTS_GOLDEN_GOLDEN_FORMS_H
#define PENSTOCK_TESTS_GOLDEN_GOLDEN_FORMS_H

#include "config/config.h"

struct records {
    const struct record *at;
    size_t count;
};

/* Lines "tag=value" from MsgType on; header and trailer are added.  Ends the
   test when the dictionary does not accept the message. */
struct records golden_read_fix(const struct config *config, struct slice text,
                               const struct map *map, struct arena *arena);
/* Ends the test when the schema does not accept the document. */
struct records golden_read_xml(const struct config *config, struct slice text,
                               const struct map *map, struct arena *arena);
/* Lines "name = value", over what facts has. */
void golden_read_facts(struct slice text, struct facts *facts);

void golden_write_fix(struct slice body, struct writer *writer);
void golden_write_xml(struct slice document, struct writer *writer);
/* Those of a group that are there, as lines. */
void golden_write_facts(const struct facts *facts, const char *group, struct writer *writer);

/* Is a composed body or document accepted by the dictionary, by our own parser
   and, when the reference data are at hand, by libxml2 against the official
   schema? */
void golden_check_fix(const struct config *config, const struct map *map, struct slice body);
void golden_check_xml(const struct config *config, const struct map *map, struct slice document);

#endif
